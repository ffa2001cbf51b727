"""Notices that nobody is at the computer, warns, and says when it is time to lock."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from shelter_app import clock
from ui.kit.input_filter import InputFilter

WARNS_BEFORE: Final = 20
"""Seconds of visible warning before the program locks."""
_NAP: Final = 60
"""Seconds by which the clocks of a computer that is awake may differ."""
_INPUT: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletMove,
    }
)


class Stopwatch:
    """Counts the seconds that pass, those too in which the computer slept and counted none."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin again from nothing."""
        self._at = time.monotonic()
        self._wall = clock.now()

    def seconds(self) -> float:
        """Return how many have passed."""
        return max(time.monotonic() - self._at, self._by_the_wall())

    def slept(self) -> float:
        """Return in how many of them the computer did not count."""
        return self._by_the_wall() - (time.monotonic() - self._at)

    def _by_the_wall(self) -> float:
        return (clock.now() - self._wall).total_seconds()


class IdleWatch(InputFilter):
    """Filters what reaches the windows; a computer that slept through the time counts as idle."""

    warned = Signal(int)
    """(seconds left): each second of the last twenty."""
    calmed = Signal()
    """Somebody is there again."""
    expired = Signal()

    def __init__(self, minutes: float = 5, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seconds = minutes * 60
        self._warning = False
        self._quiet = Stopwatch()
        self._tick = QTimer(self)
        self._tick.setInterval(1_000)
        self._tick.timeout.connect(self.check)

    def set_minutes(self, minutes: float) -> None:
        """Change how long nobody may be there."""
        self._seconds = minutes * 60
        self._note()

    def start(self) -> None:
        """Begin to watch."""
        self._note()
        self._tick.start()
        self.hear()

    def stop(self) -> None:
        """Watch no longer."""
        self._tick.stop()
        self._warning = False
        self.hear_no_more()

    def seconds_left(self) -> float:
        """Return how long until it expires."""
        return self._seconds - self._quiet.seconds()

    def slept(self) -> bool:
        """Say whether the computer slept meanwhile, so that it may be elsewhere by now."""
        return self._quiet.slept() > _NAP

    def check(self) -> None:
        """Look once: warn, expire, or do nothing."""
        left = self.seconds_left()
        if left <= 0:
            self.stop()
            self.expired.emit()
        elif left <= WARNS_BEFORE:
            self._warning = True
            self.warned.emit(max(1, round(left)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note keys and pointer; everything goes on to where it was going."""
        if event.type() in _INPUT:
            self._note()
        return False

    def _note(self) -> None:
        self._quiet.start()
        if self._warning:
            self._warning = False
            self.calmed.emit()
