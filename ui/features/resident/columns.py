"""Cards side by side where there is room, under each other where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.kit import theme

_GAP = 16
_LEAST = 292


class Columns(QWidget):
    """Up to three columns of cards with shares of the width; they fold as the window narrows."""

    def __init__(self, shares: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("columns")
        self._shares = tuple(shares)
        self._cards: list[list[QWidget]] = [[] for _share in shares]
        self._holders: list[QWidget] = []
        self._shown = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(_GAP)

    def add(self, column: int, card: QWidget) -> None:
        """Add a card at the foot of a column."""
        card.setParent(self)
        self._cards[column].append(card)
        self._shown = 0

    def clear(self) -> None:
        """Take every card away."""
        for card in (card for column in self._cards for card in column):
            card.hide()
            card.deleteLater()
        self._cards = [[] for _share in self._shares]
        self._shown = 0

    def arrange(self) -> None:
        """Put the cards where they belong at this width."""
        wanted = self._wanted()
        if wanted == self._shown:
            return
        self._shown = wanted
        for holder in self._holders:
            self._grid.removeWidget(holder)
            holder.hide()
        old, self._holders = self._holders, []
        filled = [column for column in self._cards if column]
        for number in range(len(self._shares)):
            self._grid.setColumnStretch(number, 0)
        for number in range(wanted):
            holder = QWidget(self)
            holder.setObjectName("column")
            line = QVBoxLayout(holder)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(_GAP)
            for place, column in enumerate(filled):
                if min(place, wanted - 1) == number:
                    for card in column:
                        line.addWidget(card)
                        card.show()
            line.addStretch(1)
            self._grid.addWidget(holder, 0, number, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(number, self._shares[number])
            self._holders.append(holder)
            holder.show()
        for holder in old:
            holder.deleteLater()
        self._grid.invalidate()
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Ask for one column only: the cards fold when they must."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), theme.size(_LEAST)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold."""
        super().resizeEvent(event)
        self.arrange()

    def _wanted(self) -> int:
        filled = sum(bool(column) for column in self._cards)
        room = max(1, (self.width() + _GAP) // (theme.size(_LEAST) + _GAP))
        return max(1, min(filled, room, len(self._shares)))
