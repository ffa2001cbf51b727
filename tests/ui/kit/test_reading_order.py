"""Tab goes in the order in which a page is read, whenever its parts were made."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from ui.kit.button import button
from ui.kit.page import Page
from ui.kit.reading_order import stops


def test_rows_that_came_later_are_reached_before_what_stands_under_them(qtbot: QtBot) -> None:
    page = Page("Staff")
    qtbot.addWidget(page)
    rows = QVBoxLayout()
    page.body.addLayout(rows)
    foot = button("Password", "foot")
    page.body.addWidget(foot)
    page.show()
    add = page.add_action(button("Add", "add"))
    row = button("Roles", "row")
    rows.addWidget(row)
    hidden = button("Hidden", "hidden")
    rows.addWidget(hidden)
    hidden.hide()
    page.activateWindow()
    qtbot.waitUntil(row.isVisible)
    assert stops(page) == [add, row, foot]
    page.setFocus()
    for expected in (add, row, foot):
        QTest.keyClick(_focused(), Qt.Key.Key_Tab)
        assert _focused() is expected
    QTest.keyClick(_focused(), Qt.Key.Key_Backtab)
    assert _focused() is row


def _focused() -> QPushButton:
    focused = QApplication.focusWidget() or QApplication.activeWindow()
    assert focused is not None
    return focused  # type: ignore[return-value]
