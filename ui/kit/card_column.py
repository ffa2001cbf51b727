"""What a tab of a resident's page looks like: one thing to do, and cards under each other."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.kit import layouts


class CardColumn(QWidget):
    """The cards of one person, made anew each time her records are read."""

    def __init__(self, act_button: QPushButton) -> None:
        super().__init__()
        self.act_button = act_button
        act_button.hide()  # until it is known whether she may
        self._cards = QVBoxLayout()
        self._cards.setSpacing(16)
        head = QHBoxLayout()
        head.addStretch(1)
        head.addWidget(act_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addLayout(self._cards)
        whole.addStretch(1)

    def clear(self) -> None:
        """Take every card out."""
        layouts.clear(self._cards)

    def add(self, card: QWidget) -> None:
        """Put a card under those that are there."""
        self._cards.addWidget(card)
