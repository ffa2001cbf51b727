"""Words and waiting shared by the checks of a release."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

_STARTS_WITHIN: Final = 300
_COLOURS_OF_A_WINDOW: Final = 40


class Failed(Exception):
    """A check of the release did not come out as it must."""


def say(line: str) -> None:
    """Tell what has been shown so far."""
    print(f"release-check: {line}", flush=True)


def must(condition: object, reason: str) -> None:
    """Stop when something is not as it must be."""
    if not condition:
        raise Failed(reason)


def take_picture(picture: Path, running: subprocess.Popen[bytes]) -> None:
    """Wait until the screen shows more than its background, then keep what it shows."""

    def painted() -> bool:
        subprocess.run(["import", "-window", "root", str(picture)], check=True)
        shown = subprocess.run(
            ["identify", "-format", "%k", str(picture)], capture_output=True, text=True, check=True
        )
        return int(shown.stdout or 0) > _COLOURS_OF_A_WINDOW

    wait_until(painted, running)


def wait_until(ready: Callable[[], bool], running: subprocess.Popen[bytes]) -> None:
    """Wait for something another program does."""
    until = time.monotonic() + _STARTS_WITHIN
    while not ready():
        must(running.poll() is None, "the program ended by itself")
        must(time.monotonic() < until, "the program does not get ready")
        time.sleep(1)
