"""The Today page as one value: greeting, the day, the coming days, by what each may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shelter_app.domain.counselling import CounsellingSession
from shelter_app.domain.stay import Stay
from shelter_app.services import deadlines, today
from tests import builders, busy_day
from tests.busy_day import MORNING, BusyDay
from tests.fixtures import House


@pytest.fixture
def day(house: House, clock_at: Callable[[datetime], None]) -> BusyDay:
    clock_at(MORNING)
    return busy_day.prepare(house)


@pytest.mark.parametrize(
    ("pressing", "before", "news"),
    [
        (0, 0, "Nothing urgent is waiting for you."),
        (1, 1, "Nothing new is urgent; 1 thing from before still waits."),
        (7, 7, "Nothing new is urgent; 7 things from before still wait."),
        (1, 0, "One thing cannot wait."),
        (3, 1, "Three things cannot wait. 2 of them are new."),
        (8, 7, "Eight things cannot wait. 1 of them is new."),
        (2, 0, "Two things cannot wait."),
        (9, 0, "Nine things cannot wait."),
        (23, 0, "23 things cannot wait."),
    ],
)
def test_the_greeting_counts_what_cannot_wait(pressing: int, before: int, news: str) -> None:
    said = today.greeting("Amina W.", MORNING, pressing, before)
    assert said == f"Good morning, Amina. {news}"


@pytest.mark.parametrize("role", ["manager", "social_worker", "legal_officer", "house_mother"])
@pytest.mark.parametrize("mine", [True, False])
def test_the_greeting_counts_the_red_lines_that_stand_below_it(
    house: House, day: BusyDay, role: str, mine: bool
) -> None:
    worker = house.staff_id("social_worker")
    with house.work("manager") as work:
        old, seen = (
            builders.a_legal_case(
                work,
                day.people[name],
                ob_date=MORNING.date() - timedelta(days=days),
                lead_staff=worker,
            )
            for name, days in (("Amani", 400), ("Imani", 151))
        )
        deadlines.put_off(work, "DL21", seen.id, MORNING + timedelta(days=1), "Told by phone")
    with house.work(role) as work:
        page = today.page(work, mine)
    red = [line for line in page.attention.alerts if line.role == "overdue"]
    assert page.attention.count == len(page.attention.alerts)
    before = [line for line in red if line.old or line.put_off_until is not None]
    assert page.greeting == today.greeting(
        work.actor.alias, MORNING, len(red), len(before), for_all=not mine
    )
    if role == "social_worker":
        told = {(line.subject_id, line.old, line.put_off_until is not None) for line in red}
        assert {(old.id, True, False), (seen.id, False, True)} <= told


@pytest.mark.parametrize(
    ("hour", "hello"), [(9, "Good morning"), (13, "Good afternoon"), (19, "Good evening")]
)
def test_the_greeting_follows_the_time_of_day(hour: int, hello: str) -> None:
    assert today.greeting("Amina W.", MORNING.replace(hour=hour), 0).startswith(hello)


def test_the_day_brings_sessions_and_appointments_together_in_order(
    house: House, day: BusyDay
) -> None:
    with house.work("social_worker") as work:
        page = today.page(work)
    times = [f"{entry.at:%H:%M}" for entry in page.entries]
    assert times == ["10:00", "11:00", "11:00", "14:00", "16:00"]
    assert {entry.place for entry in page.entries} == {"counselling", "court", "calendar"}


def test_a_session_that_was_called_off_is_not_on_the_day(house: House, day: BusyDay) -> None:
    with house.work("counsellor") as work:
        (session,) = work.matching(CounsellingSession, person_id=day.people["Pendo"].id)
        work.save(replace(session, status="cancelled_staff"))
        assert "10:00" not in [f"{entry.at:%H:%M}" for entry in today.page(work).entries]


def test_the_coming_days_hold_hearings_reviews_and_contacts_of_her_own_people(
    house: House, day: BusyDay
) -> None:
    with house.work("social_worker") as work:
        titles = [entry.title for entry in today.page(work).coming]
    assert [title for title in titles if title.startswith("Aftercare contact")]
    other = house.staff_id("second_manager")
    with house.work("manager") as work:
        (stay,) = work.matching(Stay, person_id=day.people["Neema"].id)
        work.save(replace(stay, case_manager=other))
    with house.work("social_worker") as work:
        titles = [entry.title for entry in today.page(work).coming]
    assert not [title for title in titles if title.startswith("Aftercare contact")]


def test_the_house_mother_reads_when_and_never_why(house: House, day: BusyDay) -> None:
    with house.work("house_mother") as work:
        page = today.page(work, mine=False)
    said = " ".join(f"{e.title} {e.detail}" for e in (*page.entries, *page.coming))
    for secret in ("SO/E118", "Shanzu", "Mention", "Aftercare contact", "testif"):
        assert secret not in said
    assert {entry.kind for entry in page.entries} == {
        "other",
        "outside",
        "followup",
        "review",
    }
    assert "ounselling" not in said
    assert page.approvals == ()
    assert page.put_off == ()


def test_the_same_morning_gives_the_same_page(house: House, day: BusyDay) -> None:
    with house.work("manager") as work:
        assert today.page(work) == today.page(work)
