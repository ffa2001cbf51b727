"""Scanned papers beside a record: who keeps, sees, copies and takes back, and what a cut leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shelter_app import clock
from shelter_app.domain.consent import Consent
from shelter_app.domain.legal import LegalCase, Suspect
from shelter_app.domain.papers import BESIDE, ConsentPaper, FacePhoto, IdentityPaperCopy, Paper
from shelter_app.domain.person import IdentityDocument, Person, PersonBackground
from shelter_app.domain.record import Record
from shelter_app.domain.rights import DataSubjectRequest
from shelter_app.domain.stay import Stay
from shelter_app.errors import (
    DocumentUnreadable,
    NotAllowed,
    NotFound,
    NotPossible,
    ShelterError,
    ValidationFailed,
)
from shelter_app.services import export_everything as everything
from shelter_app.services import (
    export_reader,
    identity,
    paper_care,
    papers,
    records,
    retention,
    subject_access,
)
from shelter_app.services.papers import PaperLine
from shelter_app.services.progress import Progress
from shelter_app.services.work import Work
from shelter_app.storage import attachments, migrate
from tests.builders import a_person, a_stay, minimal
from tests.erased_person import closed_file, decided, erased
from tests.fixtures import House
from tests.made_files import a_pdf, a_png

ClockAt = Callable[[datetime], object]
REASON = "The station asks for a copy of it"
LAWFUL = "From the investigating officer, on her request"


def beside(house: House, kind: type[Record], *, consented: bool = False) -> Record:
    """Return a record papers may lie beside, of somebody on the social worker's caseload."""
    worker = house.staff_id("social_worker")
    with house.work("manager") as work:
        person = a_person(work)
        a_stay(work, person, case_manager=worker)
        if consented:
            a_consent(work, person.id)
        if kind is Person:
            return person
        links = {"person": person.id, "staff": worker}
        if kind is Suspect:
            links["legal_case"] = work.save(minimal(LegalCase, work.now, **links)).id
        return work.save(minimal(kind, work.now, **links), by_program=True)


def a_consent(work: Work, person_id: int, **changes: Any) -> Consent:
    made = minimal(Consent, work.now, person=person_id, staff=work.actor.staff_id)
    assert isinstance(made, Consent)
    return work.save(replace(made, type="photo_id", **changes), by_program=True)


def added(
    house: House,
    of: Record,
    content: bytes = b"",
    role: str = "social_worker",
    **typed: Any,
) -> PaperLine:
    with house.work(role) as work:
        blank = papers.start(work, type(of), of.id)
        if hasattr(blank, "obtained"):
            typed.setdefault("obtained", LAWFUL)
        return papers.add(work, replace(blank, **typed), content or a_png())


def files(house: House, kind: type[Record]) -> list[str]:
    place = house.folder / attachments.FOLDER / kind.compartment
    return sorted(path.name for path in place.iterdir()) if place.is_dir() else []


def test_a_paper_of_a_consent_is_kept_seen_and_told_in_the_trail(house: House) -> None:
    consent = beside(house, Consent)
    line = added(house, consent, a_pdf(2), about="page with her mark", pages=2)
    assert (line.form, line.pages, line.added_by) == ("pdf", 2, "Social Worker")
    with house.work("social_worker") as work:
        shelf = papers.shelf(work, Consent, consent.id)
        assert [one.about for one in shelf.lines] == ["page with her mark"]
        assert shelf.may_add
        assert papers.open_paper(work, ConsentPaper, line.id).content == a_pdf(2)
        assert papers.count_beside(work, Consent, [consent.id, 1]) == {consent.id: 1}
    assert actions(house, ConsentPaper) == ["create", "open"]


def actions(house: House, kind: type[Record], role: str = "manager") -> list[str]:
    with house.work(role) as work:
        schema = "main" if kind.compartment == "office" else kind.compartment
        found = work.connection.exec_driver_sql(
            f"SELECT action FROM {schema}.audit WHERE record_type = ? ORDER BY seq", (kind.table,)
        )
        return [row[0] for row in found]


