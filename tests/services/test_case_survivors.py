"""One case, several survivors: each finds it on her page, nobody is in it twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shelter_app.errors import NotAllowed, NotPossible, ValidationFailed
from shelter_app.services import case_survivors, court_pages
from tests.builders import a_legal_case, a_person
from tests.fixtures import House


def test_a_further_survivor_finds_the_case_on_her_page(house: House) -> None:
    with house.work("manager") as work:
        first = a_person(work, display_alias="Pendo")
        other = a_person(work, display_alias="Zawadi")
        case = a_legal_case(work, first)
        case_survivors.save(work, replace(case_survivors.new(work, case.id), person_id=other.id))
        page = court_pages.case_page(work, case.id)
        tab = court_pages.resident_court(work, other.id)
    assert [one.words for one in page.others] == [f"{other.person_no} “Zawadi”"]
    assert [one.case.id for one in tab.cases] == [case.id]


def test_nobody_is_in_a_case_twice(house: House) -> None:
    with house.work("manager") as work:
        first, other = a_person(work), a_person(work)
        case = a_legal_case(work, first)
        entry = replace(case_survivors.new(work, case.id), person_id=other.id)
        kept = case_survivors.save(work, entry)
        for person_id in (first.id, other.id):
            with pytest.raises(ValidationFailed) as refused:
                case_survivors.save(work, replace(entry, person_id=person_id))
            assert refused.value.problems[0].field == "person_id"
        with pytest.raises(NotPossible):
            case_survivors.take_out(work, kept.id, " ")
        case_survivors.take_out(work, kept.id, "Another case")
        assert case_survivors.of_case(work, case.id) == ()
        assert court_pages.resident_court(work, other.id).cases == ()
        case_survivors.save(work, entry)


def test_who_does_not_keep_the_case_does_not_change_who_is_in_it(house: House) -> None:
    with house.work("manager") as work:
        case = a_legal_case(work, a_person(work))
        other = a_person(work)
    with house.work("social_worker") as work, pytest.raises(NotAllowed):
        case_survivors.save(work, replace(case_survivors.new(work, case.id), person_id=other.id))
