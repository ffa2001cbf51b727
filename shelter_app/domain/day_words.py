"""Days and moments in words for papers: '31 August 2026', in the language of the paper."""

from __future__ import annotations

from datetime import date, datetime

from shelter_app.domain.day_names import month_name


def long_day(day: date) -> str:
    """Return '31 August 2026'."""
    return f"{day.day} {month_name(day.month, long=True)} {day.year}"


def month_of(day: date) -> str:
    """Return 'August 2026', where the exact day is nobody's business."""
    return f"{month_name(day.month, long=True)} {day.year}"


def long_moment(moment: datetime) -> str:
    """Return '24 November 2026, 09:00'."""
    return f"{long_day(moment.date())}, {moment:%H:%M}"
