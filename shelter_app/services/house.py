"""Who sleeps where: admit, be away, come back, change beds, leave. Each act is one transaction.

Acts touch a record once, so that undoing them step by step finds each as it was left.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shelter_app.domain import access, admission, exits, followup_schedule, stay_states
from shelter_app.domain.access import Action
from shelter_app.domain.aftercare import FollowupContact, SafeContact
from shelter_app.domain.exits import Concern
from shelter_app.domain.person import Person
from shelter_app.domain.stay import Absence, Bed, BedStay, Placement, Room, Stay
from shelter_app.errors import NotAllowed, NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services.bed_board import Tonight, tonight
from shelter_app.services.work import Work
from shelter_app.storage.questions import house as questions
from shelter_app.storage.questions.house import one_bed_one_person

__all__ = [
    "Exit",
    "Tonight",
    "admit",
    "come_back",
    "exit_concerns",
    "exit_draft",
    "exit_stay",
    "give_up_place",
    "last_details",
    "leave",
    "move",
    "move_or_swap",
    "record_placement",
    "records_placements",
    "room_hints",
    "set_step",
    "swap",
    "tonight",
]

HAS_LEFT: Final = N_("This stay has ended. Nothing was changed.")
NO_BED: Final = N_("This bed is not in use. Please choose another one.")
OUT_OF_SERVICE: Final = N_("This bed is out of service. Please choose another one.")
BEFORE_LAST_EXIT: Final = N_("She had not left from her last stay at that time. Check the date.")
BASIS_NEEDED: Final = N_("For a child, say on what basis she is placed here.")
LATE_REASON: Final = N_("This is more than a day ago: please say why it is recorded now.")
LATE_FOR_HOUSE: Final = N_(
    "This is more than a day ago. Please ask the case worker to record the admission, or choose "
    "a time within the last 24 hours."
)
IS_AWAY: Final = N_("She is already away. Let her come back first, or change that entry.")
IS_BACK: Final = N_("She is already back. Nothing was changed.")
BED_WANTED: Final = N_("Her place was not kept. Please choose a bed for her.")
NOT_HELD: Final = N_("Her place is not kept any more.")
SAME_BED: Final = N_("She already sleeps in this bed.")
REASON_WANTED: Final = N_("Something is still open. Please say why she leaves now.")
NOT_A_STEP: Final = N_("A stay does not go from this step to that one.")
BEFORE_ADMISSION: Final = N_("This is before she came.")


@dataclass(frozen=True)
class Exit:
    """A stay that has ended, and how many contacts were planned."""

    stay: Stay
    contacts: int


def records_placements(work: Work) -> bool:
    """Say whether the worker's role records why somebody is placed here (the house does not)."""
    return access.may(work.actor, Action.WRITE, Placement, assigned=True)


# Admission


def admit(work: Work, stay: Stay, bed_id: int, placement: Placement | None = None) -> Stay:
    """Open a stay in a bed; with the casework key also why and on what basis."""
    person = work.get(Person, stay.person_id)
    work.require(Action.WRITE, Stay, person.id)
    admitted_at = stay.admitted_at or work.now
    _check_dates(work, person.id, admitted_at)
    with_placement = records_placements(work)
    placement = placement or Placement(person_id=person.id, admission_kind="new")
    if with_placement:
        _check_placement(placement, person.age_band, admitted_at, work.now)
    elif admission.needs_late_reason(admitted_at, work.now):
        raise NotPossible(LATE_FOR_HOUSE)
    bed = _usable_bed(work, bed_id)
    with one_bed_one_person():
        saved = work.save(
            dataclasses.replace(
                stay,
                admitted_at=admitted_at,
                stay_no=questions.next_stay_no(work.connection, person.id),
                state=stay_states.ADMITTED,
            )
        )
        work.save(_in_bed(saved, bed.id, admitted_at))
    if with_placement:
        _save_placement(work, saved, placement)
    return saved


