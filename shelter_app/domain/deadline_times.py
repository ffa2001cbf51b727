"""A house's own times for deadlines: what may be set, what is usual, and the rule that results."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Final

from shelter_app.domain.deadline_rules import RULES, rules_for
from shelter_app.domain.deadline_timing import NOW, days, hours
from shelter_app.domain.deadlines import Rule, Stage
from shelter_app.domain.fields import number, text
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _, ngettext

LONGEST: Final = 1095
"""Three years, in days: what is to be done later than that is no deadline."""
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)

UNKNOWN_RULE: Final = N_("This deadline is not one of the program's.")
SAY_WHY: Final = N_("This deadline rests on law. Please say who confirmed a later day, or why.")
NOTHING_SET: Final = N_("Please type a number, or go back to the usual times.")


@dataclass(frozen=True, kw_only=True)
class DeadlineTimes(Record):
    """What a house set for one deadline; empty numbers mean the usual ones."""

    table: ClassVar[str] = "deadline_times"
    compartment: ClassVar[str] = "office"
    level: ClassVar[str] = "open"
    title: ClassVar[str] = N_("Times of a deadline")
    guarded: ClassVar[bool] = True
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("rule",),)

    rule: str = text(N_("Deadline"), longest=20, required=True, kept_by_program=True)
    due_after: int | None = number(N_("Due after"), least=1, most=LONGEST)
    remind_before: int | None = number(N_("Remind before it is due"), least=0, most=LONGEST)
    note: str = text(N_("Why, or who confirmed it"), longest=300)

    def headline(self) -> str:
        """Return the number of the deadline."""
        return _("Times of deadline {code}").format(code=self.rule)

    def problems(self) -> list[Problem]:
        """Add what a house may not do: a later day than the law's without saying why."""
        found = super().problems()
        if self.voided or found:
            return found
        if self.rule not in CODES:
            return [Problem("rule", UNKNOWN_RULE)]
        if self.due_after is None and self.remind_before is None:
            return [Problem("due_after", NOTHING_SET)]
        rule = rules_for(self.rule)[0]
        later = (self.due_after or 0) > usual_due(rule)
        if rule.basis_kind == "legal" and later and not self.note.strip():
            found.append(Problem("note", SAY_WHY))
        return found


CODES: Final = tuple(dict.fromkeys(rule.code for rule in RULES if rule.configurable))
"""The deadlines whose times a house may set, in the order of the rules."""


def counts_hours(rule: Rule) -> bool:
    """Say whether the times of a rule are numbers of hours."""
    return rule.hourly


def usual_due(rule: Rule) -> int:
    """Return after how many days or hours it is due; 0: on a day that the record itself names."""
    return rule.offset // (_HOUR if rule.hourly else _DAY)


def usual_reminder(rule: Rule) -> int:
    """Return how many days or hours before that it first speaks; 0: not before it is due."""
    return max(NOW, -rule.stages[0].after) // (_HOUR if rule.hourly else _DAY)


def may_set_due(rule: Rule) -> bool:
    """Say whether a house may say after how long it is due."""
    return rule.offset > NOW


def may_set_reminder(rule: Rule) -> bool:
    """Say whether a house may say how long before it is told."""
    return rule.stages[0].after < NOW


def with_times(rule: Rule, times: DeadlineTimes) -> Rule:
    """Return the rule as the house set it; later steps never speak before the first reminder."""
    measured = hours if rule.hourly else days
    offset, first = rule.offset, rule.stages[0].after
    from_the_beginning = first == -offset
    if times.due_after is not None and may_set_due(rule):
        offset = measured(times.due_after)
        first = -offset if from_the_beginning else first
    if times.remind_before is not None and may_set_reminder(rule):
        first = -measured(times.remind_before)
    stages = tuple(Stage(max(first, stage.after), stage.severity) for stage in rule.stages)
    stages = (Stage(first, rule.stages[0].severity), *stages[1:])
    return dataclasses.replace(rule, offset=offset, stages=stages)


@dataclass(frozen=True)
class Timetable:
    """The times of a house: its own where it set some, the usual ones for all else."""

    own: Mapping[str, DeadlineTimes] = field(default_factory=dict)

    def rules_for(self, code: str) -> tuple[Rule, ...]:
        """Return the rules of a number as they hold in this house."""
        times = self.own.get(code)
        found = rules_for(code)
        return found if times is None else tuple(with_times(rule, times) for rule in found)

    def days_before(self, code: str) -> int:
        """Return how many days ahead one has to look for what the rule may speak of."""
        return max(_up(-rule.stages[0].after) for rule in self.rules_for(code))

    def days_after(self, code: str) -> int:
        """Return how many whole days after the beginning it is due."""
        return max(_up(rule.offset) for rule in self.rules_for(code))


def _up(length: timedelta) -> int:
    return max(0, -(-length // _DAY))


def in_words(rule: Rule) -> str:
    """Return 'due after 24 hours · reminds 24 hours before'."""
    parts = []
    if may_set_due(rule):
        parts.append(_("due after {time}").format(time=_length(rule, usual_due(rule))))
    if may_set_reminder(rule) and usual_reminder(rule):
        told = _("reminds {time} before").format(time=_length(rule, usual_reminder(rule)))
        parts.append(told)
    return " · ".join(parts) or _("at once")


def _length(rule: Rule, count: int) -> str:
    if rule.hourly:
        return ngettext("{count} hour", "{count} hours", count).format(count=count)
    return ngettext("{count} day", "{count} days", count).format(count=count)
