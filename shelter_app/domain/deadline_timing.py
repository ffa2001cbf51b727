"""How long after something a deadline is, in days or hours, and how it grows louder."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shelter_app.domain.deadlines import DUE, FROM_LIST, Stage

NOW: Final = timedelta(0)


def days(count: float) -> timedelta:
    """Return a number of days."""
    return timedelta(days=count)


def hours(count: float) -> timedelta:
    """Return a number of hours."""
    return timedelta(hours=count)


def by_day(before: float, *more: Stage) -> tuple[Stage, ...]:
    """Return stages of a rule that counts days: due some days before, overdue the day after."""
    return (Stage(-days(before), DUE), *more, Stage(days(1), FROM_LIST))


def by_hour(before: float, *more: Stage) -> tuple[Stage, ...]:
    """Return stages of a rule that counts hours: due some hours before, overdue to the minute."""
    return (Stage(-hours(before), DUE), *more, Stage(NOW, FROM_LIST))
