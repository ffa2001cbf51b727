"""Small signs: a pill with a few words, a coloured dot, a round letter."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.kit import theme

INK: Final = {
    "good": "teal",
    "soon": "ochre",
    "overdue": "brick",
    "court": "blue",
    "counselling": "plum",
    "neutral": "grey",
    "badge": "on_sand",
}
TINT: Final = {
    "good": "teal_tint",
    "soon": "ochre_tint",
    "overdue": "brick_tint",
    "court": "blue_tint",
    "counselling": "plum_tint",
    "neutral": "grey_tint",
    "badge": "sand",
}
_DOT: Final = INK | {"soon": "ochre_mark", "neutral": "faint"}


class Pill(QLabel):
    """A few words on a tint; the words carry the meaning, the colour only supports it."""

    def __init__(
        self, text: str = "", role: str = "neutral", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", "pill")
        self.setProperty("role", role)
        self.setObjectName("pill")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def role(self) -> str:
        """Return the role it shows."""
        return str(self.property("role"))

    def show_as(self, text: str, role: str) -> None:
        """Change words and role together."""
        self.setText(text)
        theme.set_state(self, role=role)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tint as a full pill whatever the text size, then the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(TINT[self.role()]))
        radius = self.height() / 2
        painter.drawRoundedRect(self.rect(), radius, radius)
        painter.end()
        super().paintEvent(event)


class Dot(QWidget):
    """A coloured point before a line; decoration, so screen readers pass over it."""

    def __init__(self, role: str = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setObjectName("dot")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room of the point at this text size."""
        return QSize(theme.size(9), theme.size(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the point."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(_DOT.get(self._role, self._role)))
        side = theme.size(8)
        painter.drawEllipse(QRect(0, (self.height() - side) // 2, side, side))


class Avatar(QWidget):
    """One or two letters in a circle, where others would put a photograph."""

    def __init__(
        self, letter: str, parent: QWidget | None = None, *, side: int = 52, sand: bool = False
    ) -> None:
        super().__init__(parent)
        self._letter = letter
        self._side = side
        self._sand = sand
        self.setObjectName("avatar")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_letter(self, letter: str) -> None:
        """Change the letters."""
        self._letter = letter
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square that grows with the text."""
        return QSize(theme.size(self._side), theme.size(self._side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the circle and the letters."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sand" if self._sand else "teal_tint"))
        painter.drawEllipse(self.rect())
        painter.setPen(theme.color("on_sand" if self._sand else "teal"))
        painter.setFont(theme.font(self._side * 0.36, 600))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
