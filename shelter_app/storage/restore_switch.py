"""Letting a restored vault take the place of the one in use, which is kept aside for a month.

Two renames inside one folder. When the computer stops between them there is no vault under the
usual name, but the restored one lies beside it: the next start then does the second rename.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from shelter_app.errors import ShelterError
from shelter_app.storage import keyring_file
from shelter_app.storage.folder_lock import FolderLock
from shelter_app.storage.safe_files import copy_closed, file_troubles, sync_folder

KEPT_FOR: Final = timedelta(days=30)
_RESTORED: Final = "-restored"
_ASIDE: Final = "-aside-"
_STAMP: Final = "%Y-%m-%d-%H%M%S"
_UNFINISHED: Final = ".part"
_DEMO_MARK: Final = "demo.json"


def restored_beside(folder: Path) -> Path:
    """Return where a vault is restored that shall take this folder's place."""
    return folder.with_name(folder.name + _RESTORED)


def drop_restored(folder: Path) -> None:
    """Remove what an earlier restore left that was not switched to."""
    beside = restored_beside(folder)
    for path in (beside, beside.with_name(beside.name + _UNFINISHED)):
        shutil.rmtree(path, ignore_errors=True)


def switch(folder: Path, now: datetime) -> Path | None:
    """Put the restored vault in this folder's place; returns where the old one is kept now."""
    beside = restored_beside(folder)
    keyring_file.load(beside)
    aside: Path | None = None
    with file_troubles():
        if folder.exists():
            _require_closed(folder)
            aside = folder.with_name(f"{folder.name}{_ASIDE}{now.strftime(_STAMP)}")
            folder.rename(aside)
        beside.rename(folder)
        sync_folder(folder.parent)
        _take_along(aside, folder)
    return aside


def _take_along(aside: Path | None, folder: Path) -> None:
    """Let a demo house stay one: its mark lies beside the vault and is in no backup."""
    mark = aside / _DEMO_MARK if aside else None
    if mark is not None and mark.is_file():
        copy_closed(mark, folder / _DEMO_MARK)


def _require_closed(folder: Path) -> None:
    """Refuse while another window of this program has the old vault open."""
    FolderLock(folder).release()


def finish_switch(folder: Path) -> bool:
    """Complete a switch that a power cut interrupted; True when there was one."""
    beside = restored_beside(folder)
    if folder.exists() or not beside.is_dir() or not _asides(folder):
        return False
    with suppress(OSError, ShelterError):
        keyring_file.load(beside)
        beside.rename(folder)
        return True
    return False


def _asides(folder: Path) -> dict[Path, datetime]:
    shape = re.compile(re.escape(folder.name + _ASIDE) + r"([0-9-]{17})")
    found = {}
    with suppress(OSError):
        for path in folder.parent.iterdir():
            match = shape.fullmatch(path.name)
            if match:
                with suppress(ValueError):
                    found[path] = datetime.strptime(match[1], _STAMP)  # noqa: DTZ007 - local
    return found


def drop_old_asides(folder: Path, now: datetime) -> int:
    """Remove what was kept aside for longer than a month; only after a good sign-in.

    Another house stays whatever its age: a backup of this one was restored in its place, and there
    may be no second copy of it anywhere.
    """
    gone = 0
    for path, when in _asides(folder).items():
        if now - when > KEPT_FOR and not _is_another_house(path, folder):
            shutil.rmtree(path, ignore_errors=True)
            gone += 1
    return gone


def _is_another_house(aside: Path, folder: Path) -> bool:
    try:
        return keyring_file.load(aside).vault_id != keyring_file.load(folder).vault_id
    except ShelterError:
        return False
