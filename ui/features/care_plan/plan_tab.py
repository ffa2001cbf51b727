"""The tab 'Plan & services': one version of the plan, with everything that can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app import clock
from shelter_app.domain import plan_rules
from shelter_app.domain.care_plan import CarePlan, PlanAction, PlanGoal, PlanReview
from shelter_app.domain.plan_rules import APPROVED, DRAFT
from shelter_app.domain.record import Record
from shelter_app.i18n import _
from shelter_app.services import plans
from shelter_app.services.changes import Changes
from shelter_app.services.plans import PlanTab, PlanView
from ui.features.care_plan import side_cards
from ui.features.care_plan.forms import ActionForm, GoalForm, PlanForm, ReviewForm
from ui.features.care_plan.goal_card import GoalCard
from ui.kit import layouts
from ui.kit.button import button, label
from ui.kit.card import Card, EmptyState
from ui.kit.columns import Columns
from ui.kit.context import Context
from ui.kit.dialog import Dialog, ReasonDialog
from ui.kit.page import Page
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import SideEditor

TABLES: Final = ("care_plan", "plan_goal", "plan_action", "plan_review")
_ROOM_FOR_TWO: Final = 760


class PlanTabView(QWidget):
    """Her words and goals on the left; what the version is, reviews and versions on the right."""

    def __init__(self, context: Context, person_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("PlanTab")
        self._context = context
        self._person_id = person_id
        self._plan_id = 0
        self._editor: SideEditor | None = None
        self.tab: PlanTab | None = None
        self._wanted: tuple[str, int] | None = None
        both = Columns("PlanTab_columns", (3, 2), _ROOM_FOR_TWO)
        self._left, self._right = both.columns
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(both)
        whole.addStretch(1)
        context.tasks.changed.connect(self._changed)
        self.reload()

    def reload(self) -> None:
        """Ask for the plan."""
        self._context.tasks.ask(
            self, plans.tab, self._person_id, self._plan_id, then=self.show_plan
        )

    def show_record(self, record_id: int, table: str) -> None:
        """Open one goal, step, review or her words; 0 begins a new one of its type."""
        self._wanted = (table, record_id)
        if not record_id:
            self.reload()
            return

        def found(plan_id: int) -> None:
            self._plan_id = plan_id
            self.reload()

        self._context.tasks.ask(self, plans.version_of, table, record_id, then=found)

    @property
    def editor(self) -> SideEditor:
        """Slides over the whole page the tab stands in."""
        if self._editor is None:
            host = self.parentWidget()
            while host is not None and not isinstance(host, Page):
                host = host.parentWidget()
            self._editor = SideEditor(host or self.window())
        return self._editor

    def show_plan(self, tab: PlanTab) -> None:
        """Show one version, or that there is none yet."""
        self.tab = tab
        layouts.clear(self._left)
        layouts.clear(self._right)
        view = tab.shown
        if view is None:
            action = _("Begin a plan") if tab.may_write else ""
            empty = EmptyState(
                _("No plan yet. It begins with what she wants, in her own words."), action
            )
            empty.acted.connect(self._start)
            self._left.addWidget(empty)
            return
        self._show_goals(view)
        self._show_side(tab, view)
        self._open_wanted(view)

    def _show_goals(self, view: PlanView) -> None:
        self._left.addWidget(self._words_card(view))
        for goal in view.goals:
            self._left.addWidget(self._goal_card(goal, view))
        if view.may_write and view.plan.status == DRAFT:
            line = QHBoxLayout()
            more = button(_("Add a goal"), "PlanTab_new_goal", icon="add")
            more.clicked.connect(self._new_goal)
            line.addWidget(more)
            line.addStretch(1)
            self._left.addLayout(line)
        self._left.addStretch(1)

    def _show_side(self, tab: PlanTab, view: PlanView) -> None:
        self._right.addWidget(side_cards.plan_card(view, tab.staff))
        for card in (
            side_cards.readiness_card(
                view,
                tab.staff,
                side_cards.ApprovalActs(
                    self._ask_to_approve, self._ask_to_send_back, self._hand_in_again
                ),
            ),
            side_cards.reviews_card(view, self._new_review),
            side_cards.versions_card(tab, self._choose),
        ):
            if card is not None:
                self._right.addWidget(card)
        if view.may_write and view.plan.status != DRAFT:
            draft = self._draft_of(tab)
            words = _("Open the version being written") if draft else _("Begin a new version")
            again = button(words, "PlanTab_new_version")
            again.clicked.connect(lambda: self._choose(draft) if draft else self._start())
            self._right.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
        self._right.addStretch(1)

    def _open_wanted(self, view: PlanView) -> None:
        if self._wanted is None:
            return
        table, record_id = self._wanted
        self._wanted = None
        goals = {goal.goal.id: goal.goal for goal in view.goals}
        steps = {step.id: step for goal in view.goals for step in goal.actions}
        writable = view.may_write
        if table == CarePlan.table and view.plan.status == DRAFT and writable:
            self._edit_plan()
        elif table == PlanGoal.table and record_id in goals and writable:
            self._edit_goal(goals[record_id])
        elif table == PlanGoal.table and not record_id and not self._is_agreed() and writable:
            self._new_goal()
        elif table == PlanAction.table and record_id in steps and writable:
            self._edit_step(steps[record_id])
        elif table == PlanReview.table:
            self._show_review(view, record_id)

    def _show_review(self, view: PlanView, record_id: int) -> None:
        """Open a review that was held, to read; 0 begins one."""
        review = next((found for found in view.reviews if found.id == record_id), None)
        if review is not None:
            form = ReviewForm(self._context)
            form.set_record(review)
            form.set_read_only(True)
            self.editor.show_content(_("Review of the plan"), form)
        elif not record_id and view.plan.status == APPROVED and view.may_write:
            self._new_review()

    # Cards

    def _words_card(self, view: PlanView) -> Card:
        card = Card(_("What she wants"))
        card.setObjectName("WordsCard")
        views = view.plan.survivor_views
        if views:
            card.add(label(_("“{words}”").format(words=views), wrap=True, selectable=True))
        else:
            card.add(label(_("Ask her, and write it down as she says it."), "mute", wrap=True))
        if view.may_write and view.plan.status == DRAFT:
            change = button(_("Change"), "WordsCard_edit", "small")
            change.clicked.connect(self._edit_plan)
            card.set_aside(change)
        return card

    def _goal_card(self, goal: plans.GoalView, view: PlanView) -> GoalCard:
        staff = self.tab.staff if self.tab else {}
        agreed = view.plan.status != DRAFT
        card = GoalCard(goal, staff, clock.today(), may_write=view.may_write, agreed=agreed)
        card.ticked.connect(self._tick)
        card.edit_goal_wanted.connect(self._edit_goal)
        card.edit_step_wanted.connect(self._edit_step)
        card.new_step_wanted.connect(self._new_step)
        return card

    @staticmethod
    def _draft_of(tab: PlanTab) -> CarePlan | None:
        return next((plan for plan in tab.versions if plan.status == DRAFT), None)

    # Acts

    def _start(self) -> None:
        self._plan_id = 0
        self._context.tasks.do(
            self,
            plans.start,
            self._person_id,
            then=lambda _plan: self._edit_plan_once(),
            undo_label=_("A new version of the plan was begun"),
        )

    def _edit_plan_once(self) -> None:
        """Open her words as soon as the new version is shown."""

        def opened(tab: PlanTab) -> None:
            self.show_plan(tab)
            self._edit_plan()

        self._context.tasks.ask(self, plans.tab, self._person_id, 0, then=opened)

    def _choose(self, plan: CarePlan) -> None:
        self._plan_id = plan.id
        self.reload()

    def _tick(self, action: PlanAction, done: bool) -> None:
        undo = _("Step done") if done else _("Step is to do again")
        self._context.tasks.do(
            self, plans.tick, action.id, done, failed=self._failed, undo_label=undo
        )

    def _failed(self, error: BaseException) -> None:
        self._context.tasks.failed.emit(error, self)
        self.reload()

    def _ask_to_approve(self) -> None:
        dialog = Dialog(
            self,
            _("Approve this plan? It stays as it is from then on; changes make a new version."),
            _("Approve plan"),
            _("Go back"),
        )
        dialog.accepted.connect(self._approve)
        dialog.show_once()

    def _approve(self) -> None:
        view = self.tab.shown if self.tab else None
        if view is not None:
            self._let_go()
            self._context.tasks.do(self, plans.approve, view.plan.id, failed=self._failed)

    def _ask_to_send_back(self) -> None:
        view = self.tab.shown if self.tab else None
        if view is None:
            return
        sentence = _("Send this plan back? Whoever wrote it reads why, and hands it in again.")
        prompt = _("What is missing or has to change")
        reason = ReasonDialog.ask(self, sentence, _("Send back"), _("Go back"), prompt=prompt)
        if reason:
            plan_id = view.plan.id
            self._let_go()
            self._context.tasks.do(self, plans.send_back, plan_id, reason, failed=self._failed)

    def _hand_in_again(self) -> None:
        view = self.tab.shown if self.tab else None
        if view is not None:
            self._let_go()
            self._context.tasks.do(self, plans.hand_in_again, view.plan.id, failed=self._failed)

    def _let_go(self) -> None:
        """What was pressed goes: the next Enter must meet nothing that acts by itself."""
        self.setFocus()

    # Forms

    def _edit_plan(self) -> None:
        view = self.tab.shown if self.tab else None
        if view is None:
            return
        form = PlanForm(self._context)
        self._open(_("What she wants"), form, view.plan, plans.save_plan, _("Plan saved"))

    def _new_goal(self) -> None:
        view = self.tab.shown if self.tab else None
        if view is None:
            return
        missing = plan_rules.missing_areas([goal.goal for goal in view.goals])
        goal = PlanGoal(care_plan_id=view.plan.id, domain=missing[0] if missing else "")
        form = GoalForm(self._context, agreed=False)
        self._open(_("New goal"), form, goal, plans.save_goal, _("Goal saved"))

    def _edit_goal(self, goal: PlanGoal) -> None:
        form = GoalForm(self._context, agreed=self._is_agreed())
        if not self._is_agreed():
            form.add(self._removal(plans.remove_goal, goal.id, _("Take this goal out")))
        self._open(_("Goal"), form, goal, plans.save_goal, _("Goal saved"))

    def _new_step(self, goal: PlanGoal) -> None:
        step = PlanAction(goal_id=goal.id, who=self._context.actor.staff_id)
        form = ActionForm(self._context, agreed=False)
        self._open(_("New step"), form, step, plans.save_action, _("Step saved"))

    def _edit_step(self, action: PlanAction) -> None:
        form = ActionForm(self._context, agreed=self._is_agreed())
        if not self._is_agreed():
            form.add(self._removal(plans.remove_action, action.id, _("Take this step out")))
        self._open(_("Step"), form, action, plans.save_action, _("Step saved"))

    def _new_review(self) -> None:
        view = self.tab.shown if self.tab else None
        if view is not None:
            self._context.tasks.ask(self, plans.new_review, view.plan.id, then=self._open_review)

    def _open_review(self, review: PlanReview) -> None:
        form = ReviewForm(self._context)
        self._open(_("Review of the plan"), form, review, plans.hold_review, _("Review saved"))

    def _is_agreed(self) -> bool:
        return self.tab is None or self.tab.shown is None or self.tab.shown.plan.status != DRAFT

    def _removal(self, service: Callable[..., Any], record_id: int, words: str) -> QWidget:
        made = button(words, "PlanTab_remove", "small")

        def remove() -> None:
            form = self.editor.form()
            if form is not None:
                self.editor.saved(form.record())
            self.editor.close_editor()
            self._context.tasks.do(self, service, record_id, undo_label=_("Taken out"))

        made.clicked.connect(remove)
        return made

    def _open(
        self,
        title: str,
        form: RecordForm[Any],
        record: Record,
        save: Callable[..., Any],
        saved: str,
    ) -> None:
        form.set_record(record)
        keeper = self._context.draft_keeper(
            self._key_of(record), type(record), self._kept_under(record)
        )

        def done(_value: Any) -> None:
            self.editor.saved(form.record())
            self.editor.close_editor()

        def send(edited: Record) -> None:
            self._context.tasks.do(
                self, save, edited, then=done, failed=self.editor.failed, undo_label=saved
            )

        self.editor.edit(title, form, send, keeper)

    def _key_of(self, record: Record) -> str:
        """Return the name a draft is kept under; a new step belongs to its goal."""
        if record.revision:
            return "edit"
        return f"step:{record.goal_id}" if isinstance(record, PlanAction) else "new"

    def _kept_under(self, record: Record) -> int:
        return record.id if record.revision else self._person_id

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if changes.touch(*TABLES) and self._person_id in changes.persons:
            self.reload()
