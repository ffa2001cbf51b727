"""Counselling through its services: plan, hold, move, write, sign, review, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from shelter_app.domain.access import Action
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.counselling import (
    CounsellingEnrolment,
    CounsellingNote,
    CounsellingResult,
    CounsellingSession,
)
from shelter_app.domain.person import Person
from shelter_app.domain.stay import Stay
from shelter_app.errors import (
    NotAllowed,
    NotFound,
    NotPossible,
    StaleRecord,
    ValidationFailed,
)
from shelter_app.services import (
    audit_trail,
    companions,
    counselling,
    counselling_notes,
    counselling_week,
    court,
    records,
    today,
)
from shelter_app.services.work import Work
from tests.builders import a_legal_case, a_person, a_stay
from tests.fixtures import House

MORNING = datetime(2026, 11, 23, 10, 30)
EARLIER = datetime(2026, 11, 23, 9, 0)


@dataclass(frozen=True)
class Client:
    """A resident with her programme and one planned session this morning."""

    person: Person
    enrolment: CounsellingEnrolment
    session: CounsellingSession


def a_client(work: Work, *, alias: str = "Pendo", at: datetime = EARLIER) -> Client:
    person = a_person(work, display_alias=alias)
    a_stay(work, person, case_manager=7)
    me = work.actor.staff_id
    new = CounsellingEnrolment(
        person_id=person.id, programme="six_session", counsellor=me, started_on=work.today
    )
    enrolment = counselling.enrol(work, replace(new, target_sessions=None))
    return Client(person, enrolment, planned(work, enrolment, at))


def planned(work: Work, enrolment: CounsellingEnrolment, at: datetime) -> CounsellingSession:
    session = CounsellingSession(enrolment_id=enrolment.id, starts_at=at)
    return counselling.schedule(work, session)


def held(work: Work, enrolment: CounsellingEnrolment, at: datetime) -> CounsellingSession:
    session = planned(work, enrolment, at)
    return counselling.save_attendance(work, replace(session, status="done"))


@pytest.fixture
def client(house: House, clock_at: Callable[[datetime], None]) -> Client:
    clock_at(MORNING)
    with house.work("counsellor") as work:
        return a_client(work)


# Programmes and planning


def test_enrolling_takes_the_length_of_the_list_and_names_the_counsellor_of_the_stay(
    house: House, client: Client
) -> None:
    with house.work("counsellor") as work:
        assert client.enrolment.target_sessions == 6
        stay = work.rule_matching(Stay, person_id=client.person.id)[0]
        assert stay.counsellor == work.actor.staff_id
        assert work.may(Action.READ, CounsellingNote, client.person.id)


def test_nobody_is_twice_in_the_same_programme(house: House, client: Client) -> None:
    again = replace(client.enrolment, id=0, revision=0)
    with house.work("counsellor") as work, pytest.raises(NotPossible):
        counselling.enrol(work, again)


def test_planning_begins_a_programme_for_somebody_in_none(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        person = a_person(work)
        a_stay(work, person)
        plan = counselling.plan_draft(work, person.id)
        assert plan.enrolment.revision == 0
        kept = counselling.schedule(work, plan.session, plan.enrolment)
        begun = work.get(CounsellingEnrolment, kept.enrolment_id)
        assert begun.programme == "six_session"
        assert begun.person_id == kept.person_id == person.id
        assert kept.counsellor == work.actor.staff_id


def test_planning_somebody_in_a_programme_goes_on_with_it(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        plan = counselling.plan_draft(work, client.person.id)
        kept = counselling.schedule(work, plan.session, plan.enrolment)
        assert kept.enrolment_id == client.enrolment.id
        assert kept.session_no == 2
        assert kept.starts_at == EARLIER + timedelta(days=7)


def test_a_free_time_is_proposed_where_counsellor_and_resident_are_free(
    house: House, client: Client
) -> None:
    with house.work("counsellor") as work:
        wanted = EARLIER + timedelta(days=7)
        a_client(work, alias="Zawadi", at=wanted)
        plan = counselling.plan_draft(work, client.person.id)
        assert plan.session.starts_at == wanted + timedelta(hours=1)
        assert counselling.clashes(work, replace(plan.session, starts_at=wanted)) == ("staff",)


def test_a_court_date_binds_the_resident(house: House, client: Client) -> None:
    day = datetime(2026, 11, 25, 9, 0)
    with house.work("legal_officer") as work:
        case = a_legal_case(work, client.person, court_station="MSA-SHANZU")
        event = replace(court.new_court_event(work, case.id), type="mention", starts_at=day)
        court.add_court_event(work, event)
    with house.work("counsellor") as work:
        session = replace(client.session, starts_at=day + timedelta(minutes=30))
        assert counselling.clashes(work, session) == ("person",)


def test_going_along_to_court_binds_the_companion(house: House, client: Client) -> None:
    day = datetime(2026, 11, 25, 9, 0)
    me = house.staff_id("counsellor")
    with house.work("legal_officer") as work:
        case = a_legal_case(work, client.person, court_station="MSA-SHANZU")
        event = replace(court.new_court_event(work, case.id), type="mention", starts_at=day)
        event = court.add_court_event(work, event)
        going = replace(companions.new_accompaniment(work, event.id), staff_id=me)
        companions.save_accompaniment(work, going)
    with house.work("counsellor") as work:
        other = a_client(work, alias="Zawadi", at=day)
        assert counselling.clashes(work, other.session) == ("staff",)
        mine = counselling_week.week(work, day.date(), day.date(), mine=True)
        assert [item.conflict for item in mine.items] == [True, True]


def test_an_ended_programme_takes_no_more_sessions(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        ended = CounsellingResult(outcome="completed", behaviour_change="reduced")
        kept = counselling.save_enrolment(work, client.enrolment, ended)
        assert kept.completed_on == work.today
        with pytest.raises(NotPossible):
            planned(work, kept, MORNING + timedelta(days=1))


def test_ending_asks_how_it_ended(house: House, client: Client) -> None:
    with house.work("counsellor") as work, pytest.raises(ValidationFailed):
        counselling.save_enrolment(work, replace(client.enrolment, completed_on=work.today))


def test_a_new_counsellor_gets_the_coming_sessions_and_the_stay(
    house: House, client: Client
) -> None:
    manager = house.staff_id("manager")
    with house.work("counsellor") as work:
        coming = planned(work, client.enrolment, MORNING + timedelta(days=3))
        enrolment = work.get(CounsellingEnrolment, client.enrolment.id)
        counselling.save_enrolment(work, replace(enrolment, counsellor=manager))
        assert work.get(CounsellingSession, coming.id).counsellor == manager
        assert work.get(CounsellingSession, client.session.id).counsellor != manager
        assert work.rule_matching(Stay, person_id=client.person.id)[0].counsellor == manager


def test_house_mothers_and_nurses_know_of_no_sessions_and_plan_none(
    house: House, client: Client
) -> None:
    for role in ("house_mother", "nurse"):
        with house.work(role) as work:
            assert work.find(CounsellingSession, client.session.id) is None
            assert counselling.open_enrolment(work, client.person.id) is None
            assert counselling.held_count(work, client.enrolment.id) == 0
            assert not counselling.may_plan(work)
            with pytest.raises(NotAllowed):
                counselling.save_attendance(work, replace(client.session, status="done"))
            with pytest.raises(NotAllowed):
                counselling.plan_draft(work, client.person.id)


# Moving


def test_a_coming_session_simply_moves_and_can_be_moved_back(house: House, client: Client) -> None:
    desk = house.desk("counsellor")
    with house.work("counsellor") as work:
        session = planned(work, client.enrolment, MORNING + timedelta(days=1))
    there = MORNING + timedelta(days=2)
    done = desk.do(counselling.move, session.id, there).result()
    with house.work("counsellor") as work:
        assert work.get(CounsellingSession, session.id).starts_at == there
    desk.do(records.undo, done.undo).result()
    with house.work("counsellor") as work:
        assert work.get(CounsellingSession, session.id).starts_at == session.starts_at


def test_a_passed_session_stays_on_record_as_moved(house: House, client: Client) -> None:
    there = MORNING + timedelta(days=2)
    with house.work("counsellor") as work:
        fresh = counselling.move(work, client.session.id, there)
        old = work.get(CounsellingSession, client.session.id)
        assert (old.status, old.starts_at) == ("rescheduled", EARLIER)
        assert fresh.id != old.id
        assert (fresh.starts_at, fresh.session_no) == (there, 1)


def test_the_old_time_of_a_coming_session_is_kept_when_asked(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        session = planned(work, client.enrolment, MORNING + timedelta(days=1))
        there = MORNING + timedelta(days=2)
        fresh = counselling.move(work, session.id, there, keep=True)
        assert work.get(CounsellingSession, session.id).status == "rescheduled"
        assert fresh.starts_at == there


def test_a_recorded_session_is_not_moved(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        counselling.save_attendance(work, replace(client.session, status="dna"))
        with pytest.raises(NotPossible):
            counselling.move(work, client.session.id, MORNING + timedelta(days=1))
        again = work.get(CounsellingSession, client.session.id)
        with pytest.raises(NotPossible):
            counselling.save_attendance(work, replace(again, starts_at=MORNING))


def test_other_appointments_move_with_the_time_of_leaving(house: House, client: Client) -> None:
    at = MORNING + timedelta(days=1)
    with house.work("counsellor") as work:
        visit = Appointment(kind="medical", starts_at=at, leave_house_at=at - timedelta(hours=1))
        kept = counselling.save_appointment(work, visit)
        counselling.move_entry(work, kept.id, at + timedelta(hours=2))
        counselling.resize_entry(work, kept.id, 90)
        moved = work.get(Appointment, kept.id)
        assert moved.leave_house_at == at + timedelta(hours=1)
        assert moved.duration_min == 90


def test_a_court_date_is_not_moved_without_the_legal_level(house: House, client: Client) -> None:
    with house.work("legal_officer") as work:
        case = a_legal_case(work, client.person, court_station="MSA-SHANZU")
        day = MORNING + timedelta(days=2)
        event = replace(court.new_court_event(work, case.id), type="mention", starts_at=day)
        event = court.add_court_event(work, event)
    with house.work("counsellor") as work:
        with pytest.raises((NotAllowed, NotFound)):
            counselling.move_entry(work, event.id, day + timedelta(hours=1))
        with pytest.raises(NotPossible):
            counselling.resize_entry(work, event.id, 30)
        with pytest.raises(NotPossible):
            counselling.save_appointment(work, Appointment(kind="court", starts_at=day))
        dated = work.save(Appointment(kind="court", starts_at=day), by_program=True)
        with pytest.raises(NotPossible, match="page of its case"):
            counselling.save_appointment(work, replace(dated, kind="visit"))


# Attendance and review


def test_numbers_count_what_was_held(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        later = planned(work, client.enrolment, MORNING + timedelta(days=7))
        assert later.session_no == 2
        counselling.save_attendance(work, replace(client.session, status="declined"))
        assert work.get(CounsellingSession, later.id).session_no == 1


def test_what_the_program_keeps_cannot_be_typed(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        typed = replace(client.session, session_no=44, person_id=99)
        kept = counselling.save_attendance(work, typed)
        assert (kept.session_no, kept.person_id) == (1, client.person.id)
        with pytest.raises(NotPossible):
            counselling.save_attendance(work, replace(kept, enrolment_id=12))


def test_the_sixth_held_session_proposes_the_review(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        for weeks in range(1, 6):
            held(work, client.enrolment, EARLIER - timedelta(weeks=weeks))
        assert not counselling.review_due(work, client.enrolment.id)
        session = work.get(CounsellingSession, client.session.id)
        card = counselling_notes.record_session(work, replace(session, status="done"))
        assert card.review_due
        assert (card.session.session_no, card.held) == (6, 6)
        assert counselling_week.programme_ids(work, "review") == [client.enrolment.id]
        enrolment = work.get(CounsellingEnrolment, client.enrolment.id)
        found = CounsellingResult(behaviour_change="stopped")
        counselling.save_enrolment(work, enrolment, found)
        assert not counselling.review_due(work, client.enrolment.id)
        assert counselling_week.programme_ids(work, "review") == []


def test_what_came_of_counselling_lies_where_the_houses_key_does_not_reach(
    house: House, client: Client
) -> None:
    with house.work("counsellor") as work:
        found = CounsellingResult(behaviour_change="stopped")
        counselling.save_enrolment(work, client.enrolment, found)
    with house.work("manager") as work:
        tab = counselling_week.resident_counselling(work, client.person.id)
        assert tab.programmes[0].result is not None
        assert tab.programmes[0].result.behaviour_change == "stopped"
    vault = house.desk("house_mother").vault
    with vault.reading():
        columns = vault.connection.exec_driver_sql(
            "PRAGMA house.table_info(counselling_enrolment)"
        ).fetchall()
        with pytest.raises(sa.exc.OperationalError):
            vault.connection.exec_driver_sql("SELECT * FROM cases.counselling_result")
    assert {"outcome", "behaviour_change"}.isdisjoint(row[1] for row in columns)


# Notes


NOTE = CounsellingNote(approach="tf_cbt", themes=("coping",), content="Practised grounding")


def write(house: House, client: Client, note: CounsellingNote = NOTE) -> CounsellingNote:
    with house.work("counsellor") as work:
        session = work.get(CounsellingSession, client.session.id)
        card = counselling_notes.record_session(work, replace(session, status="done"), note)
        assert card.note is not None
        return card.note.note


def test_attendance_and_note_are_saved_together_or_not_at_all(house: House, client: Client) -> None:
    desk = house.desk("counsellor")
    wrong = CounsellingNote(risk_noted=("none", "threat"), content="x")
    session = replace(client.session, status="done")
    with pytest.raises(ValidationFailed):
        desk.do(counselling_notes.record_session, session, wrong).result()
    with house.work("counsellor") as work:
        assert work.get(CounsellingSession, client.session.id).status == "scheduled"
        assert work.matching(CounsellingNote) == []


def test_a_note_about_a_past_session_asks_whether_she_came(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        with pytest.raises(ValidationFailed) as refused:
            counselling_notes.record_session(work, client.session, NOTE)
        assert [problem.field for problem in refused.value.problems] == ["status"]
        with pytest.raises(ValidationFailed):
            counselling_notes.sign(work, client.session, NOTE)


def test_what_is_prepared_for_a_coming_session_can_be_kept(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        coming = planned(work, client.enrolment, MORNING + timedelta(days=2))
        card = counselling_notes.record_session(work, coming, CounsellingNote(plan_next="Music"))
        assert card.note is not None
        assert card.session.status == "scheduled"


def test_a_missed_session_needs_no_note(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        missed = replace(client.session, status="dna")
        card = counselling_notes.record_session(work, missed, CounsellingNote())
        assert card.note is None
        assert work.matching(CounsellingNote) == []


def test_a_note_knows_its_author_person_and_session(house: House, client: Client) -> None:
    forged = replace(NOTE, author=5, person_id=6, session_id=8, locked_at=MORNING)
    note = write(house, client, forged)
    assert note.author == house.staff_id("counsellor")
    assert (note.person_id, note.session_id) == (client.person.id, client.session.id)
    assert note.locked_at is None


def test_a_session_has_one_note(house: House, client: Client) -> None:
    write(house, client)
    with house.work("counsellor") as work:
        session = work.get(CounsellingSession, client.session.id)
        with pytest.raises(NotPossible):
            counselling_notes.record_session(work, session, NOTE)


def test_a_signed_note_is_only_added_to(house: House, client: Client) -> None:
    note = write(house, client)
    with house.work("counsellor") as work:
        session = work.get(CounsellingSession, client.session.id)
        card = counselling_notes.sign(work, session, note)
        assert card.is_signed
        assert not card.may_write
        signed = card.note.note if card.note else note
        with pytest.raises(NotPossible):
            counselling_notes.record_session(work, card.session, replace(signed, content="Other"))
        with pytest.raises(NotPossible):
            counselling_notes.add_addendum(work, session.id, "  ")
        card = counselling_notes.add_addendum(work, session.id, "She called afterwards")
        assert card.note is not None
        assert card.note.note.content == NOTE.content
        assert [added.content for added, _author in card.note.addenda] == ["She called afterwards"]
        assert all(added.locked_at for added, _author in card.note.addenda)


def test_attendance_can_be_corrected_beside_a_signed_note(house: House, client: Client) -> None:
    note = write(house, client)
    with house.work("counsellor") as work:
        session = work.get(CounsellingSession, client.session.id)
        card = counselling_notes.sign(work, session, note)
        card = counselling_notes.record_session(work, replace(card.session, duration_min=40))
        assert card.session.duration_min == 40
        assert card.is_signed


def test_an_empty_note_is_not_signed(house: House, client: Client) -> None:
    with house.work("counsellor") as work, pytest.raises(NotPossible):
        counselling_notes.sign(work, client.session, CounsellingNote())


def test_an_unsigned_note_takes_no_addendum(house: House, client: Client) -> None:
    write(house, client)
    with house.work("counsellor") as work, pytest.raises(NotPossible):
        counselling_notes.add_addendum(work, client.session.id, "More")


def test_two_windows_do_not_overwrite_a_note(house: House, client: Client) -> None:
    note = write(house, client)
    with house.work("counsellor") as work:
        session = work.get(CounsellingSession, client.session.id)
        counselling_notes.record_session(work, session, replace(note, content="One"))
    with house.work("counsellor") as work, pytest.raises(StaleRecord):
        counselling_notes.record_session(work, session, replace(note, content="Two"))


def test_only_the_author_changes_a_note(house: House, client: Client) -> None:
    note = write(house, client)
    with house.work("counsellor") as work:
        foreign = replace(work.rule_find(CounsellingNote, note.id) or note, author=4711)
        foreign = work.save(foreign, by_program=True)
        card = counselling_notes.open_session(work, client.session.id)
        assert card.may_read
        assert not card.may_write
        changed = replace(foreign, content="Mine now")
        with pytest.raises(NotPossible):
            counselling_notes.record_session(work, card.session, changed)


def test_a_counsellor_of_other_clients_reads_no_note(house: House, client: Client) -> None:
    write(house, client)
    with house.work("counsellor") as work:
        stay = work.rule_matching(Stay, person_id=client.person.id)[0]
        work.save(replace(stay, counsellor=4711), by_program=True)
        session = work.get(CounsellingSession, client.session.id)
        work.save(replace(session, counsellor=4711), by_program=True)
        card = counselling_notes.open_session(work, client.session.id)
        assert card.note is None
        assert not card.may_read
        with pytest.raises(NotAllowed):
            counselling_notes.record_session(work, card.session, NOTE)


def test_a_stand_in_writes_the_note_of_the_session_she_holds(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        stay = work.rule_matching(Stay, person_id=client.person.id)[0]
        work.save(replace(stay, counsellor=4711), by_program=True)
        done = replace(client.session, status="done")
        card = counselling_notes.record_session(work, done, NOTE)
        assert card.note is not None
        assert counselling_notes.open_session(work, client.session.id).may_write


@pytest.mark.parametrize("role", ["manager", "legal_officer"])
def test_others_see_the_session_without_its_note(house: House, client: Client, role: str) -> None:
    write(house, client)
    with house.work(role) as work:
        card = counselling_notes.open_session(work, client.session.id)
        assert card.session.status == "done"
        assert card.note is None
        assert not card.may_read
        with pytest.raises(NotAllowed):
            counselling_notes.add_addendum(work, client.session.id, "x")


def test_case_workers_see_that_a_safety_check_is_needed_and_the_house_does_not(
    house: House, client: Client
) -> None:
    with house.work("counsellor") as work:
        flagged = replace(client.session, status="done", safety_flag=True)
        note = CounsellingNote(risk_noted=("self_harm",))
        counselling_notes.record_session(work, flagged, note)
    with house.work("manager") as work:
        assert counselling_notes.session_card(work, client.session.id).session.safety_flag
        week = counselling_week.week(work, MORNING.date(), MORNING.date())
        assert "safety check needed" in week.items[0].detail
    with house.work("house_mother") as work:
        with pytest.raises(NotFound):
            counselling_notes.session_card(work, client.session.id)
        with pytest.raises(NotAllowed):
            counselling_week.week(work, MORNING.date(), MORNING.date())


def test_a_case_worker_records_attendance_only_of_her_own_people(
    house: House, client: Client
) -> None:
    me = house.staff_id("social_worker")
    with house.work("social_worker") as work:
        with pytest.raises(NotFound):
            counselling.save_attendance(work, replace(client.session, status="done"))
        assert counselling_week.week(work, MORNING.date(), MORNING.date()).items == ()
    with house.work("manager") as work:
        stay = work.rule_matching(Stay, person_id=client.person.id)[0]
        work.save(replace(stay, case_manager=me))
    with house.work("social_worker") as work:
        counselling.save_attendance(work, replace(client.session, status="done"))
        assert len(counselling_week.week(work, MORNING.date(), MORNING.date()).items) == 1


def test_opening_a_note_is_written_down_in_the_counselling_compartment(
    house: House, client: Client
) -> None:
    write(house, client)
    with house.work("counsellor") as work:
        before = openings(work)
        counselling_notes.session_card(work, client.session.id)
        assert openings(work) == before
        counselling_notes.open_session(work, client.session.id)
        assert openings(work) == [*before, "counselling"]
    with house.work("manager") as work:
        assert openings(work) == []


def openings(work: Work) -> list[str]:
    """Return the compartments of the openings of notes that this worker can read of."""
    wanted = audit_trail.Filter(table="counselling_note")
    lines = audit_trail.lines(work, audit_trail.newest(work, wanted))
    return [line.compartment for line in lines if line.action == "Opened"]


# Supervision


def test_a_supervisor_reads_notes_without_names(house: House, client: Client) -> None:
    note = write(house, client)
    with house.work("clinical_supervisor") as work:
        listed = counselling_notes.notes_to_supervise(work)
        assert [found.note.id for found in listed] == [note.id]
        assert len(listed[0].client) == 4
        assert listed[0].note.content == ""
        view = counselling_notes.open_note(work, note.id)
        assert view.note.content == NOTE.content
        assert view.author == "Counsellor"
        with pytest.raises((NotAllowed, NotFound)):
            counselling_notes.record_session(work, client.session, note)


def test_nobody_else_gets_the_list_of_notes(house: House, client: Client) -> None:
    write(house, client)
    for role in ("manager", "social_worker", "house_mother"):
        with house.work(role) as work, pytest.raises(NotAllowed):
            counselling_notes.notes_to_supervise(work)


# Week and caseload


def test_the_week_names_sessions_by_number_and_the_first_as_such(
    house: House, client: Client
) -> None:
    with house.work("counsellor") as work:
        for weeks in range(1, 6):
            held(work, client.enrolment, EARLIER - timedelta(weeks=weeks))
        a_client(work, alias="Zawadi", at=MORNING + timedelta(hours=3))
        week = counselling_week.week(work, MORNING.date(), MORNING.date(), mine=True)
        assert [item.title for item in week.items] == ["“Pendo” 6/6 review", "“Zawadi” first"]
        assert week.items[0].role == "soon"
        assert week.items[0].detail == "attendance not recorded"
        assert week.caseload == 2


def test_overlapping_sessions_are_marked(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        a_client(work, alias="Zawadi", at=EARLIER + timedelta(minutes=30))
        week = counselling_week.week(work, MORNING.date(), MORNING.date())
        assert [item.conflict for item in week.items] == [True, True]
        assert "counsellor busy" in week.items[0].detail


def test_my_caseload_leaves_out_sessions_and_appointments_of_others(
    house: House, client: Client
) -> None:
    with house.work("counsellor") as work:
        other = a_client(work, alias="Zawadi", at=MORNING + timedelta(hours=3))
        moved = replace(other.enrolment, counsellor=4711)
        counselling.save_enrolment(work, moved)
        at = MORNING + timedelta(hours=5)
        counselling.save_appointment(
            work, Appointment(kind="review", starts_at=at, person_id=other.person.id)
        )
        counselling.save_appointment(
            work, Appointment(kind="review", starts_at=at, person_id=client.person.id)
        )
        mine = counselling_week.week(work, MORNING.date(), MORNING.date(), mine=True)
        everybody = counselling_week.week(work, MORNING.date(), MORNING.date())
        assert {item.person_id for item in mine.items} == {client.person.id}
        assert {item.person_id for item in everybody.items} == {client.person.id, other.person.id}


def test_court_is_an_external_appointment_without_the_legal_level(
    house: House, client: Client
) -> None:
    with house.work("legal_officer") as work:
        case = a_legal_case(work, client.person, court_station="MSA-SHANZU")
        day = MORNING + timedelta(hours=4)
        event = replace(court.new_court_event(work, case.id), type="testimony", starts_at=day)
        court.add_court_event(work, event)
        week = counselling_week.week(work, MORNING.date(), MORNING.date())
        assert any(item.legal_case_id == case.id for item in week.items)
    with house.work("counsellor") as work:
        week = counselling_week.week(work, MORNING.date(), MORNING.date())
        item = next(item for item in week.items if not item.is_session)
        assert item.title.startswith("External appointment")
        assert (item.legal_case_id, item.movable) == (0, False)


def test_the_house_loses_times_of_people_who_left(house: House, client: Client) -> None:
    with house.work("manager") as work:
        stay = work.rule_matching(Stay, person_id=client.person.id)[0]
        gone = replace(stay, exited_at=MORNING - timedelta(hours=1), state="S55_aftercare")
        work.save(gone, by_program=True)
        assert len(counselling_week.week(work, MORNING.date(), MORNING.date()).items) == 1
    with house.work("house_mother") as work:
        assert today.day(work, MORNING.date()) == ()


def test_the_caseload_says_how_far_and_how_long_ago(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        other = a_client(work, alias="Zawadi", at=MORNING + timedelta(days=1))
        counselling.save_enrolment(
            work, replace(other.enrolment, started_on=work.today - timedelta(days=20))
        )
        counselling.save_attendance(work, replace(client.session, status="done"))
        rows = counselling_week.programme_rows(work, counselling_week.programme_ids(work))
        assert [row.line.alias for row in rows] == ["Zawadi", "Pendo"]
        assert [row.line.held for row in rows] == [0, 1]
        assert [row.gap_days for row in rows] == [20, 0]
        assert rows[0].long_gap
        assert rows[0].line.next_at == MORNING + timedelta(days=1)
        assert rows[1].line.next_at is None
        assert counselling_week.programme_ids(work, "gap") == [other.enrolment.id]
        assert counselling_week.programme_ids(work, "next") == [client.enrolment.id]


def test_the_badge_counts_own_sessions_that_wait_for_attendance(
    house: House, client: Client
) -> None:
    with house.work("counsellor") as work:
        assert counselling_week.waiting(work) == 1
        counselling.save_attendance(work, replace(client.session, status="dna"))
        assert counselling_week.waiting(work) == 0
    with house.work("clinical_supervisor") as work:
        assert counselling_week.waiting(work) == 0


def test_own_clients_are_offered_before_anything_is_typed(house: House, client: Client) -> None:
    with house.work("counsellor") as work:
        a_person(work, display_alias="Salama")
        assert [key for key, _words in counselling.clients(work, "")] == [client.person.id]
        assert "Salama" in counselling.clients(work, "Sala")[0][1]


def test_the_tab_tells_of_notes_only_to_counselling_roles(house: House, client: Client) -> None:
    write(house, client)
    with house.work("counsellor") as work:
        tab = counselling_week.resident_counselling(work, client.person.id)
        assert [one.note_words for one in tab.programmes[0].sessions] == ["Note not signed yet"]
    for role in ("manager", "legal_officer"):
        with house.work(role) as work:
            tab = counselling_week.resident_counselling(work, client.person.id)
            assert tab.programmes[0].held == 1
            assert [one.note_words for one in tab.programmes[0].sessions] == [""]
