"""Buttons say their words as written, and their menus are ready for Enter."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QWidget
from pytestqt.qtbot import QtBot

from ui.kit import theme
from ui.kit.button import button, open_menu, toggle
from ui.kit.row import RowButton


def test_an_ampersand_in_a_label_is_shown_and_is_no_shortcut(qtbot: QtBot) -> None:
    made = button("Next: Emergency & safety", "next")
    qtbot.addWidget(made)
    assert made.text() == "Next: Emergency && safety"
    assert made.shortcut().isEmpty()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_menu_opened_by_key_has_its_first_entry_chosen(qtbot: QtBot) -> None:
    made = button("New", "new")
    qtbot.addWidget(made)
    menu = QMenu(made)
    menu.addAction("Resting").setEnabled(False)
    first = menu.addAction("Resident")
    menu.addAction("Session")
    seen: list[object] = []
    menu.hovered.connect(seen.append)
    menu.hovered.connect(menu.close)
    made.setMenu(menu)
    made.show()
    open_menu(made)
    qtbot.waitUntil(lambda: seen == [first])


def test_enter_presses_every_sort_of_button_as_space_does(qtbot: QtBot) -> None:
    pressed: list[str] = []
    for made in (button("Save", "save"), toggle("Closed", "closed"), RowButton("Session 1")):
        qtbot.addWidget(made)
        said = partial(pressed.append, made.objectName())
        made.clicked.connect(lambda _on=False, said=said: said())
        QTest.keyClick(made, Qt.Key.Key_Return)
    assert pressed == ["save", "closed", "row_button"]


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("on", [True, False])
def test_a_chip_is_wide_enough_for_its_words_up_and_down(
    qapp: QApplication, qtbot: QtBot, scale: float, on: bool
) -> None:
    theme.apply(qapp, "light", scale)
    holder = QWidget()
    qtbot.addWidget(holder)
    line = QHBoxLayout(holder)
    words = ("All", "In residence", "Waits for a very long decision of the court")
    chips = [toggle(each, f"chip_{at}", on=on) for at, each in enumerate(words)]
    for chip in chips:
        line.addWidget(chip)
    holder.show()
    qtbot.waitExposed(holder)
    before = [chip.width() for chip in chips]
    room = 2 * (theme.size(11) + 1)
    for chip in chips:
        strong = QFont(chip.font())
        strong.setWeight(QFont.Weight.DemiBold)
        assert chip.width() >= QFontMetrics(strong).horizontalAdvance(chip.text()) + room
        chip.toggle()
    QApplication.sendPostedEvents()
    assert [chip.sizeHint().width() for chip in chips] == before
