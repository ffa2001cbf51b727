"""Who leaves or loses a role loses the keys, and what she could open gets new ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shelter_app import clock
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotAllowed, NotPossible
from shelter_app.services import accounts, key_changes
from shelter_app.services.inside import Inside
from shelter_app.services.key_changes import Course
from shelter_app.storage import keyring_file
from tests.fixtures import PHRASE, House

STRONG = "twiga anakula majani mapya"


def inside(house: House, role: str) -> Inside:
    desk = house.desk(role)
    return Inside(desk.vault, desk.actor, leaving=lambda: False)


def test_a_closed_account_makes_new_keys_due_and_giving_them_is_written_down(house: House) -> None:
    mother = house.staff_id("house_mother")
    with house.work("manager") as work:
        assert key_changes.loss(work, mother, frozenset()).closes == ("office", "house")
        accounts.close_account(work, mother)
        assert key_changes.due(work).here == ("office", "house")
    done = inside(house, "manager")
    assert key_changes.give_due_keys(done, Course()) == ("office", "house")
    assert not done.ask(key_changes.due)
    with house.work("manager") as work:
        found = work.connection.exec_driver_sql(
            "SELECT detail FROM audit WHERE action = 'rotate'"
        ).all()
    begun, made = (str(row[0]) for row in found)
    assert "begun" in begun
    assert "house 2" in begun
    assert "house 2" in made
    for role in ("social_worker", "clinical_supervisor", "second_manager"):
        assert house.desk(role).vault.compartments


def test_what_the_manager_cannot_rekey_waits_for_a_counsellor(house: House) -> None:
    counsellor = house.staff_id("counsellor")
    with house.work("manager") as work:
        loss = key_changes.loss(work, counsellor, frozenset())
        assert loss.elsewhere == ("counselling",)
        assert loss.last_of == ()
        accounts.close_account(work, counsellor)
    key_changes.give_due_keys(inside(house, "manager"), Course())
    with house.work("manager") as work:
        assert key_changes.due(work) == key_changes.Due((), ("counselling",))
        assert accounts.arrival(work).due.elsewhere == ("counselling",)
    supervisor = inside(house, "clinical_supervisor")
    assert key_changes.give_due_keys(supervisor, Course()) == ("counselling",)
    assert not supervisor.ask(key_changes.due)


def test_the_last_who_opens_the_counselling_notes_is_named_before_she_goes(house: House) -> None:
    supervisor = house.staff_id("clinical_supervisor")
    counsellor = house.staff_id("counsellor")
    with house.work("manager") as work:
        accounts.close_account(work, supervisor)
        assert key_changes.loss(work, counsellor, frozenset()).last_of == ("counselling",)


def test_a_role_that_shrinks_makes_only_what_it_lost_due(house: House) -> None:
    nurse = house.staff_id("nurse")
    with house.work("manager") as work:
        accounts.change_roles(work, nurse, frozenset({"house_mother"}))
        assert key_changes.due(work).here == ("cases", "identity")


def test_new_keys_without_a_reason_are_a_keepers_act(house: House) -> None:
    with pytest.raises(NotAllowed):
        key_changes.give_new_keys(inside(house, "house_mother"), Course())
    done = inside(house, "manager")
    assert key_changes.give_new_keys(done, Course()) == ("office", "house", "cases", "identity")
    assert done.ask(key_changes.generations)["house"] == 2


def test_stopping_changes_nothing_and_leaves_the_keys_due(house: House) -> None:
    mother = house.staff_id("house_mother")
    with house.work("manager") as work:
        accounts.close_account(work, mother)
    course = Course()
    course.stop()
    done = inside(house, "manager")
    with pytest.raises(NotPossible):
        key_changes.give_due_keys(done, course)
    assert done.ask(key_changes.due).here == ("office", "house")


def test_a_last_day_closes_the_account_the_day_after_by_itself(house: House, clock_at: Any) -> None:
    mother, today = house.staff_id("house_mother"), clock.today()
    with house.work("manager") as work:
        accounts.set_last_day(work, mother, today)
    house.desk("house_mother")
    house.close()
    clock_at(datetime.combine(today + timedelta(days=1), datetime.min.time()).replace(hour=9))
    with pytest.raises(NotAllowed):
        house.desk("house_mother")
    with house.work("manager") as work:
        assert accounts.close_leavers(work) == ("House Mother",)
        assert accounts.close_leavers(work) == ()
        assert work.get(Staff, mother).locked
        assert work.get(Staff, mother).ended_on == today
        assert key_changes.due(work).here == ("office", "house")


def test_only_keepers_close_leavers_and_the_last_manager_never_leaves(
    house: House, clock_at: Any
) -> None:
    second, first = house.staff_id("second_manager"), house.staff_id("manager")
    today = clock.today()
    with house.work("manager") as work:
        accounts.set_last_day(work, second, today)
        with pytest.raises(NotPossible):
            accounts.set_last_day(work, first, today)
        accounts.set_last_day(work, second, None)
        accounts.set_last_day(work, first, today)
    clock_at(datetime.combine(today + timedelta(days=2), datetime.min.time()))
    with house.work("social_worker") as work:
        assert accounts.close_leavers(work) == ()
    with house.work("second_manager") as work:
        assert accounts.close_leavers(work) == ("Manager",)


def test_a_known_password_makes_everything_it_opened_due(house: House) -> None:
    with house.work("house_mother") as work:
        accounts.change_passphrase(work, PHRASE, STRONG, known=True)
        assert key_changes.due(work).here == ("office", "house")
    done = inside(house, "house_mother")
    key_changes.give_due_keys(done, Course())
    house.close()
    ring = keyring_file.load(house.folder)
    assert {name for name, entry in ring.files.items() if entry.generation > 1} >= {
        "office",
        "house",
    }


def test_the_last_day_is_still_worked() -> None:
    assert Staff(alias="x", ended_on=date(2026, 1, 1)).has_left(date(2026, 1, 2))
    assert not Staff(alias="x", ended_on=date(2026, 1, 1)).has_left(date(2026, 1, 1))
    assert not Staff(alias="x").has_left(date(2026, 1, 1))
