"""Break-glass: a reason opens one resident for one hour, and those who watch are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from shelter_app.domain.aftercare import SafeContactNumber
from shelter_app.domain.oversight import BreakGlassSeen
from shelter_app.domain.person import SealedIdentity
from shelter_app.errors import NotAllowed, NotFound, NotPossible
from shelter_app.services import break_glass, identity, records, search
from tests.builders import a_person, a_stay
from tests.fixtures import House

NOW = datetime(2026, 11, 22, 9)
REASON = "The magistrate asked for her name"


@pytest.fixture
def two(house: House, clock_at: Callable[[datetime], object]) -> tuple[int, int]:
    """Two residents with a true identity each."""
    clock_at(NOW)
    made = []
    with house.work("manager") as work:
        for name in ("Pendo", "Imani"):
            person = a_person(work, display_alias=name)
            a_stay(work, person)
            sealed = SealedIdentity(id=person.id, person_id=person.id, true_first_name="Wanjiku")
            work.save(sealed, by_program=True)
            made.append(person.id)
    return made[0], made[1]


def test_a_reason_opens_one_resident_for_one_hour(
    house: House, two: tuple[int, int], clock_at: Callable[[datetime], object]
) -> None:
    first, second = two
    with house.work("legal_officer") as work:
        assert work.find(SealedIdentity, first) is None
        identity.reveal(work, first, REASON)
        assert work.find(SealedIdentity, first) is not None
        assert work.find(SealedIdentity, second) is None
        with pytest.raises(NotPossible):
            identity.reveal(work, second)
    clock_at(NOW + timedelta(minutes=59))
    with house.work("legal_officer") as work:
        assert identity.open_until(work, first) == NOW + timedelta(minutes=60)
        assert identity.reveal(work, first).identity.true_first_name == "Wanjiku"
    with house.work("social_worker") as work:
        assert work.find(SealedIdentity, first) is None
    clock_at(NOW + timedelta(minutes=61))
    with house.work("legal_officer") as work:
        assert work.find(SealedIdentity, first) is None
        with pytest.raises(NotPossible):
            identity.reveal(work, first)


def test_manager_and_data_lead_are_told_until_each_has_acknowledged(
    house: House, two: tuple[int, int]
) -> None:
    with house.work("legal_officer") as work:
        identity.reveal(work, two[0], REASON)
        assert break_glass.unseen(work) == ()
    for role in ("manager", "second_manager", "dpo"):
        with house.work(role) as work:
            (opening,) = break_glass.unseen(work)
            assert (opening.who, opening.reason) == ("Legal Officer", REASON)
            assert bool(opening.code) is (role != "dpo")
            break_glass.acknowledge(work, opening.id)
            break_glass.acknowledge(work, opening.id)
            assert break_glass.unseen(work) == ()
    with house.work("manager") as work:
        assert len(work.rule_matching(BreakGlassSeen)) == 3


def test_nobody_acknowledges_her_own_opening(house: House, two: tuple[int, int]) -> None:
    with house.work("manager") as work:
        made = break_glass.open_glass(work, two[0], REASON)
        assert break_glass.unseen(work) == ()
        with pytest.raises(NotFound):
            break_glass.acknowledge(work, made.id)
    with house.work("second_manager") as work:
        assert len(break_glass.unseen(work)) == 1


def test_a_search_among_true_names_is_told_too(house: House, two: tuple[int, int]) -> None:
    with house.work("social_worker") as work:
        with pytest.raises(NotPossible):
            search.true_names(work, "wanjiku", "because")
        search.true_names(work, "wanjiku", "Hospital asks who she is")
    with house.work("dpo") as work:
        (opening,) = break_glass.unseen(work)
        assert (opening.code, opening.open_until) == ("", None)


@pytest.mark.parametrize("role", ["counsellor", "house_mother", "nurse", "me_officer", "dpo"])
def test_for_others_there_is_no_glass_to_break(
    house: House, two: tuple[int, int], role: str
) -> None:
    with house.work(role) as work:
        assert not break_glass.may_ask(work)
        with pytest.raises(NotAllowed):
            break_glass.open_glass(work, two[0], REASON)


def test_an_opened_record_still_goes_through_its_own_service(
    house: House, two: tuple[int, int]
) -> None:
    with house.work("manager") as work:
        identity.reveal(work, two[0], REASON)
        for kind in (SealedIdentity, SafeContactNumber):
            with pytest.raises(NotAllowed):
                records.open_record(work, kind, two[0])
