"""Accounts: opening, closing, roles, keys that wait, one's own pass phrase."""

from __future__ import annotations

import pytest

from shelter_app.domain.staff import Staff
from shelter_app.errors import NotAllowed, NotFound, NotPossible, ValidationFailed, WrongPassphrase
from shelter_app.services import accounts, house_settings
from shelter_app.services.desk import Desk, ImmediateExecutor, sign_in
from shelter_app.services.doors import ways_in
from shelter_app.storage import recovery
from tests.fixtures import PHRASE, House

STRONG = "kettle meadow lantern orbit"


def _fields(error: pytest.ExceptionInfo[ValidationFailed]) -> set[str]:
    return {problem.field for problem in error.value.problems}


def _enter(house: House, alias: str, phrase: str) -> Desk:
    house.close()
    slot = next(way.slot_id for way in ways_in(house.folder) if way.alias == alias)
    return sign_in(house.folder, slot, phrase, ImmediateExecutor()).result()


def test_a_new_worker_signs_in_with_her_own_pass_phrase_and_her_roles_keys(house: House) -> None:
    with house.work("manager") as work:
        accounts.add_staff(work, "Twiga", frozenset({"house_mother"}), STRONG)
    desk = _enter(house, "Twiga", STRONG)
    assert desk.actor.roles == {"house_mother"}
    assert desk.actor.compartments == {"office", "house"}
    desk.close().result()


def test_a_counsellors_key_waits_until_a_counsellor_grants_it(house: House) -> None:
    with house.work("manager") as work:
        accounts.add_staff(work, "Twiga", frozenset({"counsellor"}), STRONG)
        line = next(line for line in accounts.staff_list(work) if line.alias == "Twiga")
        assert line.waits_for == ("counselling",)
        assert not accounts.wishes_for_keys(work)[0].may_grant
    with house.work("counsellor") as work:
        wish = accounts.wishes_for_keys(work)[0]
        assert wish.may_grant
        assert len(wish.check_words) == 4
        accounts.grant(work, wish)
        assert accounts.wishes_for_keys(work) == ()
    desk = _enter(house, "Twiga", STRONG)
    assert "counselling" in desk.actor.compartments
    desk.close().result()


def test_keeping_the_system_does_not_go_with_counselling_or_managing(house: House) -> None:
    for other in ("counsellor", "manager", "clinical_supervisor"):
        with (
            house.work("manager") as work,
            pytest.raises(ValidationFailed) as error,
        ):
            accounts.add_staff(work, "Twiga", frozenset({"sysadmin", other}), STRONG)
        assert _fields(error) == {"roles"}
        assert accounts.refusal(frozenset({"sysadmin", other}))


@pytest.mark.parametrize(
    "weak", ["short", "password password", "Test house Test house", "aaaaaa" * 4]
)
def test_a_weak_pass_phrase_is_refused_with_its_reason(house: House, weak: str) -> None:
    with house.work("manager") as work, pytest.raises(ValidationFailed) as error:
        accounts.add_staff(work, "Twiga", frozenset({"nurse"}), weak)
    assert _fields(error) == {"passphrase"}


def test_two_people_cannot_have_the_same_name(house: House) -> None:
    with house.work("manager") as work, pytest.raises(ValidationFailed) as error:
        accounts.add_staff(work, "NURSE", frozenset({"nurse"}), STRONG)
    assert _fields(error) == {"alias"}


def test_only_managers_and_system_keepers_open_accounts(house: House) -> None:
    with house.work("social_worker") as work, pytest.raises(NotAllowed):
        accounts.add_staff(work, "Twiga", frozenset({"nurse"}), STRONG)
    with house.work("sysadmin") as work:
        accounts.add_staff(work, "Simba", frozenset({"house_mother"}), STRONG)
        line = next(line for line in accounts.staff_list(work) if line.alias == "Simba")
        assert line.waits_for == ("house",)


def test_a_closed_account_opens_nothing_and_keeps_its_name_on_the_list(house: House) -> None:
    nurse = house.staff_id("nurse")
    with house.work("manager") as work:
        accounts.close_account(work, nurse)
        assert any(line.closed for line in accounts.staff_list(work) if line.id == nurse)
    house.close()
    with pytest.raises(NotFound):
        sign_in(house.folder, house.slots["nurse"], PHRASE, ImmediateExecutor()).result()


