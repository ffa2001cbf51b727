"""The middle of signing in: from keys to a connection whose files are repaired and up to date."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from shelter_app import paths
from shelter_app.errors import DiskFull, NotPossible, VaultDamaged
from shelter_app.i18n import N_
from shelter_app.storage import holders, migrate, rotation, seal
from shelter_app.storage import keyring as kr
from shelter_app.storage.backup_files import sum_of
from shelter_app.storage.connection import open_connection, translated
from shelter_app.storage.keyring_keys import Private
from shelter_app.storage.relocate import drop_stale_super_journals, relocate
from shelter_app.storage.safe_files import copy_closed

STAGING: Final = "staging"
_BEFORE: Final = "before-"
_SPACE_FACTOR: Final = 3
NO_ROOM: Final = N_(
    "There is not enough room on this computer to bring the records up to this version: they are "
    "copied first. Nothing was changed. Make some room, then sign in again."
)
NO_COPY: Final = N_(
    "The copy of the records that comes before the new version did not read back right, so nothing "
    "was changed. Try again; if it happens again, the disk of this computer may be failing."
)


@dataclass(frozen=True)
class WayIn:
    """Everything a successful sign-in yields."""

    slot_id: str
    private: Private
    keys: Mapping[str, bytes]
    connection: sa.Connection
    clean_before: bool
    tries: kr.Tries | None


def connected(
    folder: Path,
    ring: kr.Keyring,
    slot_id: str,
    keys: Mapping[str, bytes],
    steps: Sequence[migrate.Step],
) -> sa.Connection:
    """Repair moved journals, open the files, bring them up to date and check what they say."""
    relocate(folder, [entry.file for entry in ring.files.values()])
    names = {name: ring.files[name].file for name in sorted(keys, key=_main_first)}
    connection = open_connection(folder, names, keys)
    try:
        with translated(connection, names):
            behind = migrate.outdated(connection, names, steps)
            connection.rollback()
        if behind:
            connection.close()
            keep_copies(folder, [names[name] for name in behind], migrate.newest(steps))
            connection = open_connection(folder, names, keys)
        with translated(connection, names), connection.begin():
            migrate.upgrade(connection, behind, steps)
            facts = _check_identity(connection, ring, names)
            seal.check_heads(connection, ring, names)
            holders.add_own(connection, ring, slot_id, facts)
    except BaseException:
        connection.close()
        raise
    drop_stale_super_journals(folder)
    if not behind:
        _drop_copies(folder)
    rotation.sweep(folder, ring, names)
    return connection


def reopened(folder: Path, ring: kr.Keyring, keys: Mapping[str, bytearray]) -> sa.Connection:
    """Open the files a keyring names now, after they were given new keys in this session."""
    names = {name: ring.files[name].file for name in sorted(keys, key=_main_first)}
    connection = open_connection(folder, names, keys)
    try:
        with translated(connection, names), connection.begin():
            _check_identity(connection, ring, names)
            seal.check_heads(connection, ring, names)
    except BaseException:
        connection.close()
        raise
    return connection


def _main_first(compartment: str) -> tuple[bool, str]:
    return (compartment != "office", compartment)


def _check_identity(
    connection: sa.Connection, ring: kr.Keyring, compartments: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Refuse a file of another vault or compartment that was put in this one's place.

    Returns what each file says about itself.
    """
    found = {name: migrate.read_meta(connection, name) for name in compartments}
    for name, facts in found.items():
        if facts.get("vault_id") != ring.vault_id.hex() or facts.get("compartment") != name:
            raise VaultDamaged(name)
    return found


def keep_copies(folder: Path, files: Sequence[str], version: int) -> None:
    """Copy closed files into staging before a migration, and read the copies back from the disk.

    They stay until the next good start.
    """
    staging = paths.private_folder(folder / STAGING)
    needed = sum((folder / name).stat().st_size for name in files) * _SPACE_FACTOR
    if shutil.disk_usage(folder).free < needed:
        raise DiskFull(NO_ROOM)
    for name in files:
        copy = staging / f"{_BEFORE}{version}-{name}"
        try:
            copy_closed(folder / name, copy)
        except DiskFull as error:
            raise DiskFull(NO_ROOM) from error
        if sum_of(copy, _ignore, past_cache=True) != sum_of(folder / name, _ignore):
            copy.unlink(missing_ok=True)
            raise NotPossible(NO_COPY)


def _ignore(_size: int) -> None:
    """Nobody watches: the door's own sign says that it is under way."""


def _drop_copies(folder: Path) -> None:
    for path in (folder / STAGING).glob(f"{_BEFORE}*"):
        path.unlink(missing_ok=True)
