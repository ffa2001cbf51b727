"""How a stay moves from state to state: read from the transitions list, never typed in again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Final

from shelter_app import paths
from shelter_app.domain import codelists

ADMITTED: Final = "S20_intake"
PREPARING: Final = "S45_transition"
EXITED: Final = "S50_exited"
AFTERCARE: Final = "S55_aftercare"
CLOSED: Final = "S60_closed"
MISSING: Final = "S70_missing"
DECEASED: Final = "S90_deceased"

_AWAY_STATE: Final = {
    "hospital": "S75_hospital",
    "boarding_school": "S76_school",
    "court_stay": "S77_court_safe",
    "missing": MISSING,
}
"""Which kind of absence has a state of its own; a family visit or a camp keeps the state."""

MISSING_TYPE: Final = "missing"


@dataclass(frozen=True)
class Transition:
    """One allowed move: its states with groups written out, and its guard."""

    from_states: tuple[str, ...]
    to_state: str
    guard: str


@cache
def transitions() -> tuple[Transition, ...]:
    """Return every allowed move of the shipped list."""
    path = paths.resource("codelists", "case_transitions.json")
    raw = json.loads(path.read_text(encoding="utf-8"))
    groups = {name: tuple(states) for name, states in raw["groups"].items() if name == "IN_HOUSE"}
    groups["ANY"] = tuple(row.code for row in codelists.code_list("case_state").rows)
    return tuple(
        Transition(groups.get(row["from"], (row["from"],)), row["to"], row.get("guard", ""))
        for row in raw["values"]
    )


def may_move(from_state: str, to_state: str) -> bool:
    """Say whether the list allows a move."""
    return any(
        from_state in transition.from_states and transition.to_state == to_state
        for transition in transitions()
    )


def next_states(state: str) -> tuple[str, ...]:
    """Return the next steps of the ordinary way of a stay, without absences and exits."""
    found = [
        transition.to_state
        for transition in transitions()
        if transition.from_states == (state,) and transition.to_state < EXITED
    ]
    return () if is_away(state) else tuple(dict.fromkeys(found))


def is_away(state: str) -> bool:
    """Say whether a state stands for being away."""
    return state in _AWAY_STATE.values()


def on_leaving(state: str, state_before: str, absence_type: str) -> tuple[str, str]:
    """Return (state, state before) when somebody leaves for a while.

    Going missing from a hospital keeps the state held before the hospital.
    """
    wanted = _AWAY_STATE.get(absence_type, "")
    if not wanted:
        return state, state_before
    return wanted, state_before if is_away(state) else state


def on_return(state: str, state_before: str) -> tuple[str, str]:
    """Return (state, state before) when somebody is back: the state held before the absence."""
    if not is_away(state):
        return state, ""
    return state_before or ADMITTED, ""


def on_exit(exit_type: str) -> str:
    """Return the state after leaving; the exited state itself is passed through at once."""
    if exit_type == "deceased":
        return DECEASED
    return CLOSED if aftercare_of(exit_type) == "n" else AFTERCARE


def aftercare_of(exit_type: str) -> str:
    """Return 'y', 'partner' or 'n' for a way of leaving."""
    row = codelists.code_list("exit_type").row(exit_type)
    return str(row.more.get("aftercare", "n")) if row else "n"


@cache
def unplanned_exits() -> frozenset[str]:
    """Return the ways of leaving that need no preparation, from the list's own guard."""
    codes = {row.code for row in codelists.code_list("exit_type").rows}
    for transition in transitions():
        if transition.to_state == EXITED and len(transition.from_states) > 1:
            words = transition.guard.replace(",", " ").split()
            return frozenset(codes.intersection(words)) | {"deceased"}
    return frozenset()