def test_no_key_and_no_content_stands_in_the_trail_or_in_the_file_on_the_disk(
    house: House,
) -> None:
    consent = beside(house, Consent)
    added(house, consent, a_pdf(words="Wanjikumarker"))
    with house.work("manager") as work:
        kept = work.rule_matching(ConsentPaper)[0]
        rows = work.connection.exec_driver_sql("SELECT detail FROM cases.audit").scalars()
        assert not any(kept.file_key in row for row in rows)
    raw = (house.folder / "att" / "cases" / kept.file_name).read_bytes()
    assert b"Wanjikumarker" not in raw


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", a_png(words=b"taken at home"), b"\xff\xd8\xff\xe1\0\4ab\xff\xd9", b"x" * 30],
)
def test_what_is_not_a_bare_picture_or_a_pdf_is_refused_and_leaves_no_file(
    house: House, content: bytes
) -> None:
    consent = beside(house, Consent)
    with house.work("social_worker") as work, pytest.raises(NotPossible):
        papers.add(work, papers.start(work, Consent, consent.id), content)
    assert files(house, ConsentPaper) == []


def test_more_than_20_mb_are_refused(house: House) -> None:
    consent = beside(house, Consent)
    with house.work("social_worker") as work:
        blank = papers.start(work, Consent, consent.id)
        with pytest.raises(NotPossible, match="20 MB"):
            papers.add(work, blank, b"%PDF-1.7" + bytes(20 << 20))


def test_a_picture_of_an_accused_says_how_it_was_obtained(house: House) -> None:
    suspect = beside(house, Suspect)
    with pytest.raises(ValidationFailed) as refused:
        added(house, suspect, role="legal_officer", obtained="")
    assert [problem.field for problem in refused.value.problems] == ["obtained"]
    line = added(house, suspect, role="legal_officer")
    assert line.obtained == LAWFUL
    with house.work("legal_officer") as work:
        assert papers.shelf(work, Suspect, suspect.id).lines == (line,)


def test_a_sealed_copy_is_added_without_a_reason_and_seen_with_one(house: House) -> None:
    paper = beside(house, IdentityDocument)
    line = added(house, paper)
    with house.work("social_worker") as work:
        closed = papers.shelf(work, IdentityDocument, paper.id)
        assert (closed.closed, closed.lines, closed.may_add) == (True, (), True)
        with pytest.raises(NotPossible):
            papers.open_paper(work, IdentityPaperCopy, line.id)
        person_id = int(getattr(paper, "person_id", 0))
        assert papers.of_person(work, person_id) == ()
        identity.reveal(work, person_id, REASON)
        assert papers.shelf(work, IdentityDocument, paper.id).lines == (line,)
        assert papers.of_person(work, person_id) == (line,)
        assert papers.open_paper(work, IdentityPaperCopy, line.id).content == a_png()
    assert actions(house, IdentityPaperCopy) == ["create", "open"]


def test_a_photograph_of_her_face_needs_her_standing_consent(house: House) -> None:
    person = beside(house, Person)
    with house.work("social_worker") as work:
        assert papers.shelf(work, Person, person.id).refusal == papers.NO_CONSENT
        with pytest.raises(NotPossible, match="keeps no photographs"):
            papers.start(work, Person, person.id)
    with house.work("manager") as work:
        gone = a_consent(work, person.id, withdrawn_on=work.today)
    with house.work("social_worker") as work, pytest.raises(NotPossible):
        papers.start(work, Person, person.id)
    with house.work("manager") as work:
        stands = a_consent(work, person.id)
    added(house, person)
    with house.work("manager") as work:
        assert [one.consent_id for one in work.rule_matching(FacePhoto)] == [stands.id]
    assert gone.id != stands.id


def test_who_may_not_see_a_kind_of_paper_neither_lists_opens_nor_copies_it(
    house: House, tmp_path: Path
) -> None:
    readers = {
        Consent: {"social_worker", "legal_officer", "manager"},
        Suspect: {"legal_officer", "social_worker", "manager"},
        IdentityDocument: {"social_worker", "legal_officer", "manager"},
        Person: {"social_worker", "legal_officer", "manager"},
    }
    for of, allowed in readers.items():
        record = beside(house, of, consented=True)
        line = added(house, record, role="legal_officer" if of is Suspect else "social_worker")
        asked: list[tuple[Any, ...]] = [
            (papers.shelf, of, record.id),
            (papers.start, of, record.id),
            (papers.open_paper, BESIDE[of], line.id),
            (papers.save_copy, BESIDE[of], line.id, tmp_path, REASON),
            (papers.take_back, BESIDE[of], line.id, REASON),
        ]
        for role in house.slots:
            sees = role.removeprefix("second_") in allowed
            with house.work(role) as work:
                assert papers.may_see_kind(work.actor, BESIDE[of]) is sees, (role, of)
                for ask, *given in asked if not sees else ():
                    with pytest.raises(ShelterError):
                        ask(work, *given)
    assert list(tmp_path.glob("paper-*")) == []


