"""What is known of the chosen line, and the few things that can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from ui.kit import layouts, theme
from ui.kit.button import ButtonRole, button, label
from ui.kit.card import Card, KeyValueList
from ui.kit.flow import FlowLayout

Action = tuple[str, str, Callable[[], object], ButtonRole]
"""(object name, words, what it does, look)"""


class DetailCard(Card):
    """Empty with a sentence until something is chosen."""

    def __init__(self, name: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName(name)
        self._empty = empty
        self.warning_label = label("", "hint", wrap=True, name=f"{name}_warning", role="overdue")
        self.facts = KeyValueList()
        self._buttons = QWidget()
        self._flow = FlowLayout(spacing=8)
        self._buttons.setLayout(self._flow)
        self.buttons: dict[str, QWidget] = {}
        self.add(self.warning_label)
        self.add(self.facts)
        self.add(self._buttons)
        self.setMinimumWidth(theme.size(330))
        self.clear()

    def clear(self) -> None:
        """Show that nothing is chosen."""
        self.show_facts("", ((self._empty, ""),), ())

    def show_facts(
        self,
        title: str,
        facts: Sequence[tuple[str, str]],
        actions: Sequence[Action],
        warning: str = "",
    ) -> None:
        """Show what is known and what can be done; facts that say nothing are left out."""
        self.set_title(title)
        self.warning_label.setText(warning)
        self.warning_label.setVisible(bool(warning))
        self.facts.clear()
        for key, value in facts:
            if value or not title:
                self.facts.add(key, value)
        layouts.clear(self._flow)
        self.buttons = {}
        for name, words, act, role in actions:
            made = button(words, name, role)
            made.clicked.connect(lambda _on=False, act=act: act())
            self._flow.addWidget(made)
            self.buttons[name] = made
        self._buttons.setVisible(bool(actions))
