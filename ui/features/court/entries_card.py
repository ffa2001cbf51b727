"""What the court cards share: a title, rows under each other, a button that adds one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit import layouts
from ui.kit.button import button, label
from ui.kit.card import Card


class EntriesCard(Card):
    """A titled card of rows."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setObjectName(type(self).__name__)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)

    def show_entries(self, entries: Iterable[QWidget], hint: str = "") -> None:
        """Show these rows and nothing else, under a hint where there is one."""
        layouts.clear(self._list)
        if hint:
            self._list.addWidget(label(hint, "mute", wrap=True))
        layouts.add_ruled(self._list, entries)


class GrowingCard(EntriesCard):
    """The same with a button in its head for one more."""

    add_wanted = Signal()

    def __init__(self, title: str, add_text: str) -> None:
        super().__init__(title)
        name = f"{self.objectName()}_add"
        self.add_button = button(add_text, name, "small", icon="add")
        self.set_aside(self.add_button)
        self.add_button.clicked.connect(self.add_wanted)
