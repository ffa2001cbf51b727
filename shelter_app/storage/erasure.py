"""Erasing one person from the opened files: rows, search keys, drafts, words of the audit trail.

`secure_delete` is on in every file (asserted when it is opened), so what is freed is overwritten
in the same transaction; a test reads every page of the decrypted file, free ones included.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import sqlalchemy as sa

from shelter_app.domain import catalogue
from shelter_app.domain import name_folding as folding
from shelter_app.domain.fields import fields_of
from shelter_app.domain.legal import Charge, Suspect
from shelter_app.domain.papers import SuspectPhoto
from shelter_app.domain.person import Person
from shelter_app.domain.record import Record
from shelter_app.domain.retention import TwoPersonDecision
from shelter_app.domain.risk import RiskAssessment
from shelter_app.storage import audit
from shelter_app.storage.connection import schema_of
from shelter_app.storage.search import SOUND, in_schema
from shelter_app.storage.tables import table_of

_SEARCHES: Final = ("search true names", "search")
OF_ACCUSED: Final[dict[type[Record], str]] = {
    SuspectPhoto: "suspect_id",
    Charge: "suspect_id",
    TwoPersonDecision: "suspect_id",
}
"""What goes with the entry of an accused; of charges only those that were taken back are left."""
NAMES_ACCUSED: Final[dict[type[Record], str]] = {RiskAssessment: "named_threat_id"}
"""What stays and no longer points to him."""


@dataclass
class Erased:
    """What went: records by type, files to remove after the commit, audit rows emptied."""

    records: dict[str, int] = field(default_factory=dict)
    files: list[tuple[str, str]] = field(default_factory=list)
    """(compartment, name) of attachments; removed once the rows are gone for good."""
    drafts: int = 0
    audit_rows: int = 0
    compartments: set[str] = field(default_factory=set)
    """Where anything went: their old pages may still lie on the disk, readable with the old key."""


def person_kinds(compartment: str) -> tuple[type[Record], ...]:
    """Return the record types of a compartment that belong to one person."""
    kinds = catalogue.types_in(compartment)
    return tuple(k for k in kinds if k is Person or catalogue.has_person(k))


def names_of(connection: sa.Connection, compartments: Iterable[str], person_id: int) -> set[str]:
    """Return the folded words by which a person is found in these files."""
    found: set[str] = set()
    for name in compartments:
        statement = in_schema(
            name, "SELECT DISTINCT term FROM {schema}.search_key WHERE person_id = :id AND kind='w'"
        )
        found |= {str(row[0]) for row in connection.execute(statement, {"id": person_id})}
    return found


def held_of(connection: sa.Connection, compartment: str, person_id: int) -> int:
    """Return how many rows about a person a compartment holds, search keys included."""
    total = 0
    for kind in person_kinds(compartment):
        table = table_of(kind)
        column = table.c.id if kind is Person else table.c.person_id
        statement = sa.select(sa.func.count()).select_from(table).where(column == person_id)
        total += int(connection.execute(statement).scalar_one())
    keys = in_schema(
        compartment, "SELECT count(*) FROM {schema}.search_key WHERE person_id = :person"
    )
    return total + int(connection.execute(keys, {"person": person_id}).scalar_one())


def erase_rows(
    writer: audit.Writer,
    compartment: str,
    entry: audit.Entry,
    names: set[str],
    erased: Erased,
) -> None:
    """Delete everything about the entry's person from one compartment, in the transaction."""
    person_id = entry.person_id
    connection = writer.connection
    held = held_of(connection, compartment, person_id)
    before = erased.drafts + erased.audit_rows
    ids: dict[str, list[int]] = {}
    for kind in person_kinds(compartment):
        table = table_of(kind)
        column = table.c.id if kind is Person else table.c.person_id
        _note_files(connection, kind, person_id, erased)
        found = connection.execute(sa.select(table.c.id).where(column == person_id)).scalars()
        ids[kind.table] = [int(each) for each in found]
        erased.records[kind.table] = len(ids[kind.table])
        connection.execute(sa.delete(table).where(column == person_id))
    _erase_search_keys(connection, compartment, person_id)
    every = {each for found in ids.values() for each in found} | {person_id}
    erased.drafts += _erase_drafts(connection, compartment, every)
    erased.audit_rows += _empty_nameless(writer, compartment, entry.staff_id, ids, names)
    erased.audit_rows += audit.empty_person(writer, compartment, entry)
    if held or erased.drafts + erased.audit_rows > before:
        erased.compartments.add(compartment)


