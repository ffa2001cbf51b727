"""When a care plan may be approved, when it is reviewed, and how far its goals are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app.domain import plan_rules
from shelter_app.domain.care_plan import CarePlan, PlanAction, PlanGoal

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def a_goal(domain: str = "safety", **more: object) -> PlanGoal:
    values: dict[str, object] = {"id": 1, "domain": domain, "goal_text": "g", "due_on": TODAY}
    return PlanGoal(**(values | more))  # type: ignore[arg-type]


def test_the_required_areas_come_from_the_transitions_list() -> None:
    assert plan_rules.required_areas() == ("safety", "legal", "mental", "physical")


def test_a_plan_without_her_words_or_without_an_area_cannot_be_approved() -> None:
    goals = [a_goal(area) for area in plan_rules.required_areas()]
    plan = CarePlan(survivor_views="To finish school")
    assert plan_rules.obstacles(plan, goals) == ()
    assert len(plan_rules.obstacles(CarePlan(survivor_views="  "), goals)) == 1
    (said,) = plan_rules.obstacles(plan, goals[:-1])
    assert "Physical wellbeing" in said


def test_a_goal_that_was_set_aside_does_not_count_for_its_area() -> None:
    goals = [a_goal(area) for area in plan_rules.required_areas()]
    goals[0] = a_goal("safety", status="dropped")
    assert plan_rules.missing_areas(goals) == ("safety",)


@pytest.mark.parametrize(
    ("held_after", "next_after"),
    [(0, 30), (14, 30), (16, 60), (28, 60), (33, 60), (60, 90), (91, 180), (180, 270), (400, 450)],
)
def test_reviews_are_after_30_60_and_90_days_and_then_every_90(
    held_after: int, next_after: int
) -> None:
    held = TODAY + timedelta(days=held_after)
    found = plan_rules.next_review_after(TODAY, held)
    assert found == TODAY + timedelta(days=next_after)


@given(approved=DAYS, held=DAYS)
def test_the_next_review_is_always_ahead_and_at_most_a_quarter_away(
    approved: date, held: date
) -> None:
    if held < approved:
        held, approved = approved, held
    found = plan_rules.next_review_after(approved, held)
    assert timedelta(days=14) < found - held <= timedelta(days=104)


def test_a_goal_is_as_far_as_its_steps_and_without_steps_as_its_score() -> None:
    goal = a_goal(score_now=3)
    assert plan_rules.percent_of(goal, []) == 67
    steps = [
        PlanAction(goal_id=1, action="a", due_on=TODAY, status=status)
        for status in ("done", "todo", "cancelled")
    ]
    assert plan_rules.percent_of(goal, steps) == 50
    assert plan_rules.percent_of(a_goal(status="achieved"), steps) == 100


@pytest.mark.parametrize(
    ("goal", "state", "role"),
    [
        (a_goal(due_on=TODAY - timedelta(days=1)), "Past its day", "soon"),
        (a_goal(), "Not begun", "neutral"),
        (a_goal(score_now=2), "On track", "good"),
        (a_goal(status="achieved"), "Achieved", "good"),
    ],
)
def test_a_goal_says_how_it_stands(goal: PlanGoal, state: str, role: str) -> None:
    (line,) = plan_rules.progress([goal], [], TODAY)
    assert (line.state, line.role) == (state, role)


def test_a_late_step_is_said_of_its_goal() -> None:
    step = PlanAction(goal_id=1, action="a", due_on=TODAY - timedelta(days=1))
    (line,) = plan_rules.progress([a_goal()], [step], TODAY)
    assert (line.state, line.role) == ("A step is late", "soon")


def test_a_goal_whose_steps_are_all_done_is_not_called_late() -> None:
    goal = a_goal(due_on=TODAY - timedelta(days=40))
    steps = [
        PlanAction(goal_id=1, action="a", due_on=goal.due_on, status=status)
        for status in ("done", "done", "cancelled")
    ]
    (line,) = plan_rules.progress([goal], steps, TODAY)
    assert (line.percent, line.state, line.role) == (100, "Steps done", "good")


def test_a_plan_without_a_first_step_within_a_week_gets_a_hint_only() -> None:
    late = PlanAction(goal_id=1, action="a", due_on=TODAY + timedelta(days=8))
    soon = PlanAction(goal_id=1, action="a", due_on=TODAY + timedelta(days=7))
    assert plan_rules.hints(CarePlan(), [late], TODAY)
    assert plan_rules.hints(CarePlan(), [late, soon], TODAY) == ()
