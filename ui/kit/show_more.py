"""The end of a list that shows a part of itself: how much of it, and the press that shows more."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_app.i18n import _
from ui.kit.button import button, label


class ShowMore(QWidget):
    """A link with how many lines it brings, and how many of all are in sight; hidden without more.

    It stays the same widget while the list above it grows, so that the keyboard can stay on it.
    """

    wanted = Signal()
    """Somebody wants to see as many lines as `most` says now."""

    def __init__(self, name: str, first: int, step: int) -> None:
        """`first` lines are shown unasked, then as many as the next multiple of `step`."""
        super().__init__()
        self.setObjectName("show_more")
        self._first, self._step = first, step
        self.most = first
        """How many lines the list may show now."""
        self.button = button("", name, "link")
        self.shown_label = label("", "secondary", name="show_more_shown")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.button)
        line.addWidget(self.shown_label)
        line.addStretch(1)
        self.button.clicked.connect(self._more)
        self.hide()

    def begin_again(self) -> None:
        """Show no more than at first: it is another list."""
        self.most = self._first

    def tell(self, shown: int, count: int) -> None:
        """Say that so many of so many lines are in sight."""
        self.setVisible(count > shown)
        said = _("{shown} of {count} are shown").format(shown=shown, count=count)
        self.shown_label.setText(said)
        coming = min(self._next(), count) - shown
        everything = shown + coming >= count
        words = _("Show all {count}") if everything else _("Show {count} more")
        self.button.setText(words.format(count=count if everything else coming))
        self.button.setAccessibleName(f"{self.button.text()}. {said}")

    def _next(self) -> int:
        return (self.most // self._step + 1) * self._step

    def _more(self) -> None:
        self.most = self._next()
        self.wanted.emit()
