"""Everything that happened with one person, newest first, over all record types in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

import sqlalchemy as sa

from shelter_app.domain import catalogue
from shelter_app.domain.fields import field_of
from shelter_app.domain.record import Record
from shelter_app.storage.tables import schema_of, table_of

PAGE: Final = 50

_OUT: Final = {
    "court_event": " AND superseded = 0",
    "appointment": " AND cancelled = 0",
}
"""What never stands on a timeline although it is kept."""
_ENDS: Final = {"stay": "exited_at"}
"""What stands there twice: when it began and, under this column, when it ended."""


@dataclass(frozen=True)
class Moment:
    """One entry: which record, and when it happened (a day or a moment, as text)."""

    record_type: str
    record_id: int
    at: str


@dataclass(frozen=True)
class Before:
    """Where the page before ended: ask for what comes after it in the list."""

    at: str
    record_id: int


def _one_of_her(kind: type[Record]) -> str:
    """Return the condition by which a person's records of a type are found through an index."""
    leading = {names[0] for names in (*kind.indexed, *kind.unique)}
    if "person_id" in leading or not kind.parent:
        return "person_id = :person"
    parent = catalogue.record_type(field_of(kind, kind.parent).to)
    table = f"{schema_of(parent.compartment)}.{parent.table}"
    hers = f"SELECT id FROM {table} WHERE person_id = :person AND voided = 0"  # noqa: S608
    return f"{kind.parent} IN ({hers})"


def _parts(kind: type[Record]) -> list[str]:
    table = table_of(kind)
    columns = [name for name in (kind.happened, _ENDS.get(kind.table, "")) if name]
    return [
        f"SELECT '{kind.table}' AS kind, id, {column} AS at"  # noqa: S608
        f" FROM {table.schema}.{table.name} WHERE {_one_of_her(kind)} AND voided = 0"
        f" AND {column} IS NOT NULL{_OUT.get(kind.table, '')}"
        for column in columns
    ]


@cache
def _statement(tables: tuple[str, ...], *, planned: bool) -> sa.TextClause:
    kinds = [catalogue.record_type(table) for table in tables]
    parts = " UNION ALL ".join(part for kind in kinds for part in _parts(kind))
    if planned:
        tail = "at > :now ORDER BY at, id LIMIT :most"
    else:
        tail = "at <= :now AND (at, id) < (:at, :id) ORDER BY at DESC, id DESC LIMIT :most"
    return sa.text(f"SELECT kind, id, at FROM ({parts}) WHERE {tail}")  # noqa: S608


_END: Final = Before("9999-12-31", 0)


def page(
    connection: sa.Connection,
    person_id: int,
    kinds: Sequence[type[Record]],
    now: datetime,
    *,
    before: Before | None = None,
    most: int = PAGE,
) -> list[Moment]:
    """Return what happened up to now, newest first, from where the page before ended."""
    after = before or _END
    values = {"at": after.at, "id": after.record_id}
    return _asked(connection, person_id, kinds, now, most, values, planned=False)


def planned(
    connection: sa.Connection,
    person_id: int,
    kinds: Sequence[type[Record]],
    now: datetime,
    *,
    most: int = PAGE,
) -> list[Moment]:
    """Return what is still to come, next first."""
    return _asked(connection, person_id, kinds, now, most, {}, planned=True)


def _asked(
    connection: sa.Connection,
    person_id: int,
    kinds: Sequence[type[Record]],
    now: datetime,
    most: int,
    values: dict[str, object],
    *,
    planned: bool,
) -> list[Moment]:
    if not kinds:
        return []
    tables = tuple(kind.table for kind in kinds)
    values = {
        "person": person_id,
        "now": now.strftime("%Y-%m-%d %H:%M:%S.%f"),
        "most": most,
        **values,
    }
    rows = connection.execute(_statement(tables, planned=planned), values)
    return [Moment(row[0], row[1], str(row[2])) for row in rows]
