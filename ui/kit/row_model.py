"""The model under a record table: ids in order, and a cache of the pages looked at last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

PAGE: Final = 100
PAGES_KEPT: Final = 20

RecordIdRole: Final = int(Qt.ItemDataRole.UserRole) + 1

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)

Align = Literal["left", "right", "center"]
_ALIGN: Final = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "center": Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter,
}


@dataclass(frozen=True)
class Column:
    """One column; width 0 takes the room that is left."""

    key: str
    title: str
    width: int = 0
    align: Align = "left"
    sortable: bool = True


@dataclass(frozen=True)
class Row:
    """One record as shown; `roles` gives cells a pill role or 'strong' by column key."""

    id: int
    cells: tuple[str, ...]
    roles: Mapping[str, str] = field(default_factory=dict)


Fetch = Callable[[tuple[int, ...], Callable[[Sequence[Row]], None]], None]


class RowModel(QAbstractTableModel):
    """Knows every id, fetches rows by the page, and forgets pages not looked at."""

    def __init__(
        self, columns: Sequence[Column], fetch: Fetch, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._fetch = fetch
        self._ids: tuple[int, ...] = ()
        self._places: dict[int, int] | None = None
        self._pages: OrderedDict[int, tuple[Row, ...]] = OrderedDict()
        self._asked: set[int] = set()
        self._generation = 0

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show these records; late answers for others are dropped from now on."""
        self.beginResetModel()
        self._generation += 1
        self._ids = tuple(ids)
        self._places = None
        self._pages.clear()
        self._asked.clear()
        self.endResetModel()

    def id_at(self, row: int) -> int:
        """Return the id in a row, 0 outside."""
        return self._ids[row] if 0 <= row < len(self._ids) else 0

    def row_of(self, record_id: int) -> int:
        """Return the row of an id, -1 when it is not listed."""
        if self._places is None:
            self._places = {found: row for row, found in enumerate(self._ids)}
        return self._places.get(record_id, -1)

    def pages_kept(self) -> int:
        """Return how many pages are in the cache."""
        return len(self._pages)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        """Return the exact number of records."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = _DISPLAY,
    ) -> Any:
        """Return a column's title and side."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(self.alignment(section))
        return None

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = _DISPLAY,
    ) -> Any:
        """Return what a cell shows; blank until its page has arrived."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        if role == RecordIdRole:
            return self._ids[index.row()]
        if role == _DISPLAY:
            return self.cell(index.row(), index.column())[0]
        if role == _ALIGNMENT:
            return int(self.alignment(index.column()))
        return None

    def cell(self, row: int, column: int) -> tuple[str, str]:
        """Return a cell's words and its role, both blank until its page has arrived."""
        found = self._row(row)
        if found is None:
            return "", ""
        return found.cells[column], found.roles.get(self._columns[column].key, "")

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return the side on which a column's words stand."""
        return _ALIGN[self._columns[column].align]

    def _row(self, number: int) -> Row | None:
        page, place = divmod(number, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            self._ask(page)
            rows = self._pages.get(page)
        else:
            self._pages.move_to_end(page)
        return rows[place] if rows is not None and place < len(rows) else None

    def _ask(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        generation = self._generation
        wanted = self._ids[page * PAGE : (page + 1) * PAGE]
        self._fetch(wanted, lambda rows: self._take(generation, page, rows))

    def _take(self, generation: int, page: int, rows: Sequence[Row]) -> None:
        if generation != self._generation:
            return
        self._asked.discard(page)
        wanted = self._ids[page * PAGE : (page + 1) * PAGE]
        found = {row.id: row for row in rows}
        blank = tuple("" for _column in self._columns)
        self._pages[page] = tuple(found.get(i) or Row(i, blank) for i in wanted)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        first, last = page * PAGE, min((page + 1) * PAGE, len(self._ids)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))
