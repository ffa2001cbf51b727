"""Editors for a day and for a moment: typed as people write them, or picked from a calendar."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from shelter_app import clock
from shelter_app.domain.fields import Field
from shelter_app.i18n import _
from ui.kit import day_text, theme
from ui.kit.line_icons import add_icons
from ui.kit.month_popup import MonthPopup


class DayEditor(QLineEdit):
    """A day or nothing; Alt+Down or the button opens a calendar."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(self, field: Field | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(40)
        self.setPlaceholderText(_("3 Sep, today, +7d"))
        self._popup: MonthPopup | None = None
        self.calendar_button = add_icons(self, icon="calendar", spoken=_("Open a calendar"))
        self.textEdited.connect(self._tell)
        self.editingFinished.connect(self._settle)
        self.calendar_button.clicked.connect(self.open_calendar)

    def value(self) -> date | None:
        """Return the day, None when empty or not readable."""
        return day_text.read_day(self.text(), clock.today())

    def set_value(self, value: date | None) -> None:
        """Show a day."""
        self.setText(day_text.show_day(value, weekday=True))
        self.setCursorPosition(0)

    def set_read_only(self, on: bool) -> None:
        """Let people read and copy, not change."""
        self.setReadOnly(on)
        self.calendar_button.setVisible(not on)
        theme.set_state(self, locked=on)

    def unreadable(self) -> str:
        """Return why what was typed is no day, or ''."""
        if self.text().strip() and self.value() is None:
            return _("Please write a date such as 3/9/2026, 3 Sep, today or +7d.")
        return ""

    def open_calendar(self) -> None:
        """Show a month to pick from, under the field."""
        if self.isReadOnly():
            return
        self._popup = MonthPopup(self, self.value() or clock.today())
        self._popup.picked.connect(self._take)
        self._popup.open_under(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the calendar with Alt+Down, as combo boxes do."""
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt and event.key() == Qt.Key.Key_Down:
            self.open_calendar()
            return
        super().keyPressEvent(event)

    def _take(self, day: date) -> None:
        self.set_value(day)
        self.setFocus()
        self._tell()

    def _tell(self) -> None:
        self.trouble.emit("")
        self.edited.emit()

    def _settle(self) -> None:
        day = self.value()
        if day is not None:
            self.set_value(day)
        if trouble := self.unreadable():  # silence would take back what a save has refused
            self.trouble.emit(trouble)


class TimeEditor(QLineEdit):
    """A time of day or nothing: 9, 930, 9:30, 2pm, now."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(self, field: Field | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(10)
        self.setPlaceholderText(_("09:30"))
        self.textEdited.connect(self._tell)
        self.editingFinished.connect(self._settle)

    def value(self) -> time | None:
        """Return the time, None when empty or not readable."""
        return day_text.read_time(self.text(), clock.now())

    def set_value(self, value: time | datetime | None) -> None:
        """Show a time."""
        self.setText(day_text.show_time(value))

    def set_read_only(self, on: bool) -> None:
        """Let people read and copy, not change."""
        self.setReadOnly(on)
        theme.set_state(self, locked=on)

    def unreadable(self) -> str:
        """Return why what was typed is no time, or ''."""
        if self.text().strip() and self.value() is None:
            return _("Please write a time such as 9:30 or 14:00.")
        return ""

    def _tell(self) -> None:
        self.trouble.emit("")
        self.edited.emit()

    def _settle(self) -> None:
        moment = self.value()
        if moment is not None:
            self.set_value(moment)
        if trouble := self.unreadable():  # silence would take back what a save has refused
            self.trouble.emit(trouble)


class MomentEditor(QWidget):
    """A day with a time; a day alone means midnight is not known, so the time is asked for."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day_edit = DayEditor(field)
        self.day_edit.setObjectName(f"{field.name}_day")
        self.time_edit = TimeEditor(field)
        self.time_edit.setObjectName(f"{field.name}_time")
        self.time_edit.setAccessibleName(_("Time"))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.day_edit, 5)
        line.addWidget(self.time_edit, 2)
        self.setFocusProxy(self.day_edit)
        for part, other in ((self.day_edit, self.time_edit), (self.time_edit, self.day_edit)):
            part.edited.connect(self.edited)
            part.trouble.connect(partial(self._tell, other))

    def setAccessibleName(self, name: str) -> None:
        """Name both parts after the field."""
        super().setAccessibleName(name)
        self.day_edit.setAccessibleName(name)
        self.time_edit.setAccessibleName(_("{field}: time").format(field=name))

    def value(self) -> datetime | None:
        """Return the moment, None unless day and time can both be read."""
        day, moment = self.day_edit.value(), self.time_edit.value()
        return None if day is None or moment is None else datetime.combine(day, moment)

    def set_value(self, value: datetime | None) -> None:
        """Show a moment."""
        self.day_edit.set_value(value.date() if value else None)
        self.time_edit.set_value(value)

    def set_read_only(self, on: bool) -> None:
        """Let people read and copy, not change."""
        self.day_edit.set_read_only(on)
        self.time_edit.set_read_only(on)

    def text(self) -> str:
        """Return both parts as typed, for drafts."""
        return f"{self.day_edit.text()}\n{self.time_edit.text()}"

    def setText(self, text: str) -> None:
        """Put both parts back as they were typed."""
        day, _line, moment = text.partition("\n")
        self.day_edit.setText(day)
        self.time_edit.setText(moment)

    def unreadable(self) -> str:
        """Return why what was typed is no moment, or ''."""
        found = self.day_edit.unreadable() or self.time_edit.unreadable()
        has_day, has_time = bool(self.day_edit.text()), bool(self.time_edit.text())
        if found or has_day == has_time:
            return found
        return _("Please add the time.") if has_day else _("Please add the date.")

    def set_refused(self, on: bool) -> None:
        """Mark the part that is wrong, both when neither alone is, and lead the keyboard there."""
        wrong = self._wrong_part() if on else None
        self.setFocusProxy(wrong or self.day_edit)
        for part in (self.day_edit, self.time_edit):
            theme.set_state(part, problem=on and (wrong is None or part is wrong))

    def _wrong_part(self) -> QLineEdit | None:
        if self.day_edit.unreadable():
            return self.day_edit
        if self.time_edit.unreadable():
            return self.time_edit
        empty = [part for part in (self.day_edit, self.time_edit) if not part.text()]
        return empty[0] if len(empty) == 1 else None

    def _tell(self, other: DayEditor | TimeEditor, sentence: str) -> None:
        """Pass on what one part says; a good part does not silence the other."""
        self.trouble.emit(sentence or other.unreadable())
