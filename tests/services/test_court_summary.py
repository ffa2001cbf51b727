"""The court-support summary: dated facts only, checked, approved by a second person, sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from shelter_app.domain.care_plan import CarePlan
from shelter_app.domain.consent import Consent
from shelter_app.domain.counselling import CounsellingEnrolment, CounsellingNote, CounsellingSession
from shelter_app.domain.court_summary import SaidForPaper
from shelter_app.domain.document import Document
from shelter_app.domain.legal import Charge, LegalCase, PoliceContact, Suspect
from shelter_app.domain.person import PersonBackground, SealedIdentity
from shelter_app.domain.risk import RiskAssessment
from shelter_app.domain.stay import Placement
from shelter_app.errors import DocumentUnreadable, NotAllowed, NotFound, NotPossible
from shelter_app.services import court_summary, documents, records, summary_choices
from shelter_app.services.summary_choices import Choices
from shelter_app.services.work import Work
from tests.builders import a_court_event, a_legal_case, a_person, a_stay
from tests.fixtures import House

NOW = datetime(2026, 11, 23, 10, 0)
CANARY = "Kanari"


@pytest.fixture(autouse=True)
def _monday(clock_at: Callable[[datetime], None]) -> None:
    clock_at(NOW)


def _case(work: Work, *, consent: bool = True, counsellor: int = 0) -> LegalCase:
    """A girl of 16 in a case at hearing, with free texts everywhere that may not leave."""
    person = a_person(work, display_alias="Pendo", age_band="16-17", house_notes=CANARY)
    stay = a_stay(work, person, admitted_at=NOW - timedelta(days=84), counsellor=counsellor)
    work.save(
        Placement(
            id=stay.id,
            person_id=person.id,
            admission_kind="new",
            legal_basis="court_order",
            order_number="211/2026",
            order_court="MSA-TONONOKA",
            brought_by=CANARY,
        )
    )
    work.save(
        PersonBackground(
            id=person.id, person_id=person.id, birth_date=date(2010, 3, 1), nationality="KE"
        )
    )
    if consent:
        work.save(
            Consent(
                person_id=person.id,
                type="share_odpp",
                status="given",
                basis="assent_plus_guardian",
                giver="self_child_assent",
                explained_in="swa",
                explained_by=work.actor.staff_id,
                method="written",
                given_on=NOW.date(),
                expires_on=NOW.date() + timedelta(days=300),
                limits=CANARY,
            )
        )
    case = a_legal_case(
        work,
        person,
        stage="11_hearing",
        court_case_no="SO/E118/2026",
        ob_number="OB 12/2/9/2026",
        ob_date=date(2026, 9, 2),
        court_station="MSA-SHANZU",
        investigating_officer=CANARY,
        io_phone="0712 345 678",
    )
    suspect = work.save(
        Suspect(
            legal_case_id=case.id,
            name=CANARY,
            relationship="neighbour",
            status="bailed",
            arrested_on=date(2026, 9, 19),
            bail_on=date(2026, 9, 25),
            influence_note=CANARY,
        )
    )
    work.save(
        Charge(
            legal_case_id=case.id,
            suspect_id=suspect.id,
            charge_code="SOA-8-3",
            charge_text="Defilement contrary to section 8(1) as read with section 8(3)",
            plea="not_guilty",
            plea_on=date(2026, 9, 21),
        )
    )
    work.save(
        PoliceContact(
            legal_case_id=case.id,
            at=NOW - timedelta(days=4),
            by=work.actor.staff_id,
            type="followup_call",
            summary=CANARY,
        )
    )
    a_court_event(
        work,
        case,
        type="hearing_pw",
        starts_at=NOW - timedelta(days=20),
        survivor_required=True,
        outcome="adjourned",
        adjourn_reason="prosecutor",
        notes=CANARY,
    )
    a_court_event(
        work,
        case,
        type="testimony",
        starts_at=NOW + timedelta(days=1),
        survivor_required=True,
        special_measures_requested=("intermediary", "screen", "recess"),
        intermediary_status="appointed",
        intermediary_name=CANARY,
    )
    return case


def _agreed(work: Work, case: LegalCase) -> court_summary.Draft:
    draft = court_summary.start(work, case.id)
    document = replace(draft.document, survivor_review="agrees", survivor_review_on=NOW.date())
    return court_summary.save_draft(work, document, draft.choices)


def _issued(house: House) -> int:
    with house.work("manager") as work:
        case = _case(work)
    with house.work("legal_officer") as work:
        document = _agreed(work, case).document
        court_summary.send_for_approval(work, document.id)
    with house.work("manager") as work:
        court_summary.approve(work, document.id)
    with house.work("legal_officer") as work:
        documents.issue(work, document.id, copies=2, received_by="Registry")
    return document.id


def test_the_paper_is_made_from_dated_facts(house: House) -> None:
    with house.work("manager") as work:
        case = _case(work)
    with house.work("legal_officer") as work:
        text = court_summary.start(work, case.id).summary.text()
    for told in (
        "since August 2026 (84 days)",
        "211/2026",
        "OB 12/2/9/2026",
        "Accused 1 was arrested on 19 September 2026",
        "Next date: 24 November 2026, 10:00",
        "adjourned 1 time",
        "Asked for: Evidence through intermediary, Screen, Agreed breaks",
    ):
        assert told in text


def test_no_free_text_of_any_record_reaches_the_paper(house: House) -> None:
    counsellor = house.staff_id("counsellor")
    with house.work("manager") as work:
        case = _case(work, counsellor=counsellor)
        person_id = case.person_id
        work.save(CarePlan(person_id=person_id, survivor_views=CANARY))
        work.save(
            SealedIdentity(id=person_id, person_id=person_id, true_first_name=CANARY),
            by_program=True,
        )
        work.save(
            RiskAssessment(
                person_id=person_id,
                stage="intake",
                done_at=NOW,
                done_by=work.actor.staff_id,
                domain="self_harm",
                risk_level="high",
                detail=CANARY,
                review_due=NOW.date(),
            )
        )
    with house.work("counsellor") as work:
        enrolment = work.save(
            CounsellingEnrolment(
                person_id=person_id,
                programme="six_session",
                counsellor=work.actor.staff_id,
                started_on=NOW.date() - timedelta(days=60),
            )
        )
        session = work.save(
            CounsellingSession(
                enrolment_id=enrolment.id,
                counsellor=work.actor.staff_id,
                starts_at=NOW - timedelta(days=50),
                status="done",
                room=CANARY,
            )
        )
        work.save(
            CounsellingNote(
                person_id=person_id,
                session_id=session.id,
                content=CANARY,
                author=work.actor.staff_id,
                written_at=NOW - timedelta(days=50),
            )
        )
    with house.work("legal_officer") as work:
        summary = court_summary.start(work, case.id).summary
    assert CANARY not in summary.text()
    assert "Pendo" not in summary.text()
    assert "1 of 1 sessions attended" in summary.text()


def test_another_residents_name_has_to_be_settled_before_it_goes_on(house: House) -> None:
    with house.work("manager") as work:
        a_person(work, display_alias="Zawadi")
        case = _case(work)
    with house.work("legal_officer") as work:
        draft = _agreed(work, case)
        typed = SaidForPaper(wishes="I want to sit with Zawadi at the back")
        draft = court_summary.save_draft(work, draft.document, Choices(typed=typed))
        assert [point.word for point in draft.unsettled] == ["Zawadi"]
        with pytest.raises(NotPossible, match="words still have to be checked"):
            court_summary.send_for_approval(work, draft.document.id)
        choices = summary_choices.keep_word(draft.choices, draft.unsettled[0], "means a gift here")
        draft = court_summary.save_draft(work, draft.document, choices)
        assert draft.unsettled == ()
        removed = summary_choices.remove_line(Choices(typed=typed), draft.points[0])
        draft = court_summary.save_draft(work, draft.document, removed)
        assert "Zawadi" not in draft.summary.text()
        again = summary_choices.decide_again(draft.choices, draft.choices.removed[0])
        draft = court_summary.save_draft(work, draft.document, again)
    assert [point.word for point in draft.unsettled] == ["Zawadi"]


def test_the_laws_own_title_of_an_offence_stands_without_our_advice_about_it(house: House) -> None:
    with house.work("manager") as work:
        case = _case(work)
        (charge,) = work.matching(Charge, person_id=case.person_id)
        work.save(replace(charge, charge_code="SOA-15"))
    with house.work("legal_officer") as work:
        draft = court_summary.start(work, case.id)
    assert "Child prostitution, Sexual Offences Act 2006 (Cap. 63A) s.15." in draft.summary.text()
    assert "statutory title" not in draft.summary.text()
    assert draft.unsettled == ()


def test_without_consent_or_legal_basis_it_does_not_go_on(house: House) -> None:
    with house.work("manager") as work:
        case = _case(work, consent=False)
    with house.work("legal_officer") as work:
        draft = _agreed(work, case)
        assert any("legal basis" in sentence for sentence in draft.blocks)
        document = replace(draft.document, legal_basis="Order of the court of 20 November 2026")
        assert court_summary.save_draft(work, document, draft.choices).blocks == ()


def test_a_survivor_who_does_not_agree_stops_it(house: House) -> None:
    with house.work("manager") as work:
        case = _case(work)
    with house.work("legal_officer") as work:
        draft = _agreed(work, case)
        refused = replace(draft.document, survivor_review="refuses")
        blocks = court_summary.save_draft(work, refused, draft.choices).blocks
    assert any("does not agree" in sentence for sentence in blocks)


def test_whoever_prepared_it_cannot_approve_it(house: House) -> None:
    with house.work("manager") as work:
        document = _agreed(work, _case(work)).document
        court_summary.send_for_approval(work, document.id)
        with pytest.raises(NotPossible, match="cannot approve"):
            court_summary.approve(work, document.id)
    with house.work("legal_officer") as work, pytest.raises(NotAllowed):
        court_summary.approve(work, document.id)
    with house.work("second_manager") as work:
        assert court_summary.approve(work, document.id).status == "approved"


def test_nobody_approves_by_saving_the_register_row(house: House) -> None:
    with house.work("manager") as work:
        document = _agreed(work, _case(work)).document
        forged = replace(document, status="approved", approved_by=7)
        with pytest.raises(NotAllowed):
            records.save_record(work, forged)


def test_what_was_approved_is_what_is_issued_even_if_the_records_changed(house: House) -> None:
    with house.work("manager") as work:
        case = _case(work)
    with house.work("legal_officer") as work:
        document = _agreed(work, case).document
        court_summary.send_for_approval(work, document.id)
    with house.work("manager") as work:
        court_summary.approve(work, document.id)
        later = a_court_event(work, case, starts_at=NOW + timedelta(hours=2), type="mention")
        assert later.id
    with house.work("legal_officer") as work:
        documents.issue(work, document.id)
        text = _text(documents.reopen(work, document.id).pdf)
    assert "24 November 2026, 10:00" in text
    assert "23 November 2026, 12:00" not in text


def test_an_issued_summary_reopens_exactly_as_issued(house: House) -> None:
    document_id = _issued(house)
    with house.work("legal_officer") as work:
        first = documents.reopen(work, document_id)
        document = work.get(Document, document_id)
    assert hashlib.sha256(first.pdf).hexdigest() == document.fingerprint
    assert (document.status, document.copies, document.doc_no) == ("issued", 2, "CSS-2026-0001")
    assert first.name == "CSS-2026-0001-v1"
    with house.work("manager") as work:
        assert documents.reopen(work, document_id) == first


def test_the_pdf_is_tagged_embeds_its_fonts_and_numbers_each_page(house: House) -> None:
    document_id = _issued(house)
    with house.work("legal_officer") as work:
        pdf = documents.reopen(work, document_id).pdf
    reader = PdfReader(BytesIO(pdf))
    root: Any = reader.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    assert len(reader.pages) <= 2
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert "CSS-2026-0001-v1" in text
        assert f"Page {number} of {len(reader.pages)}" in text
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
    assert "DRAFT" not in reader.pages[0].extract_text()


def test_a_damaged_file_is_refused_and_named_as_damaged(house: House) -> None:
    document_id = _issued(house)
    with house.work("legal_officer") as work:
        name = work.get(Document, document_id).file_name
    path = house.folder / "att" / "cases" / name
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    with house.work("legal_officer") as work, pytest.raises(DocumentUnreadable):
        documents.reopen(work, document_id)


def test_a_new_version_replaces_the_old_one_when_it_is_issued(house: House) -> None:
    document_id = _issued(house)
    with house.work("legal_officer") as work:
        second = documents.new_version(work, document_id)
        assert documents.new_version(work, document_id).id == second.id
        document = replace(second, survivor_review="agrees", legal_basis="Court order")
        draft = court_summary.open_draft(work, second.id)
        court_summary.save_draft(work, document, draft.choices)
        court_summary.send_for_approval(work, second.id)
    with house.work("manager") as work:
        court_summary.approve(work, second.id)
        documents.issue(work, second.id)
        old, new = work.get(Document, document_id), work.get(Document, second.id)
    assert (old.status, new.status, new.version) == ("replaced", "issued", 2)
    assert old.doc_no == new.doc_no


def test_a_house_mother_does_not_learn_that_papers_exist(house: House) -> None:
    document_id = _issued(house)
    with house.work("house_mother") as work:
        assert documents.ids(work, "issued") == []
        assert documents.listed(work, [document_id]) == []
        with pytest.raises(NotFound):
            documents.reopen(work, document_id)


def test_two_cases_never_share_a_number(house: House) -> None:
    with house.work("manager") as work:
        first, second = _case(work), _case(work)
        numbers = [court_summary.start(work, case.id).document.doc_no for case in (first, second)]
    assert numbers == ["CSS-2026-0001", "CSS-2026-0002"]


def test_what_somebody_types_is_never_read_as_markup(house: House) -> None:
    wish = "#panic() $x$ *bold* \\ [a] <b> @c =SUM(A1) `raw` 😀 سلام ሰላም"
    with house.work("manager") as work:
        draft = _agreed(work, _case(work))
        draft = court_summary.save_draft(
            work, draft.document, Choices(typed=SaidForPaper(wishes=wish, availability="=1+1"))
        )
        pages = documents.preview(work, draft.document.id)
    assert wish in draft.summary.text()
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_the_paper_can_be_in_swahili_while_the_screen_is_in_english(house: House) -> None:
    with house.work("manager") as work:
        draft = _agreed(work, _case(work))
        draft = court_summary.save_draft(
            work, draft.document, Choices(typed=SaidForPaper(language="sw"))
        )
    assert draft.summary.language == "sw"
    assert "ameteuliwa na mahakama" in draft.summary.text()


def test_her_age_is_that_of_the_day_also_when_the_house_stopped_counting(
    house: House, clock_at: Callable[[datetime], None]
) -> None:
    with house.work("manager") as work:
        case = _case(work)
        assert "16-17 years" in court_summary.start(work, case.id).summary.text()
    clock_at(datetime(2028, 3, 2, 9, 0))
    with house.work("manager") as work:
        draft = court_summary.start(work, case.id)
        assert "18-24 years" in draft.summary.text()
        assert "CHILD" not in draft.summary.banner


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_a_copy_leaves_under_its_number_with_a_reason_in_the_audit(
    house: House, tmp_path: Path
) -> None:
    document_id = _issued(house)
    with house.work("legal_officer") as work:
        with pytest.raises(NotPossible):
            documents.export(work, document_id, tmp_path, " ")
        documents.export(work, document_id, tmp_path, "Handed to the registry")
        sealed = documents.reopen(work, document_id)
    assert (tmp_path / "CSS-2026-0001-v1.pdf").read_bytes() == sealed.pdf
    assert (tmp_path / "CSS-2026-0001-v1.docx").read_bytes() == sealed.word


def test_the_editable_twin_carries_the_same_words_with_page_numbers(house: House) -> None:
    document_id = _issued(house)
    with house.work("manager") as work:
        papers = documents.reopen(work, document_id)
    twin = docx.Document(BytesIO(papers.word))
    assert "Court-support summary" in [each.text for each in twin.paragraphs]
    section = twin.sections[0]
    assert papers.name in section.header.paragraphs[0].text
    fields = section.footer.paragraphs[0]._p.xpath(".//w:instrText")
    assert [field.text for field in fields] == ["PAGE", "NUMPAGES"]


def test_a_report_is_told_even_when_its_day_was_not_written_down(house: House) -> None:
    with house.work("manager") as work:
        case = _case(work)
        work.save(replace(case, ob_date=None))
        text = court_summary.start(work, case.id).summary.text()
    assert "Reported to the police, OB 12/2/9/2026." in text
