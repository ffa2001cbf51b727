"""Where entries of a week stand: overlapping ones side by side. Pure arithmetic, no painting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

SNAP: Final = 15
"""Minutes to which a moved entry snaps."""


@dataclass(frozen=True)
class CalendarEntry:
    """One appointment; `role` is a pill role, `movable` says whether it may be dragged."""

    id: object
    kind: str
    title: str
    detail: str
    starts_at: datetime
    minutes: int
    role: str = "neutral"
    movable: bool = True
    conflict: bool = False

    def ends_at(self) -> datetime:
        """Return the end; nothing is drawn shorter than a quarter of an hour."""
        return self.starts_at + timedelta(minutes=max(SNAP, self.minutes))


@dataclass(frozen=True)
class Place:
    """The column an entry takes among `of` columns of its day."""

    column: int
    of: int


def snapped(moment: datetime, minutes: int = SNAP) -> datetime:
    """Return the nearest moment on the grid of the same day."""
    of_day = round((moment.hour * 60 + moment.minute) / minutes) * minutes
    start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return start + timedelta(minutes=min(of_day, 24 * 60 - minutes))


def places(entries: Iterable[CalendarEntry]) -> dict[object, Place]:
    """Return the place of each entry; only entries that overlap share the width."""
    found: dict[object, Place] = {}
    by_day: dict[date, list[CalendarEntry]] = {}
    for entry in entries:
        by_day.setdefault(entry.starts_at.date(), []).append(entry)
    for of_day in by_day.values():
        of_day.sort(key=lambda entry: (entry.starts_at, -entry.minutes))
        for group in _groups(of_day):
            found.update(_side_by_side(group))
    return found


def _groups(entries: Sequence[CalendarEntry]) -> Iterable[list[CalendarEntry]]:
    group: list[CalendarEntry] = []
    for entry in entries:
        if group and entry.starts_at >= max(other.ends_at() for other in group):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _side_by_side(group: Sequence[CalendarEntry]) -> dict[object, Place]:
    free_from: list[datetime] = []
    columns: dict[object, int] = {}
    for entry in group:
        fitting = (i for i, until in enumerate(free_from) if until <= entry.starts_at)
        column = next(fitting, len(free_from))
        if column == len(free_from):
            free_from.append(entry.starts_at)
        free_from[column] = entry.ends_at()
        columns[entry.id] = column
    return {key: Place(column, len(free_from)) for key, column in columns.items()}
