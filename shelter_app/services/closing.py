"""Closing a file after aftercare: what has to be so first, and what ends with it (B.5)."""

from __future__ import annotations

import dataclasses
from typing import Final

from shelter_app.domain import admission, followup_schedule, stay_states
from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.closure import Closure
from shelter_app.domain.person import Person
from shelter_app.domain.stay import Stay
from shelter_app.errors import NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services.work import Work

NOT_NOW: Final = N_("A file is closed after she has left, and only once.")
OFFICER_FIRST: Final = N_("She is a child: the children officer reviews the file first.")
NOT_TRIED_ENOUGH: Final = N_(
    "Contact counts as lost after five attempts on three days in three ways, over sixty days."
)
STILL_OWED: Final = N_("Contacts of the schedule are still owed. Make them, or choose another why.")

_AFTER_THE_SCHEDULE: Final = ("goals_met", "aftercare_complete")
_LOST: Final = "lost_contact"


def may_close(work: Work, person_id: int) -> bool:
    """Say whether this worker may close this person's file now."""
    return work.actor.has_role("manager") and _stay(work, person_id) is not None


def draft(work: Work, person_id: int) -> Closure:
    """Return the closing of a file to fill in."""
    work.require_role("manager")
    stay = _stay(work, person_id)
    if stay is None:
        raise NotPossible(NOT_NOW)
    return Closure(id=stay.id, person_id=person_id, closed_on=work.today)


def close(work: Work, closure: Closure) -> Closure:
    """Close a file: the stay is closed, and no contact is owed any more."""
    work.require_role("manager")
    stay = _stay(work, closure.person_id)
    if stay is None or stay.id != closure.id:
        raise NotPossible(NOT_NOW)
    contacts = work.rule_matching(FollowupContact, person_id=closure.person_id)
    _check(work, closure, contacts)
    kept = work.save(dataclasses.replace(closure, approved_by=work.actor.staff_id))
    for owed in (contact for contact in contacts if contact.done_on is None):
        work.save(
            dataclasses.replace(owed, voided=True, void_reason="file closed"), by_program=True
        )
    work.save(dataclasses.replace(stay, state=stay_states.CLOSED), by_program=True)
    return kept


def _check(work: Work, closure: Closure, contacts: list[FollowupContact]) -> None:
    problems = [problem for problem in closure.problems() if problem.field != "approved_by"]
    person = work.get(Person, closure.person_id)
    if admission.is_child(person.age_band) and not closure.children_officer_approved:
        problems.append(Problem("children_officer_approved", OFFICER_FIRST))
    late = any(c.done_on is None and c.due_on and c.due_on <= work.today for c in contacts)
    tries = followup_schedule.tries_since_reached(contacts)
    if closure.reason == _LOST and not tries.enough:
        problems.append(Problem("reason", NOT_TRIED_ENOUGH))
    elif closure.reason in _AFTER_THE_SCHEDULE and late:
        problems.append(Problem("reason", STILL_OWED))
    if problems:
        raise ValidationFailed(tuple(problems))


def _stay(work: Work, person_id: int) -> Stay | None:
    """Return the latest stay when it has ended and the file is still open."""
    for stay in work.rule_matching(Stay, order=("-admitted_at",), limit=1, person_id=person_id):
        if stay.exited_at is not None and stay_states.may_move(stay.state, stay_states.CLOSED):
            return stay
    return None
