"""The care plan: write it with her, have a second person approve it, tick steps, review it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from shelter_app import clock
from shelter_app.domain import access, plan_rules
from shelter_app.domain.access import Action
from shelter_app.domain.care_plan import CarePlan, PlanAction, PlanGoal, PlanReview
from shelter_app.domain.person import Person
from shelter_app.domain.plan_rules import APPROVED, DONE, DRAFT, SUPERSEDED, GoalProgress
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Stay
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_
from shelter_app.services.work import Work

P = TypeVar("P", PlanGoal, PlanAction)

READ_ONLY: Final = N_("This plan is approved and stays as it is. Begin a new version to change it.")
DRAFT_OPEN: Final = N_("A new version is already being written. Nothing was changed.")
NOT_A_DRAFT: Final = N_("Only a plan that is being written can be approved.")
SECOND_PERSON: Final = N_("Somebody else has to approve: you wrote this plan yourself.")
SENT_BACK: Final = N_("This plan was sent back. It has to be handed in again first.")
NOT_SENT_BACK: Final = N_("This plan was not sent back. Nothing was changed.")
OWN_PLAN: Final = N_("You wrote this plan yourself. Change it; nobody has to send it back.")
REASON_NEEDED: Final = N_("Please say in a few words why it goes back.")
NOT_READY: Final = N_(
    "The plan cannot be approved yet: her own words are missing, or an area of life has no goal."
)
NOT_IN_FORCE: Final = N_("Only an approved plan can be reviewed.")
SET_ASIDE: Final = N_("This step was set aside with an earlier version. Nothing was changed.")

_CHANGES_WITH_TIME: Final = {
    PlanGoal: frozenset({"status", "score_now"}),
    PlanAction: frozenset({"status", "done_on"}),
}
"""What may change in an approved plan without a new version: how far it is, not what was agreed."""


@dataclass(frozen=True)
class GoalView:
    """A goal with its steps and how far it is."""

    goal: PlanGoal
    actions: tuple[PlanAction, ...]
    progress: GoalProgress


@dataclass(frozen=True)
class PlanView:
    """One version of a plan as the page shows it."""

    plan: CarePlan
    goals: tuple[GoalView, ...]
    reviews: tuple[PlanReview, ...]
    obstacles: tuple[str, ...]
    hints: tuple[str, ...]
    may_write: bool
    may_approve: bool
    prepared_by_me: bool


@dataclass(frozen=True)
class PlanTab:
    """The plan that is shown, the other versions, and names of those who are mentioned."""

    shown: PlanView | None
    versions: tuple[CarePlan, ...]
    staff: dict[int, str]
    may_write: bool


def tab(work: Work, person_id: int, plan_id: int = 0) -> PlanTab:
    """Return a person's plan: the version asked for, else the draft, else the latest."""
    versions = work.matching(CarePlan, order=("-version",), person_id=person_id)
    shown = next((plan for plan in versions if plan.id == plan_id), None)
    if shown is None and versions:
        shown = versions[0]
    view = view_of(work, shown) if shown else None
    return PlanTab(
        shown=view,
        versions=tuple(versions),
        staff=_names(work, versions, view),
        may_write=work.may(Action.WRITE, CarePlan, person_id),
    )


def view_of(work: Work, plan: CarePlan) -> PlanView:
    """Return one version with its goals, steps and reviews."""
    goals, actions = _parts(work, plan)
    lines = {line.goal.id: line for line in plan_rules.progress(goals, actions, work.today)}
    views = tuple(
        GoalView(goal, tuple(a for a in actions if a.goal_id == goal.id), lines[goal.id])
        for goal in goals
        if goal.id in lines
    )
    being_written = plan.status == DRAFT
    may_write = work.may(Action.WRITE, CarePlan, plan.person_id)
    return PlanView(
        plan=plan,
        goals=views,
        reviews=tuple(work.matching(PlanReview, order=("-held_on",), care_plan_id=plan.id)),
        obstacles=plan_rules.obstacles(plan, goals) if being_written else (),
        hints=plan_rules.hints(plan, actions, work.today) if being_written else (),
        may_write=may_write and plan.status != SUPERSEDED,
        may_approve=being_written and work.actor.has_role("manager"),
        prepared_by_me=plan.prepared_by == work.actor.staff_id,
    )


