"""Where a case stands: the stage its facts speak for, the track people see, and standing still.

Sources: domain specification B.4 (stages, stall clocks) and deadline rules DL20 to DL22.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shelter_app.domain import codelists
from shelter_app.domain.legal import (
    BEFORE_ARREST,
    CONCLUDED,
    Charge,
    CourtEvent,
    LegalCase,
    PoliceContact,
    Suspect,
)
from shelter_app.i18n import N_, _, ngettext

CRIMINAL: Final = ("criminal_sexual", "criminal_trafficking", "criminal_other", "appeal")
TAKEN_PLEAS: Final = ("guilty", "not_guilty", "changed")
ARRESTED: Final = ("arrested", "in_custody", "bailed", "absconded", "on_trial", "convicted")
STALLED: Final = "23_stalled"

STAGE_NAMES: Final = (
    N_("Reported"),
    N_("Arrest"),
    N_("Charged"),
    N_("Hearing"),
    N_("Judgment"),
    N_("Sentence"),
)
_LAST_CODE: Final = (6, 8, 10, 12, 13, 16)
"""The last stage code that belongs to each name of the track."""

CALL_AFTER: Final = 30
AMBER_AFTER: Final = 60
ESCALATE_AFTER: Final = 90
FIVE_MONTHS: Final = 150
CHILD_TRIAL_DAYS: Final = 180


@dataclass(frozen=True)
class Facts:
    """Everything recorded about one case, corrected and voided entries left out."""

    case: LegalCase
    suspects: Sequence[Suspect] = ()
    charges: Sequence[Charge] = ()
    contacts: Sequence[PoliceContact] = ()
    events: Sequence[CourtEvent] = ()


@dataclass(frozen=True)
class Track:
    """The six stages people know, and how far the case has come; -1 before a report."""

    labels: tuple[str, ...]
    current: int
    ended: str = ""


@dataclass(frozen=True)
class Standstill:
    """How long nothing has moved: level 'call', 'amber', 'escalate', 'five_months', 'trial'."""

    days: int
    level: str
    sentence: str


def order_of(stage: str) -> int:
    """Return the place of a stage in the order; the computed flag 'stalled' has none."""
    return 0 if stage in ("", STALLED) else int(stage[:2])


def is_criminal(case: LegalCase) -> bool:
    """Say whether the stages of a criminal matter apply."""
    return case.case_type in CRIMINAL


def stage_track(case: LegalCase) -> Track:
    """Return the stage track of a criminal matter; other matters have no labels."""
    if not is_criminal(case):
        return Track((), -1)
    labels = tuple(_(name) for name in STAGE_NAMES)
    order = order_of(case.stage)
    if case.stage in CONCLUDED[1:]:
        return Track(labels, -1, codelists.label("legal_case_stage", case.stage))
    if order < order_of("02_reported"):
        return Track(labels, 0 if case.stage == STALLED else -1)
    return Track(labels, next(i for i, last in enumerate(_LAST_CODE) if order <= last))


def is_arrested(suspect: Suspect) -> bool:
    """Say whether an arrest is on record for this person."""
    return suspect.arrested_on is not None or suspect.status in ARRESTED


def _event_done(facts: Facts, types: Sequence[str], outcomes: Sequence[str] = ()) -> bool:
    return any(
        event.type in types and event.is_recorded() and (not outcomes or event.outcome in outcomes)
        for event in facts.events
    )


def _contact_made(facts: Facts, kind: str) -> bool:
    return any(contact.type == kind for contact in facts.contacts)


_HEARD: Final = ("proceeded", "part_heard", "order", "ruling", "stood_over")
_STEPS: Final[tuple[tuple[str, Callable[[Facts], bool]], ...]] = (
    (
        "15_appeal",
        lambda f: _event_done(f, ("appeal",)) or any(c.appeal_filed for c in f.charges),
    ),
    ("14_sentence", lambda f: any(c.sentence_type not in ("", "none") for c in f.charges)),
    (
        "13_judgment",
        lambda f: (
            _event_done(f, ("judgment",), ("judgment",))
            or _all_charges(f, lambda c: c.verdict not in ("", "pending"))
        ),
    ),
    (
        "12_defence",
        lambda f: (
            _event_done(f, ("hearing_dw", "submissions"), _HEARD)
            or _event_done(f, ("no_case",), (*_HEARD, "judgment"))
        ),
    ),
    (
        "11_hearing",
        lambda f: _event_done(f, ("hearing_pw", "testimony", "voir_dire", "scene_visit"), _HEARD),
    ),
    ("10_pretrial", lambda f: _event_done(f, ("pretrial", "mention"), _HEARD)),
    ("09_charged", lambda f: any(c.plea in TAKEN_PLEAS for c in f.charges)),
    ("08_file_odpp", lambda f: bool(f.charges)),
    ("07_arrested", lambda f: any(is_arrested(s) for s in f.suspects)),
    ("06_suspect_identified", lambda f: any(s.status == "identified" for s in f.suspects)),
    ("04_medical_docs", lambda f: _contact_made(f, "p3")),
    ("03_statement", lambda f: _contact_made(f, "statement")),
    ("02_reported", lambda f: bool(f.case.ob_number or f.case.ob_date)),
)


def _all_charges(facts: Facts, test: Callable[[Charge], bool]) -> bool:
    return bool(facts.charges) and all(test(charge) for charge in facts.charges)


_ENDINGS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("20_withdrawn", frozenset({"withdrawn_87a", "withdrawn_204"})),
    ("21_nolle", frozenset({"nolle"})),
    ("22_dismissed", frozenset({"dismissed", "acquitted_210"})),
)


def proposed_stage(facts: Facts) -> str:
    """Return the stage the facts speak for when it lies beyond the one set by hand, else ''.

    A stage is never lowered by the program: somebody may know more than is written down.
    """
    if not is_criminal(facts.case) or facts.case.stage in CONCLUDED:
        return ""
    given = {charge.verdict for charge in facts.charges}
    for stage, verdicts in _ENDINGS:
        if given and given <= verdicts:
            return stage
    for stage, speaks in _STEPS:
        if speaks(facts):
            return stage if order_of(stage) > order_of(facts.case.stage) else ""
    return ""


def days_since_report(case: LegalCase, today: date) -> int | None:
    """Return the days since the report, or None when its day is not known."""
    return (today - case.ob_date).days if case.ob_date else None


def waits_for_arrest(stage: str, *, arrested: bool) -> bool:
    """Say whether the clock of a case without an arrest runs at this stage."""
    return not arrested and stage in (*BEFORE_ARREST, STALLED)


def standstill(facts: Facts, today: date, *, is_child: bool = False) -> Standstill | None:
    """Return what the clocks say: no arrest since the report, or a long trial with a child."""
    case = facts.case
    if not case.is_open() or not is_criminal(case):
        return None
    arrested = any(is_arrested(s) for s in facts.suspects)
    if case.ob_date and waits_for_arrest(case.stage, arrested=arrested):
        return _since_report((today - case.ob_date).days)
    pleas = [c.plea_on for c in facts.charges if c.plea_on and c.verdict in ("", "pending")]
    days = (today - min(pleas)).days if pleas else 0
    if is_child and days > CHILD_TRIAL_DAYS:
        sentence = _(
            "{days} days since the plea. The Chief Justice asks for matters with children to be"
            " concluded within six months; a priority hearing can be asked for."
        )
        return Standstill(days, "trial", sentence.format(days=days))
    return None


_CLOCKS: Final = (
    (FIVE_MONTHS, "five_months", N_("Five months without an arrest: hold a case conference.")),
    (ESCALATE_AFTER, "escalate", N_("Write to the OCS, copy to the sub-county commander.")),
    (AMBER_AFTER, "amber", N_("Ask in person what holds it up.")),
    (CALL_AFTER, "call", N_("Time for a call.")),
)


def _since_report(days: int) -> Standstill | None:
    for least, level, advice in _CLOCKS:
        if days >= least:
            waited = ngettext(
                "{days} day since the report, no arrest.",
                "{days} days since the report, no arrest.",
                days,
            ).format(days=days)
            return Standstill(days, level, f"{waited} {_(advice)}")
    return None


def adjournment_reasons(events: Iterable[CourtEvent]) -> tuple[str, ...]:
    """Return the reason of each adjournment, oldest first."""
    adjourned = [e for e in events if e.outcome == "adjourned" and e.starts_at and not e.superseded]
    adjourned.sort(key=lambda event: event.starts_at.isoformat() if event.starts_at else "")
    return tuple(event.adjourn_reason or "other" for event in adjourned)


def court_name(station: str) -> str:
    """Return the short name of a court: without the remark in brackets that its label carries."""
    return codelists.label("court_stations_ke", station).partition(" (")[0]


def number_of(court_case_no: str, ob_number: str) -> str:
    """Return the number people know a case by: the court's, before that the police's."""
    if court_case_no or not ob_number:
        return court_case_no
    return _("OB {number}").format(number=ob_number.removeprefix("OB").strip())


def heading(case: LegalCase, accused: int) -> str:
    """Return the title of a case page; never a name."""
    number = number_of(case.court_case_no, case.ob_number)
    if not is_criminal(case) or not accused:
        against = case.short_title
    elif accused == 1:
        against = _("Republic v. accused 1")
    else:
        against = ngettext(
            "Republic v. accused 1 and {others} other",
            "Republic v. accused 1 and {others} others",
            accused - 1,
        ).format(others=accused - 1)
    if not number:
        return against
    return _("{number} · {against}").format(number=number, against=against)
