"""Which backup the records in a folder came from, told at the door until somebody signs in.

It lies open beside the records and holds one moment: no place, no name.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from shelter_app.storage.safe_files import write_whole

NAME: Final = "restored.json"
_LARGEST: Final = 1_000


def leave(folder: Path, made_at: datetime) -> None:
    """Say in a restored copy, before it takes its place, from when its backup is."""
    said = {"made_at": made_at.isoformat(timespec="seconds")}
    write_whole(folder / NAME, json.dumps(said).encode())


def read(folder: Path) -> datetime | None:
    """Return from when the backup is that was restored here; None when nobody needs to know."""
    try:
        with (folder / NAME).open("rb") as file:
            made_at = datetime.fromisoformat(json.loads(file.read(_LARGEST))["made_at"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return made_at if made_at.tzinfo is None else None


def remove(folder: Path) -> None:
    """Let it go once somebody signed in."""
    with suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)
