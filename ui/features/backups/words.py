"""Words the cards of the backups share."""

from __future__ import annotations

from datetime import datetime

from shelter_app.domain.backup import STICK
from shelter_app.i18n import _
from shelter_app.services.backups import PlaceLine
from ui.kit.day_text import show_moment


def place_words(place: PlaceLine) -> str:
    """Return 'Stick A' or 'Folder B'."""
    words = _("Stick {letter}") if place.kind == STICK else _("Folder {letter}")
    return words.format(letter=place.label)


def when(moment: datetime | None) -> str:
    """Return a moment as it is read, or 'never'."""
    return show_moment(moment, weekday=True) if moment else _("never")


def size_words(size: int) -> str:
    """Return a size in megabytes."""
    return _("{count} MB").format(count=f"{max(1, round(size / 1_000_000)):,}")
