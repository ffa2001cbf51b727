"""The counselling place: the week, the clients, and the card of one session beside them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from shelter_app import clock
from shelter_app.domain.access import Action, may
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.counselling import CounsellingSession
from shelter_app.i18n import _
from shelter_app.services import counselling, counselling_notes, counselling_week
from shelter_app.services.changes import Changes
from shelter_app.services.counselling_week import Week, WeekItem
from ui.features.counselling.clients import ClientList
from ui.features.counselling.editing import Editing
from ui.kit import day_text, theme
from ui.kit.button import button, icon_button, label, toggle
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.page import Page, TabBar
from ui.kit.side_editor import SideEditor
from ui.kit.week_calendar import CalendarEntry, WeekCalendar

TABLES: Final = (
    "counselling_session",
    "counselling_enrolment",
    "appointment",
    "court_event",
    "accompaniment",
    "person",
    "stay",
)
_EDITOR_WIDTH: Final = 480
_BOTH: Final = _EDITOR_WIDTH + 420
_DAYS: Final = 7


class CounsellingPage(Page):
    """Week or clients at the left; what is chosen opens at the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Counselling"), parent=context.place)
        self.setObjectName("CounsellingPage")
        self._context = context
        self._items: dict[object, WeekItem] = {}
        self._asked = 0
        self._wanted_id = 0
        self._day = clock.today()
        self._may_plan = context.actor.has_role(*counselling.PLANNERS)
        is_counsellor = context.actor.has_role("counsellor")
        self.earlier_button = icon_button("back", _("Week before"), "CounsellingPage_earlier")
        self.later_button = icon_button("forward", _("Week after"), "CounsellingPage_later")
        self.today_button = button(_("Today"), "CounsellingPage_today")
        self.mine_toggle = toggle(_("My caseload"), "CounsellingPage_mine", on=is_counsellor)
        if not is_counsellor:
            self.mine_toggle.hide()
        self.plan_button = button(_("Schedule session"), "CounsellingPage_plan", "primary")
        if not self._may_plan:
            self.plan_button.hide()
        self.tabs = TabBar()
        self.week = WeekCalendar()
        self.clients = ClientList(context)
        self.stack = QStackedWidget()
        self.side = QWidget()
        self.side.setObjectName("CounsellingPage_side")
        self.editor = SideEditor(self.side, home=self)
        self.editing = Editing(context, self, self.editor, self._show_side)
        self._lay_out()
        self._connect()
        self._load()

    def show_record(self, record_id: int, detail: str = "") -> None:
        """Open a session, or by detail: 'new' (a person's), 'after' (an outing), 'draft', a day."""
        if detail == "new":
            self.plan(record_id)
        elif detail == "draft":
            self.editing.take_up(record_id)
        elif detail == "programme":
            self._open_programme(record_id)
        elif detail == "after":
            self.editing.open_after(record_id)
        elif record_id:
            self.editing.open_session(record_id)
            self._go_to_week_of(record_id)
        else:
            self._go_to_day(detail)

    def refresh(self, changes: Changes) -> None:
        """Ask again when something in the week was written."""
        if changes.touch(*TABLES):
            self._load()
            self.clients.reload(mine=self._mine())
        self.editing.take_changes(changes)

    def plan(self, person_id: int = 0, starts_at: datetime | None = None) -> None:
        """Open the form for another session."""
        if self._may_plan:
            self.editing.plan(person_id, starts_at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the editor the page alone where both have no room."""
        super().resizeEvent(event)
        self._share_room()

    def _lay_out(self) -> None:
        for action in (
            self.earlier_button,
            self.today_button,
            self.later_button,
            self.mine_toggle,
            self.plan_button,
        ):
            self.add_action(action)
        self.tabs.add("week", _("Week"))
        self.tabs.add("clients", _("Clients"))
        self.set_tabs(self.tabs)
        self.tabs.setVisible(self._may_plan)
        self.nothing_label = label("", "mute", wrap=True, name="CounsellingPage_nothing")
        self.nothing_label.hide()
        days = Card()
        days.add(self.nothing_label)
        days.add(self.week, 1)
        self.stack.addWidget(days)
        self.stack.addWidget(self.clients)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.stack, 1)
        line.addWidget(self.side)
        self.body.addLayout(line, 1)
        self.side.hide()

    def _connect(self) -> None:
        self.earlier_button.clicked.connect(lambda: self._step(-1))
        self.later_button.clicked.connect(lambda: self._step(1))
        self.today_button.clicked.connect(lambda: self._go_to(clock.today()))
        self.mine_toggle.clicked.connect(self._narrow)
        self.plan_button.clicked.connect(self._plan_anybody)
        self.tabs.chosen.connect(self._show_tab)
        self.week.chosen.connect(self._open)
        self.week.create_wanted.connect(self._begin)
        self.week.moved.connect(self._move)
        self.week.resized.connect(self._resize)
        self.clients.programme_chosen.connect(self._open_programme)
        self.editor.closed.connect(self._share_room)
        self.editing.planned.connect(self._show_planned)

    # The week

    def _show_planned(self, planned: CounsellingSession | Appointment) -> None:
        """Bring what was just planned or moved into view: its time, and its client's line."""
        if isinstance(planned, CounsellingSession):
            self.clients.table.expect(planned.enrolment_id)
        self._find(planned.starts_at, planned.id)

    def _mine(self) -> bool:
        return self.mine_toggle.isVisibleTo(self) and self.mine_toggle.isChecked()

    def _narrow(self) -> None:
        self._load()
        self.clients.reload(mine=self._mine())
        self._say_what()

    def _step(self, weeks: int) -> None:
        self._go_to(self._day + timedelta(days=_DAYS * weeks))

    def _go_to_day(self, detail: str) -> None:
        try:
            self._go_to(date.fromisoformat(detail))
        except ValueError:
            self._load()

    def _go_to(self, day: date) -> None:
        self._day = day
        self.tabs.set_current("week")
        self._load()

    def _go_to_week_of(self, session_id: int) -> None:
        self._context.tasks.ask(
            self,
            counselling_notes.session_card,
            session_id,
            then=lambda card: self._find(card.session.starts_at, session_id),
        )

    def _find(self, starts_at: datetime | None, session_id: int) -> None:
        if starts_at is not None:
            self._day = starts_at.date()
            self._wanted_id = session_id
            self._load()

    def _load(self) -> None:
        self._asked += 1
        asked = self._asked
        monday = self._day - timedelta(days=self._day.weekday())
        self._context.tasks.ask(
            self,
            counselling_week.week,
            monday,
            monday + timedelta(days=_DAYS - 1),
            mine=self._mine(),
            then=lambda week: self._show(asked, week),
        )

    def _show(self, asked: int, week: Week) -> None:
        if asked != self._asked:
            return
        self._items = {item.id: item for item in week.items}
        self.week.set_week(week.first)
        self.week.set_whole_week(clock.today() in _weekend(week.first))
        self.week.set_entries([_entry(item) for item in week.items])
        if self._wanted_id:
            self.week.select(self._wanted_id)
            self._wanted_id = 0
        self.mine_toggle.setText(_("My caseload {count}").format(count=week.caseload))
        self._say_what()
        self._say_nothing(empty=not week.items)

    def _say_nothing(self, *, empty: bool) -> None:
        """Say in an empty week how it is filled, to those who may."""
        words = _("Nothing is planned in this week.")
        if self._mine():
            words = _("Nothing of yours is planned in this week.")
        if self._may_plan:
            words += " " + _("Press Enter on a free time to plan.")
        self.nothing_label.setText(words)
        self.nothing_label.setVisible(empty)

    def _say_what(self) -> None:
        """Say under the title which week and whose, or whose clients."""
        alias = self._context.actor.alias
        if self.tabs.current_key() == "clients":
            mine, everybody = _("Clients of {name}"), _("Everybody in a programme")
        else:
            mine, everybody = _("Week of {day} · {name}"), _("Week of {day} · everybody")
        words = mine if self._mine() else everybody
        first = day_text.show_day(self.week.first_day(), year=False)
        self.set_context(words.format(day=first, name=alias))

    # What people do

    def _plan_anybody(self) -> None:
        self.plan()

    def _open(self, entry_id: object) -> None:
        item = self._items.get(entry_id)
        if item is None:
            return
        if item.is_session:
            self.editing.open_session(item.id)
        elif item.legal_case_id:
            self._context.go("court", item.legal_case_id, str(item.id))
        elif item.outside:
            self._context.go("calendar", 0, item.starts_at.date().isoformat())
        elif may(self._context.actor, Action.WRITE, Appointment):
            self.editing.open_appointment(item.id)

    def _begin(self, starts_at: datetime) -> None:
        self.plan(0, starts_at)

    def _move(self, entry_id: object, starts_at: datetime) -> None:
        self._context.tasks.do(
            self,
            counselling.move_entry,
            entry_id,
            starts_at,
            undo_label=_("Moved to {when}").format(
                when=day_text.show_moment(starts_at, weekday=True, year=False)
            ),
            failed=self._put_back,
        )

    def _resize(self, entry_id: object, minutes: int) -> None:
        self._context.tasks.do(
            self,
            counselling.resize_entry,
            entry_id,
            minutes,
            undo_label=_("Now {minutes} minutes long").format(minutes=minutes),
            failed=self._put_back,
        )

    def _put_back(self, error: BaseException) -> None:
        """Show the week as it is kept and let the window say why."""
        self._load()
        self._context.tasks.failed.emit(error, self)

    def _open_programme(self, enrolment_id: int) -> None:
        self.editing.open_programme(enrolment_id)

    def _show_tab(self, key: str) -> None:
        self.stack.setCurrentIndex(1 if key == "clients" else 0)
        in_week = key == "week"
        for made in (self.earlier_button, self.today_button, self.later_button):
            made.setVisible(in_week)
        if not in_week:
            self.clients.reload(mine=self._mine())
        self._say_what()

    # Room

    def _show_side(self) -> None:
        self.side.setFixedWidth(min(theme.size(_EDITOR_WIDTH), max(self.width() - 40, 200)))
        self.side.show()
        self._share_room(opening=True)

    def _share_room(self, *, opening: bool = False) -> None:
        is_open = opening or self.editor.is_open()
        self.side.setVisible(is_open)
        self.side.setMinimumHeight(theme.size(420) if is_open else 0)
        narrow = self.width() < theme.size(_BOTH)
        self.stack.setVisible(not (is_open and narrow))


def _weekend(monday: date) -> tuple[date, date]:
    return monday + timedelta(days=5), monday + timedelta(days=6)


def _entry(item: WeekItem) -> CalendarEntry:
    return CalendarEntry(
        id=item.id,
        kind=item.title,
        title=item.title,
        detail=item.detail,
        starts_at=item.starts_at,
        minutes=item.minutes,
        role=item.role,
        movable=item.movable,
        conflict=item.conflict,
    )
