"""The painted hours of a week calendar: where entries stand and how they look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shelter_app import clock
from shelter_app.i18n import _
from ui.kit import icons, theme
from ui.kit.pill import INK, TINT
from ui.kit.week_layout import SNAP, CalendarEntry, Place, places
from ui.kit.word_lines import word_lines

HOUR: Final = 50
GUTTER: Final = 52
_NARROW: Final = 90
"""An entry narrower than this gives its words more of its room."""
_EDGE: Final = 4
"""How wide the coloured edge of an entry is that overlaps another one of the same people."""
_DAY: Final = 24 * 60


@dataclass
class Drag:
    """A move or a change of length on its way."""

    entry: CalendarEntry
    grabbed_at: timedelta
    pressed: QPointF
    resizing: bool
    now: CalendarEntry
    begun: bool = False


class WeekView(QWidget):
    """Hours down, days across; one entry or one free slot is selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("week_canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Week"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.days: tuple[date, ...] = ()
        self.slot = datetime.combine(clock.today(), time(9))
        self.selected: object = None
        self.by_id: dict[object, CalendarEntry] = {}
        self._places: dict[object, Place] = {}
        self.drag: Drag | None = None
        self._minute = QTimer(self)
        self._minute.setInterval(60_000)
        self._minute.timeout.connect(self.update)
        self._minute.start()

    def set_days(self, days: Sequence[date]) -> None:
        """Show other days; the selected slot keeps its weekday and time."""
        before = self.days
        self.days = tuple(days)
        if self.slot.date() not in self.days and self.days:
            index = before.index(self.slot.date()) if self.slot.date() in before else 0
            today = clock.today()
            day = today if today in self.days else self.days[min(index, len(self.days) - 1)]
            self.slot = datetime.combine(day, self.slot.time())
        self.update()

    def set_entries(self, entries: Sequence[CalendarEntry]) -> None:
        """Show these entries."""
        self.by_id = {entry.id: entry for entry in entries}
        self._places = places(entries)
        if self.selected not in self.by_id:
            self.selected = None
        self.update()

    def entries(self) -> list[CalendarEntry]:
        """Return the entries in the order of time."""
        return sorted(self.by_id.values(), key=lambda entry: entry.starts_at)

    def sizeHint(self) -> QSize:
        """Return a whole day at this text size."""
        return QSize(theme.size(500), 24 * theme.size(HOUR) + 1)

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest readable week."""
        return QSize(theme.size(GUTTER) + 7 * 40, 24 * theme.size(HOUR) + 1)

    def y_of(self, moment: time) -> int:
        """Return where a time of day stands."""
        return round((moment.hour * 60 + moment.minute) / 60 * theme.size(HOUR))

    def rect_of(self, entry: CalendarEntry) -> QRect:
        """Return where an entry is drawn; empty when its day is not shown."""
        if entry.starts_at.date() not in self.days:
            return QRect()
        place = self._places.get(entry.id, Place(0, 1))
        left, width = self._column(self.days.index(entry.starts_at.date()))
        share = (width - 6) / place.of
        top = self.y_of(entry.starts_at.time())
        height = round(max(SNAP, entry.minutes) / 60 * theme.size(HOUR))
        bottom = min(top + height, 24 * theme.size(HOUR))
        return QRect(
            round(left + 3 + place.column * share), top + 1, round(share) - 2, bottom - top - 2
        )

    def _column(self, index: int) -> tuple[float, float]:
        gutter = theme.size(GUTTER)
        width = (self.width() - gutter) / max(1, len(self.days))
        return gutter + index * width, width

    def moment_at(self, point: QPointF) -> datetime | None:
        """Return the day and time under a point; None left of the days."""
        if not self.days or point.x() < theme.size(GUTTER):
            return None
        width = self._column(0)[1]
        index = min(len(self.days) - 1, int((point.x() - theme.size(GUTTER)) / width))
        minutes = point.y() / theme.size(HOUR) * 60
        start = datetime.combine(self.days[index], time())
        return start + timedelta(minutes=max(0, min(_DAY - SNAP, minutes)))

    def entry_at(self, point: QPointF) -> CalendarEntry | None:
        """Return the entry under a point, the topmost one."""
        for entry in reversed(self.entries()):
            if self.rect_of(entry).contains(point.toPoint()):
                return entry
        return None

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw hours, days, entries, the selected slot and the line of now."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_grid(painter, event.rect())
        if self.selected is None and self.hasFocus():
            self._paint_slot(painter)
        for entry in self.entries():
            if self.drag is None or not self.drag.begun or entry.id != self.drag.entry.id:
                self._paint_entry(painter, entry)
        if self.drag is not None and self.drag.begun:
            self._paint_entry(painter, self.drag.now)
        self._paint_now(painter)

    def _paint_grid(self, painter: QPainter, area: QRect) -> None:
        gutter = theme.size(GUTTER)
        painter.setFont(theme.font(11))
        for hour in range(24):
            y = self.y_of(time(hour))
            if not area.top() - theme.size(HOUR) <= y <= area.bottom():
                continue
            painter.setPen(theme.color("line"))
            painter.drawLine(gutter, y, self.width(), y)
            painter.setPen(theme.color("mute"))
            words = QRect(0, y + 2, gutter - theme.size(8), theme.size(18))
            painter.drawText(words, int(Qt.AlignmentFlag.AlignRight), f"{hour}:00")
        painter.setPen(theme.color("line"))
        for index in range(len(self.days)):
            x = round(self._column(index)[0])
            painter.drawLine(x, area.top(), x, area.bottom())

    def _paint_slot(self, painter: QPainter) -> None:
        if self.slot.date() not in self.days:
            return
        left, width = self._column(self.days.index(self.slot.date()))
        top = self.y_of(self.slot.time())
        painter.setPen(QPen(theme.color("focus"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(left + 4, top + 2, width - 8, theme.size(HOUR) / 2 - 4)
        painter.drawRoundedRect(box, 6, 6)

    def _paint_entry(self, painter: QPainter, entry: CalendarEntry) -> None:
        box = self.rect_of(entry)
        if box.isEmpty():
            return
        ink, tint = (
            theme.color(INK.get(entry.role, "grey")),
            theme.color(TINT.get(entry.role, "grey_tint")),
        )
        painter.setPen(QPen(theme.color("panel"), 1))
        if entry.conflict:
            painter.setPen(QPen(theme.color("brick"), 1.5))
        if entry.id == self.selected:
            painter.setPen(QPen(theme.color("focus") if self.hasFocus() else ink, 2))
        painter.setBrush(tint)
        painter.drawRoundedRect(box, 6, 6)
        if entry.conflict:
            painter.fillRect(
                QRect(box.left() + 1, box.top() + 4, _EDGE, box.height() - 8), theme.color("brick")
            )
        self._paint_words(painter, entry, box)

    def _paint_words(self, painter: QPainter, entry: CalendarEntry, box: QRect) -> None:
        narrow = box.width() < theme.size(_NARROW)
        left = max(theme.size(4 if narrow else 8), _EDGE + 3)
        painter.save()
        painter.setClipRect(box)
        painter.setPen(theme.color(INK.get(entry.role, "grey")))
        painter.setFont(theme.font(12, 600))
        # A quarter of an hour is lower than a line: only in its middle can that be read.
        top = min(theme.size(4), (box.height() - painter.fontMetrics().height()) // 2)
        inner = box.adjusted(left, top, -theme.size(2), -1)
        title = entry.title
        if entry.conflict:
            side = theme.size(14)
            sign = QRect(inner.right() - side + 1, inner.top() + 1, side, side)
            if narrow:
                sign.moveBottom(inner.bottom() - 1)
                inner.setBottom(sign.top() - 1)
            else:
                inner.setRight(sign.left() - 2)
            icons.paint(painter, sign, "warning", "brick")
            if inner.width() > theme.size(110):
                title = _("{title} (overlaps)").format(title=title)
        below = _paint_lines(painter, inner, title)
        painter.setFont(theme.font(11))
        rest = QRect(inner.left(), below, inner.width(), inner.bottom() - below)
        if entry.detail and rest.height() >= painter.fontMetrics().height():
            _paint_lines(painter, rest, entry.detail)
        painter.restore()

    def _paint_now(self, painter: QPainter) -> None:
        now = clock.now()
        if now.date() not in self.days:
            return
        left, width = self._column(self.days.index(now.date()))
        y = self.y_of(now.time())
        painter.setPen(QPen(theme.color("brick"), 1.5))
        painter.drawLine(QPointF(left, y), QPointF(left + width, y))
        painter.setBrush(theme.color("brick"))
        painter.drawEllipse(QPointF(left, y), 3, 3)


def _paint_lines(painter: QPainter, area: QRect, words: str) -> int:
    """Draw the lines there is room for, one at least, and return where they end."""
    metrics = painter.fontMetrics()
    lines = word_lines(words, metrics, area.width())
    last = min(len(lines), max(1, area.height() // metrics.height())) - 1
    shown = [*lines[:last], " ".join(lines[last:])]
    for number, line in enumerate(shown):
        cut = metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
        foot = area.top() + number * metrics.height() + metrics.ascent()
        painter.drawText(area.left(), foot, cut)
    return area.top() + len(shown) * metrics.height()
