"""Questions about counselling: the sessions of some days, who is busy when, open programmes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain.appointment import Appointment, Taken
from shelter_app.domain.counselling import (
    HELD,
    MOVED,
    PLANNED,
    REVIEW_AFTER,
    CounsellingEnrolment,
    CounsellingSession,
)
from shelter_app.domain.legal import Accompaniment
from shelter_app.domain.person import Person
from shelter_app.domain.stay import Stay
from shelter_app.storage.records import in_parts
from shelter_app.storage.tables import table_of

GAP_DAYS: Final = 14
"""Days without a held session that rule DL28 calls a gap."""

_USUAL: Final = 60
_SESSION: Final = table_of(CounsellingSession)
_ENROLMENT: Final = table_of(CounsellingEnrolment)
_APPOINTMENT: Final = table_of(Appointment)
_PERSON: Final = table_of(Person)
_GOING: Final = table_of(Accompaniment)
_STAY: Final = table_of(Stay)
_NOT_TAKING_PLACE: Final = ("cancelled_staff", "cancelled_court", MOVED)


@dataclass(frozen=True)
class SessionLine:
    """A session with its programme and person, as the house may see it."""

    id: int
    person_id: int
    enrolment_id: int
    counsellor: int
    session_no: int
    starts_at: datetime
    minutes: int
    room: str
    modality: str
    status: str
    safety_flag: bool
    planned: int
    alias: str
    person_no: str


def _lines() -> sa.Select[Any]:
    return (
        sa.select(
            _SESSION.c.id,
            _SESSION.c.person_id,
            _SESSION.c.enrolment_id,
            _SESSION.c.counsellor,
            _SESSION.c.session_no,
            _SESSION.c.starts_at,
            sa.func.coalesce(_SESSION.c.duration_min, _USUAL),
            _SESSION.c.room,
            _SESSION.c.modality,
            _SESSION.c.status,
            _SESSION.c.safety_flag,
            sa.func.coalesce(_ENROLMENT.c.target_sessions, 0),
            _PERSON.c.display_alias,
            _PERSON.c.person_no,
        )
        .join(_ENROLMENT, _ENROLMENT.c.id == _SESSION.c.enrolment_id)
        .join(_PERSON, _PERSON.c.id == _SESSION.c.person_id)
        .where(_living(_SESSION))
        .order_by(_SESSION.c.starts_at, _SESSION.c.id)
    )


def _living(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.voided == sa.false()


def _here(person_column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        _STAY.c.person_id == person_column, _STAY.c.exited_at.is_(None), _living(_STAY)
    )


def sessions_between(
    connection: sa.Connection,
    first: date,
    last: date,
    *,
    counsellor: int = 0,
    residents_only: bool = False,
) -> tuple[SessionLine, ...]:
    """Return the sessions of some days in order, those moved elsewhere left out.

    `residents_only` keeps people who left out: the house loses their files when they go.
    """
    statement = _lines().where(
        _SESSION.c.starts_at >= datetime.combine(first, time()),
        _SESSION.c.starts_at < datetime.combine(last, time()) + timedelta(days=1),
        _SESSION.c.status != MOVED,
    )
    if counsellor:
        statement = statement.where(_SESSION.c.counsellor == counsellor)
    if residents_only:
        statement = statement.where(_here(_SESSION.c.person_id))
    return tuple(SessionLine(*row) for row in connection.execute(statement))


def unrecorded(
    connection: sa.Connection, now: datetime, counsellor: int, *, since: datetime
) -> int:
    """Return how many of a counsellor's past sessions wait for their attendance."""
    statement = sa.select(sa.func.count()).where(
        _SESSION.c.starts_at >= since,
        _SESSION.c.starts_at < now,
        _SESSION.c.counsellor == counsellor,
        _SESSION.c.status == PLANNED,
        _living(_SESSION),
    )
    return int(connection.execute(statement).scalar_one())


