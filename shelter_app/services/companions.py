"""Who goes along to court and how: named from the house file, so that the house can plan it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shelter_app.domain import codelists
from shelter_app.domain.access import Action
from shelter_app.domain.appointment import COURT, Appointment
from shelter_app.domain.legal import Accompaniment
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services.work import Work
from shelter_app.storage.questions import court_calendar as questions
from shelter_app.storage.questions.court_calendar import BusyTime

ROLE_OF: Final = {
    "social_worker": "social_worker",
    "legal_officer": "legal_officer",
    "counsellor": "counsellor",
    "house_mother": "house_mother",
}
_WENT_ALONG: Final = N_("She was asked how it went: this companion did go along.")
_USUAL_WAY: Final = timedelta(minutes=60)


@dataclass(frozen=True)
class Clash:
    """Another time at which the companion is wanted; what for is nobody's business here."""

    starts_at: datetime
    ends_at: datetime


def staff_choices(work: Work, typed: str) -> list[tuple[int, str]]:
    """Return the workers whose name contains what was typed, for a link."""
    wanted = typed.strip().casefold()
    return [
        (staff.id, staff.alias)
        for staff in work.matching(Staff, locked=False, order=("alias",))
        if wanted in staff.alias.casefold() and staff.ended_on is None
    ]


def staff_label(work: Work, staff_id: int) -> str:
    """Return a worker's name as shown in the program."""
    staff = work.find(Staff, staff_id)
    return staff.alias if staff else ""


def new_accompaniment(work: Work, appointment_id: int) -> Accompaniment:
    """Return a companion to name for an appointment outside."""
    work.require(Action.WRITE, Accompaniment)
    appointment = _appointment(work, appointment_id)
    return Accompaniment(
        person_id=appointment.person_id, court_event_id=appointment_id, role="social_worker"
    )


def going_along(work: Work, appointment_id: int) -> Accompaniment:
    """Return the first companion named for an appointment outside, or one to be named."""
    named = work.matching(
        Accompaniment, court_event_id=appointment_id, order=("created_at", "id"), limit=1
    )
    return named[0] if named else new_accompaniment(work, appointment_id)


def usual_role(work: Work, staff_id: int) -> str:
    """Return as what a worker usually goes along, '' when her roles do not say."""
    staff = work.find(Staff, staff_id)
    return next((ROLE_OF[role] for role in staff.roles if role in ROLE_OF), "") if staff else ""


def remove_accompaniment(work: Work, accompaniment_id: int) -> Accompaniment:
    """Take a companion off an appointment; one of whom she has spoken afterwards went along."""
    if work.get(Accompaniment, accompaniment_id).asked_after:
        raise NotPossible(_WENT_ALONG)
    return work.void(Accompaniment, accompaniment_id, _("does not go along"))


def save_accompaniment(work: Work, going: Accompaniment) -> Accompaniment:
    """Name who goes along, or note when they left and came back."""
    appointment = _appointment(work, going.court_event_id)
    return work.save(replace(going, person_id=appointment.person_id))


def clashes(work: Work, appointment_id: int, staff_id: int) -> tuple[Clash, ...]:
    """Return the companion's other times that overlap leaving, hearing and way back."""
    appointment = _appointment(work, appointment_id)
    if not staff_id or appointment.starts_at is None:
        return ()
    begins = appointment.leave_house_at or appointment.starts_at - _USUAL_WAY
    ends = appointment.starts_at + timedelta(minutes=appointment.duration_min or 60)
    return tuple(
        Clash(busy.starts_at, busy.ends_at)
        for busy in questions.busy_times(work.connection, staff_id, begins, ends)
        if busy.appointment_id != appointment_id and not _same_way(busy, appointment, ends)
    )


def _same_way(busy: BusyTime, appointment: Appointment, ends: datetime) -> bool:
    """Say whether it is the same outing of another survivor: one companion may go with both."""
    begins = appointment.leave_house_at or appointment.starts_at
    same = (busy.starts_at, busy.ends_at) == (begins, ends)
    return busy.kind == appointment.kind == COURT and same


def names_of(work: Work, appointment_ids: list[int]) -> dict[int, tuple[str, ...]]:
    """Return in words who goes along to each of these appointments."""
    if not work.may(Action.READ, Accompaniment):
        return {}
    found = questions.companions(work.connection, appointment_ids)
    staff = work.many(Staff, {entry[0] for entries in found.values() for entry in entries})
    return {
        appointment_id: tuple(_name(staff, *entry) for entry in entries)
        for appointment_id, entries in found.items()
    }


def name_of(going: Accompaniment, staff: Mapping[int, Staff]) -> str:
    """Return in words who goes along: the worker, somebody else, or the role."""
    return _name(staff, going.staff_id, going.companion_name, going.role)


def _name(staff: Mapping[int, Staff], staff_id: int, other: str, role: str) -> str:
    if staff_id in staff:
        return staff[staff_id].alias
    return other or codelists.label("accompaniment_role", role)


def _appointment(work: Work, appointment_id: int) -> Appointment:
    return work.get(Appointment, appointment_id)
