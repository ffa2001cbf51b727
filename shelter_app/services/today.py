"""Everything the Today page shows, in one question: what cannot wait, the day, the house, the week.

What a worker may not see is not there; the page itself knows nothing of permissions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from shelter_app.domain import access, codelists
from shelter_app.domain.access import Action
from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.appointment import COUNSELLING, Appointment, house_words
from shelter_app.domain.care_plan import CarePlan
from shelter_app.domain.counselling import CounsellingSession
from shelter_app.domain.deadline_rules import APPROVAL, PLAN_APPROVAL
from shelter_app.domain.deadline_words import Alert
from shelter_app.domain.person import IN_RESIDENCE
from shelter_app.domain.record import Record
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Bed
from shelter_app.i18n import N_, _, ngettext
from shelter_app.services import bed_board, deadlines, hearing_calendar, search
from shelter_app.services.bed_board import Tonight
from shelter_app.services.deadlines import Attention, PutOff
from shelter_app.services.hearing_calendar import CalendarItem
from shelter_app.services.work import Work
from shelter_app.storage.questions import residents
from shelter_app.storage.questions import today as questions
from shelter_app.storage.questions.today import DueLine, SessionLine

DAYS_AHEAD: Final = 7
APPROVALS: Final = (APPROVAL, PLAN_APPROVAL)
"""What has a card of its own for the manager."""
_NOON: Final = 12
_EVENING: Final = 17
_MORNING: Final = 5
_WORDS: Final = (
    N_("Two"),
    N_("Three"),
    N_("Four"),
    N_("Five"),
    N_("Six"),
    N_("Seven"),
    N_("Eight"),
    N_("Nine"),
)
ROLES: Final = {
    "court": "court",
    "counselling": "counselling",
    "group": "counselling",
    "supervision": "counselling",
    "followup": "good",
    "review": "soon",
    "conference": "soon",
    "medical": "overdue",
}
"""The colour role of a kind of appointment; the words beside it carry the meaning."""


@dataclass(frozen=True)
class Entry:
    """One line of a day: when, what, with whom, and where it is opened."""

    id: int
    kind: str
    role: str
    at: datetime
    timed: bool
    title: str
    detail: str
    place: str
    record_id: int
    target: str = ""


@dataclass(frozen=True)
class Today:
    """The page as one value; two that are equal look the same."""

    day: date
    greeting: str
    mine: bool
    attention: Attention
    entries: tuple[Entry, ...]
    coming: tuple[Entry, ...]
    tonight: Tonight | None
    approvals: tuple[Alert, ...]
    put_off: tuple[PutOff, ...]
    is_manager: bool
    sees_house: bool


def page(work: Work, mine: bool = True, most: int = deadlines.AT_ONCE) -> Today:
    """Return everything the page shows, with so many lines of what needs attention."""
    found = deadlines.survey(work)
    manager = work.actor.has_role("manager")
    left_out = APPROVALS if manager else ()
    attention = deadlines.attention(work, mine=mine, most=most, found=found, leave_out=left_out)
    return Today(
        day=work.today,
        greeting=greeting(
            work.actor.alias,
            work.now,
            attention.pressing,
            attention.from_before,
            for_all=not mine,
        ),
        mine=mine,
        attention=attention,
        entries=day(work, work.today),
        coming=_coming(work),
        tonight=bed_board.tonight(work) if work.may(Action.READ, Bed) else None,
        approvals=deadlines.of_rules(work, found, APPROVALS) if manager else (),
        put_off=deadlines.put_off_by_others(work, found) if manager else (),
        is_manager=manager,
        sees_house=work.may(Action.READ, Appointment),
    )


def greeting(
    alias: str, now: datetime, pressing: int, from_before: int = 0, *, for_all: bool = False
) -> str:
    """Return 'Good morning, Amina. Two things cannot wait.': the red lines of the list below."""
    name = _called(alias)
    if now.hour < _MORNING:
        hello = _("Hello, {name}.")
    elif now.hour < _NOON:
        hello = _("Good morning, {name}.")
    elif now.hour < _EVENING:
        hello = _("Good afternoon, {name}.")
    else:
        hello = _("Good evening, {name}.")
    news = _news(pressing, from_before, for_all=for_all)
    return _("{hello} {news}").format(hello=hello.format(name=name), news=news)


def _called(alias: str) -> str:
    """Return 'Amina' for 'Amina W.', but all of 'J. Otieno' and of 'Mama Rose'."""
    words = alias.split()
    initial_last = len(words) == 2 and words[1].endswith(".") and not words[0].endswith(".")
    return words[0] if initial_last else alias.rstrip(".")


def _news(pressing: int, from_before: int, *, for_all: bool) -> str:
    if not pressing and for_all:
        return _("Nothing urgent is waiting.")
    if not pressing:
        return _("Nothing urgent is waiting for you.")
    new = pressing - from_before
    if not new:
        words = ngettext(
            "Nothing new is urgent; {count} thing from before still waits.",
            "Nothing new is urgent; {count} things from before still wait.",
            pressing,
        )
        return words.format(count=pressing)
    things = _things(pressing)
    if not from_before:
        return things
    words = ngettext("{things} {count} of them is new.", "{things} {count} of them are new.", new)
    return words.format(things=things, count=new)


def _things(pressing: int) -> str:
    if pressing == 1:
        return _("One thing cannot wait.")
    index = pressing - 2
    count = _(_WORDS[index]) if index < len(_WORDS) else str(pressing)
    words = ngettext("{count} thing cannot wait.", "{count} things cannot wait.", pressing)
    return words.format(count=count)


# The day


def day(work: Work, wanted: date) -> tuple[Entry, ...]:
    """Return the appointments and sessions of a day in the order of time."""
    if not work.may(Action.READ, Appointment):
        return ()
    entries = [_from_calendar(item) for item in hearing_calendar.calendar(work, wanted, wanted)]
    entries += _sessions(work, wanted)
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.id)))


def _from_calendar(item: CalendarItem) -> Entry:
    title = item.title
    if item.survivor:
        title = _("{what} — {whom}").format(what=item.title, whom=item.survivor)
    parts = [item.detail]
    if item.going:
        parts.append(_("with {names}").format(names=", ".join(item.going)))
    elif item.needs_companion:
        parts.append(_("nobody goes along yet"))
    if item.leaves_at:
        parts.append(_("leaves {time}").format(time=f"{item.leaves_at:%H:%M}"))
    if item.outcome_owed:
        parts.append(_("outcome not recorded yet"))
    place, record_id, target = "calendar", item.id, ""
    if item.legal_case_id:
        place, record_id, target = "court", item.legal_case_id, str(item.id)
    return Entry(
        id=item.id,
        kind=item.kind,
        role=ROLES.get(item.kind, "neutral"),
        at=item.starts_at,
        timed=True,
        title=title,
        detail=_joined(parts),
        place=place,
        record_id=record_id,
        target=target,
    )


def _sessions(work: Work, wanted: date) -> list[Entry]:
    lines = questions.sessions_on(work.connection, wanted)
    if not search.sees_who_left(work):
        here = residents.standing_of(work.connection, {line.person_id for line in lines})
        lines = tuple(line for line in lines if here.get(line.person_id) == IN_RESIDENCE)
    staff = work.many(Staff, {line.counsellor for line in lines} - {0})
    return [
        _session(line, staff)
        if work.may(Action.READ, CounsellingSession, line.person_id)
        else _for_the_house(line, staff)
        for line in lines
    ]


def _for_the_house(line: SessionLine, staff: dict[int, Staff]) -> Entry:
    """Return that somebody is with a worker at a time; what it is about stays closed."""
    parts = [line.room, staff[line.counsellor].alias if line.counsellor in staff else ""]
    return Entry(
        id=line.id,
        kind="other",
        role="neutral",
        at=line.starts_at,
        timed=True,
        title=_("{what} — {whom}").format(
            what=house_words(COUNSELLING), whom=_("“{name}”").format(name=line.name)
        ),
        detail=_joined(parts),
        place="calendar",
        record_id=0,
    )


def _session(line: SessionLine, staff: dict[int, Staff]) -> Entry:
    if line.number == 1:
        which = _("first session")
    elif line.planned:
        which = _("session {number} of {planned}").format(number=line.number, planned=line.planned)
    else:
        which = _("session {number}").format(number=line.number)
    parts = [line.room, staff[line.counsellor].alias if line.counsellor in staff else ""]
    parts.append(codelists.label("language", line.language))
    if line.status != "scheduled":
        parts.append(codelists.label("session_status", line.status).lower())
    return Entry(
        id=line.id,
        kind="counselling",
        role="counselling",
        at=line.starts_at,
        timed=True,
        title=_("Counselling — “{name}”, {which}").format(name=line.name, which=which),
        detail=_joined(parts),
        place="counselling",
        record_id=line.id,
    )


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


# The coming days


def _coming(work: Work) -> tuple[Entry, ...]:
    if not work.may(Action.READ, Appointment):
        return ()
    first, last = work.today, work.today + timedelta(days=DAYS_AHEAD)
    tomorrow = first + timedelta(days=1)
    entries = [_from_calendar(item) for item in hearing_calendar.calendar(work, tomorrow, last)]
    if work.holds("house") and work.holds("cases"):
        reviews = questions.reviews_within(work.connection, first, last)
        contacts = questions.contacts_within(work.connection, first, last)
        entries += [_review(line) for line in reviews if _may_read(work, CarePlan, line)]
        entries += [_contact(line) for line in contacts if _may_read(work, FollowupContact, line)]
    entries.sort(key=lambda entry: (entry.at, entry.id))
    return tuple(entries)


def _may_read(work: Work, kind: type[Record], line: DueLine) -> bool:
    assigned = work.acting.is_one_of(line.case_worker, line.counsellor)
    return access.may(work.actor, Action.READ, kind, assigned=assigned)


def _review(line: DueLine) -> Entry:
    return _without_time(line, _("Care plan review"), "", "review", "resident", "plan")


def _contact(line: DueLine) -> Entry:
    milestone = codelists.label("followup_milestone", line.kind)
    return _without_time(line, _("Aftercare contact"), milestone, "followup", "aftercare", "")


def _without_time(
    line: DueLine, what: str, detail: str, kind: str, place: str, target: str
) -> Entry:
    whom = _("{code} “{name}”").format(code=line.code, name=line.name)
    return Entry(
        id=line.id,
        kind=kind,
        role=ROLES[kind],
        at=datetime.combine(line.due_on, time.min),
        timed=False,
        title=_("{what} — {whom}").format(what=what, whom=whom),
        detail=detail,
        place=place,
        record_id=line.person_id,
        target=target,
    )
