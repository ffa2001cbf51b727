"""What papers are called in lists and windows: what they show, what they are, since when."""

from __future__ import annotations

from shelter_app.domain.papers import Paper
from shelter_app.i18n import _
from shelter_app.services.papers import PaperLine
from ui.kit.day_text import show_day
from ui.papers.reading import size_words


def headline(line: PaperLine) -> str:
    """Return what it shows, or what kind of paper it is."""
    return line.about or kind_words(line.kind)


def kind_words(kind: type[Paper]) -> str:
    """Return the kind of paper in the language in use."""
    return _(kind.title)


def detail(line: PaperLine) -> str:
    """Return what it is, since when, from whom, and until when it is kept."""
    parts = [size_words(line.form, line.pages)]
    if line.added_at:
        parts.append(show_day(line.added_at.date()))
    if line.added_by:
        parts.append(line.added_by)
    if line.until is not None:
        parts.append(_("erased by itself after {day}").format(day=show_day(line.until)))
    return " · ".join(parts)
