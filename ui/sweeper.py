"""Python's cyclic garbage is collected on the GUI thread only.

The collector runs on whichever thread happens to allocate. If that is the vault's thread, a closed
dialog or a timer of Qt would be destroyed there, and Qt crashes at its next event.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY: Final = 1_000


class Sweeper(QObject):
    """Takes the collector's work over from the moment it is made until it is stopped."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self._look.timeout.connect(self.sweep)
        gc.disable()
        self._look.start()

    def sweep(self) -> None:
        """Collect the oldest generation that is due, as the collector itself would."""
        due = [n for n, counted in enumerate(gc.get_count()) if counted > gc.get_threshold()[n]]
        if due:
            gc.collect(max(due))

    @staticmethod
    def settle() -> None:
        """Leave what is loaded for good out of every later round: it took half of each."""
        gc.freeze()

    def stop(self) -> None:
        """Give the work back, with nothing left to collect."""
        self._look.stop()
        gc.collect()
        gc.enable()
