"""The care plan: her words, goals, steps, approval and reviews."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.features.care_plan.plan_page import PlanPage
from ui.features.care_plan.plan_tab import PlanTabView
from ui.kit.context import Context


def page(context: Context) -> QWidget:
    """Make the place that shows the plan of one person by itself."""
    return PlanPage(context)


def resident_tab(context: Context, person_id: int) -> QWidget:
    """Return the tab for one person."""
    return PlanTabView(context, person_id)
