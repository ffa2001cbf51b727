"""No library of Qt may give back references it never took: Python dies of it hours later."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

_TIMES = 300


class _Busy(QWidget):
    told = Signal(int)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)

    def event(self, event: QEvent) -> bool:
        return super().event(event)


@pytest.mark.parametrize("lasting", [None, True, False], ids=str)
def test_a_day_of_events_uses_up_nothing_that_must_last(qtbot: QtBot, lasting: bool | None) -> None:
    widget = _Busy()
    widget.told.connect(lambda _number: None)
    qtbot.addWidget(widget)
    widget.show()
    before = sys.getrefcount(lasting)
    for number in range(_TIMES):
        widget.repaint()
        widget.told.emit(number)
        assert not widget.isHidden()
    assert before - sys.getrefcount(lasting) < _TIMES // 10
