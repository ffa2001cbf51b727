"""Days and times as people type them and as the program shows them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from shelter_app.domain.day_names import (
    DAYS,
    LONG_DAYS,
    LONG_MONTHS,
    MONTHS,
    day_name,
    month_name,
)
from shelter_app.i18n import _

__all__ = [
    "day_name",
    "month_name",
    "near_day",
    "near_moment",
    "read_day",
    "read_time",
    "show_day",
    "show_moment",
    "show_time",
]

_WORDS: Final = {
    "today": 0,
    "leo": 0,
    "tomorrow": 1,
    "kesho": 1,
    "yesterday": -1,
    "jana": -1,
}
_NUMBERS: Final = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED: Final = re.compile(r"(\d{1,2})\s*([^\W\d_]{3,})\.?,?(?:\s*(\d{4}|\d{2}))?")
_AHEAD: Final = re.compile(r"([+-])\s*(\d{1,4})\s*([dwmys]?)")
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm)?")


def show_day(day: date | None, *, weekday: bool = False, year: bool = True) -> str:
    """Return a day as '3 Sep 2026', with the weekday before it or without the year on request."""
    if day is None:
        return ""
    words = [str(day.day), month_name(day.month)]
    if weekday:
        words.insert(0, day_name(day))
    if year:
        words.append(str(day.year))
    return " ".join(words)


def show_time(moment: datetime | time | None) -> str:
    """Return a time as '09:30'."""
    return "" if moment is None else f"{moment.hour:02d}:{moment.minute:02d}"


def show_moment(moment: datetime | None, *, weekday: bool = False, year: bool = True) -> str:
    """Return day and time as '3 Sep 2026 09:30'."""
    if moment is None:
        return ""
    return f"{show_day(moment.date(), weekday=weekday, year=year)} {show_time(moment)}"


def near_day(day: date | None, today: date) -> str:
    """Return '24 Nov', with the year only when it is another one."""
    return show_day(day, year=day is not None and day.year != today.year)


def near_moment(moment: datetime | None, today: date) -> str:
    """Return 'Tue 24 Nov 09:00', with the year only when it is another one."""
    return show_moment(moment, weekday=True, year=moment is not None and moment.year != today.year)


def read_day(text: str, today: date) -> date | None:
    """Return the day that was typed, or None when it cannot be read; '' is None too."""
    typed = " ".join(text.strip().casefold().split())
    if not typed:
        return None
    if typed in _WORDS:
        return today + timedelta(days=_WORDS[typed])
    typed = _without_weekday(typed)
    return _read_ahead(typed, today) or _read_numbers(typed, today) or _read_named(typed, today)


def read_time(text: str, now: datetime) -> time | None:
    """Return the time that was typed: '9', '930', '9:30', '2pm', 'now'."""
    typed = text.strip().casefold()
    if typed in {"now", "sasa"}:
        return now.time().replace(second=0, microsecond=0)
    found = _TIME.fullmatch(typed)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _without_weekday(typed: str) -> str:
    first, _space, rest = typed.partition(" ")
    names = {_(name).casefold() for name in (*DAYS, *LONG_DAYS)}
    names |= {name.casefold() for name in (*DAYS, *LONG_DAYS)}
    return rest if rest and first.rstrip(",.") in names else typed


def _read_ahead(typed: str, today: date) -> date | None:
    found = _AHEAD.fullmatch(typed)
    if found is None:
        return None
    count = int(found[2]) * (1 if found[1] == "+" else -1)
    if found[3] in {"m", "y"}:
        return _months_on(today, count * (12 if found[3] == "y" else 1))
    return today + timedelta(days=count * (7 if found[3] == "w" else 1))


def _months_on(day: date, months: int) -> date | None:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        found = _possible(year, month + 1, min(day.day, last))
        if found is not None:
            return found
    return None


def _read_numbers(typed: str, today: date) -> date | None:
    found = _ISO.fullmatch(typed)
    if found is not None:
        return _possible(int(found[1]), int(found[2]), int(found[3]))
    found = _NUMBERS.fullmatch(typed)
    if found is None:
        return None
    return _with_year(found[3], int(found[2]), int(found[1]), today)


def _read_named(typed: str, today: date) -> date | None:
    found = _NAMED.fullmatch(typed)
    if found is None:
        return None
    month = _month_number(found[2])
    return _with_year(found[3], month, int(found[1]), today) if month else None


def _month_number(word: str) -> int:
    for names in (LONG_MONTHS, MONTHS):
        for number, name in enumerate(names, 1):
            if name.casefold().startswith(word) or _(name).casefold().startswith(word):
                return number
    return 9 if word == "sept" else 0


def _with_year(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        number = int(year)
        return _possible(number if number > 99 else _century(number, today), month, day)
    near = (_possible(today.year + step, month, day) for step in (0, 1, -1))
    found = [candidate for candidate in near if candidate is not None]
    return min(found, key=lambda candidate: abs(candidate - today), default=None)


def _century(number: int, today: date) -> int:
    year = today.year // 100 * 100 + number
    return year if year <= today.year + 20 else year - 100


def _possible(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
