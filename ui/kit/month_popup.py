"""A month to pick a day from: in the program's language and colours, by mouse or keyboard."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from shelter_app import clock
from shelter_app.i18n import _
from ui.kit import day_text, theme
from ui.kit.button import button, icon_button, label
from ui.kit.placing import place_under

_CELL: Final = 34
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -7,
    Qt.Key.Key_Down: 7,
}


class MonthGrid(QWidget):
    """The days of one month; arrows move by day and week, Page keys by month."""

    picked = Signal(object)
    moved = Signal(object)

    def __init__(self, day: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("month_grid")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Choose a day"))
        self._day = day
        self.setAccessibleDescription(day_text.show_day(day, weekday=True))

    def day(self) -> date:
        """Return the day that is marked."""
        return self._day

    def set_day(self, day: date) -> None:
        """Mark a day and show its month."""
        self._day = day
        self.setAccessibleDescription(day_text.show_day(day, weekday=True))
        event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)
        self.moved.emit(day)
        self.update()

    def turn(self, months: int) -> None:
        """Go some months on; the day of the month stays where it can."""
        year, month = divmod(self._day.year * 12 + self._day.month - 1 + months, 12)
        if not date.min.year <= year <= date.max.year:
            return
        first = date(year, month + 1, 1)
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        self.set_day(first.replace(day=min(self._day.day, last.day)))

    def sizeHint(self) -> QSize:
        """Return seven columns, the names of the days and six weeks."""
        side = theme.size(_CELL)
        return QSize(7 * side, 7 * side)

    def rect_of(self, day: date) -> QRect:
        """Return where a day of the month that is shown stands."""
        days = self._days()
        if day not in days:
            return QRect()
        row, column = divmod(days.index(day), 7)
        side = theme.size(_CELL)
        return QRect(column * side, (row + 1) * side, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the names of the days and the days; today has a dot, the marked day a disc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, centre = theme.size(_CELL), int(Qt.AlignmentFlag.AlignCenter)
        painter.setFont(theme.font(11, 500))
        painter.setPen(theme.color("mute"))
        for column, day in enumerate(self._days()[:7]):
            painter.drawText(QRect(column * side, 0, side, side), centre, day_text.day_name(day))
        for day in self._days():
            self._paint_day(painter, day)

    def _paint_day(self, painter: QPainter, day: date) -> None:
        box = self.rect_of(day)
        marked, today = day == self._day, day == clock.today()
        if marked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("teal"))
            painter.drawEllipse(box.adjusted(2, 2, -2, -2))
        elif today:
            painter.setPen(QPen(theme.color("teal"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box.adjusted(2, 2, -2, -2))
        inside = "ink" if day.month == self._day.month else "faint"
        painter.setFont(theme.font(13, 600 if marked or today else 400))
        painter.setPen(theme.color("on_teal" if marked else inside))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(day.day))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and pick."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.set_day(self._day + timedelta(days=_STEPS[key]))
        elif key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.turn(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.picked.emit(self._day)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the day under the pointer."""
        day = self._day_at(event.position())
        if day is not None:
            self.picked.emit(day)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the months."""
        self.turn(-1 if event.angleDelta().y() > 0 else 1)

    def _day_at(self, point: QPointF) -> date | None:
        for day in self._days():
            if self.rect_of(day).contains(point.toPoint()):
                return day
        return None

    def _days(self) -> list[date]:
        weeks = Calendar().monthdatescalendar(self._day.year, self._day.month)
        return [day for week in weeks for day in week]


class MonthPopup(QFrame):
    """The month under a field; it closes when something else is clicked, or on Esc."""

    picked = Signal(object)

    def __init__(self, parent: QWidget, day: date) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("month_popup")
        self.setProperty("kind", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.grid = MonthGrid(day)
        self.month_label = label("", "strong", name="month_name")
        self.back_button = icon_button("back", _("Month before"), "month_back")
        self.on_button = icon_button("forward", _("Month after"), "month_on")
        self.today_button = button(_("Today"), "month_today", "small")
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.month_label, 1)
        head.addWidget(self.today_button)
        head.addWidget(self.back_button)
        head.addWidget(self.on_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 10, 12, 10)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self.grid)
        self.grid.picked.connect(self._pick)
        self.grid.moved.connect(self._name_month)
        self.back_button.clicked.connect(lambda: self.grid.turn(-1))
        self.on_button.clicked.connect(lambda: self.grid.turn(1))
        self.today_button.clicked.connect(lambda: self._pick(clock.today()))
        self._name_month(day)

    def open_under(self, field: QWidget) -> None:
        """Show under a field, inside the screen."""
        self.adjustSize()
        place_under(self, field)
        self.show()
        self.grid.setFocus()

    def _name_month(self, day: date) -> None:
        month = day_text.month_name(day.month, long=True)
        self.month_label.setText(_("{month} {year}").format(month=month, year=day.year))

    def _pick(self, day: date) -> None:
        self.picked.emit(day)
        self.close()
