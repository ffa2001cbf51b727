"""Words and waiting shared by the checks of a release."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import layout

_STARTS_WITHIN: Final = 300
_COLOURS_OF_A_WINDOW: Final = 40
_REST: Final = 5


class Failed(Exception):
    """A check of the release did not come out as it must."""


_BEGAN: Final = time.monotonic()


def say(line: str) -> None:
    """Tell what has been shown so far, and after how many minutes."""
    print(f"release-check {(time.monotonic() - _BEGAN) / 60:5.1f}: {line}", flush=True)


def must(condition: object, reason: str) -> None:
    """Stop when something is not as it must be."""
    if not condition:
        raise Failed(reason)


def take_picture(picture: Path, alive: Callable[[], bool]) -> None:
    """Wait until the screen shows more than its background, then keep what it shows."""

    def painted() -> bool:
        subprocess.run(["import", "-window", "root", str(picture)], check=True)
        shown = subprocess.run(
            ["identify", "-format", "%k", str(picture)], capture_output=True, text=True, check=True
        )
        return int(shown.stdout or 0) > _COLOURS_OF_A_WINDOW

    wait_until(painted, alive)
    time.sleep(_REST)  # the frame of a window is there before what it shows
    painted()


def wait_until(ready: Callable[[], bool], alive: Callable[[], bool]) -> None:
    """Wait for something another program does, as long as it lives."""
    until = time.monotonic() + _STARTS_WITHIN
    while not ready():
        must(alive(), "the program ended by itself")
        must(time.monotonic() < until, "the program does not get ready")
        time.sleep(0.3)


def sums(folder: Path) -> dict[str, str]:
    """Return what the records in a folder are: its files without logs and marks of open programs.

    The marks say which program is open and which first window stood; no record is in them.
    """
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in layout.files_under(folder)
        if not {"log", "run"} & set(path.parts) and os.access(path, os.R_OK)
    }


def listed(folder: Path, but: Iterable[Path]) -> dict[str, tuple[int, int]]:
    """Return size and time of every file below a folder, without what lies below others."""
    left, found = set(but), {}
    for place, inside, names in os.walk(folder):
        inside[:] = [name for name in inside if Path(place, name) not in left]
        for name in names:
            known = Path(place, name).lstat()
            found[str(Path(place, name).relative_to(folder))] = known.st_size, known.st_mtime_ns
    return found


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the names of what is new, gone or different."""
    names = sorted({*before, *after})
    return [name for name in names if before.get(name) != after.get(name)]
