"""How going to court was for her: what she said afterwards, closed to all but counsellors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shelter_app.domain.fields import day, link, long_text
from shelter_app.domain.record import Record
from shelter_app.i18n import N_, _


@dataclass(frozen=True, kw_only=True)
class AfterAccompaniment(Record):
    """What she said of an outing, out of reach of the house; shares the accompaniment's id."""

    table: ClassVar[str] = "after_accompaniment"
    compartment: ClassVar[str] = "counselling"
    level: ClassVar[str] = "counselling"
    title: ClassVar[str] = N_("How it went for her")
    guarded: ClassVar[bool] = True
    happened: ClassVar[str] = "told_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id", "told_on"),)

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    told_on: date | None = day(N_("Told on"), required=True, future=False)
    heard_by: int = link(N_("Told to"), to="staff", kept_by_program=True)
    survivor_how: str = long_text(
        N_("How it went for her"),
        required=True,
        longest=2000,
        help=N_("In her words: how she is, what helped. Nothing of the facts of the case."),
    )

    def headline(self) -> str:
        """Return that she was asked; what she said is never a headline."""
        return _("Asked how it went outside")
