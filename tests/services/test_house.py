"""Who sleeps where: admission, absences, beds and leaving, on a real vault."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from shelter_app import clock
from shelter_app.domain import admission
from shelter_app.domain.aftercare import FollowupContact, SafeContact
from shelter_app.domain.person import Person, PersonBackground
from shelter_app.domain.stay import Absence, Bed, BedStay, Placement, Room, Stay
from shelter_app.errors import NotAllowed, NotFound, NotPossible, Problem, ValidationFailed
from shelter_app.services import bed_board, house, house_choices, records, residents, rooms
from shelter_app.services.changes import Done
from shelter_app.services.open_stays import BEFORE_BIRTH
from shelter_app.services.work import Work
from shelter_app.storage.questions import house as questions
from tests.builders import a_court_event, a_legal_case, a_person, a_room_with_beds
from tests.fixtures import House


def admitted(work: Work, bed: Bed, **person: Any) -> Stay:
    """Admit somebody new to a bed."""
    who = a_person(work, **person)
    stay = Stay(person_id=who.id, case_manager=work.actor.staff_id)
    placement = Placement(person_id=who.id, admission_kind="new", legal_basis="children_officer")
    return house.admit(work, stay, bed.id, placement)


def away(work: Work, stay: Stay, **changes: Any) -> Absence:
    values: dict[str, Any] = {
        "stay_id": stay.id,
        "type": "hospital",
        "left_at": work.now,
        "expected_back": work.now + timedelta(days=2),
    }
    return house.leave(work, Absence(**(values | changes)))


def bed_of(work: Work, stay: Stay) -> int:
    found = work.matching(BedStay, stay_id=stay.id, to_at=None)
    return found[0].bed_id if found else 0


def test_admitting_opens_a_stay_with_a_bed_and_a_placement(house_: House) -> None:
    with house_.work("social_worker") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        assert (stay.state, stay.stay_no) == ("S20_intake", 1)
        assert bed_of(work, stay) == beds[0].id
        assert work.get(Placement, stay.id).legal_basis == "children_officer"


@pytest.fixture
def house_(house: House) -> House:
    """The test's house, under a name that leaves `house` to the service."""
    return house


