"""What a care plan must hold before a second person approves it, its reviews, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from shelter_app.domain import codelists, stay_states
from shelter_app.domain.care_plan import CarePlan, PlanAction, PlanGoal
from shelter_app.i18n import N_, _

DRAFT: Final = "draft"
APPROVED: Final = "approved"
SUPERSEDED: Final = "superseded"
ASSESSMENT: Final = "S30_assessment"
PLANNING: Final = "S35_care_plan"
STAYING: Final = "S40_stay"

OPEN_GOALS: Final = ("draft", "active", "partly", "not_achieved")
OPEN_ACTIONS: Final = ("todo", "doing", "blocked")
DONE: Final = "done"
FIRST_ACTION_WITHIN: Final = timedelta(days=7)
_FIRST_REVIEWS: Final = (30, 60, 90)
_LATER_REVIEWS: Final = 90
_TOO_SOON: Final = 14

VIEWS_MISSING: Final = N_("What she wants, in her own words, is still empty.")
FIRST_STEP_LATE: Final = N_("No first step within 7 days yet.")


@dataclass(frozen=True)
class GoalProgress:
    """One goal as a line of progress: words, percent, and a pill with its role."""

    goal: PlanGoal
    area: str
    percent: int
    state: str
    role: str


@cache
def required_areas() -> tuple[str, ...]:
    """Return the areas of life a plan must speak of, from the guard of the transitions list."""
    guard = next(
        t.guard
        for t in stay_states.transitions()
        if t.to_state == STAYING and t.from_states == (PLANNING,)
    )
    words = set(guard.replace(",", " ").replace(";", " ").split())
    return tuple(row.code for row in codelists.code_list("plan_domain").rows if row.code in words)


@cache
def _places() -> dict[str, int]:
    return {row.code: n for n, row in enumerate(codelists.code_list("plan_domain").rows)}


def by_area(goals: Iterable[PlanGoal]) -> list[PlanGoal]:
    """Return goals in the order of the list of areas, in each the oldest first."""
    return sorted(goals, key=lambda goal: _places().get(goal.domain, len(_places())))


def missing_areas(goals: Iterable[PlanGoal]) -> tuple[str, ...]:
    """Return the required areas without a goal that still stands."""
    named = {goal.domain for goal in goals if goal.status != "dropped"}
    return tuple(area for area in required_areas() if area not in named)


def obstacles(plan: CarePlan, goals: Sequence[PlanGoal]) -> tuple[str, ...]:
    """Return, in the language in use, what stands in the way of approval."""
    found = [] if plan.survivor_views.strip() else [_(VIEWS_MISSING)]
    missing = missing_areas(goals)
    if missing:
        areas = codelists.labels("plan_domain", missing)
        found.append(_("No goal yet for: {areas}.").format(areas=areas))
    return tuple(found)


def hints(plan: CarePlan, actions: Iterable[PlanAction], today: date) -> tuple[str, ...]:
    """Return what would be better, but does not block."""
    last = (plan.agreed_on or today) + FIRST_ACTION_WITHIN
    soon = any(a.due_on and a.due_on <= last for a in actions if a.status != "cancelled")
    return () if soon else (_(FIRST_STEP_LATE),)


def next_review_after(approved_on: date, day: date) -> date:
    """Return the next review: 30, 60 and 90 days after approval, then every 90 days.

    A mark that is closer than two weeks counts as the review just held.
    """
    after = day + timedelta(days=_TOO_SOON)
    for days in _FIRST_REVIEWS:
        mark = approved_on + timedelta(days=days)
        if mark > after:
            return mark
    last = approved_on + timedelta(days=_FIRST_REVIEWS[-1])
    steps = (after - last).days // _LATER_REVIEWS + 1
    return last + timedelta(days=_LATER_REVIEWS * steps)


def state_after_start(state: str) -> str:
    """Return the state of a stay once somebody works on a plan."""
    return PLANNING if state == ASSESSMENT else state


def state_after_approval(state: str) -> str:
    """Return the state of a stay once its plan is approved."""
    return STAYING if state in (ASSESSMENT, PLANNING) else state


def is_overdue(action: PlanAction, today: date) -> bool:
    """Say whether a step should have been taken by now."""
    return action.status in OPEN_ACTIONS and action.due_on is not None and action.due_on < today


def percent_of(goal: PlanGoal, actions: Sequence[PlanAction]) -> int:
    """Return how far a goal is: reached, or by its steps, or by its score from 1 to 4."""
    if goal.status == "achieved":
        return 100
    counted = [action for action in actions if action.status != "cancelled"]
    if counted:
        return 100 * sum(action.status == DONE for action in counted) // len(counted)
    if goal.score_now is None:
        return 0
    return round(100 * (min(4, max(1, goal.score_now)) - 1) / 3)


def progress(
    goals: Sequence[PlanGoal], actions: Sequence[PlanAction], today: date
) -> tuple[GoalProgress, ...]:
    """Return each goal as a line of progress, those set aside left out."""
    lines = []
    for goal in goals:
        if goal.status in ("dropped", "carried"):
            continue
        own = [action for action in actions if action.goal_id == goal.id]
        percent = percent_of(goal, own)
        state, role = _state_of(goal, own, percent, today)
        area = codelists.label("plan_domain", goal.domain)
        lines.append(GoalProgress(goal, area, percent, state, role))
    return tuple(lines)


def _state_of(
    goal: PlanGoal, actions: Sequence[PlanAction], percent: int, today: date
) -> tuple[str, str]:
    if goal.status in ("achieved", "partly", "not_achieved"):
        role = {"achieved": "good", "partly": "soon", "not_achieved": "neutral"}[goal.status]
        return codelists.label("goal_status", goal.status), role
    counted = [action for action in actions if action.status != "cancelled"]
    if counted and all(action.status == DONE for action in counted):
        return _("Steps done"), "good"
    # Red is for clocks that the house has to keep; a goal is hers, and may take its time.
    if goal.due_on is not None and goal.due_on < today:
        return _("Past its day"), "soon"
    if any(is_overdue(action, today) for action in counted):
        return _("A step is late"), "soon"
    return (_("On track"), "good") if percent else (_("Not begun"), "neutral")
