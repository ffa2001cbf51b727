"""Lines about rooms, beds and absences, said the same way on the board, the panel and the tab."""

from __future__ import annotations

from shelter_app.domain import codelists
from shelter_app.domain.person import ADULT_AGE
from shelter_app.domain.stay import Absence, Room
from shelter_app.i18n import _, ngettext
from shelter_app.services.bed_board import RoomView, Sleeper, Tile, Tonight
from ui.kit.day_text import show_moment


def room_words(view: RoomView) -> str:
    """Return '6 beds · girls 10–17' for the head of a room."""
    beds = ngettext("{count} bed", "{count} beds", view.beds).format(count=view.beds)
    meant = meant_for(view.room)
    return f"{beds} · {meant}" if meant else beds


def meant_for(room: Room) -> str:
    """Return whom a room is meant for, '' for everybody."""
    return " ".join(part for part in (_who(room), _ages(room)) if part)


def _who(room: Room) -> str:
    children = room.age_max is not None and room.age_max < ADULT_AGE
    adults = room.age_min is not None and room.age_min >= ADULT_AGE
    words = {
        "F": (_("girls"), _("women"), _("women and girls")),
        "M": (_("boys"), _("men"), _("men and boys")),
    }.get(room.sex_allowed, (_("children"), _("adults"), ""))
    return words[0] if children else words[1] if adults else words[2]


def _ages(room: Room) -> str:
    if room.age_min is not None and room.age_max is not None:
        return _("{youngest}–{oldest}").format(youngest=room.age_min, oldest=room.age_max)
    if room.age_min is not None:
        return _("from {age}").format(age=room.age_min)
    if room.age_max is not None:
        return _("up to {age}").format(age=room.age_max)
    return ""


def sleeper_words(sleeper: Sleeper) -> str:
    """Return 'R-0190 · day 82' or where she is."""
    if sleeper.absence is not None:
        return where_words(sleeper.absence)
    return _("{code} · day {day}").format(code=sleeper.code, day=sleeper.day)


def where_words(absence: Absence) -> str:
    """Return where somebody who is away sleeps."""
    return codelists.label("absence_type", absence.type)


def back_words(absence: Absence) -> str:
    """Return when somebody who is away is expected."""
    if absence.expected_back is None:
        return _("not known when")
    return show_moment(absence.expected_back, weekday=True, year=False)


def tile_words(tile: Tile) -> tuple[str, str]:
    """Return the name and the line under it on a bed."""
    if tile.sleeper is not None:
        return tile.sleeper.name, sleeper_words(tile.sleeper)
    if tile.state == "closed":
        return _("Out of service"), tile.reason
    return _("Free"), _("cot") if tile.cot else ""


def tonight_words(tonight: Tonight) -> str:
    """Return '1 away · 3 free · 1 out of service'."""
    parts = [
        _("{count} {where}").format(
            count=count, where=codelists.label("absence_type", where).lower()
        )
        for where, count in tonight.away
    ]
    parts.append(ngettext("{count} free", "{count} free", tonight.free).format(count=tonight.free))
    if tonight.closed:
        parts.append(
            ngettext("{count} out of service", "{count} out of service", tonight.closed).format(
                count=tonight.closed
            )
        )
    if tonight.in_cots:
        parts.append(
            ngettext("{count} in a cot", "{count} in cots", tonight.in_cots).format(
                count=tonight.in_cots
            )
        )
    return " · ".join(parts)
