"""How going to court was for her: asked afterwards by a counsellor, closed to everybody else.

The house's file keeps who went along and that she was asked; what she said needs the counselling
key, and every look at it is written down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shelter_app.domain.access import Action
from shelter_app.domain.after_accompaniment import AfterAccompaniment
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.legal import Accompaniment
from shelter_app.domain.person import Person
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotAllowed, NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services import companions
from shelter_app.services.work import Work

FEW: Final = 6
_NOT_YET: Final = N_("She has not been there yet.")
_ALONE: Final = N_("Nobody is written down as having gone along with her.")
_NOT_YOURS: Final = N_("Only the one she told it to can change this.")


@dataclass(frozen=True)
class Outing:
    """A past appointment outside as her counsellor sees it: when, with whom, asked or not."""

    appointment_id: int
    person_id: int
    starts_at: datetime | None
    going: tuple[str, ...]
    """Who went along; empty when nobody was named, and then there is nothing to add to."""
    asked: bool


@dataclass(frozen=True)
class AfterCard:
    """What she said of one outing, or an entry to fill in (`revision` 0)."""

    outing: Outing
    person: str
    record: AfterAccompaniment
    heard_by: str
    may_write: bool


def may_open(work: Work, person_id: int) -> bool:
    """Say whether the worker may read what she said."""
    return work.may(Action.READ, AfterAccompaniment, person_id)


def outings(work: Work, person_id: int, *, most: int = FEW) -> tuple[Outing, ...]:
    """Return the outings of a person with company, latest first, for her counsellor; else none."""
    if not may_open(work, person_id):
        return ()
    going = work.matching(Accompaniment, person_id=person_id)
    appointments = work.many(Appointment, {one.court_event_id for one in going})
    past = [one for one in appointments.values() if _is_past(work, one)]
    past.sort(key=lambda one: (str(one.starts_at), one.id), reverse=True)
    shown = past[:most]
    names = companions.names_of(work, [one.id for one in shown])
    asked = {one.court_event_id for one in going if one.asked_after}
    return tuple(
        Outing(one.id, person_id, one.starts_at, names.get(one.id, ()), one.id in asked)
        for one in shown
    )


def _is_past(work: Work, appointment: Appointment) -> bool:
    came = appointment.starts_at is not None and appointment.starts_at <= work.now
    return came and not appointment.cancelled and not appointment.voided


def outing_of(work: Work, accompaniment_id: int) -> int:
    """Return the appointment outside to which a companion went along."""
    return work.get(Accompaniment, accompaniment_id).court_event_id


def may_ask(work: Work, appointment_id: int) -> int:
    """Return 0 when this worker writes down how it went, else the person to plan a talk with."""
    appointment = work.get(Appointment, appointment_id)
    named = work.matching(Accompaniment, court_event_id=appointment_id, limit=1)
    may = work.may(Action.WRITE, AfterAccompaniment, appointment.person_id)
    return 0 if may and named else appointment.person_id


def open_card(work: Work, appointment_id: int) -> AfterCard:
    """Return what she said of an outing, and write in the audit that it was opened.

    Runs as a change, because the audit row must be kept before anything is shown.
    """
    appointment = work.get(Appointment, appointment_id)
    person_id = appointment.person_id
    work.require(Action.READ, AfterAccompaniment, person_id)
    if not _is_past(work, appointment):
        raise NotPossible(_NOT_YET)
    named = work.matching(Accompaniment, court_event_id=appointment_id, order=("created_at", "id"))
    if not named:
        raise NotPossible(_ALONE)
    going = next((one for one in named if one.asked_after), named[0])
    stored = _kept(work, going.id)
    if stored is not None:
        work.log("open", stored)
    record = stored or AfterAccompaniment(
        id=going.id, person_id=person_id, told_on=work.today, heard_by=work.actor.staff_id
    )
    staff = work.find(Staff, record.heard_by)
    person = work.get(Person, person_id)
    names = companions.names_of(work, [appointment_id]).get(appointment_id, ())
    writes = work.may(Action.WRITE, AfterAccompaniment, person_id)
    return AfterCard(
        outing=Outing(
            appointment_id, person_id, appointment.starts_at, names, asked=stored is not None
        ),
        person=_("“{name}” {code}").format(name=person.display_alias, code=person.person_no),
        record=record,
        heard_by=staff.alias if staff else "",
        may_write=writes and record.heard_by == work.actor.staff_id,
    )


def save(work: Work, record: AfterAccompaniment) -> AfterAccompaniment:
    """Keep what she said; the house's file learns only that she was asked."""
    going = work.get(Accompaniment, record.id)
    appointment = work.get(Appointment, going.court_event_id)
    if not work.may(Action.WRITE, AfterAccompaniment, going.person_id):
        raise NotAllowed(f"write {AfterAccompaniment.table}")
    if not _is_past(work, appointment):
        raise NotPossible(_NOT_YET)
    stored = work.rule_find(AfterAccompaniment, record.id)
    if stored is None:
        base = AfterAccompaniment(id=going.id, heard_by=work.actor.staff_id)
    elif stored.voided:
        base = replace(stored, voided=False, void_reason="", heard_by=work.actor.staff_id)
    elif stored.heard_by != work.actor.staff_id:
        raise NotPossible(_NOT_YOURS)
    else:
        base = replace(stored, revision=record.revision)
    kept = work.save(
        replace(
            base,
            person_id=going.person_id,
            told_on=record.told_on,
            survivor_how=record.survivor_how,
        )
    )
    if not going.asked_after:
        work.save(replace(going, asked_after=True), by_program=True)
    return kept


def _kept(work: Work, accompaniment_id: int) -> AfterAccompaniment | None:
    found = work.find(AfterAccompaniment, accompaniment_id)
    return None if found is None or found.voided else found
