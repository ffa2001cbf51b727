"""Locking: at once, over every dialog, keeping what was typed, leaving nothing open."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from shelter_app.domain.person import Person
from shelter_app.errors import VaultInUse
from shelter_app.services import drafts
from tests.fixtures import House
from tests.ui.opened_program import LONG, Opened, opened
from ui.kit.cover import Cover
from ui.kit.dialog import Dialog


@pytest.fixture
def program(house: House, qtbot: QtBot, qapp: QApplication) -> Iterator[Opened]:
    made = opened(house.folder, qtbot, qapp)
    made.signed_in()
    yield made
    made.close()


class _HalfTyped(QWidget):
    """Stands for an editor: keeps its text through the same keeper as every form."""

    def __init__(self, window: QWidget, keeper: object) -> None:
        super().__init__(window)
        self._keeper = keeper

    def keep_now(self) -> None:
        self._keeper.keep('{"display_alias": "Pen"}')  # type: ignore[attr-defined]


def test_f12_covers_the_window_at_once_and_closes_the_vault(program: Opened) -> None:
    began = perf_counter()
    QTest.keyClick(program.window, Qt.Key.Key_F12)
    assert perf_counter() - began < 0.3
    cover = program.window.findChild(Cover)
    assert cover is not None
    assert cover.isVisible()
    assert cover.size() == program.window.size()
    program.wait_for_lock()
    assert program.program.desk is not None
    assert program.program.desk.vault.connection.closed


def test_the_cover_names_neither_the_program_nor_the_house(program: Opened) -> None:
    QTest.keyClick(program.window, Qt.Key.Key_F12)
    cover = program.window.findChild(Cover)
    assert cover is not None
    words = cover.text_label.text() + program.window.windowTitle()
    assert "Makao" not in words
    assert "Test house" not in words


def test_escape_twice_locks_and_once_does_not(program: Opened) -> None:
    QTest.keyClick(program.window, Qt.Key.Key_Escape)
    assert program.window.findChild(Cover) is None
    QTest.keyClick(program.window, Qt.Key.Key_Escape)
    assert program.window.findChild(Cover) is not None
    program.wait_for_lock()


def test_a_held_escape_key_does_not_lock(program: Opened) -> None:
    QTest.keyPress(program.window, Qt.Key.Key_Escape)
    QTest.keyPress(program.window, Qt.Key.Key_Escape)
    QTest.keyRelease(program.window, Qt.Key.Key_Escape)
    assert program.window.findChild(Cover) is None


def test_ctrl_l_locks(program: Opened) -> None:
    QTest.keyClick(program.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    program.wait_for_lock()


def test_an_open_question_cannot_keep_the_program_open(program: Opened) -> None:
    dialog = Dialog(program.window, "Close the case?", "Close the case", "Keep it open")
    dialog.open()
    program.qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, Qt.Key.Key_F12)
    assert not dialog.isVisible()
    program.wait_for_lock()


def test_the_palette_cannot_keep_the_program_open(program: Opened) -> None:
    program.window.find_anything("a")
    QTest.keyClick(program.window, Qt.Key.Key_F12)
    program.wait_for_lock()


def test_what_was_half_typed_waits_for_its_owner_and_for_nobody_else(
    program: Opened, house: House
) -> None:
    keeper = program.window.context.draft_keeper("new_resident", Person, 0)
    _HalfTyped(program.window, keeper)
    QTest.keyClick(program.window, Qt.Key.Key_F12)
    program.wait_for_lock()
    waiting = house.desk("social_worker").ask(drafts.mine).result()
    assert [draft.place.form for draft in waiting] == ["new_resident"]
    body = house.desk("social_worker").ask(drafts.get, waiting[0].place).result()
    assert "Pen" in body
    assert house.desk("manager").ask(drafts.mine).result() == ()


def test_the_owner_is_offered_her_draft_and_may_let_it_go(program: Opened, house: House) -> None:
    keeper = program.window.context.draft_keeper("new_resident", Person, 0)
    _HalfTyped(program.window, keeper)
    QTest.keyClick(program.window, Qt.Key.Key_F12)
    program.wait_for_lock()
    program.program.sign_in_anew()
    window = program.signed_in()
    offer = _offer(window)
    assert "You were writing" in offer.text_label.text()
    offer.discard_button.click()
    program.settle()
    program.qtbot.waitUntil(lambda: not window.findChildren(type(offer)), timeout=LONG)
    program.close()
    assert house.desk("social_worker").ask(drafts.mine).result() == ()


def test_going_on_with_a_draft_opens_the_place_where_it_was_written(program: Opened) -> None:
    keeper = program.window.context.draft_keeper("new_resident", Person, 0)
    _HalfTyped(program.window, keeper)
    QTest.keyClick(program.window, Qt.Key.Key_F12)
    program.wait_for_lock()
    program.program.sign_in_anew()
    window = program.signed_in()
    _offer(window).continue_button.click()
    program.settle()
    assert window.current_place == "residents"


def test_nobody_there_is_warned_about_and_then_locked(program: Opened) -> None:
    program.program.lock.idle.set_minutes(10 / 60)
    program.program.lock.idle.check()
    assert "locking in" in program.window.message_bar.text_label.text()
    program.program.lock.idle.set_minutes(0)
    program.program.lock.idle.check()
    program.wait_for_lock()


def test_somebody_coming_back_takes_the_warning_away(program: Opened) -> None:
    program.program.lock.idle.set_minutes(10 / 60)
    program.program.lock.idle.check()
    QTest.keyClick(program.window, Qt.Key.Key_A)
    assert program.window.message_bar.isHidden()
    assert program.window.findChild(Cover) is None


def test_a_locked_vault_can_be_opened_at_once_and_was_closed_in_order(
    program: Opened, house: House
) -> None:
    with pytest.raises(VaultInUse):
        house.desk("manager")
    QTest.keyClick(program.window, Qt.Key.Key_F12)
    program.wait_for_lock()
    assert house.desk("social_worker").vault.clean_before


def test_a_computer_that_shuts_down_finds_the_vault_sealed(program: Opened, house: House) -> None:
    program.program.session_ends(None)
    assert house.desk("social_worker").vault.clean_before


def test_closing_the_window_seals_the_vault_and_leaves(program: Opened, house: House) -> None:
    leaving: list[bool] = []
    program.program.lock.locked.disconnect()
    program.program.lock.locked.connect(leaving.append)
    program.window.close()
    program.qtbot.waitUntil(lambda: bool(leaving), timeout=LONG)
    assert leaving == [True]
    assert house.desk("social_worker").vault.clean_before


def _offer(window: QWidget) -> Any:
    from ui.arrival import DraftOffer

    offers = window.findChildren(DraftOffer)
    assert len(offers) == 1
    return offers[0]


def test_a_window_whose_vault_was_closed_elsewhere_locks_without_complaint(
    program: Opened,
) -> None:
    desk, lock = program.program.desk, program.program.lock
    assert desk is not None
    assert lock is not None
    desk.close().result()
    lock.lock()
    program.wait_for_lock()
    assert program.locks == ["locked"]
