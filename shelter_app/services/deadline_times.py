"""The house's own times for deadlines: the list for the settings, setting them, going back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from shelter_app.domain import codelists, deadline_times
from shelter_app.domain.deadline_rules import rules_for
from shelter_app.domain.deadline_times import CODES, DeadlineTimes, Timetable, in_words
from shelter_app.domain.deadlines import Rule
from shelter_app.errors import NotFound, NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services.work import Work

ALREADY_USUAL: Final = N_("The usual times hold already.")


@dataclass(frozen=True)
class TimesLine:
    """One deadline as the settings list it."""

    id: int
    code: str
    what: str
    usual: str
    here: str
    """'' while the usual times hold."""
    source: str
    basis: str
    to_be_confirmed: bool


@dataclass(frozen=True)
class TimesForm:
    """What the editor of one deadline needs."""

    line: TimesLine
    times: DeadlineTimes
    fields: frozenset[str]
    counts_hours: bool


def timetable(work: Work) -> Timetable:
    """Return the times that hold in this house."""
    return Timetable({times.rule: times for times in work.rule_matching(DeadlineTimes)})


def lines(work: Work, text: str = "") -> tuple[TimesLine, ...]:
    """Return every deadline a house may set times for, those that match what was typed."""
    work.require_role("manager")
    table = timetable(work)
    found = (_line(number, code, table) for number, code in enumerate(CODES, start=1))
    wanted = text.strip().casefold()
    return tuple(line for line in found if wanted in f"{line.code} {line.what}".casefold())


def opened(work: Work, number: int) -> TimesForm:
    """Return one deadline for its editor."""
    work.require_role("manager")
    if not 1 <= number <= len(CODES):
        raise NotFound(f"deadline {number}")
    table, code = timetable(work), CODES[number - 1]
    rule = rules_for(code)[0]
    names = {"note"}
    if deadline_times.may_set_due(rule):
        names.add("due_after")
    if deadline_times.may_set_reminder(rule):
        names.add("remind_before")
    times = table.own.get(code, DeadlineTimes(rule=code))
    return TimesForm(_line(number, code, table), times, frozenset(names), rule.hourly)


def save(work: Work, times: DeadlineTimes) -> DeadlineTimes:
    """Keep the house's own times of a deadline; from now on they hold."""
    work.require_role("manager")
    return work.save(times)


def back_to_usual(work: Work, code: str) -> DeadlineTimes:
    """Let the usual times hold again."""
    work.require_role("manager")
    for times in work.matching(DeadlineTimes, rule=code):
        return work.save(dataclasses.replace(times, voided=True, void_reason="usual times"))
    raise NotPossible(ALREADY_USUAL)


def _line(number: int, code: str, table: Timetable) -> TimesLine:
    usual, own = rules_for(code)[0], table.rules_for(code)[0]
    return TimesLine(
        id=number,
        code=code,
        what=_title(usual),
        usual=in_words(usual),
        here=in_words(own) if code in table.own else "",
        source=usual.source(),
        basis=usual.basis,
        to_be_confirmed=usual.to_be_confirmed,
    )


def _title(rule: Rule) -> str:
    known = codelists.code_list("deadline_rules").row(rule.code)
    return codelists.label("deadline_rules", rule.code) if known else _(rule.title)
