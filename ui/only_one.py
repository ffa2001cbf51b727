"""A second start brings the first window forward instead of opening another."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from shelter_app.errors import ShelterError
from shelter_app.services.started import Started


class OnlyOne(QObject):
    """Rings at the first program's door, or is the first and listens."""

    forward_wanted = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.first = True
        self._watcher = QFileSystemWatcher(self)
        self._started: Started | None = None
        try:
            self._started = Started(folder)
        except (ShelterError, OSError):
            return  # no place to write: the sign-in window says so better than this could
        self.first = self._started.first
        if not self.first:
            self._started.ring()
            return
        self._watcher.addPath(str(self._started.bell))
        self._watcher.fileChanged.connect(lambda _path: self.forward_wanted.emit())

    def leave(self) -> None:
        """Let another program be the first."""
        if self._started is not None:
            self._started.leave()
