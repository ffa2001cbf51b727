"""Insert, update, read: the same few statements for every record type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from shelter_app.domain.record import Record
from shelter_app.errors import StaleRecord
from shelter_app.storage.tables import record_columns, table_of

R = TypeVar("R", bound=Record)

_AT_ONCE: Final = 500


def _values(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record_columns(type(record))}


@dataclass(frozen=True)
class _Statements:
    """The three statements of a record type, built once: building costs more than running."""

    insert: sa.Insert
    update: sa.Update
    select: sa.Select[Any]
    select_one: sa.Select[Any]


_statements: dict[str, _Statements] = {}


def _of(kind: type[Record]) -> _Statements:
    known = _statements.get(kind.table)
    if known is None:
        table = table_of(kind)
        expected_id: sa.BindParameter[int] = sa.bindparam("expected_id")
        expected_revision: sa.BindParameter[int] = sa.bindparam("expected_revision")
        known = _statements[kind.table] = _Statements(
            insert=sa.insert(table),
            update=sa.update(table).where(
                table.c.id == expected_id, table.c.revision == expected_revision
            ),
            select=sa.select(table),
            select_one=sa.select(table).where(table.c.id == sa.bindparam("wanted")),
        )
    return known


def _made(kind: type[R], row: Any) -> R:
    return kind(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row's mapping


def insert(connection: sa.Connection, record: Record) -> None:
    """Write a new record; its id, revision and stamps are set by the caller."""
    connection.execute(_of(type(record)).insert, _values(record))


def update(connection: sa.Connection, record: Record, *, expected_revision: int) -> None:
    """Replace a record; StaleRecord when somebody changed it since that revision."""
    values = _values(record) | {
        "expected_id": record.id,
        "expected_revision": expected_revision,
    }
    if connection.execute(_of(type(record)).update, values).rowcount != 1:
        raise StaleRecord(f"{record.table} {record.id}")


def find(connection: sa.Connection, kind: type[R], record_id: int) -> R | None:
    """Return a record, voided ones included, or None."""
    row = connection.execute(_of(kind).select_one, {"wanted": record_id}).first()
    return _made(kind, row) if row is not None else None


def in_parts(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield ids without repetition, as many at once as a statement takes."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]


def find_many(connection: sa.Connection, kind: type[R], ids: Iterable[int]) -> dict[int, R]:
    """Return records by id; ids that are not there are left out."""
    found: dict[int, R] = {}
    column = table_of(kind).c.id
    for part in in_parts(ids):
        for row in connection.execute(_of(kind).select.where(column.in_(part))):
            record = _made(kind, row)
            found[record.id] = record
    return found


def matching(
    connection: sa.Connection,
    kind: type[R],
    *,
    order: Sequence[str] = ("id",),
    limit: int | None = None,
    **equals: Any,
) -> list[R]:
    """Return the living records whose columns equal the values given.

    A value of None asks for NULL; an order name starting with '-' is descending.
    """
    table = table_of(kind)
    statement = _of(kind).select.where(table.c.voided == sa.false())
    for name, value in equals.items():
        column = table.c[name]
        if isinstance(value, (list, tuple, set, frozenset)):
            statement = statement.where(column.in_(list(value)))
        elif value is None:
            statement = statement.where(column.is_(None))
        else:
            statement = statement.where(column == value)
    for name in order:
        column = table.c[name.lstrip("-")]
        statement = statement.order_by(column.desc() if name.startswith("-") else column)
    if limit is not None:
        statement = statement.limit(limit)
    return [_made(kind, row) for row in connection.execute(statement)]
