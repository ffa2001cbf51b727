"""A case that is about others too is not erased with one of them: it passes to the next survivor.

Rows are taken out and put in again instead of changed, because the file refuses to change what
was in court; nothing of them is different afterwards but whose they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain import catalogue
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.domain.document import Document
from shelter_app.domain.legal import Accompaniment, CourtEvent, LegalCase
from shelter_app.domain.record import Record
from shelter_app.storage.search import in_schema
from shelter_app.storage.tables import table_of

_SHARED: Final = """
SELECT c.id, (SELECT s.person_id FROM {schema}.case_survivor AS s WHERE s.legal_case_id = c.id
  AND s.voided = 0 AND s.person_id <> :person ORDER BY s.joined_on, s.id LIMIT 1)
FROM {schema}.legal_case AS c WHERE c.person_id = :person
"""
_OWN_ONLY: Final = (Document, CaseSurvivor)


def pass_on(connection: sa.Connection, held: Iterable[str], person_id: int) -> int:
    """Give the cases she shares to the next survivor; return how many."""
    open_ones = frozenset(held)
    if LegalCase.compartment not in open_ones:
        return 0
    asked = {"person": person_id}
    shared = connection.execute(in_schema(LegalCase.compartment, _SHARED), asked).all()
    passed = [(case_id, other) for case_id, other in shared if other]
    for case_id, other in passed:
        _pass_case(connection, open_ones, case_id, other)
    return len(passed)


def _pass_case(connection: sa.Connection, held: frozenset[str], case_id: int, other: int) -> None:
    event = table_of(CourtEvent)
    found = connection.execute(sa.select(event.c.id).where(event.c.legal_case_id == case_id))
    events = list(found.scalars())
    _move(connection, LegalCase, table_of(LegalCase).c.id == case_id, other)
    for kind in catalogue.types_in(LegalCase.compartment):
        columns = table_of(kind).c
        if kind not in _OWN_ONLY and {"legal_case_id", "person_id"} <= set(columns.keys()):
            _move(connection, kind, columns.legal_case_id == case_id, other)
    if Appointment.compartment in held:
        _move(connection, Appointment, table_of(Appointment).c.id.in_(events), other)
        goes = table_of(Accompaniment).c.court_event_id.in_(events)
        _move(connection, Accompaniment, goes, other)
    joined = table_of(CaseSurvivor)
    own = sa.and_(joined.c.legal_case_id == case_id, joined.c.person_id == other)
    connection.execute(sa.delete(joined).where(own))
    keys = "UPDATE {schema}.search_key SET person_id = :other WHERE record_id = :case"
    moved = {"other": other, "case": case_id}
    connection.execute(in_schema(LegalCase.compartment, keys), moved)


def _move(
    connection: sa.Connection, kind: type[Record], which: sa.ColumnElement[bool], other: int
) -> None:
    table = table_of(kind)
    rows: list[dict[str, Any]] = [
        {**row, "person_id": other}
        for row in connection.execute(sa.select(table).where(which)).mappings()
    ]
    if rows:
        connection.execute(sa.delete(table).where(which))
        connection.execute(sa.insert(table), rows)
