"""Covering for a colleague: the caseload follows for some days and comes back by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shelter_app.domain.oversight import Covering
from shelter_app.domain.person import Person, PersonBackground
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Stay
from shelter_app.errors import NotAllowed, NotPossible, ValidationFailed
from shelter_app.services import covering, deadlines, drafts
from shelter_app.services.work import Work
from tests.builders import a_person, a_stay
from tests.fixtures import House

NOW = datetime(2026, 11, 22, 9)


@pytest.fixture
def hers(house: House, clock_at: Callable[[datetime], object]) -> tuple[int, int]:
    """A person on the caseload of a colleague, and the colleague."""
    clock_at(NOW)
    with house.work("manager") as work:
        colleague = work.save(
            Staff(alias="Amina", roles=("social_worker",), started_on=work.today), by_program=True
        )
        person = a_person(work, display_alias="Pendo")
        a_stay(work, person, case_manager=colleague.id)
        work.save(PersonBackground(id=person.id, person_id=person.id, home_county="001"))
    return person.id, colleague.id


def handed(house: House, whose: int, days: int = 7, role: str = "manager") -> Covering:
    to = house.staff_id("social_worker")
    with house.work(role) as work:
        wanted = Covering(
            staff_id=whose,
            covered_by=to,
            from_on=work.today,
            until_on=work.today + timedelta(days=days),
            reason="On leave",
        )
        return covering.hand_over(work, wanted)


def sees(work: Work, person_id: int) -> bool:
    return work.find(PersonBackground, person_id) is not None


def test_a_covered_caseload_opens_and_closes_by_itself(
    house: House, hers: tuple[int, int], clock_at: Callable[[datetime], object]
) -> None:
    person_id, colleague = hers
    with house.work("social_worker") as work:
        assert not sees(work, person_id)
    handed(house, colleague)
    with house.work("social_worker") as work:
        assert sees(work, person_id)
        assert covering.standing(work).for_others == (("Amina", work.today + timedelta(days=7)),)
        background = work.get(PersonBackground, person_id)
        work.save(replace(background, literate=True))
    for later, open_still in ((7, True), (8, False)):
        clock_at(NOW + timedelta(days=later))
        with house.work("social_worker") as work:
            assert sees(work, person_id) is open_still
            assert bool(covering.standing(work).for_others) is open_still


def test_what_was_half_typed_for_a_covered_case_closes_with_it(
    house: House, hers: tuple[int, int], clock_at: Callable[[datetime], object]
) -> None:
    person_id, colleague = hers
    place = drafts.Place("background", PersonBackground.table, person_id)
    handed(house, colleague)
    with house.work("social_worker") as work:
        drafts.keep(work, place, "what stood in her file, and half a sentence")
    for later, open_still in ((7, True), (8, False)):
        clock_at(NOW + timedelta(days=later))
        with house.work("social_worker") as work:
            assert bool(drafts.get(work, place)) is open_still
            assert [each.place for each in drafts.mine(work)] == [place] * open_still


def test_what_is_due_comes_to_whoever_covers(house: House, hers: tuple[int, int]) -> None:
    person_id, colleague = hers
    with house.work("social_worker") as work:
        before = deadlines.attention(work, mine=True).alerts
        assert all(alert.person_id != person_id for alert in before)
    handed(house, colleague)
    with house.work("social_worker") as work:
        assert any(a.person_id == person_id for a in deadlines.attention(work, mine=True).alerts)


def test_it_ends_early_when_one_of_the_two_or_a_manager_says_so(
    house: House, hers: tuple[int, int]
) -> None:
    person_id, colleague = hers
    made = handed(house, colleague)
    with house.work("counsellor") as work, pytest.raises(NotAllowed):
        covering.end(work, made.id)
    with house.work("social_worker") as work:
        covering.end(work, made.id)
        assert not sees(work, person_id)
        assert [line.standing for line in covering.listed(work)] == ["over"]
    handed(house, colleague)


def test_only_the_same_work_takes_over_and_never_twice_or_for_ever(
    house: House, hers: tuple[int, int]
) -> None:
    _person_id, colleague = hers
    counsellor = house.staff_id("counsellor")
    with house.work("manager") as work:
        wanted = Covering(
            staff_id=colleague,
            covered_by=counsellor,
            from_on=work.today,
            until_on=work.today,
            reason="x",
        )
        with pytest.raises(ValidationFailed, match="covered_by"):
            covering.hand_over(work, wanted)
        with pytest.raises(ValidationFailed, match="covered_by"):
            covering.hand_over(work, replace(wanted, covered_by=colleague))
    made = handed(house, colleague)
    with pytest.raises(NotPossible):
        handed(house, colleague)
    with house.work("manager") as work, pytest.raises(ValidationFailed, match="until_on"):
        covering.hand_over(
            work,
            replace(
                made,
                id=0,
                revision=0,
                from_on=work.today + timedelta(days=30),
                until_on=work.today + timedelta(days=300),
            ),
        )


@pytest.mark.parametrize("role", ["house_mother", "nurse", "legal_officer", "me_officer"])
def test_who_has_no_caseload_hands_none_over(
    house: House, hers: tuple[int, int], role: str
) -> None:
    with house.work(role) as work:
        assert not covering.may_hand_over(work)
        with pytest.raises(NotAllowed):
            covering.draft(work)


def test_a_worker_hands_over_only_her_own(house: House, hers: tuple[int, int]) -> None:
    with pytest.raises(NotAllowed):
        handed(house, hers[1], role="social_worker")


def test_covering_gives_no_key_and_no_other_level(house: House, hers: tuple[int, int]) -> None:
    handed(house, hers[1])
    with house.work("social_worker") as work:
        assert not work.holds("counselling")
        assert work.matching(Person)
        assert work.matching(Stay)
        audited = work.connection.exec_driver_sql(
            "SELECT count(*) FROM main.audit WHERE record_type = 'covering'"
        ).scalar_one()
        assert audited == 1
