"""Saving what opens: a damaged compartment's sound rows into a new file, and a list of the rest.

Nothing is repaired in place. The damaged file is kept aside as it was; the new one has a new key,
like after a rotation, and the keyring decides: until it is saved nothing has happened.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app import clock, paths
from shelter_app.errors import DiskFull, NotFound, VaultDamaged
from shelter_app.storage import audit, holders, keyring_file, migrate, slots, throttle
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_keys as keys_of
from shelter_app.storage.carving import Carved, Carver, Found
from shelter_app.storage.connection import (
    MAIN,
    assert_encrypted,
    key_text,
    schema_of,
    translated,
)
from shelter_app.storage.folder_lock import FolderLock
from shelter_app.storage.page_file import PageFile
from shelter_app.storage.relocate import JOURNAL
from shelter_app.storage.safe_files import copy_closed, file_troubles, sync_folder
from shelter_app.storage.table_shapes import Shape, shapes_of

ASIDE: Final = "damaged"
_STAMP: Final = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class TableLoss:
    """What became of one table: rows saved, row numbers known to be lost, pages lost unread."""

    table: str
    saved: int
    lost: tuple[int, ...]
    pages_lost: int

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is known to be missing."""
        return not self.lost and not self.pages_lost


@dataclass(frozen=True)
class Salvaged:
    """What was saved of a compartment and what was not."""

    compartment: str
    kept_as: str
    pages: int
    damaged_pages: int
    tables: tuple[TableLoss, ...]
    untold: int
    """Rows that were read but fit no table for certain, and are therefore not in the new file."""
    trail_gap: tuple[int, ...]
    """Numbers of audit rows that are gone."""


def drop_kept(folder: Path) -> None:
    """Remove the damaged files that were kept: they still hold somebody who was just erased."""
    shutil.rmtree(folder / ASIDE, ignore_errors=True)


def salvage(
    folder: Path,
    slot_id: str,
    passphrase: str,
    compartment: str,
    steps: Sequence[migrate.Step],
    progress: Callable[[float], None] = lambda _share: None,
) -> Salvaged:
    """Put a new file with all sound rows in the place of a damaged one.

    WrongPassphrase and NotFound as at the door; NotFound also for a compartment this slot does not
    open.
    """
    lock = FolderLock(folder)
    try:
        ring = keyring_file.load(folder)
        slot = slots.slot_in(ring, slot_id)
        if slot.disabled:
            raise NotFound(slot_id)
        unlock = partial(keys_of.unlocked, ring.vault_id, slot, passphrase)
        private = throttle.guarded(folder, ring, slot_id, unlock)
        keys = keys_of.opened_grants(ring, slot, private)
        if MAIN not in keys or not keys_of.mac_holds(ring, keys[MAIN]):
            raise VaultDamaged(keyring_file.PART)
        if compartment not in keys:
            raise NotFound(compartment)
        return _Salvage(folder, ring, slot_id, keys, compartment, steps, progress).run()
    finally:
        lock.release()


