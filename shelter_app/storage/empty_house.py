"""A house in memory with every table and nobody in it: for practice, never for records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.storage.connection import MAIN, reading, wrapped
from shelter_app.storage.migrations import STEPS


@dataclass(frozen=True)
class EmptyHouse:
    """All of a vault that a question looks at."""

    connection: sa.Connection


@contextmanager
def empty_house() -> Iterator[EmptyHouse]:
    """Give a house to ask of; nothing of it ever touches a disk, and it cannot be written."""
    raw = sqlcipher.connect(":memory:", isolation_level=None)
    for compartment in COMPARTMENTS:
        if compartment != MAIN:
            raw.execute(f"ATTACH DATABASE ':memory:' AS {compartment}")
    for step in STEPS:
        for statements in step.statements.values():
            for statement in statements:
                raw.execute(statement)
    connection = wrapped(raw)
    try:
        with reading(connection):
            yield EmptyHouse(connection)
    finally:
        connection.close()
