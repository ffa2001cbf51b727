"""The card of the day and of the coming days: times on the left, a coloured edge by kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.i18n import _, ngettext
from shelter_app.services.today import Entry
from ui.kit import day_text, layouts, theme
from ui.kit.button import label
from ui.kit.card import Card, EmptyState
from ui.kit.pill import INK
from ui.kit.row import RowButton, TwoLines
from ui.kit.show_more import ShowMore

SHOWN_AT_FIRST: Final = 60


class EntryButton(RowButton):
    """What happens at a time: a quiet panel with a coloured edge, one click opens it."""

    def __init__(self, entry: Entry, when: str, parent: QWidget | None = None) -> None:
        spoken = _("{time}, {title}, {detail}").format(
            time=when, title=entry.title, detail=entry.detail
        )
        super().__init__(spoken, parent)
        self.setObjectName("EntryButton")
        self._role = entry.role
        self.line.setContentsMargins(theme.size(14), theme.size(6), theme.size(10), theme.size(6))
        self.add(TwoLines(entry.title, entry.detail), 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the panel, what a button draws under the pointer, and the edge over both."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.end()
        super().paintEvent(event)
        edge = QPainter(self)
        edge.fillRect(0, 0, theme.size(3), self.height(), theme.color(INK[self._role]))


class DayCard(Card):
    """Entries under each other; `chosen` says which one was opened."""

    chosen = Signal(object)

    def __init__(self, title: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(title, "", parent)
        self.setObjectName("DayCard")
        self._empty = empty
        self._shown: tuple[Entry, ...] | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.size(8))
        self._by_day = False
        self.show_more = ShowMore("DayCard_more", SHOWN_AT_FIRST, SHOWN_AT_FIRST)
        self.show_more.wanted.connect(self._bring_more)
        self.body.addLayout(self._lines)
        self.body.addWidget(self.show_more)
        self.body.addStretch(1)

    def show_entries(self, entries: Sequence[Entry], *, by_day: bool = False) -> None:
        """Show a day, or several days with a heading each."""
        count = len(entries)
        self.set_aside(ngettext("{count} event", "{count} events", count).format(count=count))
        if tuple(entries) == self._shown:
            return
        self._shown = tuple(entries)
        self._by_day = by_day
        self._fill()

    def _fill(self, read_on_at: int = -1) -> None:
        entries = self._shown or ()
        shown = entries[: self.show_more.most]
        layouts.clear(self._lines)
        heading: date | None = None
        for number, entry in enumerate(shown):
            if self._by_day and entry.at.date() != heading:
                heading = entry.at.date()
                words = day_text.show_day(heading, weekday=True, year=False)
                self._lines.addWidget(label(words, "field", name="DayCard_day"))
            opening = self._add_line(entry)
            if number == read_on_at:
                opening.setFocus()
        if not entries:
            self._lines.addWidget(EmptyState(self._empty))
        self.show_more.tell(len(shown), len(entries))

    def _bring_more(self) -> None:
        """Show more of what is here already; the keyboard goes on with the first new line."""
        self._fill(read_on_at=self.show_more.most - SHOWN_AT_FIRST)

    def _add_line(self, entry: Entry) -> EntryButton:
        line = QWidget()
        line.setObjectName("DayCard_line")
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.size(12))
        when = day_text.show_time(entry.at) if entry.timed else ""
        time_label = label(when, "mute", name="DayCard_time")
        time_label.setFixedWidth(theme.size(42))
        time_label.setContentsMargins(0, theme.size(6), 0, 0)
        opening = EntryButton(entry, when)
        opening.clicked.connect(lambda: self.chosen.emit(entry))
        row.addWidget(time_label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(opening, 1)
        self._lines.addWidget(line)
        return opening
