"""What is said and done right after signing in about people, keys and sheets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from shelter_app.services import accounts, sheet_care
from shelter_app.services.accounts import Wish
from shelter_app.services.sheet_care import SheetLine
from shelter_app.storage import keyring_file, slots
from tests.fixtures import House
from tests.ui.opened_program import LONG, Opened, opened
from ui.arrival import Notice, sheet_sentence, unsealed_sentence
from ui.main_window import MainWindow


@pytest.fixture
def door(house: House, qtbot: QtBot, qapp: QApplication) -> Iterator[Opened]:
    made = opened(house.folder, qtbot, qapp)
    yield made
    made.close()


def asked_about_sheet_r(door: Opened, house: House) -> tuple[MainWindow, Notice]:
    """Sign the manager in where sheet R was never typed back."""
    vault = house.desk("manager").vault
    ring = keyring_file.load(house.folder)
    (sheet,) = (one for one in slots.sheets(ring) if one.alias == "R")
    vault._save(slots.proved(ring, sheet.id, ""))
    house.close()
    window = door.signed_in("Manager")
    (notice,) = window.findChildren(Notice)
    return window, notice


def test_keys_that_are_due_are_made_at_the_next_sign_in_of_who_holds_them(
    door: Opened, house: House, qtbot: QtBot
) -> None:
    mother = house.staff_id("house_mother")
    with house.work("manager") as work:
        accounts.close_account(work, mother)
    house.close()
    assert keyring_file.load(house.folder).due == {"office", "house"}
    door.signed_in("Nurse")
    qtbot.waitUntil(lambda: not keyring_file.load(house.folder).due, timeout=LONG)
    door.settle()


def test_a_sheet_that_was_never_typed_back_is_asked_for_again(
    door: Opened, house: House, qtbot: QtBot
) -> None:
    window, notice = asked_about_sheet_r(door, house)
    assert "sheet R" in notice.text_label.text()
    notice.go_button.click()
    door.settle()
    assert window.findChildren(Notice) == [] or not notice.isVisible()


def test_what_is_said_of_a_sheet_goes_with_its_test(
    door: Opened, house: House, qtbot: QtBot
) -> None:
    window, notice = asked_about_sheet_r(door, house)
    window.tasks.do(window, lambda _work: None, then=lambda _value: None)
    door.settle()
    assert window.findChildren(Notice) == [notice]
    window.tasks.do(window, sheet_care.prove, house.sheets[0], then=lambda _value: None)
    door.settle()
    assert notice not in window.findChildren(Notice) or not notice.isVisible()


def test_what_stands_is_said_again_when_the_window_is_made_anew(
    door: Opened, house: House, qtbot: QtBot
) -> None:
    """Another language or size of text takes every widget down, also what was not settled yet."""
    window, _notice = asked_about_sheet_r(door, house)
    window.apply_preferences()
    door.settle()
    (again,) = window.findChildren(Notice)
    assert "sheet R" in again.text_label.text()
    assert again.isVisible()


def test_nobody_else_is_asked_about_sheets(door: Opened) -> None:
    assert door.signed_in("House Mother").findChildren(Notice) == []


def let_the_nurse_wait(house: House) -> Wish:
    """Give her a role whose key only a counsellor can grant."""
    nurse = house.staff_id("nurse")
    with house.work("manager") as work:
        accounts.change_roles(work, nurse, frozenset({"counsellor"}))
        (wish,) = accounts.wishes_for_keys(work)
    house.close()
    return wish


def test_who_waits_for_a_key_is_told_so(door: Opened, house: House) -> None:
    let_the_nurse_wait(house)
    (waiting,) = door.signed_in("Nurse").findChildren(Notice)
    assert "stays closed to you" in waiting.text_label.text()


def test_who_can_grant_a_key_is_led_there(door: Opened, house: House) -> None:
    let_the_nurse_wait(house)
    window = door.signed_in("Counsellor")
    (asked,) = window.findChildren(Notice)
    assert "1 colleague waits" in asked.text_label.text()
    asked.go_button.click()
    door.settle()
    assert window.findChild(QWidget, "StaffPage") is not None


def test_a_key_that_is_granted_is_not_asked_for_any_longer(door: Opened, house: House) -> None:
    wish = let_the_nurse_wait(house)
    window = door.signed_in("Counsellor")
    (asked,) = window.findChildren(Notice)
    window.tasks.do(window, accounts.grant, wish, then=lambda _value: None)
    door.settle()
    assert asked not in window.findChildren(Notice) or not asked.isVisible()


def test_each_state_of_a_sheet_has_its_own_words() -> None:
    never = SheetLine("C", None, "", unproved=True, rehearsal_due=False, may_replace=False)
    mine = SheetLine("C", None, "", unproved=True, rehearsal_due=False, may_replace=True)
    late = SheetLine("R", None, "", unproved=False, rehearsal_due=True, may_replace=True)
    assert len({sheet_sentence(line) for line in (never, mine, late)}) == 3


def test_who_opens_a_new_stick_is_not_told_only_of_a_crash_that_never_was() -> None:
    assert "fresh copy" in unsealed_sentence(travels=True)
    assert "fresh copy" not in unsealed_sentence(travels=False)
