"""After leaving: the safe-contact card and the contacts that follow the schedule (B.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from shelter_app.domain import codelists
from shelter_app.domain.fields import (
    answer,
    choice,
    choices,
    day,
    link,
    number,
    phone,
    structure,
    text,
)
from shelter_app.domain.record import Record
from shelter_app.i18n import N_, _

REACHED: Final = ("reached", "reached_caregiver")
NOT_YET: Final = "not_attempted"


@dataclass(frozen=True, kw_only=True)
class SafeContact(Record):
    """How she may be contacted without putting her in danger; shares the person's id."""

    table: ClassVar[str] = "safe_contact"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Safe-contact card")

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    through: str = choice(N_("Through whom"), codes="relationship")
    channel: str = choice(N_("How"), codes="contact_channel", required=True)
    hours: str = text(N_("Safe hours"), required=True, longest=100)
    cover_topic: str = text(N_("If somebody else answers, we are calling about"), longest=200)
    never_say: str = text(N_("Never say or do"), longest=300)
    agreed_on: date | None = day(N_("Agreed with her on"), required=True, future=False)
    no_contact: bool | None = answer(N_("She asked for no contact"))


@dataclass(frozen=True, kw_only=True)
class SafeContactNumber(Record):
    """The number and place behind the card, with the identity key only; shares the person's id."""

    table: ClassVar[str] = "safe_contact_number"
    compartment: ClassVar[str] = "identity"
    level: ClassVar[str] = "sealed"
    title: ClassVar[str] = N_("Safe contact, number and place")
    guarded: ClassVar[bool] = True

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    contact_name: str = text(N_("Ask for"), longest=100, search="name")
    phone: str = phone(N_("Number"), search="phone")
    address: str = text(N_("Where"), longest=500)


@dataclass(frozen=True, kw_only=True)
class FollowupContact(Record):
    """One contact due or made after leaving (milestones of the schedule, or her own call)."""

    table: ClassVar[str] = "followup_contact"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Aftercare contact")
    happened: ClassVar[str] = "done_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("person_id", "due_on"),
        ("stay_id",),
        ("done_on", "due_on", "milestone", "person_id"),
    )

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    stay_id: int = link(N_("Stay"), to="stay", kept_by_program=True)
    milestone: str = choice(
        N_("Milestone"), codes="followup_milestone", default="adhoc", in_list=True
    )
    due_on: date | None = day(N_("Due on"), required=True, in_list=True)
    done_on: date | None = day(N_("Made on"), future=False, in_list=True)
    type: str = choice(N_("How"), codes="followup_type", in_list=True)
    by: int = link(N_("By"), to="staff")
    result: str = choice(N_("Result"), codes="followup_result", default=NOT_YET, in_list=True)
    attempts: int = number(N_("Attempts"), least=0, most=50, default=0, kept_by_program=True)
    attempt_log: str = structure(N_("Attempts so far"), kept_by_program=True)
    safe_to_talk: bool | None = answer(N_("Safe to talk"))
    housing_ok: bool | None = answer(N_("Housing is all right"))
    income_ok: bool | None = answer(N_("Income is enough"))
    school_or_work: bool | None = answer(N_("In school or work"))
    feels_safe: int | None = number(N_("How safe she feels (0-4)"), least=0, most=4)
    reexploitation: str = choice(
        N_("Signs of new exploitation"), codes="reexploitation_status", default="unknown"
    )
    needs: tuple[str, ...] = choices(N_("Needs"), codes="service_type")
    action: str = text(N_("What we agreed"), longest=1000)
    next_due: date | None = day(N_("Next contact"))

    def headline(self) -> str:
        """Return the milestone and the result."""
        return _("{milestone}: {result}").format(
            milestone=codelists.label("followup_milestone", self.milestone),
            result=codelists.label("followup_result", self.result).lower(),
        )
