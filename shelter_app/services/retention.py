"""The review of closed files: what is due, what holds it, and decisions that take two people."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from shelter_app.domain import retention
from shelter_app.domain.access import COUNSELLORS
from shelter_app.domain.legal import Suspect
from shelter_app.domain.person import Person
from shelter_app.domain.retention import Closed, TwoPersonDecision
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotFound, NotPossible
from shelter_app.i18n import N_
from shelter_app.services.work import Work
from shelter_app.storage.questions import retention as questions
from shelter_app.storage.questions.retention import ClosedFile, Matters

DECIDERS: Final = ("manager", "dpo")
COUNSELLING: Final = "counselling"
"""The compartment that the manager's keys do not open."""
EARLIEST: Final = timedelta(days=365)
"""No class is shorter than a year, so younger files need not be looked at."""
SHOWN: Final = 300
NOT_HERS: Final = N_("A second person has to approve what you proposed.")
PROPOSED_ALREADY: Final = N_("This was proposed already and waits for the second person.")
SAY_WHY: Final = N_("Please say why, in a few words.")
_LEAST_REASON: Final = 10
_NO_MATTER: Final = Matters(None, 0)


@dataclass(frozen=True)
class Waiting:
    """A closed file whose time has come, with what keeps it from being erased ('' for nothing)."""

    person_id: int
    code: str
    closed_on: date
    due_on: date
    retention_class: str
    hindrance: str


@dataclass(frozen=True)
class Queue:
    """Files due for review, longest due first; `total` counts those not shown too."""

    files: tuple[Waiting, ...]
    total: int
    held: int


@dataclass(frozen=True)
class Decided:
    """A decision with the names of those who made it, and what this worker may do with it."""

    decision: TwoPersonDecision
    proposed_by: str
    approved_by: str
    may_approve: bool
    may_carry_out: bool
    may_end: bool
    accused_no: int = 0
    """Of whom an entry is to be erased, never the name."""


def may_see(work: Work) -> bool:
    """Say whether the worker reviews retention at all."""
    return work.actor.has_role(*DECIDERS) and work.holds("cases")


def queue(work: Work) -> Queue:
    """Return what is due; it takes the keys of house and casework, so the manager sees it."""
    work.require_role("manager")
    now = work.now
    found = questions.closed_files(work.connection, now - EARLIEST, now - EARLIEST)
    matters = questions.matters_of(work.connection, [each.person_id for each in found])
    decided = _living(work)
    due: list[Waiting] = []
    for file in found:
        waiting = _waiting(work, file, matters.get(file.person_id, _NO_MATTER), decided)
        if waiting is not None:
            due.append(waiting)
    due.sort(key=lambda each: (bool(each.hindrance), each.due_on, each.code))
    held = sum(bool(each.hindrance) for each in due)
    return Queue(tuple(due[:SHOWN]), len(due), held)


def _living(work: Work) -> dict[int, list[TwoPersonDecision]]:
    found: dict[int, list[TwoPersonDecision]] = {}
    for decision in work.rule_matching(TwoPersonDecision, state=list(retention.LIVING)):
        found.setdefault(decision.person_id, []).append(decision)
    return found


def _waiting(
    work: Work, file: ClosedFile, matters: Matters, decided: dict[int, list[TwoPersonDecision]]
) -> Waiting | None:
    closed_at = file.left_at or file.recorded_at
    closed = Closed(
        closed_on=file.closed_on or closed_at.date(),
        admitted=file.left_at is not None,
        birth_date=file.birth_date,
        age_band=file.age_band,
        chosen=file.chosen,
        concluded_on=matters.concluded_on,
    )
    due = retention.due(closed)
    if due is None or due.on > work.today:
        return None
    own = decided.get(file.person_id, [])
    if any(d.kind == retention.PURGE for d in own) or _kept(own, work.today):
        return None
    held = file.held or any(d.kind == retention.HOLD for d in own)
    sentence = retention.reason_sentence(matters.open, held=held, stays=False, requests=0)
    return Waiting(
        file.person_id, file.code, closed.closed_on, due.on, due.retention_class, sentence
    )


def _kept(decisions: list[TwoPersonDecision], today: date) -> bool:
    return any(
        d.kind == retention.KEEP
        and d.state == retention.APPROVED
        and d.until is not None
        and d.until > today
        for d in decisions
    )


def hindrance(work: Work, person: Person) -> str:
    """Return why a file may not be erased now, or ''; looked at again before it is done."""
    file = _file_of(work, person.id)
    matters = questions.matters_of(work.connection, [person.id]).get(person.id, _NO_MATTER)
    living = _living(work).get(person.id, [])
    held = any(d.kind == retention.HOLD for d in living) or (file is not None and file.held)
    return retention.reason_sentence(
        matters.open,
        held=held,
        stays=file is None,
        requests=questions.open_requests(work.connection, person.id, person.person_no),
    )


def _file_of(work: Work, person_id: int) -> ClosedFile | None:
    ever = datetime.combine(work.today + timedelta(days=1), time.min)
    found = questions.closed_files(work.connection, ever, ever)
    return next((each for each in found if each.person_id == person_id), None)


