"""Counselling as the house may know it: programmes, planned sessions, attendance, moving.

What was said in a session is in services/counselling_notes.py and needs its own key.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shelter_app import clock
from shelter_app.domain import appointment, counselling
from shelter_app.domain.access import Action
from shelter_app.domain.appointment import COURT, Appointment, Taken
from shelter_app.domain.counselling import (
    MOVED,
    OFFERED,
    PLANNED,
    CounsellingEnrolment,
    CounsellingLeaving,
    CounsellingResult,
    CounsellingSession,
)
from shelter_app.domain.person import IN_RESIDENCE
from shelter_app.domain.stay import Stay
from shelter_app.errors import NotAllowed, NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_, _
from shelter_app.services import counselling_leaving, hearing_calendar, search
from shelter_app.services.records import hidden_fields
from shelter_app.services.work import Work
from shelter_app.storage.questions import counselling as questions

PLANNERS: Final = ("counsellor", "manager", "social_worker")
"""Who plans sessions and records attendance; others of the house see them."""

_MOST_OFFERED: Final = 20
_USUAL_MINUTES: Final = 50
_A_WEEK: Final = timedelta(days=7)
_LOOK_AHEAD: Final = timedelta(days=29)
_KEPT_BY_PROGRAM: Final = ("person_id", "session_no")


def may_plan(work: Work) -> bool:
    """Say whether the worker plans counselling."""
    return work.actor.has_role(*PLANNERS) and work.may(Action.WRITE, CounsellingSession)


def _require_planner(work: Work) -> None:
    if not may_plan(work):
        raise NotAllowed("write counselling_session")


# Programmes


def open_enrolment(work: Work, person_id: int) -> CounsellingEnrolment | None:
    """Return the programme a person is in, the newest when there are several."""
    found = work.matching(
        CounsellingEnrolment, person_id=person_id, completed_on=None, order=("-started_on", "-id")
    )
    return found[0] if found else None


def enrol(work: Work, enrolment: CounsellingEnrolment) -> CounsellingEnrolment:
    """Begin a programme; its counsellor becomes the counsellor of the stay."""
    _require_planner(work)
    person = search.visible_person(work, enrolment.person_id)
    same = [
        one
        for one in work.rule_matching(CounsellingEnrolment, person_id=person.id, completed_on=None)
        if one.programme == enrolment.programme
    ]
    if same:
        raise NotPossible(N_("She is already in this programme."))
    target = enrolment.target_sessions
    if target is None:
        target = counselling.usual_length(enrolment.programme)
    kept = work.save(replace(enrolment, target_sessions=target))
    _assign(work, kept)
    return kept


def result_of(work: Work, enrolment_id: int) -> CounsellingResult | None:
    """Return what came of a programme, for those it is open to."""
    found = work.find(CounsellingResult, enrolment_id)
    return None if found is None or found.voided else found


def save_enrolment(
    work: Work,
    enrolment: CounsellingEnrolment,
    result: CounsellingResult | None = None,
    leaving: CounsellingLeaving | None = None,
) -> CounsellingEnrolment:
    """Change a programme, or end it with how it ended.

    The house's file learns that what has changed was looked at; the result lies with the cases,
    and why she left with the counselling notes.
    """
    _require_planner(work)
    stored = work.get(CounsellingEnrolment, enrolment.id)
    hidden = hidden_fields(work, CounsellingEnrolment, stored.person_id)
    closed = {name: getattr(stored, name) for name in hidden}
    edited = replace(enrolment, person_id=stored.person_id, reviewed=stored.reviewed, **closed)
    known = result or result_of(work, stored.id)
    if edited.completed_on and not (known and known.outcome):
        sentence = N_("Please say how the programme ended.")
        raise ValidationFailed((Problem("outcome", sentence),))
    if known is not None:
        if known.ends() and not edited.completed_on:
            edited = replace(edited, completed_on=work.today)
        edited = replace(edited, reviewed=bool(known.behaviour_change))
    kept = work.save(edited)
    if result is not None:
        _keep_result(work, kept, result)
    if leaving is not None:
        counselling_leaving.keep(work, kept, leaving)
    if kept.counsellor != stored.counsellor:
        _assign(work, kept)
        _hand_over(work, kept, stored.counsellor)
    return kept


def _keep_result(work: Work, enrolment: CounsellingEnrolment, result: CounsellingResult) -> None:
    stored = work.find(CounsellingResult, enrolment.id)
    blank = CounsellingResult(id=enrolment.id, person_id=enrolment.person_id)
    wanted = replace(
        stored or blank,
        behaviour_change=result.behaviour_change,
        outcome=result.outcome,
        voided=False,
        void_reason="",
    )
    if wanted not in (stored, blank):
        work.save(wanted)


def _assign(work: Work, enrolment: CounsellingEnrolment) -> None:
    """Name the counsellor on the stay: assignment opens the notes to her."""
    stays = work.rule_matching(
        Stay, person_id=enrolment.person_id, order=("-admitted_at",), limit=1
    )
    if stays and stays[0].counsellor != enrolment.counsellor:
        work.save(replace(stays[0], counsellor=enrolment.counsellor), by_program=True)


def _hand_over(work: Work, enrolment: CounsellingEnrolment, before: int) -> None:
    """Give the coming sessions to the new counsellor of the programme."""
    for session in _sessions(work, enrolment.id):
        ahead = session.starts_at is not None and session.starts_at > work.now
        if ahead and session.status == PLANNED and session.counsellor == before:
            work.save(replace(session, counsellor=enrolment.counsellor))


def _sessions(work: Work, enrolment_id: int) -> list[CounsellingSession]:
    return work.matching(CounsellingSession, enrolment_id=enrolment_id, order=("starts_at",))


def held_count(work: Work, enrolment_id: int) -> int:
    """Return how many sessions of a programme took place."""
    return sum(session.is_held() for session in _sessions(work, enrolment_id))


def _renumber(work: Work, enrolment_id: int) -> None:
    sessions = _sessions(work, enrolment_id)
    wanted = counselling.numbers(sessions)
    for session in sessions:
        if session.session_no != wanted[session.id]:
            work.save(replace(session, session_no=wanted[session.id]), by_program=True)


# Planning


def clients(work: Work, typed: str) -> tuple[tuple[int, str], ...]:
    """Return people to choose from, those in residence first; without a word, one's own clients."""
    if not work.may(Action.READ, CounsellingEnrolment):
        return ()
    words = _("“{name}” {code}")
    if typed.strip():
        found = search.people(work, typed, limit=_MOST_OFFERED)
        ordered = sorted(found, key=lambda person: person.situation != IN_RESIDENCE)
        return tuple((p.id, words.format(name=p.alias, code=p.code)) for p in ordered)
    ids = questions.programme_ids(work.connection, work.now, counsellor=work.actor.staff_id)
    own = questions.programme_lines(work.connection, ids[:_MOST_OFFERED], work.now).values()
    named = {line.person_id: words.format(name=line.alias, code=line.person_no) for line in own}
    return tuple(named.items())


