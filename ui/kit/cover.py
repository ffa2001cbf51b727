"""A neutral page over the whole window: it says nothing about the house or its people."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.button import label


class Cover(QWidget):
    """Lies over everything in a window and lets no key or click through."""

    knocked = Signal()

    def __init__(self, window: QWidget, text: str = "") -> None:
        super().__init__(window)
        self.setObjectName("cover")
        self.setProperty("kind", "cover")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text_label = label(
            text or _("This screen is resting."), "page-title", name="cover_text"
        )
        self.setAccessibleName(self.text_label.text())
        whole = QVBoxLayout(self)
        whole.addWidget(self.text_label, 0, Qt.AlignmentFlag.AlignCenter)
        window.installEventFilter(self)

    @staticmethod
    def show_on(window: QWidget, text: str = "") -> Cover:
        """Cover a window at once: painted before this returns."""
        cover = Cover(window, text)
        cover.setGeometry(window.rect())
        cover.show()
        cover.raise_()
        cover.setFocus()
        cover.repaint()
        return cover

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size and stay on top of what comes later."""
        if event.type() not in {QEvent.Type.Resize, QEvent.Type.ChildAdded}:
            return False  # Qt still asks while Python takes the cover apart
        if watched is self.window():
            if event.type() == QEvent.Type.Resize:
                self.setGeometry(self.window().rect())
            elif event.type() == QEvent.Type.ChildAdded:
                self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill with one quiet colour."""
        QPainter(self).fillRect(self.rect(), theme.color("cover"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take every key."""
        event.accept()
        self.knocked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take every click."""
        self.knocked.emit()
