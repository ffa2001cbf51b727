"""How counselling speaks: titles, times, the state of a note."""

from __future__ import annotations

from collections.abc import Iterator

from shelter_app.domain import codelists
from shelter_app.domain.counselling import PLANNED, CounsellingEnrolment
from shelter_app.i18n import _
from shelter_app.services.after_accompaniment import Outing
from shelter_app.services.counselling_notes import NoteView, SessionCard
from ui.kit import day_text


def programme_words(enrolment: CounsellingEnrolment) -> str:
    """Return the programme with how many sessions are planned."""
    name = codelists.label("counselling_programme", enrolment.programme)
    if not enrolment.target_sessions:
        return _("Programme: {name}").format(name=name)
    words = _("Programme: {name}, {count} sessions planned")
    return words.format(name=name, count=enrolment.target_sessions)


def card_title(card: SessionCard) -> str:
    """Return “Pendo” — session 4 of 6."""
    number, planned = card.session.session_no, card.enrolment.target_sessions
    if planned:
        words = _("“{name}” — session {number} of {planned}")
        return words.format(name=card.alias, number=number, planned=planned)
    return _("“{name}” — session {number}").format(name=card.alias, number=number)


def when_words(card: SessionCard) -> str:
    """Return when, where, with whom, and how far the programme is."""
    when = day_text.show_moment(card.session.starts_at, weekday=True, year=False)
    parts = [when, card.session.room, card.counsellor]
    if card.session.status != PLANNED:
        held = _("{held} held so far").format(held=card.held)
        parts.append(held)
    return " · ".join(part for part in parts if part)


def note_words(card: SessionCard) -> str:
    """Return who wrote the note and whether it is signed."""
    if card.note is None:
        words = _("Nothing is written yet. A missed session needs no note.")
    else:
        words = _written(card.note)
    spoken = _("In supervision this client is {code}.").format(code=card.client_code)
    return f"{words} {spoken}"


def _written(view: NoteView) -> str:
    note = view.note
    if note.locked_at is None:
        when = day_text.show_moment(note.written_at, year=False)
        return _("Written by {name} on {when}; not signed yet.").format(name=view.author, when=when)
    when = day_text.show_moment(note.locked_at, year=False)
    return _("Signed by {name} on {when}.").format(name=view.author, when=when)


def addendum_words(card: SessionCard) -> Iterator[str]:
    """Return the additions to a signed note, each with who and when."""
    return addenda_of(card.note) if card.note else iter(())


def addenda_of(view: NoteView) -> Iterator[str]:
    """Return the additions to a note, each with who and when."""
    for note, author in view.addenda:
        when = day_text.show_moment(note.written_at, year=False)
        head = _("Added by {name} on {when}:").format(name=author, when=when)
        yield f"{head}\n{note.content}"


def outing_words(outing: Outing) -> str:
    """Return when she went and with whom, as the house knows it."""
    when = day_text.show_moment(outing.starts_at, weekday=True, year=False)
    if not outing.going:
        return when
    return _("{when} · with {companion}").format(when=when, companion=", ".join(outing.going))


def gap_words(days: int) -> str:
    """Return how long ago she was seen."""
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return _("{days} days").format(days=days)