def taken_times(
    connection: sa.Connection, first: datetime, until: datetime, *, leave_out: int = 0
) -> tuple[Taken, ...]:
    """Return every session and appointment that touches a span, with whom and what it binds.

    The earliest start looked at is a day before, because an appointment lasts a day at most.
    """
    earliest = first - timedelta(days=1)
    found = [
        *_sessions_between(connection, earliest, until),
        *_appointments_between(connection, earliest, until),
    ]
    found += _goes_along(connection, found)
    return tuple(one for one in found if one.ends_at > first and one.id != leave_out)


def _sessions_between(
    connection: sa.Connection, earliest: datetime, until: datetime
) -> Iterator[Taken]:
    statement = sa.select(
        _SESSION.c.id,
        _SESSION.c.starts_at,
        sa.func.coalesce(_SESSION.c.duration_min, _USUAL),
        _SESSION.c.counsellor,
        _SESSION.c.person_id,
        _SESSION.c.room,
    ).where(
        _SESSION.c.starts_at > earliest,
        _SESSION.c.starts_at < until,
        _SESSION.c.status.not_in(_NOT_TAKING_PLACE),
        _living(_SESSION),
    )
    for key, starts, minutes, staff, person, room in connection.execute(statement):
        yield Taken(int(key), starts, int(minutes), staff or 0, person or 0, room)


def _appointments_between(
    connection: sa.Connection, earliest: datetime, until: datetime
) -> Iterator[Taken]:
    statement = sa.select(
        _APPOINTMENT.c.id,
        sa.func.coalesce(_APPOINTMENT.c.leave_house_at, _APPOINTMENT.c.starts_at),
        _APPOINTMENT.c.starts_at,
        sa.func.coalesce(_APPOINTMENT.c.duration_min, _USUAL),
        _APPOINTMENT.c.staff_id,
        sa.case((_APPOINTMENT.c.person_goes, _APPOINTMENT.c.person_id), else_=None),
        _APPOINTMENT.c.room,
    ).where(
        _APPOINTMENT.c.starts_at > earliest,
        _APPOINTMENT.c.starts_at < until,
        _APPOINTMENT.c.cancelled == sa.false(),
        _living(_APPOINTMENT),
    )
    for key, leaves, starts, minutes, staff, person, room in connection.execute(statement):
        begins = min(leaves, starts)
        long = int(minutes) + round((starts - begins).total_seconds() / 60)
        yield Taken(int(key), begins, long, staff or 0, person or 0, room)


def _goes_along(connection: sa.Connection, taken: list[Taken]) -> list[Taken]:
    """Return the same times once more for each worker who goes along to one of them.

    One who goes with two survivors to the same date is wanted there once.
    """
    by_id = {one.id: one for one in taken}
    there: set[tuple[int, datetime, int]] = set()
    found: list[Taken] = []
    for part in in_parts(by_id):
        statement = sa.select(_GOING.c.court_event_id, _GOING.c.staff_id).where(
            _GOING.c.court_event_id.in_(part),
            _GOING.c.staff_id.is_not(None),
            _living(_GOING),
        )
        for key, staff_id in connection.execute(statement):
            one = replace(by_id[int(key)], staff_id=int(staff_id))
            if (one.staff_id, one.starts_at, one.minutes) not in there:
                there.add((one.staff_id, one.starts_at, one.minutes))
                found.append(one)
    return found


# Open programmes


@dataclass(frozen=True)
class ProgrammeLine:
    """An open programme with how far it has come."""

    id: int
    person_id: int
    programme: str
    counsellor: int
    started_on: date
    planned: int
    held: int
    last_held: datetime | None
    next_at: datetime | None
    reviewed: bool
    alias: str
    person_no: str


def _of_enrolment(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(sa.func.max(_SESSION.c.starts_at))
        .where(_SESSION.c.enrolment_id == _ENROLMENT.c.id, _living(_SESSION), *conditions)
        .correlate(_ENROLMENT)
    )


