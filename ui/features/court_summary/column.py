"""A column that scrolls by itself, so that the paper stays in sight while choosing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.kit import theme

_LEAST_HEIGHT: Final = 420
_ROOM_FOR_BOTH: Final = 860


class Column(QScrollArea):
    """Cards one under the other; what is being written keeps its place while they grow."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(theme.size(_LEAST_HEIGHT))
        inner = QWidget()
        inner.setProperty("kind", "page-body")
        self.cards = QVBoxLayout(inner)
        self.cards.setContentsMargins(0, 0, 8, 0)
        self.cards.setSpacing(16)
        self.setWidget(inner)
        self._inner = inner
        self._held: tuple[QWidget, int] | None = None
        self.verticalScrollBar().actionTriggered.connect(self._forget)
        inner.installEventFilter(self)

    def hold_still(self) -> None:
        """Keep the field with the cursor where it is on the screen, whatever grows above it.

        Only people end this, by scrolling, by going to another field or by another size of the
        window: how long the cards take to find their places nobody knows on a slow computer.
        """
        focused = QApplication.focusWidget()
        if focused is None or not self._inner.isAncestorOf(focused):
            self._held = None
        elif self._held is None or self._held[0] is not focused:
            self._held = (focused, self._height_of(focused))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll after the cards when they were laid out anew."""
        laid_out = event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest)
        if laid_out and watched is self._inner and self._held is not None:
            QTimer.singleShot(0, self, self._bring_back)
        return super().eventFilter(watched, event)

    def _bring_back(self) -> None:
        if self._held is not None and isValid(self._held[0]):
            focused, before = self._held
            if not focused.hasFocus():
                self._forget()
                return
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self._height_of(focused) - before)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let go when the window changes: the place on the screen is another then."""
        self._forget()
        super().resizeEvent(event)

    def _forget(self, _act: int = 0) -> None:
        self._held = None

    def _height_of(self, part: QWidget) -> int:
        return part.mapTo(self.viewport(), QPoint()).y()


class SideBySide(QWidget):
    """Two columns; one under the other where large text leaves no room for both."""

    def __init__(self, left: Column, right: Column, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(16)
        self._line.addWidget(left, 10)
        self._line.addWidget(right, 11)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the direction for the width there is."""
        super().resizeEvent(event)
        narrow = self.width() < theme.size(_ROOM_FOR_BOTH)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._line.setDirection(way)
