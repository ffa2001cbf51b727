"""Ids: random, never 0, and those of one person stand together in every table."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shelter_app.domain.person import Alias
from shelter_app.services.work import beside, random_id
from tests.builders import a_person
from tests.fixtures import House

_IDS = st.integers(1, 2**62)


@given(_IDS, _IDS, _IDS)
def test_two_records_of_a_person_keep_her_upper_bits_and_their_own_lower_ones(
    person: int, one: int, other: int
) -> None:
    first, second = beside(person, one), beside(person, other)
    assert first >> 42 == second >> 42 == person >> 42
    assert (first == second) is (one % 2**42 == other % 2**42)
    assert 0 <= first < 2**63


@given(_IDS)
def test_what_belongs_to_nobody_keeps_its_random_id(made: int) -> None:
    assert beside(0, made) == made


def test_the_records_of_a_person_stand_together(house: House) -> None:
    with house.work() as work:
        people = [a_person(work) for _ in range(3)]
        for name in ("Kipepeo", "Tausi", "Njiwa"):
            for person in people:
                alias = Alias(
                    person_id=person.id, alias=name, used_for="house", assigned_on=work.today
                )
                work.save(alias, by_program=True)
        rows = work.connection.exec_driver_sql("SELECT person_id FROM cases.alias ORDER BY id")
        found = list(rows.scalars())
    assert len({person.id >> 42 for person in people}) == 3
    assert [found[place] for place in (0, 3, 6)] == sorted(person.id for person in people)
    assert all(len(set(found[place : place + 3])) == 1 for place in (0, 3, 6))


def test_random_ids_use_all_their_bits() -> None:
    made = {random_id() for _ in range(200)}
    assert len(made) == 200
    assert max(made) > 2**60
