"""A table over many records: all ids at once, rows a page at a time, selection by id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.kit import theme
from ui.kit.card import EmptyState
from ui.kit.filter_chips import FilterChips
from ui.kit.pill import INK, TINT
from ui.kit.row_model import Align, Column, RecordIdRole, Row, RowModel
from ui.kit.tasks import Tasks

__all__ = ["Align", "Column", "RecordIdRole", "RecordTable", "Row", "TableFilter"]

_HEIGHT: Final = 36
_LEAST_WIDTH: Final = 130
_WORDS: Final = QStyleOptionViewItem.ViewItemFeature.HasDisplay
"""All that a cell has: neither a picture nor a box to tick."""


@dataclass(frozen=True)
class TableFilter:
    """What the ids are asked for with: search text, chips, order, and a page's own `more`."""

    text: str = ""
    chips: tuple[str, ...] = ()
    order: str = ""
    descending: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


class _CellDelegate(QStyledItemDelegate):
    """Draws a cell with a role as a pill, or in bold for the role 'strong'."""

    def __init__(self, rows: RowModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | Any
    ) -> None:
        """Draw the cell."""
        shown = QStyleOptionViewItem(option)
        role = self._fill(shown, index)
        text = shown.text if role in TINT else ""
        if text:
            shown.text = ""
        widget = shown.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, widget)
        if text:
            self._pill(painter, shown.rect, text, role)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | Any) -> None:
        """Say how a cell looks, for whoever measures one."""
        self._fill(option, index)

    def _fill(self, option: QStyleOptionViewItem, index: QModelIndex | Any) -> str:
        """Ask for a cell once instead of once per property; return its role."""
        text, role = self._rows.cell(index.row(), index.column())
        option.index = index
        option.displayAlignment = self._rows.alignment(index.column())
        option.features = _WORDS
        option.text = text.replace("\n", "\u2028")
        if role == "strong":
            option.font = theme.font(13, 600)
        return role

    def _pill(self, painter: QPainter, cell: QRect, text: str, role: str) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(11, 600))
        metrics = painter.fontMetrics()
        inset, gap = theme.size(10), theme.size(9)
        shown = metrics.elidedText(
            text, Qt.TextElideMode.ElideRight, cell.width() - inset - 2 * gap
        )
        height = metrics.height() + theme.size(4)
        width = metrics.horizontalAdvance(shown) + 2 * gap
        top = cell.y() + (cell.height() - height) // 2
        pill = QRect(cell.x() + inset, top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(TINT[role]))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(theme.color(INK[role]))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, shown)
        painter.restore()


