"""What a survivor said of going to court, and why she left a programme: for counsellors only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from shelter_app.domain.after_accompaniment import AfterAccompaniment
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.counselling import (
    CounsellingEnrolment,
    CounsellingLeaving,
    CounsellingResult,
)
from shelter_app.domain.legal import Accompaniment
from shelter_app.domain.person import Person
from shelter_app.errors import NotAllowed, NotPossible, ValidationFailed
from shelter_app.services import (
    after_accompaniment,
    audit_trail,
    companions,
    counselling,
    counselling_leaving,
    counselling_week,
    court,
    deadlines,
    records,
)
from shelter_app.services.work import Work
from tests.builders import a_legal_case, a_person, a_stay
from tests.fixtures import House

NOW = datetime(2026, 11, 23, 10, 30)
HEARING = datetime(2026, 11, 20, 9)
SAID = "The waiting was long. The screen helped."


@dataclass(frozen=True)
class Outing:
    """Somebody who was in court on Friday with a companion."""

    person: Person
    going: Accompaniment

    @property
    def appointment_id(self) -> int:
        return self.going.court_event_id

    def told(self, words: str = SAID) -> AfterAccompaniment:
        return AfterAccompaniment(
            id=self.going.id, told_on=NOW.date(), survivor_how=words, person_id=self.person.id
        )


@pytest.fixture
def outing(house: House, clock_at: Callable[[datetime], None]) -> Outing:
    clock_at(HEARING - timedelta(days=3))
    counsellor = house.staff_id("counsellor")
    with house.work("manager") as work:
        person = a_person(work, display_alias="Pendo")
        a_stay(work, person, counsellor=counsellor)
        case = a_legal_case(work, person)
        event = replace(
            court.new_court_event(work, case.id),
            starts_at=HEARING,
            court_station="MSA-SHANZU",
            type="testimony",
        )
        event = court.add_court_event(work, event)
        going = companions.save_accompaniment(
            work, replace(companions.new_accompaniment(work, event.id), companion_name="Zawadi")
        )
        clock_at(NOW)
        work.now = NOW
        court.record_outcome(work, replace(event, outcome="proceeded"))
    return Outing(person, going)


def alerts(work: Work) -> set[str]:
    return {alert.rule for alert in deadlines.attention(work, mine=False).alerts}


def test_her_counsellor_writes_down_how_it_went_and_the_house_learns_only_that_she_was_asked(
    house: House, outing: Outing
) -> None:
    with house.work("counsellor") as work:
        assert "DL26" in alerts(work)
        card = after_accompaniment.open_card(work, outing.appointment_id)
        assert (card.record.revision, card.may_write) == (0, True)
        after_accompaniment.save(work, replace(card.record, survivor_how=SAID))
        assert "DL26" not in alerts(work)
        tab = counselling_week.resident_counselling(work, outing.person.id)
        assert [(one.going, one.asked) for one in tab.outings] == [(("Zawadi",), True)]
    with house.work("house_mother") as work:
        going = work.get(Accompaniment, outing.going.id)
        assert going.asked_after
        assert after_accompaniment.outings(work, outing.person.id) == ()
    for role in ("manager", "house_mother"):
        vault = house.desk(role).vault
        with vault.reading(), pytest.raises(sa.exc.OperationalError):
            vault.connection.exec_driver_sql("SELECT * FROM counselling.after_accompaniment")


def test_every_look_at_what_she_said_is_written_down(house: House, outing: Outing) -> None:
    with house.work("counsellor") as work:
        after_accompaniment.save(work, outing.told())
        after_accompaniment.open_card(work, outing.appointment_id)
    with house.work("counsellor") as work:
        wanted = audit_trail.Filter(table="after_accompaniment")
        seen = audit_trail.lines(work, audit_trail.page(work, wanted, None, 10).ids)
    assert {line.action for line in seen} == {"Made", "Opened"}


def test_nobody_else_reads_or_writes_what_she_said(house: House, outing: Outing) -> None:
    for role in ("manager", "social_worker", "house_mother", "legal_officer"):
        with house.work(role) as work:
            with pytest.raises(NotAllowed):
                after_accompaniment.open_card(work, outing.appointment_id)
            with pytest.raises(NotAllowed):
                after_accompaniment.save(work, outing.told())
            assert after_accompaniment.may_ask(work, outing.appointment_id) == outing.person.id


def test_a_counsellor_of_others_is_not_her_counsellor(house: House, outing: Outing) -> None:
    with house.work("manager") as work:
        from shelter_app.domain.stay import Stay

        stay = work.rule_matching(Stay, person_id=outing.person.id)[0]
        work.save(replace(stay, counsellor=4711))
    with house.work("counsellor") as work:
        with pytest.raises(NotAllowed):
            after_accompaniment.save(work, outing.told())
        assert after_accompaniment.outings(work, outing.person.id) == ()


def test_only_the_one_she_told_changes_it_and_words_are_needed(
    house: House, outing: Outing
) -> None:
    with house.work("counsellor") as work:
        with pytest.raises(ValidationFailed):
            after_accompaniment.save(work, outing.told("  "))
        kept = after_accompaniment.save(work, outing.told())
        again = after_accompaniment.save(work, replace(kept, survivor_how="Better now."))
        assert (again.revision, again.survivor_how) == (2, "Better now.")
        foreign = work.save(replace(again, heard_by=4711))
        assert not after_accompaniment.open_card(work, outing.appointment_id).may_write
        with pytest.raises(NotPossible):
            after_accompaniment.save(work, foreign)


def test_an_outing_that_is_to_come_or_that_nobody_went_along_to_has_nothing_to_ask(
    house: House, outing: Outing
) -> None:
    with house.work("counsellor") as work:
        ahead = replace(
            work.get(Appointment, outing.appointment_id), starts_at=NOW + timedelta(days=2)
        )
        work.save(ahead, by_program=True)
        with pytest.raises(NotPossible):
            after_accompaniment.open_card(work, outing.appointment_id)
        with pytest.raises(NotPossible):
            after_accompaniment.save(work, outing.told())
        assert after_accompaniment.outings(work, outing.person.id) == ()
        work.save(replace(ahead, starts_at=HEARING, revision=ahead.revision + 1), by_program=True)
        work.save(replace(outing.going, voided=True), by_program=True)
        assert after_accompaniment.may_ask(work, outing.appointment_id) == outing.person.id
        with pytest.raises(NotPossible):
            after_accompaniment.open_card(work, outing.appointment_id)


def test_a_companion_she_has_spoken_of_cannot_be_taken_off(house: House, outing: Outing) -> None:
    with house.work("counsellor") as work:
        after_accompaniment.save(work, outing.told())
    with house.work("manager") as work, pytest.raises(NotPossible):
        companions.remove_accompaniment(work, outing.going.id)


def test_what_was_taken_back_can_be_written_again(house: House, outing: Outing) -> None:
    desk = house.desk("counsellor")
    first = desk.do(after_accompaniment.save, outing.told()).result()
    desk.do(records.undo, first.undo).result()
    with house.work("counsellor") as work:
        card = after_accompaniment.open_card(work, outing.appointment_id)
        assert (card.record.survivor_how, card.outing.asked) == ("", False)
        assert not work.get(Accompaniment, outing.going.id).asked_after
        kept = after_accompaniment.save(work, outing.told("Said again"))
        assert not kept.voided


# Why she left a programme


@pytest.fixture
def enrolment(house: House, outing: Outing) -> CounsellingEnrolment:
    with house.work("counsellor") as work:
        new = CounsellingEnrolment(
            person_id=outing.person.id,
            programme="six_session",
            counsellor=work.actor.staff_id,
            started_on=work.today - timedelta(days=30),
        )
        return counselling.enrol(work, new)


DROPPED = CounsellingResult(outcome="dropped")
WHY = CounsellingLeaving(drop_reason="Wants to be left alone with it for now")


def test_why_she_left_lies_with_the_notes_and_how_it_ended_with_the_cases(
    house: House, enrolment: CounsellingEnrolment
) -> None:
    with house.work("counsellor") as work:
        counselling.save_enrolment(work, enrolment, DROPPED, WHY)
        kept = counselling_leaving.open_leaving(work, enrolment.id)
        assert kept is not None
        assert kept.drop_reason == WHY.drop_reason
    with house.work("manager") as work:
        assert counselling.result_of(work, enrolment.id) is not None
        assert counselling_leaving.open_leaving(work, enrolment.id) is None
        stored = work.get(CounsellingEnrolment, enrolment.id)
        with pytest.raises(NotAllowed):
            counselling.save_enrolment(work, stored, DROPPED, WHY)
    vault = house.desk("house_mother").vault
    with vault.reading(), pytest.raises(sa.exc.OperationalError):
        vault.connection.exec_driver_sql("SELECT * FROM counselling.counselling_leaving")


def test_a_reason_that_says_nothing_is_not_begun_and_one_taken_back_is_begun_again(
    house: House, enrolment: CounsellingEnrolment
) -> None:
    desk = house.desk("counsellor")
    done = desk.do(counselling.save_enrolment, enrolment, DROPPED, CounsellingLeaving()).result()
    with house.work("counsellor") as work:
        assert work.rule_matching(CounsellingLeaving) == []
    ended = desk.do(counselling.save_enrolment, done.value, DROPPED, WHY).result()
    desk.do(records.undo, ended.undo).result()
    with house.work("counsellor") as work:
        empty = counselling_leaving.open_leaving(work, enrolment.id)
        assert empty is not None
        assert empty.drop_reason == ""
        stored = work.get(CounsellingEnrolment, enrolment.id)
        counselling.save_enrolment(work, stored, DROPPED, replace(empty, drop_reason="Moved"))
        again = counselling_leaving.open_leaving(work, enrolment.id)
        assert again is not None
        assert (again.drop_reason, again.voided) == ("Moved", False)


def test_a_result_that_was_taken_back_is_not_shown_and_can_be_given_again(
    house: House, enrolment: CounsellingEnrolment
) -> None:
    desk = house.desk("counsellor")
    changed = CounsellingResult(behaviour_change="reduced")
    done = desk.do(counselling.save_enrolment, enrolment, changed).result()
    desk.do(records.undo, done.undo).result()
    with house.work("counsellor") as work:
        assert counselling.result_of(work, enrolment.id) is None
        tab = counselling_week.resident_counselling(work, enrolment.person_id)
        assert tab.programmes[0].result is None
        counselling.save_enrolment(work, work.get(CounsellingEnrolment, enrolment.id), changed)
        again = counselling.result_of(work, enrolment.id)
    assert again is not None
    assert again.behaviour_change == "reduced"
