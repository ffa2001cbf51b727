"""Cases, charges, police contacts and court dates as the services keep them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from shelter_app.domain.appointment import Appointment
from shelter_app.domain.legal import (
    Accompaniment,
    Charge,
    CourtEvent,
    LegalCase,
    PoliceContact,
    Suspect,
)
from shelter_app.errors import NotAllowed, NotFound, NotPossible, ValidationFailed
from shelter_app.services import companions, court, court_pages, records
from shelter_app.services.work import Work
from shelter_app.storage.questions import court as questions
from tests.builders import a_legal_case, a_person
from tests.fixtures import House

SetClock = Callable[[datetime], None]
MORNING = datetime(2026, 11, 23, 8, 0)
HEARING = datetime(2026, 11, 24, 9, 0)


def a_case(work: Work) -> LegalCase:
    return a_legal_case(work, a_person(work), court_station="MSA-SHANZU")


def a_hearing(work: Work, case: LegalCase, **changes: Any) -> CourtEvent:
    event = replace(
        court.new_court_event(work, case.id), type="testimony", starts_at=HEARING, **changes
    )
    return court.add_court_event(work, event)


def problems_of(error: pytest.ExceptionInfo[ValidationFailed]) -> set[str]:
    return {problem.field for problem in error.value.problems}


def test_a_new_case_is_given_the_next_neutral_title(house: House) -> None:
    with house.work("legal_officer") as work:
        person = a_person(work)
        first = court.open_case(work, court.new_case(work, person.id))
        second = court.new_case(work, person.id)
    assert (first.short_title, second.short_title) == ("Court matter A", "Court matter B")


def test_a_case_with_an_ob_number_begins_as_reported(house: House) -> None:
    with house.work("legal_officer") as work:
        person = a_person(work)
        case = replace(court.new_case(work, person.id), ob_number="12/2/9/2026")
        opened = court.open_case(work, case)
    assert (opened.stage, opened.stage_when_joined) == ("02_reported", "02_reported")


def test_a_house_mother_cannot_open_the_case_list(house: House) -> None:
    with house.work("house_mother") as work, pytest.raises(NotAllowed):
        court_pages.case_ids(work)


def test_a_counsellor_does_not_see_a_case(house: House) -> None:
    with house.work("legal_officer") as work:
        case = a_case(work)
    with house.work("counsellor") as work, pytest.raises(NotFound):
        court_pages.case_page(work, case.id)


def test_a_social_worker_reads_a_case_and_cannot_change_it(house: House) -> None:
    with house.work("legal_officer") as work:
        case = a_case(work)
    with house.work("social_worker") as work:
        page = court_pages.case_page(work, case.id)
        assert (page.may_write, page.may_assign) == (False, True)
        with pytest.raises(NotAllowed):
            court.set_stage(work, case.id, "07_arrested")


def test_concluding_a_case_keeps_the_day_and_reopening_takes_it_away(house: House) -> None:
    with house.work("legal_officer") as work:
        case = a_case(work)
        ended = court.set_stage(work, case.id, "20_withdrawn")
        again = court.set_stage(work, case.id, "15_appeal")
    assert ended.updated_at is not None
    assert ended.concluded_on == ended.updated_at.date()
    assert again.concluded_on is None


def test_the_accused_are_numbered_within_their_case(house: House) -> None:
    with house.work("legal_officer") as work:
        case = a_case(work)
        made = [
            court.save_suspect(
                work,
                Suspect(legal_case_id=case.id, relationship="neighbour", status="identified"),
            )
            for _count in range(2)
        ]
    assert [suspect.accused_no for suspect in made] == [1, 2]
    assert all(suspect.retain_until for suspect in made)


def test_a_charge_ends_the_expiry_of_the_accused_and_typed_text_wins(house: House) -> None:
    with house.work("legal_officer") as work:
        case = a_case(work)
        suspect = court.save_suspect(
            work, Suspect(legal_case_id=case.id, relationship="neighbour", status="arrested")
        )
        charge = Charge(legal_case_id=case.id, suspect_id=suspect.id, charge_code="SOA-3")
        listed = court.save_charge(work, charge)
        typed = court.save_charge(work, replace(charge, count_no=2, charge_text="As on the sheet"))
        kept = work.get(Suspect, suspect.id)
    assert listed.charge_text.startswith("Rape, s.3")
    assert typed.charge_text == "As on the sheet"
    assert kept.retain_until is None


def test_a_repealed_section_is_refused_for_a_new_charge(house: House) -> None:
    from shelter_app.domain import codelists

    repealed = next(
        row.code
        for row in codelists.code_list("charges_ke").rows
        if row.more.get("status") == "repealed"
    )
    with house.work("legal_officer") as work:
        case = a_case(work)
        suspect = court.save_suspect(
            work, Suspect(legal_case_id=case.id, relationship="neighbour", status="arrested")
        )
        with pytest.raises(ValidationFailed) as error:
            court.save_charge(
                work,
                Charge(legal_case_id=case.id, suspect_id=suspect.id, charge_code=repealed),
            )
    assert problems_of(error) == {"charge_code"}


def test_a_promise_of_the_police_needs_a_day(house: House) -> None:
    with house.work("legal_officer") as work:
        case = a_case(work)
        contact = PoliceContact(
            legal_case_id=case.id, type="followup_call", summary="Called", promise="Will arrest"
        )
        with pytest.raises(ValidationFailed) as error:
            court.log_police_contact(work, contact)
        kept = court.log_police_contact(
            work, replace(contact, next_on=work.today + timedelta(days=7))
        )
        assert kept.is_waiting()
        assert not court.settle_promise(work, kept.id).is_waiting()
    assert problems_of(error) == {"next_on"}


def test_a_court_date_stands_in_the_house_calendar_without_what_it_is_for(
    house: House, clock_at: SetClock
) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
    with house.work("house_mother") as work:
        appointment = work.get(Appointment, event.id)
    assert (appointment.kind, appointment.starts_at) == ("court", HEARING)
    assert appointment.person_id == event.person_id


def test_moving_a_coming_date_moves_the_house_calendar_with_it(
    house: House, clock_at: SetClock
) -> None:
    clock_at(MORNING)
    later = HEARING + timedelta(days=1, hours=2)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work), leave_house_at=HEARING - timedelta(minutes=90))
        court.move_court_event(work, event.id, later)
        appointment = work.get(Appointment, event.id)
    assert appointment.starts_at == later
    assert appointment.leave_house_at == later - timedelta(minutes=90)


def test_a_date_that_has_come_cannot_be_edited(house: House, clock_at: SetClock) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
    clock_at(HEARING)
    with house.work("legal_officer") as work, pytest.raises(NotPossible):
        court.save_court_event(work, replace(event, type="mention"))


def test_an_outcome_is_recorded_once_and_makes_the_next_date_in_both_calendars(
    house: House, clock_at: SetClock
) -> None:
    clock_at(MORNING)
    next_at = HEARING + timedelta(days=30)
    with house.work("legal_officer") as work:
        case = a_case(work)
        event = a_hearing(work, case, leave_house_at=HEARING - timedelta(minutes=60))
    clock_at(HEARING + timedelta(hours=5))
    with house.work("legal_officer") as work:
        told = replace(event, outcome="adjourned", adjourn_reason="prosecutor", next_at=next_at)
        done = court.record_outcome(work, told)
        assert done.next_event is not None
        appointment = work.get(Appointment, done.next_event.id)
        with pytest.raises(NotPossible):
            court.record_outcome(work, replace(done.event, outcome="proceeded"))
    assert done.event.outcome == "adjourned"
    assert (appointment.starts_at, appointment.leave_house_at) == (
        next_at,
        next_at - timedelta(minutes=60),
    )


def test_recording_an_outcome_changes_nothing_that_was_planned(
    house: House, clock_at: SetClock
) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
    clock_at(HEARING + timedelta(hours=1))
    with house.work("legal_officer") as work:
        told = replace(event, outcome="proceeded", type="mention", court_station="NBI-KIBERA")
        kept = court.record_outcome(work, told).event
    assert (kept.type, kept.court_station) == (event.type, event.court_station)


def test_an_outcome_of_a_date_that_has_not_come_is_refused(
    house: House, clock_at: SetClock
) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
        with pytest.raises(ValidationFailed) as error:
            court.record_outcome(work, replace(event, outcome="proceeded"))
    assert problems_of(error) == {"outcome"}


def test_a_correction_leaves_the_first_entry_readable_and_takes_its_place(
    house: House, clock_at: SetClock
) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        case = a_case(work)
        event = a_hearing(work, case)
        companions.save_accompaniment(
            work, replace(companions.new_accompaniment(work, event.id), role="police")
        )
    clock_at(HEARING + timedelta(hours=1))
    with house.work("legal_officer") as work:
        kept = court.record_outcome(work, replace(event, outcome="proceeded")).event
        changed = replace(kept, outcome="part_heard")
        fresh = court.amend_court_event(work, kept.id, changed, "Read the file again")
        first = work.get(CourtEvent, kept.id)
        page = court_pages.case_page(work, case.id)
        going = work.matching(Accompaniment, court_event_id=fresh.id)
        old_time = work.get(Appointment, kept.id)
    assert (first.outcome, first.superseded) == ("proceeded", True)
    assert (fresh.outcome, fresh.amends_id) == ("part_heard", kept.id)
    assert [hearing.event.id for hearing in page.hearings] == [fresh.id]
    assert len(going) == 1
    assert old_time.cancelled


def adjourned(
    house: House, clock_at: SetClock, next_at: datetime | None
) -> tuple[CourtEvent, CourtEvent | None]:
    """Return a date that was adjourned, and the one that was to follow."""
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work), leave_house_at=HEARING - timedelta(minutes=60))
    clock_at(HEARING + timedelta(hours=1))
    with house.work("legal_officer") as work:
        told = replace(event, outcome="adjourned", adjourn_reason="prosecutor", next_at=next_at)
        done = court.record_outcome(work, told)
    return done.event, done.next_event


def coming(work: Work, case_id: int) -> list[tuple[datetime | None, datetime | None, bool]]:
    """Return the coming dates of a case with what the house's calendar says of them."""
    found = work.matching(CourtEvent, legal_case_id=case_id, superseded=False)
    times = [(one, work.get(Appointment, one.id)) for one in found if not one.is_past()]
    return [(one.starts_at, time.leave_house_at, time.cancelled) for one, time in times]


