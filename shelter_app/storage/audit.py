"""The audit trail: a signed chain of rows in every compartment, written with the change itself.

Each row's hash covers the row and the hash before it, and the signed-in worker's key signs it.
Order is given by `seq`, never by the clock, which is often wrong and only earns a flag.

What a row says in words (values before and after, reasons) goes into the hash as a salted digest,
so that an erasure can empty the words of one person's rows while the chain still holds. The salt
goes with them: without it nobody can try out likely values against the digest that stays.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import sqlalchemy as sa

from shelter_app import clock
from shelter_app.storage.connection import AUDIT_HEADS, schema_of
from shelter_app.storage.keyring import Head

START: Final = Head(0, bytes(32))
ERASE: Final = "erase"
"""The action of the row that says whose words were emptied, and on whose decision."""

_PURPOSE: Final = b"makao-audit-1|"
_DETAIL_PURPOSE: Final = b"makao-audit-detail-1|"
_SALT_BYTES: Final = 16
_STAMP: Final = "%Y-%m-%dT%H:%M:%S.%fZ"

_KEPT: Final = (
    "seq",
    "at_utc",
    "slot",
    "staff_id",
    "action",
    "record_type",
    "record_id",
    "person_id",
    "detail_digest",
    "prev_hash",
    "hash",
    "signature",
    "clock_back",
)
_SAME: Final = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _KEPT)
"""What an update must leave alone: the file allows nothing but emptying the words of a row."""

DDL: Final = (
    (
        "CREATE TABLE {schema}.audit (seq INTEGER PRIMARY KEY, at_utc TEXT NOT NULL,"
        " slot TEXT NOT NULL, staff_id INTEGER NOT NULL, action TEXT NOT NULL,"
        " record_type TEXT NOT NULL, record_id INTEGER NOT NULL, person_id INTEGER NOT NULL,"
        " detail TEXT NOT NULL, detail_salt BLOB NOT NULL, detail_digest BLOB NOT NULL,"
        " prev_hash BLOB NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL,"
        " clock_back INTEGER NOT NULL)"
    ),
    "CREATE INDEX {schema}.ix_audit_record ON audit (record_type, record_id)",
    "CREATE INDEX {schema}.ix_audit_person ON audit (person_id, seq)",
    (
        "CREATE TRIGGER {schema}.audit_no_update BEFORE UPDATE ON audit"
        f" WHEN NOT (NEW.detail = '' AND NEW.detail_salt = x'' AND {_SAME})"
        " BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END"
    ),
    (
        "CREATE TRIGGER {schema}.audit_no_delete BEFORE DELETE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END"
    ),
    (
        "CREATE TRIGGER {schema}.audit_no_replace BEFORE INSERT ON audit"
        " WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)"
        " BEGIN SELECT RAISE(ABORT, 'audit rows are never replaced'); END"
    ),
)


@dataclass(frozen=True)
class Signer:
    """Who signs: the key slot and its signing function."""

    slot: str
    sign: Callable[[bytes], bytes]


class Writer(Protocol):
    """What a row is written through: an open vault, its connection and its signing slot."""

    @property
    def connection(self) -> sa.Connection:
        """Return the connection whose transaction is under way."""

    @property
    def signer(self) -> Signer:
        """Return who signs."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What happened: who did what to which record; `detail` is JSON made by the services."""

    action: str
    staff_id: int = 0
    record_type: str = ""
    record_id: int = 0
    person_id: int = 0
    detail: str = ""


@dataclass(frozen=True)
class _Tail:
    head: Head
    at_utc: str


