"""The calendar of all appointments: when for everybody, what for only to few."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.features.calendar.calendar_page import CalendarPage
from ui.kit.context import Context


def page(context: Context) -> QWidget:
    """Make the calendar place."""
    return CalendarPage(context)
