"""Requests and breaches: who asks is checked, clocks run, papers say what they may."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
import sqlalchemy as sa
from docx.shared import RGBColor

from shelter_app import i18n
from shelter_app.domain import breach as breach_rules
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.breach import Breach
from shelter_app.domain.consent import Consent
from shelter_app.domain.legal import Accompaniment, Suspect
from shelter_app.domain.oversight import BreakGlass, BreakGlassSeen
from shelter_app.domain.person import PersonBackground
from shelter_app.domain.rights import DataSubjectRequest
from shelter_app.errors import NotAllowed, NotPossible, ValidationFailed
from shelter_app.services import breaches, deadlines, retention, rights, subject_access
from shelter_app.services.rendering import plain_paper
from shelter_app.services.rendering.plain_paper import Paper
from shelter_app.services.work import Work
from tests.builders import a_legal_case, a_person, a_stay, minimal
from tests.fixtures import House

NOW = datetime(2026, 11, 22, 10, 0)


def _request(work: Work, **said: Any) -> DataSubjectRequest:
    values: dict[str, Any] = {"received_on": work.today, "type": "access", "by": "self"}
    return rights.save(work, DataSubjectRequest(**(values | said)))


def _checked(work: Work, **said: Any) -> DataSubjectRequest:
    return _request(work, id_checked=True, implicated=False, third_party_excluded=True, **said)


def _text(paper: Paper) -> str:
    return " ".join(
        f"{section.title} {line.label} {line.text}"
        for section in paper.sections
        for line in section.lines
    )


def test_a_request_is_due_when_the_list_says(house: House) -> None:
    with house.work("dpo") as work:
        seen = _request(work)
        erase = _request(work, type="erase")
        listed = rights.register(work)
    assert seen.due_on == work.today + timedelta(days=7)
    assert erase.due_on == work.today + timedelta(days=14)
    assert [each.days_left for each in listed] == [7, 14]


def test_nothing_is_granted_to_whom_nobody_checked(house: House) -> None:
    with house.work("dpo") as work:
        request = _request(work, by="guardian")
        with pytest.raises(NotPossible, match="check first who asks"):
            rights.answer(work, request.id, "granted", "")
        request = rights.save(work, dataclasses.replace(request, id_checked=True))
        with pytest.raises(NotPossible, match="connected with the harm"):
            rights.answer(work, request.id, "granted", "")


def test_a_guardian_who_may_be_the_trafficker_can_only_be_refused_and_it_is_kept(
    house: House,
) -> None:
    with house.work("dpo") as work:
        request = _request(work, by="guardian", id_checked=True, implicated=True)
        with pytest.raises(NotPossible, match="only be refused"):
            rights.answer(work, request.id, "granted", "He asked politely")
        with pytest.raises(NotPossible, match="why"):
            rights.answer(work, request.id, "refused", " ")
        refused = rights.answer(work, request.id, "refused", "He is named in the case")
        assert refused.answered_on == work.today
        with pytest.raises(NotPossible, match="stays"):
            rights.save(work, dataclasses.replace(refused, implicated=False))


def test_a_mistyped_code_is_said_at_the_field(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work, person_no="R-0207")
        assert _request(work, person_code="r-207").person_id == person.id
        with pytest.raises(ValidationFailed) as refused:
            _request(work, person_code="R-0999")
    assert [problem.field for problem in refused.value.problems] == ["person_code"]


def test_a_correction_says_what_was_corrected(house: House) -> None:
    with house.work("dpo") as work:
        request = _checked(work, type="rectify")
        with pytest.raises(NotPossible):
            rights.answer(work, request.id, "granted", "")
        assert rights.answer(work, request.id, "granted", "Day of birth").decision == "granted"


@pytest.mark.parametrize("role", ["social_worker", "house_mother", "me_officer", "nurse"])
def test_the_registers_are_for_manager_and_data_lead(house: House, role: str) -> None:
    with house.work(role) as work:
        with pytest.raises(NotAllowed):
            rights.register(work)
        with pytest.raises(NotAllowed):
            breaches.noted(work)
        assert breaches.running(work) == ()


def test_her_paper_holds_what_is_hers_and_nothing_of_others(house: House, tmp_path: Path) -> None:
    with house.work("manager") as work:
        other = a_person(work, display_alias="Zawadina")
        person = a_person(
            work, display_alias="Pendoria", house_notes="Shares a room with Zawadina. 0712 345 678"
        )
        work.save(
            PersonBackground(id=person.id, person_id=person.id, alias_reason="Her own choice")
        )
        case = a_legal_case(work, person, investigating_officer="Sergeant Mwamba")
        suspect = minimal(Suspect, work.now, person=person.id, legal_case=case.id)
        assert isinstance(suspect, Suspect)
        work.save(dataclasses.replace(suspect, name="Accusedman"), by_program=True)
        work.save(
            minimal(Consent, work.now, person=person.id, staff=work.actor.staff_id),
            by_program=True,
        )
        request = _checked(work, person_code=person.person_no)
        text = _text(subject_access.paper(work, request.id))
        path = subject_access.save(work, request.id, tmp_path)
    assert "Pendoria" in text
    assert "Her own choice" in text
    assert "What was left out" in text
    for foreign in ("Zawadina", "0712", "Accusedman", "Mwamba", other.person_no):
        assert foreign not in text
    assert path.read_bytes().startswith(b"%PDF")


def test_her_paper_tells_things_in_the_order_they_were(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        for day in (19, 3, 11):
            consent = minimal(Consent, work.now, person=person.id, staff=work.actor.staff_id)
            assert isinstance(consent, Consent)
            work.save(dataclasses.replace(consent, given_on=date(2026, 11, day)), by_program=True)
        request = _checked(work, person_code=person.person_no)
        text = _text(subject_access.paper(work, request.id))
    places = [text.index(f"{day} November 2026") for day in (3, 11, 19)]
    assert places == sorted(places)


def test_her_paper_says_on_which_day_she_was_accompanied(house: House) -> None:
    """Also where nobody wrote down when they left; and in the order of the days."""
    with house.work("manager") as work:
        person = a_person(work)
        for day in (19, 3, 11):
            starts = datetime(2026, 12, day, 9, 30)
            outing = work.save(Appointment(person_id=person.id, kind="court", starts_at=starts))
            work.save(
                minimal(
                    Accompaniment,
                    work.now,
                    person=person.id,
                    appointment=outing.id,
                    staff=work.actor.staff_id,
                ),
                by_program=True,
            )
        request = _checked(work, person_code=person.person_no)
        paper = subject_access.paper(work, request.id)
    told = [
        next(line.text for line in section.lines if line.label == "When")
        for section in paper.sections
        if section.title.endswith("Accompaniment")
    ]
    assert told == [
        "3 December 2026 09:30",
        "11 December 2026 09:30",
        "19 December 2026 09:30",
    ]


def test_her_paper_counts_as_the_language_does_and_leaves_out_who_oversees_whom(
    house: House,
) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        starts = datetime(2026, 12, 3, 9, 30)
        work.save(Appointment(person_id=person.id, kind="court", starts_at=starts, duration_min=90))
        links = {"person": person.id, "staff": work.actor.staff_id}
        opened = work.save(minimal(BreakGlass, work.now, **links), by_program=True)
        seen = minimal(BreakGlassSeen, work.now, **links, break_glass=opened.id)
        work.save(seen, by_program=True)
        request = _checked(work, person_code=person.person_no)
        with i18n.speaking("en"):
            told = _text(subject_access.paper(work, request.id))
        with i18n.speaking("sw"):
            said = _text(subject_access.paper(work, request.id))
    assert "90 min" in told
    assert "dakika 90" in said
    assert BreakGlass.title not in told
    assert BreakGlassSeen.title not in told


def test_her_paper_asks_for_all_outings_at_once(house: House) -> None:
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "appointment" in statement:
            asked.append(statement)

    def questions(work: Work, outings: int) -> int:
        person = a_person(work)
        for day in range(outings):
            starts = datetime(2026, 12, day + 1, 9, 30)
            outing = work.save(Appointment(person_id=person.id, kind="court", starts_at=starts))
            went = minimal(
                Accompaniment,
                work.now,
                person=person.id,
                appointment=outing.id,
                staff=work.actor.staff_id,
            )
            work.save(went, by_program=True)
        request = _checked(work, person_code=person.person_no)
        asked.clear()
        sa.event.listen(work.connection, "before_cursor_execute", note)
        subject_access.paper(work, request.id)
        sa.event.remove(work.connection, "before_cursor_execute", note)
        return len(asked)

    with house.work("manager") as work:
        assert questions(work, 2) == questions(work, 9)


def test_no_paper_is_made_before_who_asks_was_checked(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        request = _request(work, person_code=person.person_no)
        with pytest.raises(NotPossible):
            subject_access.paper(work, request.id)
    with house.work("dpo") as work, pytest.raises(NotAllowed):
        subject_access.paper(work, request.id)


def _breach(work: Work, **said: Any) -> Breach:
    values: dict[str, Any] = {
        "at": NOW - timedelta(hours=30),
        "aware_at": NOW - timedelta(hours=20),
        "found_by": work.actor.staff_id,
        "severity": "high",
        "what": "A stick was lost on the way to the bank",
        "action": "Keys were changed",
    }
    return breaches.save(work, Breach(**(values | said)))


def test_the_clock_of_72_hours_runs_until_the_commissioner_is_told(
    house: House, clock_at: Callable[[datetime], object]
) -> None:
    clock_at(NOW)
    with house.work("dpo") as work:
        made = _breach(work)
        (noted,) = breaches.running(work)
        assert noted.left == timedelta(hours=52)
        assert breach_rules.left_words(timedelta(hours=52)) == "52 h 0 min left"
        breaches.report_told(work, made.id, NOW)
        assert breaches.running(work) == ()
        with pytest.raises(NotPossible):
            breaches.report_told(work, made.id, NOW)


def test_a_late_report_takes_its_reason(
    house: House, clock_at: Callable[[datetime], object]
) -> None:
    clock_at(NOW)
    with house.work("dpo") as work:
        made = _breach(work, at=NOW - timedelta(hours=90), aware_at=NOW - timedelta(hours=80))
        (noted,) = breaches.running(work)
        assert noted.left == -timedelta(hours=8)
        with pytest.raises(ValidationFailed):
            breaches.report_told(work, made.id, NOW)
        told = breaches.report_told(work, made.id, NOW, "The power was out for two days")
    assert told.delay_reason


def test_a_serious_breach_is_not_closed_before_it_was_reported(house: House) -> None:
    with house.work("dpo") as work:
        made = _breach(work)
        with pytest.raises(ValidationFailed):
            breaches.save(work, dataclasses.replace(made, closed_on=work.today))


def test_the_papers_of_two_people_on_one_day_do_not_replace_each_other(
    house: House, tmp_path: Path
) -> None:
    with house.work("manager") as work:
        people = [a_person(work, display_alias=name) for name in ("Pendoria", "Zawadina")]
        paths = [
            subject_access.save(work, _checked(work, person_code=person.person_no).id, tmp_path)
            for person in people
        ]
    assert sorted(tmp_path.glob("*.pdf")) == paths
    assert len({path.read_bytes() for path in paths}) == 2


def test_the_notice_has_the_headings_of_the_law_and_can_be_edited(
    house: House, tmp_path: Path
) -> None:
    with house.work("dpo") as work:
        made = _breach(work, advice="Change your telephone number ☎ 🙂", people_affected=3)
        paper = breaches.notice(work, made.id)
        path = breaches.save_notice(work, made.id, tmp_path)
    titles = [section.title for section in paper.sections]
    assert [title.split("  ")[0] for title in titles[:7]] == list("1234567")
    assert "Change your telephone number" in _text(paper)
    assert path.read_bytes().startswith(b"%PDF")
    assert path.with_suffix(".docx").read_bytes().startswith(b"PK")
    twin = docx.Document(BytesIO(plain_paper.word(paper)))
    assert {twin.styles[name].font.color.rgb for name in ("Heading 1", "Heading 2")} == {
        RGBColor(0, 0, 0)
    }


def _told(house: House, role: str) -> dict[str, str]:
    found = house.desk(role).ask(deadlines.standings).result()
    return {standing.rule.code: standing.severity for standing in found}


def test_clocks_are_told_to_manager_and_data_lead_and_to_nobody_else(
    house: House, clock_at: Callable[[datetime], object]
) -> None:
    clock_at(NOW)
    with house.work("dpo") as work:
        _breach(work)
        _request(work, received_on=NOW.date() - timedelta(days=5))
        _request(work, type="erase", received_on=NOW.date() - timedelta(days=30))
    for role in ("manager", "dpo"):
        assert _told(house, role) == {"DL44": "due", "DL45": "urgent", "DL46": "urgent"}
    for role in ("social_worker", "legal_officer", "house_mother", "counsellor", "me_officer"):
        assert _told(house, role) == {}
    clock_at(NOW + timedelta(hours=60))
    assert _told(house, "dpo")["DL46"] == "critical"


def test_old_files_and_waiting_decisions_are_told(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work, age_band="25plus")
        left = work.now - timedelta(days=8 * 366)
        a_stay(work, person, state="S60_closed", admitted_at=left, exited_at=left)
    assert _told(house, "manager") == {"DL48": "due"}
    assert _told(house, "dpo") == {}
    with house.work("manager") as work:
        proposed = retention.propose(work, person.id, "purge", "Her time is over by years")
    assert _told(house, "manager") == {}
    assert _told(house, "dpo") == {"decision": "due"}
    with house.work("dpo") as work:
        retention.approve(work, proposed.id)
    assert _told(house, "manager") == {"carry_out": "due"}
    assert _told(house, "dpo") == {}


def test_a_proposal_to_take_everything_out_leads_to_where_it_is_decided(house: House) -> None:
    with house.work("manager") as work:
        proposed = retention.propose_leaving(work, "The house closes in December")
    (standing,) = house.desk("dpo").ask(deadlines.standings).result()
    assert (standing.rule.button.place, standing.rule.button.detail) == ("rights", "leaving")
    assert _told(house, "manager") == {}
    with house.work("dpo") as work:
        retention.approve(work, proposed.id)
    assert _told(house, "manager") == {"leave_now": "due"}
    (standing,) = house.desk("manager").ask(deadlines.standings).result()
    assert (standing.rule.button.place, standing.rule.button.detail) == ("rights", "leaving")
