"""Further survivors who have to be at a court date: each goes out herself and is accompanied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shelter_app.domain.fields import link, moment
from shelter_app.domain.record import Record
from shelter_app.i18n import N_, _


@dataclass(frozen=True, kw_only=True)
class CourtAttendance(Record):
    """One more survivor at a court date; shares its id with an `Appointment` of hers in the house.

    The date's own id stands for the survivor the case was opened for.
    """

    table: ClassVar[str] = "court_attendance"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "legal"
    title: ClassVar[str] = N_("Further survivor at a court date")
    guarded: ClassVar[bool] = True
    happened: ClassVar[str] = "starts_at"
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("court_event_id", "person_id"),)
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("person_id", "starts_at"),
        ("starts_at",),
        ("legal_case_id",),
    )

    person_id: int = link(N_("Survivor"), to="person", required=True, kept_by_program=True)
    legal_case_id: int = link(
        N_("Legal case"), to="legal_case", required=True, kept_by_program=True
    )
    court_event_id: int = link(
        N_("Court date"), to="court_event", required=True, kept_by_program=True
    )
    starts_at: datetime | None = moment(N_("When"), kept_by_program=True)

    def headline(self) -> str:
        """Return that she was in court in a case she shares."""
        return _("Court date in a shared case")
