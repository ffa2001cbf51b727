"""The shape of a settings tab that explains a list and shows it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.button import label
from ui.kit.card import Card
from ui.kit.filter_chips import FilterChips
from ui.kit.record_table import RecordTable

_LEAST_HEIGHT = 420


class TablePart(QWidget):
    """One titled list over the whole tab; `find` is what its search field says, '' for none."""

    def __init__(
        self, name: str, title: str, hint: str, table: RecordTable, *, find: str = ""
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.table = table
        self.table.setObjectName(f"{name}_table")
        self.table.setAccessibleName(title)
        self.table.setMinimumHeight(theme.size(_LEAST_HEIGHT))
        self.card = Card(title)
        self.card.add(label(hint, "mute", wrap=True))
        if find:
            self.chips = FilterChips([], find)
            self.card.add(self.chips)
            self.table.bind(self.chips)
        self.card.add(self.table, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.card, 1)
        self.table.reload()
