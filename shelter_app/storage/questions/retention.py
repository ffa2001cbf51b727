"""Which closed files are due for review, and what still needs them; asked of house and cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.storage.records import in_parts

_CLOSED: Final = """
SELECT p.id, p.person_no, p.age_band, p.created_at, s.exited_at, s.admitted_at, s.state,
  b.birth_date, coalesce(b.retention_class, '') AS chosen, coalesce(b.legal_hold, 0) AS held,
  c.closed_on
FROM house.person AS p
LEFT JOIN house.stay AS s ON s.id = (
  SELECT id FROM house.stay WHERE person_id = p.id AND voided = 0
  ORDER BY exited_at IS NULL DESC, admitted_at DESC LIMIT 1)
LEFT JOIN cases.person_background AS b ON b.id = p.id
LEFT JOIN cases.closure AS c ON c.id = s.id AND c.voided = 0
WHERE p.voided = 0 AND (
  (s.id IS NULL AND p.created_at < :recorded_before)
  OR (s.exited_at < :left_before AND s.state NOT IN ('S50_exited', 'S55_aftercare')))
ORDER BY coalesce(s.exited_at, p.created_at), p.id
"""
_LAST_MATTER: Final = """
SELECT person_id, max(concluded_on), sum(concluded_on IS NULL) FROM (
  SELECT person_id, concluded_on FROM cases.legal_case WHERE voided = 0 AND person_id IN :ids
  UNION ALL
  SELECT s.person_id, c.concluded_on FROM cases.case_survivor AS s
  JOIN cases.legal_case AS c ON c.id = s.legal_case_id
  WHERE s.voided = 0 AND c.voided = 0 AND s.person_id IN :ids)
GROUP BY person_id
"""
"""Her own matters and those of others she is a survivor in."""
_REQUESTS: Final = (
    "SELECT count(*) FROM cases.dsr WHERE voided = 0 AND decision = 'open'"
    " AND (person_id = :person OR (person_code <> '' AND person_code = :code))"
)


@dataclass(frozen=True)
class ClosedFile:
    """A file nobody works with any more."""

    person_id: int
    code: str
    age_band: str
    recorded_at: datetime
    left_at: datetime | None
    admitted_at: datetime | None
    birth_date: date | None
    chosen: str
    held: bool
    closed_on: date | None
    """When the file was closed, if that was written down; else the day she left counts."""


@dataclass(frozen=True)
class Matters:
    """A person's legal matters: when the last one ended, and how many are open."""

    concluded_on: date | None
    open: int


def closed_files(
    connection: sa.Connection, left_before: datetime, recorded_before: datetime
) -> list[ClosedFile]:
    """Return files closed before a day, or recorded before a day and never admitted."""
    statement = sa.text(_CLOSED).columns(
        created_at=sa.DateTime(),
        exited_at=sa.DateTime(),
        admitted_at=sa.DateTime(),
        birth_date=sa.Date(),
        held=sa.Boolean(),
        closed_on=sa.Date(),
    )
    asked = {"left_before": str(left_before), "recorded_before": str(recorded_before)}
    return [
        ClosedFile(
            row.id,
            row.person_no,
            row.age_band,
            row.created_at,
            row.exited_at,
            row.admitted_at,
            row.birth_date,
            row.chosen,
            row.held,
            row.closed_on,
        )
        for row in connection.execute(statement, asked)
    ]


def matters_of(connection: sa.Connection, ids: Iterable[int]) -> dict[int, Matters]:
    """Return the legal matters of people who have any."""
    found: dict[int, Matters] = {}
    statement = sa.text(_LAST_MATTER).bindparams(sa.bindparam("ids", expanding=True))
    for part in in_parts(ids):
        for person_id, last, still_open in connection.execute(statement, {"ids": part}):
            found[person_id] = Matters(_day(last), int(still_open))
    return found


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def open_requests(connection: sa.Connection, person_id: int, code: str) -> int:
    """Return how many requests about a person's data wait for an answer."""
    asked = {"person": person_id, "code": code}
    return int(connection.execute(sa.text(_REQUESTS), asked).scalar_one())
