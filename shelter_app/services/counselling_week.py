"""The counsellor's week and caseload, and one resident's counselling, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from shelter_app.domain import access, appointment, codelists
from shelter_app.domain.access import Action
from shelter_app.domain.appointment import PERSON, ROOM, STAFF, Appointment
from shelter_app.domain.counselling import (
    HELD,
    PLANNED,
    CounsellingEnrolment,
    CounsellingNote,
    CounsellingResult,
    CounsellingSession,
)
from shelter_app.domain.person import Person
from shelter_app.domain.staff import Staff
from shelter_app.i18n import N_, _
from shelter_app.services import (
    after_accompaniment,
    counselling,
    counselling_notes,
    hearing_calendar,
)
from shelter_app.services.after_accompaniment import Outing
from shelter_app.services.hearing_calendar import CalendarItem
from shelter_app.services.records import hidden_fields, masked
from shelter_app.services.work import Work
from shelter_app.storage.questions import counselling as questions
from shelter_app.storage.questions.counselling import GAP_DAYS, ProgrammeLine, SessionLine

CLASH_WORDS: Final = {
    STAFF: N_("The counsellor is wanted elsewhere at that time."),
    PERSON: N_("She is wanted elsewhere at that time."),
    ROOM: N_("The room is taken at that time."),
}
_SHORT_CLASH: Final = {
    STAFF: N_("counsellor busy"),
    PERSON: N_("resident busy"),
    ROOM: N_("room taken"),
}
_WAITS_SINCE: Final = timedelta(days=60)
_APPOINTMENT_ROLES: Final = {"court": "court", "conference": "soon"}


@dataclass(frozen=True)
class WeekItem:
    """A session or an appointment in the week, worded for this worker."""

    id: int
    is_session: bool
    title: str
    detail: str
    starts_at: datetime
    minutes: int
    role: str
    movable: bool
    conflict: bool
    person_id: int
    legal_case_id: int = 0
    outside: bool = False


@dataclass(frozen=True)
class Week:
    """Some days of appointments, with how many clients the worker has."""

    first: date
    items: tuple[WeekItem, ...]
    caseload: int
    may_plan: bool


def week(work: Work, first: date, last: date, *, mine: bool = False) -> Week:
    """Return the sessions and appointments of some days; `mine` narrows to the worker's own."""
    work.require(Action.READ, CounsellingSession)
    me = work.actor.staff_id
    lines = questions.sessions_between(
        work.connection, first, last, residents_only=not work.holds("cases")
    )
    lines = tuple(one for one in lines if work.may(Action.READ, CounsellingSession, one.person_id))
    start = datetime.combine(first, datetime.min.time())
    taken = questions.taken_times(work.connection, start, start + (last - first + _DAY))
    conflicts = appointment.overlaps(taken)
    if mine:
        lines = tuple(line for line in lines if line.counsellor == me)
    staff = work.many(Staff, {line.counsellor for line in lines})
    names = {key: one.alias for key, one in staff.items()}
    items = [
        _session_item(work, line, "" if mine else names.get(line.counsellor, ""), conflicts)
        for line in lines
    ]
    items += _appointments(work, first, last, conflicts)
    if mine:
        own = {one.id for one in taken if one.staff_id == me}
        clients = _clients(work) | {line.person_id for line in lines}
        items = [item for item in items if item.id in own or item.person_id in clients]
    count = questions.programme_count(work.connection, me)
    return Week(first, tuple(sorted(items, key=_in_order)), count, counselling.may_plan(work))


_DAY: Final = timedelta(days=1)


def _in_order(item: WeekItem) -> tuple[datetime, int]:
    return item.starts_at, item.id


def session_words(number: int, planned: int, alias: str, status: str = PLANNED) -> str:
    """Return “Pendo” 4/6; the first is called that, one that did not take place has no number."""
    if status not in (PLANNED, *HELD):
        return f"“{alias}”"
    if number == 1:
        return _("“{name}” first").format(name=alias)
    if not planned or number > planned:
        return _("“{name}” session {number}").format(name=alias, number=number)
    if number == planned:
        return _("“{name}” {number}/{planned} review").format(
            name=alias, number=number, planned=planned
        )
    return f"“{alias}” {number}/{planned}"


