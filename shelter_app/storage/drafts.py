"""Half-typed forms, kept encrypted in the compartment of what was being written.

A draft belongs to the key slot of the person who typed it and waits for her next sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from shelter_app import clock
from shelter_app.storage.connection import schema_of

DDL: Final = (
    (
        "CREATE TABLE {schema}.draft (form TEXT NOT NULL, record_id INTEGER NOT NULL,"
        " slot TEXT NOT NULL, saved_at TEXT NOT NULL, body TEXT NOT NULL,"
        " PRIMARY KEY (slot, form, record_id)) WITHOUT ROWID"
    ),
)


@dataclass(frozen=True)
class Draft:
    """One unfinished form; `record_id` is 0 for a record that does not exist yet."""

    compartment: str
    form: str
    record_id: int
    saved_at: str
    body: str


def _run(connection: sa.Connection, statement: str, values: tuple[Any, ...]) -> Any:
    return connection.exec_driver_sql(statement, values)


def keep(
    connection: sa.Connection, compartment: str, slot: str, form: str, record_id: int, body: str
) -> None:
    """Keep a draft, replacing an earlier one of the same form and record."""
    stamp = clock.now().isoformat(timespec="seconds")
    _run(
        connection,
        f"INSERT INTO {schema_of(compartment)}.draft (form, record_id, slot, saved_at, body)"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (slot, form, record_id)"
        " DO UPDATE SET saved_at = excluded.saved_at, body = excluded.body",
        (form, record_id, slot, stamp, body),
    )


def get(
    connection: sa.Connection, compartment: str, slot: str, form: str, record_id: int
) -> Draft | None:
    """Return the draft of a form and record, or None."""
    row = _run(
        connection,
        f"SELECT form, record_id, saved_at, body FROM {schema_of(compartment)}.draft"  # noqa: S608
        " WHERE slot = ? AND form = ? AND record_id = ?",
        (slot, form, record_id),
    ).first()
    return Draft(compartment, *row) if row else None


def discard(
    connection: sa.Connection, compartment: str, slot: str, form: str, record_id: int
) -> None:
    """Forget a draft; harmless when there is none."""
    _run(
        connection,
        f"DELETE FROM {schema_of(compartment)}.draft"  # noqa: S608
        " WHERE slot = ? AND form = ? AND record_id = ?",
        (slot, form, record_id),
    )


def waiting(connection: sa.Connection, compartment: str, slot: str) -> tuple[Draft, ...]:
    """Return all drafts of a slot in a compartment, newest first."""
    rows = _run(
        connection,
        f"SELECT form, record_id, saved_at, body FROM {schema_of(compartment)}.draft"  # noqa: S608
        " WHERE slot = ? ORDER BY saved_at DESC, form, record_id",
        (slot,),
    )
    return tuple(Draft(compartment, *row) for row in rows)
