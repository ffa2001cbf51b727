"""Bring each compartment from the version it was written with to this program's, or refuse.

A compartment whose key is not held today keeps its version and is brought up at its holder's next
sign-in, so every step lists its statements per compartment and steps never reach across files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

import sqlalchemy as sa

from shelter_app.errors import VaultDamaged, VaultTooNew
from shelter_app.storage.connection import schema_of

FORMAT: Final = "makao-vault"
MIN_READER: Final = 1
"""The oldest schema version whose program may still open what this one writes."""

DDL: Final = (
    "CREATE TABLE {schema}.meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)


class Step(Protocol):
    """One numbered step: the statements for each compartment it changes."""

    @property
    def number(self) -> int:
        """Return the schema version the step leads to."""

    @property
    def statements(self) -> Mapping[str, tuple[str, ...]]:
        """Return the statements by compartment."""


def newest(steps: Sequence[Step]) -> int:
    """Return the schema version this program writes."""
    return steps[-1].number


def version_of(connection: sa.Connection, compartment: str) -> int:
    """Return the schema version a compartment was written with."""
    statement = f"PRAGMA {schema_of(compartment)}.user_version"
    return int(connection.exec_driver_sql(statement).scalar_one())


def outdated(
    connection: sa.Connection, compartments: Iterable[str], steps: Sequence[Step]
) -> dict[str, int]:
    """Return the compartments behind this program with their versions; VaultTooNew when one leads.

    Only reads, so a vault of a newer program is left exactly as it was.
    """
    versions = {name: version_of(connection, name) for name in compartments}
    for name, version in versions.items():
        if version > newest(steps) or _min_reader(connection, name, version) > newest(steps):
            raise VaultTooNew(name)
    return {name: version for name, version in versions.items() if version < newest(steps)}


def _min_reader(connection: sa.Connection, compartment: str, version: int) -> int:
    if version == 0:
        return 0
    value = read_meta(connection, compartment).get("min_reader_version", "")
    if not value.isdecimal():
        raise VaultDamaged(compartment)
    return int(value)


def upgrade(connection: sa.Connection, versions: Mapping[str, int], steps: Sequence[Step]) -> None:
    """Apply the missing steps to these compartments in the transaction under way."""
    for step in steps:
        for name, version in versions.items():
            if step.number > version:
                for statement in step.statements.get(name, ()):
                    connection.exec_driver_sql(statement)
    for name in versions:
        schema = schema_of(name)
        connection.exec_driver_sql(f"PRAGMA {schema}.user_version = {newest(steps)}")
        _check(connection, name)
        write_meta(connection, name, {"schema_version": str(newest(steps))})
        write_meta(connection, name, {"min_reader_version": str(MIN_READER)})


def _check(connection: sa.Connection, compartment: str) -> None:
    schema = schema_of(compartment)
    if connection.exec_driver_sql(f"PRAGMA {schema}.foreign_key_check").first() is not None:
        raise VaultDamaged(compartment)
    if connection.exec_driver_sql(f"PRAGMA {schema}.quick_check(1)").scalar_one() != "ok":
        raise VaultDamaged(compartment)


def read_meta(connection: sa.Connection, compartment: str) -> dict[str, str]:
    """Return what a compartment's file says about itself."""
    statement = f"SELECT name, value FROM {schema_of(compartment)}.meta"  # noqa: S608
    return {row[0]: row[1] for row in connection.exec_driver_sql(statement)}


def write_meta(connection: sa.Connection, compartment: str, values: Mapping[str, str]) -> None:
    """Write facts a compartment's file keeps about itself."""
    for name, value in values.items():
        connection.exec_driver_sql(
            f"INSERT INTO {schema_of(compartment)}.meta (name, value) VALUES (?, ?)"  # noqa: S608
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )
