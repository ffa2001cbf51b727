"""A month of days to choose from, each with the number of its appointments."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shelter_app import clock
from shelter_app.i18n import ngettext
from ui.kit import day_text, theme

_WEEKS: Final = 6
_STEP: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -7,
    Qt.Key.Key_Down: 7,
}


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of a day's month."""
    first = day.replace(day=1)
    return first, first.replace(day=monthrange(day.year, day.month)[1])


class MonthGrid(QWidget):
    """Six weeks of days; a day with appointments carries their number, with court a blue one."""

    day_chosen = Signal(object)
    """(date): show this day."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("MonthGrid")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._day = clock.today()
        self._counts: Mapping[date, tuple[int, int]] = {}
        self._alone: Collection[date] = ()
        self._speak()

    def day(self) -> date:
        """Return the day that is marked."""
        return self._day

    def show_day(self, day: date) -> None:
        """Mark a day and show its month."""
        self._day = day
        self._speak()
        self.update()

    def set_counts(
        self, counts: Mapping[date, tuple[int, int]], alone: Collection[date] = ()
    ) -> None:
        """Show for each day (appointments, court dates among them); `alone` days lack company."""
        self._counts = counts
        self._alone = alone
        self._speak()
        self.update()

    def first_shown(self) -> date:
        """Return the Monday in the first row."""
        first = self._day.replace(day=1)
        return first - timedelta(days=first.weekday())

    def sizeHint(self) -> QSize:
        """Return a grid of comfortable targets at this text size."""
        return QSize(theme.size(300), theme.size(28) + _WEEKS * theme.size(40))

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest grid whose days can still be hit."""
        return QSize(7 * theme.size(32), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the names of the days, the days and their numbers of appointments."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        head = theme.size(28)
        width = self.width() / 7
        start = self.first_shown()
        painter.setFont(theme.font(11, 600))
        painter.setPen(theme.color("mute"))
        for column in range(7):
            box = QRect(round(column * width), 0, round(width), head)
            name = day_text.day_name(start + timedelta(days=column))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), name)
        for number in range(_WEEKS * 7):
            self._draw_day(painter, start + timedelta(days=number), self._box(number))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the day under the pointer."""
        place = event.position().toPoint()
        for number in range(_WEEKS * 7):
            if self._box(number).contains(place):
                self._choose(self.first_shown() + timedelta(days=number))
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by days and weeks with the arrows, by months with Page Up and Page Down."""
        key = Qt.Key(event.key())
        if key in _STEP:
            self._choose(self._day + timedelta(days=_STEP[key]))
        elif key == Qt.Key.Key_PageDown:
            self._choose(month_of(self._day)[1] + timedelta(days=1))
        elif key == Qt.Key.Key_PageUp:
            self._choose(month_of(month_of(self._day)[0] - timedelta(days=1))[0])
        elif key == Qt.Key.Key_Home:
            self._choose(clock.today())
        else:
            super().keyPressEvent(event)

    def _choose(self, day: date) -> None:
        self.show_day(day)
        self.day_chosen.emit(day)

    def _box(self, number: int) -> QRect:
        week, column = divmod(number, 7)
        width, height = self.width() / 7, theme.size(40)
        top = theme.size(28) + week * height
        return QRect(round(column * width), top, round(width), height)

    def _draw_day(self, painter: QPainter, day: date, box: QRect) -> None:
        inside = day.month == self._day.month
        inner = box.adjusted(2, 2, -2, -2)
        if day == self._day:
            painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "teal"), 2))
            painter.setBrush(theme.color("teal_tint"))
            painter.drawRoundedRect(inner, 8, 8)
        painter.setFont(theme.font(13, 600 if day == clock.today() else 400))
        painter.setPen(theme.color(_ink(day, inside=inside)))
        upper = QRect(inner.left(), inner.top() + 3, inner.width(), theme.size(18))
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignHCenter), str(day.day))
        count, court = self._counts.get(day, (0, 0))
        missing = day in self._alone
        if count and inside:
            colour = "brick" if missing else "blue" if court else "mute"
            painter.setFont(theme.font(10, 600))
            painter.setPen(theme.color(colour))
            lower = QRect(inner.left(), upper.bottom() - 1, inner.width(), theme.size(15))
            words = f"{count}!" if missing else str(count)
            painter.drawText(lower, int(Qt.AlignmentFlag.AlignHCenter), f"• {words}")

    def _speak(self) -> None:
        count = self._counts.get(self._day, (0, 0))[0]
        words = ngettext("{day}: {count} appointment", "{day}: {count} appointments", count)
        day = day_text.show_day(self._day, weekday=True)
        self.setAccessibleName(words.format(day=day, count=count))


def _ink(day: date, *, inside: bool) -> str:
    if not inside:
        return "faint"
    return "teal" if day == clock.today() else "ink"