def last_details(work: Work, person_id: int) -> tuple[Stay, Placement]:
    """Return a new stay and placement to fill in, offering what the last stay said."""
    work.require(Action.WRITE, Stay, person_id)
    earlier = work.matching(Stay, order=("-admitted_at",), limit=1, person_id=person_id)
    stay = Stay(person_id=person_id, state=stay_states.ADMITTED, admitted_at=work.now)
    placement = Placement(person_id=person_id, admission_kind="new")
    if not earlier:
        return stay, placement
    last = earlier[0]
    stay = dataclasses.replace(stay, case_manager=last.case_manager, counsellor=last.counsellor)
    placement = dataclasses.replace(placement, admission_kind="readmission")
    kept = work.find(Placement, last.id)
    if kept is not None:
        came_back = kept.exit_type == "ran_away"
        kind = "readmission_return" if came_back else "readmission"
        placement = dataclasses.replace(
            placement, admission_kind=kind, legal_basis=kept.legal_basis
        )
    return stay, placement


def record_placement(work: Work, placement: Placement) -> Placement:
    """Record why somebody whom the house admitted at night is placed here, or change it."""
    stay = work.get(Stay, placement.id)
    work.require(Action.WRITE, Placement, stay.person_id)
    person = work.get(Person, stay.person_id)
    if not admission.has_basis(person.age_band, placement.legal_basis):
        raise ValidationFailed((Problem("legal_basis", BASIS_NEEDED),))
    if placement.revision:
        return work.save(placement)
    return _save_placement(work, stay, placement)


def room_hints(work: Work, person_id: int, bed_id: int) -> tuple[str, ...]:
    """Return sentences to confirm about a person in a bed; they never forbid it."""
    person, bed = work.get(Person, person_id), work.get(Bed, bed_id)
    room = work.get(Room, bed.room_id)
    found = admission.room_hints(room, person.sex, person.age_band)
    beds = [other.id for other in work.matching(Bed, room_id=room.id)]
    sleepers = work.matching(BedStay, bed_id=beds, to_at=None)
    others = work.many(Person, [s.person_id for s in sleepers if s.person_id != person_id])
    bands = tuple(other.age_band for other in others.values())
    if admission.mixes_ages(room.room_type, person.age_band, bands):
        found += (admission.ADULTS_AND_CHILDREN,)
    return found


# Being away


def leave(work: Work, absence: Absence) -> Absence:
    """Record that a resident sleeps elsewhere; a place that is not kept becomes free."""
    stay = _open_stay(work, absence.stay_id)
    work.require(Action.WRITE, Absence, stay.person_id)
    left_at = absence.left_at or work.now
    if stay.admitted_at and left_at < stay.admitted_at:
        raise ValidationFailed((Problem("left_at", BEFORE_ADMISSION),))
    earlier = _open_absence(work, stay.id)
    if earlier is not None:
        if absence.type != stay_states.MISSING_TYPE:
            raise NotPossible(IS_AWAY)
        work.save(
            dataclasses.replace(earlier, returned_at=max(left_at, earlier.left_at or left_at))
        )
    saved = work.save(
        dataclasses.replace(
            absence,
            person_id=stay.person_id,
            left_at=left_at,
            authorised_by=absence.authorised_by or work.actor.staff_id,
            place_given_up_at=None if absence.bed_held else left_at,
        )
    )
    if not saved.bed_held:
        _leave_bed(work, stay.id, left_at)
    _set_state(work, stay, *stay_states.on_leaving(stay.state, stay.state_before, saved.type))
    return saved


def come_back(
    work: Work, absence_id: int, returned_at: datetime | None = None, bed_id: int = 0
) -> Absence:
    """Record that a resident is back, in the state held before; a lost place asks for a bed."""
    absence = work.get(Absence, absence_id)
    if absence.returned_at is not None:
        raise NotPossible(IS_BACK)
    stay = _open_stay(work, absence.stay_id)
    back_at = returned_at or max(work.now, absence.left_at or work.now)
    homeless = _open_bed_stay(work, stay.id) is None
    if homeless and not bed_id:
        raise NotPossible(BED_WANTED)
    saved = work.save(dataclasses.replace(absence, returned_at=back_at))
    if homeless:
        bed = _usable_bed(work, bed_id)
        with one_bed_one_person():
            work.save(_in_bed(stay, bed.id, back_at))
    _set_state(work, stay, *stay_states.on_return(stay.state, stay.state_before))
    return saved


