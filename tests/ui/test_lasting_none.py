"""A day of painting and typing must not use None up, as PySide6 6.12.0 on Python 3.11 does."""

from __future__ import annotations

import sys

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.lasting_none import keep_none

_A_DAYS_EVENTS = 100_000_000


class _Painted(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)


def test_none_outlives_a_day_of_events(qtbot: QtBot) -> None:
    keep_none()
    widget = _Painted()
    qtbot.addWidget(widget)
    widget.show()
    before = sys.getrefcount(None)
    for _ in range(200):
        widget.repaint()
    lost = max(before - sys.getrefcount(None), 200) / 200
    assert sys.version_info >= (3, 12) or sys.getrefcount(None) / lost > _A_DAYS_EVENTS
