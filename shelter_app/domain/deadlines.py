"""The deadline engine: what a rule is, when it speaks, how loudly, and to whom. Pure and timeless.

A question finds facts, a rule turns each into a standing (or none) for a moment. Nothing here
knows what day it is: the moment is always handed in, so a clock that was set back only makes a
standing quieter, never wrong. All times are local wall time without a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Final, Literal

from shelter_app.domain import codelists
from shelter_app.domain.access import Action, Actor, may, may_break
from shelter_app.domain.record import Record
from shelter_app.i18n import N_, _

Counting = Literal["left", "since", "event"]

DUE: Final = "due"
OVERDUE: Final = "overdue"
URGENT: Final = "urgent"
CRITICAL: Final = "critical"
SEVERITIES: Final = ("info", DUE, OVERDUE, URGENT, CRITICAL)
"""From quiet to loud, in the order of the list alert_severity."""
_RANK: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}
FROM_LIST: Final = ""
"""The severity which the list of rules gives for 'overdue'."""

ROLE_OF_SEVERITY: Final = {
    "info": "court",
    DUE: "court",
    OVERDUE: "soon",
    URGENT: "overdue",
    CRITICAL: "overdue",
}
"""The colour role of a severity; the words beside it carry the meaning."""

_LIST: Final = "deadline_rules"
_UNSURE: Final = ("verify", "confirm", "general knowledge", "[gk]")
_KINDS: Final = {
    "legal": N_("law"),
    "clinical": N_("clinical guidance"),
    "instrument": N_("instrument"),
    "seed": N_("experience of houses"),
    "practice": N_("practice"),
    "policy": N_("policy"),
}
NIGHT_BEGINS: Final = time(22, 0)
NIGHT_ENDS: Final = time(6, 0)
_DAY: Final = timedelta(days=1)
OLD_AFTER: Final = timedelta(days=14)


@dataclass(frozen=True)
class Stage:
    """From this long after it is due (before it when negative) the rule speaks so loudly."""

    after: timedelta
    severity: str


@dataclass(frozen=True)
class Button:
    """The one thing to do: a verb, and the place where it is done."""

    verb: str
    place: str
    to: Literal["person", "record", "subject", "none"] = "person"
    detail: str = ""
    writes: type[Record] | None = None
    """What is written there; who may not gets `instead`, never a form that takes nothing."""
    instead: Button | None = None

    def offered(self, may_write: Callable[[type[Record]], bool]) -> Button:
        """Return this button, or the one for somebody who may only look."""
        if self.writes is None or self.instead is None or may_write(self.writes):
            return self
        return self.instead


@dataclass(frozen=True)
class Rule:
    """One deadline as declared: whom it reaches, when it is due, how it grows, what to do."""

    code: str
    title: str
    reads: tuple[type[Record], ...]
    owner_role: str
    offset: timedelta
    stages: tuple[Stage, ...]
    button: Button
    words: str
    """The sentence that says why, with the names of the fact's own words in braces."""
    hourly: bool = False
    counting: Counting = "left"
    marks: tuple[timedelta, ...] = ()
    every: timedelta | None = None
    """After the last mark: again and again in this rhythm."""
    ends: timedelta | None = None
    working_day: bool = False
    for_house: bool = False
    """Whether the house mother is told, in words without a reason."""
    unnumbered: bool = False
    """Its number would tell the house what the matter is; only the kind of its basis is shown."""
    severity_when_overdue: str = OVERDUE
    only_for: tuple[str, ...] = ()
    """Roles that alone are told, with or without the key of the house; () for no such limit."""
    news: bool = False
    """Nothing to do, only to know: told to its owner alone, until she has seen it."""
    fixed: bool = False
    """Whether the program itself acts on that day, so that no house sets another."""

    @cached_property
    def compartments(self) -> frozenset[str]:
        """The compartments whose keys one needs to be told."""
        needed = frozenset(kind.compartment for kind in self.reads)
        return needed if self.only_for else needed | {"house"}

    @property
    def basis(self) -> str:
        """What the rule rests on; '' for a rule of ours that the list does not have."""
        row = codelists.code_list(_LIST).row(self.code)
        return str(row.more["basis"]) if row else ""

    @property
    def basis_kind(self) -> str:
        """Whether it rests on law, guidance, policy, experience or practice."""
        row = codelists.code_list(_LIST).row(self.code)
        return str(row.more["basis_kind"]) if row else "practice"

    @property
    def configurable(self) -> bool:
        """Whether a house may set its own times: not of news, nor of what the program does."""
        if self.news or self.fixed:
            return False
        row = codelists.code_list(_LIST).row(self.code)
        return bool(row.more.get("configurable", True)) if row else True

    @cached_property
    def overdue(self) -> str:
        """How loudly it speaks once overdue, as the list says."""
        row = codelists.code_list(_LIST).row(self.code)
        return str(row.more["severity_when_overdue"]) if row else self.severity_when_overdue

    @property
    def to_be_confirmed(self) -> bool:
        """Whether a lawyer of the house still has to confirm what the rule says of the law."""
        said = self.basis.casefold()
        of_the_law = self.basis_kind in ("legal", "policy")
        return of_the_law and any(word in said for word in _UNSURE)

    def source(self) -> str:
        """Return number and kind of basis as shown: 'DL24 · practice'."""
        row = codelists.code_list(_LIST).row(self.code)
        if row is None:
            return _("house rule")
        kind = _(_KINDS[self.basis_kind])
        if self.unnumbered:
            return kind
        said = _("{code} · {kind}").format(code=self.code, kind=kind)
        if self.to_be_confirmed:
            said = _("{source} · to be confirmed by counsel").format(source=said)
        return said


