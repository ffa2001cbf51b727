"""Whose person is this: the caseload behind the role matrix's 'assigned cases only'."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from shelter_app.domain.oversight import BreakGlass, Covering
from shelter_app.storage.tables import table_of

_LATEST: Final = sa.text(
    "SELECT case_manager, counsellor FROM house.stay WHERE person_id = :person AND voided = 0"
    " ORDER BY admitted_at DESC LIMIT 1"
)
_COVERING: Final = table_of(Covering)
_GLASS: Final = table_of(BreakGlass)
_COVERED: Final = sa.select(_COVERING.c.staff_id).where(
    _COVERING.c.covered_by == sa.bindparam("me"),
    _COVERING.c.from_on <= sa.bindparam("today"),
    _COVERING.c.until_on >= sa.bindparam("today"),
    _COVERING.c.ended_at.is_(None),
    _COVERING.c.voided == sa.false(),
)
_OPENED: Final = sa.select(_GLASS.c.id).where(
    _GLASS.c.person_id == sa.bindparam("person"),
    _GLASS.c.staff_id == sa.bindparam("me"),
    _GLASS.c.opened_at <= sa.bindparam("now"),
    _GLASS.c.open_until > sa.bindparam("now"),
    _GLASS.c.voided == sa.false(),
)


def is_assigned(connection: sa.Connection, person_id: int, staff_ids: Collection[int]) -> bool:
    """Say whether the latest stay names one of these workers, or there is no stay yet."""
    row = connection.execute(_LATEST, {"person": person_id}).first()
    return row is None or row[0] in staff_ids or row[1] in staff_ids


def covered(connection: sa.Connection, staff_id: int, today: date) -> frozenset[int]:
    """Return whose caseload this worker holds on a day."""
    found = connection.execute(_COVERED, {"me": staff_id, "today": today})
    return frozenset(int(row[0]) for row in found)


def is_opened(connection: sa.Connection, person_id: int, staff_id: int, now: datetime) -> bool:
    """Say whether this worker has a person's sealed record open at a moment."""
    asked = {"person": person_id, "me": staff_id, "now": now}
    return connection.execute(_OPENED, asked).first() is not None
