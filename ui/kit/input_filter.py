"""Hears keys and pointer in every window, and nothing else.

A filter on the application would be asked about each of the thousands of events by which a page is
built and painted, and each question goes through Python: that took a third of every first paint.
Keys and pointer reach a window before anything inside it, so the windows are enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

_LOOK_EVERY: Final = 1_000


class InputFilter(QObject):
    """Stands before all windows while it hears; whoever inherits says what it listens for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hearing = False
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self._look.timeout.connect(self._meet_all)

    def hear(self) -> None:
        """Begin; a window that comes later is met when it gets the focus, or within a second."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication) and not self._hearing:
            self._hearing = True
            app.focusWindowChanged.connect(self._meet_all)
            self._meet_all()
            self._look.start()

    def hear_no_more(self) -> None:
        """Let everything pass unheard."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication) and self._hearing:
            self._hearing = False
            self._look.stop()
            app.focusWindowChanged.disconnect(self._meet_all)
            for heard in _heard():
                heard.removeEventFilter(self)

    def _meet_all(self) -> None:
        for heard in _heard():
            heard.installEventFilter(self)


def _heard() -> Iterator[QObject]:
    """Give each window, and its widget for keys that were sent straight to it."""
    for widget in QApplication.topLevelWidgets():
        window = widget.windowHandle()
        if window is not None:
            yield window
            yield widget
