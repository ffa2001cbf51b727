"""How far long work on files has come: written by the thread that works, read by the window's."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Final

from shelter_app.errors import Stopped

_LOOK_BACK: Final = 3.0
"""Seconds after which the speed so far says something about the rest."""
_WINDOW: Final = 20
"""Seconds over which the speed is taken: a stick writes in bursts."""
_READS_FASTER: Final = 2.0
"""What is written is read back so much faster, as long as nobody knows better."""
_WITHIN: Final = 0.15
"""The told end stays while it is right within this share of the rest."""
_LATER: Final = 0.2
_SOONER: Final = 0.5
"""Else it moves by a share of what it is wrong by, each second: good news may come quickly."""
_SLOW_SPEED: Final = 6_000_000
"""Bytes a second: a stick of the last ten years writes more."""
_SLOW_TIME: Final = 120.0

clock = time.monotonic


class Progress:
    """Bytes done of bytes to do, and a wish to stop; plain attributes, so no lock is needed."""

    def __init__(self) -> None:
        self.step = ""
        self.done = 0
        self.total = 0
        self.moved = 0
        """Grows with every piece that was really done: what stands still does not."""
        self._parts: dict[str, int] = {}
        self._here = 0
        self._began = clock()
        self._marks: deque[tuple[float, int]] = deque([(self._began, 0)], maxlen=_WINDOW)
        self._end: float | None = None
        self._corrected_at = 0.0
        self._slow = False
        self._stop = threading.Event()

    def expect(self, **parts: int) -> None:
        """Say how much each of the coming steps will move, in their order."""
        self._parts = parts
        self.total = sum(parts.values())
        self.done = 0

    def begin(self, step: str, total: int | None = None) -> None:
        """Say what is being done now, by a code that the window has words for."""
        if total is not None:
            self.expect(**{step: total})
        self.step = step
        self.moved += 1
        self.done = self._before(step)
        self._here = 0
        self._began = clock()
        self._marks = deque([(self._began, 0)], maxlen=_WINDOW)
        self.went(0)

    def _before(self, step: str) -> int:
        """Return what the steps before this one moved; all of it for one nobody reckoned with."""
        names = list(self._parts)
        if step not in self._parts:
            return self.total
        return sum(self._parts[name] for name in names[: names.index(step)])

    def went(self, size: int) -> None:
        """Count what went by; raises Stopped when somebody wants the work to end."""
        self._here += size
        self.moved += 1
        self.done = min(self.done + size, self.total) if self.total else self.done + size
        now = clock()
        if now - self._marks[-1][0] >= 1.0:
            self._marks.append((now, self._here))
        self.heed()

    def heed(self) -> None:
        """Raise Stopped when somebody wants the work to end; for whoever only waits."""
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
        """Return how long it will take, 0 while nobody can tell; steady, whatever the stick does.

        What was told stays true while the speed stays about the same, and is put right bit by bit
        when it does not.
        """
        now = clock()
        left = self._reckoned(now)
        if left is None:
            self._end = None
            return 0
        end = now + left
        if self._end is None:
            self._end, self._corrected_at = end, now
        elif now - self._corrected_at >= 1.0:
            self._corrected_at = now
            if abs(end - self._end) > max(2.0, _WITHIN * left):
                share = _LATER if end > self._end else _SOONER
                self._end += share * (end - self._end)
        return max(0, round(self._end - now))

    @property
    def is_slow(self) -> bool:
        """Say whether this place is so slow that people should know why it takes minutes."""
        if not self._slow and self.step in ("writing", "checking"):
            now = clock()
            left, speed = self._reckoned(now), self._speed(now)
            self._slow = left is not None and speed < _SLOW_SPEED and left > _SLOW_TIME
        return self._slow

    def _speed(self, now: float) -> float:
        """Return the bytes a second of this step; falls while nothing comes."""
        began, before = self._marks[0]
        return max(0, self._here - before) / max(now - began, 1e-3)

    def _reckoned(self, now: float) -> float | None:
        """Return the seconds this step and those after it will take, None while nobody knows."""
        here = self._parts.get(self.step, 0)
        speed = self._speed(now)
        if not here or not speed:
            return None
        if now - self._began < _LOOK_BACK:
            # The step before has told already when all will end: it stands until this one knows.
            return None if self._end is None else max(0.0, self._end - now)
        left = max(0, here - self._here) / speed
        names = list(self._parts)
        after = sum(self._parts[name] for name in names[names.index(self.step) + 1 :])
        if after:
            if self.step == "reading":
                return None  # the computer's own disk says nothing of a stick
            left += after / (speed * _READS_FASTER)
        return left
