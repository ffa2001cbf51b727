"""Search keys: each compartment carries its own, so a search reveals nothing a key does not open."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from shelter_app.domain.record import Record

DDL: Final = (
    "CREATE TABLE {schema}.search_key (term TEXT NOT NULL, record_type TEXT NOT NULL,"
    " record_id INTEGER NOT NULL, person_id INTEGER, kind TEXT NOT NULL,"
    " PRIMARY KEY (term, record_type, record_id, kind)) WITHOUT ROWID",
    "CREATE INDEX {schema}.ix_search_key_record ON search_key (record_type, record_id)",
)


def index_record(connection: sa.Connection, record: Record, before: Record | None) -> None:
    """Bring the search keys of a record up to date, in the caller's transaction."""