_IS_HELD: Final = _SESSION.c.status.in_(HELD)


def _held_count() -> sa.ScalarSelect[Any]:
    counted = _of_enrolment(_IS_HELD).with_only_columns(sa.func.count())
    return counted.scalar_subquery()


def _last_held() -> sa.ScalarSelect[Any]:
    return _of_enrolment(_IS_HELD).scalar_subquery()


def _coming(now: datetime) -> sa.Select[Any]:
    return _of_enrolment(_SESSION.c.status == PLANNED, _SESSION.c.starts_at >= now)


def programme_ids(
    connection: sa.Connection,
    now: datetime,
    *,
    chip: str = "all",
    counsellor: int = 0,
    residents_only: bool = False,
) -> list[int]:
    """Return the open programmes of a chip, the longest without a session first.

    Chips: 'all'; 'next' has no coming session; 'gap' no held one for two weeks; 'review' a look
    at what changed is owed.
    """
    quiet_since = sa.func.coalesce(_last_held(), _ENROLMENT.c.started_on)
    statement = (
        sa.select(_ENROLMENT.c.id)
        .where(_ENROLMENT.c.completed_on.is_(None), _living(_ENROLMENT))
        .order_by(quiet_since, _ENROLMENT.c.id)
    )
    if counsellor:
        statement = statement.where(_ENROLMENT.c.counsellor == counsellor)
    if residents_only:
        statement = statement.where(_here(_ENROLMENT.c.person_id))
    if chip == "next":
        coming = _coming(now).with_only_columns(_SESSION.c.id)
        statement = statement.where(~coming.exists())
    elif chip == "gap":
        long_ago = (now - timedelta(days=GAP_DAYS)).date().isoformat()
        statement = statement.where(sa.type_coerce(quiet_since, sa.Text) < long_ago)
    elif chip == "review":
        planned = sa.func.coalesce(sa.func.nullif(_ENROLMENT.c.target_sessions, 0), REVIEW_AFTER)
        enough = sa.case((planned < REVIEW_AFTER, planned), else_=REVIEW_AFTER)
        statement = statement.where(_ENROLMENT.c.reviewed == sa.false(), _held_count() >= enough)
    return [int(row[0]) for row in connection.execute(statement)]


def programme_lines(
    connection: sa.Connection, ids: Iterable[int], now: datetime
) -> dict[int, ProgrammeLine]:
    """Return the lines of these programmes by id."""
    first_coming = _coming(now).with_only_columns(sa.func.min(_SESSION.c.starts_at))
    found: dict[int, ProgrammeLine] = {}
    for part in in_parts(ids):
        statement = (
            sa.select(
                _ENROLMENT.c.id,
                _ENROLMENT.c.person_id,
                _ENROLMENT.c.programme,
                _ENROLMENT.c.counsellor,
                _ENROLMENT.c.started_on,
                sa.func.coalesce(_ENROLMENT.c.target_sessions, 0),
                _held_count(),
                _last_held(),
                first_coming.scalar_subquery(),
                _ENROLMENT.c.reviewed == sa.true(),
                _PERSON.c.display_alias,
                _PERSON.c.person_no,
            )
            .join(_PERSON, _PERSON.c.id == _ENROLMENT.c.person_id)
            .where(_ENROLMENT.c.id.in_(part))
        )
        for row in connection.execute(statement):
            found[int(row[0])] = ProgrammeLine(*row)
    return found


def programme_count(connection: sa.Connection, counsellor: int) -> int:
    """Return how many open programmes a counsellor has."""
    statement = sa.select(sa.func.count()).where(
        _ENROLMENT.c.completed_on.is_(None),
        _ENROLMENT.c.counsellor == counsellor,
        _living(_ENROLMENT),
    )
    return int(connection.execute(statement).scalar_one())
