"""The shape of the audit chain: its table, what a row's hash covers, and where the chain ends."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.storage.connection import AUDIT_HEADS, schema_of
from shelter_app.storage.keyring import Head

START: Final = Head(0, bytes(32))
ERASE: Final = "erase"
"""The action of the row that says whose words were emptied, and on whose decision."""

_PURPOSE: Final = b"makao-audit-1|"
_DETAIL_PURPOSE: Final = b"makao-audit-detail-1|"

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
class Tail:
    """The last row of a chain."""

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


def driver(connection: sa.Connection) -> Any:
    """Return the connection below SQLAlchemy: many rows are written in one import or demo house."""
    return connection.connection.driver_connection


def tail(connection: sa.Connection, compartment: str) -> Tail:
    """Return the last row, remembered while the connection's transactions succeed."""
    known: dict[str, Tail] = connection.info.setdefault(AUDIT_HEADS, {})
    found = known.get(compartment)
    if found is None:
        row = (
            driver(connection)
            .execute(
                f"SELECT seq, hash, at_utc FROM {schema_of(compartment)}.audit"  # noqa: S608
                " ORDER BY seq DESC LIMIT 1"
            )
            .fetchone()
        )
        found = Tail(Head(row[0], bytes(row[1])), row[2]) if row else Tail(START, "")
        known[compartment] = found
    return found


def head(connection: sa.Connection, compartment: str) -> Head:
    """Return the last row of a compartment's chain."""
    return tail(connection, compartment).head


def hash_at(connection: sa.Connection, compartment: str, seq: int) -> bytes | None:
    """Return the hash of one row, or None when there is no such row."""
    if seq == 0:
        return START.hash
    statement = f"SELECT hash FROM {schema_of(compartment)}.audit WHERE seq = ?"  # noqa: S608
    row = driver(connection).execute(statement, (seq,)).fetchone()
    return bytes(row[0]) if row else None