class RecordTable(QTableView):
    """Shows what two services answer: `ids(work, filter)` and `rows(work, ids)`."""

    chosen = Signal(object)
    selected = Signal(object)
    loaded = Signal(int)

    def __init__(
        self,
        columns: Sequence[Column],
        tasks: Tasks,
        ids: Callable[..., Sequence[int]],
        rows: Callable[..., Sequence[Row]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("record_table")
        self._tasks = tasks
        self._ids = ids
        self._filter = TableFilter()
        self._generation = 0
        self._expected = 0
        self._columns = tuple(columns)
        self._rows = RowModel(
            self._columns, lambda wanted, then: tasks.ask(self, rows, wanted, then=then), self
        )
        self._empty = EmptyState("", "", self.viewport())
        self._empty.hide()
        self._has_sentence = False
        self._dress()
        self.setModel(self._rows)
        self._shape_columns()
        self.horizontalHeader().sectionClicked.connect(self._sort)
        self.selectionModel().currentRowChanged.connect(self._tell_selected)

    def set_empty(self, sentence: str, action_text: str = "") -> EmptyState:
        """Say what belongs here; the returned shape emits `acted` for its button."""
        self._empty.set_sentence(sentence, action_text)
        self._has_sentence = True
        return self._empty

    def bind(self, chips: FilterChips) -> None:
        """Follow a row of chips: what it says becomes the filter, Down goes into the table."""
        chips.changed.connect(lambda: self._narrow(chips))
        chips.moved_down.connect(self.go_in)
        self._filter = replace(self._filter, text=chips.text(), chips=chips.chosen())

    def filter(self) -> TableFilter:
        """Return the filter in use."""
        return self._filter

    def set_filter(self, wanted: TableFilter) -> None:
        """Ask again with another filter."""
        self._filter = wanted
        self.reload()

    def reload(self) -> None:
        """Ask for the ids again; the row that was current stays current by its id."""
        self._generation += 1
        generation = self._generation
        self._tasks.ask(self, self._ids, self._filter, then=lambda ids: self._show(generation, ids))

    def count(self) -> int:
        """Return the number of rows."""
        return self._rows.rowCount()

    def current_id(self) -> int:
        """Return the id of the current row, 0 when there is none."""
        return self._rows.id_at(self.currentIndex().row())

    def select_id(self, record_id: int) -> bool:
        """Make a record's row current; False when it is not in the list."""
        row = self._rows.row_of(record_id)
        if row < 0:
            return False
        self.setCurrentIndex(self._rows.index(row, 0))
        return True

    def expect(self, record_id: int) -> None:
        """Ask again and make a record current as soon as it is listed: it was just saved."""
        self._expected = record_id
        self.reload()

    def go_in(self) -> None:
        """Take the focus, on the first row when none is current."""
        if not self.currentIndex().isValid() and self.count():
            self.setCurrentIndex(self._rows.index(0, 0))
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with Enter; leave Tab to the form around the table."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current_id():
            self.chosen.emit(self.current_id())
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the pointer."""
        record_id = self._rows.id_at(self.indexAt(event.position().toPoint()).row())
        if record_id:
            self.chosen.emit(record_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the empty state over the whole place."""
        super().resizeEvent(event)
        self._stretch_columns()
        self._empty.setGeometry(QRect(QPoint(0, 0), self.viewport().size()))

    def sizeHint(self) -> QSize:
        """Return a comfortable size; the table takes what it is given."""
        return QSize(theme.size(560), theme.size(320))

    def _dress(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setItemDelegate(_CellDelegate(self._rows, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(theme.size(120))
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(theme.size(_HEIGHT))
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setTextElideMode(Qt.TextElideMode.ElideRight)
        across.setSectionsClickable(True)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _shape_columns(self) -> None:
        across = self.horizontalHeader()
        across.setMinimumSectionSize(theme.size(40))
        for section, column in enumerate(self._columns):
            across.resizeSection(section, theme.size(column.width or _LEAST_WIDTH))
        across.setStretchLastSection(all(column.width for column in self._columns))

    def _stretch_columns(self) -> None:
        """Let every heading be read, then share the spare width among columns without one.

        Where there is no room the table scrolls rather than squeezes.
        """
        across, least = self.horizontalHeader(), theme.size(_LEAST_WIDTH)
        shown = [i for i in range(len(self._columns)) if not self.isColumnHidden(i)]
        open_ones = [i for i in shown if not self._columns[i].width]
        fixed = [i for i in shown if self._columns[i].width]
        if not open_ones and fixed:
            least = theme.size(self._columns[fixed.pop()].width)  # the last is stretched by itself
        taken = sum(map(across.sectionSize, fixed)) + least * max(len(open_ones), 1)
        spare = self.viewport().width() - taken
        for section in fixed:
            lacking = across.sectionSizeHint(section) - across.sectionSize(section)
            if 0 < lacking <= spare:
                across.resizeSection(section, across.sectionSize(section) + lacking)
                spare -= lacking
        for section in open_ones:
            across.resizeSection(section, least + max(spare, 0) // len(open_ones))

    def _narrow(self, chips: FilterChips) -> None:
        self.set_filter(replace(self._filter, text=chips.text(), chips=chips.chosen()))

    def _sort(self, section: int) -> None:
        column = self._columns[section]
        if not column.sortable:
            return
        again = self._filter.order == column.key
        descending = again and not self._filter.descending
        across = self.horizontalHeader()
        across.setSortIndicatorShown(True)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        across.setSortIndicator(section, order)
        self.set_filter(replace(self._filter, order=column.key, descending=descending))

    def _show(self, generation: int, ids: Sequence[int]) -> None:
        if generation != self._generation:
            return
        current, expected = self.current_id(), self._expected
        self._rows.set_ids(ids)
        if not (expected and self.select_id(expected)) and current:
            self.select_id(current)
            self._expected = expected
        self._empty.setVisible(self._has_sentence and not ids)
        self.loaded.emit(len(ids))

    def _tell_selected(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._expected = 0
        self.selected.emit(self._rows.id_at(current.row()))
