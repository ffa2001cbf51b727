"""Checking the audit chain: in parts, so that others may work between, naming the first fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shelter_app.storage import audit_chain
from shelter_app.storage.connection import schema_of

PublicKeys = Mapping[str, tuple[bytes, ...]]
"""Each slot's signing keys, present and former."""

_AT_ONCE: Final = 1 << 40


class Wrong(Enum):
    """What is wrong with the first row that does not fit."""

    MISSING = "missing"
    CHAIN = "chain"
    CHANGED = "changed"
    WORDS = "words"
    SIGNATURE = "signature"
    EMPTIED = "emptied"


@dataclass(frozen=True)
class Fault:
    """The first broken link: its number, its time as written there ('' when it is gone)."""

    seq: int
    at_utc: str
    wrong: Wrong


@dataclass(frozen=True)
class Progress:
    """How far a check of one compartment has come; `next_seq` is the row to look at next."""

    compartment: str
    next_seq: int
    previous: bytes
    last_seq: int
    fault: Fault | None = None
    done: bool = False
    emptied: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    """Person -> the newest emptied row that no erasure has accounted for yet."""


def begin(connection: sa.Connection, compartment: str, from_seq: int = 1) -> Progress:
    """Return the start of a check that ends at today's last row."""
    last = audit_chain.head(connection, compartment).seq
    previous = audit_chain.hash_at(connection, compartment, from_seq - 1)
    if previous is None:
        gone = Fault(from_seq - 1, "", Wrong.MISSING)
        return Progress(compartment, from_seq, b"", last, gone, done=True)
    return Progress(compartment, from_seq, previous, last)


def advance(
    connection: sa.Connection, progress: Progress, public_keys: PublicKeys, rows: int
) -> Progress:
    """Check the next rows; `done` says that the end or a fault was reached."""
    if progress.done:
        return progress
    checker = _Checker(progress, public_keys)
    through = min(progress.last_seq, progress.next_seq + rows - 1)
    for row in _rows(connection, progress.compartment, progress.next_seq, through):
        if checker.fault_in(row):
            break
    return checker.result(through)


def _rows(connection: sa.Connection, compartment: str, first: int, last: int) -> Any:
    statement = (
        "SELECT seq, at_utc, slot, staff_id, action, record_type, record_id, person_id, detail,"  # noqa: S608
        " detail_salt, detail_digest, clock_back, prev_hash, hash, signature"
        f" FROM {schema_of(compartment)}.audit WHERE seq BETWEEN ? AND ? ORDER BY seq"
    )
    raw: Any = connection.connection.driver_connection
    return raw.execute(statement, (first, last))


class _Checker:
    """Goes through rows in order, remembering what a later row has to account for."""

    def __init__(self, progress: Progress, public_keys: PublicKeys) -> None:
        self._progress = progress
        self._keys = {
            slot: tuple(Ed25519PublicKey.from_public_bytes(key) for key in each)
            for slot, each in public_keys.items()
        }
        self._expected = progress.next_seq
        self._previous = progress.previous
        self._emptied = dict(progress.emptied)
        self._fault: Fault | None = None

    def fault_in(self, row: tuple[Any, ...]) -> bool:
        """Look at one row; True when it breaks the chain."""
        wrong = self._wrong_with(row)
        if wrong is not None:
            at_utc = "" if wrong is Wrong.MISSING else str(row[1])
            self._fault = Fault(self._expected, at_utc, wrong)
            return True
        person_id, emptied = row[7], row[10] and not row[8]
        if emptied:
            self._emptied[person_id] = (row[0], row[1])
        if row[4] == audit_chain.ERASE:
            self._emptied.pop(person_id, None)
        self._previous = bytes(row[13])
        self._expected += 1
        return False

    def _wrong_with(self, row: tuple[Any, ...]) -> Wrong | None:
        seq, detail, salt, said = row[0], row[8], bytes(row[9]), bytes(row[10])
        if seq != self._expected:
            return Wrong.MISSING
        if bytes(row[12]) != self._previous:
            return Wrong.CHAIN
        canonical = (*row[:8], said.hex(), row[11])
        digest = audit_chain.row_hash(self._progress.compartment, canonical, self._previous)
        if bytes(row[13]) != digest:
            return Wrong.CHANGED
        if not _signed(self._keys.get(row[2], ()), bytes(row[14]), digest):
            return Wrong.SIGNATURE
        words_fit = audit_chain.detail_digest(salt, detail) == said if detail else not salt
        return None if words_fit else Wrong.WORDS

    def result(self, through: int) -> Progress:
        """Return how far the check has come after rows up to `through`."""
        fault = self._fault
        if fault is None and self._expected <= through:
            fault = Fault(self._expected, "", Wrong.MISSING)
        done = fault is not None or through >= self._progress.last_seq
        if fault is None and done and self._emptied:
            seq, at_utc = min(self._emptied.values())
            fault = Fault(seq, at_utc, Wrong.EMPTIED)
        return replace(
            self._progress,
            next_seq=self._expected,
            previous=self._previous,
            fault=fault,
            done=done,
            emptied=self._emptied,
        )


def first_fault(
    connection: sa.Connection, compartment: str, from_seq: int, public_keys: PublicKeys
) -> Fault | None:
    """Check everything from a row on at once; None when all holds.

    A cut tail cannot be seen from inside; the sealed head in the keyring is for that.
    """
    progress = begin(connection, compartment, from_seq)
    return advance(connection, progress, public_keys, _AT_ONCE).fault


def _signed(keys: tuple[Ed25519PublicKey, ...], signature: bytes, digest: bytes) -> bool:
    for key in keys:
        try:
            key.verify(signature, digest)
        except InvalidSignature:
            continue
        return True
    return False