def test_two_residents_cannot_share_a_bed(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        admitted(work, beds[0])
    desk = house_.desk("manager")
    with house_.work("manager") as work:
        second = a_person(work)
    stay = Stay(person_id=second.id, case_manager=desk.actor.staff_id)
    refused = desk.do(house.admit, stay, beds[0].id).exception()
    assert isinstance(refused, NotPossible)
    assert refused.args == (questions.BED_TAKEN,)
    assert desk.ask(Work.matching, Stay, person_id=second.id).result() == []


def test_the_file_itself_refuses_a_bed_that_overlaps_in_time(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        first, second = admitted(work, beds[0]), admitted(work, beds[1])
        assert first.admitted_at is not None
        overlapping = BedStay(
            stay_id=second.id,
            person_id=second.person_id,
            bed_id=beds[0].id,
            from_at=first.admitted_at - timedelta(hours=1),
            to_at=first.admitted_at + timedelta(minutes=5),
        )
        with pytest.raises(sa.exc.IntegrityError):
            work.save(overlapping, by_program=True)


def test_an_admission_cannot_reach_back_into_somebody_elses_nights(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        details = dataclasses.replace(house.exit_draft(work, stay.id), exit_type="kinship")
        house.exit_stay(work, details)
        held = work.matching(BedStay, stay_id=stay.id)[0]
        earlier = work.now - timedelta(hours=20)
        work.save(dataclasses.replace(held, from_at=earlier), by_program=True)
        late = Stay(
            person_id=a_person(work).id,
            case_manager=work.actor.staff_id,
            admitted_at=work.now - timedelta(hours=10),
        )
        with pytest.raises(NotPossible) as refused:
            house.admit(work, late, beds[0].id)
        assert refused.value.args == (questions.BED_TAKEN,)


def test_nobody_is_admitted_later_today_or_in_another_century(house_: House) -> None:
    with house_.work("social_worker") as work:
        _room, beds = a_room_with_beds(work)
        who = a_person(work)
        stay = Stay(person_id=who.id, case_manager=work.actor.staff_id)
        placement = Placement(person_id=who.id, admission_kind="new", late_entry_reason="Paper")
        for wrong in (work.now + timedelta(hours=1), work.now - timedelta(days=36525)):
            if wrong.date() > work.today:
                continue  # an hour before midnight; the day itself is refused then
            with pytest.raises(ValidationFailed) as refused:
                house.admit(
                    work, dataclasses.replace(stay, admitted_at=wrong), beds[0].id, placement
                )
            assert [found.field for found in refused.value.problems] == ["admitted_at"]
        rounded = dataclasses.replace(stay, admitted_at=work.now + timedelta(minutes=8))
        if rounded.admitted_at and rounded.admitted_at.date() == work.today:
            assert house.admit(work, rounded, beds[0].id, placement).revision == 1


def test_nobody_is_admitted_before_she_was_born(house_: House) -> None:
    with house_.work("social_worker") as work:
        _room, beds = a_room_with_beds(work)
        who = a_person(work)
        born = work.today - timedelta(days=20)
        background = PersonBackground(person_id=who.id, birth_date=born)
        residents.save_background(work, background)
        stay = Stay(
            person_id=who.id,
            case_manager=work.actor.staff_id,
            admitted_at=work.now - timedelta(days=30),
        )
        placement = Placement(
            person_id=who.id,
            admission_kind="new",
            legal_basis="children_officer",
            late_entry_reason="Paper",
        )
        with pytest.raises(ValidationFailed) as refused:
            house.admit(work, stay, beds[0].id, placement)
        assert refused.value.problems == (Problem("admitted_at", BEFORE_BIRTH),)
        moved_in = dataclasses.replace(stay, admitted_at=work.now - timedelta(days=20))
        house.admit(work, moved_in, beds[0].id, placement)
        kept = work.get(PersonBackground, who.id)
        with pytest.raises(ValidationFailed) as refused:
            residents.save_background(
                work, dataclasses.replace(kept, birth_date=work.today - timedelta(days=3))
            )
        assert refused.value.problems == (Problem("birth_date", residents.AFTER_ADMISSION),)


def test_nobody_has_two_open_stays(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        with pytest.raises(NotPossible):
            house.admit(
                work,
                Stay(person_id=stay.person_id, case_manager=work.actor.staff_id),
                beds[1].id,
            )


def test_a_child_is_admitted_only_with_a_basis(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        child = a_person(work, age_band="14-15")
        stay = Stay(person_id=child.id, case_manager=work.actor.staff_id)
        with pytest.raises(ValidationFailed) as refused:
            house.admit(work, stay, beds[0].id)
        assert [problem.field for problem in refused.value.problems] == ["legal_basis"]


def test_an_admission_needs_a_responsible_worker(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        person = a_person(work)
        with pytest.raises(ValidationFailed) as refused:
            house.admit(work, Stay(person_id=person.id), beds[0].id)
        assert [problem.field for problem in refused.value.problems] == ["case_manager"]


def test_backdating_by_more_than_a_day_asks_why(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        person = a_person(work)
        stay = Stay(
            person_id=person.id,
            case_manager=work.actor.staff_id,
            admitted_at=work.now - timedelta(days=3),
        )
        with pytest.raises(ValidationFailed):
            house.admit(work, stay, beds[0].id)
        placement = Placement(
            person_id=person.id, admission_kind="new", late_entry_reason="Power cut for two days"
        )
        assert house.admit(work, stay, beds[0].id, placement).admitted_at == stay.admitted_at


def test_a_house_mother_admits_at_night_and_casework_adds_the_basis(house_: House) -> None:
    worker = house_.staff_id("social_worker")
    with house_.work("house_mother") as work:
        _room, beds = a_room_with_beds(work)
        person = a_person(work, age_band="14-15")
        stay = house.admit(work, Stay(person_id=person.id, case_manager=worker), beds[0].id)
    with house_.work("social_worker") as work:
        missing = questions.stays_without_placement(work.connection)
        assert [found.stay_id for found in missing] == [stay.id]
        placement = Placement(
            id=stay.id,
            person_id=person.id,
            admission_kind="overnight",
            legal_basis="police_handover",
        )
        house.record_placement(work, placement)
        assert questions.stays_without_placement(work.connection) == ()


def test_a_counsellor_admits_nobody(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        person = a_person(work)
    with house_.work("counsellor") as work, pytest.raises(NotAllowed):
        house.admit(work, Stay(person_id=person.id, case_manager=work.actor.staff_id), beds[0].id)


def test_a_bed_out_of_service_is_refused(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        broken = rooms.save_bed(work, dataclasses.replace(beds[0], out_of_service=True))
        with pytest.raises(NotPossible):
            admitted(work, broken)


def test_being_away_keeps_the_bed_and_coming_back_restores_the_state(house_: House) -> None:
    with house_.work("house_mother") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        absence = away(work, stay)
        assert work.get(Stay, stay.id).state == "S75_hospital"
        assert bed_board.tonight(work).held == 1
        house.come_back(work, absence.id)
        assert work.get(Stay, stay.id).state == "S20_intake"
        assert bed_of(work, stay) == beds[0].id


def test_a_place_that_is_not_kept_is_free_and_coming_back_asks_for_a_bed(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        absence = away(work, stay, type="family_visit", bed_held=False)
        assert bed_of(work, stay) == 0
        admitted(work, beds[0])
        with pytest.raises(NotPossible):
            house.come_back(work, absence.id)
        house.come_back(work, absence.id, bed_id=beds[1].id)
        assert bed_of(work, stay) == beds[1].id


def test_a_place_can_be_given_up_later(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        absence = away(work, stay, type="missing", expected_back=None)
        house.give_up_place(work, absence.id)
        assert bed_board.tonight(work).free == 2
        assert [found.stay_id for found in bed_board.board(work).without_bed] == [stay.id]


def test_going_missing_from_a_hospital_keeps_the_state_before(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        away(work, stay)
        missing = away(work, stay, type="missing", expected_back=None)
        assert work.get(Stay, stay.id).state == "S70_missing"
        house.come_back(work, missing.id)
        assert work.get(Stay, stay.id).state == "S20_intake"
        assert work.matching(Absence, stay_id=stay.id, returned_at=None) == []


def test_nobody_is_away_twice(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        away(work, stay)
        with pytest.raises(NotPossible):
            away(work, stay, type="camp")


def test_dropping_on_a_free_bed_moves_and_on_a_taken_one_swaps(house_: House) -> None:
    with house_.work("house_mother") as work:
        _room, beds = a_room_with_beds(work, 3)
        one, other = admitted(work, beds[0]), admitted(work, beds[1])
        house.move_or_swap(work, beds[0].id, beds[2].id)
        assert bed_of(work, one) == beds[2].id
        house.move_or_swap(work, beds[2].id, beds[1].id)
        assert (bed_of(work, one), bed_of(work, other)) == (beds[1].id, beds[2].id)


@pytest.mark.parametrize("act", ["admit", "leave", "move", "swap", "exit"])
def test_every_act_can_be_undone(house_: House, act: str) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work, 3)
        stay, other = admitted(work, beds[0]), admitted(work, beds[1])
        newcomer = a_person(work)
    desk = house_.desk("manager")
    before = desk.ask(bed_board.board).result()
    fresh = Stay(person_id=newcomer.id, case_manager=desk.actor.staff_id)
    absence = Absence(stay_id=stay.id, type="missing", left_at=clock.now(), bed_held=False)
    leaving = dataclasses.replace(
        desk.ask(house.exit_draft, stay.id).result(), exit_type="kinship", exit_risk="low"
    )
    acts: dict[str, Callable[[], Done[Any]]] = {
        "admit": lambda: desk.do(house.admit, fresh, beds[2].id).result(),
        "leave": lambda: desk.do(house.leave, absence).result(),
        "move": lambda: desk.do(house.move, stay.id, beds[2].id).result(),
        "swap": lambda: desk.do(house.swap, stay.id, other.id).result(),
        "exit": lambda: desk.do(house.exit_stay, leaving).result(),
    }
    done = acts[act]()
    changed = desk.ask(bed_board.board).result()
    desk.do(records.undo, done.undo).result()
    after = desk.ask(bed_board.board).result()
    assert changed != before
    assert after == before


def test_leaving_frees_the_bed_and_plans_the_contacts(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        details = dataclasses.replace(
            house.exit_draft(work, stay.id), exit_type="kinship", exit_risk="low"
        )
        ended = house.exit_stay(work, details)
        assert ended.stay.state == "S55_aftercare"
        assert ended.contacts == 10
        assert bed_board.tonight(work).free == 2
        kept = work.get(Placement, stay.id)
        assert (kept.exit_type, kept.exit_approved_by) == ("kinship", work.actor.staff_id)
        first = work.matching(FollowupContact, order=("due_on",), person_id=stay.person_id)[0]
        assert first.due_on == work.today + timedelta(days=7)


def test_high_risk_plans_twice_as_many_contacts_in_three_months(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        details = dataclasses.replace(
            house.exit_draft(work, stay.id), exit_type="kinship", exit_risk="high"
        )
        assert house.exit_stay(work, details).contacts == 15


def test_who_asked_for_no_contact_is_left_alone(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        work.save(
            SafeContact(
                id=stay.person_id,
                person_id=stay.person_id,
                channel="phone_call",
                hours="Never",
                agreed_on=work.today,
                no_contact=True,
            )
        )
        details = dataclasses.replace(house.exit_draft(work, stay.id), exit_type="self_discharge")
        assert house.exit_stay(work, details).contacts == 0


def test_a_child_leaves_with_approval_or_with_a_reason(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0], age_band="14-15")
        details = dataclasses.replace(house.exit_draft(work, stay.id), exit_type="kinship")
        with pytest.raises(ValidationFailed) as refused:
            house.exit_stay(work, details)
        assert [p.field for p in refused.value.problems] == ["exit_override_reason"]
        reasoned = dataclasses.replace(
            details, exit_override_reason="Approval by phone, letter due"
        )
        assert house.exit_stay(work, reasoned).stay.exited_at is not None


def test_a_court_date_soon_without_a_companion_asks_for_a_reason(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0], age_band="25plus")
        case = a_legal_case(work, work.get(Person, stay.person_id))
        a_court_event(work, case, survivor_required=True)
        details = dataclasses.replace(house.exit_draft(work, stay.id), exit_type="kinship")
        assert any(found.needs_reason for found in house.exit_concerns(work, details))


def test_only_a_manager_ends_a_stay(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
    with house_.work("house_mother") as work, pytest.raises(NotAllowed):
        house.exit_stay(work, Placement(id=stay.id, exit_type="ran_away"))


def test_coming_again_gets_the_next_number_and_ends_what_was_owed(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0])
        details = dataclasses.replace(house.exit_draft(work, stay.id), exit_type="ran_away")
        house.exit_stay(work, details)
        draft = house.admission_draft(work, stay.person_id)
        assert draft.stay.case_manager == stay.case_manager
        assert draft.placement is not None
        assert draft.placement.admission_kind == "readmission_return"
        again = house.admit(work, draft.stay, beds[0].id, draft.placement)
        assert again.stay_no == 2
        assert work.matching(FollowupContact, person_id=stay.person_id) == []


def test_the_house_card_shows_what_the_house_may_know(house_: House) -> None:
    with house_.work("house_mother") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0], diet="No pork", allergy_alert="Penicillin")
        card = bed_board.house_card(work, stay.id)
        assert (card.person.diet, card.bed_no) == ("No pork", beds[0].bed_no)
        assert card.actions == {"open", "move", "away"}
        tab = bed_board.stay_tab(work, stay.person_id)
        assert tab.stays[0].placement is None


def test_the_stay_tab_counts_nights_and_shows_the_basis_to_casework(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        person = a_person(work)
        placement = Placement(
            person_id=person.id,
            admission_kind="new",
            legal_basis="adult_consent",
            late_entry_reason="Computer was broken",
        )
        stay = Stay(
            person_id=person.id,
            case_manager=work.actor.staff_id,
            admitted_at=work.now - timedelta(days=5),
        )
        house.admit(work, stay, beds[0].id, placement)
        view = bed_board.stay_tab(work, person.id).stays[0]
        assert view.nights == 5
        assert view.placement is not None
        assert view.placement.legal_basis == "adult_consent"


def test_cots_are_not_counted_as_beds(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work, 3)
        rooms.save_bed(work, dataclasses.replace(beds[0], cot=True))
        rooms.save_bed(work, dataclasses.replace(beds[1], out_of_service=True))
        figures = bed_board.tonight(work)
        assert (figures.capacity, figures.free, figures.closed) == (1, 1, 1)


def test_a_bed_somebody_has_stays_on_the_board(house_: House) -> None:
    with house_.work("manager") as work:
        room, beds = a_room_with_beds(work)
        admitted(work, beds[0])
        for refused in (
            lambda: rooms.remove_bed(work, beds[0].id),
            lambda: rooms.remove_room(work, room.id),
            lambda: rooms.save_bed(work, dataclasses.replace(beds[0], out_of_service=True)),
        ):
            with pytest.raises(NotPossible):
                refused()
        assert len(rooms.add_beds(work, room.id, 2)) == 2


def test_only_people_without_a_stay_are_offered_for_admission(house_: House) -> None:
    with house_.work("social_worker") as work:
        _room, beds = a_room_with_beds(work)
        admitted(work, beds[0], display_alias="Pendo", person_no="R-0001")
        outside = a_person(work, display_alias="Pendeza", person_no="R-0002")
        assert [found[0] for found in house_choices.admittable(work, "pend")] == [outside.id]
        assert [found[0] for found in house_choices.admittable(work, "r-0002")] == [outside.id]


def test_the_house_loses_the_file_of_somebody_who_left(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        stay = admitted(work, beds[0], display_alias="Pendo")
        details = dataclasses.replace(house.exit_draft(work, stay.id), exit_type="kinship")
        house.exit_stay(work, details)
    with house_.work("house_mother") as work:
        assert house_choices.admittable(work, "pendo") == ()
        assert bed_board.board(work).without_bed == ()
        for closed in (
            lambda: bed_board.stay_tab(work, stay.person_id),
            lambda: bed_board.house_card(work, stay.id),
        ):
            with pytest.raises(NotFound):
                closed()


def test_dropping_offers_free_beds_first_and_then_changing_places(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work, 3)
        stay = admitted(work, beds[0])
        admitted(work, beds[1], display_alias="Zawadi")
        found = house_choices.bed_targets(work, stay_id=stay.id)
        assert [bed_id for bed_id, _words in found] == [beds[2].id, beds[1].id]
        assert "Zawadi" in found[1][1]
        assert [bed_id for bed_id, _words in house_choices.free_beds(work)] == [beds[2].id]


def test_nobody_older_than_a_small_child_is_put_into_a_cot(house_: House) -> None:
    with house_.work("manager") as work:
        room, beds = a_room_with_beds(work)
        cot = work.save(Bed(room_id=room.id, bed_no="C1", cot=True))
        woman = admitted(work, beds[0], age_band="25plus")
        baby = admitted(work, cot, age_band="under10")
        with pytest.raises(NotPossible, match="cot"):
            house.move_or_swap(work, beds[0].id, cot.id)
        with pytest.raises(NotPossible, match="cot"):
            house.swap(work, woman.id, baby.id)
        offered = [choice[0] for choice in house_choices.bed_targets(work, stay_id=woman.id)]
        assert cot.id not in offered
        assert bed_of(work, woman) == beds[0].id


def test_moving_into_a_room_meant_for_others_is_asked_first(house_: House) -> None:
    with house_.work("manager") as work:
        _room, beds = a_room_with_beds(work)
        girls = work.save(Room(name="Girls", room_type="dorm", age_min=10, age_max=13))
        bed = work.save(Bed(room_id=girls.id, bed_no="G1"))
        woman = admitted(work, beds[0], age_band="25plus")
        assert house.drop_hints(work, beds[0].id, bed.id) == (admission.TOO_OLD,)
        assert house.move_hints(work, woman.id, beds[1].id) == ()
