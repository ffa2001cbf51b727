"""Somebody who works by keyboard stays where she was when a part is made anew."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.button import button
from ui.kit.focus_keeper import keep_focus


def test_the_new_button_of_the_same_name_takes_the_focus(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    for name in ("change", "add"):
        layout.addWidget(button(name, name))
    page.show()
    page.activateWindow()
    old = page.findChild(QWidget, "add")
    assert old is not None
    old.setFocus()
    qtbot.waitUntil(old.hasFocus)
    keep_focus(page)
    for name in ("change", "add"):
        gone = page.findChild(QWidget, name)
        assert gone is not None
        gone.hide()
        gone.deleteLater()
    new = [button(name, name) for name in ("change", "add")]
    for each in new:
        layout.addWidget(each)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is new[1])
