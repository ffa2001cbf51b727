"""Trying every part of the core on a throw-away house: what a built program does before release."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from shelter_app.domain import catalogue, codelists, deadline_times
from shelter_app.domain.fields import Field, Kind, fields_of
from shelter_app.domain.record import Record
from shelter_app.domain.staff import Setting, Staff
from shelter_app.errors import ValidationFailed
from shelter_app.services import house_setup
from shelter_app.services.desk import Desk, ImmediateExecutor, sign_in
from shelter_app.services.doors import ways_in
from shelter_app.services.house_setup import Founded, Plan
from shelter_app.services.work import Work
from shelter_app.storage.keyring import FLOOR

ALIAS: Final = "Check"
_PHRASE: Final = "four words for a check"
_SAME_ID: Final = {
    "placement": "stay",
    "person_background": "person",
    "sealed_identity": "person",
    "safe_contact": "person",
    "safe_contact_number": "person",
}
_KNOWN_WORDS: Final = {("deadline_times", "rule"): deadline_times.CODES[0]}
"""Fields whose text is a name out of the program itself."""
_COLLEAGUE: Final = "colleague"
_MOST_ROUNDS: Final = 5


class CheckFailed(Exception):
    """A part does not work in this build; the message names the part."""


def found_and_sign_in(folder: Path) -> tuple[Founded, Desk]:
    """Make a house with all migrations and sign its manager in."""
    plan = Plan(folder, "Check", ALIAS, _PHRASE, counsels=True)
    founded = house_setup.found_house(plan, FLOOR)
    return founded, sign_in_again(folder)


def sign_in_again(folder: Path) -> Desk:
    """Sign the manager of the throw-away house in."""
    way = ways_in(folder)[0]
    return sign_in(folder, way.slot_id, _PHRASE, ImmediateExecutor()).result()


def every_record_type(work: Work) -> int:
    """Save one record of every type, read it back, and return how many types there are."""
    known: dict[str, int] = {"staff": work.actor.staff_id}
    known[_COLLEAGUE] = _saved(Staff, known, work).id
    for kind in catalogue.RECORD_TYPES:
        if kind in (Staff, Setting):
            continue
        saved = _saved(kind, known, work)
        if work.rule_find(kind, saved.id) != saved:
            raise CheckFailed(f"record type {kind.table}")
        known[kind.table] = saved.id
    return len(catalogue.RECORD_TYPES)


def _saved(kind: type[Record], known: dict[str, int], work: Work) -> Record:
    try:
        return work.save(_smallest(kind, known, work), by_program=True)
    except ValidationFailed as error:
        fields = ", ".join(problem.field for problem in error.problems)
        raise CheckFailed(f"record type {kind.table}, fields {fields}") from error


def _smallest(kind: type[Record], known: dict[str, int], work: Work) -> Record:
    values: dict[str, Any] = {}
    for field in fields_of(kind):
        if (kind.table, field.name) in _KNOWN_WORDS:
            values[field.name] = _KNOWN_WORDS[kind.table, field.name]
        elif field.kind is Kind.LINK:
            values[field.name] = known.get(field.to, 0)
        elif field.required:
            values[field.name] = _value(field, work)
    record = kind(**values)
    same = _SAME_ID.get(kind.table)
    if same:
        record = dataclasses.replace(record, id=known[same])
    return _with_what_rules_ask(record, known, work)


def _with_what_rules_ask(record: Record, known: dict[str, int], work: Work) -> Record:
    """Fill in what a type's own rules ask for, until they are content."""
    for _round in range(_MOST_ROUNDS):
        asked = {problem.field for problem in record.problems()}
        fields = [field for field in fields_of(type(record)) if field.name in asked]
        if not fields:
            break
        changes = {field.name: _later(field, known, work) for field in fields}
        record = dataclasses.replace(record, **changes)
    return record


def _later(field: Field, known: dict[str, int], work: Work) -> Any:
    if field.kind is Kind.LINK:
        return known[_COLLEAGUE] if field.to == "staff" else known.get(field.to, 0)
    if field.kind is Kind.DAY and field.future:
        return work.today + timedelta(days=1)
    if field.kind is Kind.MOMENT and field.future:
        return work.now + timedelta(days=1)
    return _value(field, work)


def _value(field: Field, work: Work) -> Any:
    made: dict[Kind, Any] = {
        Kind.TEXT: "check",
        Kind.LONG_TEXT: "a check of the program itself",
        Kind.PHONE: "0700 000000",
        Kind.DAY: work.today,
        Kind.MOMENT: work.now - timedelta(minutes=1),
        Kind.NUMBER: max(field.least or 0, 1),
        Kind.MONEY: 1,
        Kind.FLAG: True,
        Kind.ANSWER: True,
        Kind.JSON: "{}",
    }
    if field.kind in (Kind.CHOICE, Kind.CHOICES):
        code = codelists.offered(field.codes)[0].code
        return code if field.kind is Kind.CHOICE else (code,)
    return made[field.kind]
