"""Bed-nights (I-03): counted in one step, checked against counting night by night."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shelter_app.domain.bed_nights import day_of_stay, nights_between, nights_so_far
from shelter_app.domain.stay import Absence

START = datetime(2026, 3, 1)
moments = st.integers(0, 90 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
days = st.integers(-10, 100).map(lambda number: START.date() + timedelta(days=number))


def away(
    left_at: datetime,
    returned_at: datetime | None,
    *,
    held: bool = False,
    given_up_at: datetime | None = None,
) -> Absence:
    return Absence(
        type="hospital",
        left_at=left_at,
        returned_at=returned_at,
        bed_held=held,
        place_given_up_at=given_up_at,
    )


@st.composite
def absences(draw: st.DrawFn) -> Absence:
    left_at = draw(moments)
    stayed = draw(st.none() | st.integers(0, 20 * 24 * 60))
    held = draw(st.booleans())
    returned_at = None if stayed is None else left_at + timedelta(minutes=stayed)
    given_up = None
    if not held and draw(st.booleans()):
        latest = 20 * 24 * 60 if stayed is None else stayed
        given_up = left_at + timedelta(minutes=draw(st.integers(0, latest)))
    return away(left_at, returned_at, held=held, given_up_at=given_up)


def counted_one_by_one(
    admitted_at: datetime, exited_at: datetime | None, gone: list[Absence], first: date, last: date
) -> int:
    counted = 0
    night = first
    while night <= last:
        at = datetime.combine(night, time(23, 59))
        here = admitted_at <= at and (exited_at is None or night < exited_at.date())
        without_place = any(
            not found.bed_held
            and (found.place_given_up_at or found.left_at or at) <= at
            and (found.returned_at is None or found.returned_at > at)
            for found in gone
        )
        counted += here and not without_place
        night += timedelta(days=1)
    return counted


@given(
    moments, st.none() | st.integers(0, 60 * 24 * 60), st.lists(absences(), max_size=4), days, days
)
def test_nights_are_those_counted_one_by_one(
    admitted_at: datetime, length: int | None, gone: list[Absence], one: date, other: date
) -> None:
    exited_at = None if length is None else admitted_at + timedelta(minutes=length)
    first, last = min(one, other), max(one, other)
    expected = counted_one_by_one(admitted_at, exited_at, gone, first, last)
    assert nights_between(admitted_at, exited_at, gone, first, last) == expected


@given(moments, st.lists(absences(), max_size=4), days, st.integers(0, 40), st.integers(0, 40))
def test_two_periods_side_by_side_have_the_nights_of_both(
    admitted_at: datetime, gone: list[Absence], first: date, one: int, other: int
) -> None:
    middle = first + timedelta(days=one)
    last = middle + timedelta(days=other + 1)
    whole = nights_between(admitted_at, None, gone, first, last)
    parts = nights_between(admitted_at, None, gone, first, middle)
    parts += nights_between(admitted_at, None, gone, middle + timedelta(days=1), last)
    assert whole == parts


def test_the_day_of_leaving_is_not_a_night() -> None:
    came = datetime(2026, 3, 1, 14)
    assert nights_so_far(came, datetime(2026, 3, 4, 23, 59), [], date(2026, 5, 1)) == 3


def test_a_kept_bed_counts_and_a_lost_one_does_not() -> None:
    came = datetime(2026, 3, 1, 14)
    left, back = datetime(2026, 3, 3, 9), datetime(2026, 3, 6, 9)
    today = date(2026, 3, 11)
    assert nights_so_far(came, None, [away(left, back, held=True)], today) == 10
    assert nights_so_far(came, None, [away(left, back)], today) == 7


def test_nights_before_the_place_was_given_up_still_count() -> None:
    came = datetime(2026, 3, 1, 14)
    gone = away(datetime(2026, 3, 3, 9), None, given_up_at=datetime(2026, 3, 6, 9))
    assert nights_so_far(came, None, [gone], date(2026, 3, 11)) == 5


def test_arriving_before_midnight_counts_the_night_but_tonight_is_not_over() -> None:
    came = datetime(2026, 3, 1, 23, 58)
    assert nights_so_far(came, None, [], date(2026, 3, 1)) == 0
    assert nights_so_far(came, None, [], date(2026, 3, 2)) == 1
    assert day_of_stay(came, date(2026, 3, 1)) == 1
