"""A stay put right afterwards: when she came, whose case she is, what the evening left open."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Final

from shelter_app.domain import access, admission
from shelter_app.domain.access import Action
from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.stay import Absence, BedStay, Placement, Stay
from shelter_app.errors import NotAllowed, NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services.house import BEFORE_LAST_EXIT, LATE_FOR_HOUSE, records_placements
from shelter_app.services.open_stays import check_born
from shelter_app.services.work import Work
from shelter_app.storage.questions.house import one_bed_one_person

NOT_THE_LATEST: Final = N_("She has been admitted again since. Nothing was changed.")
AFTER_WHAT_FOLLOWED: Final = N_("By then she had changed beds, gone out or left. Check the date.")
SAY_WHY_FIRST: Final = N_(
    "That is more than a day before the admission was recorded. Please say why under “Change the "
    "basis” first."
)


def may_hand_over(work: Work, person_id: int) -> bool:
    """Say whether the worker decides who her case worker is: it opens her casework to somebody."""
    writes = access.may(work.actor, Action.WRITE, Placement)
    return writes and work.may(Action.WRITE, Placement, person_id)


def correct(work: Work, stay: Stay) -> Stay:
    """Keep a corrected stay; her first bed and the contacts still owed follow it."""
    stored = work.get(Stay, stay.id)
    work.require(Action.WRITE, Stay, stored.person_id)
    latest = work.rule_matching(Stay, order=("-admitted_at",), limit=1, person_id=stored.person_id)
    if not latest or latest[0].id != stored.id:
        raise NotPossible(NOT_THE_LATEST)
    kept = dataclasses.replace(
        stored,
        revision=stay.revision,
        admitted_at=stay.admitted_at,
        case_manager=stay.case_manager,
        belongings_done=stay.belongings_done,
        house_rules_explained=stay.house_rules_explained,
    )
    if kept.case_manager != stored.case_manager:
        _hand_over(work, stored, kept.case_manager)
    if kept.admitted_at is not None and kept.admitted_at != stored.admitted_at:
        _check_admitted(work, stored, kept.admitted_at)
        _move_first_bed(work, stored, kept.admitted_at)
    return work.save(kept)


def _hand_over(work: Work, stay: Stay, case_manager: int) -> None:
    """Give the contacts that are still owed to the new case worker."""
    if not may_hand_over(work, stay.person_id):
        raise NotAllowed("change the case worker")
    for owed in work.rule_matching(FollowupContact, stay_id=stay.id, done_on=None):
        if owed.by == stay.case_manager:
            work.save(dataclasses.replace(owed, by=case_manager), by_program=True)


def _check_admitted(work: Work, stored: Stay, admitted_at: datetime) -> None:
    check_born(work, stored.person_id, admitted_at)
    recorded = stored.created_at or work.now
    if not records_placements(work):
        if admission.needs_late_reason(admitted_at, work.now):
            raise NotPossible(LATE_FOR_HOUSE)
    elif admission.needs_late_reason(admitted_at, recorded):
        placement = work.rule_find(Placement, stored.id)
        if placement is None or not placement.late_entry_reason:
            raise ValidationFailed((Problem("admitted_at", SAY_WHY_FIRST),))
    for earlier in work.rule_matching(Stay, person_id=stored.person_id):
        if earlier.id != stored.id and earlier.exited_at and admitted_at < earlier.exited_at:
            raise ValidationFailed((Problem("admitted_at", BEFORE_LAST_EXIT),))
    absences = work.rule_matching(Absence, stay_id=stored.id)
    followed = [*(absence.left_at for absence in absences), stored.exited_at]
    if any(moment is not None and moment < admitted_at for moment in followed):
        raise ValidationFailed((Problem("admitted_at", AFTER_WHAT_FOLLOWED),))


def _move_first_bed(work: Work, stored: Stay, admitted_at: datetime) -> None:
    """Let the bed she was admitted to begin with her admission."""
    for first in work.rule_matching(BedStay, order=("from_at", "id"), limit=1, stay_id=stored.id):
        from_admission = first.from_at == stored.admitted_at
        ends = first.to_at if from_admission else first.from_at
        if ends is not None and ends < admitted_at:
            raise ValidationFailed((Problem("admitted_at", AFTER_WHAT_FOLLOWED),))
        if from_admission:
            with one_bed_one_person():
                work.save(dataclasses.replace(first, from_at=admitted_at), by_program=True)
