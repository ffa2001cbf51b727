"""The audit trail: a signed chain of rows in every compartment, written with the change itself.

Each row's hash covers the row and the hash before it, and the signed-in worker's key signs it.
Order is given by `seq`, never by the clock, which is often wrong and only earns a flag.

What a row says in words (values before and after, reasons) goes into the hash as a salted digest,
so that an erasure can empty the words of one person's rows while the chain still holds. The salt
goes with them: without it nobody can try out likely values against the digest that stays.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import sqlalchemy as sa

from shelter_app import clock
from shelter_app.storage import audit_check
from shelter_app.storage.audit_chain import (
    DDL,
    ERASE,
    START,
    Tail,
    detail_digest,
    driver,
    hash_at,
    head,
    row_hash,
    tail,
)
from shelter_app.storage.connection import AUDIT_HEADS, schema_of
from shelter_app.storage.keyring import Head

__all__ = [
    "DDL",
    "ERASE",
    "START",
    "Entry",
    "Signer",
    "Writer",
    "append",
    "empty_person",
    "empty_rows",
    "hash_at",
    "head",
    "verify",
]

_SALT_BYTES: Final = 16
_STAMP: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


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


def append(writer: Writer, compartment: str, entry: Entry, *, now: datetime | None = None) -> int:
    """Write one row in the transaction under way and return its number; `now` is UTC."""
    connection, signer = writer.connection, writer.signer
    if not connection.in_transaction():
        raise RuntimeError("audit rows belong to the transaction of the change")
    last = tail(connection, compartment)
    at_utc = (now or clock.utc_now()).strftime(_STAMP)
    salt = secrets.token_bytes(_SALT_BYTES) if entry.detail else b""
    said = detail_digest(salt, entry.detail)
    before = (
        last.head.seq + 1,
        at_utc,
        signer.slot,
        entry.staff_id,
        entry.action,
        entry.record_type,
        entry.record_id,
        entry.person_id,
    )
    clock_back = int(at_utc < last.at_utc)
    digest = row_hash(compartment, (*before, said.hex(), clock_back), last.head.hash)
    values = (*before, entry.detail, salt, said, clock_back, last.head.hash, digest)
    driver(connection).execute(_insert(schema_of(compartment)), (*values, signer.sign(digest)))
    connection.info[AUDIT_HEADS][compartment] = Tail(Head(before[0], digest), at_utc)
    return before[0]


def _insert(schema: str) -> str:
    return (
        f"INSERT INTO {schema}.audit (seq, at_utc, slot, staff_id, action, record_type, record_id,"  # noqa: S608
        " person_id, detail, detail_salt, detail_digest, clock_back, prev_hash, hash, signature)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )


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
    emptied = driver(writer.connection).execute(statement, values).rowcount
    append(writer, compartment, entry)
    return int(emptied)


def verify(
    connection: sa.Connection,
    compartment: str,
    from_seq: int,
    public_keys: Mapping[str, tuple[bytes, ...]],
) -> int | None:
    """Return the number of the first row that breaks the chain, or None when all holds."""
    fault = audit_check.first_fault(connection, compartment, from_seq, public_keys)
    return fault.seq if fault else None
