"""Staff accounts by alias, and the house's own settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shelter_app.domain.access import refused_combination
from shelter_app.domain.fields import choices, day, flag, text
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_


@dataclass(frozen=True, kw_only=True)
class Staff(Record):
    """Somebody who works here, by the alias shown in the program; the key slot is theirs alone."""

    table: ClassVar[str] = "staff"
    compartment: ClassVar[str] = "office"
    level: ClassVar[str] = "open"
    title: ClassVar[str] = N_("Staff member")
    guarded: ClassVar[bool] = True
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("alias",),)

    alias: str = text(N_("Name shown in the program"), required=True, longest=40, in_list=True)
    roles: tuple[str, ...] = choices(N_("Roles"), codes="staff_role", required=True, in_list=True)
    slot_id: str = text(N_("Key slot"), longest=32, kept_by_program=True)
    started_on: date | None = day(N_("Started on"), in_list=True)
    ended_on: date | None = day(N_("Ended on"), in_list=True)
    locked: bool = flag(N_("Account closed"), kept_by_program=True)

    def headline(self) -> str:
        """Return the alias."""
        return self.alias

    def has_left(self, today: date) -> bool:
        """Say whether the last working day is over."""
        return self.ended_on is not None and self.ended_on < today

    def problems(self) -> list[Problem]:
        """Add the refused combination of roles (product.md: counselling with system keeping)."""
        found = super().problems()
        if refused_combination(frozenset(self.roles)):
            sentence = N_("Keeping the system cannot go together with managing or counselling.")
            found.append(Problem("roles", sentence))
        return found


@dataclass(frozen=True, kw_only=True)
class Setting(Record):
    """The house's own choices and letterhead; shown only inside."""

    table: ClassVar[str] = "setting"
    compartment: ClassVar[str] = "office"
    level: ClassVar[str] = "open"
    title: ClassVar[str] = N_("House settings")

    house_name: str = text(N_("Name of the house, shown only inside"), required=True, longest=80)
    report_header: str = text(N_("Neutral name on papers"), longest=120)
    letterhead_address: str = text(N_("Postal address on papers (PO Box)"), longest=200)
    letterhead_phone: str = text(N_("Office line on papers"), longest=40)
    location_words: str = text(
        N_("Words that give the place away"),
        longest=1000,
        help=N_("Street, estate, landmarks; separated by commas. Papers are scanned for them."),
    )
    sheet_r_place: str = text(
        N_("Where the envelope with sheet R is"), longest=200, kept_by_program=True
    )
    sheet_c_place: str = text(
        N_("Where the envelope with sheet C is"), longest=200, kept_by_program=True
    )
    demo: bool = flag(N_("Demo data"), kept_by_program=True)

    def letterhead(self) -> tuple[str, ...]:
        """Return the lines at the head of a paper; the name inside is never among them."""
        lines = (self.report_header, self.letterhead_address, self.letterhead_phone)
        return tuple(line for line in lines if line)
