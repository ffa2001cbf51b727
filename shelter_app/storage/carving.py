"""Finding the rows of a damaged file: by its trees where they hold, by their shape where not.

A leaf whose tree is broken above it no longer says which table it belongs to. It can only be one
of the tables whose tree is broken, or whose line in the list of tables is gone; of these, the
columns, their kinds and what is never empty tell, then what trail, indexes and search keys say of
the numbers on it, and last the codes. What still fits two tables is counted, and put into neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from shelter_app.storage.page_file import (
    INDEX_INNER,
    INDEX_LEAF,
    TABLE_INNER,
    TABLE_LEAF,
    PageFile,
    Row,
    Values,
)
from shelter_app.storage.table_shapes import Shape, shape_said


@dataclass
class Found:
    """What one table gave."""

    rows: dict[Any, Values] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)
    """Numbers of rows of which a part lies on a damaged page."""
    pages_lost: int = 0
    """Damaged pages that certainly belonged to this table."""
    indexed: set[int] = field(default_factory=set)
    """Numbers of rows that an index of this table names."""
    columns: tuple[str, ...] = ()
    """What the values of the rows are, in their order."""


@dataclass
class Carved:
    """What a whole file gave."""

    tables: dict[str, Found]
    pages: int = 0
    damaged: int = 0
    untold: int = 0
    """Rows on sound pages that fit more than one table, or none."""


@dataclass(frozen=True)
class _Listed:
    """A line of the file's own list: a table or an index, whose it is, and its first page."""

    name: str
    table: str
    root: int
    statement: str


@dataclass
class _Tree:
    """What hangs together below a page that nothing leads to."""

    rows: list[Row] = field(default_factory=list)
    pages_lost: int = 0
    is_index: bool = False


_LIST_COLUMNS: Final = 5
_LIST_KINDS: Final = ("table", "index", "trigger", "view")
_SEARCH_KEY: Final = (str, int, str, str, int, int)
"""What stands in an entry of the search keys; the fourth names a table, the fifth a row."""
_SEARCH_TABLE, _SEARCH_ROW = 3, 4
_TRAIL: Final = "audit"
_TRAIL_TABLE, _TRAIL_ROW = 5, 6


