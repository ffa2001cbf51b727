"""Finding the rows of a damaged file: by its trees where they hold, by their shape where not.

A leaf whose tree is broken above it no longer says which table it belongs to. Its rows do: a
table's columns, their kinds and what is never empty fit the rows of one table and of no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shelter_app.domain import codelists
from shelter_app.storage.page_file import (
    INDEX_INNER,
    INDEX_LEAF,
    TABLE_INNER,
    TABLE_LEAF,
    PageFile,
    Row,
    Values,
)


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

    def fits(self, row: Row) -> bool:
        """Say whether a row could be one of this table's."""
        values = self.values(row)
        if values is None:
            return True
        if len(values) != len(self.columns):
            return False
        return all(_fits(column, value) for column, value in zip(self.columns, values, strict=True))


_TEXT: Final = ("TEXT", "DATE", "DATETIME")
_LENGTHS: Final = {"DATE": (10, 10), "DATETIME": (10, 32)}


def _fits(column: Column, value: Any) -> bool:
    if value is None:
        return not column.needed
    if column.kind in _TEXT:
        if not isinstance(value, str):
            return False
        least, most = _LENGTHS.get(column.kind, (0, 1 << 30))
        if not least <= len(value) <= most:
            return False
        return not column.codes or value == "" or codelists.known(column.codes, value)
    if column.kind == "BLOB":
        return isinstance(value, bytes)
    return isinstance(value, int)


@dataclass
class Found:
    """What one table gave."""

    rows: dict[Any, Values] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)
    """Numbers of rows of which a part lies on a damaged page."""
    pages_lost: int = 0
    """Damaged pages that certainly belonged to this table."""


@dataclass
class Carved:
    """What a whole file gave."""

    tables: dict[str, Found]
    pages: int = 0
    damaged: int = 0
    untold: int = 0
    """Rows on sound pages that fit more than one table, or none."""


class Carver:
    """Goes through one file once: down its trees, then over the leaves no tree leads to."""

    def __init__(self, file: PageFile, shapes: Mapping[str, Shape]) -> None:
        self._file = file
        self._shapes = shapes
        self._seen: set[int] = set()
        self._carved = Carved({name: Found() for name in shapes}, pages=file.count)

    def carve(self) -> Carved:
        """Return everything that can be read."""
        damaged = set(self._file.damaged())
        self._carved.damaged = len(damaged)
        for name, root in self._roots().items():
            if name in self._shapes:
                self._down(self._shapes[name], root)
            else:
                self._pass_by(root)
        for number in range(2, self._file.count + 1):
            if number not in self._seen and number not in damaged:
                self._orphan(number)
        return self._carved

    def _roots(self) -> dict[str, int]:
        """Return the first page of each table and index, as far as the list of them is whole."""
        found: dict[str, int] = {}
        todo = [1]
        while todo:
            number = todo.pop()
            page = self._file.page(number)
            if page is None or number in self._seen:
                continue
            self._seen.add(number)
            kind = self._file.kind(number, page)
            if kind == TABLE_INNER:
                todo += self._file.children(number, page)
            elif kind == TABLE_LEAF:
                for row in self._file.table_rows(number, page):
                    if row.values and len(row.values) == 5 and isinstance(row.values[3], int):
                        found[str(row.values[1])] = row.values[3]
        return {name: root for name, root in found.items() if root > 1}

    def _down(self, shape: Shape, root: int) -> None:
        found = self._carved.tables[shape.name]
        todo = [root]
        while todo:
            number = todo.pop()
            if number in self._seen:
                continue
            page = self._file.page(number)
            if page is None:
                found.pages_lost += 1
                continue
            self._seen.add(number)
            kind = self._file.kind(number, page)
            if kind in (TABLE_INNER, INDEX_INNER):
                todo += self._file.children(number, page)
            if kind == TABLE_LEAF:
                self._take(shape, self._file.table_rows(number, page))
            elif kind in (INDEX_LEAF, INDEX_INNER):
                self._take(shape, self._file.index_rows(number, page))

    def _pass_by(self, root: int) -> None:
        """Go down an index only to know that its pages are no orphans."""
        todo = [root]
        while todo:
            number = todo.pop()
            page = self._file.page(number)
            if page is None or number in self._seen:
                continue
            self._seen.add(number)
            if self._file.kind(number, page) in (TABLE_INNER, INDEX_INNER):
                todo += self._file.children(number, page)

    def _orphan(self, number: int) -> None:
        """Give the rows of a leaf without a tree to the one table they fit."""
        page = self._file.page(number)
        if page is None or self._file.kind(number, page) != TABLE_LEAF:
            return
        rows = list(self._file.table_rows(number, page))
        fitting = [
            shape
            for shape in self._shapes.values()
            if not shape.key_columns and rows and all(shape.fits(row) for row in rows)
        ]
        if len(fitting) == 1:
            self._take(fitting[0], rows)
        else:
            self._carved.untold += len(rows)

    def _take(self, shape: Shape, rows: Iterable[Row]) -> None:
        found = self._carved.tables[shape.name]
        for row in rows:
            values = shape.values(row)
            if values is None:
                found.broken.add(row.rowid)
                continue
            number = shape.number_column
            key = values[number] if number is not None else values
            found.rows[key] = values
