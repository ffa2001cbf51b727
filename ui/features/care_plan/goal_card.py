"""One goal with its steps: how far it is, what is next, and ticking a step as done."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from shelter_app.domain import codelists, plan_rules
from shelter_app.domain.care_plan import PlanAction
from shelter_app.i18n import _
from shelter_app.services.plans import GoalView
from ui.kit import day_text, theme
from ui.kit.button import button, icon_button, label, rule
from ui.kit.card import Card
from ui.kit.pill import Pill
from ui.kit.row import TwoLines
from ui.kit.tracks import Bar, BeforeAfterTrack


class StepRow(QWidget):
    """One step with a box to tick."""

    ticked = Signal(object, bool)
    edit_wanted = Signal(object)

    def __init__(self, action: PlanAction, who: str, today: date, *, may_write: bool) -> None:
        super().__init__()
        self.setObjectName("StepRow")
        self.action = action
        self.box = QCheckBox()
        self.box.setObjectName("StepRow_done")
        self.box.setAccessibleName(_("Done: {step}").format(step=action.action))
        self.box.setChecked(action.status == plan_rules.DONE)
        self.box.setEnabled(may_write and action.status != "cancelled")
        self.words = TwoLines(action.action, self._detail(who), "")
        pill = self._pill(today)
        self.edit_button = icon_button(
            "edit", _("Change step: {step}").format(step=action.action), "StepRow_edit"
        )
        if not may_write:
            self.edit_button.hide()
        top = Qt.AlignmentFlag.AlignTop
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 2, 0, 2)
        line.setSpacing(theme.size(8))
        line.addWidget(self.box, 0, top)
        line.addWidget(self.words, 1, top)
        line.addWidget(pill, 0, top)
        line.addWidget(self.edit_button, 0, top)
        pill.setVisible(bool(pill.text()))
        self.box.clicked.connect(lambda on: self.ticked.emit(self.action, on))
        self.edit_button.clicked.connect(lambda: self.edit_wanted.emit(self.action))

    def _detail(self, who: str) -> str:
        action = self.action
        parts = [who]
        if action.by_survivor:
            parts.append(_("she does it herself"))
        if action.done_on:
            day = day_text.show_day(action.done_on, year=False)
            parts.append(_("done on {day}").format(day=day))
        elif action.due_on:
            day = day_text.show_day(action.due_on, year=False)
            parts.append(_("by {day}").format(day=day))
        return " · ".join(part for part in parts if part)

    def _pill(self, today: date) -> Pill:
        action = self.action
        if plan_rules.is_overdue(action, today):
            # Red is for the clocks of the house; what she does herself is no clock.
            return Pill(_("Late"), "soon" if action.by_survivor else "overdue")
        if action.status in ("blocked", "doing", "cancelled"):
            role = "soon" if action.status == "blocked" else "neutral"
            return Pill(codelists.label("action_status", action.status), role)
        return Pill("")


class GoalCard(Card):
    """A goal in her words under the name of its area."""

    ticked = Signal(object, bool)
    edit_goal_wanted = Signal(object)
    edit_step_wanted = Signal(object)
    new_step_wanted = Signal(object)

    def __init__(
        self, view: GoalView, staff: dict[int, str], today: date, *, may_write: bool, agreed: bool
    ) -> None:
        super().__init__(view.progress.area)
        self.setObjectName("GoalCard")
        self.view = view
        goal = view.goal
        self.pill = Pill(view.progress.state, view.progress.role)
        self.set_aside(self.pill)
        self.edit_button = icon_button(
            "edit", _("Change goal: {area}").format(area=view.progress.area), "GoalCard_edit"
        )
        if not may_write:
            self.edit_button.hide()
        self.set_aside(self.edit_button)
        self.add(label(goal.goal_text, wrap=True, name="GoalCard_words", selectable=True))
        bar = Bar(view.progress.percent)
        bar.setAccessibleName(_("{percent} % reached").format(percent=view.progress.percent))
        self.add(bar)
        self.add(label(self._known(), "secondary", wrap=True, name="GoalCard_known"))
        if goal.score_start is not None and goal.score_now is not None:
            self.add(BeforeAfterTrack(_("Score 1 to 4"), goal.score_start, goal.score_now))
        if view.actions:
            self.add(rule())
        for action in view.actions:
            row = StepRow(action, staff.get(action.who, ""), today, may_write=may_write)
            row.ticked.connect(self.ticked)
            row.edit_wanted.connect(self.edit_step_wanted)
            self.add(row)
        if may_write and not agreed:
            self.new_button = button(_("Add a step"), "GoalCard_new_step", "link", icon="add")
            self.new_button.clicked.connect(lambda: self.new_step_wanted.emit(goal))
            self.body.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.edit_button.clicked.connect(lambda: self.edit_goal_wanted.emit(goal))

    def _known(self) -> str:
        goal = self.view.goal
        parts = []
        if goal.due_on:
            parts.append(_("by {day}").format(day=day_text.show_day(goal.due_on)))
        if goal.measure:
            parts.append(_("we will know by: {measure}").format(measure=goal.measure))
        if goal.baseline_note:
            parts.append(_("starts from: {note}").format(note=goal.baseline_note))
        return " · ".join(parts)