def propose(
    work: Work, person_id: int, kind: str, reason: str, until: date | None = None
) -> TwoPersonDecision:
    """Propose to keep, hold or erase a file; a second person approves it."""
    work.require_role("manager")
    person = work.find(Person, person_id)
    if person is None:
        raise NotFound(f"person {person_id}")
    checked_reason(reason)
    if kind == retention.PURGE and (sentence := hindrance(work, person)):
        raise NotPossible(sentence)
    if any(d.kind == kind for d in _living(work).get(person_id, [])):
        raise NotPossible(PROPOSED_ALREADY)
    waiting = next((each for each in queue(work).files if each.person_id == person_id), None)
    return keep_proposal(
        work,
        TwoPersonDecision(
            person_id=person_id,
            person_code=person.person_no,
            kind=kind,
            reason=reason,
            until=until,
            retention_class=waiting.retention_class if waiting else "",
            due_on=waiting.due_on if waiting else None,
        ),
    )


def propose_leaving(work: Work, reason: str) -> TwoPersonDecision:
    """Propose to take everything out; the manager and the data protection lead are both needed."""
    work.require_role(*DECIDERS)
    checked_reason(reason)
    if any(each.kind == retention.LEAVE for each in _living(work).get(0, [])):
        raise NotPossible(PROPOSED_ALREADY)
    return keep_proposal(work, TwoPersonDecision(kind=retention.LEAVE, reason=reason))


def keep_proposal(work: Work, decision: TwoPersonDecision) -> TwoPersonDecision:
    """Keep what this worker proposes, under her name."""
    return work.save(
        dataclasses.replace(decision, proposed_by=work.actor.staff_id, proposed_at=work.now)
    )


def approve(work: Work, decision_id: int) -> TwoPersonDecision:
    """Approve what somebody else proposed; nothing is erased by this alone."""
    decision = _open(work, decision_id)
    if decision.state != retention.PROPOSED:
        raise NotPossible(N_("This was decided already."))
    if not _may_approve(work, decision):
        raise NotPossible(NOT_HERS)
    return work.save(
        dataclasses.replace(
            decision,
            state=retention.APPROVED,
            approved_by=work.actor.staff_id,
            approved_at=work.now,
        )
    )


def end(work: Work, decision_id: int, reason: str) -> TwoPersonDecision:
    """Refuse a proposal, lift a hold, or end what was kept longer; the reason is kept."""
    decision = _open(work, decision_id)
    checked_reason(reason)
    if decision.state not in retention.LIVING:
        raise NotPossible(N_("This was decided already."))
    refused = decision.state == retention.PROPOSED
    return work.save(
        dataclasses.replace(
            decision,
            state=retention.REFUSED if refused else retention.ENDED,
            ended_at=work.now,
            ended_reason=reason.strip(),
        )
    )


def decisions(work: Work) -> tuple[Decided, ...]:
    """Return decisions that wait or are in force, what waits for this worker first."""
    work.require_role(*DECIDERS)
    found = work.rule_matching(
        TwoPersonDecision, state=list(retention.LIVING), order=("-proposed_at",)
    )
    names = {s.id: s.alias for s in work.rule_matching(Staff)}
    shown = [_decided(work, decision, names) for decision in found]
    return tuple(sorted(shown, key=lambda d: (not d.may_approve, not d.may_carry_out)))


def last_left_at(work: Work) -> datetime | None:
    """Return when everything was last written out, for whoever was not there to see it end."""
    work.require_role(*DECIDERS)
    done = work.rule_matching(TwoPersonDecision, state=retention.DONE, order=("-ended_at",))
    return next((each.ended_at for each in done if each.kind == retention.LEAVE), None)


def _decided(work: Work, decision: TwoPersonDecision, names: dict[int, str]) -> Decided:
    approved = decision.state == retention.APPROVED
    return Decided(
        decision,
        names.get(decision.proposed_by, ""),
        names.get(decision.approved_by, ""),
        may_approve=not approved and _may_approve(work, decision),
        may_carry_out=approved
        and decision.kind in (retention.PURGE, retention.LEAVE, retention.ACCUSED)
        and may_carry_out(work),
        may_end=True,
        accused_no=_number_of(work, decision.suspect_id),
    )


def _number_of(work: Work, suspect_id: int) -> int:
    suspect = work.rule_find(Suspect, suspect_id) if suspect_id else None
    return suspect.accused_no if suspect else 0


def may_carry_out(work: Work) -> bool:
    """Say whether this worker's keys open everything but the counselling part."""
    reach = {"office", "house", "cases", "identity"}
    return work.actor.has_role("manager") and reach <= work.actor.compartments


def reaches_counselling(work: Work) -> bool:
    """Say whether this worker can do for the counselling part what two people decided."""
    keys = {COUNSELLING, TwoPersonDecision.compartment} <= work.actor.compartments
    return keys and work.actor.has_role(*COUNSELLORS)


def _may_approve(work: Work, decision: TwoPersonDecision) -> bool:
    """Say whether she is the second person; for leaving, manager and lead must be the two."""
    if decision.proposed_by == work.actor.staff_id:
        return False
    if decision.kind != retention.LEAVE:
        return work.actor.has_role(*DECIDERS)
    proposer = work.rule_find(Staff, decision.proposed_by)
    before = frozenset(proposer.roles) if proposer else frozenset()
    return (work.actor.has_role("dpo") and "manager" in before) or (
        work.actor.has_role("manager") and "dpo" in before
    )


def _open(work: Work, decision_id: int) -> TwoPersonDecision:
    work.require_role(*DECIDERS)
    found = work.rule_find(TwoPersonDecision, decision_id)
    if found is None:
        raise NotFound(f"two_person_decision {decision_id}")
    return found


def checked_reason(reason: str) -> str:
    """Return a reason that says something, without stray ends, or NotPossible."""
    said = reason.strip()
    if len(said) < _LEAST_REASON:
        raise NotPossible(SAY_WHY)
    return said
