"""Every row of the opened files as plain values, and every paper: what a complete export holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain import catalogue
from shelter_app.domain.fields import fields_of
from shelter_app.domain.record import Record
from shelter_app.errors import DocumentUnreadable
from shelter_app.storage import attachments
from shelter_app.storage.connection import schema_of
from shelter_app.storage.tables import record_columns, table_of
from shelter_app.storage.vault import Vault

_AUDIT: Final = (
    "seq",
    "at_utc",
    "staff_id",
    "action",
    "record_type",
    "record_id",
    "person_id",
    "detail",
    "clock_back",
)


_SPELT_OUT: Final = 5
"""Quarters of a file's size that its rows take as CSV and JSON; 4.3 were measured."""


@dataclass(frozen=True)
class Table:
    """One table with its columns; rows are read when asked for."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Paper:
    """A sealed file of a record; `content` is None when it is damaged or missing."""

    table: str
    record_id: int
    field: str
    content: bytes | None


def tables(vault: Vault, taken: Collection[str]) -> Iterator[Table]:
    """Yield the tables of these compartments, voided records included, keys left out."""
    for kind in catalogue.RECORD_TYPES:
        if kind.compartment in taken:
            columns = tuple(c for c in record_columns(kind) if not c.endswith("_key"))
            chosen = [table_of(kind).c[name] for name in columns]
            found = vault.connection.execute(sa.select(*chosen).order_by(table_of(kind).c.id))
            yield Table(kind.table, kind.title, columns, [tuple(row) for row in found])
    for name in sorted(taken):
        statement = f"SELECT {', '.join(_AUDIT)} FROM {schema_of(name)}.audit ORDER BY seq"  # noqa: S608
        rows = vault.connection.exec_driver_sql(statement)
        yield Table(f"audit_{name}", "Audit trail", _AUDIT, [tuple(row) for row in rows])


def papers(vault: Vault, taken: Collection[str]) -> Iterator[Paper]:
    """Yield every sealed file that a record of these compartments points to."""
    for kind in catalogue.RECORD_TYPES:
        names = [f.name for f in fields_of(kind) if f.name.endswith("file_name")]
        if names and kind.compartment in taken:
            for row in vault.connection.execute(sa.select(table_of(kind))).mappings().all():
                for name in names:
                    if row[name]:
                        yield _paper(vault, kind, row, name)


def weight(vault: Vault, taken: Collection[str]) -> int:
    """Return about how many bytes `tables` and `papers` give, before they are read."""
    files = [entry.file for name, entry in vault.ring.files.items() if name in taken]
    return _SPELT_OUT * sum((vault.folder / file).stat().st_size for file in files) // 4 + sum(
        _papers_weight(vault, kind) for kind in catalogue.RECORD_TYPES if kind.compartment in taken
    )


def _papers_weight(vault: Vault, kind: type[Record]) -> int:
    names = [f.name for f in fields_of(kind) if f.name.endswith("file_name")]
    columns = [table_of(kind).c[f"{name.removesuffix('name')}size"] for name in names]
    found = [vault.connection.execute(sa.select(sa.func.sum(each))).scalar() for each in columns]
    return sum(int(size or 0) for size in found)


def paper_names(vault: Vault, compartment: str) -> frozenset[str]:
    """Return the names of all sealed files that rows of a compartment point to, voided ones too."""
    found: set[str] = set()
    for kind in catalogue.types_in(compartment):
        for field in fields_of(kind):
            if field.name.endswith("file_name"):
                chosen = sa.select(table_of(kind).c[field.name])
                found.update(str(name) for name in vault.connection.execute(chosen).scalars())
    return frozenset(found - {""})


def _paper(vault: Vault, kind: type[Record], row: Any, name: str) -> Paper:
    stem = name.removesuffix("name")
    try:
        stored = attachments.Stored(
            row[name], bytes.fromhex(row[f"{stem}key"]), row[f"{stem}size"], row[f"{stem}sha256"]
        )
        content = attachments.load(vault.folder, kind.compartment, stored)
    except (DocumentUnreadable, ValueError, TypeError):
        return Paper(kind.table, row["id"], name, None)
    return Paper(kind.table, row["id"], name, content)