@dataclass(frozen=True)
class Plan:
    """A session that is about to be planned: hers, and the programme it belongs to.

    `enrolment.revision` is 0 when she is in no programme yet: planning begins it.
    """

    session: CounsellingSession
    enrolment: CounsellingEnrolment


def plan_draft(work: Work, person_id: int = 0, starts_at: datetime | None = None) -> Plan:
    """Return a session to plan, with a free time proposed and the programme she is in."""
    _require_planner(work)
    known = open_enrolment(work, person_id) if person_id else None
    if person_id and known is None:
        search.visible_person(work, person_id)
    counsellor = known.counsellor if known else _usual_counsellor(work, person_id)
    enrolment = known or CounsellingEnrolment(
        person_id=person_id,
        programme="six_session",
        counsellor=counsellor,
        started_on=work.today,
        target_sessions=counselling.usual_length("six_session"),
    )
    session = CounsellingSession(
        person_id=person_id,
        enrolment_id=enrolment.id,
        counsellor=counsellor,
        duration_min=_USUAL_MINUTES,
    )
    wanted = starts_at or _usual_time(work, enrolment)
    proposed = wanted if starts_at else free_time(work, replace(session, starts_at=wanted))
    return Plan(replace(session, starts_at=proposed), enrolment)


def _usual_counsellor(work: Work, person_id: int) -> int:
    if work.actor.has_role("counsellor"):
        return work.actor.staff_id
    stays = work.rule_matching(Stay, person_id=person_id, order=("-admitted_at",), limit=1)
    return stays[0].counsellor if stays else 0


def _usual_time(work: Work, enrolment: CounsellingEnrolment) -> datetime:
    """Return the same time a week after her last session, or soon when that is past."""
    soon = work.now + timedelta(minutes=30)
    last = _sessions(work, enrolment.id)[-1:] if enrolment.id else []
    if last and last[0].starts_at:
        return max(soon, last[0].starts_at + _A_WEEK)
    return soon


def taken_by(session: CounsellingSession) -> Taken:
    """Return what a session binds: its time, counsellor, resident and room."""
    return Taken(
        session.id,
        session.starts_at or clock.now(),
        session.duration_min or _USUAL_MINUTES,
        session.counsellor,
        session.person_id,
        session.room,
    )


def free_time(work: Work, session: CounsellingSession) -> datetime:
    """Return the first time from the session's own on when everybody it needs is free."""
    work.require(Action.READ, CounsellingSession)
    wanted = taken_by(session)
    span = (wanted.starts_at, wanted.starts_at + _LOOK_AHEAD)
    others = questions.taken_times(work.connection, *span, leave_out=session.id)
    return appointment.next_free(wanted, others)


