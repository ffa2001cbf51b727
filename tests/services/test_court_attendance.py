"""Several survivors at one court date: each is expected, accompanied and missed by herself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from shelter_app.domain.appointment import Appointment
from shelter_app.domain.court_attendance import CourtAttendance
from shelter_app.domain.legal import Accompaniment, CourtEvent, LegalCase
from shelter_app.domain.person import Person
from shelter_app.services import (
    case_survivors,
    companions,
    counselling_week,
    court,
    court_pages,
    deadlines,
    hearing_calendar,
    records,
    timeline,
)
from shelter_app.services.work import Work
from tests.builders import a_legal_case, a_person, a_stay
from tests.fixtures import House

NOW = datetime(2026, 11, 23, 8)
HEARING = datetime(2026, 11, 24, 9)


@dataclass(frozen=True)
class Shared:
    """A case of two survivors with a hearing tomorrow."""

    first: Person
    other: Person
    case: LegalCase
    event: CourtEvent


def a_date(work: Work, case: LegalCase, at: datetime = HEARING) -> CourtEvent:
    event = replace(
        court.new_court_event(work, case.id),
        starts_at=at,
        leave_house_at=at - timedelta(hours=1),
        court_station="MSA-SHANZU",
        type="testimony",
    )
    return court.add_court_event(work, event)


def joined(work: Work, case: LegalCase, person: Person) -> None:
    entry = case_survivors.new(work, case.id)
    case_survivors.save(work, replace(entry, person_id=person.id))


@pytest.fixture
def shared(house: House, clock_at: Callable[[datetime], None]) -> Shared:
    clock_at(NOW)
    counsellor = house.staff_id("counsellor")
    with house.work("manager") as work:
        first = a_person(work, display_alias="Pendo")
        other = a_person(work, display_alias="Zawadi")
        for person in (first, other):
            a_stay(work, person, counsellor=counsellor)
        case = a_legal_case(work, first, stage="11_hearing", court_case_no="SO/E118/2026")
        joined(work, case, other)
        return Shared(first, other, case, a_date(work, case))


def outing(work: Work, shared: Shared) -> CourtAttendance:
    (found,) = work.matching(CourtAttendance, court_event_id=shared.event.id)
    assert found.person_id == shared.other.id
    return found


def alone(work: Work) -> set[int]:
    told = deadlines.attention(work, mine=False).alerts
    return {alert.person_id for alert in told if alert.rule == "DL24"}


def accompanied(work: Work, appointment_id: int, staff_id: int = 0) -> Accompaniment:
    going = companions.new_accompaniment(work, appointment_id)
    named = replace(going, staff_id=staff_id, companion_name="" if staff_id else "Her aunt")
    return companions.save_accompaniment(work, named)


def test_each_survivor_goes_out_in_the_house_calendar(house: House, shared: Shared) -> None:
    with house.work("house_mother") as work:
        items = hearing_calendar.calendar(work, HEARING.date(), HEARING.date())
    assert {item.person_id for item in items} == {shared.first.id, shared.other.id}
    assert {item.title for item in items} == {"External appointment"}
    assert {item.leaves_at for item in items} == {HEARING - timedelta(hours=1)}
    assert all(item.needs_companion for item in items)


def test_the_alert_stands_for_each_survivor_until_she_has_company(
    house: House, shared: Shared
) -> None:
    with house.work("manager") as work:
        assert alone(work) == {shared.first.id, shared.other.id}
        accompanied(work, shared.event.id)
        assert alone(work) == {shared.other.id}
        page = court_pages.case_page(work, shared.case.id)
        (hearing,) = page.hearings
        assert (hearing.needs_companion, hearing.somebody_alone()) == (False, True)
        (row,) = court_pages.case_rows(work, [shared.case.id])
        assert (row.companion, row.companion_needed) == ("", True)
    with house.work("house_mother") as work:
        assert alone(work) == {shared.other.id}
        (hers,) = work.matching(Appointment, person_id=shared.other.id)
        assert accompanied(work, hers.id).person_id == shared.other.id
        assert alone(work) == set()
    with house.work("manager") as work:
        (row,) = court_pages.case_rows(work, [shared.case.id])
        assert row.companion == "Her aunt"


def test_the_alert_of_the_further_survivor_opens_her_companion_on_the_case(
    house: House, shared: Shared
) -> None:
    with house.work("manager") as work:
        accompanied(work, shared.event.id)
        told = deadlines.attention(work, mine=False).alerts
        (alert,) = [one for one in told if one.rule == "DL24"]
        hers = outing(work, shared)
        assert (alert.place, alert.record_id) == ("court", shared.case.id)
        assert alert.detail == f"companion:{hers.id}"
        page = court_pages.case_page(work, shared.case.id)
        whose = page.attending(hers.id)
        assert whose is not None
        assert (whose.person_id, whose.needs_companion) == (shared.other.id, True)
        assert page.hearing(hers.id) is page.hearing(shared.event.id)


def test_one_companion_may_go_with_both_and_is_wanted_there_once(
    house: House, shared: Shared
) -> None:
    worker = house.staff_id("counsellor")
    with house.work("manager") as work:
        hers = outing(work, shared)
        accompanied(work, shared.event.id, worker)
        assert companions.clashes(work, hers.id, worker) == ()
        accompanied(work, hers.id, worker)
        page = court_pages.case_page(work, shared.case.id)
        assert page.hearings[0].companions[0].clashes == ()
        week = counselling_week.week(work, HEARING.date(), HEARING.date())
        assert not any(item.conflict for item in week.items)
        elsewhere = a_date(
            work, a_legal_case(work, a_person(work)), HEARING + timedelta(minutes=20)
        )
        assert len(companions.clashes(work, elsewhere.id, worker)) == 2


def test_who_need_not_be_there_stays_in_the_house(house: House, shared: Shared) -> None:
    with house.work("manager") as work:
        court.save_court_event(work, shared.event, 120, frozenset())
        assert work.matching(CourtAttendance, court_event_id=shared.event.id) == []
        items = hearing_calendar.calendar(work, HEARING.date(), HEARING.date())
        assert [item.person_id for item in items] == [shared.first.id]
        event = work.get(CourtEvent, shared.event.id)
        court.save_court_event(work, event, 120, {shared.other.id, 4711})
        assert outing(work, shared).person_id == shared.other.id
        (hers,) = work.matching(Appointment, person_id=shared.other.id, cancelled=False)
        assert hers.duration_min == 120


def test_a_moved_date_moves_both_and_one_taken_back_leaves_both_calendars(
    house: House, shared: Shared
) -> None:
    later = HEARING + timedelta(days=2)
    with house.work("manager") as work:
        hearing_calendar.move(work, outing(work, shared).id, later)
        hers = work.get(Appointment, outing(work, shared).id)
        assert (hers.starts_at, hers.leave_house_at) == (later, later - timedelta(hours=1))
        court.withdraw_court_event(work, shared.event.id, "Wrong case")
        assert hearing_calendar.calendar(work, later.date(), later.date()) == ()
        assert alone(work) == set()


def test_the_next_date_expects_those_who_were_there(
    house: House, shared: Shared, clock_at: Callable[[datetime], None]
) -> None:
    with house.work("manager") as work:
        third = a_person(work)
        joined(work, shared.case, third)
        court.save_court_event(work, shared.event, 0, {shared.other.id})
    clock_at(HEARING + timedelta(hours=4))
    with house.work("manager") as work:
        event = work.get(CourtEvent, shared.event.id)
        done = court.record_outcome(
            work, replace(event, outcome="proceeded", next_at=HEARING + timedelta(days=14))
        )
        assert done.next_event is not None
        found = work.matching(CourtAttendance, court_event_id=done.next_event.id)
        assert [one.person_id for one in found] == [shared.other.id]


def test_a_correction_keeps_who_was_there_and_with_whom(
    house: House, shared: Shared, clock_at: Callable[[datetime], None]
) -> None:
    with house.work("manager") as work:
        accompanied(work, outing(work, shared).id)
    clock_at(HEARING + timedelta(hours=4))
    with house.work("manager") as work:
        event = work.get(CourtEvent, shared.event.id)
        earlier = replace(event, starts_at=HEARING - timedelta(minutes=30))
        kept = court.amend_court_event(work, event.id, earlier, "It began at half past eight")
        (hers,) = work.matching(CourtAttendance, court_event_id=kept.id)
        assert hers.starts_at == HEARING - timedelta(minutes=30)
        page = court_pages.case_page(work, shared.case.id)
        (hearing,) = page.hearings
        assert [one.name for one in hearing.others[0].companions] == ["Her aunt"]


def test_joining_and_leaving_a_case_reach_its_coming_dates_only(
    house: House, shared: Shared
) -> None:
    desk = house.desk("manager")
    with house.work("manager") as work:
        third = a_person(work)
        entry = replace(case_survivors.new(work, shared.case.id), person_id=third.id)
    added = desk.do(case_survivors.save, entry).result()
    with house.work("manager") as work:
        assert third.id in alone(work)
        case_survivors.take_out(work, added.value.id, "By mistake")
        assert third.id not in alone(work)
        assert work.matching(Appointment, person_id=third.id, cancelled=False) == []
        joined(work, shared.case, third)
        assert third.id in alone(work)


def test_undoing_the_date_takes_both_outings_back(house: House, shared: Shared) -> None:
    desk = house.desk("manager")
    with house.work("manager") as work:
        event = replace(
            court.new_court_event(work, shared.case.id),
            starts_at=HEARING + timedelta(days=1),
            court_station="MSA-SHANZU",
            type="mention",
        )
    added = desk.do(court.save_court_event, event).result()
    desk.do(records.undo, added.undo).result()
    with house.work("manager") as work:
        day = (HEARING + timedelta(days=1)).date()
        assert hearing_calendar.calendar(work, day, day) == ()


def test_a_survivor_finds_her_own_company_on_her_page_and_the_case_by_her_name(
    house: House, shared: Shared
) -> None:
    with house.work("manager") as work:
        accompanied(work, outing(work, shared).id)
        for person, needs in ((shared.first, True), (shared.other, False)):
            (case,) = court_pages.resident_court(work, person.id).cases
            assert case.next_hearing is not None
            assert case.next_hearing.needs_companion is needs
        assert court_pages.case_ids(work, "open", "zawadi") == [shared.case.id]
        (entry,) = [
            one
            for one in timeline.page(work, shared.other.id, (timeline.COMING,)).entries
            if one.at == HEARING.time()
        ]
        assert (entry.place, entry.place_id, entry.detail) == (
            "court",
            shared.case.id,
            str(shared.event.id),
        )


def test_after_a_testimony_each_survivor_is_asked_how_it_went(
    house: House, shared: Shared, clock_at: Callable[[datetime], None]
) -> None:
    with house.work("manager") as work:
        hers = outing(work, shared)
        accompanied(work, hers.id)
    clock_at(HEARING + timedelta(hours=30))
    with house.work("manager") as work:
        event = work.get(CourtEvent, shared.event.id)
        court.record_outcome(work, replace(event, outcome="proceeded"))
    with house.work("counsellor") as work:
        told = deadlines.attention(work, mine=False).alerts
        asked = {one.person_id: one for one in told if one.rule == "DL26"}
        assert set(asked) == {shared.first.id, shared.other.id}
        alert = asked[shared.other.id]
        assert (alert.place, alert.record_id, alert.detail) == ("counselling", hers.id, "after")
