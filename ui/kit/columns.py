"""Columns that fold: side by side where there is room, under each other where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ui.kit import theme

_GAP = 16


class Columns(QWidget):
    """One layout for each share of the width; `room` is what they need to stand side by side."""

    def __init__(self, name: str, shares: Sequence[int], room: int) -> None:
        super().__init__()
        self.setObjectName(name)
        self._room = room
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(_GAP)
        self.columns: list[QVBoxLayout] = []
        for share in shares:
            column = QVBoxLayout()
            column.setSpacing(_GAP)
            self.columns.append(column)
            self._box.addLayout(column, share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold; large text needs more room."""
        super().resizeEvent(event)
        narrow = event.size().width() < theme.size(self._room)
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)
