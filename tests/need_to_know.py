"""A house full of words nobody else has: what comes out of a service is traced to its field.

Every text of every record bears a word of its own, so that a word in an answer says from which
field of which record it came, and whether this worker may read that field of that person.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain import access
from shelter_app.domain.access import Action, Actor
from shelter_app.domain.catalogue import RECORD_TYPES
from shelter_app.domain.fields import Field, Kind, fields_of
from shelter_app.domain.record import Record
from shelter_app.services.work import person_of
from shelter_app.storage import records, search
from tests.builders import minimal

NOW: Final = datetime(2026, 11, 22, 10)
_ALPHABET: Final = "bcdfghjklmnpqrstvwxz"
_WORDS: Final = (Kind.TEXT, Kind.LONG_TEXT, Kind.PHONE)
NOT_MADE: Final = frozenset({"setting", "staff", "deadline_times"})
"""Everybody reads these, and the template house has its own."""
_SHARED: Final = frozenset({"partner", "room", "backup_place", "backup_run"})
"""Made once: they belong to no person."""
_KEEPS_ITS_TEXT: Final = frozenset({"rule", "mark", "person_no", "slot_id"})
_TWINS: Final = {
    "placement": "stay",
    "person_background": "person",
    "sealed_identity": "person",
    "safe_contact": "person",
    "safe_contact_number": "person",
    "court_event": "appointment",
    "counselling_result": "counselling_enrolment",
    "counselling_leaving": "counselling_enrolment",
    "after_accompaniment": "accompaniment",
    "identity_document_number": "identity_document",
    "consent_giver_name": "consent",
    "whereabouts": "stay",
}
"""Types that share the id of another; a court event has its time in the house calendar."""


def _word(number: int) -> str:
    letters = []
    for _place in range(5):
        number, index = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[index])
    return "Zq" + "".join(letters)


@dataclass(frozen=True)
class Source:
    """Where a word stands."""

    record: Record
    field: Field


@dataclass
class Life:
    """One person's records by type."""

    records: dict[str, Record] = field(default_factory=dict)

    @property
    def person_id(self) -> int:
        """Return the person."""
        return self.records["person"].id

    def id_of(self, table: str) -> int:
        """Return the id of her record of a type."""
        return self.records[table].id


@dataclass
class World:
    """Two lives: one on the caseload of `worker`, one on a colleague's."""

    lives: tuple[Life, Life]
    words: dict[str, Source]

    def all_records(self) -> Iterator[Record]:
        """Return every record once, parents first."""
        seen = set()
        for kind in RECORD_TYPES:
            for life in self.lives:
                found = life.records.get(kind.table)
                if found is not None and (kind.table, found.id) not in seen:
                    seen.add((kind.table, found.id))
                    yield found


def a_world(worker: int, colleague: int) -> World:
    """Make the records of two lives, not saved yet."""
    world = World((Life(), Life()), {})
    number = iter(range(1, 1_000_000))
    for kind in RECORD_TYPES:
        if kind.table in NOT_MADE:
            continue
        for life, whose in zip(world.lives, (worker, colleague), strict=True):
            if kind.table in _SHARED and life is world.lives[1]:
                life.records[kind.table] = world.lives[0].records[kind.table]
                continue
            life.records[kind.table] = _made(world, life, kind, whose, number)
    return world


def _made(
    world: World, life: Life, kind: type[Record], whose: int, numbers: Iterator[int]
) -> Record:
    links = {table: record.id for table, record in life.records.items()} | {"staff": whose}
    bare = minimal(kind, NOW, **links)
    twin = _TWINS.get(kind.table, "")
    values: dict[str, Any] = {
        "id": links[twin] if twin else 5_000_000_000 + next(numbers),
        "revision": 1,
        "created_at": NOW,
        "created_by": whose,
        "updated_at": NOW,
        "updated_by": whose,
        **_situation(kind, life, whose),
    }
    if "person_id" in kind.__dataclass_fields__ and kind.table != "person":
        values["person_id"] = life.person_id
    words: list[tuple[str, Field]] = []
    for each in fields_of(kind):
        if each.kind in _WORDS and each.name not in _KEEPS_ITS_TEXT and not each.codes:
            word = _word(next(numbers))
            if each.kind is Kind.PHONE:
                word = f"07{next(numbers) + 10_000_000}"
            values[each.name] = word
            words.append((word, each))
    record = dataclasses.replace(bare, **values)
    for word, each in words:
        world.words[word] = Source(record, each)
    return record


