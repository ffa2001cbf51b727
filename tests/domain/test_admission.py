"""What an admission and an exit point out, and the few things they insist on."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest

from shelter_app.domain import admission, exits
from shelter_app.domain.stay import Room

GIRLS = Room(name="Acacia", room_type="dorm", sex_allowed="F", age_min=10, age_max=17)


@pytest.mark.parametrize(
    ("sex", "band", "hints"),
    [
        ("F", "14-15", ()),
        ("U", "", ()),
        ("M", "14-15", (admission.OTHER_SEX,)),
        ("F", "under10", (admission.TOO_YOUNG,)),
        ("F", "25plus", (admission.TOO_OLD,)),
        ("M", "18-24", (admission.OTHER_SEX, admission.TOO_OLD)),
    ],
)
def test_a_room_that_does_not_fit_is_pointed_out(
    sex: str, band: str, hints: tuple[str, ...]
) -> None:
    assert admission.room_hints(GIRLS, sex, band) == hints


def test_a_child_needs_a_basis_that_is_not_her_own_consent() -> None:
    assert not admission.has_basis("14-15", "")
    assert not admission.has_basis("14-15", "adult_consent")
    assert admission.has_basis("14-15", "interim_order")
    assert admission.has_basis("18-24", "")


def test_adults_and_children_together_are_pointed_out_except_with_babies() -> None:
    assert admission.mixes_ages("dorm", "14-15", ("25plus",))
    assert not admission.mixes_ages("mother_baby", "under10", ("18-24",))
    assert not admission.mixes_ages("dorm", "14-15", ("16-17", ""))


def test_only_after_a_day_does_a_late_entry_ask_why() -> None:
    now = datetime(2026, 3, 2, 12)
    assert not admission.needs_late_reason(now - timedelta(hours=24), now)
    assert admission.needs_late_reason(now - timedelta(hours=24, minutes=1), now)


QUIET = exits.ExitFacts(
    exit_type="kinship",
    age_band="14-15",
    approved=True,
    risk_level="low",
    exit_risk="low",
    court_date_without_companion=False,
    has_safe_contact=True,
    aftercare="y",
)


def sentences(**changes: object) -> list[str]:
    facts = dataclasses.replace(QUIET, **changes)  # type: ignore[arg-type]
    return [found.sentence for found in exits.concerns(facts)]


def test_nothing_is_open_when_everything_was_settled() -> None:
    assert sentences() == []


def test_a_childs_exit_wants_the_children_officers_approval() -> None:
    assert sentences(approved=None) == [exits.NO_APPROVAL]
    assert sentences(approved=None, age_band="18-24") == []
    assert sentences(exit_type="self_discharge") == [exits.ADULT_ONLY]


def test_court_and_critical_risk_are_looked_at() -> None:
    assert sentences(court_date_without_companion=True) == [exits.COURT_SOON]
    assert sentences(risk_level="critical") == [exits.CRITICAL_RISK]
    assert sentences(exit_risk="critical") == [exits.CRITICAL_RISK]


def test_what_the_house_does_not_decide_asks_nothing() -> None:
    assert sentences(exit_type="ran_away", approved=None, risk_level="critical") == []


def test_a_missing_card_is_a_hint_only() -> None:
    found = exits.concerns(dataclasses.replace(QUIET, has_safe_contact=False))
    assert [(concern.sentence, concern.needs_reason) for concern in found] == [
        (exits.NO_SAFE_CONTACT, False)
    ]