def give_up_place(work: Work, absence_id: int) -> Absence:
    """Free the bed of somebody who is away; the nights until now keep counting."""
    absence = work.get(Absence, absence_id)
    if absence.returned_at is not None:
        raise NotPossible(IS_BACK)
    if not absence.bed_held:
        raise NotPossible(NOT_HELD)
    _leave_bed(work, absence.stay_id, work.now)
    return work.save(dataclasses.replace(absence, bed_held=False, place_given_up_at=work.now))


# Beds


def move(work: Work, stay_id: int, bed_id: int) -> BedStay:
    """Give a resident another bed from now on (or a first one)."""
    stay = _open_stay(work, stay_id)
    work.require(Action.WRITE, BedStay, stay.person_id)
    bed = _usable_bed(work, bed_id)
    current = _open_bed_stay(work, stay.id)
    if current is not None:
        if current.bed_id == bed.id:
            raise NotPossible(SAME_BED)
        work.save(dataclasses.replace(current, to_at=_not_before(work.now, current)))
    with one_bed_one_person():
        return work.save(_in_bed(stay, bed.id, work.now))


def swap(work: Work, stay_id: int, other_stay_id: int) -> None:
    """Let two residents change beds."""
    stays = (_open_stay(work, stay_id), _open_stay(work, other_stay_id))
    found = (_open_bed_stay(work, stay.id) for stay in stays)
    held = [current for current in found if current is not None]
    if len(held) != len(stays):
        raise NotPossible(BED_WANTED)
    for current in held:
        work.require(Action.WRITE, BedStay, current.person_id)
        work.save(dataclasses.replace(current, to_at=_not_before(work.now, current)))
    with one_bed_one_person():
        work.save(_in_bed(stays[0], held[1].bed_id, work.now))
        work.save(_in_bed(stays[1], held[0].bed_id, work.now))


def move_or_swap(work: Work, source_bed_id: int, target_bed_id: int) -> None:
    """Do what dropping one bed's tile on another means."""
    sleepers = {
        found.bed_id: found
        for found in work.matching(BedStay, bed_id=[source_bed_id, target_bed_id], to_at=None)
    }
    source, target = sleepers.get(source_bed_id), sleepers.get(target_bed_id)
    if source is None:
        raise NotPossible(NO_BED)
    if target is None:
        move(work, source.stay_id, target_bed_id)
    else:
        swap(work, source.stay_id, target.stay_id)


# Steps and leaving


def set_step(work: Work, stay_id: int, state: str) -> Stay:
    """Take a stay to its next ordinary step (intake, first days, assessment, plan, …)."""
    stay = _open_stay(work, stay_id)
    work.require(Action.WRITE, Placement, stay.person_id)
    if state not in stay_states.next_states(stay.state):
        raise NotPossible(NOT_A_STEP)
    return work.save(dataclasses.replace(stay, state=state))


def exit_draft(work: Work, stay_id: int) -> Placement:
    """Return the placement to fill in for leaving; a new one when the house admitted at night."""
    stay = _open_stay(work, stay_id)
    work.require_role("manager")
    kept = work.find(Placement, stay.id)
    if kept is None:
        return Placement(id=stay.id, person_id=stay.person_id, admission_kind="new")
    if kept.exit_type:
        return kept
    return dataclasses.replace(kept, exit_type=kept.provisional_exit_type)


