"""One program per vault: a lock of the operating system, which a crash always gives back."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from shelter_app.errors import VaultInUse
from shelter_app.storage.safe_files import file_troubles

LOCK_FILE: Final = "vault.lock"


class FolderLock:
    """A held lock in a folder; a file with a process number would outlive a crash."""

    def __init__(self, folder: Path, name: str = LOCK_FILE) -> None:
        with file_troubles():
            self._handle = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(self._handle)
        except OSError as error:
            self.release()
            raise VaultInUse from error

    def release(self) -> None:
        """Give the lock back; harmless when it was given back before."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
