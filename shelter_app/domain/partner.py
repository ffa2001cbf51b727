"""Partner organisations: the directory everybody may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shelter_app.domain.fields import choice, choices, day, flag, long_text, phone, text
from shelter_app.domain.record import Record
from shelter_app.i18n import N_


@dataclass(frozen=True, kw_only=True)
class Partner(Record):
    """An organisation we refer to, hear from or write to."""

    table: ClassVar[str] = "partner"
    compartment: ClassVar[str] = "office"
    level: ClassVar[str] = "open"
    title: ClassVar[str] = N_("Partner")

    name: str = text(N_("Name"), required=True, longest=120, in_list=True, search="name")
    type: str = choice(N_("Kind"), codes="partner_type", required=True, in_list=True)
    county: str = choice(N_("County"), codes="kenya_county", in_list=True)
    contact_name: str = text(N_("Contact person"), longest=100, level="casework")
    contact_phone: str = phone(N_("Contact person's phone"), level="casework")
    phone: str = phone(N_("Phone"), in_list=True, search="phone")
    hours: str = text(N_("Hours"), longest=100)
    services: tuple[str, ...] = choices(N_("Services"), codes="service_type")
    agreement: str = choice(N_("Agreement"), codes="agreement_status")
    agreement_until: date | None = day(N_("Agreement until"))
    safe_for: str = text(N_("Safe for"))
    service_users_note: str = long_text(
        N_("What residents say of them"),
        longest=1000,
        level="casework",
        help=N_("How people were received there. No names, nothing that points at one of them."),
    )
    active: bool = flag(N_("We work with them"), default=True)

    def headline(self) -> str:
        """Return the organisation's name."""
        return self.name
