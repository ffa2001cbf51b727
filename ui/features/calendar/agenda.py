"""Appointments in words, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.i18n import _, ngettext
from shelter_app.services.hearing_calendar import CalendarItem
from ui.kit import day_text, layouts
from ui.kit.button import button, label, rule
from ui.kit.card import Card, EmptyState
from ui.kit.pill import Dot, Pill
from ui.kit.row import RowButton, TwoLines


class Agenda(Card):
    """Appointments day by day, from the marked day to the end of the month."""

    item_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("CalendarPage_agenda")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.more_button = button(_("Show more"), "CalendarPage_more", "link")
        self.more_button.hide()
        self.body.addLayout(self._list)
        self.body.addWidget(self.more_button)
        self.body.addStretch(1)

    def show_items(self, shown: Sequence[CalendarItem], more: int) -> None:
        """Show what stands from a day on; `more` come after."""
        layouts.clear(self._list)
        count = len(shown) + more
        words = ngettext(
            "{count} appointment until the end of the month",
            "{count} appointments until the end of the month",
            count,
        )
        self.set_title(words.format(count=count))
        self.more_button.setVisible(more > 0)
        if not shown:
            self._list.addWidget(EmptyState(_("Nothing stands in the calendar for these days.")))
        day: date | None = None
        for item in shown:
            if item.starts_at.date() != day:
                day = item.starts_at.date()
                heading = label(day_text.show_day(day, weekday=True), "section", name="agenda_day")
                heading.setContentsMargins(4, 12, 0, 4)
                self._list.addWidget(heading)
            else:
                self._list.addWidget(rule())
            self._list.addWidget(self._row(item))

    def _row(self, item: CalendarItem) -> QWidget:
        headline = _("{time}  {title} · {who}").format(
            time=day_text.show_time(item.starts_at), title=item.title, who=item.survivor
        )
        if not item.survivor:
            headline = f"{day_text.show_time(item.starts_at)}  {item.title}"
        detail = detail_of(item)
        row = RowButton(f"{headline}. {detail}")
        row.setObjectName("agenda_row")
        row.add(Dot(role_of(item)))
        row.add(TwoLines(headline, detail), 1)
        if item.needs_companion:
            row.add(Pill(_("Not assigned"), "overdue"))
        elif item.outcome_owed:
            row.add(Pill(_("Outcome not recorded"), "overdue"))
        row.clicked.connect(lambda: self.item_chosen.emit(item))
        return row


def role_of(item: CalendarItem) -> str:
    """Return the colour role of an appointment's kind; its words say the same."""
    if item.kind == "counselling":
        return "counselling"
    return "court" if item.kind == "court" else "neutral"


def detail_of(item: CalendarItem) -> str:
    """Return where, who goes along, when they leave and are expected back."""
    parts = [item.detail]
    if item.leaves_at:
        parts.append(_("leaves {time}").format(time=day_text.show_time(item.leaves_at)))
    if item.needs_companion:
        parts.append(_("companion not assigned"))
    elif item.going:
        parts.append(_("with {companion}").format(companion=", ".join(item.going)))
    if item.outside:
        parts.append(_("back about {time}").format(time=day_text.show_time(item.back_at)))
    return " · ".join(part for part in parts if part)
