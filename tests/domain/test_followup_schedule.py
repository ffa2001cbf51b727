"""The aftercare schedule, its windows and the lost-contact rule."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shelter_app.domain import codelists
from shelter_app.domain import followup_schedule as schedule
from shelter_app.domain.aftercare import FollowupContact

LEFT = date(2026, 1, 10)
exit_types = st.sampled_from([row.code for row in codelists.code_list("exit_type").rows])
risks = st.sampled_from(["", "low", "medium", "high", "critical"])


def contact(**values: object) -> FollowupContact:
    return FollowupContact(person_id=1, due_on=LEFT, **values)  # type: ignore[arg-type]


@given(exit_types, risks)
def test_contacts_follow_each_other_and_reach_two_years(exit_type: str, risk: str) -> None:
    planned = schedule.schedule(LEFT, exit_type, risk)
    days = [point.due_on for point in planned]
    assert days == sorted(set(days))
    assert all(day > LEFT for day in days)
    if planned:
        assert days[-1] == LEFT + timedelta(days=730)


@given(exit_types, risks)
def test_high_risk_doubles_the_first_three_months_and_nothing_after(
    exit_type: str, risk: str
) -> None:
    planned = schedule.schedule(LEFT, exit_type, risk)
    edge = LEFT + timedelta(days=schedule.DOUBLED_FOR_DAYS)
    early = [point for point in planned if point.due_on <= edge]
    extra = [point for point in planned if point.milestone == schedule.ADHOC]
    if planned and risk in ("high", "critical"):
        assert len(early) == 2 * (len(early) - len(extra))
        assert set(extra) <= set(early)
    else:
        assert not extra


def test_nobody_is_followed_where_the_list_says_no_aftercare() -> None:
    assert schedule.schedule(LEFT, "resettlement", "low") == ()


def test_partners_report_and_schools_are_visited() -> None:
    partner = schedule.schedule(LEFT, "repatriation", "low")
    school = schedule.schedule(LEFT, "boarding_school", "low")
    assert {point.type for point in partner} == {"partner_report"}
    assert {point.type for point in school} == {"call", "visit_school"}


@given(st.sampled_from(schedule.milestones()), st.integers(-60, 60))
def test_a_contact_is_due_inside_its_window_and_late_after_it(
    point: schedule.Milestone, days: int
) -> None:
    owed = contact(milestone=point.code)
    standing = schedule.standing(owed, LEFT + timedelta(days=days))
    expected = "due" if abs(days) <= point.window_days else "late" if days > 0 else "coming"
    assert standing == expected


attempts = st.builds(
    schedule.Attempt,
    on=st.integers(0, 90).map(lambda days: LEFT + timedelta(days=days)),
    type=st.sampled_from(["call", "sms", "visit_home"]),
    result=st.sampled_from(schedule.ATTEMPT_RESULTS),
)


@given(st.lists(attempts, max_size=8))
def test_attempts_are_kept_as_they_were_made(made: list[schedule.Attempt]) -> None:
    kept = contact()
    for attempt in made:
        kept = contact(attempt_log=schedule.with_attempt(kept, attempt))
    assert schedule.attempts_of(kept) == tuple(made)
    tries = schedule.tries_since_reached([kept])
    assert (tries.attempts, tries.days) == (len(made), len({attempt.on for attempt in made}))


def test_contact_is_lost_only_after_five_tries_on_three_days_two_ways_over_sixty_days() -> None:
    enough = schedule.Tries(attempts=5, days=3, channels=2, spread_days=60)
    assert enough.enough
    for short in (
        schedule.Tries(4, 3, 2, 60),
        schedule.Tries(5, 2, 2, 60),
        schedule.Tries(5, 3, 1, 60),
        schedule.Tries(5, 3, 2, 59),
    ):
        assert not short.enough


def test_tries_are_counted_anew_once_she_was_reached() -> None:
    tried = contact(
        attempt_log=schedule.with_attempt(contact(), schedule.Attempt(LEFT, "call", "no_answer"))
    )
    reached = contact(done_on=LEFT + timedelta(days=2), result="reached")
    assert schedule.tries_since_reached([tried]).attempts == 1
    assert schedule.tries_since_reached([tried, reached]).attempts == 0
