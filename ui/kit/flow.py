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
        return cast("QLayoutItem", found)

    def expandingDirections(self) -> Qt.Orientation:
        """Ask for no more room than the items need."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that a narrow place makes it taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the size of everything on one line."""
        width = sum(item.sizeHint().width() + self.spacing() for item in self._shown())
        height = max((item.sizeHint().height() for item in self._shown()), default=0)
        return self._with_margins(QSize(max(0, width - self.spacing()), height))

    def minimumSize(self) -> QSize:
        """Return the size of the largest single item."""
        width = max((item.minimumSize().width() for item in self._shown()), default=0)
        height = max((item.minimumSize().height() for item in self._shown()), default=0)
        return self._with_margins(QSize(width, height))

    def _with_margins(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        across, down = margins.left() + margins.right(), margins.top() + margins.bottom()
        return size + QSize(across, down)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        area = rect.marginsRemoved(self.contentsMargins())
        y, height = area.y(), 0
        for number, line in enumerate(self._lines(area.width())):
            y += (height + self.spacing()) if number else 0
            height = max(item.sizeHint().height() for item in line)
            x = area.x()
            for item in line:
                hint = item.sizeHint()
                if move:
                    room = QSize(min(hint.width(), max(area.width(), 1)), hint.height())
                    middle = y + (height - hint.height()) // 2
                    item.setGeometry(QRect(QPoint(x, middle), room))
                x += hint.width() + self.spacing()
        return y + height - rect.y() + self.contentsMargins().bottom()

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        """Return what fits beside each other, line by line."""
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            needed = item.sizeHint().width()
            if lines and needed <= left:
                lines[-1].append(item)
            else:
                lines.append([item])
                left = width
            left -= needed + self.spacing()
        return lines
