"""The names of months and weekdays, short and long; in the calendar's own order."""

from __future__ import annotations

from datetime import date
from typing import Final

from shelter_app.i18n import N_, _

MONTHS: Final = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
LONG_MONTHS: Final = (
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
DAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
LONG_DAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def day_name(day: date, *, long: bool = False) -> str:
    """Return the name of the weekday."""
    return _((LONG_DAYS if long else DAYS)[day.weekday()])


def month_name(month: int, *, long: bool = False) -> str:
    """Return the name of a month, 1 to 12."""
    return _((LONG_MONTHS if long else MONTHS)[month - 1])
