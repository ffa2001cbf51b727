"""What one row of the trail says: before and after, field by field, for whoever may read them.

Sealed and counselling fields are never read here: they are opened in their own places, where the
opening itself is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from shelter_app.domain import access, catalogue, codelists
from shelter_app.domain.alert import SEEN
from shelter_app.domain.day_words import long_day
from shelter_app.domain.deadline_rules import rules_for
from shelter_app.domain.fields import Field, Kind, fields_of
from shelter_app.domain.person import Person
from shelter_app.domain.record import Record
from shelter_app.domain.staff import Staff
from shelter_app.i18n import N_, _
from shelter_app.services import audit_trail
from shelter_app.services.audit_trail import Line
from shelter_app.services.work import Work
from shelter_app.storage.questions.audit_trail import Row

_NEVER_HERE: Final = ("sealed", "counselling")
_VOIDED: Final = {"voided": N_("Marked as void"), "void_reason": N_("Why it is void")}
_LONGEST: Final = 600


@dataclass(frozen=True)
class Change:
    """One field of a row; `closed` says that it changed, and that its values are not for her."""

    label: str
    before: str
    after: str
    closed: bool = False


@dataclass(frozen=True)
class Entry:
    """A row opened: its line, what changed, and whether its words were erased since."""

    line: Line
    changes: tuple[Change, ...]
    compared: bool
    """Whether `before` means something: a new record has only values after."""


def open_entry(work: Work, number: int) -> Entry:
    """Return one row with the values this worker may see."""
    row = audit_trail.row_of(work, number)
    line = audit_trail.lines(work, [number])[0]
    return Entry(line, tuple(_changes(work, row)), row.action != "create")


def _changes(work: Work, row: Row) -> list[Change]:
    try:
        kind = catalogue.record_type(row.record_type)
    except KeyError:
        return []
    said = audit_trail.said_in(row)
    readable = _readable(work, kind, row.person_id)
    found = [
        _change(work, field, said[field.name], closed=field.name not in readable)
        for field in fields_of(kind)
        if field.name in said
    ]
    for name, label in _VOIDED.items():
        if name in said:
            before, after = _pair(said[name])
            shown = name == "voided" or bool(readable)
            found.append(Change(_(label), _plain(before), _plain(after), closed=not shown))
    return found


def _readable(work: Work, kind: type[Record], person_id: int) -> frozenset[str]:
    if audit_trail.oversees(work):
        return frozenset()
    fields = access.readable_fields(work.actor, kind, assigned=work.assigned(person_id))
    return frozenset(field.name for field in fields if field.level not in _NEVER_HERE)


def _change(work: Work, field: Field, said: Any, *, closed: bool) -> Change:
    if closed:
        return Change(_(field.label), "", "", closed=True)
    before, after = _pair(said) if field.kind is not Kind.CHOICES else _pair_of_lists(said)
    return Change(_(field.label), _shown(work, field, before), _shown(work, field, after))


def _pair(said: Any) -> tuple[Any, Any]:
    if isinstance(said, list) and len(said) == 2:
        return said[0], said[1]
    return None, said


def _pair_of_lists(said: Any) -> tuple[Any, Any]:
    """Tell [before, after] from the codes of a new record, which are a list themselves."""
    if isinstance(said, list) and said and all(isinstance(each, list) for each in said):
        return said[0], said[1]
    return None, said


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)[:_LONGEST]


def _shown(work: Work, field: Field, value: Any) -> str:
    if value in (None, "", [], 0) and field.kind is not Kind.NUMBER:
        return _("no") if value is False and field.kind is not Kind.LINK else ""
    if field.kind is Kind.CHOICE:
        return codelists.label(field.codes, str(value))
    if field.kind is Kind.CHOICES:
        return codelists.labels(field.codes, tuple(str(code) for code in value))
    if field.kind in (Kind.DAY, Kind.MOMENT):
        return _day(str(value))
    if field.kind is Kind.LINK:
        return _link(work, field.to, int(value))
    if value == SEEN and field.name == "reason":
        return _("seen")
    if field.name == "rule":
        return _rule(str(value))
    return _("(see the record)") if field.kind is Kind.JSON else _plain(value)


def _rule(code: str) -> str:
    """Return what the alerts of a rule are called; a rule of another version stays a code."""
    try:
        return _(rules_for(code)[0].title)
    except KeyError:
        return _plain(code)


def _day(value: str) -> str:
    try:
        if len(value) > len("2026-11-22"):
            moment = datetime.fromisoformat(value)
            return f"{long_day(moment.date())} {moment:%H:%M}"
        return long_day(date.fromisoformat(value))
    except ValueError:
        return value


def _link(work: Work, table: str, record_id: int) -> str:
    if table == Staff.table:
        staff = work.rule_find(Staff, record_id)
        return staff.alias if staff else ""
    if table == Person.table:
        person = work.find(Person, record_id)
        return person.person_no if person else ""
    return _("(another record)")