def _note_files(
    connection: sa.Connection, kind: type[Record], person_id: int, erased: Erased
) -> None:
    names = [f.name for f in fields_of(kind) if f.name.endswith("file_name")]
    table = table_of(kind)
    for name in names:
        statement = sa.select(table.c[name]).where(table.c.person_id == person_id)
        found = connection.execute(statement).scalars()
        erased.files += [(kind.compartment, str(each)) for each in found if each]


def _erase_search_keys(connection: sa.Connection, compartment: str, person_id: int) -> None:
    """Drop her keys, and the near spellings of words nobody else has any more."""
    who = {"person": person_id}
    sounds = in_schema(
        compartment,
        f"SELECT DISTINCT term FROM {{schema}}.search_key WHERE person_id = :person"  # noqa: S608
        f" AND kind = '{SOUND}'",
    )
    words = [str(row[0]) for row in connection.execute(sounds, who)]
    connection.execute(
        in_schema(compartment, "DELETE FROM {schema}.search_key WHERE person_id = :person"), who
    )
    used = in_schema(
        compartment,
        f"SELECT 1 FROM {{schema}}.search_key WHERE kind = '{SOUND}'"  # noqa: S608
        " AND place IN (0, 1) AND term = :term LIMIT 1",
    )
    drop = in_schema(
        compartment, "DELETE FROM {schema}.search_near WHERE near = :near AND word = :word"
    )
    for word in words:
        if connection.execute(used, {"term": word}).first() is None:
            rows = [{"near": near, "word": word} for near in folding.near_keys(word)]
            if rows:
                connection.execute(drop, rows)


def _erase_drafts(connection: sa.Connection, compartment: str, ids: set[int]) -> int:
    """Drop half-typed forms of her records, and new ones that point to her."""
    schema = schema_of(compartment)
    run = connection.exec_driver_sql
    found = run(f"SELECT slot, form, record_id, body FROM {schema}.draft").all()  # noqa: S608
    numbers = {str(each) for each in ids}
    gone = [
        (slot, form, record_id)
        for slot, form, record_id, body in found
        if record_id in ids or any(number in body for number in numbers)
    ]
    for key in gone:
        run(
            f"DELETE FROM {schema}.draft WHERE slot = ? AND form = ? AND record_id = ?",  # noqa: S608
            key,
        )
    return len(gone)


def _empty_nameless(
    writer: audit.Writer,
    compartment: str,
    staff_id: int,
    ids: dict[str, list[int]],
    names: set[str],
) -> int:
    """Empty rows that carry no person but tell of her: searches for her, rows of her records."""
    connection = writer.connection
    schema = schema_of(compartment)
    statement = f"SELECT seq, record_type, record_id, action, detail FROM {schema}.audit"  # noqa: S608
    rows = connection.exec_driver_sql(f"{statement} WHERE person_id = 0 AND detail <> ''").all()
    own = {(table, each) for table, found in ids.items() for each in found}
    seqs = [
        int(seq)
        for seq, table, record_id, action, detail in rows
        if (table, record_id) in own or (action in _SEARCHES and _tells_of(detail, names))
    ]
    if not seqs:
        return 0
    entry = audit.Entry(action=audit.ERASE, staff_id=staff_id)
    return _empty_in_parts(writer, compartment, entry, seqs)


def _tells_of(detail: str, names: set[str]) -> bool:
    return not names.isdisjoint(folding.words(detail))


