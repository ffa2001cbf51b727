"""One program for one folder: the second start wakes the first and leaves.

The lock is the operating system's, so a crash gives it back. The waking is a touched file: no
socket is opened, and nothing in the file says anything.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Final

from shelter_app import paths
from shelter_app.errors import VaultInUse
from shelter_app.storage.folder_lock import FolderLock
from shelter_app.storage.safe_files import file_troubles

_ANYBODY: Final = -1


class Started:
    """Says whether this is the first program on a folder of records, and can wake that one."""

    def __init__(self, folder: Path) -> None:
        name = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:12]
        with file_troubles():
            place = paths.private_folder(paths.data_folder() / "run")
        self.bell = place / f"{name}.bell"
        self._lock: FolderLock | None = None
        try:
            self._lock = FolderLock(place, f"{name}.lock")
        except VaultInUse:
            return
        with file_troubles():
            self.bell.touch(mode=0o600)

    @property
    def first(self) -> bool:
        """Say whether no other program of this account has the folder."""
        return self._lock is not None

    def ring(self) -> None:
        """Ask the first program to come forward; Windows must be told that it may."""
        if sys.platform == "win32":
            import ctypes

            ctypes.windll.user32.AllowSetForegroundWindow(_ANYBODY)
        self.bell.write_bytes(b"\n")

    def leave(self) -> None:
        """Give the place back."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
