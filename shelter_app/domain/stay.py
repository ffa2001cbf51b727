"""Rooms, beds, stays and absences: who sleeps where, since when, on what basis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final

from shelter_app.domain import codelists
from shelter_app.domain.fields import answer, choice, day, flag, link, moment, number, text
from shelter_app.domain.record import NEEDED, Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _

IN_HOUSE_STATES: Final = (
    "S20_intake",
    "S25_emergency",
    "S30_assessment",
    "S35_care_plan",
    "S40_stay",
    "S45_transition",
    "S75_hospital",
    "S76_school",
    "S77_court_safe",
    "S70_missing",
)
"""States in which a stay is open (case_state list)."""


@dataclass(frozen=True, kw_only=True)
class Room(Record):
    """A room with the residents it is meant for."""

    table: ClassVar[str] = "room"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "house"
    title: ClassVar[str] = N_("Room")

    name: str = text(N_("Room"), required=True, longest=40, in_list=True)
    place_in_list: int | None = number(N_("Place in the list"), least=0, most=999)
    room_type: str = choice(N_("Kind of room"), codes="room_type", required=True, in_list=True)
    sex_allowed: str = choice(N_("For"), codes="sex", in_list=True)
    age_min: int | None = number(N_("From age"), least=0, most=99)
    age_max: int | None = number(N_("To age"), least=0, most=99)
    near_staff: bool = flag(N_("Near the staff room"))


@dataclass(frozen=True, kw_only=True)
class Bed(Record):
    """A bed or cot in a room; cots are not counted in the capacity."""

    table: ClassVar[str] = "bed"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "house"
    title: ClassVar[str] = N_("Bed")
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("room_id", "bed_no"),)

    room_id: int = link(N_("Room"), to="room", required=True)
    bed_no: str = text(N_("Bed"), required=True, longest=12, in_list=True)
    cot: bool = flag(N_("Cot"))
    out_of_service: bool = flag(N_("Out of service"))
    out_of_service_reason: str = text(N_("Why out of service"))


@dataclass(frozen=True, kw_only=True)
class Stay(Record):
    """One placement episode as the house sees it; why she is here stands in Placement."""

    table: ClassVar[str] = "stay"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "house"
    title: ClassVar[str] = N_("Stay")
    guarded: ClassVar[bool] = True
    happened: ClassVar[str] = "admitted_at"
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id", "stay_no"),)
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("person_id", "admitted_at"),
        ("exited_at", "case_manager"),
        ("state", "person_id"),
        ("case_manager",),
        ("counsellor",),
    )

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    stay_no: int = number(N_("Stay number"), least=1, default=1, kept_by_program=True)
    state: str = choice(N_("State"), codes="case_state", in_list=True, kept_by_program=True)
    state_before: str = choice(
        N_("State before being away"), codes="case_state", kept_by_program=True
    )
    admitted_at: datetime | None = moment(N_("Admitted"), required=True, future=False, in_list=True)
    case_manager: int = link(N_("Case worker"), to="staff", required=True, in_list=True)
    counsellor: int = link(N_("Counsellor"), to="staff")
    belongings_done: bool = flag(N_("Belongings listed"))
    house_rules_explained: bool = flag(N_("House rules explained"))
    exited_at: datetime | None = moment(
        N_("Left"), future=False, in_list=True, kept_by_program=True
    )

    def headline(self) -> str:
        """Return 'Admitted' or 'Stay ended'."""
        return _("Stay ended") if self.exited_at else _("Admitted")

    def problems(self) -> list[Problem]:
        """Add the check that nobody leaves before she came."""
        found = super().problems()
        if self.exited_at and self.admitted_at and self.exited_at < self.admitted_at:
            found.append(Problem("exited_at", N_("Leaving cannot be before admission.")))
        return found


@dataclass(frozen=True, kw_only=True)
class Placement(Record):
    """Why and on what basis a stay began and how it ended; shares the stay's id."""

    table: ClassVar[str] = "placement"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Placement")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",),)

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    admission_kind: str = choice(N_("Kind of admission"), codes="admission_kind", required=True)
    legal_basis: str = choice(N_("Legal basis"), codes="legal_basis")
    order_number: str = text(N_("Order number"), level="legal", longest=60)
    order_court: str = choice(N_("Court of the order"), codes="court_stations_ke", level="legal")
    order_expires_on: date | None = day(N_("Order expires on"), level="legal")
    brought_by: str = text(N_("Brought by"))
    admitted_by: int = link(N_("Admitted by"), to="staff")
    late_entry_reason: str = text(N_("Why recorded later"))
    provisional_exit_type: str = choice(N_("Planned way out"), codes="exit_type")
    target_exit_on: date | None = day(N_("Planned for"))
    exit_type: str = choice(N_("How she left"), codes="exit_type")
    exit_destination_country: str = choice(N_("Country"), codes="nationality")
    exit_destination_county: str = choice(N_("County"), codes="kenya_county")
    handed_to_type: str = choice(N_("Received by"), codes="relationship")
    exit_risk: str = choice(N_("Risk on leaving"), codes="risk_level")
    exit_approved_by: int = link(N_("Approved by"), to="staff")
    exit_override_reason: str = text(N_("Why now, although something is open"))
    children_officer_approved: bool | None = answer(N_("Children officer approved"))
    belongings_returned: bool | None = answer(N_("Belongings returned"))
    documents_given: bool | None = answer(N_("Documents given"))


