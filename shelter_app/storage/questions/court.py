"""Questions about legal cases: lists by filter, their rows, next dates, dates without company."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from shelter_app import clock
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.domain.legal import BEFORE_ARREST, Accompaniment, CourtEvent, LegalCase, Suspect
from shelter_app.domain.person import Person
from shelter_app.storage.records import in_parts
from shelter_app.storage.tables import table_of

NEXT_DAYS: Final = 14
_MOST_FOUND: Final = 200

_CASE: Final = table_of(LegalCase)
_EVENT: Final = table_of(CourtEvent)
_SUSPECT: Final = table_of(Suspect)
_PERSON: Final = table_of(Person)
_OTHER: Final = _PERSON.alias("other")
_JOINED: Final = table_of(CaseSurvivor)
_APPOINTMENT: Final = table_of(Appointment)
_GOING: Final = table_of(Accompaniment)


@dataclass(frozen=True)
class CaseFilter:
    """What the case list is asked for; `chip` is open, soon, police, concluded or mine."""

    chip: str = "open"
    text: str = ""
    staff_id: int = 0


@dataclass(frozen=True)
class NextDate:
    """The next court date of a case."""

    case_id: int
    event_id: int
    starts_at: datetime
    type: str
    survivor_required: bool


@dataclass(frozen=True)
class CaseLine:
    """What a row of the case list is made from."""

    id: int
    person_id: int
    person_no: str
    display_alias: str
    case_type: str
    short_title: str
    stage: str
    court_case_no: str
    ob_number: str
    ob_date: date | None
    court_station: str
    lead_staff: int
    concluded_on: date | None
    arrested: bool


@dataclass(frozen=True)
class LonelyHearing:
    """A court date in the house calendar that she attends and nobody is named to go along."""

    appointment_id: int
    person_id: int
    starts_at: datetime
    leave_house_at: datetime | None


def living(table: sa.Table) -> sa.ColumnElement[bool]:
    """Return the condition that a record is not voided, as the indexes say it."""
    return table.c.voided == sa.false()


def current_event() -> sa.ColumnElement[bool]:
    """Return the condition that a court date was neither voided nor corrected since."""
    return sa.and_(living(_EVENT), _EVENT.c.superseded == sa.false())


def _arrested() -> sa.Exists:
    return sa.exists().where(
        _SUSPECT.c.legal_case_id == _CASE.c.id,
        living(_SUSPECT),
        _SUSPECT.c.arrested_on.is_not(None),
    )


def _next_start(now: datetime) -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.min(_EVENT.c.starts_at))
        .where(_EVENT.c.legal_case_id == _CASE.c.id, current_event(), _EVENT.c.starts_at >= now)
        .correlate(_CASE)
        .scalar_subquery()
    )


def case_ids(connection: sa.Connection, wanted: CaseFilter, now: datetime) -> list[int]:
    """Return the cases of a chip in its own order: next date, longest wait, latest end."""
    if wanted.text.strip():
        return _found(connection, wanted, now)
    return [int(row[0]) for row in connection.execute(_chip(wanted, now))]


def _chip(wanted: CaseFilter, now: datetime) -> sa.Select[Any]:
    if wanted.chip == "soon":
        return _soon(now)
    statement = sa.select(_CASE.c.id).where(living(_CASE))
    if wanted.chip == "concluded":
        return statement.where(_CASE.c.concluded_on.is_not(None)).order_by(
            _CASE.c.concluded_on.desc(), _CASE.c.id
        )
    statement = statement.where(_CASE.c.concluded_on.is_(None))
    if wanted.chip == "police":
        return statement.where(_CASE.c.stage.in_(BEFORE_ARREST), ~_arrested()).order_by(
            sa.nulls_last(_CASE.c.ob_date), _CASE.c.id
        )
    if wanted.chip == "mine":
        statement = statement.where(_CASE.c.lead_staff == wanted.staff_id)
    return statement.order_by(sa.nulls_last(_next_start(now)), _CASE.c.opened_on.desc(), _CASE.c.id)


def _soon(now: datetime) -> sa.Select[Any]:
    return (
        sa.select(_EVENT.c.legal_case_id)
        .join(_CASE, _CASE.c.id == _EVENT.c.legal_case_id)
        .where(
            current_event(),
            living(_CASE),
            _EVENT.c.starts_at >= now,
            _EVENT.c.starts_at < now + timedelta(days=NEXT_DAYS),
        )
        .group_by(_EVENT.c.legal_case_id)
        .order_by(sa.func.min(_EVENT.c.starts_at), _EVENT.c.legal_case_id)
    )


def _found(connection: sa.Connection, wanted: CaseFilter, now: datetime) -> list[int]:
    """Return the cases of the chip whose number, title or survivor contains what was typed."""
    chip = _chip(CaseFilter(wanted.chip, "", wanted.staff_id), now).order_by(None).subquery()
    typed = wanted.text.strip()
    shared = (
        sa.select(_JOINED.c.legal_case_id)
        .join(_OTHER, _OTHER.c.id == _JOINED.c.person_id)
        .where(
            living(_JOINED),
            sa.or_(
                _OTHER.c.display_alias.icontains(typed, autoescape=True),
                _OTHER.c.person_no.icontains(typed, autoescape=True),
            ),
        )
    )
    match = sa.or_(
        _CASE.c.id.in_(shared),
        *(
            column.icontains(typed, autoescape=True)
            for column in (
                _CASE.c.court_case_no,
                _CASE.c.ob_number,
                _CASE.c.short_title,
                _PERSON.c.display_alias,
                _PERSON.c.person_no,
            )
        ),
    )
    statement = (
        sa.select(_CASE.c.id)
        .join(_PERSON, _PERSON.c.id == _CASE.c.person_id)
        .where(_CASE.c.id.in_(sa.select(chip.c[0])), match)
        .order_by(_CASE.c.opened_on.desc(), _CASE.c.id)
        .limit(_MOST_FOUND)
    )
    return [int(row[0]) for row in connection.execute(statement)]


def counts(connection: sa.Connection, staff_id: int, now: datetime) -> dict[str, int]:
    """Return the number of cases behind each chip."""
    return {
        chip: connection.execute(
            sa.select(sa.func.count()).select_from(
                _chip(CaseFilter(chip, "", staff_id), now).order_by(None).subquery()
            )
        ).scalar_one()
        for chip in ("open", "soon", "police", "concluded", "mine")
    }


def case_lines(connection: sa.Connection, ids: Sequence[int]) -> dict[int, CaseLine]:
    """Return what the rows of a page of the list show, by case id."""
    columns = (
        _CASE.c.id,
        _CASE.c.person_id,
        _PERSON.c.person_no,
        _PERSON.c.display_alias,
        _CASE.c.case_type,
        _CASE.c.short_title,
        _CASE.c.stage,
        _CASE.c.court_case_no,
        _CASE.c.ob_number,
        _CASE.c.ob_date,
        _CASE.c.court_station,
        _CASE.c.lead_staff,
        _CASE.c.concluded_on,
        _arrested().label("arrested"),
    )
    statement = sa.select(*columns).outerjoin(_PERSON, _PERSON.c.id == _CASE.c.person_id)
    found: dict[int, CaseLine] = {}
    for part in in_parts(ids):
        for row in connection.execute(statement.where(_CASE.c.id.in_(part))):
            line = CaseLine(*tuple(row))
            found[line.id] = line
    return found


def next_dates(
    connection: sa.Connection, case_ids: Iterable[int], now: datetime
) -> dict[int, NextDate]:
    """Return the next court date of each of these cases that has one."""
    found: dict[int, NextDate] = {}
    for part in in_parts(case_ids):
        statement = (
            sa.select(
                _EVENT.c.legal_case_id,
                _EVENT.c.id,
                _EVENT.c.starts_at,
                _EVENT.c.type,
                _EVENT.c.survivor_required,
            )
            .where(_EVENT.c.legal_case_id.in_(part), current_event(), _EVENT.c.starts_at >= now)
            .order_by(_EVENT.c.starts_at)
        )
        for row in connection.execute(statement):
            found.setdefault(int(row[0]), NextDate(*row))
    return found


def hearings_without_companion(
    connection: sa.Connection, until: datetime, since: datetime | None = None
) -> tuple[LonelyHearing, ...]:
    """Return court dates from now (or `since`) until a moment with nobody named to go along.

    It asks the house file only, so that a house mother's alerts can be made from it too.
    """
    someone = sa.exists().where(_GOING.c.court_event_id == _APPOINTMENT.c.id, living(_GOING))
    statement = (
        sa.select(
            _APPOINTMENT.c.id,
            _APPOINTMENT.c.person_id,
            _APPOINTMENT.c.starts_at,
            _APPOINTMENT.c.leave_house_at,
        )
        .where(
            _APPOINTMENT.c.starts_at >= (since or clock.now()),
            _APPOINTMENT.c.starts_at <= until,
            living(_APPOINTMENT),
            _APPOINTMENT.c.kind == "court",
            _APPOINTMENT.c.person_goes == sa.true(),
            _APPOINTMENT.c.cancelled == sa.false(),
            ~someone,
        )
        .order_by(_APPOINTMENT.c.starts_at)
    )
    return tuple(LonelyHearing(*row) for row in connection.execute(statement))


def count_of_cases(connection: sa.Connection, person_id: int) -> int:
    """Return how many matters a person has had, voided ones included."""
    statement = sa.select(sa.func.count()).select_from(_CASE).where(_CASE.c.person_id == person_id)
    return int(connection.execute(statement).scalar_one())


def persons_beginning(
    connection: sa.Connection, typed: str, limit: int
) -> list[tuple[int, str, str]]:
    """Return (id, code, working name) of people whose working name or code begins as typed."""
    start = typed.strip()
    name = start[:1].upper() + start[1:]
    ranges = [
        (_PERSON.c.display_alias, name),
        (_PERSON.c.person_no, start.upper()),
        (_PERSON.c.person_no, f"R-{start.zfill(4)}" if start.isdigit() else start.upper()),
    ]
    parts_found = [
        sa.select(_PERSON.c.id, _PERSON.c.person_no, _PERSON.c.display_alias).where(
            living(_PERSON), column >= begins, column < begins + chr(0x10FFFF)
        )
        for column, begins in ranges
    ]
    statement = sa.union(*parts_found).order_by("display_alias").limit(limit)
    rows = connection.execute(statement)
    return [(int(row[0]), str(row[1]), str(row[2])) for row in rows]
