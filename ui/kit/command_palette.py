"""Ctrl+K: people, numbers, contacts and actions by a few letters, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.button import label, rule

_PAUSE: Final = 80
_ROW: Final = 44
_HEAD: Final = 28
_AROUND: Final = 108
_ITEM_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True)
class PaletteItem:
    """One thing that can be gone to or done."""

    group: str
    label: str
    detail: str
    icon: str
    run: Callable[[], object]


Provider = Callable[[str], Sequence[PaletteItem]]
LaterProvider = Callable[[str, Callable[[Sequence[PaletteItem]], None]], object]


class _LineDelegate(QStyledItemDelegate):
    """Draws group names quietly and items with their icon and detail."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | Any) -> QSize:
        """Return a line's height."""
        item = index.data(_ITEM_ROLE)
        return QSize(theme.size(200), theme.size(_HEAD if item is None else _ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | Any
    ) -> None:
        """Draw a line."""
        item = index.data(_ITEM_ROLE)
        view = self.parent()
        chosen = isinstance(view, QListView) and view.currentIndex() == index
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if item is None:
            painter.setPen(theme.color("mute"))
            painter.setFont(theme.font(11, 600))
            box = option.rect.adjusted(theme.size(12), 0, 0, 0)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), str(index.data()))
        else:
            self._paint_item(painter, option.rect, item, chosen=chosen)
        painter.restore()

    def _paint_item(
        self, painter: QPainter, box: QRect, item: PaletteItem, *, chosen: bool
    ) -> None:
        from ui.kit import icons

        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("teal_tint"))
            painter.drawRoundedRect(box.adjusted(4, 1, -4, -1), 8, 8)
        side, inset = theme.size(18), theme.size(14)
        icon = QRect(box.x() + inset, box.y() + (box.height() - side) // 2, side, side)
        icons.paint(painter, icon, item.icon or "forward", "teal" if chosen else "mute")
        words = box.adjusted(inset * 2 + side, theme.size(4), -inset, -theme.size(4))
        elide = Qt.TextElideMode.ElideRight
        half = words.height() // 2
        both = bool(item.detail)
        for text, font, role, rect in (
            (item.label, theme.font(13, 600), "ink", words.adjusted(0, 0, 0, -half * both)),
            (item.detail, theme.font(12), "mute", words.adjusted(0, half, 0, 0)),
        ):
            painter.setFont(font)
            painter.setPen(theme.color(role))
            shown = painter.fontMetrics().elidedText(text, elide, rect.width())
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), shown)