def test_the_next_date_moves_with_its_correction(house: House, clock_at: SetClock) -> None:
    wrong, right = HEARING + timedelta(days=30), HEARING + timedelta(days=61)
    event, following = adjourned(house, clock_at, wrong)
    assert following is not None
    with house.work("legal_officer") as work:
        companions.save_accompaniment(
            work, replace(companions.new_accompaniment(work, following.id), role="police")
        )
        court.amend_court_event(work, event.id, replace(event, next_at=right), "February it was")
        assert coming(work, event.legal_case_id) == [(right, right - timedelta(minutes=60), False)]
        assert work.matching(Accompaniment, court_event_id=following.id)


def test_a_next_date_that_was_forgotten_comes_with_the_correction(
    house: House, clock_at: SetClock
) -> None:
    event, following = adjourned(house, clock_at, None)
    assert following is None
    right = HEARING + timedelta(days=61)
    with house.work("legal_officer") as work:
        court.amend_court_event(work, event.id, replace(event, next_at=right), "It was forgotten")
        assert coming(work, event.legal_case_id) == [(right, right - timedelta(minutes=60), False)]


def test_a_next_date_that_there_is_not_goes_with_the_correction(
    house: House, clock_at: SetClock
) -> None:
    event, following = adjourned(house, clock_at, HEARING + timedelta(days=30))
    assert following is not None
    with house.work("legal_officer") as work:
        court.amend_court_event(
            work, event.id, replace(event, next_at=None), "No date was given at all"
        )
        assert coming(work, event.legal_case_id) == []
        assert work.get(Appointment, following.id).cancelled


