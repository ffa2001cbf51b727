"""Which backups a place keeps: the last of each of 7 days, 4 weeks and 12 months, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

DAYS: Final = 7
WEEKS: Final = 4
MONTHS: Final = 12
ALWAYS: Final = 2

DUE_SOON: Final = timedelta(days=3)
OVERDUE: Final = timedelta(days=7)
REHEARSE: Final = timedelta(days=91)


@dataclass(frozen=True)
class Kept:
    """One backup at a place, by name, moment and whether it was read back whole.

    `stood` is how far the audit trail had come: a clock may go back, that number does not.
    """

    name: str
    made_at: datetime
    verified: bool
    stood: int = 0


def to_keep(backups: Iterable[Kept]) -> frozenset[str]:
    """Return the names to keep; the rest may go, because a newer verified one exists.

    Only verified backups fill a day, a week or a month. What is newer than the newest verified one
    stays, and so do the last two of all and the last two verified ones.
    """
    newest_first = sorted(
        backups, key=lambda each: (each.stood, each.made_at, each.name), reverse=True
    )
    verified = [each for each in newest_first if each.verified]
    if not verified:
        return frozenset(each.name for each in newest_first)
    keep = {each.name for each in newest_first[:ALWAYS] + verified[:ALWAYS]}
    keep |= {each.name for each in newest_first[: newest_first.index(verified[0])]}
    for most, period in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        keep |= _last_of_each(verified, most, period)
    return frozenset(keep)


def without(now: datetime, since: datetime) -> int:
    """Return the whole days since a moment; one in the future asks for a backup soon.

    The clock was ahead when it was noted, so nobody knows how long ago it is.
    """
    if since - now > timedelta(days=1):
        return DUE_SOON.days
    return max(0, (now - since).days)


def _last_of_each(
    newest_first: list[Kept], most: int, period: Callable[[datetime], tuple[int, ...]]
) -> set[str]:
    seen: dict[tuple[int, ...], str] = {}
    for each in newest_first:
        seen.setdefault(period(each.made_at), each.name)
        if len(seen) > most:
            seen.popitem()
            break
    return set(seen.values())


def _day(moment: datetime) -> tuple[int, ...]:
    return (moment.year, moment.month, moment.day)


def _week(moment: datetime) -> tuple[int, ...]:
    calendar = moment.isocalendar()
    return (calendar.year, calendar.week)


def _month(moment: datetime) -> tuple[int, ...]:
    return (moment.year, moment.month)
