"""One person's timeline across all record types, as each role may see it."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from shelter_app.domain.access import Action
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.catalogue import RECORD_TYPES, has_person
from shelter_app.domain.consent import Consent
from shelter_app.domain.counselling import CounsellingEnrolment, CounsellingSession
from shelter_app.domain.person import Person
from shelter_app.domain.record import Record
from shelter_app.domain.rights import DataSubjectRequest
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Placement
from shelter_app.services import timeline
from shelter_app.services.work import Work
from shelter_app.storage.questions import timeline as timeline_questions
from tests.builders import (
    a_court_event,
    a_legal_case,
    a_person,
    a_stay,
    minimal,
    saved_with_parents,
)
from tests.fixtures import House


def a_life(work: Work) -> Person:
    person = a_person(work)
    a_stay(work, person)
    staff = work.actor.staff_id
    work.save(minimal(Consent, work.now, person=person.id, staff=staff), by_program=True)
    enrolment = work.save(
        minimal(CounsellingEnrolment, work.now, person=person.id, staff=staff), by_program=True
    )
    for number in range(1, 4):
        work.save(
            CounsellingSession(
                enrolment_id=enrolment.id,
                counsellor=staff,
                session_no=number,
                starts_at=work.now - timedelta(days=10 - number),
                status="done",
            ),
            by_program=True,
        )
    case = a_legal_case(work, person)
    event = a_court_event(work, case, starts_at=work.now + timedelta(days=3))
    work.save(
        Appointment(id=event.id, person_id=person.id, kind="court", starts_at=event.starts_at),
        by_program=True,
    )
    return person


def kinds(work: Work, person: Person, *groups: str) -> set[str]:
    return {entry.record_type for entry in timeline.page(work, person.id, groups).entries}


def test_every_record_of_a_person_has_a_line_a_pill_and_a_place(house: House) -> None:
    dated = [kind for kind in RECORD_TYPES if kind.happened and has_person(kind)]
    named = {table for _key, _name, tables in timeline.GROUPS for table in tables}
    assert {kind.table for kind in dated} <= named
    with house.work("manager") as work:
        person_id = saved_with_parents(work, "")["person"]
        found = timeline.page(work, person_id, most=200).entries
        assert {entry.record_type for entry in found} >= _past(work, dated, person_id)


def _past(work: Work, dated: list[type[Record]], person_id: int) -> set[str]:
    """Return the types this worker may read of which the person has one that has happened."""
    mine = [kind for kind in dated if work.holds(kind.compartment)]
    readable = [kind for kind in mine if work.may(Action.READ, kind, person_id)]
    kept = {kind.table: work.rule_matching(kind, person_id=person_id) for kind in readable}
    return {
        table
        for table, records in kept.items()
        for record in records
        if (moment := getattr(record, record.happened)) is not None
        and (moment.date() if isinstance(moment, datetime) else moment) < work.today
    } - {"appointment"}


def test_a_request_for_her_data_is_a_line_of_her_file(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        request = minimal(DataSubjectRequest, work.now, person=person.id)
        work.save(request, by_program=True)
        (entry,) = timeline.latest(work, person.id)
        assert (entry.record_type, entry.group, entry.place) == ("dsr", "casework", "rights")
        assert entry.by == "Manager"


def test_a_stay_begins_and_ends_on_its_own_days(house: House) -> None:
    clerk = house.staff_id("social_worker")
    with house.work("manager") as work:
        person = a_person(work)
        came, left = work.now - timedelta(days=90), work.now - timedelta(days=4)
        stay = a_stay(work, person, admitted_at=came, exited_at=left, case_manager=clerk)
        details = Placement(
            id=stay.id, person_id=person.id, admission_kind="new", exit_approved_by=clerk
        )
        work.save(details, by_program=True)
        lines = [
            (entry.headline, entry.day, entry.at, entry.by)
            for entry in timeline.page(work, person.id, ("house",)).entries
        ]
        alias = work.get(Staff, clerk).alias
    assert lines == [
        ("Stay ended", left.date(), left.time(), alias),
        ("Admitted", came.date(), came.time(), "Manager"),
    ]


def test_the_newest_comes_first_and_the_future_apart(house: House) -> None:
    with house.work("manager") as work:
        person = a_life(work)
        entries = timeline.page(work, person.id).entries
        days = [entry.day for entry in entries]
        assert days == sorted(days, reverse=True)
        assert all(day <= work.today for day in days)
        (coming,) = timeline.page(work, person.id, (timeline.COMING,)).entries
        assert coming.record_type == "court_event"
        assert (coming.place, coming.detail) == ("court", str(coming.record_id))


def test_each_role_sees_its_own_kinds(house: House) -> None:
    with house.work("manager") as work:
        person = a_life(work)
        assert kinds(work, person) == {
            "stay",
            "consent",
            "counselling_enrolment",
            "counselling_session",
            "legal_case",
        }
    with house.work("house_mother") as work:
        assert kinds(work, person) == {"stay"}
        (coming,) = timeline.page(work, person.id, (timeline.COMING,)).entries
        assert coming.record_type == "appointment"
        groups = [key for key, _name in timeline.readable_groups(work, person.id)]
        assert "court" not in groups
    with house.work("legal_officer") as work:
        assert "legal_case" in kinds(work, person)
    with house.work("counsellor") as work:
        assert "legal_case" not in kinds(work, person)


def test_pills_narrow_the_timeline(house: House) -> None:
    with house.work("manager") as work:
        person = a_life(work)
        assert kinds(work, person, "court") == {"legal_case"}
        assert kinds(work, person, "house", "casework") == {"stay", "consent"}


def test_pages_follow_each_other_without_gap_or_repetition(house: House) -> None:
    with house.work("manager") as work:
        person = a_life(work)
        whole = timeline.page(work, person.id).entries
        seen: list[int] = []
        before = None
        while True:
            page = timeline.page(work, person.id, before=before, most=2)
            seen += [entry.record_id for entry in page.entries]
            before = page.next_page
            if before is None:
                break
        assert seen == [entry.record_id for entry in whole]


def test_what_was_voided_or_corrected_is_not_shown(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        case = a_legal_case(work, person)
        past = work.now - timedelta(days=2)
        a_court_event(work, case, starts_at=past, superseded=True)
        kept = a_court_event(work, case, starts_at=past)
        entries = timeline.page(work, person.id, ("court",)).entries
        assert [e.record_id for e in entries if e.record_type == "court_event"] == [kept.id]
        work.void(type(case), case.id, "entered twice")
        assert "legal_case" not in kinds(work, person)


def test_no_part_of_a_timeline_looks_through_a_whole_table(house: House) -> None:
    with house.work("manager") as work:
        kinds = [kind for kind in RECORD_TYPES if kind.happened and work.holds(kind.compartment)]
        tables = tuple(kind.table for kind in kinds if has_person(kind))
        statement = timeline_questions._statement(tables, planned=False)
        asked = {"person": 1, "now": "2026", "at": "9999", "id": 0, "most": 50}
        explained = sa.text(f"EXPLAIN QUERY PLAN {statement.text}")
        steps = [row[3] for row in work.connection.execute(explained, asked)]
    assert len(tables) > 10
    parts = ("main.", "house.", "cases.", "identity.")
    assert [step for step in steps if "SCAN" in step and any(p in step for p in parts)] == []