def test_a_correction_of_something_else_leaves_the_next_date_alone(
    house: House, clock_at: SetClock
) -> None:
    event, following = adjourned(house, clock_at, HEARING + timedelta(days=30))
    assert following is not None
    later = HEARING + timedelta(days=40)
    with house.work("legal_officer") as work:
        court.move_court_event(work, following.id, later)
        changed = replace(event, adjourn_reason="witness_absent")
        court.amend_court_event(work, event.id, changed, "The witness it was")
        assert [found[0] for found in coming(work, event.legal_case_id)] == [later]


def test_a_corrected_entry_cannot_be_corrected_again(house: House, clock_at: SetClock) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
    clock_at(HEARING + timedelta(hours=1))
    with house.work("legal_officer") as work:
        changed = replace(event, type="mention")
        court.amend_court_event(work, event.id, changed, "It was a mention")
        with pytest.raises(NotPossible):
            court.amend_court_event(work, event.id, changed, "Once more, please")


def test_a_correction_needs_a_reason(house: House, clock_at: SetClock) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
    clock_at(HEARING + timedelta(hours=1))
    with house.work("legal_officer") as work, pytest.raises(ValidationFailed) as error:
        court.amend_court_event(work, event.id, replace(event, type="mention"), " ")
    assert problems_of(error) == {"amendment_reason"}


def test_a_withdrawn_date_leaves_the_house_calendar(house: House, clock_at: SetClock) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
        court.withdraw_court_event(work, event.id, "Listed by mistake")
        assert work.get(Appointment, event.id).cancelled


def test_a_hearing_without_companion_is_found_until_somebody_is_named(
    house: House, clock_at: SetClock
) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
        until = HEARING + timedelta(days=1)
        before = questions.hearings_without_companion(work.connection, until)
        going = companions.new_accompaniment(work, event.id)
        companions.save_accompaniment(work, replace(going, staff_id=work.actor.staff_id))
        after = questions.hearings_without_companion(work.connection, until)
    assert [found.appointment_id for found in before] == [event.id]
    assert after == ()


