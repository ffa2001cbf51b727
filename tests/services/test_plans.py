"""Care plans in a real house: written by one, approved by another, changed by a new version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shelter_app.domain.care_plan import CarePlan, PlanAction, PlanGoal
from shelter_app.domain.person import Person
from shelter_app.domain.stay import Stay
from shelter_app.errors import NotAllowed, NotFound, NotPossible
from shelter_app.services import plans, records
from tests import builders
from tests.fixtures import House

NOW = datetime(2026, 11, 23, 9, 0)
AREAS = ("safety", "mental", "legal", "physical")


@pytest.fixture(autouse=True)
def monday_morning(clock_at: Callable[[datetime], None]) -> None:
    clock_at(NOW)


@pytest.fixture
def resident(house: House) -> Person:
    with house.work("social_worker") as work:
        person = builders.a_person(work)
        builders.a_stay(work, person, state="S30_assessment")
    return person


def written(house: House, person: Person, role: str = "social_worker") -> CarePlan:
    """Write a complete plan with a step each."""
    with house.work(role) as work:
        plan = plans.start(work, person.id, "To sleep without fear")
        for area in AREAS:
            goal = plans.save_goal(work, builders.a_goal(plan, NOW, domain=area))
            plans.save_action(work, PlanAction(goal_id=goal.id, action="Call", due_on=NOW.date()))
    return plan


def approved(house: House, person: Person) -> CarePlan:
    plan = written(house, person)
    with house.work("manager") as work:
        return plans.approve(work, plan.id)


def state_of(house: House, person: Person) -> str:
    with house.work("social_worker") as work:
        (stay,) = work.matching(Stay, person_id=person.id)
        return stay.state


def test_a_plan_moves_the_stay_from_assessment_to_planning_and_on_to_the_stay(
    house: House, resident: Person
) -> None:
    plan = written(house, resident)
    assert state_of(house, resident) == "S35_care_plan"
    with house.work("manager") as work:
        kept = plans.approve(work, plan.id)
    assert state_of(house, resident) == "S40_stay"
    assert (kept.status, kept.approved_on) == ("approved", NOW.date())
    assert kept.next_review == NOW.date() + timedelta(days=30)


def test_a_stay_that_is_away_moves_on_when_she_is_back(house: House, resident: Person) -> None:
    plan = written(house, resident)
    with house.work("manager") as work:
        (stay,) = work.matching(Stay, person_id=resident.id)
        away = replace(stay, state="S75_hospital", state_before="S35_care_plan")
        work.save(away, by_program=True)
        plans.approve(work, plan.id)
        (stay,) = work.matching(Stay, person_id=resident.id)
    assert (stay.state, stay.state_before) == ("S75_hospital", "S40_stay")


def test_nobody_approves_her_own_plan(house: House, resident: Person) -> None:
    plan = written(house, resident, "manager")
    with house.work("manager") as work, pytest.raises(NotPossible, match="Somebody else"):
        plans.approve(work, plan.id)
    with house.work("second_manager") as work:
        assert plans.approve(work, plan.id).status == "approved"


def test_only_a_manager_approves(house: House, resident: Person) -> None:
    plan = written(house, resident, "manager")
    with house.work("social_worker") as work, pytest.raises(NotAllowed):
        plans.approve(work, plan.id)


def test_a_plan_without_her_words_or_an_area_is_not_approved(
    house: House, resident: Person
) -> None:
    plan = written(house, resident)
    with house.work("social_worker") as work:
        kept = plans.save_plan(work, replace(work.get(CarePlan, plan.id), survivor_views=""))
    with house.work("manager") as work, pytest.raises(NotPossible, match="own words"):
        plans.approve(work, plan.id)
    with house.work("social_worker") as work:
        plans.save_plan(work, replace(kept, survivor_views="Peace"))
        goal = next(g for g in work.matching(PlanGoal, care_plan_id=plan.id))
        plans.remove_goal(work, goal.id)
    with house.work("manager") as work, pytest.raises(NotPossible, match="area of life"):
        plans.approve(work, plan.id)


def test_an_approved_plan_stays_as_it_was_agreed_but_its_progress_goes_on(
    house: House, resident: Person
) -> None:
    plan = approved(house, resident)
    with house.work("social_worker") as work:
        goal = work.matching(PlanGoal, care_plan_id=plan.id)[0]
        step = work.matching(PlanAction, goal_id=goal.id)[0]
        for change in (
            lambda: plans.save_plan(work, replace(plan, survivor_views="Else")),
            lambda: plans.save_goal(work, replace(goal, goal_text="Else")),
            lambda: plans.save_goal(work, builders.a_goal(plan, NOW)),
            lambda: plans.save_action(work, replace(step, action="Else")),
            lambda: plans.remove_goal(work, goal.id),
            lambda: plans.remove_action(work, step.id),
        ):
            with pytest.raises(NotPossible, match="stays as it is"):
                change()
        assert plans.save_goal(work, replace(goal, score_now=3, status="partly")).score_now == 3
        done = plans.tick(work, step.id, True)
        assert (done.status, done.done_on) == ("done", NOW.date())
        assert plans.tick(work, step.id, False).done_on is None


def test_ticking_a_step_can_be_undone(house: House, resident: Person) -> None:
    plan = approved(house, resident)
    desk = house.desk("social_worker")
    with house.work("social_worker") as work:
        goal = work.matching(PlanGoal, care_plan_id=plan.id)[0]
        step = work.matching(PlanAction, goal_id=goal.id)[0]
    done = desk.do(plans.tick, step.id, True).result()
    desk.do(records.undo, done.undo).result()
    with house.work("social_worker") as work:
        assert work.get(PlanAction, step.id).status == "todo"


def test_a_new_version_takes_open_goals_along_and_replaces_the_old_one_on_approval(
    house: House, resident: Person
) -> None:
    plan = approved(house, resident)
    with house.work("social_worker") as work:
        goals = work.matching(PlanGoal, care_plan_id=plan.id)
        reached = next(goal for goal in goals if goal.domain == "mental")
        plans.save_goal(work, replace(reached, status="achieved"))
        second = plans.start(work, resident.id)
        copies = work.matching(PlanGoal, care_plan_id=second.id)
        assert {goal.domain for goal in copies} == set(AREAS) - {"mental"}
        assert second.version == 2
        assert second.survivor_views == "To sleep without fear"
        with pytest.raises(NotPossible, match="already being written"):
            plans.start(work, resident.id)
        step = work.matching(PlanAction, goal_id=copies[0].carried_from)[0]
        plans.tick(work, step.id, True)
        plans.save_goal(work, builders.a_goal(second, NOW, domain="mental"))
    with house.work("manager") as work:
        plans.approve(work, second.id)
        assert work.get(CarePlan, plan.id).status == "superseded"
        assert work.matching(PlanAction, goal_id=copies[0].id)[0].status == "done"
        old = {goal.domain: goal.status for goal in work.matching(PlanGoal, care_plan_id=plan.id)}
    assert old == {
        "mental": "achieved",
        "safety": "carried",
        "legal": "carried",
        "physical": "carried",
    }


def test_a_review_sets_the_day_of_the_next_one(house: House, resident: Person) -> None:
    plan = approved(house, resident)
    with house.work("social_worker") as work:
        review = plans.new_review(work, plan.id)
        review = replace(review, attendees="Case worker", decisions="Go on")
        kept = plans.hold_review(work, replace(review, next_on=NOW.date() + timedelta(days=45)))
        assert work.get(CarePlan, plan.id).next_review == kept.next_on
        earlier = replace(
            review, held_on=NOW.date() - timedelta(days=3), next_on=NOW.date() + timedelta(days=9)
        )
        plans.hold_review(work, earlier)
        assert work.get(CarePlan, plan.id).next_review == kept.next_on


def test_a_draft_is_not_reviewed(house: House, resident: Person) -> None:
    plan = written(house, resident)
    with house.work("social_worker") as work:
        review = replace(plans.new_review(work, plan.id), attendees="a", decisions="d")
        with pytest.raises(NotPossible, match="approved plan"):
            plans.hold_review(work, review)


def test_the_tab_says_what_is_missing_and_who_may_do_what(house: House, resident: Person) -> None:
    with house.work("social_worker") as work:
        assert plans.tab(work, resident.id).shown is None
        plans.start(work, resident.id)
        shown = plans.tab(work, resident.id).shown
        assert shown is not None
        assert len(shown.obstacles) == 2
        assert shown.may_write
        assert not shown.may_approve
    with house.work("counsellor") as work:
        tab = plans.tab(work, resident.id)
        assert tab.shown is not None
        assert not tab.may_write
    with house.work("house_mother") as work:
        assert plans.tab(work, resident.id).shown is None


def test_a_case_worker_does_not_see_the_plan_of_a_colleagues_resident(
    house: House, resident: Person
) -> None:
    plan = written(house, resident)
    other = house.staff_id("manager")
    with house.work("manager") as work:
        (stay,) = work.matching(Stay, person_id=resident.id)
        work.save(replace(stay, case_manager=other))
    with house.work("social_worker") as work:
        assert plans.tab(work, resident.id).shown is None
        with pytest.raises(NotFound):
            plans.save_goal(work, builders.a_goal(plan, NOW))
