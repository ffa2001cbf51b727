"""The field a recovery sheet is typed into: its digits, or the words of two of its parts."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from shelter_app.i18n import _
from ui.kit import theme

_WORDS_OF_TWO_PARTS: Final = 40
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SheetEdit(QPlainTextEdit):
    """Shows all that was typed; Enter ends a line between two parts and says ready after both."""

    submitted = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.size(96))
        self.setPlaceholderText(_("nine groups of six digits, or the words of two parts"))

    def text(self) -> str:
        """Return what was typed."""
        return self.toPlainText()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter for the end of the first part, or of everything."""
        if event.key() not in _ENTER:
            super().keyPressEvent(event)
            return
        words = re.findall(r"[^\W\d_]+", self.text())
        if words and len(words) < _WORDS_OF_TWO_PARTS:
            super().keyPressEvent(event)
        else:
            self.submitted.emit()
