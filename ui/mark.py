"""The program's mark, light enough for the first window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.kit import theme


class Mark(QWidget):
    """The program's mark: a plain square, so that the window names nobody."""

    def __init__(self, side: int = 26, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mark")
        self._side = side
        self.setFixedSize(theme.size(side), theme.size(side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sand"))
        radius = theme.size(self._side * 0.28)
        painter.drawRoundedRect(self.rect(), radius, radius)
