"""How far long work on files has come: written by the thread that works, read by the window's."""

from __future__ import annotations

import threading
import time
from typing import Final

from shelter_app.errors import Stopped

_LOOK_BACK: Final = 3.0
"""Seconds after which the speed so far says something about the rest."""


class Progress:
    """Bytes done of bytes to do, and a wish to stop; plain attributes, so no lock is needed."""

    def __init__(self) -> None:
        self.step = ""
        self.done = 0
        self.total = 0
        self._began = time.monotonic()
        self._stop = threading.Event()

    def begin(self, step: str, total: int | None = None) -> None:
        """Say what is being done now, by a code that the window has words for."""
        self.step = step
        if total is not None:
            self.total = total
            self._began = time.monotonic()
        self.went(0)

    def went(self, size: int) -> None:
        """Count what went by; raises Stopped when somebody wants the work to end."""
        self.done = min(self.done + size, self.total) if self.total else self.done + size
        if self._stop.is_set():
            raise Stopped

    def stop(self) -> None:
        """Ask the work to end at its next step."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Say whether the work was asked to end."""
        return self._stop.is_set()

    @property
    def seconds_left(self) -> int:
        """Return how long it will take at the speed so far, 0 while nobody can tell."""
        spent = time.monotonic() - self._began
        if spent < _LOOK_BACK or not self.done or not self.total:
            return 0
        return round(spent * (self.total - self.done) / self.done)
