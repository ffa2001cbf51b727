"""What comes into view, and what stays there while rows are made anew."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.kit import layouts
from ui.kit.button import button
from ui.kit.placing import bring_into_view


def test_what_was_brought_into_view_stays_there_when_rows_with_the_focus_go(qtbot: QtBot) -> None:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.resize(300, 200)
    content = QWidget()
    column = QVBoxLayout(content)
    said = QLabel("It is done.")
    column.addWidget(said)
    for number in range(30):
        column.addWidget(QLabel(f"Line {number}"))
    rows = QVBoxLayout()
    column.addLayout(rows)
    erase = button("Erase now", "erase")
    rows.addWidget(erase)
    rows.addWidget(button("End", "end"))
    area.setWidget(content)
    qtbot.addWidget(area)
    area.show()
    area.activateWindow()
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: area.isActiveWindow() and bar.maximum() > 200)
    bar.setValue(bar.maximum())
    erase.setFocus()
    bring_into_view(said)
    assert bar.value() == 0
    layouts.clear(rows)
    assert bar.value() == 0
