"""How long a file is kept and what happens then: classes, due days, decisions by two, what stays.

The periods come from the list `retention_class`; all of them wait for a lawyer to confirm them.
A file is never erased by the program alone, and never while anything still needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final

from shelter_app.domain import codelists
from shelter_app.domain.fields import choice, day, flag, link, long_text, moment, text
from shelter_app.domain.person import eighteenth_birthday, years_on
from shelter_app.domain.record import NEEDED, Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _

KEEP: Final = "keep"
HOLD: Final = "hold"
PURGE: Final = "purge"
LEAVE: Final = "leave"
ACCUSED: Final = "accused"
"""Erasing the entry of somebody accused who was never charged."""
PROPOSED: Final = "proposed"
APPROVED: Final = "approved"
DONE: Final = "done"
ENDED: Final = "ended"
REFUSED: Final = "refused"
LIVING: Final = (PROPOSED, APPROVED)

CHILD: Final = "case_child"
ADULT: Final = "case_adult"
LEGAL: Final = "legal_file"
NOT_ADMITTED: Final = "helpline_not_admitted"
BACKUP_MONTHS: Final = 13
"""Twelve monthly generations and the month under way: as long as a backup may hold her."""
_YOUNGEST: Final = {"under10": 0, "10-13": 10, "14-15": 14, "16-17": 16}


@dataclass(frozen=True, kw_only=True)
class TwoPersonDecision(Record):
    """What one person proposes and another approves: keep longer, hold, erase, take out."""

    table: ClassVar[str] = "two_person_decision"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Decision by two")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id", "kind"), ("state", "kind"))

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    person_code: str = text(N_("Code of the person"), longest=20, kept_by_program=True)
    suspect_id: int = link(N_("Accused"), to="suspect", kept_by_program=True)
    kind: str = choice(N_("Decision"), codes="decision_kind", required=True, in_list=True)
    retention_class: str = choice(N_("Kept for"), codes="retention_class", kept_by_program=True)
    due_on: date | None = day(N_("Was due on"), kept_by_program=True)
    reason: str = long_text(N_("Reason"), required=True, longest=1000)
    until: date | None = day(N_("Until"))
    state: str = choice(
        N_("State"), codes="decision_state", default=PROPOSED, kept_by_program=True, in_list=True
    )
    proposed_by: int = link(N_("Proposed by"), to="staff", kept_by_program=True)
    proposed_at: datetime | None = moment(N_("Proposed"), kept_by_program=True)
    approved_by: int = link(N_("Approved by"), to="staff", kept_by_program=True)
    approved_at: datetime | None = moment(N_("Approved"), kept_by_program=True)
    ended_at: datetime | None = moment(N_("Ended"), kept_by_program=True)
    ended_reason: str = text(N_("Why it ended"), longest=300, kept_by_program=True)
    counselling_done_on: date | None = day(
        N_("Counselling part written out on"), kept_by_program=True
    )

    def headline(self) -> str:
        """Return what is decided."""
        return codelists.label("decision_kind", self.kind)

    def problems(self) -> list[Problem]:
        """Add that keeping longer needs a day, and that nobody approves her own proposal."""
        found = super().problems()
        if self.kind == KEEP and self.until is None:
            found.append(Problem("until", NEEDED))
        if self.approved_by and self.approved_by == self.proposed_by:
            sentence = N_("A second person has to approve what you proposed.")
            found.append(Problem("approved_by", sentence))
        return found


@dataclass(frozen=True, kw_only=True)
class Erasure(Record):
    """That a file or an accused's entry was erased, under its random id: who and when, no more.

    Kept so that a restored older backup can be cleaned again, and so that the counselling part,
    whose key the others lack, is not forgotten.
    """

    table: ClassVar[str] = "erasure"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Erasure")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("counselling_done_on",),)

    erased_on: date | None = day(N_("Erased on"), kept_by_program=True, in_list=True)
    of_accused: bool = flag(N_("Entry of an accused"), kept_by_program=True)
    proposed_by: int = link(N_("Proposed by"), to="staff", kept_by_program=True)
    approved_by: int = link(N_("Approved by"), to="staff", kept_by_program=True)
    erased_by: int = link(N_("Erased by"), to="staff", kept_by_program=True)
    counselling_done_on: date | None = day(
        N_("Counselling part erased on"), kept_by_program=True, in_list=True
    )
    in_backups_until: date | None = day(N_("In backups until"), kept_by_program=True, in_list=True)


@dataclass(frozen=True, kw_only=True)
class FormerResident(Record):
    """What stays of an erased file for counting: bands and months, no code, nothing to find her."""

    table: ClassVar[str] = "former_resident"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Former resident, anonymous")
    guarded: ClassVar[bool] = True

    age_band: str = choice(N_("Age on arrival"), codes="age_band", kept_by_program=True)
    home_county: str = choice(N_("Home county"), codes="kenya_county", kept_by_program=True)
    exploitation: str = choice(
        N_("Main exploitation"), codes="exploitation_type", kept_by_program=True
    )
    case_type: str = choice(N_("Legal matter"), codes="legal_case_type", kept_by_program=True)
    legal_stage: str = choice(
        N_("How the matter ended"), codes="legal_case_stage", kept_by_program=True
    )
    admitted_month: str = text(N_("Month of arrival"), longest=7, kept_by_program=True)
    left_month: str = text(N_("Month of leaving"), longest=7, kept_by_program=True)
    exit_type: str = choice(N_("How she left"), codes="exit_type", kept_by_program=True)
    was_admitted: bool = flag(N_("Was admitted"), kept_by_program=True)


@dataclass(frozen=True)
class Closed:
    """What the due day of a closed file depends on."""

    closed_on: date
    admitted: bool
    birth_date: date | None = None
    age_band: str = ""
    chosen: str = ""
    """The class somebody chose for the file, or ''."""
    concluded_on: date | None = None
    """When the last legal matter ended."""


@dataclass(frozen=True)
class Due:
    """When a closed file is due and by which class of the list."""

    on: date
    retention_class: str


@dataclass(frozen=True)
class ClassRule:
    """One line of the list as shown: its label, its basis, whether a lawyer confirmed it."""

    code: str
    label: str
    basis: str
    to_be_confirmed: bool


def rules() -> tuple[ClassRule, ...]:
    """Return all classes with what they rest on."""
    return tuple(
        ClassRule(
            row.code,
            codelists.label("retention_class", row.code),
            str(row.more.get("basis", "")),
            row.more.get("status") != "in_force",
        )
        for row in codelists.code_list("retention_class").rows
    )


def class_of(closed: Closed) -> str:
    """Return the class of a closed file: the one chosen, or by age and admission."""
    if closed.chosen:
        return closed.chosen
    if not closed.admitted:
        return NOT_ADMITTED
    return CHILD if _was_child(closed) else ADULT


def _was_child(closed: Closed) -> bool:
    if closed.birth_date is not None:
        return eighteenth_birthday(closed.birth_date) > closed.closed_on
    return closed.age_band in _YOUNGEST


def _number(code: str, name: str) -> int | None:
    row = codelists.code_list("retention_class").row(code)
    value = row.more.get(name) if row else None
    return int(value) if value is not None else None


def due(closed: Closed) -> Due | None:
    """Return when a closed file is due for review; None for one that is kept until lifted.

    The later of the case file and the legal file counts; a child's file waits for the birthday
    the list names, reckoned from the youngest age its band allows when no birthday is known.
    """
    code = class_of(closed)
    years = _number(code, "years")
    if years is None:
        return None
    found = Due(years_on(closed.closed_on, years), code)
    until = _number(code, "child_until")
    if until is not None:
        found = max(found, Due(_grown_up(closed, until), code), key=lambda each: each.on)
    legal = _number(LEGAL, "years")
    if closed.concluded_on is not None and legal is not None:
        legal_due = Due(years_on(closed.concluded_on, legal), LEGAL)
        found = max(found, legal_due, key=lambda each: each.on)
    return found


def _grown_up(closed: Closed, age: int) -> date:
    if closed.birth_date is not None:
        return years_on(closed.birth_date, age)
    youngest = _YOUNGEST.get(closed.age_band)
    if youngest is None:
        return closed.closed_on
    return years_on(closed.closed_on, age - youngest)


def backups_until(erased_on: date) -> date:
    """Return the day after which no backup holds her any more, if they are kept as planned."""
    months = erased_on.month - 1 + BACKUP_MONTHS
    return date(erased_on.year + months // 12, months % 12 + 1, 1)


def month_of(moment_of: datetime | None) -> str:
    """Return the month of a moment as '2026-11', or ''."""
    return f"{moment_of:%Y-%m}" if moment_of else ""


def reason_sentence(open_matters: int, *, held: bool, stays: bool, requests: int) -> str:
    """Return why a file may not be erased now, or '' when nothing needs it."""
    if stays:
        return _("She is still with the house or in aftercare.")
    if held:
        return _("A legal hold is on this file.")
    if open_matters:
        return _("A legal matter of hers is still open.")
    return _("A request about her data is still open.") if requests else ""
