"""The invented life courses add up to the scenario and never fill the house beyond its beds."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from shelter_app.services.demo.lives import lives, scenario

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return scenario()


def test_the_full_house_adds_up_to_the_scenario(told: dict[str, Any]) -> None:
    people = lives(220, TODAY)
    stays = [stay for life in people for stay in life.stays]
    assert len(people) == told["stays"]["persons"]
    assert len(stays) == told["stays"]["total_stays"]
    assert sum(stay.left is not None for stay in stays) == told["stays"]["exits"]
    assert sum(life.is_here for life in people) == told["stays"]["in_residence_end"]
    endings = Counter(life.counselling.ending for life in people if life.counselling)
    assert endings["completed"] == told["counselling"]["completed6"]
    assert endings["dropped"] == told["counselling"]["dropped"]
    assert endings["in_progress"] == told["counselling"]["in_progress"]
    cases = [life.legal for life in people if life.legal]
    assert len(cases) == told["legal"]["legal_cases"]
    assert sum(case.hearings for case in cases) == told["legal"]["court_events"]
    verdicts = Counter(case.verdict for case in cases if case.verdict)
    assert verdicts["convicted"] == told["legal"]["convicted"]
    assert Counter(life.sex for life in people)["M"] <= told["sex"]["M_boys_under10"]


@pytest.mark.parametrize("people", [20, 60, 220, 400])
def test_the_house_is_never_fuller_than_its_beds(people: int) -> None:
    made = lives(people, TODAY)
    assert len(made) == people
    stays = [stay for life in made for stay in life.stays]
    day = TODAY - timedelta(days=365 * 3)
    while day <= TODAY:
        here = sum(
            stay.came.date() <= day and (stay.left is None or stay.left.date() > day)
            for stay in stays
        )
        assert here <= 40
        day += timedelta(days=1)
    assert all(stay.left is None or stay.left > stay.came for stay in stays)
    assert all(stay.came.date() < TODAY for stay in stays)


def test_the_same_seed_gives_the_same_people() -> None:
    assert lives(60, TODAY) == lives(60, TODAY)


def test_working_names_are_all_different() -> None:
    names = [life.alias for life in lives(400, TODAY)]
    assert len(set(names)) == len(names)
