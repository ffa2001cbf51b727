"""Who sleeps where: admit, be away, come back, change beds, leave. Each act is one transaction.

Acts touch a record once, so that undoing them step by step finds each as it was left.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shelter_app.domain import access, admission, stay_states
from shelter_app.domain.access import Action
from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.person import Person
from shelter_app.domain.stay import Absence, Bed, BedStay, Placement, Room, Stay
from shelter_app.errors import NotAllowed, NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services.bed_board import Tonight, tonight
from shelter_app.services.leaving import Exit, exit_concerns, exit_draft, exit_stay
from shelter_app.services.open_stays import (
    BEFORE_ADMISSION,
    NO_BED,
    check_born,
    in_bed,
    leave_bed,
    not_before,
    open_absence,
    open_bed_stay,
    open_stay,
    usable_bed,
)
from shelter_app.services.work import Work
from shelter_app.storage.questions import house as questions
from shelter_app.storage.questions.house import one_bed_one_person

__all__ = [
    "AdmissionDraft",
    "Exit",
    "Tonight",
    "admission_draft",
    "admit",
    "come_back",
    "drop_hints",
    "exit_concerns",
    "exit_draft",
    "exit_stay",
    "give_up_place",
    "leave",
    "move",
    "move_hints",
    "move_or_swap",
    "move_to",
    "record_placement",
    "records_placements",
    "room_hints",
    "set_step",
    "swap",
    "tonight",
]

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
NOT_A_STEP: Final = N_("A stay does not go from this step to that one.")


@dataclass(frozen=True)
class AdmissionDraft:
    """What an admission begins with; no placement for a role that does not record it."""

    stay: Stay
    placement: Placement | None
    is_child: bool
    person_words: str
    stays_before: int


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
    bed = usable_bed(work, bed_id, person.id)
    with one_bed_one_person():
        saved = work.save(
            dataclasses.replace(
                stay,
                admitted_at=admitted_at,
                stay_no=questions.next_stay_no(work.connection, person.id),
                state=stay_states.ADMITTED,
            )
        )
        work.save(in_bed(saved, bed.id, admitted_at))
    if with_placement:
        _save_placement(work, saved, placement)
    return saved


def admission_draft(work: Work, person_id: int = 0) -> AdmissionDraft:
    """Return a new stay and placement to fill in; somebody known is offered her last details."""
    work.require(Action.WRITE, Stay, person_id)
    stay = Stay(person_id=person_id, state=stay_states.ADMITTED, admitted_at=work.now)
    placement = Placement(
        person_id=person_id, admission_kind="new", admitted_by=work.actor.staff_id
    )
    person = work.get(Person, person_id) if person_id else None
    earlier = work.matching(Stay, order=("-admitted_at",), limit=1, person_id=person_id)
    if person is not None and earlier:
        last = earlier[0]
        kept = work.find(Placement, last.id) or placement
        ran_away = kept.exit_type == "ran_away"
        stay = dataclasses.replace(stay, case_manager=last.case_manager, counsellor=last.counsellor)
        placement = dataclasses.replace(
            placement,
            admission_kind="readmission_return" if ran_away else "readmission",
            legal_basis=kept.legal_basis,
        )
    elif work.actor.has_role("social_worker"):
        stay = dataclasses.replace(stay, case_manager=work.actor.staff_id)
    return AdmissionDraft(
        stay=stay,
        placement=placement if records_placements(work) else None,
        is_child=person is not None and admission.is_child(person.age_band),
        person_words=person.headline() if person else "",
        stays_before=earlier[0].stay_no if earlier else 0,
    )


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


def room_hints(
    work: Work, person_id: int, bed_id: int, *, leaving: Collection[int] = ()
) -> tuple[str, ...]:
    """Return sentences to confirm about a person in a bed; they never forbid it.

    `leaving` names people who go to another room at the same time.
    """
    person, bed = work.get(Person, person_id), work.get(Bed, bed_id)
    room = work.get(Room, bed.room_id)
    found = admission.room_hints(room, person.sex, person.age_band)
    beds = [other.id for other in work.matching(Bed, room_id=room.id)]
    sleepers = work.matching(BedStay, bed_id=beds, to_at=None)
    others = work.many(
        Person, [s.person_id for s in sleepers if s.person_id not in (person_id, *leaving)]
    )
    bands = tuple(other.age_band for other in others.values())
    if admission.mixes_ages(room.room_type, person.age_band, bands):
        found += (admission.ADULTS_AND_CHILDREN,)
    return found


def move_hints(work: Work, stay_id: int, bed_id: int) -> tuple[str, ...]:
    """Return what to confirm before somebody moves to a bed, or changes places for it."""
    stay, target = open_stay(work, stay_id), work.get(Bed, bed_id)
    current = open_bed_stay(work, stay.id)
    source = work.find(Bed, current.bed_id) if current else None
    if source is not None and source.room_id == target.room_id:
        return ()
    there = [s for s in work.matching(BedStay, bed_id=bed_id, to_at=None) if s.stay_id != stay.id]
    others = [other.person_id for other in there]
    found = room_hints(work, stay.person_id, bed_id, leaving=others)
    if source is not None:
        for person_id in others:
            found += room_hints(work, person_id, source.id, leaving=(stay.person_id,))
    return tuple(dict.fromkeys(found))


def drop_hints(work: Work, source_bed_id: int, target_bed_id: int) -> tuple[str, ...]:
    """Return what to confirm before one bed's tile is dropped on another."""
    source = work.matching(BedStay, bed_id=source_bed_id, to_at=None)
    return move_hints(work, source[0].stay_id, target_bed_id) if source else ()


