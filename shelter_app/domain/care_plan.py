"""The care and aftercare plan: goals in her words, actions, reviews (NRM Form G)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from shelter_app.domain import codelists
from shelter_app.domain.fields import choice, day, flag, link, long_text, moment, number, text
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _


@dataclass(frozen=True, kw_only=True)
class CarePlan(Record):
    """One version of a plan; approved by a second person, replaced by the next version."""

    table: ClassVar[str] = "care_plan"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Care plan")
    guarded: ClassVar[bool] = True
    happened: ClassVar[str] = "agreed_on"
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id", "version"),)
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("next_review",), ("status", "sent_back_at"))

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    version: int = number(N_("Version"), least=1, default=1, kept_by_program=True, in_list=True)
    agreed_on: date | None = day(N_("Agreed with her on"), future=False, in_list=True)
    survivor_views: str = long_text(N_("What she wants, in her own words"), longest=2000)
    exit_direction: str = choice(N_("Direction"), codes="exit_type")
    next_review: date | None = day(N_("Next review"), in_list=True)
    status: str = choice(
        N_("Status"), codes="plan_status", default="draft", kept_by_program=True, in_list=True
    )
    prepared_by: int = link(N_("Prepared by"), to="staff", kept_by_program=True)
    approved_by: int = link(N_("Approved by"), to="staff", kept_by_program=True)
    approved_on: date | None = day(N_("Approved on"), future=False, kept_by_program=True)
    sent_back_at: datetime | None = moment(N_("Sent back"), future=False, kept_by_program=True)
    sent_back_by: int = link(N_("Sent back by"), to="staff", kept_by_program=True)
    sent_back_reason: str = text(N_("Why it was sent back"), longest=300, kept_by_program=True)

    def headline(self) -> str:
        """Return the version and its status."""
        return _("Care plan, version {version}: {status}").format(
            version=self.version, status=codelists.label("plan_status", self.status).lower()
        )


@dataclass(frozen=True, kw_only=True)
class PlanGoal(Record):
    """One goal in one domain, worded by the survivor, scored 1 to 4."""

    table: ClassVar[str] = "plan_goal"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Goal")
    parent: ClassVar[str] = "care_plan_id"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("care_plan_id",), ("person_id",))

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    care_plan_id: int = link(N_("Care plan"), to="care_plan", required=True)
    domain: str = choice(N_("Area of life"), codes="plan_domain", required=True, in_list=True)
    goal_text: str = text(N_("Goal, in her words"), required=True, longest=500, in_list=True)
    baseline_note: str = text(N_("Where she starts"), longest=500)
    measure: str = text(N_("How we will know"), longest=500)
    due_on: date | None = day(N_("By"), required=True, in_list=True)
    status: str = choice(N_("Status"), codes="goal_status", default="active", required=True)
    score_start: int | None = number(N_("Score at start (1-4)"), least=1, most=4)
    score_now: int | None = number(N_("Score now (1-4)"), least=1, most=4)
    carried_from: int = link(N_("Carried over from"), to="plan_goal", kept_by_program=True)

    def headline(self) -> str:
        """Return the goal's area."""
        return _("Goal: {area}").format(area=codelists.label("plan_domain", self.domain))


@dataclass(frozen=True, kw_only=True)
class PlanAction(Record):
    """One step towards a goal: what, who, by when."""

    table: ClassVar[str] = "plan_action"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Action")
    parent: ClassVar[str] = "goal_id"
    happened: ClassVar[str] = "done_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("goal_id",),
        ("person_id",),
        ("status", "due_on"),
    )

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    goal_id: int = link(N_("Goal"), to="plan_goal", required=True)
    action: str = text(N_("What"), required=True, longest=300, in_list=True)
    who: int = link(N_("Who"), to="staff", in_list=True)
    by_survivor: bool = flag(N_("She does it herself"))
    due_on: date | None = day(N_("By"), required=True, in_list=True)
    status: str = choice(N_("Status"), codes="action_status", default="todo", required=True)
    done_on: date | None = day(N_("Done on"), future=False)
    carried_from: int = link(N_("Carried over from"), to="plan_action", kept_by_program=True)

    def headline(self) -> str:
        """Return the step, and that it was done."""
        return _("Done: {what}").format(what=self.action) if self.done_on else self.action


@dataclass(frozen=True, kw_only=True)
class PlanReview(Record):
    """A meeting that looked at the plan."""

    table: ClassVar[str] = "plan_review"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Plan review")
    parent: ClassVar[str] = "care_plan_id"
    happened: ClassVar[str] = "held_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("care_plan_id",), ("person_id",))

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    care_plan_id: int = link(N_("Care plan"), to="care_plan", required=True)
    held_on: date | None = day(N_("Held on"), required=True, future=False, in_list=True)
    attendees: str = text(N_("Who was there (roles)"), required=True, longest=300, in_list=True)
    survivor_present: bool = flag(N_("She was there"))
    progress: str = long_text(N_("Progress by area"), longest=2000)
    decisions: str = long_text(N_("What was decided"), required=True, longest=2000)
    next_on: date | None = day(N_("Next review"), required=True, in_list=True)

    def headline(self) -> str:
        """Return that a review was held."""
        return _("Care plan reviewed")

    def problems(self) -> list[Problem]:
        """Add the check that the next review follows this one."""
        found = super().problems()
        if self.held_on and self.next_on and self.next_on <= self.held_on:
            found.append(Problem("next_on", N_("The next review is after this one.")))
        return found
