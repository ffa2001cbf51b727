"""A search field that waits for a pause in typing before it asks."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from shelter_app.i18n import _
from ui.kit.line_icons import add_icons

PAUSE: Final = 120
"""Milliseconds without a key before a search starts."""


class SearchBox(QLineEdit):
    """One line; `searched` comes after a short pause, at once on Enter, and Esc empties it."""

    searched = Signal(str)
    moved_down = Signal()

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search_box")
        self.setProperty("kind", "search")
        self.setPlaceholderText(placeholder or _("Search"))
        self.setAccessibleName(placeholder or _("Search"))
        self.setMaxLength(200)
        self.setClearButtonEnabled(False)
        spoken = _("Empty the search")
        self.clear_button = add_icons(self, sign="search", icon="close", spoken=spoken)
        self.clear_button.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._search)
        self.textChanged.connect(self._typed)
        self.clear_button.clicked.connect(self.clear)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Search at once on Enter, empty on Esc, go to the list on Down."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._search()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key == Qt.Key.Key_Down:
            self.moved_down.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for nothing once nobody sees it."""
        self._pause.stop()
        super().hideEvent(event)

    def _typed(self, text: str) -> None:
        self.clear_button.setVisible(bool(text))
        self._pause.start()

    def _search(self) -> None:
        self._pause.stop()
        self.searched.emit(self.text().strip())
