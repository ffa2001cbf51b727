"""The hours of a week calendar, with the mouse and the keyboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication

from shelter_app.i18n import _
from ui.kit import day_text
from ui.kit.week_layout import SNAP, CalendarEntry, snapped
from ui.kit.week_view import Drag, WeekView

_EDGE: Final = 6


class WeekCanvas(WeekView):
    """Moves, opens and begins entries; it asks, and the page answers with new entries."""

    moved = Signal(object, object)
    resized = Signal(object, int)
    create_wanted = Signal(object)
    chosen = Signal(object)
    cursor_moved = Signal()

    def select(self, entry_id: object) -> None:
        """Select an entry by its id, or no entry."""
        self.selected = entry_id if entry_id in self.by_id else None
        if self.selected is not None:
            self.slot = self.by_id[entry_id].starts_at
        self._tell_cursor()

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what is under the pointer and be ready to drag it."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        entry = self.entry_at(event.position())
        moment = self.moment_at(event.position())
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
            self.drag = Drag(entry, grabbed, event.position(), resizing, entry)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag in steps of a quarter of an hour."""
        if self.drag is None:
            self._show_pointer(event.position())
            return
        moment = self.moment_at(event.position())
        far = (event.position() - self.drag.pressed).manhattanLength()
        if moment is None or (not self.drag.begun and far < QApplication.startDragDistance()):
            return
        self.drag.begun = True
        entry = self.drag.entry
        if self.drag.resizing:
            minutes = round((moment - entry.starts_at).total_seconds() / 60 / SNAP) * SNAP
            self.drag.now = replace(entry, minutes=max(SNAP, minutes))
        else:
            start = snapped(max(moment - self.drag.grabbed_at, _midnight(moment)))
            self.drag.now = replace(entry, starts_at=start)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the move; the page shows the result when it is saved."""
        drag, self.drag = self.drag, None
        self.update()
        if drag is None or not drag.begun or drag.now == drag.entry:
            return
        if drag.resizing:
            self.resized.emit(drag.entry.id, drag.now.minutes)
        else:
            self.moved.emit(drag.entry.id, drag.now.starts_at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open an entry, or begin one in a free slot."""
        self.drag = None
        entry = self.entry_at(event.position())
        moment = self.moment_at(event.position())
        if entry is not None:
            self.chosen.emit(entry.id)
        elif moment is not None:
            self.slot = snapped(moment - timedelta(minutes=15), 30)
            self.create_wanted.emit(self.slot)

    def _show_pointer(self, point: QPointF) -> None:
        entry = self.entry_at(point)
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
        if self.drag is not None and key == Qt.Key.Key_Escape:
            self.drag = None
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
        """Show the selection; what stands where the cursor is is selected, not covered by it."""
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            self.update()  # the press says where; scrolling away now would make a miss of it
            return
        if self.selected is None:
            self._go(self.slot)
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
        entry = self.by_id.get(self.selected)
        if entry is not None and entry.movable:
            step = timedelta(days=days, minutes=SNAP * quarters)
            self.moved.emit(entry.id, entry.starts_at + step)

    def _step(self, days: int, quarters: int) -> None:
        if days:
            self._go(self.slot + timedelta(days=days))
            return
        half = snapped(self.slot, 30)
        wanted = half + timedelta(minutes=30 * quarters)
        here = self.by_id.get(self.selected)
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
        entry = self.by_id.get(self.selected)
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
