"""Numbers and lists of the document register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

_LAST: Final = sa.text(
    "SELECT max(doc_no) FROM cases.document WHERE doc_no >= :first AND doc_no < :after"
)
_COUNTS: Final = sa.text(
    "SELECT status, recalled, count(*) FROM cases.document WHERE voided = 0"
    " GROUP BY status, recalled"
)


@dataclass(frozen=True)
class Entry:
    """One line of the register."""

    id: int
    doc_no: str
    version: int
    type: str
    status: str
    recalled: bool
    person_id: int
    recipient_kind: str
    recipient_name: str
    prepared_by: int
    issued_on: date | None
    copies: int


_ENTRIES: Final = (
    "SELECT id, doc_no, version, type, status, recalled, person_id, recipient_kind,"
    " recipient_name, prepared_by, issued_on, copies FROM cases.document WHERE voided = 0"
)
_COLUMNS: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "issued_on": sa.Date(),
    "recalled": sa.Boolean(),
}


def last_number(connection: sa.Connection, prefix: str) -> int:
    """Return the highest running number used with a prefix such as 'CSS-2026-', or 0."""
    found = connection.execute(_LAST, {"first": prefix, "after": prefix + "\uffff"}).scalar()
    return int(str(found).rsplit("-", 1)[1]) if found else 0


def register_ids(
    connection: sa.Connection, statuses: tuple[str, ...], *, recalled: bool | None = None
) -> list[int]:
    """Return the ids of documents in these states, newest number first."""
    statement = "SELECT id FROM cases.document WHERE voided = 0 AND status IN :statuses"
    if recalled is not None:
        statement += " AND recalled = :recalled"
    text = sa.text(statement + " ORDER BY doc_no DESC, version DESC").bindparams(
        sa.bindparam("statuses", expanding=True)
    )
    values: dict[str, object] = {"statuses": list(statuses)}
    if recalled is not None:
        values["recalled"] = recalled
    return [int(row[0]) for row in connection.execute(text, values)]


def entries(connection: sa.Connection, ids: list[int]) -> list[Entry]:
    """Return the lines of the register for these ids, in their order."""
    if not ids:
        return []
    text = sa.text(_ENTRIES + " AND id IN :ids").bindparams(sa.bindparam("ids", expanding=True))
    rows = connection.execute(text.columns(**_COLUMNS), {"ids": ids})
    found = {row[0]: Entry(*row) for row in rows}
    return [found[key] for key in ids if key in found]


def entries_of(connection: sa.Connection, person_id: int) -> list[Entry]:
    """Return a person's documents, newest first."""
    text = sa.text(_ENTRIES + " AND person_id = :person ORDER BY doc_no DESC, version DESC")
    rows = connection.execute(text.columns(**_COLUMNS), {"person": person_id})
    return [Entry(*row) for row in rows]
