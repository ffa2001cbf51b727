"""What has to be looked at before somebody leaves (B.5); an open point asks for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shelter_app.domain.admission import is_child
from shelter_app.domain.stay_states import PREPARING, unplanned_exits
from shelter_app.i18n import N_

COURT_WITHIN: Final = timedelta(days=14)

_NOT_CHOSEN: Final = frozenset({"ran_away", "removed_by_order", "transfer_hospital", "deceased"})
"""Ways of leaving that the house does not decide: what is open is not a question then."""

NO_APPROVAL: Final = N_("The children officer or the court has not approved this yet.")
COURT_SOON: Final = N_("There is a court date within 14 days and nobody is named to go along.")
CRITICAL_RISK: Final = N_("The risk is critical at this moment.")
NO_SAFE_CONTACT: Final = N_("There is no safe-contact card yet: how may we reach her?")
NOT_PREPARED: Final = N_("The time of preparation before leaving was not recorded.")
ADULT_ONLY: Final = N_("Only an adult can decide alone to leave.")


@dataclass(frozen=True)
class Concern:
    """One point that is open; `needs_reason` says whether leaving now needs a written reason."""

    sentence: str
    needs_reason: bool


@dataclass(frozen=True)
class ExitFacts:
    """What the rules about leaving look at."""

    exit_type: str
    age_band: str
    approved: bool | None
    risk_level: str
    exit_risk: str
    court_date_without_companion: bool
    has_safe_contact: bool
    aftercare: str
    state_unprepared: bool = False


def concerns(facts: ExitFacts) -> tuple[Concern, ...]:
    """Return what is open, most serious first."""
    found = []
    if facts.exit_type not in _NOT_CHOSEN:
        if is_child(facts.age_band) and facts.exit_type == "self_discharge":
            found.append(Concern(ADULT_ONLY, needs_reason=True))
        elif is_child(facts.age_band) and facts.approved is not True:
            found.append(Concern(NO_APPROVAL, needs_reason=True))
        if "critical" in (facts.risk_level, facts.exit_risk):
            found.append(Concern(CRITICAL_RISK, needs_reason=True))
        if facts.court_date_without_companion:
            found.append(Concern(COURT_SOON, needs_reason=True))
        if facts.state_unprepared:
            found.append(Concern(NOT_PREPARED, needs_reason=False))
    if facts.aftercare == "y" and not facts.has_safe_contact:
        found.append(Concern(NO_SAFE_CONTACT, needs_reason=False))
    return tuple(found)


def is_unprepared(state: str, exit_type: str) -> bool:
    """Say whether a planned way of leaving comes without its time of preparation."""
    return exit_type not in unplanned_exits() and state != PREPARING
