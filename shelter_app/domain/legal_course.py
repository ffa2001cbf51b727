"""The course of a case as dated steps: what happened, what comes next, what is still ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

from shelter_app.domain import codelists
from shelter_app.domain.legal import Charge, CourtEvent, LegalCase, Suspect
from shelter_app.domain.legal_stage import (
    TAKEN_PLEAS,
    Facts,
    is_criminal,
    order_of,
    proposed_stage,
)
from shelter_app.i18n import N_, _, ngettext

_POLICE_STEPS: Final = ("statement", "p3", "id_parade")
_APPOINTED: Final = ("appointed", "sworn", "used")
_FIRST: Final = datetime.combine(date.min, time.min)
_LAST: Final = datetime.combine(date.max, time.min)


@dataclass(frozen=True)
class CourseStep:
    """One step; `state` is done, next, later (dated), missing (outcome owed) or ahead (no day)."""

    what: str
    at: date | datetime | None
    detail: str = ""
    state: str = "done"
    record_table: str = ""
    record_id: int = 0


def course_of(
    facts: Facts, now: datetime, companions: Mapping[int, str] | None = None
) -> tuple[CourseStep, ...]:
    """Return the steps in the order in which they happened or will happen.

    `companions` says for each coming date who goes along, '' when nobody is named yet; without
    it (no key to the house file) nothing is said about companions.
    """
    steps = [
        *_report(facts.case),
        *_police(facts),
        *_arrests(facts),
        *_pleas(facts),
        *_protection(facts),
        *_verdicts(facts.charges),
        *_events(facts, now, companions),
    ]
    if facts.case.concluded_on:
        ending = codelists.label("legal_case_stage", facts.case.stage)
        steps.append(_step(facts.case, ending, facts.case.concluded_on))
    steps.sort(key=lambda step: _moment_of(step.at))
    return (*steps, *_ahead(facts, now))


def _moment_of(at: date | datetime | None) -> datetime:
    if at is None:
        return _FIRST
    return at if isinstance(at, datetime) else datetime.combine(at, time.min)


def _step(
    record: LegalCase | Suspect | Charge | CourtEvent,
    what: str,
    at: date | datetime | None,
    detail: str = "",
    state: str = "done",
) -> CourseStep:
    return CourseStep(what, at, detail, state, record.table, record.id)


def _report(case: LegalCase) -> list[CourseStep]:
    if not case.ob_date and not case.ob_number:
        return []
    what = _("Reported")
    if case.ob_number:
        number = case.ob_number.removeprefix("OB").strip()
        what = _("Reported · OB {number}").format(number=number)
    return [_step(case, what, case.ob_date, case.police_station)]


def _police(facts: Facts) -> list[CourseStep]:
    found: dict[str, CourseStep] = {}
    for contact in sorted(facts.contacts, key=lambda c: c.at or _FIRST):
        if contact.type in _POLICE_STEPS and contact.type not in found and contact.at:
            what = codelists.label("police_contact_type", contact.type)
            found[contact.type] = CourseStep(
                what, contact.at.date(), "", "done", contact.table, contact.id
            )
    return list(found.values())


def _arrests(facts: Facts) -> list[CourseStep]:
    several = len(facts.suspects) > 1
    found = []
    for suspect in facts.suspects:
        if suspect.arrested_on:
            what = _("Arrest")
            if several:
                what = _("Arrest of accused {number}").format(number=suspect.accused_no)
            found.append(_step(suspect, what, suspect.arrested_on, _after_report(facts, suspect)))
    return found


def _after_report(facts: Facts, suspect: Suspect) -> str:
    if not facts.case.ob_date or not suspect.arrested_on:
        return ""
    days = (suspect.arrested_on - facts.case.ob_date).days
    if days < 1:
        return _("on the day of the report") if days == 0 else ""
    return ngettext("{days} day after report", "{days} days after report", days).format(days=days)


def _pleas(facts: Facts) -> list[CourseStep]:
    found: dict[tuple[date, str], list[Charge]] = {}
    for charge in facts.charges:
        if charge.plea in TAKEN_PLEAS and charge.plea_on:
            found.setdefault((charge.plea_on, charge.plea), []).append(charge)
    steps = []
    for (day, plea), charges in found.items():
        what = _("Plea: {plea}").format(plea=codelists.label("plea", plea).lower())
        count = len(charges)
        detail = ngettext("{count} count", "{count} counts", count).format(count=count)
        steps.append(_step(charges[0], what, day, detail if count > 1 else ""))
    return steps


def _protection(facts: Facts) -> list[CourseStep]:
    """Return when she was declared vulnerable and when an intermediary was appointed, once each."""
    vulnerable: CourseStep | None = None
    appointed: CourseStep | None = None
    for event in sorted(facts.events, key=lambda e: e.starts_at or _LAST):
        day = event.declared_vulnerable_on
        if day and (vulnerable is None or _moment_of(day) < _moment_of(vulnerable.at)):
            vulnerable = _step(event, _("Declared a vulnerable witness (s. 31)"), day)
        day = event.intermediary_appointed_on
        if not day and event.intermediary_status in _APPOINTED and event.is_recorded():
            day = event.starts_at.date() if event.starts_at else None
        if day and (appointed is None or _moment_of(day) < _moment_of(appointed.at)):
            appointed = _step(event, _("Intermediary appointed (s. 31)"), day)
    return [step for step in (vulnerable, appointed) if step]


def _verdicts(charges: Sequence[Charge]) -> list[CourseStep]:
    steps: list[CourseStep] = []
    said: set[tuple[date, str]] = set()
    for charge in charges:
        if charge.verdict_on and charge.verdict not in ("", "pending"):
            if (charge.verdict_on, charge.verdict) in said:
                continue
            said.add((charge.verdict_on, charge.verdict))
            result = codelists.label("verdict", charge.verdict).lower()
            what = _("Judgment: {result}").format(result=result)
            steps.append(_step(charge, what, charge.verdict_on))
        if charge.sentence_on and charge.sentence_type not in ("", "none"):
            steps.append(_step(charge, sentence_words(charge), charge.sentence_on))
    return steps


def sentence_words(charge: Charge) -> str:
    """Return the sentence in a few words."""
    if charge.sentence_type == "years" and charge.sentence_years:
        return ngettext(
            "Sentence: {years} year", "Sentence: {years} years", charge.sentence_years
        ).format(years=charge.sentence_years)
    kind = codelists.label("sentence_type", charge.sentence_type).lower()
    return _("Sentence: {kind}").format(kind=kind)


def _events(facts: Facts, now: datetime, companions: Mapping[int, str] | None) -> list[CourseStep]:
    plea_days = {charge.plea_on for charge in facts.charges if charge.plea in TAKEN_PLEAS}
    verdict_days = {charge.verdict_on for charge in facts.charges if charge.verdict_on}
    steps: list[CourseStep] = []
    next_found = False
    for event in sorted(facts.events, key=lambda e: e.starts_at or _LAST):
        if event.superseded or event.starts_at is None:
            continue
        day = event.starts_at.date()
        told_by_plea = event.type == "plea" and day in plea_days and event.is_recorded()
        told_by_verdict = event.outcome == "judgment" and day in verdict_days
        if told_by_plea or told_by_verdict:
            continue
        step = _event_step(event, now, companions)
        if step.state == "later" and not next_found:
            next_found = True
            step = replace(step, state="next")
        steps.append(step)
    return steps


def _event_step(
    event: CourtEvent, now: datetime, companions: Mapping[int, str] | None
) -> CourseStep:
    if event.is_recorded():
        reason = codelists.label("adjournment_reason", event.adjourn_reason).lower()
        return _step(event, event.headline(), event.starts_at, reason)
    if event.starts_at and event.starts_at <= now:
        return _step(
            event, event.headline(), event.starts_at, _("outcome not recorded yet"), "missing"
        )
    detail = ""
    if event.survivor_required and companions is not None:
        companion = companions.get(event.id, "")
        detail = _("with {companion}").format(companion=companion) if companion else ""
        detail = detail or _("no companion yet")
    elif not event.survivor_required:
        detail = _("she need not be there")
    return _step(event, event.headline(), event.starts_at, detail, "later")


_MILESTONES: Final = (
    ("02_reported", N_("Report to the police"), ()),
    ("07_arrested", N_("Arrest"), ()),
    ("09_charged", N_("Plea"), ("plea",)),
    ("11_hearing", N_("Hearing"), ("hearing_pw", "testimony", "voir_dire", "hearing_dw")),
    ("13_judgment", N_("Judgment"), ("judgment",)),
    ("14_sentence", N_("Sentence"), ("sentencing",)),
)


def _ahead(facts: Facts, now: datetime) -> list[CourseStep]:
    """Return the milestones that are neither behind nor on the calendar."""
    case = facts.case
    if not case.is_open() or not is_criminal(case):
        return []
    planned = {e.type for e in facts.events if e.starts_at and e.starts_at > now}
    done = _reached(facts)
    return [
        CourseStep(_(name), None, "", "ahead")
        for stage, name, types in _MILESTONES
        if order_of(stage) > done and planned.isdisjoint(types)
    ]


def _reached(facts: Facts) -> int:
    """Return the order of the stage reached, by hand or by what is written down."""
    return max(order_of(facts.case.stage), order_of(proposed_stage(facts)))
