"""Questions of the deadline engine about people in residence, the house and counselling.

Each question starts from an index of what is open and joins outwards, so that its cost follows
what is open and not how many people the house has ever had.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain import plan_rules
from shelter_app.domain.alert import AlertSnooze
from shelter_app.domain.deadline_facts import OpenStay
from shelter_app.domain.deadline_rules import RETURN
from shelter_app.domain.deadlines import Fact
from shelter_app.storage.tables import table_of

MOST: Final = 800
"""The most facts one question brings: a list of more is not read by anybody."""

_DAY: Final = "%Y-%m-%d"
_MOMENT: Final = "%Y-%m-%d %H:%M:%S.%f"

_STAYS: Final = """
SELECT stay.id, stay.person_id, stay.admitted_at, coalesce(stay.case_manager, 0),
 coalesce(stay.counsellor, 0), person.display_alias, person.person_no, person.age_band,
 person.risk_review_due, kept.id IS NOT NULL AS placed, coalesce(kept.legal_basis, ''),
 coalesce(kept.order_number, ''), coalesce(kept.order_court, ''), kept.order_expires_on,
 background.birth_date,
 EXISTS (SELECT 1 FROM cases.consent AS c WHERE c.person_id = stay.person_id AND c.voided = 0
  AND (c.given_on >= substr(stay.admitted_at, 1, 10) OR c.expires_on >= :today)) AS consents,
 EXISTS (SELECT 1 FROM cases.risk_assessment AS r WHERE r.person_id = stay.person_id
  AND r.voided = 0 AND r.done_at >= substr(stay.admitted_at, 1, 10)) AS assessed,
 EXISTS (SELECT 1 FROM house.counselling_enrolment AS e WHERE e.person_id = stay.person_id
  AND e.voided = 0 AND (e.completed_on IS NULL OR e.started_on >= substr(stay.admitted_at, 1, 10))
  ) AS enrolled,
 EXISTS (SELECT 1 FROM cases.document AS d WHERE d.person_id = stay.person_id AND d.voided = 0
  AND d.type = 'children_officer_notice' AND d.status IN ('issued', 'replaced')) AS notified,
 (SELECT max(v.held_on) FROM cases.plan_review AS v WHERE v.person_id = stay.person_id
  AND v.voided = 0) AS last_review,
 (SELECT max(c.given_on) FROM cases.consent AS c WHERE c.person_id = stay.person_id
  AND c.voided = 0) AS last_consent,
 coalesce(plan.id, 0) AS plan_id, plan.approved_on, plan.next_review,
 coalesce(plan.prepared_by, 0), coalesce((SELECT second.alias FROM main.staff AS second
  WHERE second.id = plan.approved_by), '') AS approver,
 (SELECT count(*) FROM cases.plan_goal AS g WHERE g.care_plan_id = plan.id AND g.voided = 0
  AND g.status IN ('active', 'achieved', 'partly') AND (g.due_on >= :today
  OR g.status <> 'active')) AS on_track,
 (SELECT count(*) FROM cases.plan_goal AS g WHERE g.care_plan_id = plan.id AND g.voided = 0
  AND g.status <> 'dropped') AS goals,
 (SELECT count(*) FROM cases.plan_goal AS g CROSS JOIN cases.plan_action AS a
  WHERE a.goal_id = g.id AND g.care_plan_id = plan.id AND g.voided = 0 AND a.voided = 0
  AND a.status IN ('todo', 'doing', 'blocked') AND a.due_on < :today) AS late,
 (SELECT min(a.due_on) FROM cases.plan_goal AS g CROSS JOIN cases.plan_action AS a
  WHERE a.goal_id = g.id AND g.care_plan_id = plan.id AND g.voided = 0 AND a.voided = 0
  AND a.status IN ('todo', 'doing', 'blocked') AND a.due_on < :today) AS first_late,
 coalesce(draft.id, 0) AS draft_id, draft.created_at,
 draft.id IS NOT NULL AND draft.sent_back_reason = '' AND draft.survivor_views <> ''
  AND (SELECT count(DISTINCT g.domain)
  FROM cases.plan_goal AS g WHERE g.care_plan_id = draft.id AND g.voided = 0
  AND g.status <> 'dropped' AND g.domain IN :required) = :required_count AS ready