def progress(
    goals: Sequence[PlanGoal], actions: Sequence[PlanAction] = (), today: date | None = None
) -> tuple[GoalProgress, ...]:
    """Return goals as lines of progress, for the resident's overview."""
    return plan_rules.progress(goals, actions, today or clock.today())


def current(work: Work, person_id: int) -> CarePlan | None:
    """Return the plan in force: the approved one, or the draft while there is no other."""
    versions = work.matching(CarePlan, order=("-version",), person_id=person_id)
    approved = next((plan for plan in versions if plan.status == APPROVED), None)
    return approved or next(iter(versions), None)


def whose(work: Work, person_id: int) -> str:
    """Return working name and code of a person, for the head of a page."""
    return work.get(Person, person_id).headline()


def version_of(work: Work, table: str, record_id: int) -> int:
    """Return the version of the plan that a goal, step or review belongs to, 0 when it is gone."""
    if table == CarePlan.table:
        return record_id
    if table == PlanAction.table:
        action = work.find(PlanAction, record_id)
        table, record_id = PlanGoal.table, action.goal_id if action else 0
    if table == PlanReview.table:
        review = work.find(PlanReview, record_id)
        return review.care_plan_id if review else 0
    goal = work.find(PlanGoal, record_id)
    return goal.care_plan_id if goal else 0


# Writing


def start(work: Work, person_id: int, survivor_views: str = "") -> CarePlan:
    """Begin a plan, or the next version of one, with the goals that are still open."""
    work.require(Action.WRITE, CarePlan, person_id)
    versions = work.matching(CarePlan, order=("-version",), person_id=person_id)
    if versions and versions[0].status == DRAFT:
        raise NotPossible(DRAFT_OPEN)
    earlier = versions[0] if versions else None
    made = work.save(
        CarePlan(
            person_id=person_id,
            version=earlier.version + 1 if earlier else 1,
            survivor_views=survivor_views or (earlier.survivor_views if earlier else ""),
            exit_direction=earlier.exit_direction if earlier else "",
            prepared_by=work.actor.staff_id,
        )
    )
    if earlier is not None:
        _copy_open_parts(work, earlier, made)
    _move_stay(work, person_id, approved=False)
    return made


def save_plan(work: Work, plan: CarePlan) -> CarePlan:
    """Keep her words, direction and dates of a plan that is being written."""
    _require_draft(work.get(CarePlan, plan.id))
    return work.save(plan)


def save_goal(work: Work, goal: PlanGoal) -> PlanGoal:
    """Keep a goal; in an approved plan only its status and score change."""
    plan = work.get(CarePlan, goal.care_plan_id)
    _require_open(work, plan, goal)
    return work.save(dataclasses.replace(goal, person_id=plan.person_id))


def remove_goal(work: Work, goal_id: int) -> None:
    """Take a goal and its steps out of a plan that is being written."""
    goal = work.get(PlanGoal, goal_id)
    _require_draft(work.get(CarePlan, goal.care_plan_id))
    for action in work.matching(PlanAction, goal_id=goal.id):
        work.void(PlanAction, action.id, "removed")
    work.void(PlanGoal, goal.id, "removed")


def save_action(work: Work, action: PlanAction) -> PlanAction:
    """Keep a step; in an approved plan only whether it is done changes."""
    goal = work.get(PlanGoal, action.goal_id)
    _require_open(work, work.get(CarePlan, goal.care_plan_id), action)
    if action.status == DONE and action.done_on is None:
        action = dataclasses.replace(action, done_on=work.today)
    if action.status != DONE:
        action = dataclasses.replace(action, done_on=None)
    return work.save(dataclasses.replace(action, person_id=goal.person_id))


def remove_action(work: Work, action_id: int) -> None:
    """Take a step out of a plan that is being written."""
    action = work.get(PlanAction, action_id)
    goal = work.get(PlanGoal, action.goal_id)
    _require_draft(work.get(CarePlan, goal.care_plan_id))
    work.void(PlanAction, action.id, "removed")


