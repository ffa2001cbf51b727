"""The life of a stay follows the shipped list of transitions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app.domain import codelists, stay_states
from shelter_app.domain.stay import IN_HOUSE_STATES

ORDINARY = [state for state in IN_HOUSE_STATES if not stay_states.is_away(state)]
KINDS = [row.code for row in codelists.code_list("absence_type").rows]


@given(st.sampled_from(ORDINARY), st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
def test_after_any_absences_the_state_is_the_one_held_before(state: str, kinds: list[str]) -> None:
    now, before = state, ""
    for kind in kinds:
        now, before = stay_states.on_leaving(now, before, kind)
    assert stay_states.on_return(now, before) == (state, "")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("hospital", "S75_hospital"),
        ("boarding_school", "S76_school"),
        ("court_stay", "S77_court_safe"),
        ("missing", "S70_missing"),
    ],
)
def test_an_absence_with_a_state_of_its_own_is_a_listed_move(kind: str, state: str) -> None:
    for ordinary in ORDINARY:
        assert stay_states.on_leaving(ordinary, "", kind) == (state, ordinary)
        assert stay_states.may_move(ordinary, state)
    assert stay_states.may_move(state, "PREVIOUS")


def test_a_family_visit_changes_no_state() -> None:
    assert stay_states.on_leaving("S40_stay", "", "family_visit") == ("S40_stay", "")


def test_the_ordinary_way_goes_step_by_step_to_preparation() -> None:
    way = ["S20_intake"]
    while following := stay_states.next_states(way[-1]):
        assert len(following) == 1
        way.append(following[0])
    assert way == ORDINARY


@pytest.mark.parametrize("state", ["S70_missing", "S75_hospital", "S55_aftercare"])
def test_somebody_away_takes_no_ordinary_step(state: str) -> None:
    if stay_states.is_away(state):
        assert stay_states.next_states(state) == ()
    assert "PREVIOUS" not in stay_states.next_states(state)


@pytest.mark.parametrize("row", codelists.code_list("exit_type").rows, ids=lambda row: row.code)
def test_every_way_of_leaving_ends_in_aftercare_or_closed(row: codelists.Code) -> None:
    state = stay_states.on_exit(row.code)
    if row.code == "deceased":
        assert state == "S90_deceased"
    elif row.more["aftercare"] == "n":
        assert state == "S60_closed"
    else:
        assert state == "S55_aftercare"


def test_unplanned_exits_are_those_of_the_list() -> None:
    assert stay_states.unplanned_exits() == {
        "ran_away",
        "removed_by_order",
        "transfer_hospital",
        "self_discharge",
        "asked_to_leave",
        "deceased",
    }
