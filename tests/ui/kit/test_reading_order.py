"""Tab goes in the order in which a page is read, whenever its parts were made."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLayoutItem,
    QPushButton,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
    QWidgetItem,
)
from pytestqt.qtbot import QtBot

from ui.kit import layouts
from ui.kit.button import button
from ui.kit.flow import FlowLayout
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


def test_parts_come_as_they_are_put_whatever_was_made_first(qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    late, early = button("Late", "late"), button("Early", "early")
    outer, inner, flow = QVBoxLayout(whole), QVBoxLayout(), FlowLayout()
    outer.addWidget(late)
    outer.insertWidget(0, early)
    outer.insertLayout(1, inner)
    outer.addLayout(flow)
    beds = [button(name, name) for name in ("A", "B")]
    for bed in beds:
        flow.addWidget(bed)
    inner.addWidget(button("Inside", "inside"))
    assert layouts.parts(outer) == [early, inner, late, flow]
    assert layouts.widgets(outer) == [early, late]
    assert layouts.widgets(flow) == beds


def test_going_through_a_page_keeps_nothing_that_qt_takes_apart(qtbot: QtBot) -> None:
    page = Page("Staff")
    qtbot.addWidget(page)
    for number in range(20):
        page.body.addWidget(button("Roles", f"row_{number}"))
    page.show()
    before = _items_known()
    assert len(stops(page)) == 20
    assert _items_known() == before


def _items_known() -> list[QLayoutItem]:
    """Return the items of layouts that Python remembers, of whatever page."""
    known = shiboken6.getAllValidWrappers()
    return [each for each in known if isinstance(each, QWidgetItem | QSpacerItem)]


def _focused() -> QPushButton:
    focused = QApplication.focusWidget() or QApplication.activeWindow()
    assert focused is not None
    return focused  # type: ignore[return-value]
