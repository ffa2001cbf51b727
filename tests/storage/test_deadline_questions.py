"""The questions of Today cost what is open: none of them walks through a whole table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType

import pytest
import sqlalchemy as sa

from shelter_app.storage.questions import deadlines, deadlines_casework, today, uncharged
from tests.fixtures import House


def questions() -> Iterator[tuple[str, str]]:
    modules: tuple[ModuleType, ...] = (deadlines, deadlines_casework, today)
    for module in modules:
        for name, value in vars(module).items():
            if isinstance(value, sa.TextClause):
                yield f"{module.__name__.rpartition('.')[2]}{name}", value.text


def plan_of(connection: sa.Connection, text: str) -> list[str]:
    asked = re.sub(r"\(\[POSTCOMPILE_required\]\)|:required\b", "('safety')", text)
    asked = re.sub(r":(most|required_count)\b", "4", asked)
    asked = re.sub(r":[a-z_]+\b", "'2026-11-23'", asked)
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")
    return [str(row[3]) for row in rows]


QUESTIONS = dict(questions())


@pytest.mark.parametrize("name", list(QUESTIONS))
def test_a_question_of_today_never_walks_through_a_whole_table(house: House, name: str) -> None:
    connection = house.desk("manager").vault.connection
    with house.desk("manager").vault.reading():
        steps = plan_of(connection, QUESTIONS[name])
    assert steps, name
    assert [step for step in steps if step.startswith("SCAN")] == []


def test_steps_of_a_plan_are_found_through_its_goals_not_among_all_that_are_late(
    house: House,
) -> None:
    text = QUESTIONS["deadlines_STAYS_QUESTION"]
    with house.desk("manager").vault.reading():
        steps = plan_of(house.desk("manager").vault.connection, text)
    found = [step for step in steps if step.startswith("SEARCH a ")]
    assert len(found) == 2
    assert all("goal_id=?" in step for step in found)


def test_the_accused_whose_time_is_over_are_found_by_their_day_and_their_charges_by_them(
    house: House,
) -> None:
    with house.desk("manager").vault.reading():
        steps = plan_of(house.desk("manager").vault.connection, uncharged.FIRST.text)
    assert any(step.startswith("SEARCH s ") and "retain_until<?" in step for step in steps)
    assert any(step.startswith("SEARCH h ") and "suspect_id=?" in step for step in steps)
