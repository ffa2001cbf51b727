"""Open, save, void and undo any record type: what needs no rule of its own ends here."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final, TypeVar

from shelter_app.domain import access
from shelter_app.domain.fields import Kind, field_of, fields_of
from shelter_app.domain.record import Record
from shelter_app.errors import NotAllowed, StaleRecord
from shelter_app.services.changes import Step
from shelter_app.services.work import Work, person_of

R = TypeVar("R", bound=Record)

_SEEN: Final = "opened_in_this_session"
_OPENED_WITH_A_LOG: Final = ("sealed", "counselling")
"""Levels whose records are read through services that write down who looked, and why."""


def open_record(work: Work, kind: type[R], record_id: int) -> R:
    """Return a record with the fields this worker may not see left empty."""
    refuse_unlogged(kind)
    return masked(work, work.get(kind, record_id))


def refuse_unlogged(kind: type[Record]) -> None:
    """Raise NotAllowed for types that only a service opens which writes down who looked."""
    if kind.level in _OPENED_WITH_A_LOG:
        raise NotAllowed(f"open {kind.table} without its service")


def masked(work: Work, record: R) -> R:
    """Return the record as this worker may see it."""
    hidden = hidden_fields(work, type(record), person_of(record))
    defaults = {name: field_of(type(record), name).default for name in hidden}
    return dataclasses.replace(record, **defaults) if defaults else record


def hidden_fields(work: Work, kind: type[Record], person_id: int) -> frozenset[str]:
    """Return the names of the fields closed to this worker for this person's record."""
    readable = access.readable_fields(
        work.actor, kind, assigned=work.assigned(person_id), opened=work.opened(person_id)
    )
    names = {field.name for field in readable}
    return frozenset(field.name for field in fields_of(kind) if field.name not in names)


def save_record(work: Work, record: R) -> R:
    """Save a record as edited; fields closed to the worker or kept by the program stay."""
    kind = type(record)
    if kind.guarded:
        raise NotAllowed(f"save {kind.table} without its service")
    hidden = hidden_fields(work, kind, person_of(record))
    if record.revision:
        stored = work.get(kind, record.id)
        kept = {
            field.name: getattr(stored, field.name)
            for field in fields_of(kind)
            if field.kept_by_program or field.name in hidden
        }
    else:
        kept = {
            field.name: field.default
            for field in fields_of(kind)
            if field.name in hidden or (field.kept_by_program and field.kind is not Kind.LINK)
        }
    return work.save(dataclasses.replace(record, **kept))


def log_opening(work: Work, kind: type[Record], record_id: int) -> None:
    """Note in the audit that the worker looked at a record: once per session and record."""
    record = work.get(kind, record_id)
    seen: set[tuple[str, int]] = work.connection.info.setdefault(_SEEN, set())
    if (kind.table, record_id) not in seen:
        work.log("open", record)
        seen.add((kind.table, record_id))


def undo(work: Work, steps: Sequence[Step]) -> None:
    """Take back what was done, newest first; StaleRecord when somebody went on from there."""
    for step in reversed(steps):
        now = work.rule_find(type(step.after), step.after.id)
        if now is None or now.revision != step.after.revision:
            raise StaleRecord(f"{step.after.table} {step.after.id}")
        if now.updated_by != work.actor.staff_id:
            raise NotAllowed(f"undo {step.after.table}")
        if step.before is None:
            back = dataclasses.replace(now, voided=True, void_reason="undone")
        else:
            back = dataclasses.replace(step.before, revision=now.revision)
        work.save(back, by_program=True)
