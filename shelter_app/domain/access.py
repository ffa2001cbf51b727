"""Who may do what: compartments by role, levels by role, and the two refused combinations.

Source: role matrix of the domain specification, section C; compartments: vault design, first table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final

from shelter_app.domain import codelists
from shelter_app.domain.fields import Field, fields_of
from shelter_app.domain.record import Record

COMPARTMENTS: Final = ("office", "house", "cases", "counselling", "identity")
"""The five files of a vault; 'office' is the main one, held by everybody who signs in."""

_CASE_WORK: Final = frozenset({"office", "house", "cases", "identity"})
ROLE_COMPARTMENTS: Final[dict[str, frozenset[str]]] = {
    "manager": _CASE_WORK,
    "social_worker": _CASE_WORK,
    "legal_officer": _CASE_WORK,
    "nurse": _CASE_WORK,
    "counsellor": frozenset({"office", "house", "cases", "counselling"}),
    "clinical_supervisor": frozenset({"office", "counselling"}),
    "house_mother": frozenset({"office", "house"}),
    "me_officer": frozenset({"office", "cases"}),
    "dpo": frozenset({"office", "cases"}),
    "livelihood_officer": frozenset({"office", "house", "cases"}),
    "outreach_officer": frozenset({"office", "house", "cases"}),
    "sysadmin": frozenset({"office"}),
}
"""Which role's slot holds the key of which compartment."""

_OWN_WORK: Final[dict[str, frozenset[str]]] = {
    "counsellor": frozenset(
        {"counselling_enrolment", "counselling_session", "appointment", "house_alert_snooze"}
        | {"alert_snooze", "counselling_result"}
    ),
    "legal_officer": frozenset(
        {"appointment", "accompaniment", "document", "house_alert_snooze", "alert_snooze"}
    ),
    "nurse": frozenset({"alert_snooze"}),
    "manager": frozenset({"break_glass", "break_glass_seen"}),
    "dpo": frozenset(
        {"break_glass", "break_glass_seen", "dsr", "breach", "two_person_decision", "erasure"}
    ),
}
"""What a role writes as its own work although the matrix gives the level to read only."""

COUNSELLORS: Final = ("counsellor", "clinical_supervisor")
"""The roles whose keys open the counselling part."""

_NEEDED_ONLY: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("counsellor", "casework"): frozenset(
        {
            "person_background",
            "consent",
            "risk_assessment",
            "care_plan",
            "plan_goal",
            "plan_action",
            "plan_review",
            "safe_contact",
        }
    ),
    ("nurse", "casework"): frozenset({"person_background", "consent", "risk_assessment"}),
    ("manager", "health"): frozenset({"person_background"}),
    ("social_worker", "health"): frozenset({"person_background"}),
}
"""The matrix's 'r*' and 'a*': the record types a role needs at a level it otherwise does not see.

Livelihood and outreach officers need none of those there are: their groups, loans and courses
are record types of their own.
"""


class Action(Enum):
    """What somebody wants to do with a record type."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True)
class Actor:
    """The signed-in worker: staff id, key slot, roles, and the compartments the slot opens."""

    staff_id: int
    slot_id: str
    alias: str
    roles: frozenset[str]
    compartments: frozenset[str]
    covers: frozenset[int] = frozenset()
    """Colleagues whose caseload this worker holds today."""

    def is_one_of(self, *staff_ids: int) -> bool:
        """Say whether one of these is the actor or a colleague the actor stands in for."""
        return self.staff_id in staff_ids or not self.covers.isdisjoint(staff_ids)

    def has_role(self, *roles: str) -> bool:
        """Say whether one of the roles is held."""
        return not self.roles.isdisjoint(roles)


def compartments_of(roles: frozenset[str]) -> frozenset[str]:
    """Return the compartments whose keys these roles hold together."""
    held = frozenset({"office"})
    for role in roles:
        held |= ROLE_COMPARTMENTS[role]
    return held


def refused_combination(roles: frozenset[str]) -> bool:
    """Counselling content (or managing) and system keeping are never in one hand."""
    return "sysadmin" in roles and not roles.isdisjoint({*COUNSELLORS, "manager"})


@cache
def _matrix() -> dict[str, dict[str, str]]:
    return {row.code: dict(row.more) for row in codelists.code_list("role_matrix").rows}


def _entry_allows(entry: str, action: Action, *, assigned: bool, opened: bool) -> bool:
    if entry == "w":
        return True
    if entry == "a":
        return assigned
    if entry == "bg":
        return opened
    return entry == "r" and action is Action.READ


def may_level(
    roles: frozenset[str],
    action: Action,
    level: str,
    table: str,
    *,
    assigned: bool,
    opened: bool = False,
) -> bool:
    """Say whether any of the roles reaches a level of a record type (`table` is its name).

    `opened` means that a reason was typed for this person and its hour has not run out.
    """
    for role in roles:
        own = _OWN_WORK.get(role, frozenset())
        if table in own:
            return True
        entry = _matrix()[level].get(role, "n")
        if entry.endswith("*"):
            needed = table in _NEEDED_ONLY.get((role, level), frozenset())
            if needed and _entry_allows(entry[:-1], action, assigned=assigned, opened=opened):
                return True
        elif _entry_allows(entry, action, assigned=assigned, opened=opened):
            return True
    return False


def may(
    actor: Actor,
    action: Action,
    record_type: type[Record],
    *,
    assigned: bool = True,
    opened: bool = False,
) -> bool:
    """Say whether the actor reaches a record type: by key first, then by level."""
    if record_type.compartment not in actor.compartments:
        return False
    return may_level(
        actor.roles,
        action,
        record_type.level,
        record_type.table,
        assigned=assigned,
        opened=opened,
    )


def may_break(actor: Actor, record_type: type[Record]) -> bool:
    """Say whether a typed reason would open this record type to the actor (break-glass)."""
    closed = may(actor, Action.READ, record_type, assigned=True)
    return not closed and may(actor, Action.READ, record_type, assigned=True, opened=True)


def readable_fields(
    actor: Actor, record_type: type[Record], *, assigned: bool = True, opened: bool = False
) -> tuple[Field, ...]:
    """Return the fields the actor may see; the others are as if they did not exist."""
    if record_type.compartment not in actor.compartments:
        return ()
    return tuple(
        field
        for field in fields_of(record_type)
        if may_level(
            actor.roles,
            Action.READ,
            field.level,
            record_type.table,
            assigned=assigned,
            opened=opened,
        )
    )
