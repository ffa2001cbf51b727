"""The register of requests: who asks is checked first, answers have a day, refusals a reason."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shelter_app.domain import rights as rules
from shelter_app.domain.person import Person, serial_of
from shelter_app.domain.rights import DataSubjectRequest
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotFound, NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services.work import Work

KEEPERS: Final = ("manager", "dpo")
SOON: Final = timedelta(days=3)


@dataclass(frozen=True)
class Registered:
    """One request with the days left (negative when late; None once answered)."""

    request: DataSubjectRequest
    days_left: int | None
    answered_by: str
    hindrance: str


def may_see(work: Work) -> bool:
    """Say whether the worker keeps the register."""
    return work.actor.has_role(*KEEPERS) and work.holds(DataSubjectRequest.compartment)


def register(work: Work) -> tuple[Registered, ...]:
    """Return all requests: open ones by their day, then the newest answered."""
    work.require_role(*KEEPERS)
    names = {staff.id: staff.alias for staff in work.rule_matching(Staff)}
    found = work.rule_matching(DataSubjectRequest, order=("-received_on",))
    listed = [_registered(work, each, names) for each in found]
    return tuple(sorted(listed, key=lambda r: (r.days_left is None, r.days_left or 0)))


def _registered(work: Work, request: DataSubjectRequest, names: dict[int, str]) -> Registered:
    days = None
    if request.is_open() and request.due_on is not None:
        days = (request.due_on - work.today).days
    return Registered(request, days, names.get(request.answered_by, ""), rules.hindrance(request))


def new(work: Work) -> DataSubjectRequest:
    """Return an empty request, received today."""
    work.require_role(*KEEPERS)
    return DataSubjectRequest(received_on=work.today)


def get(work: Work, request_id: int) -> DataSubjectRequest:
    """Return one request."""
    work.require_role(*KEEPERS)
    found = work.rule_find(DataSubjectRequest, request_id)
    if found is None:
        raise NotFound(f"dsr {request_id}")
    return found


def save(work: Work, request: DataSubjectRequest) -> DataSubjectRequest:
    """Register a request or add to it; an answered one stays as it was answered."""
    work.require_role(*KEEPERS)
    if request.revision:
        before = get(work, request.id)
        if not before.is_open():
            raise NotPossible(N_("This request was answered. What was answered stays."))
        request = dataclasses.replace(
            request, person_id=before.person_id, decision=before.decision, reason=before.reason
        )
    person_id = _person_of(work, request.person_code) or request.person_id
    due = None
    if request.received_on is not None and request.type:
        due = rules.due_on(request.type, request.received_on)
    return work.save(dataclasses.replace(request, person_id=person_id, due_on=due))


def _person_of(work: Work, code: str) -> int:
    """Return whom a code belongs to, where the worker's keys can say; refuse a mistyped one."""
    if not code.strip() or not work.holds(Person.compartment):
        return 0
    serial = serial_of(code) or (int(code) if code.strip().isdecimal() else None)
    found = work.rule_matching(Person, serial=serial) if serial else []
    found = found or work.rule_matching(Person, person_no=code.strip())
    if not found:
        raise ValidationFailed((Problem("person_code", N_("Nobody has this code.")),))
    return found[0].id


def answer(work: Work, request_id: int, decision: str, reason: str) -> DataSubjectRequest:
    """Answer a request; nothing is granted to somebody who was not checked or may be dangerous."""
    request = get(work, request_id)
    if not request.is_open():
        raise NotPossible(N_("This request was answered. What was answered stays."))
    if decision not in rules.DECIDED:
        raise NotPossible(N_("Please choose how it was answered."))
    if decision not in rules.possible_answers(request):
        raise NotPossible(rules.hindrance(request))
    if (decision != "granted" or request.type == "rectify") and not reason.strip():
        raise NotPossible(N_("Please say why."))
    return work.save(
        dataclasses.replace(
            request,
            decision=decision,
            reason=reason.strip(),
            answered_on=work.today,
            answered_by=work.actor.staff_id,
        )
    )
