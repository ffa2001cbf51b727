"""Closing a file: why it ends, what she said, and who looked at it before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shelter_app.domain import codelists
from shelter_app.domain.fields import answer, choice, choices, day, link, long_text
from shelter_app.domain.record import Record
from shelter_app.i18n import N_, _


@dataclass(frozen=True, kw_only=True)
class Closure(Record):
    """The end of the work with somebody after a stay; shares the stay's id."""

    table: ClassVar[str] = "closure"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Closing the file")
    guarded: ClassVar[bool] = True
    happened: ClassVar[str] = "closed_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",),)

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    closed_on: date | None = day(N_("Closed on"), required=True, future=False, in_list=True)
    reason: str = choice(N_("Why"), codes="closure_reason", required=True, in_list=True)
    checklist: tuple[str, ...] = choices(
        N_("Done before closing"),
        codes="closure_checklist",
        help=N_("What is left open here stays on record as not done."),
    )
    survivor_feedback: str = long_text(N_("What she said about her time with us"), longest=2000)
    caregiver_feedback: str = long_text(N_("What her family or carers said"), longest=2000)
    children_officer_approved: bool | None = answer(N_("Children officer agreed to closing"))
    approved_by: int = link(N_("Closed by"), to="staff", kept_by_program=True)

    def headline(self) -> str:
        """Return that the file was closed and why."""
        why = codelists.label("closure_reason", self.reason).lower()
        return _("File closed: {why}").format(why=why)
