"""Times in the house calendar without content: the house knows when, not why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shelter_app.domain import codelists
from shelter_app.domain.fields import choice, flag, link, moment, number, text
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_


@dataclass(frozen=True, kw_only=True)
class Appointment(Record):
    """A planned time; one that stands for a court event shares the court event's id."""

    table: ClassVar[str] = "appointment"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "house"
    title: ClassVar[str] = N_("Appointment")
    happened: ClassVar[str] = "starts_at"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("starts_at",), ("person_id", "starts_at"))

    person_id: int = link(N_("Person"), to="person")
    kind: str = choice(N_("Kind"), codes="appointment_kind", required=True, in_list=True)
    starts_at: datetime | None = moment(N_("When"), required=True, in_list=True)
    duration_min: int | None = number(
        N_("Length"), least=5, most=1440, default=60, required=True, unit=N_("min")
    )
    leave_house_at: datetime | None = moment(N_("Leaves the house"))
    person_goes: bool = flag(N_("She goes along"), default=True)
    staff_id: int = link(N_("With"), to="staff", in_list=True)
    room: str = text(N_("Where in the house"), longest=40)
    cancelled: bool = flag(N_("Cancelled"))

    def headline(self) -> str:
        """Return the kind of appointment."""
        return codelists.label("appointment_kind", self.kind)

    def problems(self) -> list[Problem]:
        """Add the check that leaving comes before the start."""
        found = super().problems()
        if self.leave_house_at and self.starts_at and self.leave_house_at > self.starts_at:
            found.append(Problem("leave_house_at", N_("This is after the start.")))
        return found
