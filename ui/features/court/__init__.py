"""Police and court: the list of cases, the page of one case, the tab on a resident's page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.features.court.court_page import CourtPage
from ui.features.court.tab import CourtTab
from ui.kit.context import Context


def page(context: Context) -> QWidget:
    """Make the court place."""
    return CourtPage(context)


def resident_tab(context: Context, person_id: int) -> QWidget:
    """Make the court tab of a resident's page."""
    return CourtTab(context, person_id)
