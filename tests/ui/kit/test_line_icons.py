"""Icons inside fields grow with the text and stay out of the keyboard's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.kit import theme
from ui.kit.day_editors import DayEditor
from ui.kit.search_box import SearchBox


@pytest.fixture
def twice_the_size(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light", 2.0)
    yield
    theme.apply(qapp, "light")


@pytest.mark.usefixtures("twice_the_size")
def test_the_icon_in_a_field_is_as_large_as_the_text_asks(qtbot: QtBot) -> None:
    editor = DayEditor()
    qtbot.addWidget(editor)
    editor.resize(400, editor.sizeHint().height())
    editor.show()
    assert editor.calendar_button.iconSize().height() == 32
    assert editor.rect().contains(editor.calendar_button.geometry())


def test_what_is_typed_ends_before_the_icon(qtbot: QtBot) -> None:
    box = SearchBox()
    qtbot.addWidget(box)
    box.resize(160, box.sizeHint().height())
    box.show()
    QTest.keyClicks(box, "a resident with a long name")
    box.grab()  # only painting scrolls to the cursor
    assert box.cursorRect().right() <= box.clear_button.x() + box.clear_button.width() // 4


def test_the_cross_empties_a_search_and_leaves_the_keyboard_in_it(qtbot: QtBot) -> None:
    box = SearchBox()
    qtbot.addWidget(box)
    box.show()
    box.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    assert not box.clear_button.isVisible()
    QTest.keyClicks(box, "Zawadi")
    QTest.mouseClick(box.clear_button, Qt.MouseButton.LeftButton)
    assert box.text() == ""
    assert box.hasFocus()
    assert not box.clear_button.isVisible()
