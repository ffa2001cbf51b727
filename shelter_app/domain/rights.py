"""Requests of the people the records are about: who asks, by when, what is answered and how.

A guardian may be the one she was brought to safety from. So nobody is answered before somebody
has written down that the requester was checked; refusing is a way of its own, with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from shelter_app.domain import codelists
from shelter_app.domain.fields import answer, choice, day, flag, link, long_text, text
from shelter_app.domain.record import NEEDED, Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _

OPEN: Final = "open"
SELF: Final = "self"
DECIDED: Final = ("granted", "part", "refused", "withdrawn")
_GRANTING: Final = ("granted", "part")
_WITH_REASON: Final = ("part", "refused")
_ON_PAPER: Final = ("access", "portability")

LEFT_OUT_TABLES: Final = frozenset(
    {
        "suspect",
        "suspect_photo",
        "police_contact",
        "counselling_note",
        "counselling_leaving",
        "after_accompaniment",
        "alert_snooze",
        "house_alert_snooze",
        "dsr",
        "two_person_decision",
        "erasure",
        "break_glass",
        "break_glass_seen",
        "covering",
    }
)
"""What a subject-access paper leaves out whole: other persons, an investigation, process notes.

Counselling notes are offered in a session by her counsellor, never posted (E.1.7).
"""
LEFT_OUT_FIELDS: Final = frozenset(
    {
        ("placement", "brought_by"),
        ("placement", "handed_to_type"),
        ("safe_contact_number", "contact_name"),
        ("safe_contact_number", "phone"),
        ("safe_contact_number", "address"),
        ("legal_case", "investigating_officer"),
        ("legal_case", "io_phone"),
        ("legal_case", "stall_reason"),
        ("legal_case", "settlement_offer"),
        ("legal_case", "prosecutor"),
        ("legal_case", "magistrate"),
        ("court_event", "notes"),
        ("court_event", "intermediary_name"),
        ("absence", "escort"),
        ("document", "content"),
        ("document", "redactions"),
        ("document", "findings_settled"),
        ("sealed_identity", "next_of_kin_true"),
        ("consent_giver_name", "giver_name"),
        ("whereabouts", "handed_to_name"),
        ("risk_assessment", "named_threat_id"),
    }
)
"""Single fields that name or endanger somebody else, or belong to the case strategy."""


@dataclass(frozen=True, kw_only=True)
class DataSubjectRequest(Record):
    """One request to see, correct, erase or carry away what is held about a person."""

    table: ClassVar[str] = "dsr"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Request about her data")
    guarded: ClassVar[bool] = True
    happened: ClassVar[str] = "received_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",), ("answered_on", "due_on"))

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    person_code: str = text(N_("Code of the person"), longest=20, in_list=True)
    received_on: date | None = day(N_("Received on"), required=True, future=False, in_list=True)
    type: str = choice(N_("What is asked"), codes="dsr_type", required=True, in_list=True)
    by: str = choice(N_("Who asks"), codes="dsr_requester", required=True, in_list=True)
    requester: str = text(N_("Name and contact of who asks"), longest=300)
    id_checked: bool = flag(N_("Identity of who asks was checked"))
    implicated: bool | None = answer(
        N_("Could who asks be connected with the harm?"),
        help=N_("A parent or guardian may be. Ask her alone, and her case worker."),
    )
    check_note: str = long_text(N_("How it was checked"), longest=1000)
    third_party_excluded: bool = flag(N_("What concerns other people was left out"))
    due_on: date | None = day(N_("To be answered by"), kept_by_program=True, in_list=True)
    decision: str = choice(
        N_("Answer"), codes="dsr_decision", default=OPEN, kept_by_program=True, in_list=True
    )
    reason: str = long_text(N_("What was done, or why not"), longest=2000, kept_by_program=True)
    answered_on: date | None = day(N_("Answered on"), kept_by_program=True)
    answered_by: int = link(N_("Answered by"), to="staff", kept_by_program=True)

    def headline(self) -> str:
        """Return what was asked."""
        return _("Request: {what}").format(what=codelists.label("dsr_type", self.type).lower())

    def problems(self) -> list[Problem]:
        """Add that an answer needs a day, and a refusal its reason."""
        found = super().problems()
        if self.decision in _WITH_REASON and not self.reason.strip():
            found.append(Problem("reason", NEEDED))
        if self.decision in DECIDED and self.answered_on is None:
            found.append(Problem("answered_on", NEEDED))
        return found

    def is_open(self) -> bool:
        """Say whether an answer is still owed."""
        return self.decision == OPEN

    def is_for_a_paper(self) -> bool:
        """Say whether what is asked is to see or carry away what is held."""
        return self.type in _ON_PAPER


def days_to_answer(kind: str) -> int:
    """Return the days the list gives for a request of this kind."""
    row = codelists.code_list("dsr_type").row(kind)
    return int(row.more.get("days", 7)) if row else 7


def due_on(kind: str, received_on: date) -> date:
    """Return by when a request has to be answered."""
    return received_on + timedelta(days=days_to_answer(kind))


def hindrance(request: DataSubjectRequest) -> str:
    """Return the sentence why this request may not be granted now, or ''."""
    if not request.id_checked:
        return N_("Please check first who asks, and write down how.")
    if request.implicated is None and request.by != SELF:
        return N_("Please write down first whether who asks could be connected with the harm.")
    if request.implicated:
        return N_(
            "Who asks may be connected with the harm. This request can only be refused; "
            "the reason is kept."
        )
    if not request.third_party_excluded and request.is_for_a_paper():
        return N_("Please confirm first that what concerns other people was left out.")
    return ""


def possible_answers(request: DataSubjectRequest) -> tuple[str, ...]:
    """Return the answers that may be given now: nothing is granted while something hinders it."""
    hindered = bool(hindrance(request))
    return tuple(code for code in DECIDED if not (hindered and code in _GRANTING))
