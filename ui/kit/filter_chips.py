"""The row above a table: chips that narrow it, a search field, and how much is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.button import label, toggle
from ui.kit.flow import FlowLayout
from ui.kit.search_box import SearchBox


@dataclass(frozen=True)
class Chip:
    """One way to narrow a list."""

    key: str
    text: str
    on: bool = False


class FilterChips(QWidget):
    """Chips and a search field; `changed` says that text or chips are different."""

    changed = Signal()
    moved_down = Signal()

    def __init__(
        self,
        chips: Sequence[Chip] = (),
        placeholder: str = "",
        parent: QWidget | None = None,
        *,
        exclusive: bool = False,
        searchable: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("filter_chips")
        self._exclusive = exclusive
        self._buttons: dict[str, QPushButton] = {}
        self.search_box = SearchBox(placeholder)
        self.search_box.setMinimumWidth(theme.size(220))
        self.search_box.setMaximumWidth(theme.size(360))
        if not searchable:
            self.search_box.hide()
        self.count_label = label("", "secondary", name="filter_count")
        flow = FlowLayout(spacing=6)
        for chip in chips:
            made = toggle(chip.text, f"chip_{chip.key}", on=chip.on)
            self._buttons[chip.key] = made
            flow.addWidget(made)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.search_box, 2)
        line.addLayout(flow, 3)
        line.addWidget(self.count_label)
        self.search_box.searched.connect(self._search)
        self.search_box.moved_down.connect(self.moved_down)
        for key, made in self._buttons.items():
            made.clicked.connect(lambda _on, key=key: self._press(key))
        self._searched = ""

    def text(self) -> str:
        """Return what is searched for."""
        return self.search_box.text().strip()

    def clear_text(self) -> None:
        """Search for nothing any more, and tell."""
        self.search_box.clear()
        self._search("")

    def chosen(self) -> tuple[str, ...]:
        """Return the keys of the chips that are on."""
        return tuple(key for key, made in self._buttons.items() if made.isChecked())

    def set_chosen(self, keys: Sequence[str]) -> None:
        """Switch chips without telling."""
        for key, made in self._buttons.items():
            made.setChecked(key in keys)

    def say(self, key: str, text: str) -> None:
        """Give a chip other words, its name with how many it holds."""
        self._buttons[key].setText(text.replace("&", "&&"))
        self._buttons[key].setAccessibleName(text)

    def set_count(self, shown: int, of: int) -> None:
        """Say how many of how many are shown."""
        words = _("{shown} of {of}") if shown != of else _("{of}")
        self.count_label.setText(words.format(shown=f"{shown:,}", of=f"{of:,}"))

    def _press(self, key: str) -> None:
        if self._exclusive:
            for other, made in self._buttons.items():
                made.setChecked(other == key)
        self.changed.emit()

    def _search(self, text: str) -> None:
        if text != self._searched:
            self._searched = text
            self.changed.emit()
