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
from shelter_app.domain.court_attendance import CourtAttendance
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
_OWN_ONLY: Final = (Document, CaseSurvivor, CourtAttendance)
"""What stays with whom it was made for."""


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
    outings = _outings(connection, case_id, other)
    if Appointment.compartment in held:
        time, going = table_of(Appointment), table_of(Accompaniment)
        connection.execute(sa.delete(time).where(time.c.id.in_(outings.values())))
        _move(connection, Appointment, time.c.id.in_(events), other)
        alone = [event_id for event_id in events if event_id not in outings]
        _move(connection, Accompaniment, going.c.court_event_id.in_(alone), other)
        for event_id, outing in outings.items():
            company = sa.update(going).where(going.c.court_event_id == outing)
            connection.execute(company.values(court_event_id=event_id))
    shared = table_of(CourtAttendance)
    connection.execute(sa.delete(shared).where(shared.c.id.in_(outings.values())))
    joined = table_of(CaseSurvivor)
    own = sa.and_(joined.c.legal_case_id == case_id, joined.c.person_id == other)
    connection.execute(sa.delete(joined).where(own))
    keys = "UPDATE {schema}.search_key SET person_id = :other WHERE record_id = :case"
    moved = {"other": other, "case": case_id}
    connection.execute(in_schema(LegalCase.compartment, keys), moved)


def _outings(connection: sa.Connection, case_id: int, person_id: int) -> dict[int, int]:
    """Return date -> what stands for her at it, where she has an outing of her own."""
    shared = table_of(CourtAttendance).c
    hers = sa.select(shared.court_event_id, shared.id).where(
        shared.legal_case_id == case_id, shared.person_id == person_id
    )
    return {int(event_id): int(own) for event_id, own in connection.execute(hers)}


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
