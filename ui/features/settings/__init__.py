"""Settings: this computer, the house, its deadlines, what counsel must confirm, what is kept."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.features.settings.settings_page import SettingsPage
from ui.kit.context import Context


def page(context: Context) -> QWidget:
    """Return the settings page."""
    return SettingsPage(context)