def tick(work: Work, action_id: int, done: bool) -> PlanAction:
    """Mark a step as done today, or as still to do."""
    action = work.get(PlanAction, action_id)
    status = DONE if done else "todo"
    return save_action(work, dataclasses.replace(action, status=status, done_on=None))


def approve(work: Work, plan_id: int) -> CarePlan:
    """Approve a plan written by somebody else; the version before it is superseded."""
    plan = _to_decide(work, plan_id, own=SECOND_PERSON)
    _require_ready(work, plan)
    for earlier in work.matching(CarePlan, person_id=plan.person_id, status=APPROVED):
        _supersede(work, earlier, plan)
    approved = work.save(
        dataclasses.replace(
            plan,
            status=APPROVED,
            agreed_on=plan.agreed_on or work.today,
            approved_by=work.actor.staff_id,
            approved_on=work.today,
            next_review=plan.next_review or plan_rules.next_review_after(work.today, work.today),
        )
    )
    _move_stay(work, plan.person_id, approved=True)
    return approved


def _to_decide(work: Work, plan_id: int, *, own: str) -> CarePlan:
    """Return a plan that waits for this worker's decision; `own` refuses what she wrote herself."""
    plan = work.get(CarePlan, plan_id)
    work.require_role("manager")
    work.require(Action.WRITE, CarePlan, plan.person_id)
    if plan.status != DRAFT:
        raise NotPossible(NOT_A_DRAFT)
    if plan.prepared_by == work.actor.staff_id:
        raise NotPossible(own)
    if plan.sent_back_reason:
        raise NotPossible(SENT_BACK)
    return plan


def send_back(work: Work, plan_id: int, reason: str) -> CarePlan:
    """Give a complete plan back to who wrote it instead of approving it, and say why."""
    plan = _to_decide(work, plan_id, own=OWN_PLAN)
    if not reason.strip():
        raise NotPossible(REASON_NEEDED)
    _require_ready(work, plan)
    return work.save(
        dataclasses.replace(
            plan,
            sent_back_at=work.now,
            sent_back_by=work.actor.staff_id,
            sent_back_reason=reason.strip(),
        )
    )


def hand_in_again(work: Work, plan_id: int) -> CarePlan:
    """Ask for approval once more after a plan was sent back; the trail keeps what was said."""
    plan = work.get(CarePlan, plan_id)
    work.require(Action.WRITE, CarePlan, plan.person_id)
    if plan.status != DRAFT or not plan.sent_back_reason:
        raise NotPossible(NOT_SENT_BACK)
    _require_ready(work, plan)
    return work.save(
        dataclasses.replace(plan, sent_back_at=None, sent_back_by=0, sent_back_reason="")
    )


def new_review(work: Work, plan_id: int) -> PlanReview:
    """Return a review of today to fill in, with the next one proposed."""
    plan = work.get(CarePlan, plan_id)
    work.require(Action.WRITE, PlanReview, plan.person_id)
    approved_on = plan.approved_on or work.today
    return PlanReview(
        person_id=plan.person_id,
        care_plan_id=plan.id,
        held_on=work.today,
        survivor_present=True,
        next_on=plan_rules.next_review_after(approved_on, work.today),
    )


def hold_review(work: Work, review: PlanReview) -> PlanReview:
    """Keep a review; the plan's next one is the day agreed there."""
    plan = work.get(CarePlan, review.care_plan_id)
    if plan.status != APPROVED:
        raise NotPossible(NOT_IN_FORCE)
    saved = work.save(dataclasses.replace(review, person_id=plan.person_id))
    latest = work.matching(PlanReview, order=("-held_on",), limit=1, care_plan_id=plan.id)
    if latest and latest[0].id == saved.id and plan.next_review != saved.next_on:
        work.save(dataclasses.replace(plan, next_review=saved.next_on))
    return saved


def staff_choices(work: Work, typed: str) -> list[tuple[int, str]]:
    """Return the workers whose name contains what was typed, for 'who does it'."""
    wanted = typed.strip().casefold()
    found = work.matching(Staff, locked=False, order=("alias",))
    return [(staff.id, staff.alias) for staff in found if wanted in staff.alias.casefold()]


