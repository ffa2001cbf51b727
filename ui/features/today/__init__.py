"""Today: what cannot wait, the day's appointments, the house tonight and the coming days."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.features.today.today_page import TodayPage
from ui.kit.context import Context


def page(context: Context) -> QWidget:
    """Make the Today place."""
    return TodayPage(context)