def test_a_worker_without_her_on_the_caseload_sees_no_paper_of_hers(house: House) -> None:
    consent = beside(house, Consent)
    line = added(house, consent)
    with house.work("manager") as work:
        stay = work.rule_matching(Stay)[0]
        work.save(replace(stay, case_manager=work.actor.staff_id))
    with house.work("social_worker") as work:
        with pytest.raises(NotFound):
            papers.open_paper(work, ConsentPaper, line.id)
        assert papers.count_beside(work, Consent, [consent.id]) == {}


def test_a_copy_goes_out_under_a_neutral_name_with_its_reason(house: House, tmp_path: Path) -> None:
    consent = beside(house, Consent)
    line = added(house, consent, a_pdf())
    with house.work("social_worker") as work:
        with pytest.raises(NotPossible):
            papers.save_copy(work, ConsentPaper, line.id, tmp_path, " ")
        with pytest.raises(NotPossible):
            papers.save_copy(work, ConsentPaper, line.id, tmp_path / "gone", REASON)
        first = papers.save_copy(work, ConsentPaper, line.id, tmp_path, REASON)
        second = papers.save_copy(work, ConsentPaper, line.id, tmp_path, REASON)
    day = clock.today().isoformat()
    assert (first.name, second.name) == (f"paper-{day}-1.pdf", f"paper-{day}-2.pdf")
    assert second.read_bytes() == a_pdf()


def test_taking_back_needs_a_reason_and_can_be_undone(house: House) -> None:
    consent = beside(house, Consent)
    line = added(house, consent)
    desk = house.desk("social_worker")
    with pytest.raises(NotPossible):
        desk.do(papers.take_back, ConsentPaper, line.id, "").result()
    done = desk.do(papers.take_back, ConsentPaper, line.id, REASON).result()
    assert desk.ask(papers.shelf, Consent, consent.id).result().lines == ()
    with pytest.raises(NotFound):
        desk.do(papers.open_paper, ConsentPaper, line.id).result()
    desk.do(records.undo, done.undo).result()
    assert desk.ask(papers.shelf, Consent, consent.id).result().lines == (line,)
    assert desk.do(papers.open_paper, ConsentPaper, line.id).result().value.content == a_png()


def test_a_paper_is_never_saved_opened_or_undone_past_its_service(house: House) -> None:
    consent = beside(house, Consent)
    added(house, consent)
    with house.work("manager") as work:
        kept = work.rule_matching(ConsentPaper)[0]
        with pytest.raises(NotAllowed):
            records.save_record(work, kept)
        for kind in (IdentityPaperCopy, FacePhoto):
            with pytest.raises(NotAllowed):
                records.open_record(work, kind, kept.id)
        for other in (Person, Consent):
            with pytest.raises(NotAllowed):
                papers.open_paper(work, other, consent.id)


# What happens by itself


def left(house: House, days: int) -> None:
    with house.work("manager") as work:
        stay = work.rule_matching(Stay)[0]
        gone = work.now - timedelta(days=days)
        work.save(
            replace(stay, admitted_at=gone - timedelta(days=40), exited_at=gone, state="S60_closed")
        )


def looked_after(house: House, role: str = "manager") -> paper_care.Looked:
    return house.desk(role).run(paper_care.look_after).result().value


@pytest.mark.parametrize(("days", "erased_now"), [(29, 0), (30, 0), (31, 1)])
def test_a_photograph_goes_thirty_days_after_she_left(
    house: House, days: int, erased_now: int
) -> None:
    person = beside(house, Person, consented=True)
    added(house, person)
    left(house, days)
    assert looked_after(house).erased == erased_now
    assert len(files(house, FacePhoto)) == 1 - erased_now
    with house.work("manager") as work:
        photo = work.connection.exec_driver_sql(
            "SELECT file_key, file_name, voided FROM identity.face_photo"
        ).one()
        assert bool(photo[0]) is bool(photo[1]) is not bool(erased_now)
    assert looked_after(house).erased == 0


