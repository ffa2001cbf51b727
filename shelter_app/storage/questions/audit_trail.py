"""Pages of the audit trail of one compartment, newest first: who, what, when, which action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from shelter_app.storage.connection import schema_of


@dataclass(frozen=True)
class Row:
    """One row of the trail."""

    compartment: str
    seq: int
    at_utc: str
    slot: str
    staff_id: int
    action: str
    record_type: str
    record_id: int
    person_id: int
    detail: str
    emptied: bool
    clock_back: bool


@dataclass(frozen=True)
class Wanted:
    """Which rows; None and empty values ask for all. Moments are UTC text as the trail has them.

    `record_types` and `persons` also keep out what the reader may not see, so that a count never
    tells of a row that is not shown.
    """

    staff_id: int = 0
    person_id: int = 0
    actions: tuple[str, ...] = ()
    record_types: tuple[str, ...] | None = None
    persons: tuple[int, ...] | None = None
    since: str = ""
    until: str = ""


def page(
    connection: sa.Connection, compartment: str, wanted: Wanted, before: int, limit: int
) -> tuple[tuple[str, int], ...]:
    """Return (moment, seq) of the newest matching rows with a number below `before` (0: any)."""
    where, values = _where(wanted)
    if before:
        where += (" AND " if where else " WHERE ") + "seq < :before"
        values["before"] = before
    statement = sa.text(
        f"SELECT at_utc, seq FROM {schema_of(compartment)}.audit{where}"  # noqa: S608
        " ORDER BY seq DESC LIMIT :most"
    )
    found = connection.execute(statement, {**values, "most": limit})
    return tuple((row[0], row[1]) for row in found)


def count(connection: sa.Connection, compartment: str, wanted: Wanted) -> int:
    """Return how many rows match."""
    where, values = _where(wanted)
    statement = sa.text(f"SELECT count(*) FROM {schema_of(compartment)}.audit{where}")  # noqa: S608
    return int(connection.execute(statement, values).scalar_one())


def rows(connection: sa.Connection, compartment: str, seqs: tuple[int, ...]) -> tuple[Row, ...]:
    """Return rows by their numbers."""
    statement = sa.text(
        "SELECT seq, at_utc, slot, staff_id, action, record_type, record_id, person_id, detail,"  # noqa: S608
        " (detail = '' AND detail_digest <> x'') AS emptied,"
        f" clock_back FROM {schema_of(compartment)}.audit WHERE seq IN :seqs"
    ).bindparams(sa.bindparam("seqs", expanding=True))
    return tuple(
        Row(compartment, **row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
        for row in connection.execute(statement, {"seqs": list(seqs)})
    )


def actions(connection: sa.Connection, compartment: str) -> frozenset[str]:
    """Return the actions that occur."""
    statement = f"SELECT DISTINCT action FROM {schema_of(compartment)}.audit"  # noqa: S608
    return frozenset(row[0] for row in connection.exec_driver_sql(statement))


def persons(connection: sa.Connection, compartment: str) -> tuple[int, ...]:
    """Return the ids of the persons that rows are about."""
    statement = f"SELECT DISTINCT person_id FROM {schema_of(compartment)}.audit"  # noqa: S608
    return tuple(row[0] for row in connection.exec_driver_sql(statement))


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    parts: list[str] = []
    values: dict[str, Any] = {}
    for column, value in (("staff_id", wanted.staff_id), ("person_id", wanted.person_id)):
        if value:
            parts.append(f"{column} = :{column}")
            values[column] = value
    if wanted.actions:
        parts.append(_among("act", "action", wanted.actions, values))
    if wanted.record_types is not None:
        parts.append(_among("kind", "record_type", wanted.record_types, values))
    if wanted.persons is not None:
        listed = ", ".join(str(int(each)) for each in wanted.persons)
        parts.append(f"person_id IN ({listed})")
    if wanted.since:
        parts.append("at_utc >= :since")
        values["since"] = wanted.since
    if wanted.until:
        parts.append("at_utc < :until")
        values["until"] = wanted.until
    return (f" WHERE {' AND '.join(parts)}" if parts else "", values)


def _among(name: str, column: str, chosen: tuple[str, ...], values: dict[str, Any]) -> str:
    names = [f"{name}{place}" for place in range(len(chosen))]
    values |= dict(zip(names, chosen, strict=True))
    return f"{column} IN ({', '.join(f':{each}' for each in names)})"
