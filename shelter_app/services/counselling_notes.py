"""Session notes: written by their author, signed and locked, read by the supervisor.

Everything here needs the counselling key; whoever lacks it gets the attendance part only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shelter_app.domain import counselling
from shelter_app.domain.access import Action
from shelter_app.domain.counselling import (
    PLANNED,
    CounsellingEnrolment,
    CounsellingNote,
    CounsellingSession,
)
from shelter_app.domain.person import Person
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotAllowed, NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services import counselling as planning
from shelter_app.services.records import masked
from shelter_app.services.work import Work

COMPARTMENT: Final = "counselling"
_WRITTEN_BY_PEOPLE: Final = ("approach", "themes", "content", "risk_noted", "plan_next")
_NOT_YOURS: Final = N_("Only the one who wrote this note can change it.")
_SIGNED: Final = N_("This note is signed. Please add an addendum instead.")


@dataclass(frozen=True)
class NoteView:
    """A note with who wrote it and what came to be added after it was signed."""

    note: CounsellingNote
    author: str
    addenda: tuple[tuple[CounsellingNote, str], ...] = ()


@dataclass(frozen=True)
class SessionCard:
    """One session as the editor shows it.

    `note` is None when nothing is written or notes are closed to the worker; `may_read` tells
    which. `may_write` is for her who writes the note now: its author, or nobody yet.
    """

    session: CounsellingSession
    enrolment: CounsellingEnrolment
    person_id: int
    alias: str
    person_no: str
    counsellor: str
    held: int
    may_plan: bool
    may_read: bool
    may_write: bool
    note: NoteView | None
    review_due: bool

    @property
    def is_signed(self) -> bool:
        """Say whether the note is locked."""
        return self.note is not None and self.note.note.locked_at is not None

    @property
    def client_code(self) -> str:
        """Return the signs by which the client is spoken of in supervision."""
        return counselling.client_code(self.person_id)


def may_open(work: Work) -> bool:
    """Say whether opening a session may show a note, so that the opening is written down."""
    return work.holds(COMPARTMENT) and work.actor.has_role("counsellor", "clinical_supervisor")


def session_card(work: Work, session_id: int) -> SessionCard:
    """Return a session without looking at its note."""
    return _card(work, work.get(CounsellingSession, session_id), with_note=False)


def open_session(work: Work, session_id: int) -> SessionCard:
    """Return a session with its note and write in the audit that the note was opened."""
    card = _card(work, work.get(CounsellingSession, session_id), with_note=True)
    if card.note is not None:
        work.log("open", card.note.note)
    return card


def _card(work: Work, session: CounsellingSession, *, with_note: bool) -> SessionCard:
    enrolment = work.get(CounsellingEnrolment, session.enrolment_id)
    person = work.get(Person, session.person_id)
    may_read = _may_read(work, session)
    note = _note_of(work, session.id) if may_read and with_note else None
    held = planning.held_count(work, enrolment.id)
    staff = work.many(Staff, [session.counsellor])
    return SessionCard(
        session=masked(work, session),
        enrolment=masked(work, enrolment),
        person_id=person.id,
        alias=person.display_alias,
        person_no=person.person_no,
        counsellor=staff[session.counsellor].alias if session.counsellor in staff else "",
        held=held,
        may_plan=planning.may_plan(work),
        may_read=may_read,
        may_write=_may_write(work, session, note.note if note else None),
        note=note,
        review_due=enrolment.review_due(held),
    )


def _may_read(work: Work, session: CounsellingSession) -> bool:
    if not may_open(work):
        return False
    if work.may(Action.READ, CounsellingNote, session.person_id):
        return True
    return session.counsellor == work.actor.staff_id


def _may_write(work: Work, session: CounsellingSession, note: CounsellingNote | None) -> bool:
    if not work.actor.has_role("counsellor") or not _may_read(work, session):
        return False
    if note is None:
        return True
    return note.author == work.actor.staff_id and note.locked_at is None


def _note_of(work: Work, session_id: int) -> NoteView | None:
    found = work.rule_matching(CounsellingNote, session_id=session_id, order=("written_at", "id"))
    notes = [note for note in found if not note.addendum_to]
    if not notes:
        return None
    staff = work.many(Staff, {note.author for note in found})
    names = {key: one.alias for key, one in staff.items()}
    added = tuple(
        (note, names.get(note.author, "")) for note in found if note.addendum_to == notes[0].id
    )
    return NoteView(notes[0], names.get(notes[0].author, ""), added)


# Writing


def record_session(
    work: Work, session: CounsellingSession, note: CounsellingNote | None = None
) -> SessionCard:
    """Save attendance and note in one transaction; a note that says nothing is not kept."""
    kept = planning.save_attendance(work, session)
    if note is not None and (note.revision or not note.is_empty()):
        _ask_attendance(work, kept)
        _save_note(work, kept, note)
    return _card(work, kept, with_note=True)


def sign(work: Work, session: CounsellingSession, note: CounsellingNote) -> SessionCard:
    """Save and lock the note: from now on it is added to, never changed."""
    if note.is_empty():
        raise NotPossible(N_("There is nothing to sign yet."))
    kept = planning.save_attendance(work, session)
    _ask_attendance(work, kept)
    _save_note(work, kept, note, locked_at=work.now)
    return _card(work, kept, with_note=True)


def _ask_attendance(work: Work, session: CounsellingSession) -> None:
    """Refuse a note about a past session of which nobody has said whether she came."""
    passed = session.starts_at is not None and session.starts_at <= work.now
    if passed and session.status == PLANNED:
        raise ValidationFailed((Problem("status", N_("Please say whether she came.")),))


def add_addendum(work: Work, session_id: int, content: str) -> SessionCard:
    """Add to a signed note; the addition is signed at once."""
    session = work.get(CounsellingSession, session_id)
    view = _note_of(work, session_id) if _may_read(work, session) else None
    if view is None or not work.actor.has_role("counsellor"):
        raise NotAllowed("write counselling_note")
    if view.note.locked_at is None:
        raise NotPossible(N_("This note is not signed yet. Please write in the note itself."))
    if not content.strip():
        raise NotPossible(N_("There is nothing to add yet."))
    addendum = CounsellingNote(
        person_id=session.person_id,
        session_id=session.id,
        written_at=work.now,
        author=work.actor.staff_id,
        content=content,
        locked_at=work.now,
        addendum_to=view.note.id,
    )
    work.save(addendum, by_program=True)
    return _card(work, session, with_note=True)


def _save_note(
    work: Work,
    session: CounsellingSession,
    note: CounsellingNote,
    *,
    locked_at: datetime | None = None,
) -> CounsellingNote:
    """Save a note for its author; `by_program` because stand-ins write for sessions they hold."""
    stored = work.rule_find(CounsellingNote, note.id) if note.revision else None
    view = _note_of(work, session.id) if _may_read(work, session) else None
    if stored is None and view is not None:
        raise NotPossible(N_("A note for this session is already there. Please open it again."))
    if stored is not None and stored.session_id != session.id:
        raise NotAllowed("write counselling_note")
    if stored is not None and stored.locked_at is not None:
        raise NotPossible(_SIGNED)
    if not _may_write(work, session, stored):
        if stored is not None and _may_read(work, session):
            raise NotPossible(_NOT_YOURS)
        raise NotAllowed("write counselling_note")
    if stored is None:
        base = CounsellingNote(
            person_id=session.person_id,
            session_id=session.id,
            written_at=work.now,
            author=work.actor.staff_id,
        )
    else:
        base = replace(stored, revision=note.revision)
    typed = {name: getattr(note, name) for name in _WRITTEN_BY_PEOPLE}
    edited = replace(base, **typed, locked_at=locked_at)
    if stored is not None and edited == stored:
        return stored
    return work.save(edited, by_program=True)


# Supervision


@dataclass(frozen=True)
class SupervisedNote:
    """A note in the supervisor's list: no name, only the signs of the client."""

    note: CounsellingNote
    client: str
    author: str


def notes_to_supervise(work: Work, *, most: int = 300) -> tuple[SupervisedNote, ...]:
    """Return the latest notes without their text; names of clients stay in the house file."""
    work.require(Action.READ, CounsellingNote)
    found = work.matching(CounsellingNote, order=("-written_at", "-id"), limit=most)
    staff = work.many(Staff, {note.author for note in found})
    return tuple(
        SupervisedNote(
            replace(note, content="", plan_next=""),
            counselling.client_code(note.person_id),
            staff[note.author].alias if note.author in staff else "",
        )
        for note in found
        if not note.addendum_to
    )


def open_note(work: Work, note_id: int) -> NoteView:
    """Return a note to read, and write in the audit that it was opened."""
    note = work.get(CounsellingNote, note_id)
    view = _note_of(work, note.session_id)
    work.log("open", note)
    return view or NoteView(note, "")


def session_of_note(work: Work, note_id: int) -> int:
    """Return the session a note was written about."""
    return work.get(CounsellingNote, note_id).session_id
