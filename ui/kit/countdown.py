"""Seconds that run down in sight: when they are over, what is sealed goes from the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel

from shelter_app.i18n import _

_SECOND: Final = 1_000


def closes_in(seconds: int) -> str:
    """Return 'closes in 1:59'."""
    time = f"{seconds // 60}:{seconds % 60:02d}"
    return _("closes in {time}").format(time=time)


class Countdown(QLabel):
    """A line that says how long something stays; `over` when it has to go."""

    over = Signal()

    def __init__(
        self, name: str, face: str, role: str = "", say: Callable[[int], str] = closes_in
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("face", face)
        if role:
            self.setProperty("role", role)
        self._say = say
        self._left = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND)
        self._timer.timeout.connect(self.tick)

    @property
    def left(self) -> int:
        """Return the seconds that are left, 0 while none are counted."""
        return self._left

    def start(self, seconds: int) -> None:
        """Count so many seconds down."""
        self._left = seconds
        self.setText(self._say(seconds))
        self._timer.start()

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()
        self._left = 0

    def tick(self) -> None:
        """Let a second pass."""
        self._left -= 1
        if self._left > 0:
            self.setText(self._say(self._left))
        else:
            self.stop()
            self.over.emit()
