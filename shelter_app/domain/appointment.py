"""Times in the house calendar without content: the house knows when, not why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Final

from shelter_app.domain import codelists
from shelter_app.domain.fields import choice, flag, link, moment, number, text
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _

COUNSELLING: Final = "counselling"
"""The kind under which the house hears of a session: that it is one is for few."""
COURT: Final = "court"
"""The kind that stands for a court event; what it is about lies in the casework file."""


def house_words(kind: str) -> str:
    """Return what a kind is called in the house, which knows of a court date only that it is out.

    The one place of this rule: whoever may read the court event says more from there.
    """
    if kind == COURT:
        return _("External appointment")
    if kind == COUNSELLING:
        return _("Appointment")
    return codelists.label("appointment_kind", kind)


@dataclass(frozen=True, kw_only=True)
class Appointment(Record):
    """A planned time; one that stands for a court event shares the court event's id."""

    table: ClassVar[str] = "appointment"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "house"
    title: ClassVar[str] = N_("Appointment")
    happened: ClassVar[str] = "starts_at"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("starts_at",), ("person_id", "starts_at"))

    person_id: int = link(N_("Person"), to="person")
    kind: str = choice(N_("Kind"), codes="appointment_kind", required=True, in_list=True)
    starts_at: datetime | None = moment(N_("When"), required=True, in_list=True)
    duration_min: int | None = number(
        N_("Length"), least=5, most=1440, default=60, required=True, unit=N_("min")
    )
    leave_house_at: datetime | None = moment(N_("Leaves the house"))
    person_goes: bool = flag(N_("She goes along"), default=True)
    staff_id: int = link(N_("With"), to="staff", in_list=True)
    room: str = text(N_("Where in the house"), longest=40)
    cancelled: bool = flag(N_("Cancelled"))

    def headline(self) -> str:
        """Return the kind of appointment, as far as the house knows it."""
        return house_words(self.kind)

    def problems(self) -> list[Problem]:
        """Add the check that leaving comes before the start."""
        found = super().problems()
        if self.leave_house_at and self.starts_at and self.leave_house_at > self.starts_at:
            found.append(Problem("leave_house_at", N_("This is after the start.")))
        return found


STAFF: Final = "staff"
PERSON: Final = "person"
ROOM: Final = "room"
SHARED: Final = (STAFF, PERSON, ROOM)
"""What cannot be in two places at one time."""

DAY_BEGINS: Final = time(8)
DAY_ENDS: Final = time(17)
_STEP: Final = timedelta(minutes=30)
_LOOK_AHEAD: Final = timedelta(days=28)
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Taken:
    """A time that is given to somebody: a session or an appointment with those it binds."""

    id: int
    starts_at: datetime
    minutes: int
    staff_id: int = 0
    person_id: int = 0
    room: str = ""

    @property
    def ends_at(self) -> datetime:
        """Return the end."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def meets(self, other: Taken) -> bool:
        """Say whether both go on at some moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def shared_with(self, other: Taken) -> tuple[str, ...]:
        """Return what both need: the worker, the resident, the room."""
        found = []
        if self.staff_id and self.staff_id == other.staff_id:
            found.append(STAFF)
        if self.person_id and self.person_id == other.person_id:
            found.append(PERSON)
        room = self.room.strip().casefold()
        if room and room == other.room.strip().casefold():
            found.append(ROOM)
        return tuple(found)


def clashes(wanted: Taken, others: Iterable[Taken]) -> tuple[str, ...]:
    """Return what is wanted twice at that time, in the order of SHARED."""
    found = {
        shared
        for other in others
        if other.id != wanted.id and wanted.meets(other)
        for shared in wanted.shared_with(other)
    }
    return tuple(shared for shared in SHARED if shared in found)


def overlaps(taken: Sequence[Taken]) -> dict[int, tuple[str, ...]]:
    """Return those that clash with another, each with what is wanted twice."""
    by_day: dict[date, list[Taken]] = {}
    for one in taken:
        for day in {one.starts_at.date(), one.ends_at.date()}:
            by_day.setdefault(day, []).append(one)
    found: dict[int, tuple[str, ...]] = {}
    for of_day in by_day.values():
        for one in of_day:
            shared = set(clashes(one, of_day)) | set(found.get(one.id, ()))
            if shared:
                found[one.id] = tuple(what for what in SHARED if what in shared)
    return found


def next_free(wanted: Taken, others: Iterable[Taken]) -> datetime:
    """Return the first free time from `wanted` on, in working hours, on the half hour.

    When four weeks are full the wanted time itself is given back: people decide, not the program.
    """
    busy = [other for other in others if other.id != wanted.id and wanted.shared_with(other)]
    start = _half_hour(wanted.starts_at)
    last = start + _LOOK_AHEAD
    while start < last:
        tried = Taken(wanted.id, start, wanted.minutes)
        if not _in_hours(tried):
            start = _next_working(start)
        elif any(tried.meets(other) for other in busy):
            start += _STEP
        else:
            return start
    return _half_hour(wanted.starts_at)


def _half_hour(moment: datetime) -> datetime:
    """Return the moment itself on a half hour, or the next half hour."""
    plain = moment.replace(minute=0, second=0, microsecond=0)
    while plain < moment:
        plain += _STEP
    return plain


def _in_hours(taken: Taken) -> bool:
    day = taken.starts_at.date()
    begins, ends = datetime.combine(day, DAY_BEGINS), datetime.combine(day, DAY_ENDS)
    return day.weekday() < _SATURDAY and begins <= taken.starts_at and taken.ends_at <= ends


def _next_working(moment: datetime) -> datetime:
    """Return a moment later than this one where working hours begin or go on."""
    begins = datetime.combine(moment.date(), DAY_BEGINS)
    if moment < begins and moment.date().weekday() < _SATURDAY:
        return begins
    return begins + timedelta(days=1)
