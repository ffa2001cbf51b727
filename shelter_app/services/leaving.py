"""Leaving the house: what has to be looked at first, and everything that follows at once."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shelter_app.domain import exits, followup_schedule, stay_states
from shelter_app.domain.aftercare import FollowupContact, SafeContact
from shelter_app.domain.exits import Concern
from shelter_app.domain.person import Person
from shelter_app.domain.record import NEEDED
from shelter_app.domain.stay import Placement, Stay
from shelter_app.errors import Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services.open_stays import BEFORE_ADMISSION, leave_bed, open_absence, open_stay
from shelter_app.services.work import Work
from shelter_app.storage.questions import house as questions

REASON_WANTED: Final = N_("Something is still open. Please say why she leaves now.")


@dataclass(frozen=True)
class Exit:
    """A stay that has ended, and how many contacts were planned."""

    stay: Stay
    contacts: int


def exit_draft(work: Work, stay_id: int) -> Placement:
    """Return the placement to fill in for leaving; a new one when the house admitted at night."""
    stay = open_stay(work, stay_id)
    work.require_role("manager")
    kept = work.find(Placement, stay.id)
    if kept is None:
        return Placement(id=stay.id, person_id=stay.person_id, admission_kind="new")
    if kept.exit_type:
        return kept
    return dataclasses.replace(kept, exit_type=kept.provisional_exit_type)


def exit_concerns(work: Work, details: Placement) -> tuple[Concern, ...]:
    """Return what is open before this person leaves in this way."""
    work.require_role("manager")
    stay = open_stay(work, details.id)
    person = work.get(Person, stay.person_id)
    alone = questions.goes_to_court_alone(work.connection, person.id, work.now, exits.COURT_WITHIN)
    return exits.concerns(
        exits.ExitFacts(
            exit_type=details.exit_type,
            age_band=person.age_band,
            approved=details.children_officer_approved,
            risk_level=person.risk_level,
            exit_risk=details.exit_risk,
            court_date_without_companion=alone,
            has_safe_contact=work.find(SafeContact, person.id) is not None,
            aftercare=stay_states.aftercare_of(details.exit_type),
            state_unprepared=exits.is_unprepared(stay.state, details.exit_type),
        )
    )


def exit_stay(work: Work, details: Placement, exited_at: datetime | None = None) -> Exit:
    """End a stay: free the bed, keep how she left, plan the contacts that follow (B.5, B.6)."""
    stay = open_stay(work, details.id)
    work.require_role("manager")
    left_at = exited_at or work.now
    _check_exit(work, stay, details, left_at)
    absence = open_absence(work, stay.id)
    if absence is not None:
        work.save(
            dataclasses.replace(absence, returned_at=max(left_at, absence.left_at or left_at))
        )
    leave_bed(work, stay.id, left_at)
    work.save(
        dataclasses.replace(details, person_id=stay.person_id, exit_approved_by=work.actor.staff_id)
    )
    ended = work.save(
        dataclasses.replace(
            stay,
            state=stay_states.on_exit(details.exit_type),
            state_before="",
            exited_at=left_at,
        )
    )
    return Exit(ended, _plan_contacts(work, ended, details))


def _check_exit(work: Work, stay: Stay, details: Placement, left_at: datetime) -> None:
    problems = []
    if not details.exit_type:
        problems.append(Problem("exit_type", NEEDED))
    if stay.admitted_at and left_at < stay.admitted_at:
        problems.append(Problem("exited_at", BEFORE_ADMISSION))
    if problems:
        raise ValidationFailed(tuple(problems))
    reasoned = bool(details.exit_override_reason.strip())
    if not reasoned and any(found.needs_reason for found in exit_concerns(work, details)):
        raise ValidationFailed((Problem("exit_override_reason", REASON_WANTED),))


def _plan_contacts(work: Work, stay: Stay, details: Placement) -> int:
    """Write the schedule; who asked for no contact is left alone (she may always call)."""
    card = work.find(SafeContact, stay.person_id)
    if stay.exited_at is None or (card is not None and card.no_contact):
        return 0
    planned = followup_schedule.schedule(
        stay.exited_at.date(), details.exit_type, details.exit_risk
    )
    for point in planned:
        work.save(
            FollowupContact(
                person_id=stay.person_id,
                stay_id=stay.id,
                milestone=point.milestone,
                due_on=point.due_on,
                type=point.type,
                by=stay.case_manager,
            )
        )
    return len(planned)