def test_nobody_closes_her_own_account(house: House) -> None:
    me = house.staff_id("manager")
    with house.work("manager") as work, pytest.raises(NotPossible):
        accounts.close_account(work, me)


def test_there_is_always_a_manager(house: House) -> None:
    first, second = house.staff_id("manager"), house.staff_id("second_manager")
    with house.work("manager") as work:
        accounts.close_account(work, second)
    with house.work("manager") as work, pytest.raises(NotPossible):
        accounts.change_roles(work, first, frozenset({"social_worker"}))
    with house.work("sysadmin") as work, pytest.raises(NotPossible):
        accounts.close_account(work, first)


def test_a_role_that_grows_brings_its_keys_and_one_that_shrinks_takes_them(house: House) -> None:
    mother = house.staff_id("house_mother")
    with house.work("manager") as work:
        accounts.change_roles(work, mother, frozenset({"social_worker"}))
    assert "cases" in house.desk("house_mother").actor.compartments
    with house.work("manager") as work:
        accounts.change_roles(work, mother, frozenset({"house_mother"}))
    assert house.desk("house_mother").actor.compartments == {"office", "house"}


def test_one_changes_ones_own_pass_phrase_by_knowing_the_old_one(house: House) -> None:
    with house.work("nurse") as work, pytest.raises(WrongPassphrase):
        accounts.change_passphrase(work, "not the old one", STRONG)
    with house.work("nurse") as work:
        accounts.change_passphrase(work, PHRASE, STRONG)
    desk = _enter(house, "Nurse", STRONG)
    assert desk.actor.alias == "Nurse"
    desk.close().result()


def test_a_refused_wish_waits_no_longer(house: House) -> None:
    with house.work("manager") as work:
        accounts.add_staff(work, "Twiga", frozenset({"counsellor"}), STRONG)
        accounts.refuse(work, accounts.wishes_for_keys(work)[0])
        assert accounts.wishes_for_keys(work) == ()


def test_the_houses_settings_are_a_managers_business(house: House) -> None:
    with house.work("social_worker") as work, pytest.raises(NotAllowed):
        house_settings.save(work, house_settings.current(work))
    with house.work("manager") as work:
        assert house_settings.facts(work).name == "Test house"


def test_after_signing_in_one_is_told_what_happened_meanwhile(house: House) -> None:
    house.close()
    for _attempt in range(2):
        with pytest.raises(WrongPassphrase):
            sign_in(house.folder, house.slots["nurse"], "wrong", ImmediateExecutor()).result()
    arrival = house.desk("nurse").ask(accounts.arrival).result()
    assert arrival.failures == 2
    assert arrival.failures_since is not None
    assert arrival.closed_cleanly


def test_the_demo_mark_and_staff_records_need_no_one_elses_reading(house: House) -> None:
    with house.work("me_officer") as work:
        assert {staff.alias for staff in work.matching(Staff)} >= {"Nurse", "Manager"}


def test_a_manager_lets_somebody_who_forgot_type_a_new_password(house: House) -> None:
    counsellor = house.staff_id("counsellor")
    with house.work("manager") as work:
        with pytest.raises(ValidationFailed):
            accounts.reset_passphrase(work, counsellor, "short")
        accounts.reset_passphrase(work, counsellor, STRONG)
        line = next(line for line in accounts.staff_list(work) if line.id == counsellor)
        assert line.waits_for == ("counselling",)
    desk = _enter(house, "Counsellor", STRONG)
    assert desk.actor.compartments == {"office", "house", "cases"}
    desk.close().result()


def test_a_password_is_not_reset_for_oneself_nor_by_everybody(house: House) -> None:
    manager, nurse = house.staff_id("manager"), house.staff_id("nurse")
    with house.work("manager") as work, pytest.raises(NotPossible):
        accounts.reset_passphrase(work, manager, STRONG)
    with house.work("social_worker") as work, pytest.raises(NotAllowed):
        accounts.reset_passphrase(work, nurse, STRONG)


def test_a_sheet_that_is_not_of_this_house_grants_nothing(house: House) -> None:
    with house.work("manager") as work:
        accounts.add_staff(work, "Twiga", frozenset({"counsellor"}), STRONG)
        (wish,) = accounts.wishes_for_keys(work)
        with pytest.raises(NotPossible):
            accounts.grant_by_sheet(work, wish, recovery.new_code().text)
        assert accounts.wishes_for_keys(work) == (wish,)
