"""A multiplied house obeys the rules of the files: links hold, nobody new is open or in a bed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from shelter_app.domain.catalogue import RECORD_TYPES, has_person, record_type
from shelter_app.domain.fields import Kind, fields_of
from shelter_app.domain.person import Person
from shelter_app.services import residents, search
from shelter_app.services.demo import scale
from shelter_app.services.desk import Desk
from shelter_app.services.residents import ListFilter
from shelter_app.services.work import Work
from shelter_app.storage.search import rebuild
from shelter_app.storage.tables import schema_of, statements_for, table_of
from tests.builders import a_court_event, a_legal_case, a_person, a_stay
from tests.fixtures import House

_MORE = 25


@pytest.fixture
def grown(house: House, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A house of two people who left and one who is here, and many copies of the former."""
    monkeypatch.setattr(scale, "MOST_THROUGH_SERVICES", 0)
    monkeypatch.setattr(scale, "FIRST_THROUGH_SERVICES", 3)
    with house.work("manager") as work:
        a_stay(work, a_person(work))
        for number in range(2):
            person = a_person(
                work, person_no=f"R-{number + 5:04d}", display_alias=f"Former{number}"
            )
            came = work.now - timedelta(days=300)
            left = work.now - timedelta(days=30)
            a_stay(work, person, admitted_at=came, exited_at=left, state="S55_aftercare")
            a_court_event(work, a_legal_case(work, person, ob_number="OB 5/1/2/2026"))
    desk = house.desk("manager")
    scale.grow(desk.vault, 3 + _MORE, lambda _part: None)
    return desk


def test_copies_have_codes_names_and_pasts_of_their_own(grown: Desk) -> None:
    with grown.vault.transaction():
        work = Work(grown.vault, grown.actor)
        people = work.matching(Person)
        assert len(people) == 3 + _MORE
        assert len({person.person_no for person in people}) == 3 + _MORE
        assert len({person.display_alias for person in people}) > _MORE / 2
        assert all(not record.problems() for record in people)
    counts = grown.ask(residents.chip_counts).result()
    assert (counts["in_residence"], counts["aftercare"]) == (1, 2)
    assert counts["closed"] == _MORE


def test_every_link_of_a_copy_leads_somewhere(grown: Desk) -> None:
    run = grown.vault.connection.exec_driver_sql
    for kind in RECORD_TYPES:
        if kind.compartment not in grown.actor.compartments or not has_person(kind):
            continue
        for field in fields_of(kind):
            if field.kind is Kind.LINK and field.to:
                target = record_type(field.to)
                lost = run(
                    f'SELECT count(*) FROM {table_of(kind)} AS t WHERE t."{field.name}" IS NOT NULL'
                    f" AND NOT EXISTS (SELECT 1 FROM {table_of(target)} AS o"
                    f' WHERE o.id = t."{field.name}")'
                ).scalar_one()
                assert lost == 0, f"{kind.table}.{field.name}"
    assert run("SELECT count(*) FROM cases.court_event").scalar_one() == 2 + _MORE
    grown.vault.connection.rollback()


def test_every_index_is_there_again(grown: Desk) -> None:
    run = grown.vault.connection.exec_driver_sql
    for compartment in grown.actor.compartments:
        schema = schema_of(compartment)
        found = run(f"SELECT name FROM {schema}.sqlite_schema WHERE type = 'index'").scalars()
        declared = re.findall(r"INDEX (?:\w+\.)?(\w+) ON", " ".join(statements_for(compartment)))
        assert {*declared, "ix_search_key_record"} <= set(found)
    grown.vault.connection.rollback()


def test_copies_are_found_by_name_and_code(grown: Desk) -> None:
    ids = grown.ask(residents.resident_ids, ListFilter(residents.ALL)).result()
    for row in grown.ask(residents.resident_rows, ids).result():
        for typed in (row.alias, row.code):
            found = grown.ask(search.people, typed, limit=60).result()
            assert row.id in {person.id for person in found}, typed


def test_keys_made_anew_are_those_kept_along_the_way(house: House) -> None:
    with house.work("manager") as work:
        here, former = a_person(work), a_person(work, display_alias="Chepkoech wa Njeri")
        a_stay(work, here)
        left = work.now - timedelta(days=3)
        a_stay(work, former, exited_at=left, state="S55_aftercare")
        question = "SELECT * FROM house.search_key ORDER BY 1, 2, 3, 4, 5"
        near = "SELECT * FROM house.search_near ORDER BY 1, 2"
        run = work.connection.exec_driver_sql
        kept = (run(question).all(), run(near).all())
        rebuild(work.connection, "house", RECORD_TYPES)
        assert (run(question).all(), run(near).all()) == kept
