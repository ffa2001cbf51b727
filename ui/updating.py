"""The two ends of an update: the old program becomes the installer, the new one says it stands."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QProcess

from shelter_app import ending


def become(command: Sequence[str]) -> None:
    """Become the installer: nothing of this process may hold the files it replaces."""
    if sys.platform == "win32":
        QProcess.startDetached(command[0], list(command[1:]))
        ending.at_once(0)
    os.execv(command[0], list(command))  # noqa: S606 - the installer whose signature was checked


def tell_started(path: Path) -> None:
    """Say by a file that the first window stands; the installer waits for it before it lets go."""
    try:
        path.touch(mode=0o600)
    except OSError:
        return  # without it the installer goes back to the old program, which is safe
