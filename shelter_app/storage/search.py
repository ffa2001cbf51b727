"""Search keys: each compartment carries its own, so a search reveals nothing a key does not open.

A key is a small piece of a name, code or phone number, or where a person stands. Keys are written
in the transaction of the record. Those of people in residence, or about to be, stand apart
(place 0): they are found first among a hundred thousand without looking at those who left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain import name_folding as folding
from shelter_app.domain.fields import Field, fields_of
from shelter_app.domain.person import AFTERCARE, IN_RESIDENCE, NOT_ADMITTED, situation_of
from shelter_app.domain.record import Record
from shelter_app.storage.connection import schema_of
from shelter_app.storage.tables import table_of

DDL: Final = (
    (
        "CREATE TABLE {schema}.search_key (kind TEXT NOT NULL, place INTEGER NOT NULL,"
        " term TEXT NOT NULL, record_type TEXT NOT NULL, record_id INTEGER NOT NULL,"
        " person_id INTEGER NOT NULL,"
        " PRIMARY KEY (kind, place, term, record_type, record_id)) WITHOUT ROWID"
    ),
    "CREATE INDEX {schema}.ix_search_key_record ON search_key (record_id, kind, term)",
    (
        "CREATE TABLE {schema}.search_near (near TEXT NOT NULL, word TEXT NOT NULL,"
        " PRIMARY KEY (near, word)) WITHOUT ROWID"
    ),
)

WORD: Final = "w"
SOUND: Final = "f"
CODE: Final = "c"
PHONE: Final = "p"
SITUATION: Final = "s"
WORKER: Final = "m"
HERE: Final = 0
ELSEWHERE: Final = 1

Standing = tuple[str, str, frozenset[int]]
"""Where a person stands, since when, and whose she is."""
_NOWHERE: Final[Standing] = (NOT_ADMITTED, "", frozenset())

_ADD: Final = (
    "INSERT OR IGNORE INTO {schema}.search_key"
    " VALUES (:kind, :place, :term, :type, :record, :person)"
)
_ADD_NEAR: Final = "INSERT OR IGNORE INTO {schema}.search_near VALUES (:near, :word)"
_DROP: Final = (
    "DELETE FROM {schema}.search_key WHERE record_id = :record AND kind = :kind"
    " AND term = :term AND record_type = :type"
)
_DROP_NEAR: Final = "DELETE FROM {schema}.search_near WHERE near = :near AND word = :word"
_IS_USED: Final = (
    "SELECT 1 FROM {schema}.search_key WHERE kind = 'f' AND place IN (0, 1) AND term = :term"
    " LIMIT 1"
)
_LATEST_STAY: Final = (
    "SELECT state, admitted_at, exited_at, case_manager, counsellor FROM house.stay"
    " WHERE person_id = :person AND voided = 0"
    " ORDER BY exited_at IS NULL DESC, admitted_at DESC LIMIT 1"
)
_ALL_STAYS: Final = (
    "SELECT person_id, state, admitted_at, exited_at, case_manager, counsellor FROM house.stay"
    " WHERE voided = 0 ORDER BY person_id, exited_at IS NULL DESC, admitted_at DESC"
)
_UNFILE: Final = "DELETE FROM house.search_key WHERE record_id = :person AND kind IN ('s', 'm')"
_FILE: Final = (
    "INSERT INTO house.search_key VALUES (:kind, :place, :term, 'person', :person, :person)"
)
_MOVE: Final = (
    "UPDATE house.search_key SET place = :place WHERE record_id = :person"
    " AND record_type = 'person' AND kind IN ('w', 'f', 'c') AND place <> :place"
)


@cache
def in_schema(compartment: str, statement: str) -> sa.TextClause:
    """Return a statement for one attached compartment; `{schema}` stands for its name."""
    return sa.text(statement.replace("{schema}", schema_of(compartment)))


def searched_fields(kind: type[Record]) -> tuple[Field, ...]:
    """Return the fields of a record type by which it is found."""
    return tuple(field for field in fields_of(kind) if field.search)


def kinds_of(kind: type[Record]) -> frozenset[str]:
    """Return the kinds of keys by which a record type is found."""
    found = {"name": (WORD, SOUND), "code": (CODE,), "phone": (PHONE,)}
    return frozenset(key for field in searched_fields(kind) for key in found[field.search])


def index_record(connection: sa.Connection, record: Record, before: Record | None) -> None:
    """Bring the search keys of a record up to date, in the caller's transaction."""
    if searched_fields(type(record)):
        old, new = _keys_of(before), _keys_of(record)
        _drop(connection, record, old - new)
        _add(connection, record, new - old)
    if record.table == "person":
        _file_person(connection, record.id, alive=not record.voided, new=before is None)
    elif record.table == "stay":
        _file_person(connection, _person_of(record))


