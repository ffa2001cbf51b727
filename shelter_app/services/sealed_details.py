"""Sealed names and numbers: written without a reason, read and changed with one only."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

from shelter_app.domain import access
from shelter_app.domain.access import Actor
from shelter_app.domain.fields import fields_of
from shelter_app.domain.person import SealedIdentity
from shelter_app.domain.record import Record
from shelter_app.domain.sealed_details import PARENTS
from shelter_app.errors import NotAllowed, NotPossible
from shelter_app.i18n import N_
from shelter_app.services import break_glass, identity
from shelter_app.services.work import Work, person_of

OPEN_FIRST: Final = N_(
    "This is written down already. Open her true identity first, with a reason; then it can be"
    " corrected here for an hour."
)


def may_write(actor: Actor) -> bool:
    """Say whether somebody writes such details down: buttons ask before they offer it."""
    return actor.has_role(*identity.EDITORS) and access.may_break(actor, SealedIdentity)


def start(work: Work, kind: type[Record], record_id: int) -> Record:
    """Return the detail of a record to fill in, or to correct where it was opened with a reason.

    Runs as a change, because a look must be kept before anything is shown.
    """
    if kind not in PARENTS or not may_write(work.actor):
        raise NotAllowed(f"write {kind.table}")
    parent = work.get(PARENTS[kind], record_id)
    stored = _kept(work, kind, record_id)
    if stored is None:
        blank: Record = dataclasses.replace(kind(), id=record_id)
        return dataclasses.replace(blank, person_id=person_of(parent))  # type: ignore[call-arg]
    standing = break_glass.standing(work, person_of(parent))
    if standing is None:
        raise NotPossible(OPEN_FIRST)
    break_glass.note_look(work, person_of(parent), standing.reason)
    return stored


def save(work: Work, record: Record) -> Record:
    """Write a detail down; a first one needs no reason, because nothing is read."""
    kind = type(record)
    if kind not in PARENTS or not may_write(work.actor):
        raise NotAllowed(f"write {kind.table}")
    parent = work.get(PARENTS[kind], record.id)
    before = work.rule_find(kind, record.id)
    person: dict[str, Any] = {"person_id": person_of(parent)}
    if before is not None and before.voided:
        typed: dict[str, Any] = {f.name: getattr(record, f.name) for f in fields_of(kind)}
        again = dataclasses.replace(before, voided=False, void_reason="", **(typed | person))
        return work.save(again, by_program=True)
    first = before is None
    return work.save(dataclasses.replace(record, **person), by_program=first)


def _kept(work: Work, kind: type[Record], record_id: int) -> Record | None:
    found = work.rule_find(kind, record_id)
    return None if found is None or found.voided else found
