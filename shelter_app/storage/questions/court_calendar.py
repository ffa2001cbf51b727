"""Questions about the house calendar: what stands in it, who goes along, who is wanted twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain.appointment import Appointment
from shelter_app.domain.court_attendance import CourtAttendance
from shelter_app.domain.legal import Accompaniment, CourtEvent, LegalCase
from shelter_app.domain.person import Person
from shelter_app.storage.questions.court import current_event, living
from shelter_app.storage.records import in_parts
from shelter_app.storage.tables import table_of

_CASE: Final = table_of(LegalCase)
_EVENT: Final = table_of(CourtEvent)
_PERSON: Final = table_of(Person)
_APPOINTMENT: Final = table_of(Appointment)
_GOING: Final = table_of(Accompaniment)
_ATTENDANCE: Final = table_of(CourtAttendance)


@dataclass(frozen=True)
class BusyTime:
    """A time at which somebody is already wanted; what for is not said."""

    appointment_id: int
    kind: str
    starts_at: datetime
    ends_at: datetime


def companions(
    connection: sa.Connection, appointment_ids: Iterable[int]
) -> dict[int, list[tuple[int, str, str]]]:
    """Return (staff id, name of somebody else, role) of who goes along, by appointment."""
    found: dict[int, list[tuple[int, str, str]]] = {}
    for part in in_parts(appointment_ids):
        statement = (
            sa.select(
                _GOING.c.court_event_id, _GOING.c.staff_id, _GOING.c.companion_name, _GOING.c.role
            )
            .where(_GOING.c.court_event_id.in_(part), living(_GOING))
            .order_by(_GOING.c.created_at, _GOING.c.id)
        )
        for event_id, staff_id, name, role in connection.execute(statement):
            found.setdefault(int(event_id), []).append((int(staff_id), str(name), str(role)))
    return found


def busy_times(
    connection: sa.Connection, staff_id: int, starts_at: datetime, ends_at: datetime
) -> tuple[BusyTime, ...]:
    """Return where a worker is wanted in a span: her own appointments and those she goes along to.

    The earliest start looked at is a day before, because an appointment lasts a day at most.
    """
    goes = sa.exists().where(
        _GOING.c.court_event_id == _APPOINTMENT.c.id,
        living(_GOING),
        _GOING.c.staff_id == staff_id,
    )
    statement = (
        sa.select(
            _APPOINTMENT.c.id,
            _APPOINTMENT.c.kind,
            _APPOINTMENT.c.starts_at,
            _APPOINTMENT.c.leave_house_at,
            _APPOINTMENT.c.duration_min,
        )
        .where(
            _APPOINTMENT.c.starts_at > starts_at - timedelta(days=1),
            _APPOINTMENT.c.starts_at < ends_at + timedelta(days=1),
            living(_APPOINTMENT),
            _APPOINTMENT.c.cancelled == sa.false(),
            sa.or_(_APPOINTMENT.c.staff_id == staff_id, goes),
        )
        .order_by(_APPOINTMENT.c.starts_at)
    )
    found = []
    for record_id, kind, start, leaves, minutes in connection.execute(statement):
        begins = min(start, leaves) if leaves else start
        ends = start + timedelta(minutes=minutes or 60)
        if begins < ends_at and ends > starts_at:
            found.append(BusyTime(int(record_id), str(kind), begins, ends))
    return tuple(found)


@dataclass(frozen=True)
class CalendarLine:
    """One appointment in the house calendar with the person it is for."""

    id: int
    kind: str
    starts_at: datetime
    duration_min: int
    leave_house_at: datetime | None
    person_goes: bool
    staff_id: int
    room: str
    person_id: int
    person_no: str
    display_alias: str


def _in_days(first: date, last: date, *, court_only: bool) -> sa.ColumnElement[bool]:
    start = datetime.combine(first, datetime.min.time())
    end = datetime.combine(last, datetime.min.time()) + timedelta(days=1)
    conditions = [
        _APPOINTMENT.c.starts_at >= start,
        _APPOINTMENT.c.starts_at < end,
        living(_APPOINTMENT),
        _APPOINTMENT.c.cancelled == sa.false(),
    ]
    if court_only:
        conditions.append(_APPOINTMENT.c.kind == "court")
    return sa.and_(*conditions)


def day_counts(
    connection: sa.Connection, first: date, last: date, *, court_only: bool = False
) -> dict[date, tuple[int, int]]:
    """Return for each day that has some (appointments, court dates among them)."""
    day = sa.func.date(_APPOINTMENT.c.starts_at)
    statement = (
        sa.select(
            day,
            sa.func.count(),
            sa.func.sum(sa.case((_APPOINTMENT.c.kind == "court", 1), else_=0)),
        )
        .where(_in_days(first, last, court_only=court_only))
        .group_by(day)
    )
    return {
        date.fromisoformat(row[0]): (int(row[1]), int(row[2]))
        for row in connection.execute(statement)
    }


def calendar_lines(
    connection: sa.Connection,
    first: date,
    last: date,
    *,
    court_only: bool = False,
    limit: int | None = None,
) -> tuple[CalendarLine, ...]:
    """Return the appointments of some days in order; cancelled ones are left out."""
    statement = (
        sa.select(
            _APPOINTMENT.c.id,
            _APPOINTMENT.c.kind,
            _APPOINTMENT.c.starts_at,
            sa.func.coalesce(_APPOINTMENT.c.duration_min, 60),
            _APPOINTMENT.c.leave_house_at,
            _APPOINTMENT.c.person_goes,
            _APPOINTMENT.c.staff_id,
            _APPOINTMENT.c.room,
            _APPOINTMENT.c.person_id,
            sa.func.coalesce(_PERSON.c.person_no, ""),
            sa.func.coalesce(_PERSON.c.display_alias, ""),
        )
        .outerjoin(_PERSON, _PERSON.c.id == _APPOINTMENT.c.person_id)
        .where(_in_days(first, last, court_only=court_only))
        .order_by(_APPOINTMENT.c.starts_at, _APPOINTMENT.c.id)
        .limit(limit)
    )
    return tuple(CalendarLine(*row) for row in connection.execute(statement))


@dataclass(frozen=True)
class HearingLine:
    """The legal side of a court date in the calendar; `id` is hers there, `event_id` the date's."""

    id: int
    event_id: int
    legal_case_id: int
    type: str
    court_station: str
    outcome: str
    short_title: str
    court_case_no: str


def hearing_lines(connection: sa.Connection, event_ids: Iterable[int]) -> dict[int, HearingLine]:
    """Return the legal side of these court dates by the id that stands in the house calendar."""
    found: dict[int, HearingLine] = {}
    for part in in_parts(event_ids):
        own = _hearing(_EVENT.c.id).where(_EVENT.c.id.in_(part))
        shared = (
            _hearing(_ATTENDANCE.c.id)
            .join(_ATTENDANCE, _ATTENDANCE.c.court_event_id == _EVENT.c.id)
            .where(_ATTENDANCE.c.id.in_(part), living(_ATTENDANCE))
        )
        for statement in (own, shared):
            for row in connection.execute(statement):
                found[int(row[0])] = HearingLine(*row)
    return found


def _hearing(key: sa.Column[int]) -> sa.Select[Any]:
    return (
        sa.select(
            key,
            _EVENT.c.id,
            _EVENT.c.legal_case_id,
            _EVENT.c.type,
            _EVENT.c.court_station,
            _EVENT.c.outcome,
            _CASE.c.short_title,
            _CASE.c.court_case_no,
        )
        .select_from(_EVENT)
        .join(_CASE, _CASE.c.id == _EVENT.c.legal_case_id)
        .where(current_event())
    )