def test_a_photograph_stays_while_she_lives_here_or_came_back_in_time(
    house: House, clock_at: ClockAt
) -> None:
    person = beside(house, Person, consented=True)
    added(house, person)
    assert looked_after(house).erased == 0
    left(house, 20)
    with house.work("manager") as work:
        assert isinstance(person, Person)
        a_stay(work, person, admitted_at=work.now - timedelta(days=1), stay_no=2)
    clock_at(clock.now() + timedelta(days=40))
    assert looked_after(house).erased == 0
    assert len(files(house, FacePhoto)) == 1


def test_a_legal_hold_keeps_a_photograph_and_withdrawing_the_consent_takes_it(
    house: House,
) -> None:
    person = beside(house, Person, consented=True)
    added(house, person)
    with house.work("manager") as work:
        work.save(PersonBackground(id=person.id, person_id=person.id, legal_hold=True))
        consent = work.rule_matching(Consent)[0]
        work.save(replace(consent, withdrawn_on=work.today))
    assert looked_after(house).erased == 0
    with house.work("manager") as work:
        background = work.get(PersonBackground, person.id)
        work.save(replace(background, legal_hold=False))
    assert looked_after(house).erased == 1
    assert files(house, FacePhoto) == []


def test_a_photograph_that_was_taken_back_is_erased_for_good(house: House) -> None:
    person = beside(house, Person, consented=True)
    line = added(house, person)
    with house.work("social_worker") as work:
        identity.reveal(work, person.id, REASON)
        papers.take_back(work, FacePhoto, line.id, REASON)
    assert looked_after(house, "nurse").erased == 1
    assert files(house, FacePhoto) == []


def test_a_cut_between_file_and_row_leaves_noise_that_is_swept_after_a_week(
    house: House, clock_at: ClockAt
) -> None:
    consent = beside(house, Consent)
    _noise(house, consent)
    line = added(house, consent)
    assert len(files(house, ConsentPaper)) == 2
    assert looked_after(house).swept == 0
    clock_at(clock.now() + timedelta(days=8))
    assert looked_after(house, "sysadmin").swept == 0, "closed to her is not nobody's"
    assert looked_after(house, "house_mother").swept == 0
    assert looked_after(house).swept == 1
    with house.work("social_worker") as work:
        assert papers.open_paper(work, ConsentPaper, line.id).content == a_png()


def _noise(house: House, consent: Record) -> None:
    """Leave a file without its row, as a cut between the two does."""

    def cut(work: Work) -> None:
        papers.add(work, papers.start(work, Consent, consent.id), a_png())
        raise NotPossible("the power went")

    with pytest.raises(NotPossible, match="the power"):
        house.desk("social_worker").do(cut).result()


def test_files_without_a_row_are_looked_for_once_a_day_in_each_part(
    house: House, clock_at: ClockAt
) -> None:
    consent = beside(house, Consent)
    _noise(house, consent)
    clock_at(clock.now() + timedelta(days=8))
    assert looked_after(house, "house_mother").swept == 0, "her parts are done, the cases are not"
    assert looked_after(house, "social_worker").swept == 1
    _noise(house, consent)
    assert looked_after(house).swept == 0, "done today, by whomever"
    clock_at(clock.now() + timedelta(days=1))
    assert looked_after(house).swept == 1
    _noise(house, consent)
    clock_at(clock.now() - timedelta(days=1))
    assert looked_after(house).swept == 1, "a clock set back is another day"


def test_photographs_expire_at_every_sign_in_of_a_day(house: House) -> None:
    person = beside(house, Person, consented=True)
    added(house, person)
    assert looked_after(house) == paper_care.Looked()
    left(house, 31)
    assert looked_after(house) == paper_care.Looked(erased=1)
    assert files(house, FacePhoto) == []


def test_the_mark_of_the_sweep_is_in_the_vault_and_writes_nothing_twice(house: House) -> None:
    looked_after(house)
    with house.work("manager") as work:
        connection = work.connection
        marks = {part: migrate.read_meta(connection, part) for part in work.vault.compartments}
        assert {each["papers_swept_on"] for each in marks.values()} == {work.today.isoformat()}
        before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    looked_after(house)
    with house.work("manager") as work:
        after = work.connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    assert after == before


