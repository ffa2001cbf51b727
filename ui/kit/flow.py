"""A layout that fills lines like words do, for pills, chips and beds at any text size."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Puts widgets side by side and starts a new line when the width is used up."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(cast("QWidget", parent))
        self._items: list[QLayoutItem] = []
        self._hints: list[tuple[QLayoutItem, QSize]] | None = None
        self._heights: dict[int, int] = {}
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item at the end."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem:
        """Return an item, or nothing beyond the end."""
        found = self._items[index] if 0 <= index < len(self._items) else None
        return cast("QLayoutItem", found)

    def takeAt(self, index: int) -> QLayoutItem:
        """Remove an item and return it."""
        found = self._items.pop(index) if 0 <= index < len(self._items) else None
        self.invalidate()
        return cast("QLayoutItem", found)

    def invalidate(self) -> None:
        """Measure anew: an item came, went, or wants another size."""
        self._hints = None
        self._heights.clear()
        super().invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        """Ask for no more room than the items need."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that a narrow place makes it taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width."""
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the size of everything on one line."""
        hints = [hint for _item, hint in self._shown()]
        width = sum(hint.width() + self.spacing() for hint in hints)
        height = max((hint.height() for hint in hints), default=0)
        return self._with_margins(QSize(max(0, width - self.spacing()), height))

    def minimumSize(self) -> QSize:
        """Return the size of the largest single item."""
        least = [item.minimumSize() for item, _hint in self._shown()]
        width = max((size.width() for size in least), default=0)
        height = max((size.height() for size in least), default=0)
        return self._with_margins(QSize(width, height))

    def _with_margins(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        across, down = margins.left() + margins.right(), margins.top() + margins.bottom()
        return size + QSize(across, down)

    def _shown(self) -> list[tuple[QLayoutItem, QSize]]:
        """Return what is visible and how large it wants to be, asked once for many layings-out."""
        if self._hints is None:
            self._hints = [(item, item.sizeHint()) for item in self._items if not item.isEmpty()]
        return self._hints

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        area = rect.marginsRemoved(self.contentsMargins())
        y, height = area.y(), 0
        for number, line in enumerate(self._lines(area.width())):
            y += (height + self.spacing()) if number else 0
            height = max(hint.height() for _item, hint in line)
            x = area.x()
            for item, hint in line:
                if move:
                    room = QSize(min(hint.width(), max(area.width(), 1)), hint.height())
                    middle = y + (height - hint.height()) // 2
                    item.setGeometry(QRect(QPoint(x, middle), room))
                x += hint.width() + self.spacing()
        return y + height - rect.y() + self.contentsMargins().bottom()

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """Return what fits beside each other, line by line."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        left = 0
        for item, hint in self._shown():
            if lines and hint.width() <= left:
                lines[-1].append((item, hint))
            else:
                lines.append([(item, hint)])
                left = width
            left -= hint.width() + self.spacing()
        return lines
