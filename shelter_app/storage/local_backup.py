"""The verified backup on this computer itself, made before keys are made anew: the last way back.

It is a backup like those on sticks, so whoever has just lost a key opens nothing with the old one:
only the managers and the two sheets can. It lies inside the records' own folder, one at a time; it
helps against a mistake of the program or the disk, never against a stolen or broken computer.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from shelter_app import paths
from shelter_app.errors import BackupTrouble, DiskFull
from shelter_app.storage import backup, backup_places, staging
from shelter_app.storage.backup_files import place_troubles
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.opening import STAGING

KEPT_FOR: Final = timedelta(days=30)
_AUTO: Final = "auto"
_PICTURE: Final = "keys-"
_SPACE_FACTOR: Final = 2.2
"""The still picture and the packed copy lie side by side for a moment."""


def root_in(vault_folder: Path) -> Path:
    """Return where the backup lies; the restore assistant looks there as on a stick."""
    return vault_folder / STAGING / _AUTO


def make(vault: staging.Holder, restorers: Iterable[str], progress: Progress) -> backup.Written:
    """Make a verified backup of all files here; the one before it goes only then.

    On the vault's thread, between two transactions. DiskFull when there is no room for it.
    """
    root = root_in(vault.folder)
    with place_troubles():
        place = paths.private_folder(backup_places.place_in(root))
    backup_places.drop_unfinished(place)
    _require_room(vault)
    try:
        picture = staging.take(vault, restorers, progress, prefix=_PICTURE)
        try:
            written = backup.write(picture, root, progress, link_papers=True)
        finally:
            picture.drop()
    except BackupTrouble as error:
        if error.code in {"full", "computer_full"}:
            raise DiskFull from error
        raise
    names = (found.name for found in backup_places.backups_in(place))
    backup_places.prune(place, [name for name in names if name != written.name])
    return written


def _require_room(vault: staging.Holder) -> None:
    sizes = (vault.folder / entry.file for entry in vault.ring.files.values())
    needed = sum(path.stat().st_size for path in sizes)
    if shutil.disk_usage(vault.folder).free < needed * _SPACE_FACTOR:
        raise DiskFull


def drop(vault_folder: Path) -> None:
    """Remove what lies here: it still holds somebody who was just erased."""
    shutil.rmtree(root_in(vault_folder), ignore_errors=True)


def drop_old(vault_folder: Path, now: datetime) -> None:
    """Remove a backup that is older than a month; sticks have newer ones."""
    place = backup_places.place_in(root_in(vault_folder))
    old = [
        found.name for found in backup_places.backups_in(place) if now - found.made_at > KEPT_FOR
    ]
    with suppress(BackupTrouble):
        backup_places.prune(place, old)