def test_files_of_papers_taken_back_are_never_swept(house: House, clock_at: ClockAt) -> None:
    consent = beside(house, Consent)
    line = added(house, consent)
    with house.work("social_worker") as work:
        papers.take_back(work, ConsentPaper, line.id, REASON)
    clock_at(clock.now() + timedelta(days=80))
    assert looked_after(house).swept == 0
    assert len(files(house, ConsentPaper)) == 1


# Damage, erasing, leaving, asking


@pytest.mark.parametrize("harm", ["missing", "cut", "flipped"])
def test_a_damaged_file_says_so_and_everything_else_works(house: House, harm: str) -> None:
    consent = beside(house, Consent)
    line, whole = added(house, consent), added(house, consent, a_pdf())
    with house.work("manager") as work:
        kept = next(one for one in work.rule_matching(ConsentPaper) if one.id == line.id)
    path = house.folder / "att" / "cases" / kept.file_name
    if harm == "missing":
        path.unlink()
    else:
        raw = path.read_bytes()
        path.write_bytes(raw[:-40] if harm == "cut" else raw[:80] + b"\0\1\2" + raw[83:])
    with house.work("social_worker") as work:
        with pytest.raises(DocumentUnreadable):
            papers.open_paper(work, ConsentPaper, line.id)
        assert len(papers.shelf(work, Consent, consent.id).lines) == 2
        assert papers.open_paper(work, ConsentPaper, whole.id).content == a_pdf()


def test_erasing_her_removes_her_papers_from_the_disk(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
        consent = work.save(
            minimal(Consent, work.now, person=person.id, staff=work.actor.staff_id),
            by_program=True,
        )
        paper = work.save(minimal(IdentityDocument, work.now, person=person.id), by_program=True)
    added(house, consent, role="manager")
    added(house, paper, role="manager")
    kept = beside(house, Consent)
    added(house, kept)
    assert (len(files(house, ConsentPaper)), len(files(house, IdentityPaperCopy))) == (2, 1)
    report = erased(house, decided(house, person))
    assert report.files == 2
    assert (len(files(house, ConsentPaper)), len(files(house, IdentityPaperCopy))) == (1, 0)


def test_leaving_with_everything_takes_the_papers_along(house: House, tmp_path: Path) -> None:
    consent, paper = beside(house, Consent), beside(house, IdentityDocument)
    added(house, consent, a_pdf())
    added(house, paper, a_png())
    with house.work("manager") as work:
        proposed = retention.propose_leaving(work, "We move to another program soon")
    with house.work("dpo") as work:
        retention.approve(work, proposed.id)
    phrase, desk = everything.new_phrase(), house.desk("manager")
    leaving = desk.run(everything.write, proposed.id, tmp_path, phrase, Progress())
    found = export_reader.open_export(leaving.result().value.path, phrase)
    assert sorted(name.rpartition(".")[2] for name in found.papers) == ["pdf", "png"]
    saved = export_reader.save_papers(found, found.papers, tmp_path)
    assert {path.read_bytes() for path in saved} == {a_pdf(), a_png()}


def test_who_asks_for_her_data_gets_her_papers_but_not_the_picture_of_the_accused(
    house: House, tmp_path: Path
) -> None:
    consent = beside(house, Consent)
    person_id = int(getattr(consent, "person_id", 0))
    added(house, consent, a_pdf())
    with house.work("manager") as work:
        links = {"person": person_id, "staff": work.actor.staff_id}
        links["legal_case"] = work.save(minimal(LegalCase, work.now, **links)).id
        suspect = work.save(minimal(Suspect, work.now, **links))
    added(house, suspect, role="manager")
    with house.work("manager") as work:
        person = work.get(Person, person_id)
        request = work.save(
            DataSubjectRequest(
                person_id=person_id,
                person_code=person.person_no,
                received_on=work.today,
                type="access",
                by="self",
                id_checked=True,
                implicated=False,
                third_party_excluded=True,
            ),
            by_program=True,
        )
        path = subject_access.save(work, request.id, tmp_path)
    written = sorted(each.name for each in tmp_path.glob("request-*"))
    assert written == [f"{path.stem}-1.pdf", path.name]
    assert (tmp_path / written[0]).read_bytes() == a_pdf()


def test_every_kind_of_paper_lies_beside_one_kind_of_record() -> None:
    from shelter_app.domain.catalogue import RECORD_TYPES

    declared = {kind for kind in RECORD_TYPES if issubclass(kind, Paper)}
    assert declared == set(BESIDE.values())
