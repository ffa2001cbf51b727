"""Whose person is this: the caseload behind the role matrix's 'assigned cases only'."""

from __future__ import annotations

import sqlalchemy as sa

_LATEST = sa.text(
    "SELECT case_manager, counsellor FROM house.stay WHERE person_id = :person AND voided = 0"
    " ORDER BY admitted_at DESC LIMIT 1"
)


def is_assigned(connection: sa.Connection, person_id: int, staff_id: int) -> bool:
    """Say whether the latest stay names this worker, or there is no stay yet."""
    row = connection.execute(_LATEST, {"person": person_id}).first()
    return row is None or staff_id in (row[0], row[1])