class CommandPalette(QWidget):
    """A field and what it finds, over the window; closed by Esc, a click outside, or a choice."""

    closed = Signal()

    def __init__(self, window: QWidget, placeholder: str = "") -> None:
        super().__init__(window)
        self.setObjectName("command_palette")
        self._providers: list[Provider] = []
        self._later: list[LaterProvider] = []
        self._found: dict[int, Sequence[PaletteItem]] = {}
        self._question = 0
        self._awaited: set[int] = set()
        self._moved = self._hurried = False
        self._came_from: QWidget | None = None
        self.line_edit = QLineEdit()
        self.line_edit.setObjectName("palette_line")
        self.line_edit.setMaxLength(200)
        words = placeholder or _("Find a resident, number, contact or action")
        self.line_edit.setPlaceholderText(words)
        self.line_edit.setAccessibleName(words)
        self.list_view = QListView()
        self.list_view.setObjectName("palette_list")
        self.list_view.setAccessibleName(_("Found"))
        self.list_view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list_view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list_view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list_view.setItemDelegate(_LineDelegate(self.list_view))
        self._model = QStandardItemModel(self)
        self.list_view.setModel(self._model)
        self._frame = QFrame(self)
        self._frame.setProperty("kind", "palette")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(12, 12, 12, 10)
        inside.setSpacing(8)
        inside.addWidget(self.line_edit)
        inside.addWidget(self.list_view, 1)
        inside.addWidget(rule())
        inside.addWidget(label(_("↑ ↓ to move · Enter to open · Esc to close"), "secondary"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self.hide()
        self.line_edit.installEventFilter(self)
        window.installEventFilter(self)
        self._pause.timeout.connect(self._ask)
        self.line_edit.textChanged.connect(self._typed)
        self.list_view.clicked.connect(self._run_index)

    def add_provider(self, provider: Provider) -> None:
        """Add something that answers at once, such as actions."""
        self._providers.append(provider)

    def add_later_provider(self, provider: LaterProvider) -> None:
        """Add something that answers later: it is given the text and what takes the items."""
        self._later.append(provider)

    def open(self, text: str = "") -> None:
        """Show over the window, ready for typing."""
        self._came_from = QApplication.focusWidget()
        self._moved = self._hurried = False
        self._place()
        self.show()
        self.raise_()
        self.line_edit.setText(text)
        self.line_edit.setFocus()
        self._ask()

    def close_palette(self) -> None:
        """Go away and give the focus back."""
        if self.isHidden():
            return
        self._pause.stop()
        self._question += 1
        self._awaited.clear()
        self.hide()
        self.line_edit.clear()
        self._pause.stop()
        self._model.clear()
        back = self._came_from
        if back is not None and shiboken6.isValid(back):
            back.setFocus()
        self.closed.emit()

    def items(self) -> list[PaletteItem]:
        """Return what is shown, in order."""
        rows = (self._model.item(row).data(_ITEM_ROLE) for row in range(self._model.rowCount()))
        return [item for item in rows if item is not None]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window; take the keys that move and choose while people type."""
        if event.type() not in {QEvent.Type.Resize, QEvent.Type.KeyPress}:
            return False  # Qt still asks while Python takes the palette apart
        if watched is self.window():
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key()))
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a click outside the frame."""
        self.close_palette()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim the window."""
        QPainter(self).fillRect(self.rect(), theme.color("scrim"))

    def _key(self, key: Qt.Key) -> bool:
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self._moved = True
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._pause.isActive():
                self._pause.stop()
                self._ask()
            # Who types a name and presses Enter at once means the person who is not found yet.
            self._hurried = bool(self._awaited) and not self._moved
            if not self._hurried:
                self._run_index(self.list_view.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        else:
            return False
        return True

    def _place(self) -> None:
        self.setGeometry(self.window().rect())
        width = min(theme.size(620), self.width() - 40)
        top = max(20, self.height() // 8)
        room = min(theme.size(460), self.height() - top - 10)
        lines = (self._model.item(row).data(_ITEM_ROLE) for row in range(self._model.rowCount()))
        listed = sum(theme.size(_HEAD if item is None else _ROW) for item in lines)
        height = min(room, listed + theme.size(_AROUND))
        self._frame.setGeometry((self.width() - width) // 2, top, width, height)

    def _typed(self) -> None:
        self._moved = self._hurried = False
        self._pause.start()

    def _ask(self) -> None:
        self._question += 1
        question, text = self._question, self.line_edit.text().strip()
        self._found = {number: provider(text) for number, provider in enumerate(self._providers)}
        self._awaited = set(range(len(self._providers), len(self._providers) + len(self._later)))
        self._fill()
        for number, later in enumerate(self._later, len(self._providers)):
            later(text, partial(self._take, question, number))

    def _take(self, question: int, number: int, items: Sequence[PaletteItem]) -> None:
        if shiboken6.isValid(self) and question == self._question:
            self._found[number] = items
            self._awaited.discard(number)
            self._fill()
            if self._hurried and not self._awaited:
                self._hurried = False
                self._run_index(self.list_view.currentIndex())

    def _fill(self) -> None:
        before = self.list_view.currentIndex().data(_ITEM_ROLE) if self._moved else None
        later = [n for n in sorted(self._found) if n >= len(self._providers)]
        order = later + [n for n in sorted(self._found) if n < len(self._providers)]
        groups: dict[str, list[PaletteItem]] = {}
        for number in order:
            for item in self._found[number]:
                groups.setdefault(item.group, []).append(item)
        self._model.clear()
        for group, items in groups.items():
            self._model.appendRow(_head(group))
            for item in items:
                self._model.appendRow(_line(item))
        if not groups:
            self._model.appendRow(_head(_("Nothing found. Try fewer letters.")))
        self._place()
        kept = next((r for r in range(self._model.rowCount()) if self._is(r, before)), -1)
        self._select(kept if kept >= 0 else 0, 1)

    def _is(self, row: int, item: PaletteItem | None) -> bool:
        return item is not None and self._model.item(row).data(_ITEM_ROLE) == item

    def _step(self, by: int) -> None:
        self._select(self.list_view.currentIndex().row() + by, by)

    def _select(self, row: int, by: int) -> None:
        count = self._model.rowCount()
        for _index in range(count):
            row %= count
            if self._model.item(row).data(_ITEM_ROLE) is not None:
                self.list_view.setCurrentIndex(self._model.index(row, 0))
                return
            row += by

    def _run_index(self, index: QModelIndex) -> None:
        item = index.data(_ITEM_ROLE)
        if item is not None:
            self.close_palette()
            item.run()


def _head(text: str) -> QStandardItem:
    made = QStandardItem(text)
    made.setFlags(Qt.ItemFlag.NoItemFlags)
    return made


def _line(item: PaletteItem) -> QStandardItem:
    made = QStandardItem(item.label)
    made.setData(item, _ITEM_ROLE)
    made.setData(f"{item.label}, {item.detail}", Qt.ItemDataRole.AccessibleTextRole)
    return made
