"""A demo house of tens of thousands: its former residents multiplied, for `./dev bench`.

The house itself stays as full and as busy as it is. What is copied lies years back and is settled,
because no house has a thousand visits due today; it is the archive that grows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shelter_app import paths
from shelter_app.storage import multiply
from shelter_app.storage.multiply import Renewed, Settled, Wish
from shelter_app.storage.vault import Vault

MOST_THROUGH_SERVICES: Final = 2_000
FIRST_THROUGH_SERVICES: Final = 300
"""So many are made by the services themselves before the others are copied from them."""

_LEAST_DAYS: Final = 800
_MOST_DAYS: Final = 25 * 365
_OPEN_STAGES: Final = (
    "01_no_report",
    "02_reported",
    "03_statement",
    "04_medical_docs",
    "05_investigation",
    "06_suspect_identified",
    "07_arrested",
    "08_file_odpp",
    "09_charged",
    "10_pretrial",
    "11_hearing",
    "12_defence",
    "13_judgment",
    "14_sentence",
    "15_appeal",
    "23_stalled",
)
_SETTLED: Final = (
    Settled("stay", "state", ("S50_exited", "S55_aftercare"), "S60_closed"),
    Settled("legal_case", "stage", _OPEN_STAGES, "16_concluded"),
    Settled("legal_case", "concluded_on", (), "updated_at"),
    Settled("court_event", "outcome", ("unknown",), "proceeded"),
    Settled("police_contact", "promise_kept_on", (), "next_on"),
    Settled("counselling_session", "status", ("scheduled",), "done"),
    Settled("counselling_enrolment", "completed_on", (), "updated_at"),
    Settled("counselling_enrolment", "outcome", ("", "in_progress"), "exit_before_end"),
    Settled("absence", "returned_at", (), "expected_back"),
    Settled("plan_goal", "status", ("active", "draft"), "achieved"),
    Settled("plan_action", "status", ("todo", "doing", "blocked", "overdue"), "done"),
    Settled("followup_contact", "done_on", (), "due_on"),
    Settled("followup_contact", "result", ("not_attempted", "no_answer"), "reached"),
    Settled("document", "status", ("draft", "review", "approved"), "withdrawn"),
)
_RENEWED: Final = (
    Renewed("person", "person_no", "code"),
    Renewed("person", "serial", "serial"),
    Renewed("person", "display_alias", "name"),
    Renewed("alias", "alias", "name"),
    Renewed("sealed_identity", "true_first_name", "pool"),
    Renewed("sealed_identity", "true_other_names", "pool"),
    Renewed("sealed_identity", "phone_own", "phone"),
    Renewed("safe_contact_number", "contact_name", "name"),
    Renewed("safe_contact_number", "phone", "phone"),
    Renewed("legal_case", "ob_number", "number"),
    Renewed("legal_case", "court_case_no", "number"),
    Renewed("document", "doc_no", "paper"),
)
_LEFT_OUT: Final = frozenset({"bed_stay", "alert_snooze", "house_alert_snooze"})
"""Two people cannot have had one bed in one night, so the copies have no beds."""


def made_by_services(people: int) -> int:
    """Return how many of so many people the services themselves make."""
    return people if people <= MOST_THROUGH_SERVICES else FIRST_THROUGH_SERVICES


def grow(vault: Vault, people: int, progress: Callable[[float], None]) -> None:
    """Bring a house of people made by the services up to a number by copies."""
    missing = people - made_by_services(people)
    if missing <= 0:
        return
    names = paths.resource("wordlists", "working_names.txt").read_text(encoding="utf-8")
    wish = Wish(
        people=missing,
        names=tuple(line.strip().capitalize() for line in names.splitlines() if line.strip()),
        settled=_SETTLED,
        renewed=_RENEWED,
        left_out=_LEFT_OUT,
        least_days=_LEAST_DAYS,
        most_days=_MOST_DAYS,
    )
    multiply.multiply(vault, wish, progress)
