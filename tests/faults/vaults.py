"""The vault the faults are done to: all five compartments with the program's own tables.

Its transactions are numbered. The number alone says which compartments a transaction touches, so a
vault found after a fault tells by itself what is torn and what is missing. One vault is founded per
process and laid out anew for each block. The derivation of a key, slow on purpose, and the reading
of the same keyring are remembered; all else is the program's own.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import os
import random
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.domain.catalogue import types_in
from shelter_app.domain.fields import Kind, fields_of
from shelter_app.domain.record import Record
from shelter_app.storage import (
    audit,
    drafts,
    keyring,
    keyring_file,
    keyring_keys,
    migrate,
    records,
    vault,
)
from shelter_app.storage.connection import schema_of
from tests.faults import disk
from tests.faults.cases import Outcome

PHRASE: Final = "mbuni jua kali thelathini"
COST: Final = keyring.FLOOR
ALL: Final = "manager"
FEW: Final = "house mother"
FILLERS: Final = 30
_FILLER_SIZE: Final = 900
_EACH_OWN: Final = 16
_MOST_REMEMBERED: Final = 20_000
_sound: Final[set[bytes]] = set()
_AT: Final = datetime(2026, 11, 22, 9, 0)
_SETS: Final = (
    COMPARTMENTS,
    ("office",),
    ("house",),
    ("house", "cases"),
    ("house", "counselling"),
    ("cases", "identity"),
)

MARKED: Final[Mapping[str, type[Record]]] = {
    name: next(kind for kind in types_in(name) if not kind.unique and kind.table != "setting")
    for name in COMPARTMENTS
}
"""The record type of each compartment whose rows carry the numbers of the transactions."""


def remember_what_is_pure() -> None:
    """Derive, read and unwrap the same thing once per process: the same goes in and comes out."""
    if hasattr(keyring_keys._derived, "cache_info"):
        return
    keyring_keys._derived = functools.lru_cache(4_096)(keyring_keys._derived)
    keyring_file.parse = functools.lru_cache(64)(keyring_file.parse)
    opened, known = keyring_keys._opened, dict[Any, bytes]()

    def remembered(vault_id: bytes, slot: Any, private: Any, grant: Any) -> bytes:
        this = (vault_id, slot.id, private.block, grant)
        if this not in known:
            if len(known) > _MOST_REMEMBERED:
                known.clear()
            known[this] = opened(vault_id, slot, private, grant)
        return known[this]

    keyring_keys._opened = remembered


@dataclass(frozen=True)
class Site:
    """A closed vault and who can sign in to it."""

    folder: Path
    slots: Mapping[str, str]

    def open(self, who: str = ALL, steps: Sequence[migrate.Step] | None = None) -> vault.Vault:
        """Sign in as the program does, or as a newer one does that brings the files up to date."""
        return vault.open_vault(self.folder, self.slots[who], PHRASE, steps=steps)

    def copy_to(self, folder: Path) -> Site:
        """Return a copy elsewhere, in place of what was there."""
        disk.laid_out(bytes_in(self.folder), folder)
        return dataclasses.replace(self, folder=folder)

    def file(self, compartment: str) -> Path:
        """Return the database file of a compartment."""
        return self.folder / keyring_file.load(self.folder).files[compartment].file


def founded(folder: Path) -> Site:
    """Lay out a vault with one who opens everything and one who opens two files, both filled."""
    slots, files = _template()
    disk.laid_out(files, folder)
    return Site(folder, slots)


@functools.cache
def _template() -> tuple[Mapping[str, str], Mapping[str, bytes]]:
    """Found the one vault of this process and return its slots and its files."""
    remember_what_is_pure()
    with tempfile.TemporaryDirectory(prefix="makao-template-") as there:
        folder = Path(there) / "vault"
        made = vault.create(
            folder,
            alias="Twiga",
            passphrase=PHRASE,
            roles=frozenset({"manager", "counsellor"}),
            cost=COST,
        ).vault
        slots = {ALL: made.slot_id}
        slots[FEW] = made.add_slot("Simba", PHRASE, frozenset({"house"}), COST)
        with made.transaction() as connection:
            for place in range(FILLERS):
                for name in COMPARTMENTS:
                    _fill(connection, name, place)
        made.close()
        Site(folder, slots).open(FEW).close()
        return slots, bytes_in(folder)


def bytes_in(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _fill(connection: sa.Connection, compartment: str, place: int) -> None:
    drafts.keep(connection, compartment, "", "filler", place, os.urandom(_FILLER_SIZE // 2).hex())


@functools.cache
def touched(number: int) -> tuple[str, ...]:
    """Return which compartments a transaction touches; most touch all of them."""
    return _SETS[max(0, random.Random(number).randrange(10) - 4)]


def _record(compartment: str, number: int, place: int) -> Record:
    kind = MARKED[compartment]
    text = next(f.name for f in fields_of(kind) if f.kind in (Kind.TEXT, Kind.LONG_TEXT))
    values: dict[str, Any] = {text: os.urandom(random.Random(place + number).randrange(700)).hex()}
    identity = number * _EACH_OWN + place
    return kind(id=identity, revision=number, created_at=_AT, updated_at=_AT, **values)


def transact(opened: vault.Vault, number: int, only: Iterable[str] | None = None) -> None:
    """Do one numbered transaction: records, an audit row and rewritten drafts in each file."""
    chance = random.Random(number * 7 + 1)
    wanted = only if only is not None else touched(number)
    with opened.transaction() as connection:
        rewrites = 40 if chance.random() < 0.05 else chance.randrange(1, 6)
        for name in wanted:
            for place in range(chance.randrange(1, 4)):
                records.insert(connection, _record(name, number, place))
            for _ in range(rewrites):
                _fill(connection, name, chance.randrange(FILLERS))
            entry = audit.Entry(action="change", record_type="fault", record_id=number)
            audit.append(opened, name, entry)


def numbers_in(opened: vault.Vault) -> dict[str, set[int]]:
    """Return which transactions each compartment holds; records and audit rows must agree."""
    found = {}
    with opened.reading() as connection:
        raw: Any = connection.connection.driver_connection
        for name in sorted(opened.compartments):
            schema, table = schema_of(name), MARKED[name].table
            rows = raw.execute(f"SELECT DISTINCT revision FROM {schema}.{table}").fetchall()
            trail = raw.execute(
                f"SELECT record_id FROM {schema}.audit WHERE record_type = 'fault'"
            ).fetchall()
            numbers = {int(row[0]) for row in rows}
            found[name] = numbers if numbers == {int(row[0]) for row in trail} else {-1}
    return found


def newest(opened: vault.Vault) -> int:
    """Return the number of the newest transaction."""
    return max((max(held, default=0) for held in numbers_in(opened).values()), default=0)


def judge(
    opened: vault.Vault,
    confirmed: int,
    outcome: Outcome,
    touches: Callable[[int], Iterable[str]] = touched,
) -> None:
    """Count what is torn, lost or corrupt in a vault found after a fault."""
    held = numbers_in(opened)
    last = max(max(numbers, default=0) for numbers in held.values())
    expected = {name: {n for n in range(1, last + 1) if name in touches(n)} for name in held}
    apart = {name: sorted(held[name] ^ expected[name])[-3:] for name in held}
    wrong = {name: numbers for name, numbers in apart.items() if numbers}
    if wrong:
        outcome.add("torn", f"{wrong}, newest {last}, confirmed {confirmed}")
    if last < confirmed:
        outcome.add("lost", f"newest {last}, confirmed {confirmed}")
    if last > confirmed:
        outcome.counts["kept though not confirmed"] += 1
    with opened.reading() as connection:
        for name in sorted(held):
            if fault := fault_in(opened, connection, name):
                outcome.add("corrupt", f"{name}: {fault}")


def fault_in(opened: vault.Vault, connection: sa.Connection, name: str) -> str:
    """Return what is wrong with the pages, the tables or the newest audit row, or ''.

    A file that was found sound before, to the byte and under the same key, is not read again.
    """
    raw: Any = connection.connection.driver_connection
    schema = schema_of(name)
    content = (opened.folder / opened.ring.files[name].file).read_bytes()
    known = hashlib.sha256(opened.key_copies()[name] + content).digest()
    if known in _sound:
        return ""
    pages = raw.execute(f"PRAGMA {schema}.cipher_integrity_check").fetchone()
    if pages:
        return str(pages[0])
    tables = raw.execute(f"PRAGMA {schema}.integrity_check").fetchone()
    if tables[0] != "ok":
        return str(tables[0])
    first = max(1, audit.head(connection, name).seq)
    broken = audit.verify(connection, name, first, opened.public_keys())
    if broken is None:
        _sound.add(known)
    return "" if broken is None else f"audit row {broken}"


def leave(opened: vault.Vault) -> None:
    """Go away without sealing, as a test that is done with a vault may; the seal costs time."""
    opened.connection.close()
    opened._lock.release()


def go(opened: vault.Vault, outcome: Outcome) -> None:
    """Close one vault in four with its seal and leave the others as a crash leaves them."""
    if outcome.counts["tries"] % 4 == 0:
        opened.close()
    else:
        leave(opened)
