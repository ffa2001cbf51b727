"""Which backups stay: enough of them, always the last ones, never a gap that was not there."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shelter_app.domain.generations import DAYS, DUE_SOON, MONTHS, WEEKS, Kept, to_keep, without

START = datetime(2026, 1, 1, 18, 0)

histories = st.lists(
    st.tuples(st.integers(0, 900 * 24 * 60), st.booleans()), max_size=60, unique_by=lambda b: b[0]
).map(
    lambda each: [
        Kept(f"b{minutes}", START + timedelta(minutes=minutes), verified)
        for minutes, verified in each
    ]
)


@given(histories)
def test_the_last_two_and_the_last_two_verified_ones_always_stay(history: list[Kept]) -> None:
    kept = to_keep(history)
    newest = sorted(history, key=lambda each: each.made_at, reverse=True)
    assert {each.name for each in newest[:2]} <= kept
    assert {each.name for each in [b for b in newest if b.verified][:2]} <= kept


@given(histories)
def test_nothing_goes_unless_a_newer_verified_one_stays(history: list[Kept]) -> None:
    kept = to_keep(history)
    for each in history:
        if each.name not in kept:
            assert any(
                other.verified and other.name in kept and other.made_at > each.made_at
                for other in history
            )


@given(histories)
def test_the_number_that_stays_is_bounded_once_all_are_verified(history: list[Kept]) -> None:
    verified = [Kept(each.name, each.made_at, verified=True) for each in history]
    assert len(to_keep(verified)) <= DAYS + WEEKS + MONTHS + 2


@given(histories)
def test_keeping_twice_changes_nothing(history: list[Kept]) -> None:
    kept = to_keep(history)
    assert to_keep(each for each in history if each.name in kept) == kept


def test_two_years_of_daily_backups_leave_days_weeks_and_months() -> None:
    history = [Kept(f"{day}", START + timedelta(days=day), verified=True) for day in range(730)]
    kept = sorted(int(name) for name in to_keep(history))
    assert kept[-7:] == list(range(723, 730))
    assert 18 <= len(kept) <= 23
    assert 729 - kept[0] > 300


@given(histories, st.integers(0, 10))
def test_the_order_in_which_they_were_made_counts_and_not_the_clock(
    history: list[Kept], wrong: int
) -> None:
    made = [
        Kept(f"b{stood}", each.made_at, verified=True, stood=stood)
        for stood, each in enumerate(history)
    ]
    if len(made) > wrong:
        made[wrong] = Kept(f"b{wrong}", datetime(1970, 1, 1), verified=True, stood=wrong)
    assert {each.name for each in made[-2:]} <= to_keep(made)


def test_a_moment_in_the_future_asks_for_a_backup_soon() -> None:
    assert without(START, START + timedelta(days=3650)) == DUE_SOON.days
    assert without(START, START + timedelta(hours=1)) == 0
    assert without(START, START - timedelta(days=8)) == 8
