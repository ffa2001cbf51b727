"""Half-typed forms: kept in the compartment of what is being written, offered to their owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shelter_app.domain import catalogue
from shelter_app.domain.access import Action
from shelter_app.domain.papers import PAPERS
from shelter_app.domain.record import Record
from shelter_app.domain.sealed_details import PARENTS
from shelter_app.errors import NotAllowed
from shelter_app.services.work import Work, person_of
from shelter_app.storage import drafts as storage


@dataclass(frozen=True)
class Place:
    """Which draft: the form, the type of its record, and the record (0 for a new one)."""

    form: str
    table: str
    record_id: int = 0


@dataclass(frozen=True)
class Waiting:
    """A draft that waits for the signed-in worker."""

    place: Place
    title: str
    saved_at: datetime


def keep(work: Work, place: Place, body: str) -> None:
    """Keep the form as typed so far, replacing what was kept before."""
    compartment = _compartment(work, place)
    storage.keep(
        work.connection, compartment, work.actor.slot_id, _form(place), place.record_id, body
    )


def get(work: Work, place: Place) -> str:
    """Return what was kept, '' when there is nothing."""
    compartment = _compartment(work, place)
    kind = catalogue.record_type(place.table)
    if _is_closed(work, kind, place.record_id):
        return ""
    found = storage.get(
        work.connection, compartment, work.actor.slot_id, _form(place), place.record_id
    )
    return found.body if found else ""


def discard(work: Work, place: Place) -> None:
    """Forget a draft."""
    compartment = _compartment(work, place)
    storage.discard(work.connection, compartment, work.actor.slot_id, _form(place), place.record_id)


def mine(work: Work) -> tuple[Waiting, ...]:
    """Return the signed-in worker's drafts, newest first; those of closed types stay unseen."""
    found: list[Waiting] = []
    for compartment in sorted(work.actor.compartments):
        for draft in storage.waiting(work.connection, compartment, work.actor.slot_id):
            form, _separator, table = draft.form.partition("|")
            try:
                kind = catalogue.record_type(table)
            except KeyError:
                continue
            reached = work.may(Action.READ, kind) or work.may_break(kind)
            if reached and not _has_gone(work, kind, draft.record_id):
                place = Place(form, table, draft.record_id)
                saved_at = datetime.fromisoformat(draft.saved_at)
                found.append(Waiting(place, kind.title, saved_at))
    return tuple(sorted(found, key=lambda waiting: waiting.saved_at, reverse=True))


def _is_closed(work: Work, kind: type[Record], record_id: int) -> bool:
    """Say whether a draft may not be read any more: its glass or her covering has ended."""
    if not record_id:
        return False
    if work.may_break(kind):
        return not _may_go_on(work, kind, record_id)
    return _has_gone(work, kind, record_id)


def _has_gone(work: Work, kind: type[Record], record_id: int) -> bool:
    """Say whether a form is of a record that is on somebody else's caseload by now."""
    if not record_id or work.may_break(kind):
        return False
    stored = work.rule_find(kind, record_id)
    return stored is not None and not work.may(Action.READ, kind, person_of(stored))


def _may_go_on(work: Work, kind: type[Record], record_id: int) -> bool:
    """Say whether somebody may go on with a sealed form: it is hers alone, or it stands open.

    A new paper, and a number or name that was not written down yet, hold nothing that was read.
    """
    if kind in PAPERS:
        return True
    if kind not in PARENTS:
        return work.opened(record_id)
    parent = work.rule_find(PARENTS[kind], record_id)
    if parent is None:
        return False
    return work.rule_find(kind, record_id) is None or work.opened(person_of(parent))


def _form(place: Place) -> str:
    return f"{place.form}|{place.table}"


def _compartment(work: Work, place: Place) -> str:
    compartment = catalogue.record_type(place.table).compartment
    if not work.holds(compartment):
        raise NotAllowed(f"draft {place.table}")
    return compartment
