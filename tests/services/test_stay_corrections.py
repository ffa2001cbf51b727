"""A stay put right: the hour she came, her case worker, what the first evening left open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.stay import Absence, Bed, BedStay, Placement, Stay
from shelter_app.errors import NotAllowed, NotPossible, ValidationFailed
from shelter_app.services import house as beds_and_stays
from shelter_app.services import stay_corrections
from shelter_app.services.house import BEFORE_LAST_EXIT, LATE_FOR_HOUSE
from shelter_app.services.stay_corrections import (
    AFTER_WHAT_FOLLOWED,
    NOT_THE_LATEST,
    SAY_WHY_FIRST,
)
from shelter_app.services.work import Work
from shelter_app.storage.questions.house import BED_TAKEN
from tests.builders import a_person, a_room_with_beds
from tests.fixtures import House


def admitted(
    work: Work, bed: Bed, worker: int, hours_ago: float = 5, person_id: int = 0, why: str = ""
) -> Stay:
    """Admit somebody to a bed, some hours ago."""
    person_id = person_id or a_person(work).id
    stay = Stay(
        person_id=person_id,
        case_manager=worker,
        admitted_at=work.now - timedelta(hours=hours_ago),
    )
    placement = Placement(person_id=person_id, admission_kind="new", late_entry_reason=why)
    return beds_and_stays.admit(work, stay, bed.id, placement)


def leave(work: Work, stay: Stay, exited_at: datetime | None = None) -> Stay:
    details = replace(
        beds_and_stays.exit_draft(work, stay.id),
        exit_type="kinship",
        exit_override_reason="Her aunt came",
    )
    return beds_and_stays.exit_stay(work, details, exited_at).stay


def refused(work: Work, stay: Stay, admitted_at: datetime) -> str:
    """Return the sentence beside the time of admission."""
    with pytest.raises(ValidationFailed) as raised:
        stay_corrections.correct(work, replace(stay, admitted_at=admitted_at))
    (problem,) = raised.value.problems
    assert problem.field == "admitted_at"
    return problem.sentence


def test_her_first_bed_follows_the_corrected_admission(house: House) -> None:
    with house.work("social_worker") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0], work.actor.staff_id)
        earlier = work.now - timedelta(hours=20)
        kept = stay_corrections.correct(
            work, replace(stay, admitted_at=earlier, belongings_done=True, state="S40_stay")
        )
        assert (kept.admitted_at, kept.belongings_done) == (earlier, True)
        assert kept.state == stay.state  # a step is taken by its own act
        (held,) = work.matching(BedStay, stay_id=stay.id)
        assert held.from_at == earlier


def test_what_followed_stays_after_the_admission(house: House) -> None:
    with house.work("manager") as work:
        _room, beds = a_room_with_beds(work, 3)
        moved = admitted(work, beds[0], work.actor.staff_id)
        beds_and_stays.move(work, moved.id, beds[1].id)
        (first,) = work.matching(BedStay, stay_id=moved.id, bed_id=beds[0].id)
        work.save(replace(first, to_at=work.now - timedelta(hours=2)), by_program=True)
        assert refused(work, moved, work.now - timedelta(hours=1)) == AFTER_WHAT_FOLLOWED
        away = admitted(work, beds[2], work.actor.staff_id)
        absence = Absence(
            stay_id=away.id,
            type="hospital",
            left_at=work.now - timedelta(hours=2),
            expected_back=work.now + timedelta(days=2),
        )
        beds_and_stays.leave(work, absence)
        now = work.get(Stay, away.id)
        assert refused(work, now, work.now - timedelta(hours=1)) == AFTER_WHAT_FOLLOWED
        assert stay_corrections.correct(
            work, replace(now, admitted_at=work.now - timedelta(hours=3))
        )


def test_an_admission_is_not_moved_into_her_last_stay_or_somebody_elses_nights(
    house: House,
) -> None:
    with house.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        worker = work.actor.staff_id
        before = admitted(work, beds[0], worker, 20)
        leave(work, before, work.now - timedelta(hours=10))
        again = admitted(work, beds[1], worker, 5, before.person_id)
        assert refused(work, again, work.now - timedelta(hours=12)) == BEFORE_LAST_EXIT
        other = admitted(work, beds[0], worker, 5)
        with pytest.raises(NotPossible) as taken:
            stay_corrections.correct(
                work, replace(other, admitted_at=work.now - timedelta(hours=12))
            )
        assert taken.value.args == (BED_TAKEN,)
        with pytest.raises(NotPossible) as old:
            stay_corrections.correct(work, work.get(Stay, before.id))
        assert old.value.args == (NOT_THE_LATEST,)


def test_a_day_before_it_was_recorded_needs_a_reason_kept_with_the_basis(house: House) -> None:
    with house.work("social_worker") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0], work.actor.staff_id)
        long_ago = work.now - timedelta(days=3)
        assert refused(work, stay, long_ago) == SAY_WHY_FIRST
        placement = work.get(Placement, stay.id)
        beds_and_stays.record_placement(
            work, replace(placement, late_entry_reason="No power for three days")
        )
        kept = stay_corrections.correct(work, replace(stay, admitted_at=long_ago))
        assert kept.admitted_at == long_ago


def test_the_house_corrects_its_own_night_and_not_whose_case_she_is(house: House) -> None:
    worker = house.staff_id("social_worker")
    with house.work("manager") as work:
        _room, beds = a_room_with_beds(work)
    with house.work("house_mother") as work:
        stay = admitted(work, beds[0], worker)
        assert not stay_corrections.may_hand_over(work, stay.person_id)
        with pytest.raises(NotAllowed):
            stay_corrections.correct(work, replace(stay, case_manager=work.actor.staff_id))
        with pytest.raises(NotPossible) as late:
            stay_corrections.correct(work, replace(stay, admitted_at=work.now - timedelta(days=2)))
        assert late.value.args == (LATE_FOR_HOUSE,)
        kept = stay_corrections.correct(
            work,
            replace(stay, admitted_at=work.now - timedelta(hours=6), house_rules_explained=True),
        )
        assert kept.house_rules_explained


def test_a_case_is_handed_over_with_the_contacts_still_owed(house: House) -> None:
    worker, manager = house.staff_id("social_worker"), house.staff_id("manager")
    counsellor = house.staff_id("counsellor")
    with house.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = leave(work, admitted(work, beds[0], worker))
        owed = work.matching(FollowupContact, stay_id=stay.id)
        made = replace(owed[0], done_on=work.today, result="reached")
        work.save(made, by_program=True)
        work.save(replace(owed[1], by=counsellor), by_program=True)
    with house.work("social_worker") as work:
        assert stay_corrections.may_hand_over(work, stay.person_id)
        stay_corrections.correct(work, replace(work.get(Stay, stay.id), case_manager=manager))
    with house.work("social_worker") as work:
        assert not stay_corrections.may_hand_over(work, stay.person_id)
    with house.work("manager") as work:
        after = {one.id: one.by for one in work.matching(FollowupContact, stay_id=stay.id)}
        assert after.pop(owed[0].id) == worker
        assert after.pop(owed[1].id) == counsellor
        assert set(after.values()) == {manager}


def test_readers_correct_no_stay(house: House) -> None:
    with house.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0], work.actor.staff_id)
    with house.work("legal_officer") as work, pytest.raises(NotAllowed):
        stay_corrections.correct(work, stay)
