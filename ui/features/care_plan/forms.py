"""Forms of the care plan; what an approved plan keeps as agreed is not on them."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from shelter_app.domain.care_plan import CarePlan, PlanAction, PlanGoal, PlanReview
from shelter_app.i18n import _
from shelter_app.services import plans
from ui.kit.button import label
from ui.kit.context import Context
from ui.kit.link_editor import LinkSource
from ui.kit.record_form import RecordForm


class PlanForm(RecordForm[CarePlan]):
    """Her own words, where the way leads, and the days."""

    def __init__(self, context: Context) -> None:
        super().__init__(CarePlan, context.tasks)
        self.row("survivor_views", tall=True)
        self.row("exit_direction")
        self.row("agreed_on", "next_review")
        self.finish()


class GoalForm(RecordForm[PlanGoal]):
    """A goal; in an approved plan only how far it is."""

    def __init__(self, context: Context, *, agreed: bool) -> None:
        super().__init__(PlanGoal, context.tasks)
        if agreed:
            self.add(_agreed_hint())
        else:
            self.row("domain")
            self.row("goal_text")
            self.row("baseline_note")
            self.row("measure")
            self.row("due_on", "score_start")
        self.row("status")
        self.row("score_now")
        self.finish()


class ActionForm(RecordForm[PlanAction]):
    """A step; in an approved plan only whether it is done."""

    def __init__(self, context: Context, *, agreed: bool) -> None:
        who = LinkSource(plans.staff_choices, plans.staff_label)
        super().__init__(PlanAction, context.tasks, links={"who": who})
        if agreed:
            self.add(_agreed_hint())
        else:
            self.row("action")
            self.row("who", "due_on")
            self.row("by_survivor")
        self.row("status", "done_on")
        self.finish()


class ReviewForm(RecordForm[PlanReview]):
    """A meeting about the plan."""

    def __init__(self, context: Context) -> None:
        super().__init__(PlanReview, context.tasks)
        self.row("held_on", "next_on")
        self.row("attendees")
        self.row("survivor_present")
        self.row("progress", tall=True)
        self.row("decisions", tall=True)
        self.finish()


def _agreed_hint() -> QLabel:
    words = _("What was agreed stays as it is. Begin a new version of the plan to change it.")
    return label(words, "hint", wrap=True, name="agreed_hint")
