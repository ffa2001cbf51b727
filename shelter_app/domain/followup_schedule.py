"""The aftercare schedule (B.6): which contacts are due when, and what counts as reached."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from shelter_app.domain import codelists
from shelter_app.domain.aftercare import REACHED, FollowupContact

ADHOC: Final = "adhoc"
SURVIVOR_INITIATED: Final = "survivor_initiated"
HIGH_RISK: Final = ("high", "critical")
ATTEMPT_RESULTS: Final = ("unsafe_to_talk", "no_answer", "number_off", "postponed")
"""Results after which the contact is still owed: an attempt, not an end."""
SUSPECTED: Final = ("suspected", "confirmed_trafficking", "confirmed_csec", "confirmed_gbv")

DOUBLED_FOR_DAYS: Final = 91
ATTEMPTS_NEEDED: Final = 5
DAYS_NEEDED: Final = 3
CHANNELS_NEEDED: Final = 2
SPREAD_OVER_DAYS: Final = 60

_ADHOC_WINDOW: Final = 3


@dataclass(frozen=True)
class Milestone:
    """One point of the schedule: days after leaving, how, and how many days early or late."""

    code: str
    offset_days: int
    mode: str
    window_days: int


@dataclass(frozen=True)
class Planned:
    """One contact to be made."""

    milestone: str
    due_on: date
    type: str


@dataclass(frozen=True)
class Attempt:
    """One try that did not reach her."""

    on: date
    type: str
    result: str


@dataclass(frozen=True)
class Tries:
    """The tries since she was last reached, counted as the lost-contact rule counts them."""

    attempts: int
    days: int
    channels: int
    spread_days: int

    @property
    def enough(self) -> bool:
        """Whether a manager may decide that contact is lost."""
        return (
            self.attempts >= ATTEMPTS_NEEDED
            and self.days >= DAYS_NEEDED
            and self.channels >= CHANNELS_NEEDED
            and self.spread_days >= SPREAD_OVER_DAYS
        )


@cache
def milestones() -> tuple[Milestone, ...]:
    """Return the points of the schedule in the order of time."""
    found = [
        Milestone(
            row.code,
            int(row.more["offset_days"]),
            str(row.more["mode"]),
            int(row.more.get("window", _ADHOC_WINDOW)),
        )
        for row in codelists.code_list("followup_milestone").rows
        if row.code != ADHOC
    ]
    return tuple(sorted(found, key=lambda milestone: milestone.offset_days))


def window_of(milestone: str) -> int:
    """Return how many days before or after the due day a contact is on time."""
    return next((m.window_days for m in milestones() if m.code == milestone), _ADHOC_WINDOW)


def schedule(left_on: date, exit_type: str, exit_risk: str) -> tuple[Planned, ...]:
    """Return the contacts due after leaving; at high risk twice as many for three months."""
    row = codelists.code_list("exit_type").row(exit_type)
    aftercare = str(row.more.get("aftercare", "n")) if row else "n"
    if aftercare == "n":
        return ()
    planned: list[Planned] = []
    before = 0
    for point in milestones():
        if exit_risk in HIGH_RISK and point.offset_days <= DOUBLED_FOR_DAYS:
            between = before + (point.offset_days - before) // 2
            day = left_on + timedelta(days=between)
            planned.append(Planned(ADHOC, day, _type("call", exit_type, aftercare)))
        day = left_on + timedelta(days=point.offset_days)
        planned.append(Planned(point.code, day, _type(point.mode, exit_type, aftercare)))
        before = point.offset_days
    return tuple(planned)


def _type(mode: str, exit_type: str, aftercare: str) -> str:
    if aftercare == "partner":
        return "partner_report"
    if mode != "visit":
        return "call"
    return "visit_school" if exit_type == "boarding_school" else "visit_home"


def standing(contact: FollowupContact, today: date) -> str:
    """Return 'done', 'late', 'due' or 'coming' for a contact on a day."""
    if contact.done_on is not None:
        return "done"
    if contact.due_on is None:
        return "coming"
    window = timedelta(days=window_of(contact.milestone))
    if today > contact.due_on + window:
        return "late"
    return "due" if today >= contact.due_on - window else "coming"


def was_reached(contact: FollowupContact) -> bool:
    """Say whether somebody spoke with her or her caregiver."""
    return contact.done_on is not None and contact.result in REACHED


def attempts_of(contact: FollowupContact) -> tuple[Attempt, ...]:
    """Return the tries kept with a contact, oldest first."""
    if not contact.attempt_log:
        return ()
    return tuple(
        Attempt(date.fromisoformat(row["on"]), row["type"], row["result"])
        for row in json.loads(contact.attempt_log)
    )


def with_attempt(contact: FollowupContact, attempt: Attempt) -> str:
    """Return the attempt log with one more try."""
    rows = [*attempts_of(contact), attempt]
    return json.dumps([{"on": a.on.isoformat(), "type": a.type, "result": a.result} for a in rows])


def tries_since_reached(contacts: Iterable[FollowupContact]) -> Tries:
    """Count the tries after the last day on which she was reached."""
    kept = list(contacts)
    reached = max((c.done_on for c in kept if was_reached(c) and c.done_on), default=date.min)
    tries = [a for c in kept for a in attempts_of(c) if a.on > reached]
    days = {a.on for a in tries}
    spread = (max(days) - min(days)).days if days else 0
    return Tries(len(tries), len(days), len({a.type for a in tries}), spread)


def wants_plan_again(contact: FollowupContact) -> bool:
    """Say whether what was heard asks for the plan to be opened again."""
    return contact.reexploitation in SUSPECTED