def rebuild(connection: sa.Connection, compartment: str, kinds: Iterable[type[Record]]) -> None:
    """Make the keys of a compartment anew, after its records came in by another way.

    Written in the order of the file, a hundred thousand people take seconds and not minutes.
    """
    for table in ("search_key", "search_near"):
        connection.execute(in_schema(compartment, f"DELETE FROM {{schema}}.{table}"))  # noqa: S608
    connection.execute(in_schema(compartment, "DROP INDEX {schema}.ix_search_key_record"))
    rows: list[tuple[str, int, str, str, int, int]] = []
    for kind in kinds:
        if kind.compartment == compartment and searched_fields(kind):
            rows += _rows_of(connection, kind)
    rows.sort()
    run = connection.exec_driver_sql
    schema = schema_of(compartment)
    if rows:
        run(f"INSERT INTO {schema}.search_key VALUES (?, ?, ?, ?, ?, ?)", rows)  # noqa: S608
    sounds = {row[2] for row in rows if row[0] == SOUND}
    near = sorted({(key, word) for word in sounds for key in folding.near_keys(word)})
    if near:
        run(f"INSERT INTO {schema}.search_near VALUES (?, ?)", near)  # noqa: S608
    connection.execute(in_schema(compartment, DDL[1]))


def _rows_of(
    connection: sa.Connection, kind: type[Record]
) -> Iterator[tuple[str, int, str, str, int, int]]:
    """Give every key of a record type, and for people where they stand and whose they are."""
    table = table_of(kind)
    fields = searched_fields(kind)
    person = table.c.id if kind.table == "person" else table.c.get("person_id", sa.literal(0))
    columns = [table.c.id, person.label("person"), *(table.c[field.name] for field in fields)]
    standing = _standings(connection) if kind.table == "person" else {}
    for record_id, person_id, *values in connection.execute(
        sa.select(*columns).where(table.c.voided == sa.false())
    ):
        place = HERE
        if kind.table == "person":
            situation, since, workers = standing.get(record_id, _NOWHERE)
            place = _place(situation)
            yield SITUATION, place, f"{situation}|{since}", kind.table, record_id, record_id
            for worker in workers:
                yield WORKER, place, str(worker), kind.table, record_id, record_id
        found: set[tuple[str, str]] = set()
        for field, value in zip(fields, values, strict=True):
            found |= _keys_in(field, value)
        for key, term in found:
            yield key, place, term, kind.table, record_id, person_id or 0


def _standings(connection: sa.Connection) -> dict[int, Standing]:
    """Return where everybody with a stay stands; the first row of a person is the one in force."""
    found: dict[int, Standing] = {}
    for person_id, *stay in connection.execute(in_schema("house", _ALL_STAYS)):
        if person_id not in found:
            found[person_id] = _standing_by(*stay)
    return found


def _keys_of(record: Record | None) -> frozenset[tuple[str, str]]:
    if record is None or record.voided:
        return frozenset()
    found: set[tuple[str, str]] = set()
    for field in searched_fields(type(record)):
        found |= _keys_in(field, getattr(record, field.name))
    return frozenset(found)


