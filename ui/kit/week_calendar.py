"""A week of appointments: days in a head that stays, hours that scroll."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from shelter_app import clock
from ui.kit import day_text, theme
from ui.kit.week_canvas import WeekCanvas
from ui.kit.week_layout import CalendarEntry
from ui.kit.week_view import GUTTER, HOUR

__all__ = ["CalendarEntry", "WeekCalendar"]

_FIRST_HOUR = 7


class _DayHead(QWidget):
    """The names of the days above the hours; today is named in the accent."""

    def __init__(self, canvas: WeekCanvas) -> None:
        super().__init__()
        self.setObjectName("week_head")
        self._canvas = canvas
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return one line."""
        return QSize(theme.size(500), theme.size(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the names where the canvas has its columns."""
        days = self._canvas.days
        if not days:
            return
        painter = QPainter(self)
        gutter = theme.size(GUTTER)
        width = (self._canvas.width() - gutter) / len(days)
        for index, day in enumerate(days):
            now = day == clock.today()
            painter.setFont(theme.font(12, 600))
            painter.setPen(theme.color("teal" if now else "ink"))
            box = QRect(round(gutter + index * width) + 2, 0, round(width) - 4, self.height())
            words = f"{day_text.day_name(day)} {day.day}"
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), words)
            if now:
                line = QRect(box.left(), self.height() - 3, min(box.width(), theme.size(44)), 3)
                painter.fillRect(line, theme.color("teal"))


class WeekCalendar(QFrame):
    """Shows one week; asks for moves, new entries and openings, and changes nothing itself."""

    moved = Signal(object, object)
    """(id, datetime): an entry shall start then."""
    resized = Signal(object, int)
    """(id, minutes): an entry shall last so long."""
    create_wanted = Signal(object)
    """(datetime): a new entry in a free slot."""
    chosen = Signal(object)
    """(id): open the entry."""

    def __init__(self, parent: QWidget | None = None, *, whole_week: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("week_calendar")
        self._first_day = clock.today() - timedelta(days=clock.today().weekday())
        self._whole_week = whole_week
        self._scrolled = False
        self.canvas = WeekCanvas()
        self.head = _DayHead(self.canvas)
        self.scroll_area = QScrollArea()
        self.scroll_area.setObjectName("week_scroll")
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setWidget(self.canvas)
        self.canvas.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addWidget(self.scroll_area, 1)
        self.setFocusProxy(self.canvas)
        self.setMinimumHeight(theme.size(240))
        self.canvas.moved.connect(self.moved)
        self.canvas.resized.connect(self.resized)
        self.canvas.create_wanted.connect(self.create_wanted)
        self.canvas.chosen.connect(self.chosen)
        self.canvas.cursor_moved.connect(self._follow)
        self._show_days()

    def first_day(self) -> date:
        """Return the Monday that is shown."""
        return self._first_day

    def set_week(self, first_day: date) -> None:
        """Show the week of a day."""
        self._first_day = first_day - timedelta(days=first_day.weekday())
        self._show_days()

    def set_whole_week(self, on: bool) -> None:
        """Show Saturday and Sunday too, or leave them away."""
        self._whole_week = on
        self._show_days()

    def days(self) -> tuple[date, ...]:
        """Return the days that are shown."""
        return self.canvas.days

    def set_entries(self, entries: Sequence[CalendarEntry]) -> None:
        """Show these entries; the selection stays by its id."""
        self.canvas.set_entries(entries)
        weekend = any(entry.starts_at.weekday() > 4 for entry in entries)
        if weekend and not self._whole_week:
            self.set_whole_week(True)

    def select(self, entry_id: object) -> None:
        """Select an entry by its id, and bring it into view: it may lie in the evening."""
        self.canvas.select(entry_id)
        if self.canvas.selected is not None:
            self._bring_into_view()

    def scroll_to(self, moment: time) -> None:
        """Bring a time of day to the top."""
        self.scroll_area.verticalScrollBar().setValue(self.canvas.y_of(moment))

    def sizeHint(self) -> QSize:
        """Return most of a working day at this text size: what a small screen has room for."""
        return QSize(theme.size(620), theme.size(HOUR) * 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Begin the day where work begins, the first time it is shown."""
        super().paintEvent(event)
        if not self._scrolled:
            self._scrolled = True
            self.scroll_to(time(_FIRST_HOUR, 30))

    def _show_days(self) -> None:
        count = 7 if self._whole_week else 5
        self.canvas.set_days([self._first_day + timedelta(days=n) for n in range(count)])
        self.head.update()

    def _follow(self) -> None:
        if self.canvas.hasFocus():
            self._bring_into_view()

    def _bring_into_view(self) -> None:
        y = self.canvas.y_of(self.canvas.slot.time())
        self.scroll_area.ensureVisible(theme.size(GUTTER), y, 0, theme.size(HOUR))
