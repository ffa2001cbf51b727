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
    staff_id: int
    action: str
    record_type: str
    record_id: int
    person_id: int
    detail: str
    clock_back: bool


@dataclass(frozen=True)
class Wanted:
    """Which rows; empty values ask for all. Moments are UTC text as the trail keeps them."""

    staff_id: int = 0
    actions: tuple[str, ...] = ()
    record_types: tuple[str, ...] = ()
    since: str = ""
    until: str = ""


def numbers(
    connection: sa.Connection, compartment: str, wanted: Wanted, limit: int
) -> tuple[tuple[str, int], ...]:
    """Return (moment, seq) of the newest matching rows."""
    where, values = _where(wanted)
    statement = sa.text(
        f"SELECT at_utc, seq FROM {schema_of(compartment)}.audit{where}"  # noqa: S608
        " ORDER BY seq DESC LIMIT :most"
    )
    found = connection.execute(statement, {**values, "most": limit})
    return tuple((row[0], row[1]) for row in found)


def rows(connection: sa.Connection, compartment: str, seqs: tuple[int, ...]) -> tuple[Row, ...]:
    """Return rows by their numbers."""
    statement = sa.text(
        "SELECT seq, at_utc, staff_id, action, record_type, record_id, person_id, detail,"  # noqa: S608
        f" clock_back FROM {schema_of(compartment)}.audit WHERE seq IN :seqs"
    ).bindparams(sa.bindparam("seqs", expanding=True))
    return tuple(
        Row(compartment, **row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
        for row in connection.execute(statement, {"seqs": list(seqs)})
    )


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    parts: list[str] = []
    values: dict[str, Any] = {}
    if wanted.staff_id:
        parts.append("staff_id = :staff")
        values["staff"] = wanted.staff_id
    for name, column, chosen in (
        ("act", "action", wanted.actions),
        ("kind", "record_type", wanted.record_types),
    ):
        if chosen:
            names = [f"{name}{place}" for place in range(len(chosen))]
            parts.append(f"{column} IN ({', '.join(f':{each}' for each in names)})")
            values |= dict(zip(names, chosen, strict=True))
    if wanted.since:
        parts.append("at_utc >= :since")
        values["since"] = wanted.since
    if wanted.until:
        parts.append("at_utc < :until")
        values["until"] = wanted.until
    return (f" WHERE {' AND '.join(parts)}" if parts else "", values)
