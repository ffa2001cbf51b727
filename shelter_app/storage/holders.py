"""Who was really given a part's key, written inside the part, where only its holders can write.

The keyring's MAC hangs on the office key, which everybody who signs in holds: somebody with tools
of her own could write a grant into it that opens nothing, or put her public key into another's
slot, and wait for the next new key to be wrapped for her. So each part remembers the key pairs its
holders gave its key to, and a new key goes to these and no others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

import sqlalchemy as sa

from shelter_app.storage import keyring as kr
from shelter_app.storage import migrate, slots
from shelter_app.storage.connection import schema_of

_PREFIX: Final = "holder "
"""Each slot has a row of its own among what a file says of itself: damage takes few of them."""
_DIGITS: Final = 32

Holders = frozenset[str]
"""Key pairs by slot: the id of the slot and a digest of its public keys."""


def mark_of(slot: kr.Slot) -> str:
    """Return what stands for a slot with the key pair it has now."""
    digest = hashlib.sha256(slot.x25519 + slot.ed25519).hexdigest()[:_DIGITS]
    return f"{slot.id}:{digest}"


def granted_in(ring: kr.Keyring, compartment: str) -> Holders:
    """Return whom the keyring says a compartment's present key was granted to."""
    return frozenset(
        mark_of(slot)
        for slot in ring.slots
        if not slot.disabled and compartment in slots.present_reach(ring, slot.id)
    )


def known(connection: sa.Connection, compartment: str) -> Holders | None:
    """Return the key pairs that were given a compartment's key; None when nobody wrote any down."""
    return said_in(migrate.read_meta(connection, compartment))


def said_in(facts: Mapping[str, str]) -> Holders | None:
    """Return the key pairs that a file's facts name; None when they name none."""
    found = frozenset(
        f"{name.removeprefix(_PREFIX)}:{digest}"
        for name, digest in facts.items()
        if name.startswith(_PREFIX)
    )
    return found or None


def facts(marks: Iterable[str]) -> dict[str, str]:
    """Return key pairs as the fact that a file keeps of them."""
    pairs = (mark.partition(":") for mark in sorted(marks))
    return {f"{_PREFIX}{slot_id}": digest for slot_id, _colon, digest in pairs}


def write(connection: sa.Connection, compartment: str, marks: Iterable[str]) -> None:
    """Write down who was given a compartment's key and nobody else, in this transaction."""
    connection.exec_driver_sql(
        f"DELETE FROM {schema_of(compartment)}.meta WHERE name LIKE '{_PREFIX}%'"  # noqa: S608
    )
    migrate.write_meta(connection, compartment, facts(marks))


def add(connection: sa.Connection, compartment: str, marks: Iterable[str]) -> None:
    """Add key pairs that were just given a compartment's key, in place of older ones of a slot."""
    migrate.write_meta(connection, compartment, facts(marks))


def add_own(
    connection: sa.Connection,
    ring: kr.Keyring,
    slot_id: str,
    said: Mapping[str, Mapping[str, str]],
) -> None:
    """Add the slot that has just opened these compartments: it holds their keys, so it was given.

    A part from before anybody wrote them down believes the keyring, once.
    """
    own = mark_of(slots.slot_in(ring, slot_id))
    for name, told in said.items():
        before = said_in(told)
        if before is None:
            write(connection, name, granted_in(ring, name))
        elif own not in before:
            add(connection, name, {own})


def newly_granted(
    before: kr.Keyring, after: kr.Keyring, compartments: Iterable[str]
) -> dict[str, Holders]:
    """Return by compartment whom a change of the keyring gives a key to."""
    found = {name: granted_in(after, name) - granted_in(before, name) for name in compartments}
    return {name: marks for name, marks in found.items() if marks}


def without_planted(ring: kr.Keyring, trusted: Mapping[str, Holders | None]) -> kr.Keyring:
    """Return the keyring without grants that no holder of these compartments ever gave.

    A worker whose grant goes waits for somebody who compares the words of her key, as on the
    first day; a sheet counts as unproved.
    """
    for slot in ring.slots:
        planted = {
            name
            for name in slots.present_reach(ring, slot.id) & set(trusted)
            if mark_of(slot) not in (trusted[name] or ())
        }
        if planted and not slot.disabled:
            ring = slots.asking_again(ring, slot.id, planted)
    return ring
