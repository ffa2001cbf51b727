"""Consent and other bases: one purpose, one recipient, revocable (DPA s.30, s.32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from shelter_app.domain import codelists
from shelter_app.domain.fields import choice, day, link, text
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _

IN_FORCE: Final = ("given", "partly")


@dataclass(frozen=True, kw_only=True)
class Consent(Record):
    """What she agreed to, who explained it, until when."""

    table: ClassVar[str] = "consent"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Consent")
    happened: ClassVar[str] = "given_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id", "type"), ("expires_on",))

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    type: str = choice(N_("For what"), codes="consent_type", required=True, in_list=True)
    status: str = choice(N_("Answer"), codes="consent_status", required=True, in_list=True)
    basis: str = choice(N_("Basis"), codes="consent_basis", required=True)
    giver: str = choice(N_("Given by"), codes="consent_giver", required=True)
    recipient_org: int = link(N_("For whom"), to="partner")
    limits: str = text(N_("Limits she set"), longest=500)
    explained_in: str = choice(N_("Explained in"), codes="language", required=True)
    explained_by: int = link(N_("Explained by"), to="staff", required=True)
    method: str = choice(N_("How"), codes="consent_method", required=True)
    given_on: date | None = day(N_("Date"), required=True, future=False, in_list=True)
    expires_on: date | None = day(N_("Ask again on"), required=True, in_list=True)
    withdrawn_on: date | None = day(N_("Withdrawn on"), future=False)
    guardian_not_sought_reason: str = text(N_("Why the guardian was not asked"), longest=500)

    def headline(self) -> str:
        """Return the answer and what it is about."""
        return _("{answer}: {purpose}").format(
            answer=codelists.label("consent_status", self.status),
            purpose=codelists.label("consent_type", self.type),
        )

    def in_force(self, on: date) -> bool:
        """Say whether the consent may be relied on that day."""
        expired = self.expires_on is not None and self.expires_on < on
        return self.status in IN_FORCE and not expired and self.withdrawn_on is None

    def problems(self) -> list[Problem]:
        """Add the checks that asking again and taking back follow the answer."""
        found = super().problems()
        for name in ("expires_on", "withdrawn_on"):
            value = getattr(self, name)
            if self.given_on and value and value < self.given_on:
                found.append(Problem(name, N_("This is before the answer was given.")))
        return found