def _session_item(
    work: Work, line: SessionLine, counsellor: str, conflicts: Mapping[int, tuple[str, ...]]
) -> WeekItem:
    owed = line.status == PLANNED and line.starts_at + timedelta(minutes=line.minutes) < work.now
    conflict = conflicts.get(line.id, ())
    parts = [_(_SHORT_CLASH[what]) for what in conflict]
    if line.safety_flag and _sees_flag(work, line.person_id):
        parts.append(_("safety check needed"))
    if owed:
        parts.append(_("attendance not recorded"))
    elif line.status != PLANNED:
        parts.append(codelists.label("session_status", line.status).lower())
    if not parts:
        parts = [counsellor or line.room]
    held_or_planned = line.status in (PLANNED, *HELD)
    return WeekItem(
        id=line.id,
        is_session=True,
        title=session_words(line.session_no, line.planned, line.alias, line.status),
        detail=" · ".join(part for part in parts if part),
        starts_at=line.starts_at,
        minutes=line.minutes,
        role="soon" if owed else "counselling" if held_or_planned else "neutral",
        movable=counselling.may_plan(work) and line.status == PLANNED,
        conflict=bool(conflict),
        person_id=line.person_id,
    )


def _sees_flag(work: Work, person_id: int) -> bool:
    return "safety_flag" not in hidden_fields(work, CounsellingSession, person_id)


def _appointments(
    work: Work, first: date, last: date, conflicts: Mapping[int, tuple[str, ...]]
) -> list[WeekItem]:
    """Return what else stands in the week."""
    if not work.may(Action.READ, Appointment):
        return []
    items = hearing_calendar.calendar(work, first, last)
    moves = work.may(Action.WRITE, Appointment)
    return [_appointment_item(item, conflicts.get(item.id, ()), moves) for item in items]


def _clients(work: Work) -> set[int]:
    enrolments = work.rule_matching(
        CounsellingEnrolment, counsellor=work.actor.staff_id, completed_on=None
    )
    return {enrolment.person_id for enrolment in enrolments}


def _appointment_item(item: CalendarItem, conflict: tuple[str, ...], moves: bool) -> WeekItem:
    title = item.title
    if item.survivor:
        title = _("{what}: {whom}").format(what=item.title, whom=item.survivor)
    parts = [item.detail, *(_(_SHORT_CLASH[what]) for what in conflict)]
    return WeekItem(
        id=item.id,
        is_session=False,
        title=title,
        detail=" · ".join(part for part in parts if part),
        starts_at=item.starts_at,
        minutes=item.minutes,
        role=_APPOINTMENT_ROLES.get(item.kind, "good" if item.kind == "group" else "neutral"),
        movable=item.movable if item.outside else moves,
        conflict=bool(conflict),
        person_id=item.person_id,
        legal_case_id=item.legal_case_id,
        outside=item.outside,
    )


def waiting(work: Work) -> int:
    """Return how many of the worker's own sessions wait for their attendance: the badge."""
    if not work.may(Action.READ, CounsellingSession):
        return 0
    since = work.now - _WAITS_SINCE
    return questions.unrecorded(work.connection, work.now, work.actor.staff_id, since=since)


# Caseload


@dataclass(frozen=True)
class ProgrammeRow:
    """A client in a programme: how far, when last, when next."""

    line: ProgrammeLine
    counsellor: str
    gap_days: int
    review_due: bool

    @property
    def long_gap(self) -> bool:
        """Say whether it is too long since she was seen."""
        return self.gap_days > GAP_DAYS


def programme_ids(work: Work, chip: str = "all", *, mine: bool = True) -> list[int]:
    """Return the open programmes of a chip: all, next, gap or review."""
    work.require(Action.READ, CounsellingEnrolment)
    found = questions.programme_ids(
        work.connection,
        work.now,
        chip=chip,
        counsellor=work.actor.staff_id if mine else 0,
        residents_only=not work.holds("cases"),
    )
    if access.may(work.actor, Action.READ, CounsellingEnrolment, assigned=False):
        return found
    mine_to_read = work.many(CounsellingEnrolment, found)
    return [key for key in found if key in mine_to_read]


