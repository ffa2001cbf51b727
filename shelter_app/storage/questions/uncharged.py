"""Which entries of accused people have outlived their time: never charged, and nothing needs them.

What keeps an entry is said here once, so that the list, the reminder and the last look before an
erasure cannot come to differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

_SURVIVORS: Final = (
    "(SELECT s.person_id UNION SELECT t.person_id FROM cases.case_survivor AS t"
    " WHERE t.legal_case_id = s.legal_case_id AND t.voided = 0)"
)
"""Everybody the case is about: a hold on the file of one of them keeps its accused too."""
_KEPT_BY: Final[dict[str, str]] = {
    "open": "c.id IS NOT NULL AND c.voided = 0 AND c.concluded_on IS NULL",
    "charged": (
        "EXISTS (SELECT 1 FROM cases.charge AS h WHERE h.suspect_id = s.id AND h.voided = 0)"
    ),
    "held": (
        "EXISTS (SELECT 1 FROM cases.person_background AS b WHERE b.legal_hold = 1"  # noqa: S608
        f" AND b.id IN {_SURVIVORS}) OR EXISTS (SELECT 1 FROM cases.two_person_decision AS d"
        " WHERE d.voided = 0 AND d.kind = 'hold' AND d.state IN ('proposed', 'approved')"
        f" AND d.person_id IN {_SURVIVORS})"
    ),
    "asked": (
        "EXISTS (SELECT 1 FROM cases.dsr AS r WHERE r.voided = 0 AND r.decision = 'open'"  # noqa: S608
        f" AND (r.person_id IN {_SURVIVORS} OR r.person_code IN"
        f" (SELECT q.person_no FROM house.person AS q WHERE q.id IN {_SURVIVORS})))"
    ),
    "decided": (
        "EXISTS (SELECT 1 FROM cases.two_person_decision AS d WHERE d.suspect_id = s.id"
        " AND d.voided = 0 AND d.kind = 'accused' AND d.state IN ('proposed', 'approved'))"
    ),
}
_FROM: Final = """
FROM cases.suspect AS s LEFT JOIN cases.legal_case AS c ON c.id = s.legal_case_id
LEFT JOIN house.person AS p ON p.id = s.person_id
"""
_ENTRY: Final = (
    "SELECT s.id, s.accused_no, s.status, s.person_id, s.legal_case_id, s.retain_until,"
    " coalesce(c.short_title, '') AS case_title, coalesce(p.person_no, '') AS code, "
    + ", ".join(f"({condition}) AS {name}" for name, condition in _KEPT_BY.items())
    + _FROM
)
_OVER: Final = " WHERE s.retain_until < :today AND " + " AND ".join(
    f"NOT ({condition})" for condition in _KEPT_BY.values()
)
_LIST: Final = f"{_ENTRY}{_OVER} ORDER BY s.retain_until, s.id LIMIT :most"
_COUNT: Final = f"SELECT count(*){_FROM}{_OVER}"
FIRST: Final = sa.text(
    f"SELECT s.retain_until{_FROM}{_OVER} AND s.voided = 0 ORDER BY s.retain_until LIMIT 1"
)
"""Asked at every look at Today: the index has the entries only that were not taken back."""
_ONE: Final = f"{_ENTRY} WHERE s.id = :suspect"


@dataclass(frozen=True)
class Entry:
    """An entry of an accused, and what keeps it from being erased."""

    suspect_id: int
    number: int
    status: str
    person_id: int
    case_id: int
    case_title: str
    code: str
    """Of the survivor the case was opened for."""
    until: date | None
    open: bool
    charged: bool
    held: bool
    asked: bool
    decided: bool


def over(connection: sa.Connection, today: date, most: int) -> list[Entry]:
    """Return the entries whose day is past and which nothing keeps, the longest past first."""
    return _entries(connection, _LIST, today=str(today), most=most)


def count_over(connection: sa.Connection, today: date) -> int:
    """Return how many there are."""
    return int(connection.execute(sa.text(_COUNT), {"today": str(today)}).scalar_one())


def first_over(connection: sa.Connection, today: date) -> date | None:
    """Return the day of the one that is longest past, None when there is none."""
    found = connection.execute(FIRST, {"today": str(today)}).scalar()
    return date.fromisoformat(str(found)) if found else None


def one(connection: sa.Connection, suspect_id: int) -> Entry | None:
    """Return one entry, whatever its day and whatever keeps it."""
    found = _entries(connection, _ONE, suspect=suspect_id)
    return found[0] if found else None


def _entries(connection: sa.Connection, question: str, **asked: Any) -> list[Entry]:
    statement = sa.text(question).columns(retain_until=sa.Date())
    return [
        Entry(
            suspect_id=row.id,
            number=row.accused_no or 0,
            status=row.status,
            person_id=row.person_id or 0,
            case_id=row.legal_case_id or 0,
            case_title=row.case_title,
            code=row.code,
            until=row.retain_until,
            **{name: bool(getattr(row, name)) for name in _KEPT_BY},
        )
        for row in connection.execute(statement, asked)
    ]
