"""How long files are kept: the later of what applies, and never by guess."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app.domain import codelists, retention
from shelter_app.domain.retention import Closed

LEFT = date(2019, 3, 1)
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


def _due(**said: object) -> date:
    found = retention.due(Closed(closed_on=LEFT, admitted=True, **said))  # type: ignore[arg-type]
    assert found is not None
    return found.on


def test_an_adults_file_is_due_seven_years_after_closing() -> None:
    assert _due(birth_date=date(1990, 5, 5)) == date(2026, 3, 1)


def test_a_childs_file_waits_for_her_25th_birthday_when_that_is_later() -> None:
    assert _due(birth_date=date(2005, 6, 7)) == date(2030, 6, 7)
    assert _due(birth_date=date(2001, 3, 2)) == date(2026, 3, 2)


def test_without_a_birthday_the_youngest_age_of_the_band_counts() -> None:
    assert _due(age_band="10-13") == date(2034, 3, 1)
    assert _due(age_band="18-24") == date(2026, 3, 1)


def test_a_later_judgment_keeps_the_file_longer() -> None:
    found = retention.due(
        Closed(
            closed_on=LEFT,
            admitted=True,
            birth_date=date(1990, 1, 1),
            concluded_on=date(2024, 2, 29),
        )
    )
    assert found == retention.Due(date(2031, 3, 1), "legal_file")


def test_whoever_was_not_admitted_is_due_after_a_year() -> None:
    found = retention.due(Closed(closed_on=LEFT, admitted=False))
    assert found == retention.Due(date(2020, 3, 1), "helpline_not_admitted")


def test_a_file_marked_to_be_held_is_never_due() -> None:
    assert retention.due(Closed(closed_on=LEFT, admitted=True, chosen="legal_hold")) is None


@given(DAYS, st.none() | DAYS, st.sampled_from(["", "under10", "16-17", "25plus"]))
def test_no_file_is_due_before_its_class_allows(left: date, birth: date | None, band: str) -> None:
    found = retention.due(Closed(closed_on=left, admitted=True, birth_date=birth, age_band=band))
    assert found is not None
    assert found.on >= left + timedelta(days=7 * 365)


@pytest.mark.parametrize("row", codelists.code_list("retention_class").rows, ids=lambda r: r.code)
def test_every_class_says_what_it_rests_on_and_waits_for_counsel(row: codelists.Code) -> None:
    assert row.more["basis"]
    assert row.more["status"] in ("confirm", "in_force")
    assert row.more["begins"]


def test_backups_hold_her_for_thirteen_months_at_most() -> None:
    assert retention.backups_until(date(2026, 11, 22)) == date(2027, 12, 1)
    assert retention.backups_until(date(2026, 12, 31)) == date(2028, 1, 1)
