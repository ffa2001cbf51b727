"""Others whose matter a case is too: one case may be about several survivors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shelter_app.domain.fields import day, link, text
from shelter_app.domain.record import Record
from shelter_app.i18n import N_


@dataclass(frozen=True, kw_only=True)
class CaseSurvivor(Record):
    """A further survivor of a legal case, beside the one it was opened for."""

    table: ClassVar[str] = "case_survivor"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "legal"
    title: ClassVar[str] = N_("Survivor in a case")
    guarded: ClassVar[bool] = True
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("legal_case_id", "person_id"),)
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",),)

    person_id: int = link(N_("Survivor"), to="person", required=True)
    legal_case_id: int = link(
        N_("Legal case"), to="legal_case", required=True, kept_by_program=True
    )
    joined_on: date | None = day(N_("Since"), required=True, future=False)
    named_as: str = text(N_("Named in court as"), longest=60)
