"""Counting nights (I-03): a night counts when she slept here or her bed was kept at 23:59."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol

COUNTED_AT: Final = time(23, 59)
_ONE: Final = timedelta(days=1)


class TimeAway(Protocol):
    """What counting needs of an absence."""

    @property
    def left_at(self) -> datetime | None:
        """When she left."""
        ...

    @property
    def returned_at(self) -> datetime | None:
        """When she came back, or None."""
        ...

    @property
    def bed_held(self) -> bool:
        """Whether her place was kept to the end."""
        ...

    @property
    def place_given_up_at(self) -> datetime | None:
        """When her place was given up while she was away; None: from the beginning."""
        ...


def first_night(moment: datetime) -> date:
    """Return the first night somebody who comes at this moment is here for."""
    return moment.date() if moment.time() <= COUNTED_AT else moment.date() + _ONE


def nights_between(
    admitted_at: datetime,
    exited_at: datetime | None,
    absences: Iterable[TimeAway],
    first: date,
    last: date,
) -> int:
    """Return the nights of a stay from the night of `first` to that of `last`, both included.

    The day of leaving is not counted. Nights away without a kept bed are not counted, once each
    even when absences overlap.
    """
    start = max(first, first_night(admitted_at))
    end = last + _ONE if exited_at is None else min(last + _ONE, exited_at.date())
    counted = max(0, (end - start).days)
    if not counted:
        return 0
    return counted - _covered(_nights_away(absences, start, end))


def nights_so_far(
    admitted_at: datetime, exited_at: datetime | None, absences: Iterable[TimeAway], today: date
) -> int:
    """Return the nights of a stay that are over; tonight is not yet one."""
    return nights_between(admitted_at, exited_at, absences, admitted_at.date(), today - _ONE)


def day_of_stay(admitted_at: datetime, today: date) -> int:
    """Return which day of the stay it is; the day of admission is day 1."""
    return (today - admitted_at.date()).days + 1


def _nights_away(absences: Iterable[TimeAway], start: date, end: date) -> list[tuple[date, date]]:
    """Return half-open spans of nights without a kept bed, cut to the span asked for."""
    spans = []
    for absence in absences:
        if absence.bed_held or absence.left_at is None:
            continue
        away_from = max(start, first_night(absence.place_given_up_at or absence.left_at))
        back = end if absence.returned_at is None else first_night(absence.returned_at)
        away_until = min(end, back)
        if away_from < away_until:
            spans.append((away_from, away_until))
    return spans


def _covered(spans: list[tuple[date, date]]) -> int:
    """Return how many nights the spans cover together."""
    covered = 0
    reached = date.min
    for begin, end in sorted(spans):
        fresh = max(begin, reached)
        if end > fresh:
            covered += (end - fresh).days
            reached = end
    return covered
