"""What the cards of data protection share: lines in words, each with what may be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.kit import layouts
from ui.kit.button import ButtonRole, button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.message_bar import MessageBar


class Line(QWidget):
    """A few words under each other, and buttons at their right."""

    def __init__(self, *words: QWidget) -> None:
        super().__init__()
        self._across = QHBoxLayout(self)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(8)
        under = QVBoxLayout()
        under.setSpacing(2)
        for each in words:
            under.addWidget(each)
        self._across.addLayout(under, 1)

    def offer(
        self, text: str, name: str, act: Callable[[], object], role: ButtonRole = "plain"
    ) -> None:
        """Offer what may be done about it."""
        made = button(text, name, role)
        made.clicked.connect(lambda _on=False: act())
        self._across.addWidget(made)


class LinesCard(Card):
    """A card of such lines, or of the words for having none."""

    def __init__(
        self, name: str, context: Context, bar: MessageBar, title: str, aside: str = ""
    ) -> None:
        super().__init__(title, aside)
        self.setObjectName(name)
        self._context = context
        self._bar = bar
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.body.addLayout(self._lines)

    def show_lines(self, lines: Sequence[QWidget], nothing: str) -> None:
        """Show these lines and nothing else."""
        layouts.clear(self._lines)
        layouts.add_ruled(self._lines, lines)
        if not lines:
            self._lines.addWidget(label(nothing, "mute", wrap=True))