def _keys_in(field: Field, value: str) -> set[tuple[str, str]]:
    if field.search == "code":
        return {(CODE, key) for key in folding.code_keys(value)}
    if field.search == "phone":
        return {(PHONE, key) for key in folding.phone_keys(value)}
    found: set[tuple[str, str]] = set()
    for word in folding.words(value):
        found.add((WORD, word))
        found |= {(SOUND, sound) for sound in folding.folded(word)}
    return found


def _person_of(record: Record) -> int:
    if record.table == "person":
        return record.id
    return int(getattr(record, "person_id", 0))


def _place_of(connection: sa.Connection, record: Record) -> int:
    if record.table != "person":
        return HERE
    return _place(_standing(connection, record.id)[0])


def _place(situation: str) -> int:
    """Return where keys stand: with the house, or with those who left."""
    return HERE if situation in (IN_RESIDENCE, NOT_ADMITTED) else ELSEWHERE


def _standing(connection: sa.Connection, person_id: int) -> Standing:
    """Return where a person stands, since when, and whose she is."""
    found = connection.execute(in_schema("house", _LATEST_STAY), {"person": person_id}).first()
    return _NOWHERE if found is None else _standing_by(*found)


def _standing_by(state: str, came: Any, left: Any, *workers: int | None) -> Standing:
    situation = situation_of(state, left)
    cared_for = situation in (IN_RESIDENCE, AFTERCARE)
    mine = frozenset(worker for worker in workers if worker) if cared_for else frozenset()
    return situation, str(left or came), mine


def _add(connection: sa.Connection, record: Record, keys: Collection[tuple[str, str]]) -> None:
    if not keys:
        return
    same = {
        "place": _place_of(connection, record),
        "type": record.table,
        "record": record.id,
        "person": _person_of(record),
    }
    rows = [{"kind": kind, "term": term, **same} for kind, term in sorted(keys)]
    connection.execute(in_schema(record.compartment, _ADD), rows)
    near = [
        {"near": near, "word": term}
        for kind, term in keys
        if kind == SOUND
        for near in folding.near_keys(term)
    ]
    if near:
        connection.execute(in_schema(record.compartment, _ADD_NEAR), near)


def _drop(connection: sa.Connection, record: Record, keys: Collection[tuple[str, str]]) -> None:
    if not keys:
        return
    same = {"type": record.table, "record": record.id}
    rows = [{"kind": kind, "term": term, **same} for kind, term in keys]
    connection.execute(in_schema(record.compartment, _DROP), rows)
    for kind, term in keys:
        if kind == SOUND:
            _forget_near(connection, record.compartment, term)


def _forget_near(connection: sa.Connection, compartment: str, word: str) -> None:
    """Leave no trace of a name that nobody has any more."""
    rows = [{"near": near, "word": word} for near in folding.near_keys(word)]
    used = connection.execute(in_schema(compartment, _IS_USED), {"term": word}).first()
    if rows and used is None:
        connection.execute(in_schema(compartment, _DROP_NEAR), rows)


def _file_person(
    connection: sa.Connection, person_id: int, *, alive: bool = True, new: bool = False
) -> None:
    """Keep where a person stands and whose she is, so that lists never scan all people."""
    who = {"person": person_id}
    if not new:
        connection.execute(in_schema("house", _UNFILE), who)
    if not alive:
        return
    situation, since, workers = _standing(connection, person_id)
    place = _place(situation)
    terms = [(SITUATION, f"{situation}|{since}")]
    terms += [(WORKER, str(worker)) for worker in workers]
    rows = [{"kind": kind, "term": term, "place": place, **who} for kind, term in terms]
    connection.execute(in_schema("house", _FILE), rows)
    if not new:
        connection.execute(in_schema("house", _MOVE), {"place": place, **who})
