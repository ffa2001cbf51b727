"""What the tables of a file look like, for telling whose a row is that lost its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain import codelists
from shelter_app.domain.access import COMPARTMENTS
from shelter_app.domain.catalogue import types_in
from shelter_app.domain.fields import Kind, fields_of
from shelter_app.storage import migrate
from shelter_app.storage.connection import schema_of
from shelter_app.storage.page_file import Row, Values

_MADE_ANEW: Final = frozenset({"meta", "search_key", "search_near"})


@dataclass(frozen=True)
class Column:
    """One column: its name, its declared kind, whether it may be empty, and its code list."""

    name: str
    kind: str
    needed: bool
    codes: str = ""


@dataclass(frozen=True)
class Shape:
    """A table as the program makes it."""

    name: str
    columns: tuple[Column, ...]
    number_column: int | None
    """Which column is the row's number and is therefore kept outside the row."""
    key_columns: tuple[int, ...] = ()
    """For a table without row numbers: its columns in the order they are kept in."""

    def values(self, row: Row) -> Values | None:
        """Return a row's values in the order of the columns, or None when part of it is gone."""
        if row.values is None:
            return None
        if self.key_columns:
            by_column = dict(zip(self.key_columns, row.values, strict=False))
            return tuple(by_column.get(place) for place in range(len(self.columns)))
        values = list(row.values)
        if self.number_column is not None and self.number_column < len(values):
            values[self.number_column] = row.rowid
        return tuple(values)

    def holds(self, row: Row) -> bool:
        """Say whether a row could be one of this table's, written by any version of the program.

        A row from before a column was added is shorter than the table is now.
        """
        values = self.values(row)
        if values is None:
            return True
        if len(row.values or ()) > len(self.columns):
            return False
        return all(
            _is_of(column, value) for column, value in zip(self.columns, values, strict=False)
        )

    def fits(self, row: Row) -> bool:
        """Say whether a row is as this version of the program writes them, codes and all."""
        values = self.values(row)
        if values is None:
            return True
        if len(row.values or ()) != len(self.columns):
            return False
        return all(
            _is_written(column, value) for column, value in zip(self.columns, values, strict=True)
        )


_TEXT: Final = ("TEXT", "DATE", "DATETIME")
_LENGTHS: Final = {"DATE": (10, 10), "DATETIME": (10, 32)}


def _is_of(column: Column, value: Any) -> bool:
    if value is None:
        return not column.needed
    if column.kind in _TEXT:
        return isinstance(value, str)
    return isinstance(value, bytes if column.kind == "BLOB" else int)


def _is_written(column: Column, value: Any) -> bool:
    if not isinstance(value, str):
        return True
    least, most = _LENGTHS.get(column.kind, (0, 1 << 30))
    if not least <= len(value) <= most:
        return False
    return not column.codes or value == "" or codelists.known(column.codes, value)


def shapes_of(compartment: str, steps: Sequence[migrate.Step]) -> dict[str, Shape]:
    """Return the tables of a compartment whose rows are worth saving, as the program makes them."""
    raw = sqlcipher.connect(":memory:", isolation_level=None)
    try:
        schema = schema_of(compartment)
        if schema != "main":
            raw.execute(f"ATTACH DATABASE ':memory:' AS {schema}")
        for step in steps:
            for statement in step.statements.get(compartment, ()):
                raw.execute(statement)
        made = raw.execute(
            f"SELECT name, sql FROM {schema}.sqlite_schema WHERE type = 'table'"  # noqa: S608
        ).fetchall()
        return {
            name: _shape(raw, schema, name, sql)
            for name, sql in made
            if name not in _MADE_ANEW and not name.startswith("sqlite_")
        }
    finally:
        raw.close()


def shape_said(name: str, statement: str) -> Shape | None:
    """Return a table as a file's own list of tables says it was made; None for nonsense."""
    raw = sqlcipher.connect(":memory:", isolation_level=None)
    try:
        raw.execute(statement)
        shape = _shape(raw, "main", name, statement)
    except sqlcipher.Error:
        return None
    finally:
        raw.close()
    return shape if shape.columns else None


def _shape(raw: Any, schema: str, name: str, sql: str) -> Shape:
    rows = raw.execute(f"PRAGMA {schema}.table_info({name})").fetchall()
    codes = _code_lists(name)
    columns = tuple(
        Column(row[1], row[2], bool(row[3]) and not row[5], codes.get(row[1], "")) for row in rows
    )
    keys = [row[0] for row in sorted((row for row in rows if row[5]), key=lambda row: int(row[5]))]
    if "WITHOUT ROWID" in sql:
        others = [place for place in range(len(rows)) if place not in keys]
        return Shape(name, columns, None, (*keys, *others))
    single = len(keys) == 1 and rows[keys[0]][2] == "INTEGER"
    return Shape(name, columns, keys[0] if single else None)


def _code_lists(table: str) -> dict[str, str]:
    for kind in (kind for name in COMPARTMENTS for kind in types_in(name)):
        if kind.table == table:
            return {f.name: f.codes for f in fields_of(kind) if f.kind is Kind.CHOICE and f.codes}
    return {}
