"""Days and times are understood as people write them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app import i18n
from ui.kit import day_text

_TODAY = date(2026, 11, 23)
_NOW = datetime(2026, 11, 23, 10, 20, 5)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3/9/2026", date(2026, 9, 3)),
        ("3.9.26", date(2026, 9, 3)),
        ("03-09-2026", date(2026, 9, 3)),
        ("2026-09-03", date(2026, 9, 3)),
        ("3 Sep", date(2026, 9, 3)),
        ("3 sept 2026", date(2026, 9, 3)),
        ("3 September 2025", date(2025, 9, 3)),
        ("Thu 3 Sep 2026", date(2026, 9, 3)),
        ("thursday 3 sep", date(2026, 9, 3)),
        ("4 Jan", date(2027, 1, 4)),
        ("4/1", date(2027, 1, 4)),
        ("today", _TODAY),
        ("Leo", _TODAY),
        ("kesho", date(2026, 11, 24)),
        ("yesterday", date(2026, 11, 22)),
        ("+7d", date(2026, 11, 30)),
        ("+7", date(2026, 11, 30)),
        ("-2w", date(2026, 11, 9)),
        ("+3m", date(2027, 2, 23)),
        ("-1y", date(2025, 11, 23)),
        ("12/3/98", date(1998, 3, 12)),
    ],
)
def test_a_day_is_understood(typed: str, meant: date) -> None:
    assert day_text.read_day(typed, _TODAY) == meant


@pytest.mark.parametrize("typed", ["", "31/2/2026", "soon", "99", "3 Foo", "+99999m", "2026"])
def test_what_is_no_day_is_not_guessed(typed: str) -> None:
    assert day_text.read_day(typed, _TODAY) is None


def test_a_month_later_than_the_thirty_first_is_the_last_of_the_month() -> None:
    assert day_text.read_day("+1m", date(2026, 1, 31)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9", time(9)),
        ("930", time(9, 30)),
        ("9:30", time(9, 30)),
        ("14.15", time(14, 15)),
        ("2pm", time(14)),
        ("12am", time(0)),
        ("now", time(10, 20)),
    ],
)
def test_a_time_is_understood(typed: str, meant: time) -> None:
    assert day_text.read_time(typed, _NOW) == meant


@pytest.mark.parametrize("typed", ["", "25", "9:75", "noonish"])
def test_what_is_no_time_is_not_guessed(typed: str) -> None:
    assert day_text.read_time(typed, _NOW) is None


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.booleans(), st.sampled_from(["en", "sw"]))
def test_what_is_shown_can_be_typed_back(day: date, weekday: bool, language: str) -> None:
    i18n.set_language(language)
    assert day_text.read_day(day_text.show_day(day, weekday=weekday), _TODAY) == day


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_the_reading(typed: str) -> None:
    day_text.read_day(typed, _TODAY)
    day_text.read_time(typed, _NOW)


@given(st.times())
def test_a_time_that_is_shown_can_be_typed_back(moment: time) -> None:
    again = day_text.read_time(day_text.show_time(moment), _NOW)
    assert again == moment.replace(second=0, microsecond=0)
