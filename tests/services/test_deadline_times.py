"""A house's own times for deadlines: set by a manager, kept by the engine, undone with one act."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.deadline_rules import RULES
from shelter_app.domain.deadline_times import CODES, DeadlineTimes, in_words, with_times
from shelter_app.domain.deadlines import Fact, standing
from shelter_app.errors import NotAllowed, NotPossible, ValidationFailed
from shelter_app.services import deadline_times, deadlines
from shelter_app.services.work import Work
from tests import builders
from tests.fixtures import House

NOW = datetime(2026, 11, 23, 9, 0)


@pytest.fixture(autouse=True)
def monday_morning(clock_at: Callable[[datetime], None]) -> None:
    clock_at(NOW)


def told(work: Work) -> set[str]:
    return {alert.rule for alert in deadlines.attention(work, mine=False).alerts}


def test_every_deadline_of_the_program_says_its_usual_times_and_can_be_listed(
    house: House,
) -> None:
    with house.work("manager") as work:
        lines = deadline_times.lines(work)
    assert [line.code for line in lines] == list(CODES)
    assert {line.code for line in lines} == {
        rule.code for rule in RULES if not (rule.news or rule.fixed)
    }
    assert all(line.usual and line.source and not line.here for line in lines)
    to_confirm = {line.code for line in lines if line.to_be_confirmed}
    assert {"DL16", "DL37"} <= to_confirm


def test_a_contact_shows_as_early_as_the_house_wants_and_no_earlier(house: House) -> None:
    with house.work("manager") as work:
        person = builders.a_person(work, display_alias="Neema")
        builders.a_stay(work, person, state="S55_aftercare", exited_at=NOW)
        work.save(
            FollowupContact(
                person_id=person.id,
                milestone="m1",
                due_on=(NOW + timedelta(days=8)).date(),
                type="call",
            )
        )
        assert "DL41" not in told(work)
        deadline_times.save(work, DeadlineTimes(rule="DL41", remind_before=10))
        assert "DL41" in told(work)
        line = next(line for line in deadline_times.lines(work) if line.code == "DL41")
        assert line.here == "reminds 10 days before"
        deadline_times.back_to_usual(work, "DL41")
        assert "DL41" not in told(work)
        with pytest.raises(NotPossible):
            deadline_times.back_to_usual(work, "DL41")


def test_a_later_day_moves_the_alarm_and_its_reminder(house: House) -> None:
    rule = next(rule for rule in RULES if rule.code == "DL28")
    fact = Fact("DL28", 1, NOW - timedelta(days=20))
    assert standing(rule, fact, NOW) is not None
    slower = with_times(rule, DeadlineTimes(rule="DL28", due_after=28))
    assert standing(slower, fact, NOW) is None
    assert in_words(slower) == "due after 28 days"


def test_no_step_speaks_before_the_first_reminder() -> None:
    rule = next(rule for rule in RULES if rule.code == "DL17")
    late = with_times(rule, DeadlineTimes(rule="DL17", remind_before=5))
    ends = Fact("DL17", 1, NOW + timedelta(days=6))
    assert standing(late, ends, NOW - timedelta(hours=9)) is None
    nearer = dataclasses.replace(ends, since=NOW + timedelta(days=5))
    found = standing(late, nearer, NOW)
    assert found is not None
    assert found.severity == "urgent"


def test_only_a_manager_sets_times_and_the_trail_shows_it(house: House) -> None:
    with house.work("social_worker") as work:
        with pytest.raises(NotAllowed):
            deadline_times.lines(work)
        with pytest.raises(NotAllowed):
            deadline_times.save(work, DeadlineTimes(rule="DL28", due_after=10))
    with house.work("manager") as work:
        deadline_times.save(work, DeadlineTimes(rule="DL28", due_after=10))
    vault = house.desk("manager").vault
    with vault.reading():
        rows = vault.connection.exec_driver_sql(
            "SELECT action FROM audit WHERE record_type = 'deadline_times'"
        ).fetchall()
    assert [row[0] for row in rows] == ["create"]


@pytest.mark.parametrize(
    ("times", "field"),
    [
        (DeadlineTimes(rule="DL28"), "due_after"),
        (DeadlineTimes(rule="DL99", due_after=3), "rule"),
        (DeadlineTimes(rule="DL12", due_after=72), "note"),
        (DeadlineTimes(rule="DL28", due_after=5000), "due_after"),
    ],
)
def test_times_that_cannot_be_are_refused_beside_their_field(
    house: House, times: DeadlineTimes, field: str
) -> None:
    with house.work("manager") as work, pytest.raises(ValidationFailed) as refused:
        deadline_times.save(work, times)
    assert refused.value.problems[0].field == field
