"""Rules of counselling and of times that bind people: numbers, reviews, clashes, free slots."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app import clock
from shelter_app.domain import appointment, counselling
from shelter_app.domain.appointment import DAY_BEGINS, DAY_ENDS, Appointment, Taken
from shelter_app.domain.counselling import (
    CounsellingEnrolment,
    CounsellingNote,
    CounsellingSession,
)

MONDAY = datetime(2026, 11, 23, 8, 0)
STATUSES = ("scheduled", "done", "done_short", "dna", "declined", "cancelled_staff", "rescheduled")

sessions = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(STATUSES)), max_size=14).map(
    lambda drawn: [
        CounsellingSession(id=number + 1, starts_at=MONDAY + timedelta(hours=hours), status=status)
        for number, (hours, status) in enumerate(drawn)
    ]
)
taken = st.builds(
    Taken,
    id=st.integers(1, 10_000),
    starts_at=st.integers(0, 6 * 24 * 4).map(lambda n: MONDAY + timedelta(minutes=15 * n)),
    minutes=st.integers(15, 240),
    staff_id=st.integers(0, 2),
    person_id=st.integers(0, 2),
    room=st.sampled_from(("", "Blue room", "blue ROOM ", "Garden")),
)


def session(status: str, day: int = 0, id_: int = 1) -> CounsellingSession:
    return CounsellingSession(id=id_, starts_at=MONDAY + timedelta(days=day), status=status)


@given(sessions)
def test_sessions_that_take_place_are_numbered_without_gaps(
    drawn: list[CounsellingSession],
) -> None:
    numbers = counselling.numbers(drawn)
    counted = [one for one in drawn if one.status in ("scheduled", "done", "done_short")]
    assert sorted(numbers[one.id] for one in counted) == list(range(1, len(counted) + 1))
    assert all(1 <= number <= len(counted) + 1 for number in numbers.values())


def test_a_missed_session_bears_the_number_of_the_next_that_takes_place() -> None:
    course = [session("done", 0, 1), session("dna", 7, 2), session("scheduled", 14, 3)]
    assert counselling.numbers(course) == {1: 1, 2: 2, 3: 2}


@pytest.mark.parametrize(
    ("planned", "held", "due"),
    [(6, 5, False), (6, 6, True), (12, 6, True), (1, 1, True), (0, 5, False), (0, 6, True)],
)
def test_the_review_is_due_after_six_sessions_or_a_shorter_programme(
    planned: int, held: int, due: bool
) -> None:
    assert CounsellingEnrolment(target_sessions=planned).review_due(held) is due


def test_a_review_that_was_done_is_not_asked_for_again() -> None:
    assert not CounsellingEnrolment(reviewed=True).review_due(6)
    assert not CounsellingEnrolment(completed_on=date(2026, 1, 1)).review_due(6)


def test_the_length_of_a_programme_comes_from_the_list() -> None:
    assert counselling.usual_length("six_session") == 6
    assert counselling.usual_length("pm_plus") == 5
    assert counselling.usual_length("not in the list") == 0


def test_a_session_that_has_not_begun_cannot_be_recorded_as_held() -> None:
    clock.set_source(lambda: MONDAY)
    fields = {p.field for p in session("done", 1).problems()}
    assert "status" in fields
    assert "status" not in {p.field for p in session("done", -1).problems()}


def test_none_stands_alone_among_the_risks() -> None:
    both = CounsellingNote(risk_noted=("none", "threat"))
    assert "risk_noted" in {p.field for p in both.problems()}
    assert not CounsellingNote(risk_noted=("none",)).names_risk()
    assert CounsellingNote(risk_noted=("threat",)).names_risk()


def test_a_programme_does_not_end_before_it_begins() -> None:
    wrong = CounsellingEnrolment(started_on=date(2026, 5, 2), completed_on=date(2026, 5, 1))
    assert "completed_on" in {p.field for p in wrong.problems()}


def test_a_note_of_blanks_is_empty() -> None:
    assert CounsellingNote(content="  \n").is_empty()
    assert not CounsellingNote(themes=("coping",)).is_empty()


@given(st.integers(1, 2**62))
def test_the_signs_of_a_client_are_four_and_stay_the_same(person_id: int) -> None:
    signs = counselling.client_code(person_id)
    assert len(signs) == 4
    assert signs == counselling.client_code(person_id)


def test_leaving_the_house_comes_before_the_appointment() -> None:
    late = Appointment(kind="medical", starts_at=MONDAY, leave_house_at=MONDAY + timedelta(hours=1))
    assert "leave_house_at" in {p.field for p in late.problems()}


# Clashes and free times


def test_the_same_counsellor_resident_or_room_cannot_be_in_two_places() -> None:
    here = Taken(1, MONDAY, 60, staff_id=1, person_id=2, room="Blue room")
    there = Taken(2, MONDAY + timedelta(minutes=59), 60, 1, 2, " blue ROOM")
    assert appointment.clashes(here, [there]) == ("staff", "person", "room")
    after = Taken(3, MONDAY + timedelta(minutes=60), 60, 1, 2, "Blue room")
    assert appointment.clashes(here, [after]) == ()


@given(st.lists(taken, max_size=12, unique_by=lambda one: one.id))
def test_clashing_is_mutual(drawn: list[Taken]) -> None:
    found = appointment.overlaps(drawn)
    for one in drawn:
        others = [other for other in drawn if other.id != one.id]
        assert found.get(one.id, ()) == appointment.clashes(one, others)


@given(taken, st.lists(taken, max_size=20))
def test_a_proposed_time_is_free_and_in_working_hours(wanted: Taken, busy: list[Taken]) -> None:
    others = [other for other in busy if other.id != wanted.id]
    found = appointment.next_free(wanted, others)
    there = Taken(wanted.id, found, wanted.minutes, wanted.staff_id, wanted.person_id, wanted.room)
    assert found >= wanted.starts_at
    assert appointment.clashes(there, others) == ()
    assert found.weekday() < 5
    assert found.time() >= DAY_BEGINS
    assert there.ends_at.time() <= DAY_ENDS
    assert there.ends_at.date() == found.date()


def test_a_time_that_never_fits_is_given_back_as_it_is() -> None:
    whole_day = Taken(1, MONDAY, 720, staff_id=1)
    assert appointment.next_free(whole_day, []) == MONDAY