def programme_rows(work: Work, ids: Sequence[int]) -> tuple[ProgrammeRow, ...]:
    """Return the rows of these programmes in the order asked for."""
    work.require(Action.READ, CounsellingEnrolment)
    readable = work.many(CounsellingEnrolment, ids)
    wanted = [key for key in ids if key in readable]
    lines = questions.programme_lines(work.connection, wanted, work.now)
    staff = work.many(Staff, {line.counsellor for line in lines.values()})
    return tuple(_programme_row(lines[key], staff, work.today) for key in wanted if key in lines)


def _programme_row(line: ProgrammeLine, staff: Mapping[int, Staff], today: date) -> ProgrammeRow:
    since = line.last_held.date() if line.last_held else line.started_on
    programme = CounsellingEnrolment(target_sessions=line.planned, reviewed=line.reviewed)
    name = staff[line.counsellor].alias if line.counsellor in staff else ""
    return ProgrammeRow(line, name, (today - since).days, programme.review_due(line.held))


# One resident


@dataclass(frozen=True)
class TabSession:
    """A session in the resident's tab, with her note only for those it is open to."""

    session: CounsellingSession
    counsellor: str
    note_words: str


@dataclass(frozen=True)
class TabProgramme:
    """A programme of one resident with its sessions, newest first."""

    enrolment: CounsellingEnrolment
    counsellor: str
    held: int
    review_due: bool
    sessions: tuple[TabSession, ...]
    result: CounsellingResult | None = None


@dataclass(frozen=True)
class ResidentCounselling:
    """What the counselling tab shows."""

    programmes: tuple[TabProgramme, ...]
    may_plan: bool
    outings: tuple[Outing, ...] = ()
    """Where she went with company, for the counsellor who asks how it was."""


def resident_counselling(work: Work, person_id: int) -> ResidentCounselling:
    """Return a resident's programmes with attendance; of notes only that they are there."""
    work.require(Action.READ, CounsellingEnrolment, person_id)
    work.get(Person, person_id)
    enrolments = work.matching(
        CounsellingEnrolment, person_id=person_id, order=("-started_on", "-id")
    )
    sessions = work.matching(CounsellingSession, person_id=person_id, order=("-starts_at",))
    results = work.many(CounsellingResult, [one.id for one in enrolments])
    ids = {one.counsellor for one in enrolments} | {one.counsellor for one in sessions}
    staff = {key: one.alias for key, one in work.many(Staff, ids).items()}
    sees = counselling_notes.may_open(work)
    notes = _notes(work, person_id) if sees else {}
    programmes = []
    for enrolment in enrolments:
        own = [one for one in sessions if one.enrolment_id == enrolment.id]
        held = sum(one.is_held() for one in own)
        shown = tuple(
            TabSession(
                masked(work, one), staff.get(one.counsellor, ""), _note_words(notes, one, work)
            )
            for one in own
        )
        programmes.append(
            TabProgramme(
                masked(work, enrolment),
                staff.get(enrolment.counsellor, ""),
                held,
                enrolment.review_due(held),
                shown,
                _living(results.get(enrolment.id)),
            )
        )
    outings = after_accompaniment.outings(work, person_id)
    return ResidentCounselling(tuple(programmes), counselling.may_plan(work), outings)


def _living(result: CounsellingResult | None) -> CounsellingResult | None:
    return None if result is None or result.voided else result


def _notes(work: Work, person_id: int) -> dict[int, CounsellingNote]:
    found = work.matching(CounsellingNote, person_id=person_id)
    return {note.session_id: note for note in found if not note.addendum_to}


def _note_words(
    notes: Mapping[int, CounsellingNote], session: CounsellingSession, work: Work
) -> str:
    note = notes.get(session.id)
    if note is not None:
        return _("Note signed") if note.locked_at else _("Note not signed yet")
    owed = session.is_held() and session.counsellor == work.actor.staff_id
    return _("No note yet") if owed else ""
