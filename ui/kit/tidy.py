"""Python's cyclic garbage is collected in the window's thread only.

By default Python collects in whatever thread happens to allocate. When that is the vault's thread,
widgets that died in a cycle are taken apart there, while one of their timers may be firing here:
the process dies. So the automatic collector is off, and a timer of this thread does its work.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY: Final = 1_000
_ENOUGH: Final = (3_000, 10, 10)
"""New objects, young rounds and middle rounds after which a generation is collected."""


class Tidy(QObject):
    """Collects garbage here, a little at a time; give it a parent that lives as long as the app."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that has gathered enough."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > _ENOUGH[generation]:
                gc.collect(generation)
                return