class _Salvage:
    """One run, step by step; only the last step is seen by anybody else."""

    def __init__(
        self,
        folder: Path,
        ring: kr.Keyring,
        slot_id: str,
        keys: Mapping[str, bytes],
        compartment: str,
        steps: Sequence[migrate.Step],
        progress: Callable[[float], None],
    ) -> None:
        self._folder = folder
        self._ring = ring
        self._slot_id = slot_id
        self._holders: holders.Holders | None = None
        self._keys = keys
        self._name = compartment
        self._steps = steps
        self._progress = progress
        self._old = ring.files[compartment].file
        self._file = f"{compartment}-{secrets.token_hex(4)}.db"
        self._key = secrets.token_bytes(keys_of.KEY_BYTES)

    def run(self) -> Salvaged:
        """Keep the old file, read it, write the new one, and let the keyring name it."""
        kept = self._keep_aside()
        self._progress(0.1)
        carved = self._carved(kept)
        self._progress(0.5)
        try:
            head = self._write(carved)
            self._progress(0.9)
            self._commit(head)
        except BaseException:
            for name in (self._file, self._file + JOURNAL):
                with contextlib.suppress(OSError):
                    (self._folder / name).unlink(missing_ok=True)
            raise
        for name in (self._old, self._old + JOURNAL):
            with contextlib.suppress(OSError):
                (self._folder / name).unlink(missing_ok=True)
        self._progress(1.0)
        return _told(self._name, f"{ASIDE}/{kept.parent.name}", carved)

    def _keep_aside(self) -> Path:
        """Copy the damaged file and its journal; what is read later is a copy of that copy."""
        stamp = f"{clock.utc_now().strftime(_STAMP)}-{secrets.token_hex(2)}"
        aside = paths.private_folder(paths.private_folder(self._folder / ASIDE) / stamp)
        for name in (self._old, self._old + JOURNAL):
            if (self._folder / name).exists():
                copy_closed(self._folder / name, aside / name)
        return aside / self._old

    def _carved(self, kept: Path) -> Carved:
        work = kept.with_name("reading.db")
        try:
            copy_closed(kept, work)
            journal = kept.with_name(kept.name + JOURNAL)
            if journal.exists() and journal.stat().st_size:
                copy_closed(journal, work.with_name(work.name + JOURNAL))
                self._roll_back(work)
            file = PageFile(work, self._keys[self._name])
            try:
                self._holders = self._held_by(work, file)
                self._keep_version(file.version())
                return Carver(file, shapes_of(self._name, self._steps)).carve()
            finally:
                file.close()
        finally:
            for path in (work, work.with_name(work.name + JOURNAL)):
                path.unlink(missing_ok=True)

    def _held_by(self, work: Path, file: PageFile) -> holders.Holders | None:
        """Return whom the damaged file knows as its holders, None where it names none any more."""
        raw = sqlcipher.connect(str(work), isolation_level=None)
        try:
            raw.execute(f'PRAGMA key = "{key_text(self._keys[self._name])}"')
            raw.execute("PRAGMA cipher_log_level = NONE")
            facts = dict(raw.execute("SELECT name, value FROM meta").fetchall())
        except sqlcipher.Error:
            facts = dict(file.pairs())
        finally:
            raw.close()
        return holders.said_in(facts)

    def _trusted(self) -> kr.Keyring:
        """Return the keyring without grants that nobody gave, before a new key is wrapped.

        Where the damage took all of them, only who is here is sure: all others wait for somebody
        who compares, and the sheet is to be made anew. Of the main part everybody held the key.
        """
        known = self._holders
        if known is None and self._name == MAIN:
            return self._ring
        own = frozenset({holders.mark_of(slots.slot_in(self._ring, self._slot_id))})
        return holders.without_planted(self._ring, {self._name: own | (known or frozenset())})

    def _keep_version(self, version: int) -> None:
        """Make the new file of the old one's version: the next opening brings it up to date."""
        kept = [step for step in self._steps if step.number <= version]
        self._steps = kept or self._steps

    def _roll_back(self, work: Path) -> None:
        """Let the engine undo what a crash left half done, where the damage lets it open at all."""
        raw = sqlcipher.connect(str(work), isolation_level=None)
        try:
            raw.execute(f'PRAGMA key = "{key_text(self._keys[self._name])}"')
            raw.execute("PRAGMA cipher_log_level = NONE")
            with contextlib.suppress(sqlcipher.Error):
                raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        finally:
            raw.close()

    def _write(self, carved: Carved) -> kr.Head | None:
        path = self._folder / self._file
        with file_troubles():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        schema, made = schema_of(self._name), shapes_of(self._name, self._steps)
        with translated():
            raw = _connected(path, self._name, self._key)
            try:
                raw.execute("BEGIN")
                self._make_tables(raw)
                for name, found in carved.tables.items():
                    _insert(raw, f"{schema}.{name}", made[name], found)
                raw.execute("COMMIT")
                _check(raw, schema, self._name)
                last = raw.execute(
                    f"SELECT seq, hash FROM {schema}.audit ORDER BY seq DESC LIMIT 1"  # noqa: S608
                ).fetchone()
            finally:
                raw.close()
        assert_encrypted(path)
        sync_folder(self._folder)
        return kr.Head(int(last[0]), bytes(last[1])) if last else None

    def _make_tables(self, raw: Any) -> None:
        for step in self._steps:
            for statement in step.statements.get(self._name, ()):
                raw.execute(statement)
        schema = schema_of(self._name)
        version = migrate.newest(self._steps)
        raw.execute(f"PRAGMA {schema}.user_version = {version}")
        facts = {
            "format": migrate.FORMAT,
            "vault_id": self._ring.vault_id.hex(),
            "compartment": self._name,
            "key_gen": str(self._ring.files[self._name].generation + 1),
            "schema_version": str(version),
            "min_reader_version": str(migrate.MIN_READER),
        }
        facts |= holders.facts(holders.granted_in(self._trusted(), self._name))
        insert = f"INSERT INTO {schema}.meta (name, value) VALUES (?, ?)"  # noqa: S608
        raw.executemany(insert, list(facts.items()))

    def _commit(self, head: kr.Head | None) -> None:
        ring = slots.rewrapped(self._trusted(), {self._name: (self._file, self._key)})
        state = ring.state
        heads = {name: kept for name, kept in state.heads.items() if name != self._name}
        if head is not None:
            heads[self._name] = head
        sums = {name: kept for name, kept in state.sha256.items() if name != self._name}
        fresh = kr.State(
            MappingProxyType({**state.clean, self._name: False}),
            MappingProxyType(sums),
            MappingProxyType(heads),
        )
        office = self._key if self._name == MAIN else self._keys[MAIN]
        keyring_file.save(self._folder, keys_of.sealed_ring(replace(ring, state=fresh), office))


