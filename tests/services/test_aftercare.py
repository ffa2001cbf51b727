"""Staying in touch: the list, the safe-contact card and what recording a contact does."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from shelter_app.domain import followup_schedule
from shelter_app.domain.aftercare import FollowupContact, SafeContact, SafeContactNumber
from shelter_app.domain.closure import Closure
from shelter_app.domain.person import Person
from shelter_app.domain.stay import Stay
from shelter_app.errors import NotAllowed, NotFound, NotPossible, ValidationFailed
from shelter_app.services import aftercare, closing
from shelter_app.services.work import Work
from tests.builders import a_person, a_stay
from tests.fixtures import House


def left(work: Work, case_manager: int = 0, **person_: Any) -> Person:
    """Save somebody who left a month ago, with a safe-contact card and number."""
    person = a_person(work, **person_)
    a_stay(
        work,
        person,
        state="S55_aftercare",
        admitted_at=work.now - timedelta(days=90),
        exited_at=work.now - timedelta(days=30),
        case_manager=case_manager or work.actor.staff_id,
    )
    card = SafeContact(
        person_id=person.id, channel="phone_call", hours="Evenings", agreed_on=work.today
    )
    number = SafeContactNumber(person_id=person.id, contact_name="Aunt", phone="0711 000 111")
    aftercare.save_card(work, card, number)
    return person


def owed(work: Work, person: Person, days: int, milestone: str = "m1") -> FollowupContact:
    return work.save(
        FollowupContact(
            person_id=person.id,
            milestone=milestone,
            due_on=work.today + timedelta(days=days),
            type="call",
        )
    )


def test_each_contact_stands_behind_the_chip_of_its_window(house: House) -> None:
    with house.work("manager") as work:
        person = left(work)
        late, due, coming = (owed(work, person, days) for days in (-8, 7, 8))
        made = aftercare.record_contact(
            work, dataclasses.replace(owed(work, person, 0), result="reached")
        ).contact
        for chip, contact in (("late", late), ("due", due), ("coming", coming), ("done", made)):
            assert aftercare.contact_ids(work, chip) == (contact.id,)
        assert aftercare.chip_counts(work) == dict.fromkeys(aftercare.CHIPS, 1)
        assert aftercare.waiting(work) == 1, "a manager is told what is late"
        rows = aftercare.contact_rows(work, (late.id, made.id))
        assert [row.standing for row in rows] == ["late", "done"]


def test_a_case_worker_sees_her_own_people_only(house: House) -> None:
    worker = house.staff_id("social_worker")
    with house.work("manager") as work:
        hers, other = left(work, worker), left(work)
        mine = owed(work, hers, 0)
        owed(work, other, 0)
    with house.work("social_worker") as work:
        assert aftercare.contact_ids(work, "due") == (mine.id,)
        assert aftercare.waiting(work) == 1
        assert aftercare.person_aftercare(work, hers.id).has_number
        with pytest.raises(NotAllowed):
            aftercare.person_aftercare(work, other.id)


def test_the_house_and_the_counsellor_see_no_list(house: House) -> None:
    with house.work("manager") as work:
        owed(work, left(work), 0)
    for role in ("house_mother", "counsellor", "sysadmin"):
        with house.work(role) as work:
            assert aftercare.contact_ids(work, "due") == ()
            assert aftercare.waiting(work) == 0


def test_without_a_card_only_her_own_call_can_be_recorded(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        draft = aftercare.contact_draft(work, person.id)
        with pytest.raises(NotPossible):
            aftercare.record_contact(work, dataclasses.replace(draft, result="reached"))
        hers = aftercare.she_called_draft(work, person.id)
        made = aftercare.record_contact(work, dataclasses.replace(hers, result="reached"))
        assert made.contact.done_on == work.today


def test_unsafe_to_talk_stops_and_keeps_nothing_that_was_heard(house: House) -> None:
    with house.work("manager") as work:
        contact = owed(work, left(work), 0)
        heard = dataclasses.replace(
            contact, result="unsafe_to_talk", housing_ok=True, action="Something", feels_safe=1
        )
        recorded = aftercare.record_contact(work, heard)
        assert recorded.stopped
        kept = recorded.contact
        assert (kept.safe_to_talk, kept.housing_ok, kept.action) == (False, None, "")
        assert (kept.done_on, kept.attempts) == (None, 1)


def test_tries_are_counted_with_days_and_ways(house: House) -> None:
    with house.work("manager") as work:
        person = left(work)
        contact = owed(work, person, 0)
        for days, how in ((3, "call"), (3, "sms"), (0, "call")):
            contact = aftercare.record_contact(
                work,
                dataclasses.replace(
                    contact,
                    type=how,
                    result="no_answer",
                    done_on=work.today - timedelta(days=days),
                ),
            ).contact
        tries = aftercare.person_aftercare(work, person.id).tries
        assert (tries.attempts, tries.days, tries.channels) == (3, 2, 2)
        assert not tries.enough


def test_her_own_call_fulfils_what_is_owed_by_now(house: House) -> None:
    with house.work("manager") as work:
        person = left(work)
        late, coming = owed(work, person, -20), owed(work, person, 60)
        draft = aftercare.she_called_draft(work, person.id)
        assert draft.id == late.id
        aftercare.record_contact(work, dataclasses.replace(draft, result="reached"))
        assert aftercare.contact_ids(work, "late") == ()
        assert aftercare.contact_ids(work, "coming") == (coming.id,)


def test_suspected_new_exploitation_asks_for_the_plan(house: House) -> None:
    with house.work("manager") as work:
        contact = dataclasses.replace(
            owed(work, left(work), 0), result="reached", reexploitation="suspected"
        )
        recorded = aftercare.record_contact(work, contact)
        assert followup_schedule.wants_plan_again(recorded.contact)


def test_a_next_day_plans_a_contact_of_its_own(house: House) -> None:
    with house.work("manager") as work:
        contact = owed(work, left(work), 0)
        soon = work.today + timedelta(days=5)
        recorded = aftercare.record_contact(
            work, dataclasses.replace(contact, result="reached", next_due=soon)
        )
        assert recorded.next_contact is not None
        assert recorded.next_contact.due_on == soon
        with pytest.raises(ValidationFailed):
            aftercare.record_contact(
                work,
                dataclasses.replace(
                    owed(work, left(work), 0), result="reached", next_due=work.today
                ),
            )


def test_how_it_went_has_to_be_said(house: House) -> None:
    with house.work("manager") as work, pytest.raises(ValidationFailed):
        aftercare.record_contact(work, owed(work, left(work), 0))


def test_showing_the_number_is_written_down(house: House) -> None:
    with house.work("manager") as work:
        person = left(work)
    desk = house.desk("manager")
    done = desk.do(aftercare.reveal_number, person.id).result()
    assert done.value.phone == "0711 000 111"
    with house.work("manager") as work:
        rows = work.connection.exec_driver_sql(
            "SELECT action FROM identity.audit WHERE record_type = 'safe_contact_number'"
        ).scalars()
        assert "reveal" in list(rows)


def test_a_role_without_the_identity_key_shows_no_number(house: House) -> None:
    with house.work("manager") as work:
        person = left(work)
    with house.work("counsellor") as work, pytest.raises((NotAllowed, NotFound)):
        aftercare.reveal_number(work, person.id)


def test_editing_the_card_keeps_a_number_that_was_not_typed_again(house: House) -> None:
    with house.work("manager") as work:
        person = left(work)
        card = dataclasses.replace(aftercare.card_draft(work, person.id), hours="Mornings")
        aftercare.save_card(work, card, SafeContactNumber(person_id=person.id, address="Kisauni"))
        number = aftercare.reveal_number(work, person.id)
        assert (number.phone, number.address) == ("0711 000 111", "Kisauni")


# Closing a file


def test_a_file_is_closed_once_the_schedule_is_kept_and_nothing_is_owed_after(
    house: House,
) -> None:
    with house.work("manager") as work:
        person = left(work)
        late, coming = owed(work, person, -8), owed(work, person, 40)
        draft = dataclasses.replace(
            closing.draft(work, person.id),
            reason="aftercare_complete",
            checklist=("final_visit", "services_told"),
        )
        with pytest.raises(ValidationFailed) as refused:
            closing.close(work, draft)
        assert [p.field for p in refused.value.problems] == ["reason"]
        aftercare.record_contact(work, dataclasses.replace(late, result="reached"))
        kept = closing.close(work, draft)
        assert work.get(Closure, kept.id).checklist == ("final_visit", "services_told")
        assert work.get(FollowupContact, coming.id).voided
        assert work.rule_matching(Stay, person_id=person.id)[0].state == "S60_closed"
        assert not closing.may_close(work, person.id)
        with pytest.raises(NotPossible):
            closing.draft(work, person.id)


def test_a_childs_file_waits_for_the_officer_and_contact_is_not_lost_after_one_try(
    house: House,
) -> None:
    with house.work("manager") as work:
        person = left(work, age_band="14-15")
        draft = dataclasses.replace(closing.draft(work, person.id), reason="lost_contact")
        with pytest.raises(ValidationFailed) as refused:
            closing.close(work, draft)
        found = {problem.field for problem in refused.value.problems}
    assert found == {"children_officer_approved", "reason"}
    with house.work("social_worker") as work, pytest.raises(NotAllowed):
        closing.draft(work, person.id)


def test_a_contact_on_a_colleagues_caseload_cannot_be_moved_to_ones_own(house: House) -> None:
    worker = house.staff_id("social_worker")
    with house.work("manager") as work:
        mine = left(work, worker, display_alias="Pendo")
        theirs = left(work, work.actor.staff_id, display_alias="Zawadi")
        contact = owed(work, theirs, 0)
    with house.work("social_worker") as work:
        assert work.find(FollowupContact, contact.id) is None
        moved = dataclasses.replace(contact, person_id=mine.id, result="reached")
        with pytest.raises(NotAllowed):
            aftercare.record_contact(work, moved)
    with house.work("manager") as work:
        assert work.get(FollowupContact, contact.id) == contact