class Carver:
    """Goes through one file once: down its trees, then over the pages no tree leads to."""

    def __init__(self, file: PageFile, shapes: Mapping[str, Shape]) -> None:
        self._file = file
        self._shapes = dict(shapes)
        self._seen: set[int] = set()
        self._searched: list[Row] = []
        self._carved = Carved({name: Found() for name in shapes}, pages=file.count)

    def carve(self) -> Carved:
        """Return everything that can be read."""
        damaged = set(self._file.damaged())
        self._carved.damaged = len(damaged)
        listed = self._list(damaged)
        for each in listed:
            said = shape_said(each.name, each.statement) if each.name in self._shapes else None
            if said is not None:
                self._shapes[each.name] = said
        for each in listed:
            if each.name in self._shapes:
                self._take(self._shapes[each.name], self._below(each.root))
            else:
                self._note_index(each)
        whole = {each.name for each in listed if not self._is_broken(each.name)}
        homeless = [shape for name, shape in self._shapes.items() if name not in whole]
        self._place(self._orphans(damaged), homeless)
        for name, found in self._carved.tables.items():
            found.columns = tuple(column.name for column in self._shapes[name].columns)
        return self._carved

    def _is_broken(self, table: str) -> bool:
        found = self._carved.tables.get(table)
        return found is not None and found.pages_lost > 0

    def _list(self, damaged: set[int]) -> list[_Listed]:
        """Return the tables and indexes, as far as the list of them can be read.

        Where its upper pages are gone, its leaves are known by what stands on them.
        """
        rows = self._below(1)
        if rows.pages_lost:
            for number in range(2, self._file.count + 1):
                if number in self._seen or number in damaged:
                    continue
                if self._kind(number) == TABLE_LEAF:
                    found = list(self._file.table_rows(number, self._page(number)))
                    if found and all(_is_line(row) for row in found):
                        self._seen.add(number)
                        rows.rows += found
        lines = [row.values for row in rows.rows if row.values and _is_line(row)]
        return [
            _Listed(str(line[1]), str(line[2]), line[3], str(line[4]))
            for line in lines
            if isinstance(line[3], int) and line[3] > 1
        ]

    def _page(self, number: int) -> bytes:
        return self._file.page(number) or b""

    def _kind(self, number: int) -> int:
        page = self._file.page(number)
        return self._file.kind(number, page) if page else 0

    def _below(self, root: int) -> _Tree:
        """Go down from a page and return the rows, and how many pages below could not be read."""
        tree = _Tree()
        todo = [root]
        while todo:
            number = todo.pop()
            if number in self._seen:
                continue
            page = self._file.page(number)
            if page is None:
                tree.pages_lost += 1
                continue
            self._seen.add(number)
            kind = self._file.kind(number, page)
            if kind in (TABLE_INNER, INDEX_INNER):
                todo += self._file.children(number, page)
            if kind == TABLE_LEAF:
                tree.rows += self._file.table_rows(number, page)
            elif kind in (INDEX_LEAF, INDEX_INNER):
                tree.is_index = True
                tree.rows += self._file.index_rows(number, page)
        return tree

    def _note_index(self, listed: _Listed) -> None:
        """Go down an index: its pages are no orphans, and its entries end with a row's number."""
        tree = self._below(listed.root)
        shape = self._shapes.get(listed.table)
        if shape is not None and shape.number_column is not None:
            found = self._carved.tables[listed.table]
            for row in tree.rows:
                if row.values and isinstance(row.values[-1], int):
                    found.indexed.add(row.values[-1])
        elif listed.name == listed.table == "search_key":
            self._searched = tree.rows

    def _orphans(self, damaged: set[int]) -> list[_Tree]:
        """Return what no tree that is known leads to, each tree of it from its own top."""
        inner: dict[int, list[int]] = {}
        left = []
        for number in range(2, self._file.count + 1):
            if number in self._seen or number in damaged:
                continue
            page = self._page(number)
            kind = self._file.kind(number, page)
            if kind:
                left.append(number)
            if kind in (TABLE_INNER, INDEX_INNER):
                inner[number] = self._file.children(number, page)
        led_to = {child for children in inner.values() for child in children}
        return [self._below(number) for number in left if number not in led_to]

    def _place(self, trees: Sequence[_Tree], homeless: Sequence[Shape]) -> None:
        """Give each orphaned tree to the one table it can belong to; the trail first."""
        unsure = []
        for tree in trees:
            able = _able(tree, homeless)
            if len(able) == 1:
                self._take(able[0], tree)
            elif able or not tree.is_index:
                unsure.append((tree, able))
        for tree, able in unsure:
            best = self._named(tree, able)
            if len(best) > 1:
                best = [shape for shape in best if all(shape.fits(row) for row in tree.rows)]
            if len(best) == 1:
                self._take(best[0], tree)
            else:
                self._carved.untold += len(tree.rows)

    def _named(self, tree: _Tree, able: Sequence[Shape]) -> list[Shape]:
        """Return those tables of which trail, indexes and search keys name the most of the rows."""
        numbers = {row.rowid for row in tree.rows}
        counts = {shape.name: len(numbers & self._names[shape.name]) for shape in able}
        most = max(counts.values(), default=0)
        return [shape for shape in able if counts[shape.name] == most]

    @cached_property
    def _names(self) -> dict[str, set[int]]:
        """Return for each table the numbers of rows that something else in the file names."""
        names = {name: set(found.indexed) for name, found in self._carved.tables.items()}
        said = [
            (row[_TRAIL_TABLE], row[_TRAIL_ROW])
            for row in self._carved.tables[_TRAIL].rows.values()
        ]
        said += [
            (row.values[_SEARCH_TABLE], row.values[_SEARCH_ROW])
            for row in self._searched
            if row.values and tuple(map(type, row.values)) == _SEARCH_KEY
        ]
        for table, number in said:
            if table in names:
                names[table].add(int(number))
        return names

    def _take(self, shape: Shape, tree: _Tree) -> None:
        found = self._carved.tables[shape.name]
        found.pages_lost += tree.pages_lost
        for row in tree.rows:
            values = shape.values(row)
            if values is None:
                found.broken.add(row.rowid)
                continue
            number = shape.number_column
            key = values[number] if number is not None else values
            found.rows[key] = values


def _is_line(row: Row) -> bool:
    values = row.values
    return values is not None and len(values) == _LIST_COLUMNS and values[0] in _LIST_KINDS


def _able(tree: _Tree, homeless: Sequence[Shape]) -> list[Shape]:
    """Return the tables that can hold every row of a tree; an empty one belongs nowhere."""
    return [
        shape
        for shape in homeless
        if tree.rows
        and bool(shape.key_columns) == tree.is_index
        and all(shape.holds(row) for row in tree.rows)
    ]