def erase_accused(
    writer: audit.Writer, compartments: Iterable[str], entry: audit.Entry, erased: Erased
) -> None:
    """Delete the entry of an accused (`entry.record_id`) and what belongs to it alone.

    What is written of him in the survivor's own records stays: it is hers.
    """
    connection, number = writer.connection, entry.record_id
    if Suspect.compartment not in compartments:
        return
    names = _full_names(connection, number)
    ids = {Suspect.table: [number]}
    for kind, link in OF_ACCUSED.items():
        table = table_of(kind)
        found = connection.execute(sa.select(table).where(table.c[link] == number)).mappings().all()
        ids[kind.table] = [int(row["id"]) for row in found]
        names_of_files = [row["file_name"] for row in found if "file_name" in row]
        erased.files += [(kind.compartment, str(name)) for name in names_of_files if name]
        connection.execute(sa.delete(table).where(table.c[link] == number))
    for kind, link in NAMES_ACCUSED.items():
        column = table_of(kind).c[link]
        unlinked = sa.update(table_of(kind)).where(column == number).values({link: None})
        connection.execute(unlinked)
    suspects = table_of(Suspect)
    connection.execute(sa.delete(suspects).where(suspects.c.id == number))
    for table_name, gone in ids.items():
        erased.records[table_name] = erased.records.get(table_name, 0) + len(gone)
    every = {each for gone in ids.values() for each in gone}
    erased.drafts += _erase_drafts(connection, Suspect.compartment, every)
    erased.audit_rows += _empty_records(writer, Suspect.compartment, entry, ids)
    erased.compartments.add(Suspect.compartment)
    for compartment in compartments:
        emptied = _empty_searches(writer, compartment, entry, names)
        erased.audit_rows += emptied
        if emptied:
            erased.compartments.add(compartment)


def _full_names(connection: sa.Connection, suspect_id: int) -> list[set[str]]:
    """Return his names of two words or more: a search that has all of one was for him."""
    table = table_of(Suspect)
    statement = sa.select(table.c.name, table.c.known_as).where(table.c.id == suspect_id)
    found = connection.execute(statement).first() or ()
    names = [set(folding.words(str(name or ""))) for name in found]
    return [words for words in names if len(words) > 1]


def _empty_records(
    writer: audit.Writer, compartment: str, entry: audit.Entry, ids: dict[str, list[int]]
) -> int:
    """Empty the rows of these records, each under the person it was written for."""
    schema = schema_of(compartment)
    statement = (
        f"SELECT person_id, seq, detail <> '' FROM {schema}.audit"  # noqa: S608
        " WHERE record_type = ? AND record_id = ?"
    )
    by_person: dict[int, list[int]] = {}
    for table, found in ids.items():
        for number in found:
            rows = writer.connection.exec_driver_sql(statement, (table, number))
            for person_id, seq, has_words in rows:
                by_person.setdefault(int(person_id), []).extend([int(seq)] if has_words else [])
    done = 0
    for person_id, seqs in by_person.items():
        done += _empty_in_parts(writer, compartment, replace(entry, person_id=person_id), seqs)
    return done


def _empty_searches(
    writer: audit.Writer, compartment: str, entry: audit.Entry, names: list[set[str]]
) -> int:
    if not names:
        return 0
    schema = schema_of(compartment)
    rows = writer.connection.exec_driver_sql(
        f"SELECT seq, action, detail FROM {schema}.audit WHERE person_id = 0 AND detail <> ''"  # noqa: S608
    ).all()
    seqs = [
        int(seq)
        for seq, action, detail in rows
        if action in _SEARCHES and any(name <= set(folding.words(detail)) for name in names)
    ]
    return _empty_in_parts(writer, compartment, entry, seqs) if seqs else 0


def _empty_in_parts(
    writer: audit.Writer, compartment: str, entry: audit.Entry, seqs: list[int]
) -> int:
    """Empty rows, with at least one row that says so."""
    done = 0
    for start in range(0, max(1, len(seqs)), 500):
        done += audit.empty_rows(writer, compartment, seqs[start : start + 500], entry)
    return done
