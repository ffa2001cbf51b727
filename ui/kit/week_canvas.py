"""The painted hours of a week calendar, with its mouse and its keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from shelter_app import clock
from shelter_app.i18n import _
from ui.kit import day_text, theme
from ui.kit.pill import INK, TINT
from ui.kit.week_layout import SNAP, CalendarEntry, Place, places, snapped

HOUR: Final = 50
GUTTER: Final = 52
_EDGE: Final = 6
_DAY: Final = 24 * 60


@dataclass
class _Drag:
    """A move or a change of length on its way."""

    entry: CalendarEntry
    grabbed_at: timedelta
    pressed: QPointF
    resizing: bool
    now: CalendarEntry
    begun: bool = False


class WeekCanvas(QWidget):
    """Hours down, days across; one entry or one free slot is selected."""

    moved = Signal(object, object)
    resized = Signal(object, int)
    create_wanted = Signal(object)
    chosen = Signal(object)
    cursor_moved = Signal()

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
        self._entries: dict[object, CalendarEntry] = {}
        self._places: dict[object, Place] = {}
        self._drag: _Drag | None = None
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
        self._entries = {entry.id: entry for entry in entries}
        self._places = places(entries)
        if self.selected not in self._entries:
            self.selected = None
        self.update()

    def entries(self) -> list[CalendarEntry]:
        """Return the entries in the order of time."""
        return sorted(self._entries.values(), key=lambda entry: entry.starts_at)

    def sizeHint(self) -> QSize:
        """Return a whole day at this text size."""
        return QSize(theme.size(500), 24 * theme.size(HOUR) + 1)

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest readable week."""
        return QSize(theme.size(GUTTER) + 7 * 40, 24 * theme.size(HOUR) + 1)

    def y_of(self, moment: time) -> int:
        """Return where a time of day stands."""
        return round((moment.hour * 60 + moment.minute) / 60 * theme.size(HOUR))

    def select(self, entry_id: object) -> None:
        """Select an entry by its id, or no entry."""
        self.selected = entry_id if entry_id in self._entries else None
        if self.selected is not None:
            self.slot = self._entries[entry_id].starts_at
        self._tell_cursor()

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

    def _moment_at(self, point: QPointF) -> datetime | None:
        if not self.days or point.x() < theme.size(GUTTER):
            return None
        width = self._column(0)[1]
        index = min(len(self.days) - 1, int((point.x() - theme.size(GUTTER)) / width))
        minutes = point.y() / theme.size(HOUR) * 60
        start = datetime.combine(self.days[index], time())
        return start + timedelta(minutes=max(0, min(_DAY - SNAP, minutes)))

    def _entry_at(self, point: QPointF) -> CalendarEntry | None:
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
            if self._drag is None or not self._drag.begun or entry.id != self._drag.entry.id:
                self._paint_entry(painter, entry)
        if self._drag is not None and self._drag.begun:
            self._paint_entry(painter, self._drag.now)
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
                QRect(box.left() + 1, box.top() + 4, 4, box.height() - 8), theme.color("brick")
            )
        self._paint_words(painter, entry, box)

    def _paint_words(self, painter: QPainter, entry: CalendarEntry, box: QRect) -> None:
        inner = box.adjusted(theme.size(8), theme.size(4), -theme.size(4), -2)
        painter.save()
        painter.setClipRect(box)
        painter.setPen(theme.color(INK.get(entry.role, "grey")))
        painter.setFont(theme.font(12, 600))
        title = _("{title} (overlaps)").format(title=entry.title) if entry.conflict else entry.title
        flags = int(Qt.TextFlag.TextWordWrap)
        used = painter.boundingRect(inner, flags, title)
        painter.drawText(inner, flags, title)
        if entry.detail and used.bottom() + theme.size(14) <= inner.bottom():
            painter.setFont(theme.font(11))
            rest = QRect(inner.left(), used.bottom() + 2, inner.width(), inner.height())
            painter.drawText(rest, flags, entry.detail)
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

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what is under the pointer and be ready to drag it."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        entry = self._entry_at(event.position())
        moment = self._moment_at(event.position())
        if entry is None or moment is None:
            if moment is not None:
                self.slot = snapped(moment - timedelta(minutes=15), 30)
            self.selected = None
            self._tell_cursor()
            return
        self.select(entry.id)
        if entry.movable:
            resizing = self.rect_of(entry).bottom() - event.position().y() <= _EDGE
            grabbed = moment - entry.starts_at
            self._drag = _Drag(entry, grabbed, event.position(), resizing, entry)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag in steps of a quarter of an hour."""
        if self._drag is None:
            self._show_pointer(event.position())
            return
        moment = self._moment_at(event.position())
        far = (event.position() - self._drag.pressed).manhattanLength()
        if moment is None or (not self._drag.begun and far < QApplication.startDragDistance()):
            return
        self._drag.begun = True
        entry = self._drag.entry
        if self._drag.resizing:
            minutes = round((moment - entry.starts_at).total_seconds() / 60 / SNAP) * SNAP
            self._drag.now = replace(entry, minutes=max(SNAP, minutes))
        else:
            start = snapped(max(moment - self._drag.grabbed_at, _midnight(moment)))
            self._drag.now = replace(entry, starts_at=start)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the move; the page shows the result when it is saved."""
        drag, self._drag = self._drag, None
        self.update()
        if drag is None or not drag.begun or drag.now == drag.entry:
            return
        if drag.resizing:
            self.resized.emit(drag.entry.id, drag.now.minutes)
        else:
            self.moved.emit(drag.entry.id, drag.now.starts_at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open an entry, or begin one in a free slot."""
        self._drag = None
        entry = self._entry_at(event.position())
        moment = self._moment_at(event.position())
        if entry is not None:
            self.chosen.emit(entry.id)
        elif moment is not None:
            self.slot = snapped(moment - timedelta(minutes=15), 30)
            self.create_wanted.emit(self.slot)

    def _show_pointer(self, point: QPointF) -> None:
        entry = self._entry_at(point)
        if entry is not None and entry.movable:
            at_edge = self.rect_of(entry).bottom() - point.y() <= _EDGE
            self.setCursor(
                Qt.CursorShape.SizeVerCursor if at_edge else Qt.CursorShape.PointingHandCursor
            )
        else:
            self.unsetCursor()

    # keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go through slots and entries, Alt with arrows moves an entry, Enter opens."""
        key, alt = Qt.Key(event.key()), event.modifiers() & Qt.KeyboardModifier.AltModifier
        if self._drag is not None and key == Qt.Key.Key_Escape:
            self._drag = None
            self.update()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        elif key in _STEPS and alt:
            self._move_selected(*_STEPS[key])
        elif key in _STEPS:
            self._step(*_STEPS[key])
        elif key == Qt.Key.Key_Home:
            self._go(self.slot.replace(hour=8, minute=0))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the selection."""
        super().focusInEvent(event)
        self._tell_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the selection quietly."""
        super().focusOutEvent(event)
        self.update()

    def _open(self) -> None:
        if self.selected is not None:
            self.chosen.emit(self.selected)
        else:
            self.create_wanted.emit(self.slot)

    def _move_selected(self, days: int, quarters: int) -> None:
        entry = self._entries.get(self.selected)
        if entry is not None and entry.movable:
            step = timedelta(days=days, minutes=SNAP * quarters)
            self.moved.emit(entry.id, entry.starts_at + step)

    def _step(self, days: int, quarters: int) -> None:
        if days:
            self._go(self.slot + timedelta(days=days))
            return
        half = snapped(self.slot, 30)
        wanted = half + timedelta(minutes=30 * quarters)
        here = self._entries.get(self.selected)
        if here is not None and quarters > 0:
            wanted = max(wanted, snapped(here.ends_at() - timedelta(minutes=1), 30))
        self._go(wanted)

    def _go(self, moment: datetime) -> None:
        if moment.date() not in self.days:
            return
        before = self.selected
        self.slot = moment
        half = timedelta(minutes=30)
        near = [
            entry
            for entry in self.entries()
            if entry.starts_at < moment + half and entry.ends_at() > moment and entry.id != before
        ]
        self.selected = near[0].id if near else None
        self._tell_cursor()

    def _tell_cursor(self) -> None:
        entry = self._entries.get(self.selected)
        self.setAccessibleDescription(self._spoken(entry))
        event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)
        self.update()
        self.cursor_moved.emit()

    def _spoken(self, entry: CalendarEntry | None) -> str:
        if entry is None:
            when = day_text.show_moment(self.slot, weekday=True, year=False)
            return _("{when}, free. Enter adds an appointment.").format(when=when)
        when = day_text.show_moment(entry.starts_at, weekday=True, year=False)
        words = [when, entry.title, entry.detail, _("overlaps") if entry.conflict else ""]
        return ", ".join(word for word in words if word)


_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time())