@dataclass(frozen=True, kw_only=True)
class BedStay(Record):
    """The bed a stay has from one moment to another; the database refuses two in one bed."""

    table: ClassVar[str] = "bed_stay"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "house"
    title: ClassVar[str] = N_("Bed given")
    guarded: ClassVar[bool] = True
    happened: ClassVar[str] = "from_at"
    parent: ClassVar[str] = "stay_id"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("stay_id",), ("bed_id", "from_at"))

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    stay_id: int = link(N_("Stay"), to="stay", required=True)
    bed_id: int = link(N_("Bed"), to="bed", required=True)
    from_at: datetime | None = moment(N_("From"), required=True, future=False)
    to_at: datetime | None = moment(N_("Until"), future=False)

    def headline(self) -> str:
        """Return that a bed was given."""
        return _("Bed given")


@dataclass(frozen=True, kw_only=True)
class Absence(Record):
    """A night away with the place held or not."""

    table: ClassVar[str] = "absence"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "house"
    title: ClassVar[str] = N_("Absence")
    guarded: ClassVar[bool] = True
    happened: ClassVar[str] = "left_at"
    parent: ClassVar[str] = "stay_id"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("person_id",),
        ("stay_id",),
        ("returned_at",),
    )

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    stay_id: int = link(N_("Stay"), to="stay", required=True)
    type: str = choice(N_("Where"), codes="absence_type", required=True, in_list=True)
    left_at: datetime | None = moment(N_("Left"), required=True, future=False, in_list=True)
    expected_back: datetime | None = moment(N_("Expected back"), in_list=True)
    returned_at: datetime | None = moment(N_("Came back"), future=False, in_list=True)
    bed_held: bool = flag(N_("Place kept"), default=True)
    place_given_up_at: datetime | None = moment(
        N_("Place given up"), future=False, kept_by_program=True
    )
    authorised_by: int = link(N_("Agreed by"), to="staff", required=True)
    escort: str = text(N_("With whom"), longest=100)

    def headline(self) -> str:
        """Return where she slept."""
        return _("Slept away: {where}").format(where=codelists.label("absence_type", self.type))

    def problems(self) -> list[Problem]:
        """Add the checks that returning follows leaving and that only the missing have no day."""
        found = super().problems()
        if self.expected_back is None and self.type not in ("", "missing"):
            found.append(Problem("expected_back", NEEDED))
        for name in ("expected_back", "returned_at"):
            value = getattr(self, name)
            if value and self.left_at and value < self.left_at:
                found.append(Problem(name, N_("This is before she left.")))
        return found
