"""Icons inside a line to type into; they grow with the text, which Qt's own in a line do not."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.kit import icons, theme
from ui.kit.button import icon_button

_EDGE: Final = 2


class _Sign(QWidget):
    """An icon that only says what the line is for."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """Return the room of an icon and some air."""
        return QSize(theme.size(28), theme.size(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon in the middle."""
        box = QRect(0, 0, theme.size(16), theme.size(16))
        box.moveCenter(self.rect().center())
        icons.paint(QPainter(self), box, self._icon, "mute")


def add_icons(line: QLineEdit, *, sign: str = "", icon: str = "", spoken: str = "") -> QPushButton:
    """Put a sign before what is typed, and a button behind it that the keyboard goes past."""
    inside = QHBoxLayout(line)
    inside.setContentsMargins(_EDGE, 0, _EDGE, 0)
    if sign:
        inside.addWidget(_Sign(sign))
    inside.addStretch(1)
    made = icon_button(icon, spoken, f"{icon}_button")
    made.setIcon(icons.icon(icon, "mute"))
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inside.addWidget(made)
    room = theme.size(28) - theme.size(9) + _EDGE
    line.setTextMargins(room if sign else 0, 0, room, 0)
    return made
