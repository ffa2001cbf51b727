"""Looking into copies of vault files with the keys at hand: what they hold, whether it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain import catalogue
from shelter_app.domain.fields import Kind, fields_of
from shelter_app.errors import Stopped, VaultDamaged
from shelter_app.storage import audit, migrate
from shelter_app.storage import keyring as kr
from shelter_app.storage.connection import open_connection, schema_of, translated

_LOOK_EVERY: Final = 20_000
"""Steps of the database engine between two looks at whether somebody wants it to stop."""
_READ_ONCE_KIB: Final = 2_048
_TABLES: Final = "SELECT name FROM {schema}.sqlite_schema WHERE type = 'table'"


@dataclass(frozen=True)
class Inside:
    """What one compartment's file holds."""

    schema: int
    head: kr.Head
    counts: Mapping[str, int]


@contextmanager
def opened(
    folder: Path, files: Mapping[str, str], keys: Mapping[str, bytes]
) -> Iterator[sa.Connection]:
    """Open copies that nobody else uses; nothing is written to them."""
    connection = open_connection(folder, files, {name: keys[name] for name in files})
    try:
        with translated(connection, files):
            connection.exec_driver_sql("PRAGMA query_only = 1")
            yield connection
    finally:
        connection.close()


def look_at_copies(
    folder: Path, files: Mapping[str, str], keys: Mapping[str, bytes]
) -> dict[str, Inside]:
    """Return what each of the files holds."""
    with _read_once(folder, files, keys) as connection:
        return {name: look(connection, name) for name in files}


@contextmanager
def _read_once(
    folder: Path, files: Mapping[str, str], keys: Mapping[str, bytes]
) -> Iterator[sa.Connection]:
    """Open copies that are read from beginning to end: keeping their pages would serve nobody."""
    with opened(folder, files, keys) as connection:
        for name in files:
            size = f"PRAGMA {schema_of(name)}.cache_size = -{_READ_ONCE_KIB}"
            connection.exec_driver_sql(size)
        yield connection


def look(connection: sa.Connection, compartment: str) -> Inside:
    """Return schema version, audit head and the number of records of one opened compartment."""
    schema = schema_of(compartment)
    there = {row[0] for row in connection.exec_driver_sql(_TABLES.format(schema=schema))}
    counts = {}
    for table in sorted(there & {kind.table for kind in catalogue.types_in(compartment)}):
        statement = f"SELECT count(*) FROM {schema}.{table} WHERE voided = 0"  # noqa: S608
        counts[table] = int(connection.exec_driver_sql(statement).scalar_one())
    return Inside(
        migrate.version_of(connection, compartment), audit.head(connection, compartment), counts
    )


def check_copies(
    folder: Path,
    files: Mapping[str, str],
    keys: Mapping[str, bytes],
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Read every page of the files through its seal and check the trees; VaultDamaged names one.

    Stopped soon after `stopping` says so: whoever calls a backup off does not wait for it.
    """
    with _read_once(folder, files, keys) as connection:
        for name in files:
            check_pages(connection, name, stopping)


def check_pages(
    connection: sa.Connection, compartment: str, stopping: Callable[[], bool] = lambda: False
) -> None:
    """Refuse a compartment with a page that fails its seal or does not fit its tree."""
    if stopping():
        raise Stopped
    schema = schema_of(compartment)
    raw: Any = connection.connection.driver_connection
    raw.set_progress_handler(lambda: int(stopping()), _LOOK_EVERY)
    try:
        _check_pages(raw, schema, compartment)
    except sqlcipher.OperationalError:
        if stopping():
            raise Stopped from None
        raise
    finally:
        raw.set_progress_handler(None, 0)


def _check_pages(raw: Any, schema: str, compartment: str) -> None:
    if raw.execute(f"PRAGMA {schema}.cipher_integrity_check").fetchone() is not None:
        raise VaultDamaged(compartment)
    if raw.execute(f"PRAGMA {schema}.quick_check(1)").fetchone()[0] != "ok":
        raise VaultDamaged(compartment)


def check_links(connection: sa.Connection, compartments: Mapping[str, str]) -> int:
    """Return how many references lead nowhere, inside files and across those that are open."""
    lost = 0
    for name in compartments:
        rows = connection.exec_driver_sql(f"PRAGMA {schema_of(name)}.foreign_key_check")
        lost += len(rows.fetchall())
    for kind in catalogue.RECORD_TYPES:
        for field in fields_of(kind):
            if field.kind is not Kind.LINK or not field.to:
                continue
            target = catalogue.record_type(field.to)
            across = kind.compartment != target.compartment
            there = {kind.compartment, target.compartment} <= set(compartments)
            if across and there and _has(connection, kind, field.name, target):
                lost += _strays(connection, kind, field.name, target)
    return lost


def _has(connection: sa.Connection, kind: Any, field: str, target: Any) -> bool:
    """Say whether tables and column exist: a copy made by an older program may lack them."""

    def columns(of: Any) -> set[str]:
        schema = schema_of(of.compartment)
        rows = connection.exec_driver_sql(f"PRAGMA {schema}.table_info({of.table})")
        return {row[1] for row in rows}

    return field in columns(kind) and bool(columns(target))


def _strays(connection: sa.Connection, kind: Any, field: str, target: Any) -> int:
    here = f"{schema_of(kind.compartment)}.{kind.table}"
    there = f"{schema_of(target.compartment)}.{target.table}"
    statement = (
        f"SELECT count(*) FROM {here} WHERE voided = 0 AND {field} <> 0"  # noqa: S608
        f" AND {field} NOT IN (SELECT id FROM {there})"
    )
    return int(connection.exec_driver_sql(statement).scalar_one())