def _connected(path: Path, compartment: str, key: bytes) -> Any:
    """Open the new file under the name its statements know it by."""
    main = str(path) if compartment == MAIN else ":memory:"
    raw = sqlcipher.connect(main, isolation_level=None)
    if compartment == MAIN:
        raw.execute(f'PRAGMA key = "{key_text(key)}"')
        raw.execute("PRAGMA cipher_log_level = NONE")
    else:
        raw.execute(f"ATTACH DATABASE ? AS {compartment} KEY ?", (str(path), key_text(key)))
    schema = schema_of(compartment)
    raw.execute(f"PRAGMA {schema}.journal_mode = TRUNCATE").fetchone()
    raw.execute(f"PRAGMA {schema}.synchronous = FULL")
    raw.execute("PRAGMA temp_store = 2")
    return raw


def _check(raw: Any, schema: str, compartment: str) -> None:
    pages = raw.execute(f"PRAGMA {schema}.cipher_integrity_check").fetchone()
    trees = raw.execute(f"PRAGMA {schema}.integrity_check(1)").fetchone()
    if pages is not None or trees[0] != "ok":
        raise VaultDamaged(compartment)


def _insert(raw: Any, table: str, made: Shape, found: Found) -> None:
    """Write the rows that were found; one that breaks a rule of the file counts as broken.

    Values go by the names of their columns: the damaged file may have been made with others than
    the new one has.
    """
    known = {column.name for column in made.columns}
    order = sorted(found.rows) if made.number_column is not None else list(found.rows)
    for key in order:
        named = {
            name: value
            for name, value in zip(found.columns, found.rows[key], strict=False)
            if name in known
        }
        names = ", ".join(f'"{name}"' for name in named)
        marks = ", ".join("?" * len(named))
        try:
            raw.execute(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
                tuple(named.values()),
            )
        except sqlcipher.IntegrityError:
            found.broken.add(key if isinstance(key, int) else 0)
            del found.rows[key]
        except sqlcipher.OperationalError as error:
            raise DiskFull from error


def _told(compartment: str, kept_as: str, carved: Carved) -> Salvaged:
    """Say what is missing: broken rows, gaps in the trail, and records only the trail knows of."""
    trail = carved.tables["audit"].rows
    known: dict[str, set[int]] = {name: set() for name in carved.tables}
    erased = {row[7] for row in trail.values() if row[4] == audit.ERASE}
    for row in trail.values():
        table, record_id = str(row[5]), row[6]
        if table in known and record_id and row[7] not in erased:
            known[table].add(int(record_id))
    last = max({*trail, *carved.tables["audit"].indexed}, default=0)
    losses = []
    for name, found in sorted(carved.tables.items()):
        if name != "audit":
            lost = (known[name] | found.indexed | found.broken) - set(found.rows)
            losses.append(TableLoss(name, len(found.rows), tuple(sorted(lost)), found.pages_lost))
    return Salvaged(
        compartment,
        kept_as,
        carved.pages,
        carved.damaged,
        tuple(losses),
        carved.untold,
        tuple(number for number in range(1, last + 1) if number not in trail),
    )
