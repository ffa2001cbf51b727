"""The first moment of a house: keys, empty files, the first manager's slot and the two sheets."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import sqlalchemy as sa

from shelter_app.domain.access import COMPARTMENTS, compartments_of
from shelter_app.storage import holders, keyring_file, migrate, recovery, slots
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_keys as keys_of
from shelter_app.storage.connection import MAIN, assert_encrypted, open_connection, translated
from shelter_app.storage.relocate import JOURNAL
from shelter_app.storage.safe_files import file_troubles, sync_folder


@dataclass(frozen=True)
class Founder:
    """The first manager as she chose to be called and to sign in."""

    alias: str
    passphrase: str
    roles: frozenset[str]
    cost: kr.KdfCost


@dataclass(frozen=True)
class Founded:
    """What a new vault hands back once: the founder's slot and the texts of both sheets."""

    slot_id: str
    sheet_r: str
    sheet_c: str


def found_house(folder: Path, founder: Founder, steps: Sequence[migrate.Step]) -> Founded:
    """Make the files of a vault; the keyring last, so that until then the folder is no vault."""
    keys = {name: secrets.token_bytes(keys_of.KEY_BYTES) for name in COMPARTMENTS}
    files = {name: kr.FileEntry(1, f"{name}-{secrets.token_hex(2)}.db") for name in COMPARTMENTS}
    ring = kr.Keyring(secrets.token_bytes(16), 0, MappingProxyType(files), ())
    ring, slot_id = _with_founder(ring, founder, keys)
    code_r, code_c = recovery.new_code(), recovery.new_code()
    ring = slots.sheet_made(ring, "R", code_r.slot_secret, keys)
    ring = slots.sheet_made(ring, "C", code_c.slot_secret, keys)
    try:
        _make_files(folder, ring, keys, steps)
        keyring_file.save(folder, keys_of.sealed_ring(ring, keys[MAIN]))
    except BaseException:
        for name in (*(entry.file for entry in files.values()), *keyring_file.NAMES):
            (folder / name).unlink(missing_ok=True)
            (folder / (name + JOURNAL)).unlink(missing_ok=True)
        raise
    return Founded(slot_id, code_r.text, code_c.text)


def _with_founder(
    ring: kr.Keyring, founder: Founder, keys: dict[str, bytes]
) -> tuple[kr.Keyring, str]:
    reach = compartments_of(founder.roles)
    ring, slot_id = slots.added(
        ring, founder.alias, founder.passphrase, founder.cost, reach, keys, asked_by=""
    )
    slot = replace(slots.slot_in(ring, slot_id), may_restore="manager" in founder.roles)
    return ring.with_slot(slot), slot_id


def _make_files(
    folder: Path, ring: kr.Keyring, keys: dict[str, bytes], steps: Sequence[migrate.Step]
) -> None:
    names = {name: entry.file for name, entry in ring.files.items()}
    with file_troubles():
        for name in names.values():
            (folder / name).touch(mode=0o600, exist_ok=False)
        sync_folder(folder)
    with translated():
        connection = open_connection(folder, names, keys, create=True)
        try:
            with connection.begin():
                _fill(connection, ring, steps)
                for name in names:
                    holders.write(connection, name, holders.granted_in(ring, name))
        finally:
            connection.close()
    for name in names.values():
        assert_encrypted(folder / name)


def never_opened(ring: kr.Keyring, compartment: str) -> bool:
    """Say whether nobody but a sheet holds a compartment's key and nobody ever closed it.

    So it is when the first start ended before the sheets were on paper: the file is as empty as it
    was made, and its only key was shown once and is gone.
    """
    held = any(
        compartment in slots.present_reach(ring, slot.id)
        for slot in ring.slots
        if slot.kind == kr.PASSWORD
    )
    return not held and compartment not in ring.state.heads and compartment not in ring.state.clean


def made_again(
    folder: Path,
    ring: kr.Keyring,
    compartment: str,
    office_key: bytes,
    steps: Sequence[migrate.Step],
) -> tuple[kr.Keyring, bytes]:
    """Make an empty file in the place of one nobody can open; returns the keyring and its key."""
    key = secrets.token_bytes(keys_of.KEY_BYTES)
    before = ring.files[compartment]
    entry = kr.FileEntry(before.generation + 1, f"{compartment}-{secrets.token_hex(4)}.db")
    ring = replace(ring, files=MappingProxyType({**ring.files, compartment: entry}))
    names = {MAIN: ring.files[MAIN].file, compartment: entry.file}
    with file_troubles():
        (folder / entry.file).touch(mode=0o600, exist_ok=False)
        sync_folder(folder)
    with translated():
        keys = {MAIN: office_key, compartment: key}
        connection = open_connection(folder, names, keys, create=True)
        try:
            with connection.begin():
                _fill(connection, replace(ring, files={compartment: entry}), steps)
        finally:
            connection.close()
    assert_encrypted(folder / entry.file)
    return ring, key


def name_holders(
    folder: Path, ring: kr.Keyring, compartment: str, keys: Mapping[str, bytes]
) -> None:
    """Let a part that was made again know whom the keyring gives its key to."""
    names = {name: ring.files[name].file for name in (MAIN, compartment)}
    with translated():
        connection = open_connection(folder, names, keys)
        try:
            with connection.begin():
                holders.write(connection, compartment, holders.granted_in(ring, compartment))
        finally:
            connection.close()


def _fill(connection: sa.Connection, ring: kr.Keyring, steps: Sequence[migrate.Step]) -> None:
    migrate.upgrade(connection, dict.fromkeys(ring.files, 0), steps)
    for name, entry in ring.files.items():
        facts = {
            "format": migrate.FORMAT,
            "vault_id": ring.vault_id.hex(),
            "compartment": name,
            "key_gen": str(entry.generation),
        }
        migrate.write_meta(connection, name, facts)