def exit_concerns(work: Work, details: Placement) -> tuple[Concern, ...]:
    """Return what is open before this person leaves in this way."""
    stay = _open_stay(work, details.id)
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
    stay = _open_stay(work, details.id)
    work.require_role("manager")
    left_at = exited_at or work.now
    _check_exit(work, stay, details, left_at)
    absence = _open_absence(work, stay.id)
    if absence is not None:
        work.save(
            dataclasses.replace(absence, returned_at=max(left_at, absence.left_at or left_at))
        )
    _leave_bed(work, stay.id, left_at)
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
        problems.append(Problem("exit_type", N_("Please fill this in.")))
    if stay.admitted_at and left_at < stay.admitted_at:
        problems.append(Problem("exited_at", BEFORE_ADMISSION))
    if problems:
        raise ValidationFailed(tuple(problems))
    reasoned = bool(details.exit_override_reason.strip())
    if not reasoned and any(found.needs_reason for found in exit_concerns(work, details)):
        raise NotPossible(REASON_WANTED)


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


# Parts


def _check_dates(work: Work, person_id: int, admitted_at: datetime) -> None:
    for earlier in work.matching(Stay, order=("-admitted_at",), limit=1, person_id=person_id):
        if earlier.exited_at is None:
            raise NotPossible(questions.ALREADY_HERE)
        if admitted_at < earlier.exited_at:
            raise ValidationFailed((Problem("admitted_at", BEFORE_LAST_EXIT),))


def _check_placement(
    placement: Placement, age_band: str, admitted_at: datetime, now: datetime
) -> None:
    problems = []
    if not admission.has_basis(age_band, placement.legal_basis):
        problems.append(Problem("legal_basis", BASIS_NEEDED))
    late = admission.needs_late_reason(admitted_at, now)
    if late and not placement.late_entry_reason.strip():
        problems.append(Problem("late_entry_reason", LATE_REASON))
    if problems:
        raise ValidationFailed(tuple(problems))


def _save_placement(work: Work, stay: Stay, placement: Placement) -> Placement:
    """Write a first placement and end what was still owed from an earlier stay.

    By program: whoever admits need not be the case worker the stay names.
    """
    saved = work.save(
        dataclasses.replace(placement, id=stay.id, person_id=stay.person_id, revision=0),
        by_program=True,
    )
    for owed in work.rule_matching(FollowupContact, person_id=stay.person_id, done_on=None):
        work.save(
            dataclasses.replace(owed, voided=True, void_reason="admitted again"), by_program=True
        )
    return saved


def _open_stay(work: Work, stay_id: int) -> Stay:
    stay = work.get(Stay, stay_id)
    if stay.exited_at is not None or stay.voided:
        raise NotPossible(HAS_LEFT)
    return stay


def _open_bed_stay(work: Work, stay_id: int) -> BedStay | None:
    return next(iter(work.rule_matching(BedStay, stay_id=stay_id, to_at=None)), None)


def _open_absence(work: Work, stay_id: int) -> Absence | None:
    return next(iter(work.rule_matching(Absence, stay_id=stay_id, returned_at=None)), None)


def _usable_bed(work: Work, bed_id: int) -> Bed:
    bed = work.find(Bed, bed_id)
    if bed is None or bed.voided:
        raise NotPossible(NO_BED)
    if bed.out_of_service:
        raise NotPossible(OUT_OF_SERVICE)
    return bed


def _in_bed(stay: Stay, bed_id: int, from_at: datetime) -> BedStay:
    return BedStay(person_id=stay.person_id, stay_id=stay.id, bed_id=bed_id, from_at=from_at)


def _leave_bed(work: Work, stay_id: int, at: datetime) -> None:
    current = _open_bed_stay(work, stay_id)
    if current is not None:
        work.save(dataclasses.replace(current, to_at=_not_before(at, current)))


def _not_before(at: datetime, current: BedStay) -> datetime:
    return max(at, current.from_at) if current.from_at else at


def _set_state(work: Work, stay: Stay, state: str, state_before: str) -> None:
    if (stay.state, stay.state_before) != (state, state_before):
        if not work.may(Action.WRITE, Stay, stay.person_id):
            raise NotAllowed("write stay")
        work.save(dataclasses.replace(stay, state=state, state_before=state_before))
