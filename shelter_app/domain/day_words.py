"""Days and moments in words for papers: '31 August 2026', in the language of the paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from shelter_app.i18n import N_, _

_MONTHS: Final = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def long_day(day: date) -> str:
    """Return '31 August 2026'."""
    return f"{day.day} {_(_MONTHS[day.month - 1])} {day.year}"


def month_of(day: date) -> str:
    """Return 'August 2026', where the exact day is nobody's business."""
    return f"{_(_MONTHS[day.month - 1])} {day.year}"


def long_moment(moment: datetime) -> str:
    """Return '24 November 2026, 09:00'."""
    return f"{long_day(moment.date())}, {moment:%H:%M}"