@dataclass(frozen=True)
class Fact:
    """Something open that a rule is about, as a question found it."""

    rule: str
    subject_id: int
    since: datetime
    person_id: int = 0
    name: str = ""
    code: str = ""
    case_worker: int = 0
    owner: int = 0
    """The worker it belongs to by name: counsellor, court officer; 0 for whoever has the role."""
    record_id: int = 0
    settled_at: datetime | None = None
    number: str = ""
    place: str = ""
    kind: str = ""
    at: datetime | None = None
    count: int = 0
    of: int = 0
    by: str = ""
    """Who did it, where the rule tells somebody of what another one did."""
    reason: str = ""
    """Why that was done, in the words of who did it."""


@dataclass(frozen=True)
class Standing:
    """How a fact stands at a moment: since when it is due and how loudly it speaks."""

    rule: Rule
    fact: Fact
    due_at: datetime
    severity: str
    began: datetime
    """Since when it is as loud as it is now."""

    @property
    def rank(self) -> int:
        """The place of the severity from quiet to loud."""
        return _RANK[self.severity]

    @property
    def is_loud(self) -> bool:
        """Whether it is urgent or critical."""
        return self.rank >= _RANK[URGENT]

    def is_old(self, now: datetime) -> bool:
        """Say whether it has been as loud as this for more than two weeks."""
        return now - self.began > OLD_AFTER


def due_at(rule: Rule, fact: Fact) -> datetime | None:
    """Return when a fact is due, or None when nothing of it is left to do."""
    if rule.marks:
        return _next_mark(rule, fact)
    due = fact.since + rule.offset
    if not rule.hourly:
        due = datetime.combine(due.date(), time.min)
    if rule.working_day:
        due += _DAY * max(0, 7 - due.weekday()) if due.weekday() >= 5 else timedelta(0)
    return due


def _next_mark(rule: Rule, fact: Fact) -> datetime | None:
    """Return the earliest mark that has not been settled, at the start of its day."""
    first = datetime.combine(fact.since.date(), time.min)
    settled = fact.settled_at
    for mark in rule.marks:
        if settled is None or first + mark > settled:
            return first + mark
    if rule.every is None or settled is None:
        return None
    last = first + rule.marks[-1]
    steps = (settled - last) // rule.every + 1
    return last + rule.every * max(1, steps)


def standing(rule: Rule, fact: Fact, now: datetime) -> Standing | None:
    """Return how a fact stands at a moment, or None when the rule is silent."""
    due = due_at(rule, fact)
    if due is None or (rule.ends is not None and now >= due + rule.ends):
        return None
    loudest, began = -1, due
    for stage in rule.stages:
        rank = _RANK[stage.severity or rule.overdue]
        if now >= due + stage.after and rank > loudest:
            loudest, began = rank, due + stage.after
    return Standing(rule, fact, due, SEVERITIES[loudest], began) if loudest >= 0 else None


def is_night(now: datetime) -> bool:
    """Say whether only what is critical may speak."""
    return now.time() >= NIGHT_BEGINS or now.time() < NIGHT_ENDS


def in_order(standings: Iterable[Standing], now: datetime) -> list[Standing]:
    """Return the loud ones first, among these what is new before what has long been so."""
    return sorted(
        standings,
        key=lambda s: (
            -min(s.rank, _RANK[URGENT]),
            s.is_old(now),
            -s.rank,
            now - s.began,
            s.rule.code,
            s.fact.subject_id,
        ),
    )


# Who is told


def may_be_told(rule: Rule, actor: Actor, *, assigned: bool) -> bool:
    """Say whether the actor's keys and levels reach everything the rule speaks of."""
    if not rule.compartments <= actor.compartments:
        return False
    if not rule.for_house and actor.roles <= {"house_mother"}:
        return False
    if rule.only_for and not actor.has_role(*rule.only_for):
        return False
    return all(_may_know_of(actor, kind, assigned=assigned) for kind in rule.reads)


def _may_know_of(actor: Actor, kind: type[Record], *, assigned: bool) -> bool:
    """Say whether the actor may know that there is one; what is sealed she may open by a reason."""
    if kind.level == "sealed":
        return may_break(actor, kind)
    return may(actor, Action.READ, kind, assigned=assigned)


def is_news_for(rule: Rule, fact: Fact, actor: Actor) -> bool:
    """Say whether a rule that only tells something tells it to the actor."""
    return not rule.news or actor.is_one_of(fact.owner)


def is_assigned(fact: Fact, actor: Actor) -> bool:
    """Say whether the person is on the actor's caseload, or on nobody's."""
    named = {fact.case_worker, fact.owner} - {0}
    return not named or actor.is_one_of(*named)


def is_mine(standing_: Standing, actor: Actor, gone: Container[int] = frozenset()) -> bool:
    """Say whether it is the actor's to deal with: by name, by role, or because nobody is left.

    `gone` names workers who have left: what was theirs alone comes to the manager.
    """
    rule, fact = standing_.rule, standing_.fact
    if rule.only_for:
        return actor.has_role(*rule.only_for)
    owner = 0 if fact.owner in gone else fact.owner
    worker = 0 if fact.case_worker in gone else fact.case_worker
    if actor.is_one_of(owner, worker):
        return True
    if actor.has_role("manager") and not owner and not worker:
        left_behind = bool(fact.owner or fact.case_worker)
        if left_behind or standing_.severity == CRITICAL:
            return True
    named = owner or (worker if rule.owner_role == "social_worker" else 0)
    if rule.for_house and actor.has_role("house_mother"):
        return True
    return not named and actor.has_role(rule.owner_role)
