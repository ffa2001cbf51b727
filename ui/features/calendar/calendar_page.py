"""The calendar place: month with agenda, or a week; one question per view."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from shelter_app import clock
from shelter_app.domain import access
from shelter_app.domain.access import Action
from shelter_app.domain.legal import Accompaniment
from shelter_app.i18n import _
from shelter_app.services import companions, hearing_calendar, outing_list
from shelter_app.services.changes import Changes
from shelter_app.services.hearing_calendar import AGENDA, CalendarItem, Month
from ui.features.calendar.agenda import Agenda, detail_of, role_of
from ui.features.calendar.companion_form import CompanionForm
from ui.features.calendar.month_grid import MonthGrid, month_of
from ui.kit import day_text, theme
from ui.kit.button import button, icon_button, label, toggle
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.folders import choose_folder, named
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page
from ui.kit.side_editor import SideEditor
from ui.kit.week_calendar import CalendarEntry, WeekCalendar

_ACTIONS_BESIDE: Final = 900
TABLES: Final = ("appointment", "court_event", "accompaniment", "legal_case", "person")


class CalendarPage(Page):
    """Month with agenda, or a week; one question per view."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Calendar"),
            _("Who is where when; who goes along, and when they are back."),
            parent=context.place,
        )
        self.setObjectName("CalendarPage")
        self._context = context
        self._items: tuple[CalendarItem, ...] = ()
        self._day = clock.today()
        self._asked = 0
        self._limit = AGENDA
        self.court_toggle = toggle(_("Outside the house only"), "CalendarPage_outside")
        self.month_toggle = toggle(_("Month"), "CalendarPage_month", on=True)
        self.week_toggle = toggle(_("Week"), "CalendarPage_week")
        self.today_button = button(_("Today"), "CalendarPage_today")
        self.earlier_button = icon_button("back", _("Earlier"), "CalendarPage_earlier")
        self.later_button = icon_button("forward", _("Later"), "CalendarPage_later")
        self.print_button = button(_("Save list…"), "CalendarPage_print")
        self.bar = MessageBar()
        self.period_label = label("", "card-title", name="CalendarPage_period")
        self.grid = MonthGrid()
        self.agenda = Agenda()
        self.week = WeekCalendar(whole_week=True)
        self.stack = QStackedWidget()
        self._lay_out()
        self.editor = SideEditor(self)
        self._connect()
        self._load()

    def show_record(self, record_id: int, detail: str = "") -> None:
        """Show a day (detail: ISO day), or an appointment and who goes along to it."""
        try:
            self._go(date.fromisoformat(detail))
        except ValueError:
            self._load()
        if record_id:
            self._context.tasks.ask(self, hearing_calendar.one, record_id, then=self._show_one)

    def _show_one(self, item: CalendarItem) -> None:
        self._go(item.starts_at.date())
        if item.needs_companion and self._may_plan():
            self._plan_company(item)

    def refresh(self, changes: Changes) -> None:
        """Ask again when something in the calendar was written."""
        if changes.touch(*TABLES):
            self._load()

    def is_week(self) -> bool:
        """Say whether the week is shown."""
        return self.week_toggle.isChecked()

    def _lay_out(self) -> None:
        actions = (
            self.court_toggle,
            self.month_toggle,
            self.week_toggle,
            self.today_button,
            self.earlier_button,
            self.later_button,
            self.print_button,
        )
        self.fold_actions(actions, _ACTIONS_BESIDE)
        self.print_button.setToolTip(_("Outside dates of this week or month, on paper"))
        days = Card()
        days.add(self.grid)
        days.body.addStretch(1)
        days.setMaximumWidth(theme.size(400))
        month = QWidget()
        line = QHBoxLayout(month)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        line.addWidget(days, 2)
        line.addWidget(self.agenda, 3)
        self.stack.addWidget(month)
        self.stack.addWidget(self.week)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.period_label)
        self.body.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.court_toggle.clicked.connect(self._load)
        self.month_toggle.clicked.connect(lambda: self._view(week=False))
        self.week_toggle.clicked.connect(lambda: self._view(week=True))
        self.today_button.clicked.connect(lambda: self._go(clock.today()))
        self.earlier_button.clicked.connect(lambda: self._step(-1))
        self.later_button.clicked.connect(lambda: self._step(1))
        self.grid.day_chosen.connect(self._go)
        self.agenda.item_chosen.connect(self._open)
        self.agenda.more_button.clicked.connect(self._show_more)
        self.week.chosen.connect(self._open_id)
        self.week.moved.connect(self._move)
        self.print_button.clicked.connect(self._choose_folder)

    def _choose_folder(self) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.save_list(folder)

    def save_list(self, folder: Path) -> None:
        """Save the outside dates of the week or month that is shown."""
        first, last = self._span()
        self._context.tasks.do(
            self,
            outing_list.save,
            folder,
            first,
            last,
            then=lambda path: self.bar.say(
                _("Saved as {file}. Print it, then delete the file.").format(file=named(path))
            ),
            failed=self.bar.explain,
        )

    def _view(self, *, week: bool) -> None:
        self.week_toggle.setChecked(week)
        self.month_toggle.setChecked(not week)
        self.stack.setCurrentIndex(1 if week else 0)
        self._load()

    def _go(self, day: date) -> None:
        self._day = day
        self._limit = AGENDA
        self._load()

    def _step(self, by: int) -> None:
        if self.is_week():
            self._go(self._day + timedelta(days=7 * by))
            return
        first, last = month_of(self._day)
        self._go(last + timedelta(days=1) if by > 0 else month_of(first - timedelta(days=1))[0])

    def _span(self) -> tuple[date, date]:
        if self.is_week():
            monday = self._day - timedelta(days=self._day.weekday())
            return monday, monday + timedelta(days=6)
        return month_of(self._day)

    def _load(self) -> None:
        self._asked += 1
        asked = self._asked
        first, last = self._span()
        outside = self.court_toggle.isChecked()
        if self.is_week():
            self._context.tasks.ask(
                self,
                hearing_calendar.calendar,
                first,
                last,
                court_only=outside,
                then=lambda items: self._show_week(asked, items),
            )
            return
        self._context.tasks.ask(
            self,
            hearing_calendar.month,
            first,
            last,
            self._day,
            court_only=outside,
            limit=self._limit,
            then=lambda found: self._show_month(asked, found),
        )

    def _show_week(self, asked: int, items: tuple[CalendarItem, ...]) -> None:
        if asked != self._asked:
            return
        self._items = items
        first, last = self._span()
        words = _("{first} to {last}").format(
            first=day_text.show_day(first, year=False), last=day_text.show_day(last)
        )
        self.period_label.setText(words)
        self.week.set_week(first)
        self.week.set_entries([_entry(item) for item in items])

    def _show_month(self, asked: int, found: Month) -> None:
        if asked != self._asked:
            return
        self._items = found.items
        name = day_text.month_name(self._day.month, long=True)
        words = _("{month} {year}").format(month=name, year=self._day.year)
        self.period_label.setText(words)
        self.grid.show_day(self._day)
        self.grid.set_counts(found.counts, found.alone)
        self.agenda.show_items(found.items, found.more)

    def _show_more(self) -> None:
        self._limit += AGENDA
        self._load()

    def _open(self, item: CalendarItem) -> None:
        if item.legal_case_id:
            self._context.go("court", item.legal_case_id, str(item.id))
        elif item.outside and self._may_plan():
            self._plan_company(item)
        elif item.person_id:
            self._context.go("resident", item.person_id)

    def _may_plan(self) -> bool:
        return access.may(self._context.actor, Action.WRITE, Accompaniment)

    def _plan_company(self, item: CalendarItem) -> None:
        self._context.tasks.ask(
            self, companions.going_along, item.id, then=lambda one: self._name(item, one)
        )

    def _name(self, item: CalendarItem, going: Accompaniment) -> None:
        """Open who goes along to an appointment outside."""
        form = CompanionForm(self._context)
        form.set_record(going)
        key = f"CompanionForm:{item.id}"
        keeper = self._context.draft_keeper(key, Accompaniment, going.id)

        def done(_kept: Accompaniment) -> None:
            self.editor.saved(form.record())
            self.editor.close_editor()

        def save(record: Accompaniment) -> None:
            self._context.tasks.do(
                self,
                companions.save_accompaniment,
                record,
                then=done,
                failed=self.editor.failed,
                undo_label=_("Companion saved"),
            )

        when = day_text.show_moment(item.starts_at, weekday=True, year=False)
        self.editor.edit(_("Who goes along · {when}").format(when=when), form, save, keeper)

    def _open_id(self, item_id: object) -> None:
        found = next((item for item in self._items if item.id == item_id), None)
        if found is not None:
            self._open(found)

    def _move(self, item_id: object, starts_at: datetime) -> None:
        self._context.tasks.do(
            self,
            hearing_calendar.move,
            item_id,
            starts_at,
            undo_label=_("Court date moved"),
            failed=self._moved_not,
        )

    def _moved_not(self, error: BaseException) -> None:
        """Put the entry back and let the window say why."""
        self._load()
        self._context.tasks.failed.emit(error, self)


def _entry(item: CalendarItem) -> CalendarEntry:
    title = f"{item.title} · {item.survivor}" if item.survivor else item.title
    return CalendarEntry(
        id=item.id,
        kind=item.title,
        title=title,
        detail=detail_of(item),
        starts_at=item.starts_at,
        minutes=item.minutes,
        role=_role(item),
        movable=item.movable,
    )


def _role(item: CalendarItem) -> str:
    if item.needs_companion or item.outcome_owed:
        return "overdue"
    return role_of(item)