FROM house.stay AS stay CROSS JOIN house.person AS person
LEFT JOIN cases.placement AS kept ON kept.id = stay.id AND kept.voided = 0
LEFT JOIN cases.person_background AS background ON background.id = stay.person_id
LEFT JOIN cases.care_plan AS plan ON plan.person_id = stay.person_id AND plan.voided = 0
 AND plan.status = 'approved' AND plan.approved_on >= substr(stay.admitted_at, 1, 10)
LEFT JOIN cases.care_plan AS draft ON draft.person_id = stay.person_id AND draft.voided = 0
 AND draft.status = 'draft'
WHERE stay.exited_at IS NULL AND stay.voided = 0 AND person.id = stay.person_id
"""
_STAYS_QUESTION: Final = sa.text(_STAYS).bindparams(sa.bindparam("required", expanding=True))

PERSON: Final = (
    "coalesce(person.display_alias, ''), coalesce(person.person_no, ''),"
    " coalesce((SELECT s.case_manager FROM house.stay AS s WHERE s.person_id = person.id"
    " AND s.voided = 0 ORDER BY s.admitted_at DESC LIMIT 1), 0)"
)
"""Working name, code and case worker of the latest stay: what every fact says of a person."""

_AWAY: Final = sa.text(
    f"SELECT gone.stay_id, gone.person_id, gone.type, gone.left_at, gone.expected_back, {PERSON}"  # noqa: S608 - fixed words
    " FROM house.absence AS gone CROSS JOIN house.stay AS stay CROSS JOIN house.person AS person"
    " WHERE gone.returned_at IS NULL AND gone.voided = 0 AND stay.id = gone.stay_id"
    " AND stay.exited_at IS NULL AND stay.voided = 0 AND person.id = gone.person_id"
)
_ALONE: Final = sa.text(
    f"SELECT a.id, a.person_id, a.starts_at, {PERSON}"  # noqa: S608 - fixed words
    " FROM house.appointment AS a CROSS JOIN house.person AS person"
    " WHERE a.starts_at >= :today AND a.starts_at < :until AND a.voided = 0 AND a.kind = 'court'"
    " AND a.person_goes = 1 AND a.cancelled = 0 AND person.id = a.person_id AND NOT EXISTS"
    " (SELECT 1 FROM house.accompaniment AS going WHERE going.court_event_id = a.id"
    " AND going.voided = 0)"
)
_GAPS: Final = sa.text(
    f"SELECT e.id, e.person_id, e.counsellor, e.started_on, {PERSON},"  # noqa: S608 - fixed words
    " (SELECT max(s.starts_at) FROM house.counselling_session AS s WHERE s.enrolment_id = e.id"
    "  AND s.voided = 0 AND s.status IN ('done', 'done_short')),"
    " (SELECT min(s.starts_at) FROM house.counselling_session AS s WHERE s.enrolment_id = e.id"
    "  AND s.voided = 0 AND s.status IN ('done', 'done_short') AND s.session_no = 6),"
    " EXISTS (SELECT 1 FROM house.counselling_session AS s WHERE s.enrolment_id = e.id"
    "  AND s.voided = 0 AND s.status = 'scheduled' AND s.starts_at >= :today),"
    " e.reviewed FROM house.stay AS stay"
    " CROSS JOIN house.counselling_enrolment AS e CROSS JOIN house.person AS person"
    " WHERE stay.exited_at IS NULL AND stay.voided = 0 AND e.person_id = stay.person_id"
    " AND e.completed_on IS NULL AND e.voided = 0 AND person.id = e.person_id LIMIT :most"
)


@dataclass(frozen=True)
class Span:
    """The moment of asking, as the file keeps moments and days."""

    now: datetime

    @property
    def today(self) -> str:
        """The day."""
        return self.now.strftime(_DAY)

    def day(self, days: int) -> str:
        """Return a day some days ahead or, when negative, back."""
        return (self.now + timedelta(days=days)).strftime(_DAY)

    @property
    def moment(self) -> str:
        """The moment."""
        return self.now.strftime(_MOMENT)


class Asking:
    """Asks for one worker at one moment, and remembers when there was more than is brought."""

    def __init__(self, connection: sa.Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.span = Span(now)
        self.cut = False

    def rows(self, question: sa.TextClause, **values: Any) -> list[Any]:
        """Return at most MOST rows of a question that names :most."""
        found = self.connection.execute(question, {**values, "most": MOST + 1}).fetchall()
        self.cut = self.cut or len(found) > MOST
        return list(found[:MOST])


def as_day(value: Any) -> date | None:
    """Return a day as the file keeps it."""
    return date.fromisoformat(value[:10]) if value else None


def as_moment(value: Any) -> datetime | None:
    """Return a moment as the file keeps it; a day is its beginning."""
    return datetime.fromisoformat(value) if value else None


def start_of(day: date) -> datetime:
    """Return the beginning of a day."""
    return datetime.combine(day, time.min)


def _as_it_is(value: Any) -> Any:
    return value


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "date | None": as_day,
    "datetime | None": as_moment,
    "datetime": as_moment,
    "bool": bool,
}
"""How a column of a plain statement becomes what the field of OpenStay says it is."""


def open_stays(connection: sa.Connection, now: datetime) -> list[OpenStay]:
    """Return everybody in residence with what the rules ask of her file."""
    required = plan_rules.required_areas()
    values = {
        "today": Span(now).today,
        "required": list(required),
        "required_count": len(required),
    }
    return [_open_stay(row) for row in connection.execute(_STAYS_QUESTION, values)]


def _open_stay(row: Any) -> OpenStay:
    return OpenStay(
        **{
            field.name: _READ.get(str(field.type), _as_it_is)(value)
            for field, value in zip(dataclasses.fields(OpenStay), row, strict=True)
        }
    )


def away(connection: sa.Connection) -> list[Fact]:
    """Return who sleeps elsewhere: missing since, or expected back."""
    facts = []
    for stay_id, person_id, kind, left_at, expected, name, code, worker in connection.execute(
        _AWAY
    ):
        missing = kind == "missing"
        since = as_moment(left_at if missing else expected)
        if since is not None:
            facts.append(
                Fact(
                    rule="DL39" if missing else RETURN,
                    subject_id=stay_id,
                    since=since,
                    person_id=person_id,
                    name=name,
                    code=code,
                    case_worker=worker,
                    record_id=stay_id,
                    kind=f"absence:{kind}",
                )
            )
    return facts


def alone_outside(connection: sa.Connection, now: datetime, *, ahead: int = 3) -> list[Fact]:
    """Return outside appointments of the next days with nobody named to go along."""
    values = {"today": Span(now).today, "until": Span(now).day(ahead + 1)}
    return [
        Fact(
            rule="DL24",
            subject_id=appointment_id,
            since=datetime.fromisoformat(starts_at),
            person_id=person_id,
            name=name,
            code=code,
            case_worker=worker,
        )
        for appointment_id, person_id, starts_at, name, code, worker in connection.execute(
            _ALONE, values
        )
        if datetime.fromisoformat(starts_at) >= now
    ]


def counselling(asking: Asking) -> list[Fact]:
    """Return gaps in open programmes, and sixth sessions whose review is owed."""
    facts: list[Fact] = []
    for row in asking.rows(_GAPS, today=asking.span.today):
        enrolment_id, person_id, counsellor, started, name, code, worker = row[:7]
        last, sixth, planned, reviewed = row[7:]
        common: dict[str, Any] = {
            "subject_id": enrolment_id,
            "person_id": person_id,
            "name": name,
            "code": code,
            "case_worker": worker,
            "owner": counsellor or 0,
        }
        since = as_moment(last or started)
        if not planned and since is not None:
            facts.append(Fact(rule="DL28", since=since, **common))
        held = as_moment(sixth)
        if held is not None and not reviewed:
            facts.append(Fact(rule="DL29", since=held, **common))
    return facts


def snoozes(
    connection: sa.Connection, kind: type[AlertSnooze], since: datetime
) -> list[AlertSnooze]:
    """Return what was put off beyond a moment, the latest of each alert last."""
    table = table_of(kind)
    statement = (
        sa.select(table)
        .where(table.c.until >= since, table.c.voided == sa.false())
        .order_by(table.c.created_at, table.c.times)
    )
    return [kind(**row._mapping) for row in connection.execute(statement)]  # noqa: SLF001 - public
