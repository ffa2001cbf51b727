"""The full check of an opened vault, beside the work that goes on in it.

It has a connection of its own and looks at one table at a time, because whoever reads keeps others
from saving. What looks damaged while somebody saves is looked at again with the file held still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain import catalogue
from shelter_app.domain.fields import Kind, fields_of
from shelter_app.domain.record import Record
from shelter_app.errors import VaultDamaged
from shelter_app.storage import audit_check
from shelter_app.storage.connection import open_connection, schema_of, translated

_ROWS_AT_ONCE: Final = 2_000
_LOOK_EVERY: Final = 20_000
_MOST_IDS: Final = 200
_INTERRUPTED: Final = 9


class Trouble(Enum):
    """What may be wrong with one part."""

    PAGES = "pages"
    TABLE = "table"
    LINK = "link"
    TRAIL = "trail"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: where, of what sort, how many, and which rows as far as known."""

    compartment: str
    trouble: Trouble
    table: str = ""
    column: str = ""
    count: int = 1
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Report:
    """What a full check came to."""

    compartments: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def damaged(self) -> tuple[str, ...]:
        """Return the compartments with pages or tables that cannot be trusted."""
        hurt = {f.compartment for f in self.findings if f.trouble in (Trouble.PAGES, Trouble.TABLE)}
        return tuple(name for name in self.compartments if name in hurt)


class Stopped(Exception):
    """The check was told to stop; it found nothing and says nothing."""


@dataclass(frozen=True)
class Watch:
    """Who looks on: how far it is, and whether to stop."""

    progress: Callable[[float, str], None] = lambda _share, _compartment: None
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class Site:
    """What has to be known to check: where the files are, their keys, and who signed."""

    folder: Path
    files: Mapping[str, str]
    keys: Mapping[str, bytes] = field(repr=False)
    public_keys: Mapping[str, tuple[bytes, ...]] = field(repr=False)


_WEIGHTS: Final = {"pages": 3, "tables": 3, "links": 2, "trail": 2}


def check(site: Site, watch: Watch | None = None) -> Report:
    """Check every page, table, link and audit row of these files; raises Stopped when told to."""
    return _Check(site, watch or Watch()).run()


class _Check:
    def __init__(self, site: Site, watch: Watch) -> None:
        self._site = site
        self._watch = watch
        self._findings: list[Finding] = []
        self._done = 0

    def run(self) -> Report:
        names = tuple(self._site.files)
        try:
            connection = open_connection(self._site.folder, self._site.files, self._site.keys)
        except VaultDamaged as error:
            found = Finding(error.part, Trouble.PAGES)
            return Report(names, (found,))
        try:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA query_only = 1")
            raw.set_progress_handler(self._watch.stopping, _LOOK_EVERY)
            with translated(connection, names):
                self._run_parts(connection, raw, names)
        except sqlcipher.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) == _INTERRUPTED:
                raise Stopped from None
            raise
        finally:
            connection.close()
        return Report(names, tuple(self._findings))

    def _run_parts(self, connection: sa.Connection, raw: Any, names: tuple[str, ...]) -> None:
        total = sum(_WEIGHTS.values()) * len(names)
        parts: tuple[tuple[str, Callable[[str], Iterator[Finding]]], ...] = (
            ("pages", lambda name: self._pages(raw, name)),
            ("tables", lambda name: self._tables(raw, name)),
            ("links", lambda name: self._links(raw, name)),
            ("trail", lambda name: self._trail(connection, name)),
        )
        for part, look in parts:
            for name in names:
                if self._watch.stopping():
                    raise Stopped
                if part == "pages" or not self._is_hurt(name):
                    self._findings += look(name)
                self._done += _WEIGHTS[part]
                self._watch.progress(self._done / total, name)

    def _is_hurt(self, name: str) -> bool:
        hurting = (Trouble.PAGES, Trouble.TABLE)
        return any(f.compartment == name and f.trouble in hurting for f in self._findings)

    def _pages(self, raw: Any, name: str) -> Iterator[Finding]:
        """Check the seal of each page; what fails is checked again with the file held still."""
        schema = schema_of(name)
        statement = f"PRAGMA {schema}.cipher_integrity_check"
        if not raw.execute(statement).fetchall():
            return
        raw.execute("BEGIN")
        try:
            raw.execute(f"SELECT count(*) FROM {schema}.sqlite_schema").fetchone()  # noqa: S608
            bad = raw.execute(statement).fetchall()
        finally:
            raw.execute("ROLLBACK")
        if bad:
            yield Finding(name, Trouble.PAGES, count=len(bad))

    def _tables(self, raw: Any, name: str) -> Iterator[Finding]:
        schema = schema_of(name)
        for table in sorted(_tables_in(raw, name)):
            answer = raw.execute(f"PRAGMA {schema}.quick_check('{table}')").fetchone()
            if answer and answer[0] != "ok":
                yield Finding(name, Trouble.TABLE, table)

    def _links(self, raw: Any, name: str) -> Iterator[Finding]:
        """Look for ids that lead nowhere, within the file and into the other open ones."""
        here = _tables_in(raw, name)
        for kind in (kind for kind in catalogue.types_in(name) if kind.table in here):
            for column, target in links_of(kind):
                if target.compartment in self._site.files and not self._is_hurt(target.compartment):
                    ids = _strays(raw, kind, column, target)
                    if ids:
                        known = tuple(ids[:_MOST_IDS])
                        yield Finding(name, Trouble.LINK, kind.table, column, len(ids), known)

    def _trail(self, connection: sa.Connection, name: str) -> Iterator[Finding]:
        progress = audit_check.begin(connection, name)
        while not progress.done:
            if self._watch.stopping():
                raise Stopped
            progress = audit_check.advance(
                connection, progress, self._site.public_keys, _ROWS_AT_ONCE
            )
            connection.rollback()
        if progress.fault is not None:
            yield Finding(name, Trouble.TRAIL, "audit", ids=(progress.fault.seq,))


def _tables_in(raw: Any, name: str) -> set[str]:
    statement = f"SELECT name FROM {schema_of(name)}.sqlite_schema WHERE type = 'table'"  # noqa: S608
    return {str(row[0]) for row in raw.execute(statement).fetchall()}


def links_of(kind: type[Record]) -> Iterator[tuple[str, type[Record]]]:
    """Yield the columns of a record type that hold ids of others, with the type they lead to."""
    for column in fields_of(kind):
        if column.kind is Kind.LINK and column.to:
            yield column.name, catalogue.record_type(column.to)


def _strays(raw: Any, kind: type[Record], column: str, target: type[Record]) -> list[int]:
    here = f"{schema_of(kind.compartment)}.{kind.table}"
    there = f"{schema_of(target.compartment)}.{target.table}"
    statement = (
        f"SELECT id FROM {here} AS t WHERE voided = 0 AND {column} <> 0"  # noqa: S608
        f" AND NOT EXISTS (SELECT 1 FROM {there} AS o WHERE o.id = t.{column}) ORDER BY id"
    )
    return [int(row[0]) for row in raw.execute(statement).fetchall()]
