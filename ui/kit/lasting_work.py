"""Work that is worth waiting for when nobody is there: the idle lock covers the windows until then.

A backup to an old stick takes longer than an empty chair is left open. Whoever begins such work
hangs one of these below its own object; the lock finds it there, and it goes with its window.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from ui.kit.progress_sheet import Standing


class Moves(Protocol):
    """What tells work that gets on from work that stands still."""

    @property
    def moved(self) -> int:
        """Return a number that grows with every piece that was done."""
        ...

    @property
    def stopping(self) -> bool:
        """Say whether somebody called it off: then nothing is waited for."""
        ...


class LastingWork(QObject):
    """One piece of such work, from its beginning until `end`."""

    given_up = Signal(bool)
    """The lock goes ahead, for it stood still (True) or took too long; that may be written now."""

    def __init__(
        self, parent: QObject, sentence: str, moves: Moves, look: Callable[[], Standing]
    ) -> None:
        """`sentence` says on the cover when the records lock; `look` how far the work has come."""
        super().__init__(parent)
        self.sentence = sentence
        self._moves = moves
        self._look = look
        self._over = False

    @staticmethod
    def under_way(window: QObject) -> LastingWork | None:
        """Return what is to be waited for in a window, None for nothing."""
        found = window.findChildren(LastingWork)
        return next((work for work in found if work.is_going_on()), None)

    def is_going_on(self) -> bool:
        """Say whether it is neither over nor called off."""
        return not (self._over or self._moves.stopping)

    @property
    def moved(self) -> int:
        """Return a number that grows while the work gets on."""
        return self._moves.moved

    def standing(self) -> Standing:
        """Return how far it has come."""
        return self._look()

    def end(self) -> None:
        """Say that it is over, well or badly, and that its outcome is written down."""
        self._over = True
        self.deleteLater()
