"""The care plan on the resident's page: her words, goals, steps, approval and reviews."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.features.care_plan.plan_tab import PlanTabView
from ui.kit.context import Context


def resident_tab(context: Context, person_id: int) -> QWidget:
    """Return the tab for one person."""
    return PlanTabView(context, person_id)
