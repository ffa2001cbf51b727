"""The calendar of all appointments: times for everybody, what a court date is for few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from shelter_app.domain import codelists, legal_stage
from shelter_app.domain.access import Action
from shelter_app.domain.appointment import COURT, Appointment, house_words
from shelter_app.domain.court_attendance import CourtAttendance
from shelter_app.domain.legal import CourtEvent
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotFound
from shelter_app.services import companions, court
from shelter_app.services.court_pages import survivor_words
from shelter_app.services.work import Work
from shelter_app.storage.questions import court as court_questions
from shelter_app.storage.questions import court_calendar as questions
from shelter_app.storage.questions.court_calendar import CalendarLine, HearingLine

AGENDA: Final = 60
"""Appointments of a month shown at once; more are a button away."""
MOST: Final = 500
"""Appointments of a week drawn at most: beyond that a drawing says nothing."""


@dataclass(frozen=True)
class CalendarItem:
    """One appointment as this worker may see it.

    `outside` marks a court date: without the legal level it is an 'external appointment' with
    leaving, company and expected return, and nothing that says court.
    """

    id: int
    kind: str
    title: str
    detail: str
    starts_at: datetime
    minutes: int
    leaves_at: datetime | None
    back_at: datetime
    survivor: str
    person_id: int
    outside: bool
    going: tuple[str, ...]
    needs_companion: bool
    legal_case_id: int
    movable: bool
    outcome_owed: bool


@dataclass(frozen=True)
class Month:
    """A month in numbers, and its appointments from one day on, as many as were asked for."""

    counts: Mapping[date, tuple[int, int]]
    """For each day that has some: (appointments, court dates among them)."""
    alone: frozenset[date]
    """Coming days on which somebody would go to court without company."""
    items: tuple[CalendarItem, ...]
    more: int
    """How many appointments of the month come after the last item."""


def month(
    work: Work,
    first: date,
    last: date,
    since: date,
    *,
    court_only: bool = False,
    limit: int = AGENDA,
) -> Month:
    """Return a month's numbers and what stands in it from a day on."""
    work.require(Action.READ, Appointment)
    counts = questions.day_counts(work.connection, first, last, court_only=court_only)
    items = calendar(work, since, last, court_only=court_only, limit=limit)
    until = datetime.combine(last, datetime.min.time()) + timedelta(days=1)
    begin = max(work.now, datetime.combine(first, datetime.min.time()))
    alone = court_questions.hearings_without_companion(work.connection, until, begin)
    left = sum(count for day, (count, _court) in counts.items() if day >= since) - len(items)
    return Month(counts, frozenset(found.starts_at.date() for found in alone), items, left)


def calendar(
    work: Work, first: date, last: date, *, court_only: bool = False, limit: int = MOST
) -> tuple[CalendarItem, ...]:
    """Return the appointments of some days, each with what this worker may know of it."""
    work.require(Action.READ, Appointment)
    lines = questions.calendar_lines(
        work.connection, first, last, court_only=court_only, limit=limit
    )
    outside = [line.id for line in lines if line.kind == COURT]
    legal: Mapping[int, HearingLine] = {}
    if work.may(Action.READ, CourtEvent):
        legal = questions.hearing_lines(work.connection, outside)
    going = companions.names_of(work, outside)
    staff = work.many(Staff, {line.staff_id for line in lines})
    moves = work.may(Action.WRITE, CourtEvent)
    return tuple(
        _item(work, line, legal.get(line.id), going.get(line.id, ()), staff, moves=moves)
        for line in lines
    )


def one(work: Work, appointment_id: int) -> CalendarItem:
    """Return one appointment as this worker may see it."""
    found = work.get(Appointment, appointment_id)
    day = found.starts_at.date() if found.starts_at else work.today
    for item in calendar(work, day, day):
        if item.id == appointment_id:
            return item
    raise NotFound(f"appointment {appointment_id}")


def _item(
    work: Work,
    line: CalendarLine,
    legal: HearingLine | None,
    going: tuple[str, ...],
    staff: Mapping[int, Staff],
    *,
    moves: bool,
) -> CalendarItem:
    outside = line.kind == COURT
    coming = line.starts_at > work.now
    title = house_words(line.kind)
    detail = staff[line.staff_id].alias if line.staff_id in staff else ""
    if outside:
        detail = ""
    if legal is not None:
        title = codelists.label("court_event_type", legal.type)
        court_name = legal_stage.court_name(legal.court_station)
        detail = f"{court_name} · {legal.court_case_no or legal.short_title}"
    return CalendarItem(
        id=line.id,
        kind="outside" if outside and legal is None else line.kind,
        title=title,
        detail=detail,
        starts_at=line.starts_at,
        minutes=line.duration_min,
        leaves_at=line.leave_house_at,
        back_at=line.starts_at + timedelta(minutes=line.duration_min),
        survivor=survivor_words(line.person_no, line.display_alias),
        person_id=line.person_id,
        outside=outside,
        going=going,
        needs_companion=outside and line.person_goes and coming and not going,
        legal_case_id=legal.legal_case_id if legal else 0,
        movable=bool(legal) and moves and coming,
        outcome_owed=bool(legal and legal.outcome in ("", "unknown") and not coming),
    )


def move(work: Work, item_id: int, starts_at: datetime) -> None:
    """Move a court date from the calendar; other appointments are moved where they belong."""
    shared = work.find(CourtAttendance, item_id)
    court.move_court_event(work, shared.court_event_id if shared else item_id, starts_at)
