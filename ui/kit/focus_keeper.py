"""Keeps the place of somebody who works by keyboard while a part of a page is made anew."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget


def keep_focus(part: QWidget) -> None:
    """Call before a part is emptied: the new widget of the same name takes the focus over."""
    held = QApplication.focusWidget()
    name = held.objectName() if held is not None and part.isAncestorOf(held) else ""
    if name:
        # What is put into a layout is shown only when the events of now are done; 0 is one of them.
        QTimer.singleShot(1, part, lambda: _take_over(part, name))


def _take_over(part: QWidget, name: str) -> None:
    for widget in part.findChildren(QWidget, name):
        if widget.isVisible():
            widget.setFocus()
            return
