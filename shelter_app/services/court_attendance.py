"""Who of a shared case has to be at a court date, and the house calendar that follows.

Each further survivor has an appointment of her own in the house, so that she is missed at
breakfast, counted on the way and never goes alone because somebody else has a companion.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from shelter_app.domain.appointment import COURT, Appointment
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.domain.court_attendance import CourtAttendance
from shelter_app.domain.legal import CourtEvent
from shelter_app.services.work import Work

_NOT_NEEDED: Final = "need not be there"


def of_events(work: Work, ids: Iterable[int]) -> dict[int, list[CourtAttendance]]:
    """Return who else has to be at each of these dates, in the order in which they were added."""
    wanted = list(ids)
    found: dict[int, list[CourtAttendance]] = {}
    if not wanted:
        return found
    for one in work.matching(CourtAttendance, court_event_id=wanted, order=("created_at", "id")):
        found.setdefault(one.court_event_id, []).append(one)
    return found


def people(work: Work, event_id: int) -> frozenset[int]:
    """Return the further survivors who have to be at a date."""
    return frozenset(one.person_id for one in of_events(work, [event_id]).get(event_id, ()))


def usual(work: Work, event: CourtEvent) -> frozenset[int]:
    """Return who else is expected at a new date: everybody of the case, when she is needed."""
    if not event.survivor_required:
        return frozenset()
    joined = work.matching(CaseSurvivor, legal_case_id=event.legal_case_id)
    return frozenset(one.person_id for one in joined)


def choose(work: Work, event: CourtEvent, wanted: Collection[int], minutes: int) -> None:
    """Say who else has to be at a coming date; those of the case only."""
    joined = {
        one.person_id for one in work.matching(CaseSurvivor, legal_case_id=event.legal_case_id)
    }
    known = {one.person_id: one for one in of_events(work, [event.id]).get(event.id, ())}
    for person_id in sorted((set(wanted) & joined) - known.keys()):
        _add(work, event, person_id, minutes)
    for person_id, one in known.items():
        if person_id not in wanted:
            _leave_out(work, one)


def follow(work: Work, event: CourtEvent, minutes: int) -> None:
    """Bring what stands in the house for the others in step with a date that moved or fell away."""
    for one in of_events(work, [event.id]).get(event.id, ()):
        if event.voided or event.superseded:
            _leave_out(work, one)
            continue
        if one.starts_at != event.starts_at:
            one = work.save(replace(one, starts_at=event.starts_at), by_program=True)  # noqa: PLW2901
        _keep_in_house(work, event, one, minutes)


def pass_on(work: Work, old: CourtEvent, new: CourtEvent) -> None:
    """Give the others of a corrected date to the entry that stands for it now."""
    for one in of_events(work, [old.id]).get(old.id, ()):
        work.save(replace(one, court_event_id=new.id, starts_at=new.starts_at), by_program=True)


def join(work: Work, case_id: int, person_id: int) -> None:
    """Expect somebody who joined a case at its coming dates that survivors have to be at."""
    for event in _coming(work, case_id):
        if event.survivor_required and person_id not in people(work, event.id):
            appointment = work.rule_find(Appointment, event.id)
            _add(work, event, person_id, (appointment.duration_min if appointment else None) or 0)


def leave(work: Work, case_id: int, person_id: int) -> None:
    """Expect somebody who is taken out of a case at its coming dates no longer."""
    coming = [event.id for event in _coming(work, case_id)]
    for many in of_events(work, coming).values():
        for one in many:
            if one.person_id == person_id:
                _leave_out(work, one)


def _coming(work: Work, case_id: int) -> list[CourtEvent]:
    events = work.matching(CourtEvent, legal_case_id=case_id, superseded=False)
    return [event for event in events if not event.is_past()]


def _add(work: Work, event: CourtEvent, person_id: int, minutes: int) -> None:
    kept = work.save(
        CourtAttendance(
            person_id=person_id,
            legal_case_id=event.legal_case_id,
            court_event_id=event.id,
            starts_at=event.starts_at,
        ),
        by_program=True,
    )
    _keep_in_house(work, event, kept, minutes)


def _leave_out(work: Work, attendance: CourtAttendance) -> None:
    work.save(replace(attendance, voided=True, void_reason=_NOT_NEEDED), by_program=True)
    stored = work.rule_find(Appointment, attendance.id)
    if stored is not None and not stored.cancelled:
        work.save(replace(stored, cancelled=True), by_program=True)


def _keep_in_house(
    work: Work, event: CourtEvent, attendance: CourtAttendance, minutes: int
) -> None:
    if not work.holds("house"):
        return
    stored = work.rule_find(Appointment, attendance.id)
    base = stored or Appointment(id=attendance.id, kind=COURT)
    wanted = replace(
        base,
        person_id=attendance.person_id,
        starts_at=event.starts_at,
        leave_house_at=event.leave_house_at,
        person_goes=True,
        duration_min=minutes or base.duration_min,
        cancelled=False,
    )
    if wanted != stored:
        work.save(wanted, by_program=True)