def test_a_house_mother_finds_hearings_without_companion(house: House, clock_at: SetClock) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
    with house.work("house_mother") as work:
        found = questions.hearings_without_companion(work.connection, HEARING)
    assert [one.appointment_id for one in found] == [event.id]


def test_a_companion_wanted_elsewhere_is_shown_with_the_other_time(
    house: House, clock_at: SetClock
) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
        me = work.actor.staff_id
        work.save(
            Appointment(kind="conference", starts_at=HEARING + timedelta(minutes=30), staff_id=me)
        )
        work.save(
            Appointment(kind="conference", starts_at=HEARING + timedelta(hours=9), staff_id=me)
        )
        found = companions.clashes(work, event.id, me)
    assert [clash.starts_at for clash in found] == [HEARING + timedelta(minutes=30)]


def test_undoing_an_outcome_takes_the_next_date_back(house: House, clock_at: SetClock) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
    clock_at(HEARING + timedelta(hours=1))
    desk = house.desk("legal_officer")
    told = replace(event, outcome="part_heard", next_at=HEARING + timedelta(days=9))
    done = desk.do(court.record_outcome, told).result()
    desk.do(records.undo, done.undo).result()
    with house.work("legal_officer") as work:
        assert not work.get(CourtEvent, event.id).is_recorded()
        assert done.value.next_event is not None
        assert work.get(Appointment, done.value.next_event.id).voided


def test_the_chips_hold_the_cases_they_name(house: House, clock_at: SetClock) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        person = a_person(work)
        waiting = a_legal_case(work, person, ob_date=date(2026, 8, 1))
        on_trial = a_legal_case(
            work, person, stage="11_hearing", lead_staff=1, court_station="MSA-SHANZU"
        )
        ended = a_legal_case(work, person, stage="16_concluded", concluded_on=date(2026, 11, 1))
        a_hearing(work, on_trial)
        lists = {
            chip: court_pages.case_ids(work, chip)
            for chip in ("open", "soon", "police", "concluded", "mine")
        }
        counts = court_pages.case_counts(work)
    assert lists == {
        "open": [on_trial.id, waiting.id],
        "soon": [on_trial.id],
        "police": [waiting.id],
        "concluded": [ended.id],
        "mine": [waiting.id],
    }
    assert counts == {chip: len(ids) for chip, ids in lists.items()}


def test_a_case_is_found_by_number_and_by_the_survivors_working_name(house: House) -> None:
    with house.work("legal_officer") as work:
        person = a_person(work, display_alias="Pendo")
        case = a_legal_case(work, person, court_case_no="SO/E118/2026")
        a_case(work)
        assert court_pages.case_ids(work, "open", "e118") == [case.id]
        assert court_pages.case_ids(work, "open", "pend") == [case.id]
        assert court_pages.case_ids(work, "concluded", "pend") == []


def test_a_row_says_when_nobody_goes_along(house: House, clock_at: SetClock) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        case = a_case(work)
        a_hearing(work, case)
        row = court_pages.case_rows(work, [case.id])[0]
    assert (row.companion, row.companion_needed) == ("", True)


@pytest.mark.parametrize(
    "change",
    [
        "type = 'mention'",
        "starts_at = '2027-01-01 09:00:00.000000'",
        "court_station = ''",
        "outcome = 'dismissed'",
        "notes = 'otherwise'",
        "outcome = 'unknown'",
    ],
)
def test_the_file_itself_keeps_what_was_in_court(
    house: House, clock_at: SetClock, change: str
) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
    clock_at(HEARING + timedelta(hours=1))
    with house.work("legal_officer") as work:
        court.record_outcome(work, replace(event, outcome="proceeded"))
    vault = house.desk("legal_officer").vault
    later = "updated_at = '2027-02-01 09:00:00.000000'"
    statement = f"UPDATE cases.court_event SET {change}, {later} WHERE id = {event.id}"
    with pytest.raises(sa.exc.IntegrityError, match="amendment"), vault.transaction():
        vault.connection.exec_driver_sql(statement)
    with house.work("legal_officer") as work:
        kept = work.get(CourtEvent, event.id)
        assert (kept.outcome, kept.starts_at) == ("proceeded", HEARING)


def test_a_date_that_has_come_takes_its_outcome_once_and_no_other_change(
    house: House, clock_at: SetClock
) -> None:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        event = a_hearing(work, a_case(work))
    clock_at(HEARING + timedelta(hours=1))
    with (
        pytest.raises(sa.exc.IntegrityError, match="amendment"),
        house.work("legal_officer") as work,
    ):
        work.save(replace(work.get(CourtEvent, event.id), type="mention"))
    with house.work("legal_officer") as work:
        court.record_outcome(work, replace(event, outcome="proceeded"))
