"""Bringing a backup back: never over a living vault, always beside it, checked before use.

Works on a new computer with nothing but the backup's folder and a recovery sheet or a manager's
pass phrase: the page of keys beside the backup holds the slots that may open it.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import sqlalchemy as sa

from shelter_app import paths
from shelter_app.domain.legal import Suspect
from shelter_app.domain.person import Person
from shelter_app.domain.record import Record
from shelter_app.errors import BackupTrouble, VaultDamaged, VaultTooNew, WrongPassphrase
from shelter_app.storage import (
    audit_check,
    backup_age,
    backup_places,
    inside,
    keyring_file,
    migrate,
    recovery,
)
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_keys as keys_of
from shelter_app.storage.backup_files import place_troubles, private_new, sum_of, uncached
from shelter_app.storage.backup_manifest import Beside, FileFact, Manifest
from shelter_app.storage.backup_places import CONTENT, UNFINISHED
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.backup_tar import Unpacking
from shelter_app.storage.connection import MAIN, schema_of
from shelter_app.storage.keyholder import sheet_slot
from shelter_app.storage.relocate import drop_stale_super_journals, relocate
from shelter_app.storage.safe_files import copy_closed, file_troubles, open_plain, sync_folder
from shelter_app.storage.tables import table_of

_ROWS_AT_ONCE: Final = 500
_SPARE: Final = 8 << 20


@dataclass(frozen=True)
class Opened:
    """A backup whose age envelope can be opened, and by whom."""

    folder: Path
    slot: kr.Slot
    private: keys_of.Private = field(repr=False)
    manifest: Manifest


@dataclass(frozen=True)
class Report:
    """What a restored copy turned out to be."""

    made_at: datetime
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    counts: Mapping[str, int]
    heads: Mapping[str, kr.Head]
    newest_utc: str
    rows: int
    """How many rows of the audit trail were checked, each with its signature."""
    strays: int
    """References that lead nowhere; shown, not hidden."""
    erased: int = 0
    """People it holds who were erased after it was made."""
    erased_accused: int = 0
    """Entries of accused it holds that were erased after it was made."""


@dataclass(frozen=True)
class Newer:
    """What the records of today hold beyond a backup: entries by day, as the audit trail has them.

    `parted` says that today's trail does not contain the backup's head: one of them was changed.
    """

    by_day: tuple[tuple[str, int], ...]
    parted: bool


def ways_in(folder: Path) -> tuple[kr.Slot, ...]:
    """Return the slots that may restore from a backup; sheets come last."""
    slots = backup_places.read_beside(folder).slots
    return tuple(sorted(slots, key=lambda slot: (slot.kind == kr.RECOVERY, slot.alias.casefold())))


def open_by_phrase(folder: Path, slot_id: str, passphrase: str) -> Opened:
    """Open a backup as a manager; WrongPassphrase when it is not hers."""
    beside = backup_places.read_beside(folder)
    slot = next((slot for slot in beside.slots if slot.id == slot_id), None)
    if slot is None:
        raise WrongPassphrase
    private = keys_of.unlocked(bytes.fromhex(beside.vault_id), slot, passphrase)
    return _opened(folder, beside, slot, private)


def open_by_sheet(folder: Path, code: recovery.Code) -> Opened:
    """Open a backup with a recovery sheet; WrongPassphrase when it is of another house."""
    beside = backup_places.read_beside(folder)
    ring = kr.Keyring(bytes.fromhex(beside.vault_id), 1, {}, beside.slots)
    slot, private = sheet_slot(ring, code)
    return _opened(folder, beside, slot, private)


def open_as(folder: Path, slot_id: str, private: keys_of.Private) -> Opened:
    """Open a backup with the keys of somebody who is signed in; for rehearsals."""
    beside = backup_places.read_beside(folder)
    slot = next((slot for slot in beside.slots if slot.id == slot_id), None)
    if slot is None:
        raise BackupTrouble("not_yours")
    return _opened(folder, beside, slot, private)


def _opened(folder: Path, beside: Beside, slot: kr.Slot, private: keys_of.Private) -> Opened:
    manifest = _peeked(folder, private)
    if manifest.vault_id != beside.vault_id:
        raise VaultDamaged(backup_age.PART)
    return Opened(folder, slot, private, manifest)


class _Enough(Exception):
    """The manifest has arrived; the rest is not wanted yet."""


def _peeked(folder: Path, private: keys_of.Private) -> Manifest:
    unpacking = Unpacking(lambda _size: None, _no_more)
    with place_troubles(), open_plain(folder / CONTENT) as file, suppress(_Enough):
        backup_age.decrypt(file, unpacking, backup_age.identity_of(private))
        unpacking.look()
    if unpacking.manifest is None:
        raise VaultDamaged(backup_age.PART)
    return unpacking.manifest


def _no_more(_fact: FileFact) -> IO[bytes] | None:
    raise _Enough


def require_readable(manifest: Manifest, steps: Any) -> None:
    """Refuse a backup of a newer program; VaultTooNew says so before anything is written."""
    if any(part.schema > migrate.newest(steps) for part in manifest.parts.values()):
        raise VaultTooNew(backup_age.PART)


def extract(opened: Opened, target: Path, progress: Progress) -> None:
    """Write the content into a new folder: every file under its checksum, or nothing at all."""
    part = target.with_name(target.name + UNFINISHED)
    manifest = opened.manifest
    progress.begin("restoring", manifest.size)
    with file_troubles():
        shutil.rmtree(part, ignore_errors=True)
        paths.private_folder(part)
        if shutil.disk_usage(part).free < manifest.size + _SPARE:
            part.rmdir()
            raise BackupTrouble("computer_full")
        try:
            _unpack(opened, part, progress)
            with place_troubles():
                _bring_papers(opened, part, progress)
            sync_folder(part)
            part.rename(target)
            sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise


def _unpack(opened: Opened, part: Path, progress: Progress) -> None:
    unpacking = Unpacking(progress.went, lambda fact: private_new(part / fact.name))
    try:
        with place_troubles(), uncached(opened.folder / CONTENT) as file:
            backup_age.decrypt(file, unpacking, backup_age.identity_of(opened.private))
            found = unpacking.finish()
    finally:
        unpacking.close()
    if found != opened.manifest:
        raise VaultDamaged(backup_age.PART)


def _bring_papers(opened: Opened, part: Path, progress: Progress) -> None:
    """Copy the sealed documents; one that is missing on the stick is missing, not the whole."""
    place = opened.folder.parent
    for fact in opened.manifest.papers:
        target = part / fact.name
        paths.private_folder(target.parent.parent)
        paths.private_folder(target.parent)
        try:
            size_and_sum = sum_of(place / fact.name, lambda _size: None, past_cache=True)
        except FileNotFoundError:
            continue
        if size_and_sum == (fact.size, fact.sha256):
            copy_closed(place / fact.name, target)
        progress.went(fact.size)


def missing_papers(folder: Path, manifest: Manifest) -> int:
    """Return how many sealed documents did not come along."""
    return sum(1 for fact in manifest.papers if not (folder / fact.name).is_file())


def check(opened: Opened, folder: Path, progress: Progress, erased: Collection[int] = ()) -> Report:
    """Open the restored copy with the keys at hand and look at everything in it.

    `erased` are people and accused who are to be counted if the copy still holds them.
    """
    progress.begin("looking")
    ring = keyring_file.load(folder)
    slot = ring.slot(opened.slot.id)
    if slot is None or slot.x25519 != opened.slot.x25519:
        raise VaultDamaged(keyring_file.PART)
    keys = keys_of.opened_grants(ring, slot, opened.private)
    if MAIN not in keys or not keys_of.mac_holds(ring, keys[MAIN]):
        raise VaultDamaged(keyring_file.PART)
    relocate(folder, [entry.file for entry in ring.files.values()])
    files = {name: ring.files[name].file for name in sorted(keys, key=lambda n: (n != MAIN, n))}
    with inside.opened(folder, files, keys) as connection:
        rows = 0
        for name in files:
            _check_part(connection, opened.manifest, name, progress)
            rows += _check_chain(connection, ring, name, progress)
        strays = inside.check_links(connection, files)
        here, accused = (
            _here_of(connection, kind, erased) if kind.compartment in files else 0
            for kind in (Person, Suspect)
        )
        newest = max(_newest(connection, name) for name in files)
        counts = {
            table: count
            for name in files
            for table, count in inside.look(connection, name).counts.items()
        }
    drop_stale_super_journals(folder)
    return Report(
        made_at=opened.manifest.made_at,
        opened=tuple(files),
        closed=tuple(name for name in ring.files if name not in files),
        counts=counts,
        heads=opened.manifest.heads,
        newest_utc=newest,
        rows=rows,
        strays=strays,
        erased=here,
        erased_accused=accused,
    )


def _here_of(connection: sa.Connection, kind: type[Record], ids: Collection[int]) -> int:
    if not ids:
        return 0
    table = table_of(kind)
    found = connection.execute(sa.select(table.c.id).where(table.c.voided == 0)).scalars()
    return len(set(ids) & {int(each) for each in found})


def _check_part(
    connection: sa.Connection, manifest: Manifest, name: str, progress: Progress
) -> None:
    progress.went(0)
    facts = migrate.read_meta(connection, name)
    if facts.get("vault_id") != manifest.vault_id or facts.get("compartment") != name:
        raise VaultDamaged(name)
    inside.check_pages(connection, name, lambda: progress.stopping)
    part = manifest.parts[name]
    seen = inside.look(connection, name)
    if part.opened and (seen.counts != dict(part.counts) or seen.head != part.head):
        raise VaultDamaged(name)


def _check_chain(connection: sa.Connection, ring: kr.Keyring, name: str, progress: Progress) -> int:
    """Check every row of the trail and that it contains the head the keyring sealed."""
    keys = {slot.id: (slot.ed25519, *slot.former_ed25519) for slot in ring.slots}
    going = audit_check.begin(connection, name)
    while not going.done:
        progress.went(0)
        going = audit_check.advance(connection, going, keys, _ROWS_AT_ONCE)
    if going.fault is not None:
        raise BackupTrouble("audit")
    sealed = ring.state.heads.get(name)
    if sealed is not None and sealed.seq > going.last_seq:
        raise BackupTrouble("audit")
    return going.last_seq


def _newest(connection: sa.Connection, name: str) -> str:
    statement = f"SELECT coalesce(max(at_utc), '') FROM {schema_of(name)}.audit"  # noqa: S608
    return str(connection.exec_driver_sql(statement).scalar_one())


def newer_than(connection: sa.Connection, manifest: Manifest, compartments: Any) -> Newer:
    """Return what an open vault holds beyond a backup of the same vault, by day."""
    days: Counter[str] = Counter()
    parted = False
    for name in compartments:
        head = manifest.parts[name].head
        statement = f"SELECT hash FROM {schema_of(name)}.audit WHERE seq = ?"  # noqa: S608
        row = connection.exec_driver_sql(statement, (head.seq,)).first()
        if head.seq and (row is None or bytes(row[0]) != head.hash):
            parted = True
            continue
        statement = (
            f"SELECT substr(at_utc, 1, 10), count(*) FROM {schema_of(name)}.audit"  # noqa: S608
            " WHERE seq > ? AND action IN ('create', 'change')"
            " AND record_type NOT IN ('backup_run', 'backup_place') GROUP BY 1"
        )
        for day, count in connection.exec_driver_sql(statement, (head.seq,)):
            days[day] += count
    return Newer(tuple(sorted(days.items())), parted)