def clashes(work: Work, session: CounsellingSession) -> tuple[str, ...]:
    """Return who or what is wanted elsewhere at that time: 'staff', 'person', 'room'."""
    work.require(Action.READ, CounsellingSession)
    if session.starts_at is None:
        return ()
    wanted = taken_by(session)
    others = questions.taken_times(
        work.connection, wanted.starts_at, wanted.ends_at, leave_out=session.id
    )
    return appointment.clashes(wanted, others)


def schedule(
    work: Work, session: CounsellingSession, enrolment: CounsellingEnrolment | None = None
) -> CounsellingSession:
    """Plan a session; a programme that has not begun begins with it."""
    _require_planner(work)
    programme = _programme_for(work, session, enrolment)
    fresh = replace(
        session,
        person_id=programme.person_id,
        enrolment_id=programme.id,
        counsellor=session.counsellor or programme.counsellor,
    )
    kept = work.save(fresh)
    _renumber(work, programme.id)
    return work.get(CounsellingSession, kept.id)


def _programme_for(
    work: Work, session: CounsellingSession, enrolment: CounsellingEnrolment | None
) -> CounsellingEnrolment:
    if session.enrolment_id:
        found = work.get(CounsellingEnrolment, session.enrolment_id)
        if not found.is_open():
            raise NotPossible(N_("This programme has ended. Please begin another one first."))
        return found
    known = open_enrolment(work, session.person_id) if session.person_id else None
    if known is not None and (enrolment is None or enrolment.programme == known.programme):
        return known
    if enrolment is None:
        raise NotPossible(N_("Please choose a programme."))
    counsellor = enrolment.counsellor or session.counsellor
    return enrol(work, replace(enrolment, person_id=session.person_id, counsellor=counsellor))


# Moving


def move(
    work: Work, session_id: int, starts_at: datetime, *, keep: bool | None = None
) -> CounsellingSession:
    """Give a planned session another time.

    `keep` leaves the old time on record as moved; when nothing is said that is done only for a
    time that has passed, because then people may have waited.
    """
    _require_planner(work)
    session = work.get(CounsellingSession, session_id)
    if session.status != PLANNED:
        raise NotPossible(N_("This session has been recorded and cannot be moved."))
    passed = session.starts_at is not None and session.starts_at <= work.now
    if passed if keep is None else keep:
        work.save(replace(session, status=MOVED))
        fresh = replace(session, id=0, revision=0, starts_at=starts_at)
        kept = work.save(fresh)
    else:
        kept = work.save(replace(session, starts_at=starts_at))
    _renumber(work, session.enrolment_id)
    return work.get(CounsellingSession, kept.id)


def move_entry(work: Work, entry_id: int, starts_at: datetime) -> None:
    """Move whatever stands in the week under this id: a session, a court date, an appointment."""
    if work.find(CounsellingSession, entry_id) is not None:
        move(work, entry_id, starts_at)
        return
    planned = work.get(Appointment, entry_id)
    if planned.kind == COURT:
        hearing_calendar.move(work, entry_id, starts_at)
        return
    leaves = planned.leave_house_at
    if leaves and planned.starts_at:
        leaves += starts_at - planned.starts_at
    work.save(replace(planned, starts_at=starts_at, leave_house_at=leaves))


def resize_entry(work: Work, entry_id: int, minutes: int) -> None:
    """Make a session or an appointment of the week longer or shorter."""
    session = work.find(CounsellingSession, entry_id)
    if session is not None:
        _require_planner(work)
        work.save(replace(session, duration_min=minutes))
        return
    planned = work.get(Appointment, entry_id)
    if planned.kind == COURT:
        raise NotPossible(N_("The length of a court date is set on its own page."))
    work.save(replace(planned, duration_min=minutes))


def save_appointment(work: Work, planned: Appointment) -> Appointment:
    """Put something else into the week: a conference, supervision, a visit."""
    stored = work.find(Appointment, planned.id) if planned.revision else None
    if planned.kind == COURT or (stored is not None and stored.kind == COURT):
        raise NotPossible(N_("A court date is added on the page of its case."))
    return work.save(planned)


# Attendance


def save_attendance(work: Work, session: CounsellingSession) -> CounsellingSession:
    """Record whether a session took place; numbers of the others follow."""
    _require_planner(work)
    stored = work.get(CounsellingSession, session.id)
    closed = (*_KEPT_BY_PROGRAM, *hidden_fields(work, CounsellingSession, stored.person_id))
    edited = replace(session, **{name: getattr(stored, name) for name in closed})
    if edited.enrolment_id != stored.enrolment_id:
        raise NotPossible(N_("A session stays in its programme."))
    if stored.status in OFFERED and edited.starts_at != stored.starts_at:
        raise NotPossible(N_("This session has been recorded and cannot be moved."))
    if edited == stored:
        return stored
    work.save(edited)
    _renumber(work, stored.enrolment_id)
    return work.get(CounsellingSession, stored.id)


def review_due(work: Work, enrolment_id: int) -> bool:
    """Say whether the programme has come to the review of what has changed."""
    enrolment = work.find(CounsellingEnrolment, enrolment_id)
    return enrolment is not None and enrolment.review_due(held_count(work, enrolment_id))
