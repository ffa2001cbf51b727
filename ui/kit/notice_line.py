"""A sentence above the page with a button or two, until it is put away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from ui.kit.button import button, label


class NoticeLine(QFrame):
    """Words at the left, what can be done about them at the right."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("kind", "message")
        self.text_label = label(text, wrap=True, name=f"{name}_text")
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(12, 8, 8, 8)
        self._line.setSpacing(8)
        self._line.addWidget(self.text_label, 1)

    def offer(
        self, words: str, name: str, act: Callable[[], object] | SignalInstance
    ) -> QPushButton:
        """Add a button that does something about it."""
        made = button(words, f"{self.objectName()}_{name}", "small")
        made.clicked.connect(act)
        self._line.addWidget(made)
        return made

    def put_away(self) -> None:
        """Go for good."""
        self.hide()
        self.deleteLater()
