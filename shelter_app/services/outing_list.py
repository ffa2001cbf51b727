"""Outside dates of a week or month on paper: when, whom by her code, and who goes along.

Neither names nor what the date is for: a sheet of paper has no key.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from shelter_app import i18n
from shelter_app.domain.access import Action
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.day_words import long_day
from shelter_app.domain.person import Person
from shelter_app.i18n import _
from shelter_app.services import folders, hearing_calendar, house_settings
from shelter_app.services.rendering import typesetting
from shelter_app.services.work import Work
from shelter_app.storage.safe_files import write_whole

TEMPLATE: Final = "outing_list.typ"


def pdf(work: Work, first: date, last: date) -> bytes:
    """Return the outside dates from one day to another as PDF."""
    work.require(Action.READ, Appointment)
    return typesetting.pdf(TEMPLATE, _data(work, first, last))


def save(work: Work, folder: Path, first: date, last: date) -> Path:
    """Write the list into a folder under a neutral name; that it left is written down."""
    folders.require(folder)
    path = folder / f"list-{first.isoformat()}-{last.isoformat()}.pdf"
    write_whole(path, pdf(work, first, last))
    house_settings.log(work, "export", "outing list")
    return path


def lines(work: Work, first: date, last: date) -> list[dict[str, Any]]:
    """Return the dates in order; without company the line says so."""
    items = [i for i in hearing_calendar.calendar(work, first, last) if i.outside]
    codes = {
        person.id: person.person_no
        for person in work.many(Person, {item.person_id for item in items} - {0}).values()
    }
    return [
        {
            "day": long_day(item.starts_at.date()),
            "time": f"{item.starts_at:%H:%M}",
            "leaves": f"{item.leaves_at:%H:%M}" if item.leaves_at else "–",
            "whom": codes.get(item.person_id, "–"),
            "company": ", ".join(item.going) or _("nobody goes along yet"),
            "alone": not item.going,
        }
        for item in sorted(items, key=lambda item: (item.starts_at, item.id))
    ]


def _data(work: Work, first: date, last: date) -> dict[str, Any]:
    span = _("{first} to {last}").format(first=long_day(first), last=long_day(last))
    return {
        "title": _("Outside dates"),
        "language": i18n.language(),
        "lines": lines(work, first, last),
        "heads": [_("Day"), _("Leaves"), _("Begins"), _("Who"), _("With whom")],
        "nothing": _("Nobody has a date outside in this time."),
        "footer": _("{span}. Codes only. Shred it afterwards.").format(span=span),
        "made": f"{work.now:%H:%M}",
    }
