"""The day on one A4 page for the wall of the office: times, codes, working names, nothing else.

What an appointment is for is left out on purpose: a sheet of paper has no key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from shelter_app import i18n
from shelter_app.domain.access import Action
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.day_words import long_day
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Bed
from shelter_app.i18n import _
from shelter_app.services import bed_board, folders, hearing_calendar, house_settings
from shelter_app.services.rendering import typesetting
from shelter_app.services.work import Work
from shelter_app.storage.questions import today as questions
from shelter_app.storage.safe_files import write_whole

TEMPLATE: Final = "day_sheet.typ"
MOST_LINES: Final = 28
_EASY: Final = 18
"""Up to so many lines the page is set in a comfortable size."""


@dataclass(frozen=True)
class Line:
    """One line of the sheet."""

    at: datetime
    whom: str
    where: str


def lines(work: Work) -> tuple[Line, ...]:
    """Return the day's times in order, with who and where, without what for."""
    work.require(Action.READ, Appointment)
    found = [
        _outside_or_in(item) for item in hearing_calendar.calendar(work, work.today, work.today)
    ]
    sessions = questions.sessions_on(work.connection, work.today)
    staff = work.many(Staff, {session.counsellor for session in sessions} - {0})
    for session in sessions:
        whom = _("{code} “{name}”").format(code=session.code, name=session.name)
        worker = staff[session.counsellor].alias if session.counsellor in staff else ""
        found.append(Line(session.starts_at, whom, _joined(session.room, worker)))
    return tuple(sorted(found, key=lambda line: (line.at, line.whom)))


def _outside_or_in(item: hearing_calendar.CalendarItem) -> Line:
    if not item.outside:
        return Line(item.starts_at, item.survivor, _("in the house"))
    leaves = _("leaves {time}").format(time=f"{item.leaves_at:%H:%M}") if item.leaves_at else ""
    going = ", ".join(item.going)
    company = _("with {names}").format(names=going) if going else ""
    return Line(item.starts_at, item.survivor, _joined(_("outside"), leaves, company))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def pdf(work: Work) -> bytes:
    """Return the sheet of today as PDF."""
    return typesetting.pdf(TEMPLATE, _data(work))


def save(work: Work, folder: Path) -> Path:
    """Write the sheet into a folder under a neutral name; that it left is written down."""
    folders.require(folder)
    path = folder / file_name(work)
    write_whole(path, pdf(work))
    house_settings.log(work, "export", "day sheet")
    return path


def file_name(work: Work) -> str:
    """Return a name that says nothing: 'day-2026-11-23.pdf'."""
    return f"day-{work.today.isoformat()}.pdf"


def _data(work: Work) -> dict[str, Any]:
    listed = lines(work)
    shown = listed[:MOST_LINES]
    full = len(shown) > _EASY
    house, away = _house(work)
    footer = _("Working names and codes only. Shred it in the evening.")
    if len(listed) > len(shown):
        more = _("{count} later times are not shown.").format(count=len(listed) - len(shown))
        footer = f"{more} {footer}"
    return {
        "title": long_day(work.today),
        "language": i18n.language(),
        "lines": [
            {"time": f"{line.at:%H:%M}", "whom": line.whom or "–", "where": line.where}
            for line in shown
        ],
        "heads": [_("Time"), _("Who"), _("Where and with whom"), _("Done")],
        "nothing": _("No appointments today."),
        "house_title": _("House tonight"),
        "house": house,
        "away": away,
        "footer": footer,
        "made": f"{work.now:%H:%M}",
        "size": 9.5 if full else 11,
        "gap": 4 if full else 6,
    }


def _house(work: Work) -> tuple[str, list[str]]:
    """Return how many sleep in the house, and who sleeps elsewhere without where."""
    if not work.may(Action.READ, Bed):
        return "", []
    tonight = bed_board.tonight(work)
    said = _("{count} of {capacity} sleep here, {free} free").format(
        count=tonight.sleeping, capacity=tonight.capacity, free=tonight.free
    )
    away = []
    for tile in (tile for view in tonight.rooms for tile in view.tiles):
        if tile.sleeper is None or tile.sleeper.absence is None:
            continue
        whom = _("{code} “{name}”").format(code=tile.sleeper.code, name=tile.sleeper.name)
        back = tile.sleeper.absence.expected_back
        words = _("{whom}: away").format(whom=whom)
        if back is not None:
            words = _("{whom}: away, back {day} {time}").format(
                whom=whom, day=long_day(back.date()), time=f"{back:%H:%M}"
            )
        away.append(words)
    return said, away