def _situation(kind: type[Record], life: Life, whose: int) -> dict[str, Any]:
    """Return what brings a record onto today's pages."""
    today = NOW.date()
    if kind.table == "stay":
        return {"case_manager": whose, "counsellor": whose}
    if kind.table == "appointment":
        return {"kind": "court", "starts_at": NOW + timedelta(hours=3)}
    if kind.table == "court_event":
        return {"starts_at": NOW + timedelta(hours=3)}
    if kind.table == "counselling_session":
        return {"starts_at": NOW - timedelta(hours=1), "safety_flag": True}
    if kind.table == "followup_contact":
        return {"due_on": today - timedelta(days=2)}
    if kind.table in ("break_glass", "break_glass_seen"):
        return {"staff_id": 99}
    if kind.table == "person_background":
        return {"birth_date": date(2010, 3, 4), "pregnancy_status": "yes"}
    return {}


def put(connection: sa.Connection, record: Record) -> None:
    """Write a record as it stands, past every rule."""
    records.insert(connection, record)
    search.index_record(connection, record, None)


def sees(actor: Actor, record: Record, world: World) -> bool:
    """Say whether the worker may read this record at all."""
    return access.may(actor, Action.READ, type(record), assigned=assigned(actor, record, world))


def assigned(actor: Actor, record: Record, world: World) -> bool:
    """Say whether the record's person is on the worker's caseload."""
    owner = person_of(record)
    for life in world.lives:
        if owner == life.person_id:
            stay: Any = life.records["stay"]
            return actor.staff_id in (stay.case_manager, stay.counsellor)
    return True


def as_seen(actor: Actor, record: Record, world: World) -> Record | None:
    """Return the record with what is closed to the worker left empty, or None."""
    if not sees(actor, record, world):
        return None
    known = assigned(actor, record, world)
    readable = {f.name for f in access.readable_fields(actor, type(record), assigned=known)}
    closed = {f.name: f.default for f in fields_of(type(record)) if f.name not in readable}
    return dataclasses.replace(record, **closed)


def closed_words(actor: Actor, world: World) -> dict[str, Source]:
    """Return the words this worker must never meet."""
    found = {}
    for word, source in world.words.items():
        known = assigned(actor, source.record, world)
        kind = type(source.record)
        readable = {f.name for f in access.readable_fields(actor, kind, assigned=known)}
        if source.field.name not in readable or not sees(actor, source.record, world):
            found[word] = source
    return found


def closed_ids(actor: Actor, world: World) -> dict[int, str]:
    """Return ids of records that do not exist for this worker, with their type.

    An id that stands as a link in a record she may read is known to her, and says nothing.
    """
    shown: set[int] = set()
    hidden: dict[int, str] = {}
    for record in world.all_records():
        seen = as_seen(actor, record, world)
        if seen is not None:
            shown.update(numbers_in(seen))
        else:
            hidden[record.id] = record.table
    return {key: table for key, table in hidden.items() if key not in shown}


def texts_in(value: Any) -> Iterator[str]:
    """Give every text in a value, however deep it lies."""
    for leaf in _leaves(value):
        if isinstance(leaf, bytes):
            yield leaf.decode("latin-1")
        elif not isinstance(leaf, int):
            yield str(leaf)


def numbers_in(value: Any) -> Iterator[int]:
    """Give every whole number in a value."""
    for leaf in _leaves(value):
        if isinstance(leaf, int) and not isinstance(leaf, bool):
            yield leaf


def _leaves(value: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for each in dataclasses.fields(value):
            yield from _leaves(getattr(value, each.name))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(key)
            yield from _leaves(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _leaves(one)
    elif value is not None:
        yield value