# Being away


def leave(work: Work, absence: Absence) -> Absence:
    """Record that a resident sleeps elsewhere; a place that is not kept becomes free."""
    stay = open_stay(work, absence.stay_id)
    work.require(Action.WRITE, Absence, stay.person_id)
    left_at = absence.left_at or work.now
    if stay.admitted_at and left_at < stay.admitted_at:
        raise ValidationFailed((Problem("left_at", BEFORE_ADMISSION),))
    earlier = open_absence(work, stay.id)
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
        leave_bed(work, stay.id, left_at)
    _set_state(work, stay, *stay_states.on_leaving(stay.state, stay.state_before, saved.type))
    return saved


def come_back(
    work: Work, absence_id: int, returned_at: datetime | None = None, bed_id: int = 0
) -> Absence:
    """Record that a resident is back, in the state held before; a lost place asks for a bed."""
    absence = work.get(Absence, absence_id)
    if absence.returned_at is not None:
        raise NotPossible(IS_BACK)
    stay = open_stay(work, absence.stay_id)
    back_at = returned_at or max(work.now, absence.left_at or work.now)
    homeless = open_bed_stay(work, stay.id) is None
    if homeless and not bed_id:
        raise NotPossible(BED_WANTED)
    saved = work.save(dataclasses.replace(absence, returned_at=back_at))
    if homeless:
        bed = usable_bed(work, bed_id, stay.person_id)
        with one_bed_one_person():
            work.save(in_bed(stay, bed.id, back_at))
    _set_state(work, stay, *stay_states.on_return(stay.state, stay.state_before))
    return saved


def give_up_place(work: Work, absence_id: int) -> Absence:
    """Free the bed of somebody who is away; the nights until now keep counting."""
    absence = work.get(Absence, absence_id)
    if absence.returned_at is not None:
        raise NotPossible(IS_BACK)
    if not absence.bed_held:
        raise NotPossible(NOT_HELD)
    leave_bed(work, absence.stay_id, work.now)
    return work.save(dataclasses.replace(absence, bed_held=False, place_given_up_at=work.now))


# Beds


def move(work: Work, stay_id: int, bed_id: int) -> BedStay:
    """Give a resident another bed from now on (or a first one)."""
    stay = open_stay(work, stay_id)
    work.require(Action.WRITE, BedStay, stay.person_id)
    bed = usable_bed(work, bed_id, stay.person_id)
    current = open_bed_stay(work, stay.id)
    if current is not None:
        if current.bed_id == bed.id:
            raise NotPossible(SAME_BED)
        work.save(dataclasses.replace(current, to_at=not_before(work.now, current)))
    with one_bed_one_person():
        return work.save(in_bed(stay, bed.id, work.now))


def swap(work: Work, stay_id: int, other_stay_id: int) -> None:
    """Let two residents change beds."""
    stays = (open_stay(work, stay_id), open_stay(work, other_stay_id))
    found = (open_bed_stay(work, stay.id) for stay in stays)
    held = [current for current in found if current is not None]
    if len(held) != len(stays):
        raise NotPossible(BED_WANTED)
    for current, other in zip(held, reversed(held), strict=True):
        work.require(Action.WRITE, BedStay, current.person_id)
        usable_bed(work, other.bed_id, current.person_id)
        work.save(dataclasses.replace(current, to_at=not_before(work.now, current)))
    with one_bed_one_person():
        work.save(in_bed(stays[0], held[1].bed_id, work.now))
        work.save(in_bed(stays[1], held[0].bed_id, work.now))


def move_to(work: Work, stay_id: int, bed_id: int) -> None:
    """Move somebody to a bed; whoever has it gets hers in exchange."""
    there = work.matching(BedStay, bed_id=bed_id, to_at=None)
    if there and there[0].stay_id != stay_id:
        swap(work, stay_id, there[0].stay_id)
    else:
        move(work, stay_id, bed_id)


def move_or_swap(work: Work, source_bed_id: int, target_bed_id: int) -> None:
    """Do what dropping one bed's tile on another means."""
    source = work.matching(BedStay, bed_id=source_bed_id, to_at=None)
    if not source:
        raise NotPossible(NO_BED)
    move_to(work, source[0].stay_id, target_bed_id)


# Steps


def set_step(work: Work, stay_id: int, state: str) -> Stay:
    """Take a stay to its next ordinary step (intake, first days, assessment, plan, …)."""
    stay = open_stay(work, stay_id)
    work.require(Action.WRITE, Placement, stay.person_id)
    if state not in stay_states.next_states(stay.state):
        raise NotPossible(NOT_A_STEP)
    return work.save(dataclasses.replace(stay, state=state))


# Parts


def _check_dates(work: Work, person_id: int, admitted_at: datetime) -> None:
    check_born(work, person_id, admitted_at)
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


def _set_state(work: Work, stay: Stay, state: str, state_before: str) -> None:
    if (stay.state, stay.state_before) != (state, state_before):
        if not work.may(Action.WRITE, Stay, stay.person_id):
            raise NotAllowed("write stay")
        work.save(dataclasses.replace(stay, state=state, state_before=state_before))
