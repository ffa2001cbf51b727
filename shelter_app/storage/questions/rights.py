"""What data protection waits for: open requests, running clocks, old files, decisions by two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain.deadline_rules_rights import (
    ACCESS,
    BREACH,
    CARRY_OUT,
    COUNSELLING_LEAVES,
    DECISION,
    LEAVE_NOW,
    LEAVING,
    OTHER_REQUEST,
    REVIEW,
    UNCHARGED,
)
from shelter_app.domain.deadlines import Fact
from shelter_app.domain.retention import LEAVE
from shelter_app.storage.questions import uncharged

_REQUESTS: Final = (
    "SELECT id, type, received_on, person_code FROM cases.dsr"
    " WHERE voided = 0 AND answered_on IS NULL AND decision = 'open' LIMIT 200"
)
_BREACHES: Final = (
    "SELECT id, aware_at FROM cases.breach"
    " WHERE voided = 0 AND closed_on IS NULL AND odpc_told_at IS NULL LIMIT 200"
)
_DECISIONS: Final = (
    "SELECT id, proposed_at, proposed_by, kind FROM cases.two_person_decision"
    " WHERE voided = 0 AND state = 'proposed' AND kind <> 'hold' LIMIT 200"
)
_APPROVED: Final = (
    "SELECT id, approved_at, kind FROM cases.two_person_decision"
    " WHERE voided = 0 AND state = 'approved' AND kind IN ('purge', 'accused', 'leave') LIMIT 200"
)
_NEWEST_LEAVING: Final = (
    "SELECT id, approved_at, counselling_done_on FROM cases.two_person_decision"
    " WHERE voided = 0 AND kind = 'leave' AND state IN ('approved', 'done')"
    " ORDER BY approved_at DESC LIMIT 1"
)
_FIRST_OLD_FILE: Final = """
SELECT s.exited_at FROM house.stay AS s JOIN house.person AS p ON p.id = s.person_id
LEFT JOIN cases.person_background AS b ON b.id = p.id
WHERE s.voided = 0 AND s.exited_at < :before AND s.state NOT IN ('S50_exited', 'S55_aftercare')
  AND p.voided = 0 AND coalesce(b.legal_hold, 0) = 0
  AND coalesce(b.retention_class, '') IN ('', 'case_adult', 'case_child', 'health')
  AND (b.birth_date <= :grown_up
    OR (b.birth_date IS NULL AND p.age_band IN ('18-24', '25plus')))
  AND NOT EXISTS (SELECT 1 FROM house.stay AS later WHERE later.person_id = p.id
    AND later.voided = 0 AND (later.exited_at IS NULL OR later.exited_at > s.exited_at))
  AND NOT EXISTS (SELECT 1 FROM cases.legal_case AS c WHERE c.person_id = p.id AND c.voided = 0
    AND (c.concluded_on IS NULL OR c.concluded_on > :before))
  AND NOT EXISTS (SELECT 1 FROM cases.case_survivor AS t WHERE t.person_id = p.id
    AND t.voided = 0)
  AND NOT EXISTS (SELECT 1 FROM cases.closure AS e WHERE e.id = s.id AND e.voided = 0
    AND e.closed_on > :before)
  AND NOT EXISTS (SELECT 1 FROM cases.two_person_decision AS d WHERE d.person_id = p.id
    AND d.voided = 0 AND d.state IN ('proposed', 'approved') AND d.kind <> 'accused')
ORDER BY s.exited_at LIMIT 1
"""
_YEARS: Final = 7
_GROWN_UP: Final = 25


def facts(
    connection: sa.Connection, now: datetime, staff_id: int, *, house: bool
) -> Iterator[Fact]:
    """Yield what is open; old files only for those who hold the key of the house."""
    run = connection.exec_driver_sql
    for number, kind, received, code in run(_REQUESTS).all():
        rule = ACCESS if kind == "access" else OTHER_REQUEST
        yield Fact(rule=rule, subject_id=number, since=_moment(received), code=code)
    for number, aware in run(_BREACHES).all():
        yield Fact(rule=BREACH, subject_id=number, since=_moment(aware))
    for number, proposed, by, kind in run(_DECISIONS).all():
        if proposed and by != staff_id:
            rule = LEAVING if kind == LEAVE else DECISION
            yield Fact(rule=rule, subject_id=number, since=_moment(proposed))
    for number, approved, kind in run(_APPROVED).all():
        if approved:
            rule = LEAVE_NOW if kind == LEAVE else CARRY_OUT
            yield Fact(rule=rule, subject_id=number, since=_moment(approved))
    if house:
        yield from _old_files(connection, now)
        first = uncharged.first_over(connection, now.date())
        if first is not None:
            yield Fact(rule=UNCHARGED, subject_id=1, since=datetime.combine(first, time.min))


def counselling_leaves(connection: sa.Connection) -> Iterator[Fact]:
    """Yield the decision to take everything out whose counselling part nobody wrote yet.

    Such decisions are closed to counsellors; that this one was made is told to them on purpose.
    """
    newest = connection.exec_driver_sql(_NEWEST_LEAVING).first()
    if newest is not None and newest[1] and newest[2] is None:
        yield Fact(rule=COUNSELLING_LEAVES, subject_id=newest[0], since=_moment(newest[1]))


def _old_files(connection: sa.Connection, now: datetime) -> Iterator[Fact]:
    asked = {
        "before": str(_years_before(now.date(), _YEARS)),
        "grown_up": str(_years_before(now.date(), _GROWN_UP)),
    }
    first = connection.execute(sa.text(_FIRST_OLD_FILE), asked).first()
    if first is not None:
        left = _moment(first[0])
        due = _years_before(left.date(), -_YEARS)
        yield Fact(rule=REVIEW, subject_id=1, since=datetime.combine(due, time.min))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value))
