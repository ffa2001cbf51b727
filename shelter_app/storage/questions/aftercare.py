"""Which aftercare contacts are due, late, coming or done: the windows of the milestones in SQL."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa

from shelter_app.domain.followup_schedule import milestones, window_of

DONE_WITHIN: Final = timedelta(days=90)
STANDINGS: Final = ("due", "late", "coming", "done")

_MINE: Final = (
    "SELECT stay.person_id FROM house.stay AS stay WHERE stay.voided = 0"
    " AND (stay.case_manager = :staff OR stay.counsellor = :staff)"
    " AND NOT EXISTS (SELECT 1 FROM house.stay AS later WHERE later.person_id = stay.person_id"
    " AND later.voided = 0 AND later.admitted_at > stay.admitted_at)"
)
_OWED: Final = "contact.voided = 0 AND contact.done_on IS NULL"
_CONDITIONS: Final = {
    "due": f"{_OWED} AND contact.due_on BETWEEN :first AND :last"
    " AND contact.due_on <= {until} AND contact.due_on >= {since}",
    "late": f"{_OWED} AND contact.due_on < :today AND contact.due_on < {{since}}",
    "coming": f"{_OWED} AND contact.due_on > :today AND contact.due_on > {{until}}",
    "done": "contact.voided = 0 AND contact.done_on >= :done_since",
}
"""The edges of a window differ per milestone; the plain bounds beside them let the index work."""

_ORDER: Final = {"done": "contact.done_on DESC, contact.id"}


def _edge(days: int, today: date) -> str:
    """Return an SQL expression for the edge of the window per milestone: earlier or later."""
    parts = " ".join(
        f"WHEN '{point.code}' THEN '{today + timedelta(days=days * point.window_days)}'"
        for point in milestones()
    )
    other = today + timedelta(days=days * window_of(""))
    return f"(CASE contact.milestone {parts} ELSE '{other}' END)"


def _condition(standing: str, today: date, staff_id: int) -> tuple[str, dict[str, object]]:
    written = _CONDITIONS[standing].format(until=_edge(1, today), since=_edge(-1, today))
    widest = timedelta(days=max(point.window_days for point in milestones()))
    values: dict[str, object]
    if standing == "done":
        values = {"done_since": (today - DONE_WITHIN).isoformat()}
    elif standing == "due":
        values = {"first": (today - widest).isoformat(), "last": (today + widest).isoformat()}
    else:
        values = {"today": today.isoformat()}
    if staff_id:
        written += f" AND contact.person_id IN ({_MINE})"
        values["staff"] = staff_id
    return written, values


def contact_ids(
    connection: sa.Connection, standing: str, today: date, *, staff_id: int = 0
) -> tuple[int, ...]:
    """Return the contacts of one standing in the order of work; `staff_id` keeps one caseload."""
    written, values = _condition(standing, today, staff_id)
    order = _ORDER.get(standing, "contact.due_on, contact.id")
    statement = sa.text(
        f"SELECT contact.id FROM cases.followup_contact AS contact WHERE {written}"  # noqa: S608
        f" ORDER BY {order}"
    )
    return tuple(row[0] for row in connection.execute(statement, values))


def contact_count(
    connection: sa.Connection, standing: str, today: date, *, staff_id: int = 0
) -> int:
    """Return how many contacts have one standing."""
    written, values = _condition(standing, today, staff_id)
    statement = sa.text(
        f"SELECT count(*) FROM cases.followup_contact AS contact WHERE {written}"  # noqa: S608
    )
    return int(connection.execute(statement, values).scalar_one())
