"""Multiplying a house by SQL inside its files: years of former residents for measuring with.

Every row of the people chosen is copied, its ids moved by a constant per copy so that links hold,
its days moved into the past. Staff, rooms and beds stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain.catalogue import RECORD_TYPES, has_person, record_type
from shelter_app.domain.fields import Field, Kind, fields_of
from shelter_app.domain.person import Person
from shelter_app.domain.record import Record
from shelter_app.storage import search
from shelter_app.storage.tables import record_columns, schema_of
from shelter_app.storage.vault import Vault

_STAMPS: Final = ("created_at", "updated_at")
_ID_BITS: Final = 62
_COUNT: Final = "(c.number * :many + p.place + 1)"
"""The running number of one copied person, from 1."""


@dataclass(frozen=True)
class Settled:
    """Work that is no longer open in a copy: codes `before` become `after`; () means 'no day'.

    With no codes, an empty day takes the day of the column named by `after`.
    """

    table: str
    column: str
    before: tuple[str, ...]
    after: str


@dataclass(frozen=True)
class Renewed:
    """A column that tells people apart, and the way it gets a new value (see _WAYS)."""

    table: str
    column: str
    way: str


@dataclass(frozen=True)
class Wish:
    """How many people to add, what they are called, and how old their records are at least."""

    people: int
    names: Sequence[str]
    settled: tuple[Settled, ...]
    renewed: tuple[Renewed, ...]
    left_out: frozenset[str]
    least_days: int
    most_days: int
    seed: int = 11


_WAYS: Final = {
    "code": f"printf('R-%04d', :last + {_COUNT})",
    "serial": f":last + {_COUNT}",
    "name": (
        f"(SELECT word FROM temp.copy_name WHERE id = {_COUNT} % :names)"  # noqa: S608 - fixed words
        f" || CASE WHEN {_COUNT} < :names THEN '' ELSE ' ' || (SELECT word FROM temp.copy_name"
        f" WHERE id = ({_COUNT} / :names + {_COUNT}) % :names) END"
    ),
    "number": f"CASE WHEN {{column}} = '' THEN '' ELSE {{column}} || '/' || {_COUNT} END",
    "paper": (
        "substr({column}, 1, 4) || substr(date(substr(t.created_at, 1, 10), c.back), 1, 4)"
        f" || printf('-%06d', {_COUNT} * 10 + substr({{column}}, -1))"
    ),
    "phone": (
        "CASE WHEN {column} = '' THEN '' ELSE substr({column}, 1, 5) || printf('%03d %03d',"
        f" ({_COUNT} * 7919) % 1000, ({_COUNT} * 104729 / 1000) % 1000) END"
    ),
    "pool": (
        "CASE WHEN {column} = '' THEN '' ELSE (SELECT word FROM temp.copy_pool"  # noqa: S608 - fixed words
        f" WHERE pool = '{{pool}}' AND id = ({_COUNT} * 31 + {_COUNT} / :many) %"
        " (SELECT count(*) FROM temp.copy_pool WHERE pool = '{pool}')) END"
    ),
}


def multiply(vault: Vault, wish: Wish, progress: Callable[[float], None]) -> int:
    """Copy everybody who has left often enough; return how many people were added."""
    connection = vault.connection
    kinds = [kind for kind in RECORD_TYPES if _is_copied(vault, kind, wish)]
    with vault.transaction():
        values = _prepare(connection, wish)
    for place, kind in enumerate(kinds):
        with vault.transaction():
            _copy(connection, kind, wish, values)
        progress(0.8 * (place + 1) / len(kinds))
    compartments = sorted(vault.compartments)
    for place, compartment in enumerate(compartments):
        with vault.transaction():
            search.rebuild(connection, compartment, RECORD_TYPES)
        progress(0.8 + 0.2 * (place + 1) / len(compartments))
    with vault.transaction():
        for table in ("copy", "copied", "copy_name", "copy_pool"):
            connection.exec_driver_sql(f"DROP TABLE temp.{table}")
    return wish.people


def _is_copied(vault: Vault, kind: type[Record], wish: Wish) -> bool:
    personal = kind is Person or has_person(kind)
    return personal and kind.compartment in vault.compartments and kind.table not in wish.left_out


def _prepare(connection: sa.Connection, wish: Wish) -> dict[str, Any]:
    """Note who is copied, and per copy its number, its id mask and how far back it lies."""
    run = connection.exec_driver_sql
    run("CREATE TEMP TABLE copied (person_id INTEGER PRIMARY KEY, place INTEGER NOT NULL)")
    run(
        "INSERT INTO temp.copied SELECT id, row_number() OVER (ORDER BY id) - 1 FROM house.person"
        " WHERE voided = 0 AND EXISTS (SELECT 1 FROM house.stay WHERE person_id = person.id"
        " AND voided = 0) AND NOT EXISTS (SELECT 1 FROM house.stay WHERE person_id = person.id"
        " AND exited_at IS NULL AND voided = 0)"
    )
    many = run("SELECT count(*) FROM temp.copied").scalar_one()
    last = run("SELECT coalesce(max(serial), 0) FROM house.person").scalar_one()
    copies = -(-wish.people // many)
    rng = Random(wish.seed)  # noqa: S311 - the copies must be the same every time
    span = wish.most_days - wish.least_days
    run("CREATE TEMP TABLE copy (number INTEGER PRIMARY KEY, mask INTEGER, back TEXT)")
    for number in range(copies):
        back = f"-{wish.least_days + span * number // copies} days"
        run("INSERT INTO temp.copy VALUES (?, ?, ?)", (number, rng.getrandbits(_ID_BITS), back))
    run("CREATE TEMP TABLE copy_name (id INTEGER PRIMARY KEY, word TEXT)")
    run("INSERT INTO temp.copy_name VALUES (?, ?)", list(enumerate(wish.names)))
    _fill_pools(connection, wish)
    return {"many": many, "last": last, "names": len(wish.names), "people": wish.people}


def _fill_pools(connection: sa.Connection, wish: Wish) -> None:
    run = connection.exec_driver_sql
    run("CREATE TEMP TABLE copy_pool (pool TEXT, id INTEGER, word TEXT, PRIMARY KEY (pool, id))")
    for new in wish.renewed:
        if new.way == "pool":
            schema = schema_of(record_type(new.table).compartment)
            run(
                f"INSERT INTO temp.copy_pool SELECT '{new.table}.{new.column}',"  # noqa: S608 - declared names
                f" row_number() OVER (ORDER BY word) - 1, word FROM (SELECT DISTINCT {new.column}"
                f" AS word FROM {schema}.{new.table} WHERE {new.column} <> '')"
            )


def _copy(
    connection: sa.Connection, kind: type[Record], wish: Wish, values: dict[str, Any]
) -> None:
    """Copy one table in the order of its new ids, and index it afterwards: both run through."""
    schema = schema_of(kind.compartment)
    indexes = connection.exec_driver_sql(
        f"SELECT name, sql FROM {schema}.sqlite_schema"  # noqa: S608 - our own schema name
        " WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
        (kind.table,),
    ).all()
    for name, _made_by in indexes:
        connection.exec_driver_sql(f"DROP INDEX {schema}.{name}")
    columns = record_columns(kind)
    made = [_expression(kind, column, wish) for column in columns]
    person = "t.id" if kind is Person else "t.person_id"
    listed = ", ".join(f'"{column}"' for column in columns)
    connection.execute(
        sa.text(
            f"INSERT INTO {schema}.{kind.table} ({listed}) SELECT {', '.join(made)}"  # noqa: S608 - declared names
            f" FROM temp.copy AS c CROSS JOIN {schema}.{kind.table} AS t"
            f" CROSS JOIN temp.copied AS p WHERE p.person_id = {person} AND t.voided = 0"
            f" AND {_COUNT} <= :people ORDER BY 1"
        ),
        values,
    )
    for name, made_by in indexes:
        connection.exec_driver_sql(made_by.replace(f" {name} ", f" {schema}.{name} ", 1))


def _expression(kind: type[Record], column: str, wish: Wish) -> str:
    """Return what a column of a copy holds."""
    own = f't."{column}"'
    if column == "id":
        return _moved(own)
    if column in _STAMPS:
        return _earlier(own)
    field = next((f for f in fields_of(kind) if f.name == column), None)
    if field is None:
        return own
    new = next((r for r in wish.renewed if (r.table, r.column) == (kind.table, column)), None)
    if new is not None:
        return _WAYS[new.way].format(column=own, pool=f"{kind.table}.{column}")
    return _dated(field, _settled(own, kind.table, column, wish.settled))


def _settled(own: str, table: str, column: str, settled: Iterable[Settled]) -> str:
    for rule in settled:
        if (rule.table, rule.column) == (table, column):
            if not rule.before:
                return f'coalesce({own}, substr(t."{rule.after}", 1, 10))'
            codes = ", ".join(f"'{code}'" for code in rule.before)
            return f"CASE WHEN {own} IN ({codes}) THEN '{rule.after}' ELSE {own} END"
    return own


def _dated(field: Field, value: str) -> str:
    if field.kind in (Kind.DAY, Kind.MOMENT):
        return _earlier(value)
    if field.kind is Kind.LINK and field.to:
        target = record_type(field.to)
        if target is Person or has_person(target):
            return _moved(value)
    return value


def _moved(value: str) -> str:
    """Return an id moved by the copy's mask; SQLite has no exclusive or of its own."""
    return f"(({value} | c.mask) - ({value} & c.mask))"


def _earlier(value: str) -> str:
    return f"(date(substr({value}, 1, 10), c.back) || substr({value}, 11))"
