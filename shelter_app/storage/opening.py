"""The middle of signing in: from keys to a connection whose files are repaired and up to date."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from shelter_app import paths
from shelter_app.errors import DiskFull, VaultDamaged
from shelter_app.storage import keyring as kr
from shelter_app.storage import migrate, rotation, seal
from shelter_app.storage.connection import open_connection, translated
from shelter_app.storage.keyring_keys import Private
from shelter_app.storage.relocate import drop_stale_super_journals, relocate
from shelter_app.storage.safe_files import copy_closed

STAGING: Final = "staging"
_BEFORE: Final = "before-"
_SPACE_FACTOR: Final = 3


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
    folder: Path, ring: kr.Keyring, keys: Mapping[str, bytes], steps: Sequence[migrate.Step]
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
            _check_identity(connection, ring, names)
            seal.check_heads(connection, ring, names)
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
) -> None:
    """Refuse a file of another vault or compartment that was put in this one's place."""
    for name in compartments:
        facts = migrate.read_meta(connection, name)
        if facts.get("vault_id") != ring.vault_id.hex() or facts.get("compartment") != name:
            raise VaultDamaged(name)


def keep_copies(folder: Path, files: Sequence[str], version: int) -> None:
    """Copy closed files into staging before a migration; they stay until the next good start."""
    staging = paths.private_folder(folder / STAGING)
    needed = sum((folder / name).stat().st_size for name in files) * _SPACE_FACTOR
    if shutil.disk_usage(folder).free < needed:
        raise DiskFull
    for name in files:
        copy_closed(folder / name, staging / f"{_BEFORE}{version}-{name}")


def _drop_copies(folder: Path) -> None:
    for path in (folder / STAGING).glob(f"{_BEFORE}*"):
        path.unlink(missing_ok=True)
