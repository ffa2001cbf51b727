"""What the reader says for tables, columns and values of an export: what the program says too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Final

from shelter_app.domain import catalogue, codelists
from shelter_app.domain.fields import Field, Kind, fields_of
from shelter_app.i18n import N_, _
from shelter_app.services import audit_trail
from shelter_app.services.export_reader import Export, Table
from ui.kit.day_text import show_day, show_moment

BOOKKEEPING: Final = {
    "id": N_("Number"),
    "revision": N_("Version"),
    "created_at": N_("Kept first"),
    "created_by": N_("Kept first by"),
    "updated_at": N_("Changed last"),
    "updated_by": N_("Changed last by"),
    "voided": N_("Void"),
    "void_reason": N_("Why it is void"),
    "person_id": N_("Person"),
}
"""The columns every table begins with."""
_AUDIT: Final = {
    "seq": N_("Entry"),
    "at_utc": N_("When, in UTC"),
    "staff_id": N_("Who"),
    "action": N_("What"),
    "record_type": N_("Kind of record"),
    "record_id": N_("Number of the record"),
    "detail": N_("Detail"),
    "clock_back": N_("The clock had been set back"),
}
_LINKS: Final = {
    "person_id": "person",
    "staff_id": "staff",
    "created_by": "staff",
    "updated_by": "staff",
}
_NAMED_BY: Final = {"person": ("person_no", "display_alias"), "staff": ("alias",)}
"""What stands for a record somebody points to."""


class Words:
    """The tables of one export in words; each is worded when it is first looked at."""

    def __init__(self, export: Export) -> None:
        self._tables = {table.name: table for table in export.tables}
        self._rows: dict[str, Sequence[tuple[str, ...]]] = {}
        self._names: dict[str, Mapping[str, str]] = {}

    def rows(self, table: Table) -> Sequence[tuple[str, ...]]:
        """Return the rows of a table with every value as the program would show it."""
        if table.name not in self._rows:
            fields = _declared(table.name)
            ways = [self._way(fields.get(name), name) for name in table.columns]
            self._rows[table.name] = [
                tuple(way(value) if value else "" for way, value in zip(ways, row, strict=True))
                for row in table.rows
            ]
        return self._rows[table.name]

    def matching(self, table: Table, typed: str) -> list[int]:
        """Return the places of rows that contain all the words typed, as kept or as shown."""
        shown = Table(table.name, table.title, table.columns, tuple(self.rows(table)))
        return sorted({*table.matching(typed), *shown.matching(typed)})

    def _way(self, field: Field | None, name: str) -> Callable[[str], str]:
        to = field.to if field is not None and field.kind is Kind.LINK else _LINKS.get(name, "")
        if to in _NAMED_BY:
            names = self._named(to)
            return lambda value: names.get(value, "" if value == "0" else value)
        if field is not None and field.kind is Kind.LINK:
            return lambda value: "" if value == "0" else value
        if field is None:
            return _KEPT.get(name, str)
        if field.kind is Kind.CHOICE:
            return lambda value: codelists.label(field.codes, value)
        if field.kind is Kind.CHOICES:
            return lambda value: codelists.labels(field.codes, tuple(value.split(", ")))
        return _WAYS.get(field.kind, str)

    def _named(self, to: str) -> Mapping[str, str]:
        if to not in self._names:
            table = self._tables.get(to)
            self._names[to] = {} if table is None else _names_in(table)
        return self._names[to]


def title(table: Table) -> str:
    """Return the name of a table in the language in use; its own when nobody knows it here."""
    kind = _KINDS.get(table.name)
    return _(kind.title) if kind is not None else table.title


def heading(table: Table, column: str) -> str:
    """Return the name of a column as the program's forms have it."""
    field = _declared(table.name).get(column)
    known = field.label if field is not None else BOOKKEEPING.get(column) or _AUDIT.get(column)
    return _(known) if known else column


def says_something(table: Table, column: str) -> bool:
    """Say whether a column's values mean something by themselves: a record's number does not."""
    field = _declared(table.name).get(column)
    return field is None or field.kind is not Kind.LINK or field.to in _NAMED_BY


_KINDS: Final = {kind.table: kind for kind in catalogue.RECORD_TYPES}


@cache
def _declared(table: str) -> Mapping[str, Field]:
    kind = _KINDS.get(table)
    return {} if kind is None else {field.name: field for field in fields_of(kind)}


def _names_in(table: Table) -> Mapping[str, str]:
    wanted = [name for name in _NAMED_BY[table.name] if name in table.columns]
    if "id" not in table.columns or not wanted:
        return {}
    number, places = table.columns.index("id"), [table.columns.index(name) for name in wanted]
    return {row[number]: " · ".join(row[place] for place in places) for row in table.rows}


def _day(value: str) -> str:
    try:
        return show_day(date.fromisoformat(value))
    except ValueError:
        return value


def _moment(value: str) -> str:
    try:
        return show_moment(datetime.fromisoformat(value))
    except ValueError:
        return value


def _flag(value: str) -> str:
    return {"True": _("Yes"), "1": _("Yes"), "False": _("No"), "0": _("No")}.get(value, value)


_WAYS: Final = {
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.FLAG: _flag,
    Kind.ANSWER: _flag,
}
_KEPT: Final = {
    "created_at": _moment,
    "updated_at": _moment,
    "at_utc": _moment,
    "voided": _flag,
    "clock_back": _flag,
    "action": lambda value: _(audit_trail.action_title(value)),
    "record_type": lambda value: _(audit_trail.record_title(value)),
}
"""How the columns that no record type declares are shown."""