def staff_label(work: Work, staff_id: int) -> str:
    """Return a worker's name as shown in the program."""
    staff = work.find(Staff, staff_id)
    return staff.alias if staff else ""


# Parts


def _parts(work: Work, plan: CarePlan) -> tuple[list[PlanGoal], list[PlanAction]]:
    found = work.matching(PlanGoal, order=("created_at", "id"), care_plan_id=plan.id)
    goals = plan_rules.by_area(found)
    ids = [goal.id for goal in goals]
    actions = work.matching(PlanAction, order=("due_on", "id"), goal_id=ids) if ids else []
    return goals, actions


def _names(work: Work, versions: Sequence[CarePlan], view: PlanView | None) -> dict[int, str]:
    ids = {plan.prepared_by for plan in versions} | {plan.approved_by for plan in versions}
    ids |= {plan.sent_back_by for plan in versions}
    if view is not None:
        ids |= {action.who for goal in view.goals for action in goal.actions}
    return {key: staff.alias for key, staff in work.many(Staff, ids - {0}).items()}


def _require_ready(work: Work, plan: CarePlan) -> None:
    goals, _actions = _parts(work, plan)
    if plan_rules.obstacles(plan, goals):
        raise NotPossible(NOT_READY)


def _require_draft(plan: CarePlan) -> None:
    if plan.status != DRAFT:
        raise NotPossible(READ_ONLY)


def _require_open(work: Work, plan: CarePlan, record: PlanGoal | PlanAction) -> None:
    """Refuse changes of what was agreed; progress goes on while the plan is in force."""
    if plan.status == DRAFT:
        return
    if plan.status == SUPERSEDED:
        raise NotPossible(SET_ASIDE)
    stored = work.find(type(record), record.id) if record.revision else None
    if stored is None:
        raise NotPossible(READ_ONLY)
    free = _CHANGES_WITH_TIME[type(record)]
    changed = {name: getattr(record, name) for name in free}
    if dataclasses.replace(stored, **changed, revision=record.revision) != record:
        raise NotPossible(READ_ONLY)


def _copy_open_parts(work: Work, earlier: CarePlan, made: CarePlan) -> None:
    goals, actions = _parts(work, earlier)
    for goal in goals:
        if goal.status not in plan_rules.OPEN_GOALS:
            continue
        copy = work.save(
            _as_new(goal, care_plan_id=made.id, carried_from=goal.id, score_start=goal.score_start)
        )
        for action in actions:
            if action.goal_id == goal.id and action.status in plan_rules.OPEN_ACTIONS:
                work.save(_as_new(action, goal_id=copy.id, carried_from=action.id))


def _as_new(record: P, **changes: Any) -> P:
    return dataclasses.replace(record, id=0, revision=0, created_at=None, created_by=0, **changes)


def _supersede(work: Work, earlier: CarePlan, plan: CarePlan) -> None:
    """Set the version before aside; what was ticked meanwhile is ticked in the new one too."""
    new_goals, new_actions = _parts(work, plan)
    goals, actions = _parts(work, earlier)
    stored = {action.id: action for action in actions}
    for action in new_actions:
        origin = stored.get(action.carried_from)
        if origin and origin.status == DONE and action.status != DONE:
            work.save(dataclasses.replace(action, status=DONE, done_on=origin.done_on))
    carried = {goal.carried_from for goal in new_goals}
    for goal in goals:
        if goal.id in carried and goal.status in plan_rules.OPEN_GOALS:
            work.save(dataclasses.replace(goal, status="carried"))
    work.save(dataclasses.replace(earlier, status=SUPERSEDED))


def _move_stay(work: Work, person_id: int, *, approved: bool) -> None:
    """Move the open stay on; a stay that is away keeps that, and moves on when she is back."""
    move = plan_rules.state_after_approval if approved else plan_rules.state_after_start
    for stay in work.rule_matching(Stay, person_id=person_id, exited_at=None):
        moved = dataclasses.replace(
            stay, state=move(stay.state), state_before=move(stay.state_before)
        )
        if moved != stay and access.may(work.actor, Action.READ, Stay):
            work.save(moved, by_program=True)
