"""Where backups lie: a marked folder on a stick or a disk, and what can be found in it.

Nothing here tells what kind of office made it: folders are called 'office-backups' and
'office-2026-11-22-1830', and the mark is a random number.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from shelter_app.errors import BackupTrouble, ShelterError, VaultDamaged
from shelter_app.storage import backup_manifest
from shelter_app.storage.attachments import FOLDER as PAPERS
from shelter_app.storage.backup_age import PART
from shelter_app.storage.backup_files import patiently, place_troubles, write_small
from shelter_app.storage.backup_manifest import Beside
from shelter_app.storage.safe_files import open_plain

FOLDER: Final = "office-backups"
MARK: Final = "place.json"
CONTENT: Final = "office.age"
BESIDE: Final = "restore.json"
UNFINISHED: Final = ".part"
_FORMAT: Final = "register-place"
_NAME: Final = re.compile(r"office-[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{4}(-[0-9]{1,3})?")
_ID: Final = re.compile(r"[0-9a-f]{16}")
_VAULT_ID: Final = re.compile(r"[0-9a-f]{32}")
_LARGEST_MARK: Final = 4096
_MOST_NAMES: Final = 100


@dataclass(frozen=True)
class Mark:
    """What makes a stick known: its own random number and the vault it belongs to."""

    id: str
    vault_id: str


@dataclass(frozen=True)
class Found:
    """One backup as it lies there; nothing of it has been checked yet."""

    place: Path
    name: str
    vault_id: str
    made_at: datetime
    size: int

    @property
    def folder(self) -> Path:
        """Return the backup's own folder."""
        return self.place / self.name


def place_in(root: Path) -> Path:
    """Return the folder for backups on a stick or in a chosen folder."""
    return root if root.name == FOLDER else root / FOLDER


def read_mark(place: Path) -> Mark | None:
    """Return the mark of a place, or None when it has none that can be read."""
    try:
        with open_plain(place / MARK) as file:
            block = json.loads(file.read(_LARGEST_MARK))
        mark = Mark(block["id"], block["vault_id"])
        known = block["format"] == _FORMAT
        shaped = _ID.fullmatch(mark.id) and _VAULT_ID.fullmatch(mark.vault_id)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return mark if known and shaped else None


def register(root: Path, vault_id: str) -> Mark:
    """Mark a stick or folder as a place of this vault; one that is marked already keeps its id."""
    place = place_in(root)
    known = read_mark(place)
    if known is not None:
        if known.vault_id != vault_id:
            raise BackupTrouble("other_vault")
        return known
    mark = Mark(secrets.token_hex(8), vault_id)
    block = {"format": _FORMAT, "version": 1, "id": mark.id, "vault_id": mark.vault_id}
    with place_troubles():
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_small(place / MARK, json.dumps(block).encode())
    return mark


def new_name(place: Path, made_at: datetime) -> str:
    """Return a free name for a backup; it says when, and nothing else."""
    plain = f"office-{made_at:%Y-%m-%d-%H%M}"
    for number in range(1, _MOST_NAMES):
        name = plain if number == 1 else f"{plain}-{number}"
        if not (place / name).exists():
            return name
    raise BackupTrouble("full")


def backups_in(place: Path) -> tuple[Found, ...]:
    """Return the finished backups at a place, newest first; damaged pages of keys are left out."""
    found = []
    with suppress(OSError):
        for folder in place.iterdir():
            if _NAME.fullmatch(folder.name):
                with suppress(ShelterError, OSError):
                    found.append(_found(place, folder))
    return tuple(sorted(found, key=lambda each: (each.made_at, each.name), reverse=True))


def search(folder: Path) -> tuple[Found, ...]:
    """Return the backups a person means: by the stick, by the folder on it, or by one of them."""
    if _NAME.fullmatch(folder.name):
        return tuple(each for each in backups_in(folder.parent) if each.name == folder.name)
    return backups_in(folder / FOLDER) or backups_in(folder)


def named_in(folder: Path) -> tuple[Path, ...]:
    """Return what is called a backup here, readable or not, to say why none can be chosen."""
    if _NAME.fullmatch(folder.name):
        return (folder,)
    found: list[Path] = []
    for place in (folder / FOLDER, folder):
        with suppress(OSError):
            found += [each for each in place.iterdir() if _NAME.fullmatch(each.name)]
    return tuple(sorted(found))


def _found(place: Path, folder: Path) -> Found:
    beside = read_beside(folder)
    size = (folder / CONTENT).stat().st_size
    return Found(place, folder.name, beside.vault_id, beside.made_at, size)


def read_beside(folder: Path) -> Beside:
    """Return the page of keys of a backup; VaultDamaged or VaultTooNew when it is not one."""
    try:
        with open_plain(folder / BESIDE) as file:
            raw = file.read(backup_manifest.LARGEST + 1)
    except FileNotFoundError as error:
        raise VaultDamaged(PART) from error
    return backup_manifest.parse_beside(raw)


def drop_unfinished(place: Path) -> None:
    """Remove what backups cut short have left; what a stick does not let go of stays till later."""
    for path in place.glob(f"office-*{UNFINISHED}"):
        shutil.rmtree(path, ignore_errors=True)
    for pattern in (f"*.json{UNFINISHED}", f"{PAPERS}/*/*{UNFINISHED}"):
        for path in place.glob(pattern):
            with suppress(OSError):
                path.unlink()


def prune(place: Path, names: Iterable[str]) -> int:
    """Remove backups by name, then the papers no other backup here needs; returns how many."""
    gone = 0
    with place_troubles():
        for name in names:
            if _NAME.fullmatch(name) and (place / name).is_dir():
                doomed = place / (name + UNFINISHED)
                shutil.rmtree(doomed, ignore_errors=True)
                patiently(lambda here=place / name, there=doomed: here.rename(there))  # type: ignore[misc]
                shutil.rmtree(doomed, ignore_errors=True)
                gone += 1
        if gone:
            _drop_unneeded_papers(place)
    return gone


def _drop_unneeded_papers(place: Path) -> None:
    needed: set[str] = set()
    for folder in place.iterdir():
        if _NAME.fullmatch(folder.name):
            try:
                needed |= {fact.name for fact in read_beside(folder).papers}
            except ShelterError:
                return  # what this one needs is not known, so every paper stays
    for path in (place / PAPERS).glob("*/*.bin"):
        if f"{PAPERS}/{path.parent.name}/{path.name}" not in needed:
            path.unlink(missing_ok=True)
