"""The audit trail: a signed chain of rows in every compartment, written with the change itself.

Each row's hash covers the row and the hash before it, and the signed-in worker's key signs it.
Order is given by `seq`, never by the clock, which is often wrong and only earns a flag.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shelter_app import clock
from shelter_app.storage.connection import AUDIT_HEADS, schema_of
from shelter_app.storage.keyring import Head

START: Final = Head(0, bytes(32))
_PURPOSE: Final = b"makao-audit-1|"
_STAMP: Final = "%Y-%m-%dT%H:%M:%S.%fZ"

DDL: Final = (
    (
        "CREATE TABLE {schema}.audit (seq INTEGER PRIMARY KEY, at_utc TEXT NOT NULL,"
        " slot TEXT NOT NULL, staff_id INTEGER NOT NULL, action TEXT NOT NULL,"
        " record_type TEXT NOT NULL, record_id INTEGER NOT NULL, person_id INTEGER NOT NULL,"
        " detail TEXT NOT NULL, prev_hash BLOB NOT NULL, hash BLOB NOT NULL,"
        " signature BLOB NOT NULL, clock_back INTEGER NOT NULL)"
    ),
    "CREATE INDEX {schema}.ix_audit_record ON audit (record_type, record_id)",
    "CREATE INDEX {schema}.ix_audit_person ON audit (person_id, seq)",
    (
        "CREATE TRIGGER {schema}.audit_no_update BEFORE UPDATE ON audit"
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


def _row_hash(compartment: str, row: tuple[Any, ...], previous: bytes) -> bytes:
    canonical = json.dumps([compartment, *row], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(_PURPOSE + canonical.encode() + b"|" + previous).digest()


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
    row = (
        tail.head.seq + 1,
        at_utc,
        signer.slot,
        entry.staff_id,
        entry.action,
        entry.record_type,
        entry.record_id,
        entry.person_id,
        entry.detail,
        int(at_utc < tail.at_utc),
    )
    digest = _row_hash(compartment, row, tail.head.hash)
    values = (*row, tail.head.hash, digest, signer.sign(digest))
    _driver(connection).execute(_insert(schema_of(compartment)), values)
    connection.info[AUDIT_HEADS][compartment] = _Tail(Head(row[0], digest), at_utc)
    return row[0]


def _insert(schema: str) -> str:
    return (
        f"INSERT INTO {schema}.audit (seq, at_utc, slot, staff_id, action, record_type, record_id,"  # noqa: S608
        " person_id, detail, clock_back, prev_hash, hash, signature)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
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


def verify(
    connection: sa.Connection,
    compartment: str,
    from_seq: int,
    public_keys: Mapping[str, tuple[bytes, ...]],
) -> int | None:
    """Return the number of the first row that breaks the chain, or None when all holds.

    `public_keys` gives each slot's signing keys, present and former. A cut tail cannot be seen
    from inside; the sealed head in the keyring is for that.
    """
    previous = hash_at(connection, compartment, from_seq - 1)
    if previous is None:
        return from_seq - 1
    keys = {
        slot: tuple(Ed25519PublicKey.from_public_bytes(key) for key in each)
        for slot, each in public_keys.items()
    }
    expected = from_seq
    statement = (
        "SELECT seq, at_utc, slot, staff_id, action, record_type, record_id, person_id, detail,"  # noqa: S608
        f" clock_back, prev_hash, hash, signature FROM {schema_of(compartment)}.audit"
        " WHERE seq >= ? ORDER BY seq"
    )
    for row in _driver(connection).execute(statement, (from_seq,)):
        digest = _row_hash(compartment, row[:10], previous)
        chained = row[0] == expected and bytes(row[10]) == previous and bytes(row[11]) == digest
        if not chained or not _signed(keys.get(row[2], ()), bytes(row[12]), digest):
            return expected
        previous, expected = digest, expected + 1
    return None


def _signed(keys: tuple[Ed25519PublicKey, ...], signature: bytes, digest: bytes) -> bool:
    for key in keys:
        try:
            key.verify(signature, digest)
        except InvalidSignature:
            continue
        return True
    return False
