"""A stay that is open, the bed it has and the absence it is in: what acts on stays begin with."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Final

from shelter_app.domain import admission
from shelter_app.domain.person import Person, PersonBackground
from shelter_app.domain.stay import Absence, Bed, BedStay, Stay
from shelter_app.errors import NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services.work import Work

HAS_LEFT: Final = N_("This stay has ended. Nothing was changed.")
NO_BED: Final = N_("This bed is not in use. Please choose another one.")
OUT_OF_SERVICE: Final = N_("This bed is out of service. Please choose another one.")
BEFORE_ADMISSION: Final = N_("This is before she came.")
BEFORE_BIRTH: Final = N_("This is before she was born. Check it, or her date of birth.")


def open_stay(work: Work, stay_id: int) -> Stay:
    """Return a stay that has not ended; NotPossible when it has."""
    stay = work.get(Stay, stay_id)
    if stay.exited_at is not None or stay.voided:
        raise NotPossible(HAS_LEFT)
    return stay


def check_born(work: Work, person_id: int, admitted_at: datetime) -> None:
    """Refuse an admission before the date of birth, where the worker's key reaches that."""
    background = work.rule_find(PersonBackground, person_id)
    born = background.birth_date if background else None
    if born and admitted_at.date() < born:
        raise ValidationFailed((Problem("admitted_at", BEFORE_BIRTH),))


def open_bed_stay(work: Work, stay_id: int) -> BedStay | None:
    """Return the bed a stay has now, or None."""
    return next(iter(work.matching(BedStay, stay_id=stay_id, to_at=None)), None)


def open_absence(work: Work, stay_id: int) -> Absence | None:
    """Return the absence a stay is in now, or None."""
    return next(iter(work.matching(Absence, stay_id=stay_id, returned_at=None)), None)


def usable_bed(work: Work, bed_id: int, person_id: int) -> Bed:
    """Return a bed this person can be given; NotPossible when it is gone, closed or a cot."""
    bed = work.find(Bed, bed_id)
    if bed is None or bed.voided:
        raise NotPossible(NO_BED)
    if bed.out_of_service:
        raise NotPossible(OUT_OF_SERVICE)
    person = work.find(Person, person_id) if bed.cot else None
    if person is not None and not admission.fits_cot(person.age_band):
        raise NotPossible(admission.IN_A_COT)
    return bed


def in_bed(stay: Stay, bed_id: int, from_at: datetime) -> BedStay:
    """Return the record of a stay having a bed from a moment on."""
    return BedStay(person_id=stay.person_id, stay_id=stay.id, bed_id=bed_id, from_at=from_at)


def leave_bed(work: Work, stay_id: int, at: datetime) -> None:
    """End the bed a stay has, if it has one."""
    current = open_bed_stay(work, stay_id)
    if current is not None:
        work.save(dataclasses.replace(current, to_at=not_before(at, current)))


def not_before(at: datetime, current: BedStay) -> datetime:
    """Return a moment, or the beginning of the bed when that is later."""
    return max(at, current.from_at) if current.from_at else at