def row_hash(compartment: str, row: tuple[Any, ...], previous: bytes) -> bytes:
    """Return the hash of a row whose words are given as the hexadecimal of their digest."""
    canonical = json.dumps([compartment, *row], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(_PURPOSE + canonical.encode() + b"|" + previous).digest()


def detail_digest(salt: bytes, detail: str) -> bytes:
    """Return what stands for a row's words in the chain; b'' for a row that never had any."""
    if not detail:
        return b""
    return hashlib.sha256(_DETAIL_PURPOSE + salt + b"|" + detail.encode()).digest()


def _driver(connection: sa.Connection) -> Any:
    """Return the connection below SQLAlchemy: many rows are written in one import or demo house."""
    return connection.connection.driver_connection


def _tail(connection: sa.Connection, compartment: str) -> _Tail:
    known: dict[str, _Tail] = connection.info.setdefault(AUDIT_HEADS, {})
    tail = known.get(compartment)
    if tail is None:
        row = (
            _driver(connection)
            .execute(
                f"SELECT seq, hash, at_utc FROM {schema_of(compartment)}.audit"  # noqa: S608
                " ORDER BY seq DESC LIMIT 1"
            )
            .fetchone()
        )
        tail = _Tail(Head(row[0], bytes(row[1])), row[2]) if row else _Tail(START, "")
        known[compartment] = tail
    return tail


def append(writer: Writer, compartment: str, entry: Entry, *, now: datetime | None = None) -> int:
    """Write one row in the transaction under way and return its number; `now` is UTC."""
    connection, signer = writer.connection, writer.signer
    if not connection.in_transaction():
        raise RuntimeError("audit rows belong to the transaction of the change")
    tail = _tail(connection, compartment)
    at_utc = (now or clock.utc_now()).strftime(_STAMP)
    salt = secrets.token_bytes(_SALT_BYTES) if entry.detail else b""
    said = detail_digest(salt, entry.detail)
    before = (
        tail.head.seq + 1,
        at_utc,
        signer.slot,
        entry.staff_id,
        entry.action,
        entry.record_type,
        entry.record_id,
        entry.person_id,
    )
    clock_back = int(at_utc < tail.at_utc)
    digest = row_hash(compartment, (*before, said.hex(), clock_back), tail.head.hash)
    values = (*before, entry.detail, salt, said, clock_back, tail.head.hash, digest)
    _driver(connection).execute(_insert(schema_of(compartment)), (*values, signer.sign(digest)))
    connection.info[AUDIT_HEADS][compartment] = _Tail(Head(before[0], digest), at_utc)
    return before[0]


def _insert(schema: str) -> str:
    return (
        f"INSERT INTO {schema}.audit (seq, at_utc, slot, staff_id, action, record_type, record_id,"  # noqa: S608
        " person_id, detail, detail_salt, detail_digest, clock_back, prev_hash, hash, signature)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )


def head(connection: sa.Connection, compartment: str) -> Head:
    """Return the last row of a compartment's chain."""
    return _tail(connection, compartment).head


def hash_at(connection: sa.Connection, compartment: str, seq: int) -> bytes | None:
    """Return the hash of one row, or None when there is no such row."""
    if seq == 0:
        return START.hash
    statement = f"SELECT hash FROM {schema_of(compartment)}.audit WHERE seq = ?"  # noqa: S608
    row = _driver(connection).execute(statement, (seq,)).fetchone()
    return bytes(row[0]) if row else None


def empty_person(writer: Writer, compartment: str, entry: Entry) -> int:
    """Empty the words of all rows about the entry's person and write the row that says so.

    Every other column stays, so the chain holds; a check that meets an emptied row asks for the
    row written here (`entry.action` is ERASE). Returns how many rows lost their words.
    """
    if not entry.person_id:
        raise ValueError("an erasure names the person whose words it empties")
    return _emptied(writer, compartment, entry, "person_id = ?", (entry.person_id,))


def empty_rows(writer: Writer, compartment: str, seqs: Sequence[int], entry: Entry) -> int:
    """Empty single rows that name nobody by id (a search for a name) and write that down."""
    places = ", ".join("?" * len(seqs))
    where = f"person_id = {int(entry.person_id)} AND seq IN ({places})"
    return _emptied(writer, compartment, entry, where, tuple(seqs))


def _emptied(
    writer: Writer, compartment: str, entry: Entry, where: str, values: tuple[int, ...]
) -> int:
    if entry.action != ERASE:
        raise ValueError("words are emptied by an erasure only")
    statement = (
        f"UPDATE {schema_of(compartment)}.audit SET detail = '', detail_salt = x''"  # noqa: S608
        f" WHERE detail <> '' AND {where}"
    )
    emptied = _driver(writer.connection).execute(statement, values).rowcount
    append(writer, compartment, entry)
    return int(emptied)


def verify(
    connection: sa.Connection,
    compartment: str,
    from_seq: int,
    public_keys: Mapping[str, tuple[bytes, ...]],
) -> int | None:
    """Return the number of the first row that breaks the chain, or None when all holds."""
    from shelter_app.storage import audit_check  # it reads the chain through this module

    fault = audit_check.first_fault(connection, compartment, from_seq, public_keys)
    return fault.seq if fault else None
