"""A photograph of her face goes by itself: those who may see it are told before, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shelter_app import clock
from shelter_app.domain.consent import Consent
from shelter_app.domain.deadline_times import CODES
from shelter_app.domain.deadline_words import Alert
from shelter_app.domain.papers import FacePhoto
from shelter_app.domain.person import Person, PersonBackground
from shelter_app.domain.stay import Stay
from shelter_app.services import deadlines, identity, papers
from tests.builders import a_person, a_stay
from tests.fixtures import House
from tests.services.test_papers import a_consent, added, beside, left, looked_after

ClockAt = Callable[[datetime], object]
REASON = "The station asks for a copy of it"


@pytest.fixture(autouse=True)
def _in_the_morning(clock_at: ClockAt) -> None:
    clock_at(datetime(2026, 11, 11, 10))


def told(house: House, role: str = "social_worker", *, mine: bool = False) -> list[Alert]:
    with house.work(role) as work:
        found = deadlines.attention(work, mine=mine).alerts
    return [alert for alert in found if alert.rule.startswith("photo_")]


def a_photograph(house: House) -> Person:
    person = beside(house, Person, consented=True)
    assert isinstance(person, Person)
    added(house, person)
    return person


@pytest.mark.parametrize(
    ("days", "said"), [(23, None), (24, 7), (29, 2), (30, "Tomorrow"), (31, "Today")]
)
def test_it_is_told_seven_days_before_with_the_day_and_the_reason(
    house: House, days: int, said: int | str | None
) -> None:
    a_photograph(house)
    left(house, days)
    found = told(house)
    if said is None:
        assert found == []
        return
    (alert,) = found
    assert alert.severity == "info"
    assert "She left on" in alert.why
    assert "30 days" in alert.why
    goes = clock.today() + timedelta(days=31 - days)
    assert alert.due_at.date() == goes
    if isinstance(said, str):
        assert alert.how_long == said
    assert (alert.verb, alert.place) == ("See photograph", "resident")
    assert alert.detail.startswith("overview:sealed_identity:")


@pytest.mark.parametrize(
    ("role", "hears"),
    [
        ("social_worker", True),
        ("manager", True),
        ("legal_officer", True),
        ("nurse", False),
        ("counsellor", False),
        ("house_mother", False),
        ("dpo", False),
        ("me_officer", False),
        ("livelihood_officer", False),
        ("outreach_officer", False),
        ("sysadmin", False),
    ],
)
def test_only_who_could_open_it_by_a_reason_learns_that_there_is_one(
    house: House, role: str, hears: bool
) -> None:
    a_photograph(house)
    left(house, 26)
    assert bool(told(house, role)) is hears


def test_it_is_hers_who_worked_with_her_and_closed_to_another_caseload(house: House) -> None:
    a_photograph(house)
    left(house, 26)
    assert told(house, mine=True)
    assert not told(house, "manager", mine=True)
    other = house.staff_id("manager")
    with house.work("manager") as work:
        stay = work.rule_matching(Stay)[0]
        work.save(replace(stay, case_manager=other))
    assert not told(house)
    assert told(house, "manager", mine=True)


def test_whoever_never_came_to_live_here_is_told_of_in_other_words(
    house: House, clock_at: ClockAt
) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        a_consent(work, person.id)
    added(house, person, role="manager")
    assert told(house, "manager") == []
    clock_at(clock.now() + timedelta(days=25))
    (alert,) = told(house, "manager")
    assert "never came to live here" in alert.why


def test_a_withdrawn_consent_and_taking_back_are_told_until_the_next_sign_in(
    house: House,
) -> None:
    person = a_photograph(house)
    added(house, person)
    assert told(house) == []
    with house.work("social_worker") as work:
        identity.reveal(work, person.id, REASON)
        line = papers.shelf(work, Person, person.id).lines[0]
        papers.take_back(work, FacePhoto, line.id, REASON)
    with house.work("manager") as work:
        consent = work.rule_matching(Consent)[0]
        work.save(replace(consent, withdrawn_on=work.today))
    withdrawn, back = sorted(told(house), key=lambda alert: alert.detail, reverse=True)
    assert "withdrew her consent" in withdrawn.why
    assert "taken back" in back.why
    assert (back.verb, back.detail) == ("Open file", "overview"), "there is nothing to look at"
    assert looked_after(house).erased == 2
    assert told(house) == []


def test_a_hold_a_new_consent_and_coming_back_make_it_silent(house: House) -> None:
    person = a_photograph(house)
    left(house, 27)
    with house.work("manager") as work:
        work.save(PersonBackground(id=person.id, person_id=person.id, legal_hold=True))
    assert told(house) == []
    with house.work("manager") as work:
        background = work.get(PersonBackground, person.id)
        work.save(replace(background, legal_hold=False))
    assert told(house)
    worker = house.staff_id("social_worker")
    with house.work("manager") as work:
        came = work.now - timedelta(days=1)
        a_stay(work, person, admitted_at=came, stay_no=2, case_manager=worker)
        consent = work.rule_matching(Consent)[0]
        work.save(replace(consent, withdrawn_on=work.today))
    assert told(house)
    with house.work("manager") as work:
        a_consent(work, person.id)
    assert told(house) == []


def test_no_house_sets_the_day_on_which_the_program_acts() -> None:
    assert not [code for code in CODES if code.startswith("photo_")]
