"""Questions of the Today page: the sessions of a day, the reviews and contacts of coming days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

_SESSIONS: Final = sa.text(
    "SELECT s.id, s.person_id, s.starts_at, s.session_no, s.status, s.room,"
    " coalesce(s.counsellor, 0), coalesce(e.target_sessions, 0), person.display_alias,"
    " person.person_no, person.language_main FROM house.counselling_session AS s"
    " CROSS JOIN house.counselling_enrolment AS e CROSS JOIN house.person AS person"
    " WHERE s.starts_at >= :first AND s.starts_at < :after AND s.voided = 0"
    " AND s.status NOT IN ('cancelled_staff', 'cancelled_court', 'rescheduled')"
    " AND e.id = s.enrolment_id AND person.id = s.person_id ORDER BY s.starts_at"
)
_REVIEWS: Final = sa.text(
    "SELECT plan.id, plan.person_id, plan.next_review, coalesce(stay.case_manager, 0),"
    " coalesce(stay.counsellor, 0), person.display_alias, person.person_no, ''"
    " FROM house.stay AS stay CROSS JOIN cases.care_plan AS plan CROSS JOIN house.person AS person"
    " WHERE stay.exited_at IS NULL AND stay.voided = 0 AND plan.person_id = stay.person_id"
    " AND plan.status = 'approved' AND plan.voided = 0 AND plan.next_review > :first"
    " AND plan.next_review <= :last AND person.id = stay.person_id"
)
_CONTACTS: Final = sa.text(
    "SELECT owed.id, owed.person_id, owed.due_on, coalesce((SELECT s.case_manager"
    " FROM house.stay AS s WHERE s.person_id = person.id AND s.voided = 0"
    " ORDER BY s.admitted_at DESC LIMIT 1), 0), 0, person.display_alias, person.person_no,"
    " owed.milestone FROM cases.followup_contact AS owed CROSS JOIN house.person AS person"
    " WHERE owed.done_on IS NULL AND owed.due_on > :first AND owed.due_on <= :last"
    " AND owed.voided = 0 AND person.id = owed.person_id AND NOT EXISTS"
    " (SELECT 1 FROM house.stay AS s WHERE s.id = owed.stay_id"
    " AND s.state NOT IN ('S50_exited', 'S55_aftercare')) ORDER BY owed.due_on LIMIT 300"
)


@dataclass(frozen=True)
class SessionLine:
    """A counselling session of the day as the house may see it."""

    id: int
    person_id: int
    starts_at: datetime
    number: int
    status: str
    room: str
    counsellor: int
    planned: int
    name: str
    code: str
    language: str


@dataclass(frozen=True)
class DueLine:
    """Something due on a day without a time; `kind` is the milestone of a contact."""

    id: int
    person_id: int
    due_on: date
    case_worker: int
    counsellor: int
    name: str
    code: str
    kind: str


def sessions_on(connection: sa.Connection, day: date) -> tuple[SessionLine, ...]:
    """Return the sessions of a day that were not called off."""
    values = {"first": day.isoformat(), "after": (day + timedelta(days=1)).isoformat()}
    return tuple(
        SessionLine(row[0], row[1], datetime.fromisoformat(row[2]), *row[3:])
        for row in connection.execute(_SESSIONS, values)
    )


def reviews_within(connection: sa.Connection, first: date, last: date) -> tuple[DueLine, ...]:
    """Return plan reviews of residents after one day and until another; needs both keys."""
    return _due(connection, _REVIEWS, first, last)


def contacts_within(connection: sa.Connection, first: date, last: date) -> tuple[DueLine, ...]:
    """Return aftercare contacts due after one day and until another; needs both keys."""
    return _due(connection, _CONTACTS, first, last)


def _due(
    connection: sa.Connection, question: sa.TextClause, first: date, last: date
) -> tuple[DueLine, ...]:
    values = {"first": first.isoformat(), "last": last.isoformat()}
    return tuple(
        DueLine(row[0], row[1], date.fromisoformat(row[2]), *row[3:])
        for row in connection.execute(question, values)
    )
