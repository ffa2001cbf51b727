"""Counselling: the week, one session with its note, the caseload, the tab of a resident."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from shelter_app.domain import access
from shelter_app.domain.access import Action
from shelter_app.domain.counselling import CounsellingSession
from ui.features.counselling.counselling_page import CounsellingPage
from ui.features.counselling.supervision import SupervisionPage
from ui.features.counselling.tab import CounsellingTab
from ui.kit.context import Context


def page(context: Context) -> QWidget:
    """Make the counselling place; a supervisor without the house key gets notes without names."""
    if access.may(context.actor, Action.READ, CounsellingSession):
        return CounsellingPage(context)
    return SupervisionPage(context)


def resident_tab(context: Context, person_id: int) -> QWidget:
    """Make the counselling tab of a resident's page."""
    return CounsellingTab(context, person_id)
