"""What may be known of a folder before anybody signs in; light, because the first window asks."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Final

from shelter_app.errors import NotAVault

_KEYRINGS: Final = ("keyring-a.json", "keyring-b.json")


class Door(Enum):
    """What stands at a folder."""

    NOTHING = "nothing"
    HOUSE = "house"


@dataclass(frozen=True)
class Way:
    """One worker's way in: the key slot and the name shown."""

    slot_id: str
    alias: str


def at(folder: Path) -> Door:
    """Say whether a house lives in the folder; a damaged one raises its own error later."""
    found = any((folder / name).exists() for name in _KEYRINGS)
    return Door.HOUSE if found else Door.NOTHING


def ways_in(folder: Path) -> tuple[Way, ...]:
    """Return who can sign in, by name; NotAVault, VaultTooNew or VaultDamaged when nobody can."""
    from shelter_app.storage import keyring_file  # the first window is painted before this
    from shelter_app.storage.keyring import PASSWORD

    if at(folder) is Door.NOTHING:
        raise NotAVault
    found = [
        Way(slot.id, slot.alias)
        for slot in keyring_file.load(folder).slots
        if slot.kind == PASSWORD and not slot.disabled
    ]
    return tuple(sorted(found, key=lambda way: way.alias.casefold()))


def restore_was_cut(folder: Path) -> bool:
    """Say whether a restore may have been cut short between its two renames; light, as all here."""
    return not folder.exists() and folder.with_name(f"{folder.name}-restored").is_dir()


def restored_from(folder: Path) -> datetime | None:
    """Return from when the backup is whose records these are; None after the first sign-in."""
    from shelter_app.storage import restored_mark

    return restored_mark.read(folder)


def may_write(folder: Path) -> bool:
    """Say whether the program may write here; without that nobody can sign in."""
    return os.access(folder, os.W_OK | os.X_OK)


def may_make(folder: Path) -> bool:
    """Say whether a house can be made here, by making the folder and a file in it for a moment.

    Asking about permissions is not enough: Windows does not tell them, and a name may be
    impossible.
    """
    import tempfile  # the first window needs none of it

    missing: list[Path] = []
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except (OSError, ValueError):
        return False
    finally:
        for path in missing:
            with suppress(OSError):
                path.rmdir()


def reading_ahead(folder: Path) -> Callable[[], None]:
    """Return what reads the files that signing in will compare; to be run on a thread of its own.

    Once somebody signs in it reads no more. Troubles are told by signing in.
    """
    from shelter_app.errors import ShelterError
    from shelter_app.storage import file_sums, keyring_file, seal

    allowed = file_sums.turn()

    def read() -> None:
        with suppress(ShelterError, OSError):
            seal.read_ahead(folder, keyring_file.load(folder), allowed)

    return read
