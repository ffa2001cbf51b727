"""The staff page's two ways back in: a forgotten password, a key that only a sheet opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from shelter_app.services import accounts
from tests.fixtures import House
from ui.features.staff import page
from ui.features.staff.dialogs import ResetDialog, SheetDialog
from ui.features.staff.staff_page import StaffPage
from ui.kit.context import Context
from ui.kit.tasks import Tasks

NO_DRAFTS: Any = None
STRONG = "kettle meadow lantern orbit"


@pytest.fixture
def opened(house: House, qtbot: QtBot) -> Callable[[str], StaffPage]:
    def make(role: str) -> StaffPage:
        desk = house.desk(role)
        tasks = Tasks(desk)
        context = Context(
            desk=desk,
            tasks=tasks,
            actor=desk.actor,
            go=lambda *_args: None,
            draft_keeper=lambda *_args: NO_DRAFTS,
        )
        made = page(context)
        assert isinstance(made, StaffPage)
        qtbot.addWidget(made)
        made.show()
        qtbot.waitUntil(tasks.is_idle)
        return made

    return make


def test_two_different_passwords_do_not_close_the_question(
    house: House, opened: Callable[[str], StaffPage]
) -> None:
    made = opened("manager")
    with house.work("manager") as work:
        nurse = next(line for line in accounts.staff_list(work) if line.alias == "Nurse")
    dialog = ResetDialog(made, nurse)
    dialog.show()
    QTest.keyClicks(dialog.first_edit.line_edit, STRONG)
    QTest.keyClick(dialog.first_edit.line_edit, Qt.Key.Key_Return)
    QTest.keyClicks(dialog.again_edit.line_edit, "other")
    QTest.keyClick(dialog.again_edit.line_edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "not the same" in dialog.again_edit.hint_label.text()
    dialog.again_edit.line_edit.setText(STRONG)
    QTest.keyClick(dialog.again_edit.line_edit, Qt.Key.Key_Return)
    assert dialog.result() == ResetDialog.DialogCode.Accepted


def test_a_key_nobody_signed_in_holds_can_come_from_the_sheet(
    house: House, opened: Callable[[str], StaffPage]
) -> None:
    with house.work("manager") as work:
        accounts.add_staff(work, "Twiga", frozenset({"counsellor"}), STRONG)
        (wish,) = accounts.wishes_for_keys(work)
    made = opened("manager")
    assert made.findChild(QPushButton, "StaffPage_sheet") is not None
    dialog = SheetDialog(made, wish)
    dialog.show()
    assert "sheet C" in dialog.sentence_label.text()
    QTest.keyClicks(dialog.code_edit, "371624")
    QTest.keyClick(dialog.code_edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "54" in dialog.hint_label.text()
    dialog.reject()


def test_only_who_keeps_accounts_sees_how_to_change_others(
    opened: Callable[[str], StaffPage],
) -> None:
    made = opened("nurse")
    for name in ("StaffRow_reset", "StaffRow_close", "StaffRow_change"):
        assert not any(each.isVisible() for each in made.findChildren(QPushButton, name))
