"""Somebody who works by keyboard stays where she was when a part is made anew."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from ui.kit.button import button
from ui.kit.focus_keeper import FocusKeeper


class Room(QWidget):
    """A window with a list of places beside a page."""

    def __init__(self) -> None:
        super().__init__()
        whole = QVBoxLayout(self)
        self.place_button = button("House", "place")
        whole.addWidget(self.place_button)
        self.page = QWidget()
        self._rows = QVBoxLayout(self.page)
        whole.addWidget(self.page)
        self.keeper = FocusKeeper(self.page)

    def show_buttons(self, *names: str) -> list[QPushButton]:
        """Take what stands on the page away and put buttons of these names there."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        made = [button(name.title(), name) for name in names]
        for each in made:
            self._rows.addWidget(each)
        return made


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    room = Room()
    qtbot.addWidget(room)
    room.show()
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow)
    return room


def test_the_new_button_of_the_same_name_takes_the_focus(room: Room, qtbot: QtBot) -> None:
    _focus(room.show_buttons("change", "add", "remove")[1], qtbot)
    new = room.show_buttons("change", "add", "remove")
    qtbot.waitUntil(new[1].hasFocus)


def test_without_one_of_that_name_the_nearest_takes_it(room: Room, qtbot: QtBot) -> None:
    _focus(room.show_buttons("change", "add", "approve")[2], qtbot)
    new = room.show_buttons("change", "add", "issue")
    qtbot.waitUntil(new[2].hasFocus)


def test_of_several_of_its_name_the_one_in_its_place_takes_it(room: Room, qtbot: QtBot) -> None:
    _focus(room.show_buttons("row", "row", "row")[1], qtbot)
    new = room.show_buttons("row", "row", "row")
    qtbot.waitUntil(new[1].hasFocus)


def test_what_is_deleted_without_being_hidden_leaves_it_to_the_nearest(
    room: Room, qtbot: QtBot
) -> None:
    made = room.show_buttons("change", "remove")
    _focus(made[1], qtbot)
    delete(made[1])
    qtbot.waitUntil(made[0].hasFocus)


def test_an_answer_that_comes_later_brings_the_same_button_back(room: Room, qtbot: QtBot) -> None:
    _focus(room.show_buttons("change", "add")[1], qtbot)
    other = room.show_buttons("change")
    qtbot.waitUntil(other[0].hasFocus)
    qtbot.wait(20)
    later = button("Add", "add")
    layout = room.page.layout()
    assert layout is not None
    layout.addWidget(later)
    qtbot.waitUntil(later.hasFocus)


def test_who_goes_away_herself_is_not_fetched_back(room: Room, qtbot: QtBot) -> None:
    made = room.show_buttons("change")
    _focus(made[0], qtbot)
    QTest.keyClick(made[0], Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is room.place_button
    room.show_buttons("change")
    qtbot.wait(20)
    assert room.place_button.hasFocus()


def _focus(shown: QPushButton, qtbot: QtBot) -> None:
    """Go to a button once the layout has found its place."""
    qtbot.waitUntil(shown.isVisible)
    qtbot.wait(10)
    shown.setFocus()
    qtbot.waitUntil(shown.hasFocus)
