"""Police and court: the case, the accused, the charges, contacts, hearings and who goes along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.domain.fields import (
    answer,
    choice,
    choices,
    day,
    flag,
    link,
    long_text,
    moment,
    money,
    number,
    phone,
    text,
)
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _

NOT_RECORDED: Final = "unknown"
BEFORE_ARREST: Final = (
    "02_reported",
    "03_statement",
    "04_medical_docs",
    "05_investigation",
    "06_suspect_identified",
)
"""Stages in which the police have the next step (DL20)."""
CONCLUDED: Final = ("16_concluded", "20_withdrawn", "21_nolle", "22_dismissed")
CONVICTED: Final = ("convicted", "convicted_lesser", "plea_agreement", "child_offender")
"""Verdicts after which a sentence can be recorded."""
OWN_STAFF: Final = ("social_worker", "legal_officer", "counsellor", "house_mother")
"""Companions who are staff of the house, so that the name matters for the roster."""


@dataclass(frozen=True, kw_only=True)
class LegalCase(Record):
    """One matter of one person: criminal, care and protection, or other."""

    table: ClassVar[str] = "legal_case"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "legal"
    title: ClassVar[str] = N_("Legal case")
    happened: ClassVar[str] = "opened_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("person_id",),
        ("concluded_on", "ob_date"),
        ("concluded_on", "stage"),
        ("lead_staff",),
    )

    person_id: int = link(N_("Survivor"), to="person", required=True, kept_by_program=True)
    case_type: str = choice(
        N_("Kind of matter"), codes="legal_case_type", required=True, in_list=True
    )
    short_title: str = text(
        N_("Neutral title"), required=True, longest=80, in_list=True, help=N_("e.g. Court matter A")
    )
    stage: str = choice(N_("Stage"), codes="legal_case_stage", required=True, in_list=True)
    stage_when_joined: str = choice(N_("Stage when our support began"), codes="legal_case_stage")
    ob_number: str = text(N_("OB number"), longest=60, in_list=True, search="code")
    ob_date: date | None = day(N_("Reported on"), future=False, in_list=True)
    police_station: str = text(N_("Police station"), longest=100)
    police_unit: str = choice(N_("Police unit"), codes="police_unit")
    investigating_officer: str = text(N_("Investigating officer"), longest=100)
    io_phone: str = phone(N_("Officer's phone"))
    court_station: str = choice(N_("Court"), codes="court_stations_ke", in_list=True)
    court_room: str = text(N_("Court room"), longest=40)
    court_case_no: str = text(N_("Case number"), longest=80, in_list=True, search="code")
    magistrate: str = text(N_("Magistrate"), longest=100)
    prosecutor: str = text(N_("Prosecutor"), longest=100)
    watching_brief: int = link(N_("Watching brief"), to="partner")
    lead_staff: int = link(N_("Court officer"), to="staff", required=True)
    stall_reason: tuple[str, ...] = choices(N_("Why it stands still"), codes="stall_reason")
    settlement_offer: bool = flag(N_("Settlement out of court was offered"))
    opened_on: date | None = day(N_("Opened on"), required=True, future=False)
    concluded_on: date | None = day(N_("Concluded on"), future=False)

    def headline(self) -> str:
        """Return the neutral title."""
        return self.short_title

    def problems(self) -> list[Problem]:
        """Add the check that a matter does not end before it began."""
        found = super().problems()
        if self.opened_on and self.concluded_on and self.concluded_on < self.opened_on:
            found.append(Problem("concluded_on", N_("It cannot end before it was opened.")))
        if self.concluded_on and self.stage not in CONCLUDED:
            found.append(Problem("stage", N_("Choose how the matter ended.")))
        return found

    def is_open(self) -> bool:
        """Say whether the matter still goes on."""
        return self.concluded_on is None


@dataclass(frozen=True, kw_only=True)
class Suspect(Record):
    """The least we need to know of a suspected or accused person; expires if never charged."""

    table: ClassVar[str] = "suspect"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "legal"
    title: ClassVar[str] = N_("Suspect or accused")
    parent: ClassVar[str] = "legal_case_id"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("legal_case_id",),
        ("person_id",),
        ("retain_until",),
    )

    person_id: int = link(N_("Survivor"), to="person", kept_by_program=True)
    legal_case_id: int = link(N_("Legal case"), to="legal_case", required=True)
    accused_no: int = number(
        N_("Number"), least=1, most=99, default=1, kept_by_program=True, in_list=True
    )
    name: str = text(N_("Name"), longest=100)
    known_as: str = text(N_("Known as"), longest=100)
    sex: str = choice(N_("Sex"), codes="sex")
    age_estimate: int | None = number(N_("Age, about"), least=8, most=110)
    nationality: str = choice(N_("Nationality"), codes="nationality")
    relationship: str = choice(
        N_("Relationship to her"), codes="perpetrator_relationship", required=True
    )
    role: tuple[str, ...] = choices(N_("Role"), codes="perpetrator_role")
    influence_note: str = text(N_("Influence she should be protected from"), longest=500)
    status: str = choice(N_("Status"), codes="accused_status", required=True, in_list=True)
    arrested_on: date | None = day(N_("Arrested on"), future=False, in_list=True)
    bail_on: date | None = day(N_("Bail on"), future=False)
    bail_conditions: str = text(N_("Bail conditions"), longest=500)
    threat_level: str = choice(N_("Threat to her"), codes="risk_level")
    retain_until: date | None = day(N_("Keep until"), kept_by_program=True)

    def headline(self) -> str:
        """Return the number of the accused and the status, never the name."""
        return _("Accused {number}: {status}").format(
            number=self.accused_no, status=codelists.label("accused_status", self.status).lower()
        )

    def problems(self) -> list[Problem]:
        """Add the check that bail follows the arrest."""
        found = super().problems()
        if self.arrested_on and self.bail_on and self.bail_on < self.arrested_on:
            found.append(Problem("bail_on", N_("This is before the arrest.")))
        return found


@dataclass(frozen=True, kw_only=True)
class Charge(Record):
    """One count on the charge sheet; the typed text always wins over the list."""

    table: ClassVar[str] = "charge"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "legal"
    title: ClassVar[str] = N_("Charge")
    parent: ClassVar[str] = "legal_case_id"
    happened: ClassVar[str] = "plea_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("legal_case_id",),
        ("person_id",),
        ("suspect_id",),
    )

    person_id: int = link(N_("Survivor"), to="person", kept_by_program=True)
    legal_case_id: int = link(N_("Legal case"), to="legal_case", required=True)
    suspect_id: int = link(N_("Accused"), to="suspect", required=True)
    count_no: int | None = number(
        N_("Count"), least=1, most=99, default=1, required=True, in_list=True
    )
    charge_code: str = choice(N_("Section"), codes="charges_ke", in_list=True)
    charge_text: str = long_text(
        N_("As on the charge sheet"),
        required=True,
        longest=1000,
        in_list=True,
        help=N_("What the charge sheet says always wins over the list."),
    )
    alternative: bool = flag(N_("Alternative count"))
    plea: str = choice(N_("Plea"), codes="plea", in_list=True)
    plea_on: date | None = day(N_("Plea taken on"), future=False)
    verdict: str = choice(N_("Verdict"), codes="verdict", in_list=True)
    verdict_on: date | None = day(N_("Verdict on"), future=False)
    sentence_type: str = choice(N_("Sentence"), codes="sentence_type")
    sentence_on: date | None = day(N_("Sentenced on"), future=False)
    sentence_years: int | None = number(N_("Years"), least=0, most=200)
    sentence_note: str = text(N_("Sentence, details"), longest=500)
    appeal_filed: bool = flag(N_("Appeal filed"))

    def headline(self) -> str:
        """Return count and plea."""
        if self.verdict:
            return _("Count {number}: {result}").format(
                number=self.count_no, result=codelists.label("verdict", self.verdict).lower()
            )
        return _("Count {number}: {result}").format(
            number=self.count_no, result=codelists.label("plea", self.plea or "not_taken").lower()
        )

    def problems(self) -> list[Problem]:
        """Add the order of plea, verdict and sentence."""
        found = super().problems()
        if self.plea_on and self.verdict_on and self.verdict_on < self.plea_on:
            found.append(Problem("verdict_on", N_("This is before the plea.")))
        if self.sentence_type not in ("", "none") and self.verdict not in CONVICTED:
            found.append(Problem("sentence_type", N_("A sentence follows a conviction.")))
        if self.verdict_on and self.sentence_on and self.sentence_on < self.verdict_on:
            found.append(Problem("sentence_on", N_("This is before the verdict.")))
        return found


@dataclass(frozen=True, kw_only=True)
class PoliceContact(Record):
    """A call or visit to the police: who promised what by when."""

    table: ClassVar[str] = "police_contact"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "legal"
    title: ClassVar[str] = N_("Police contact")
    parent: ClassVar[str] = "legal_case_id"
    happened: ClassVar[str] = "at"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("legal_case_id", "at"),
        ("person_id",),
        ("promise_kept_on", "next_on"),
    )

    person_id: int = link(N_("Survivor"), to="person", kept_by_program=True)
    legal_case_id: int = link(N_("Legal case"), to="legal_case", required=True)
    at: datetime | None = moment(N_("When"), required=True, future=False, in_list=True)
    by: int = link(N_("By"), to="staff", required=True)
    type: str = choice(N_("How"), codes="police_contact_type", required=True, in_list=True)
    officer: str = text(N_("Officer"), longest=100)
    summary: str = long_text(N_("What was said"), required=True, longest=2000, in_list=True)
    promise: str = text(N_("What they promised"), longest=500, in_list=True)
    next_on: date | None = day(N_("By when"), in_list=True)
    promise_kept_on: date | None = day(N_("Settled on"), future=False)
    letter_doc: int = link(N_("Letter sent or handed over"), to="document")

    def headline(self) -> str:
        """Return the kind of contact."""
        return codelists.label("police_contact_type", self.type)

    def problems(self) -> list[Problem]:
        """Add the check that a promise has a day."""
        found = super().problems()
        if self.promise and not self.next_on:
            found.append(Problem("next_on", N_("By when did they promise it?")))
        if self.next_on and self.at and self.next_on < self.at.date():
            found.append(Problem("next_on", N_("This is before the contact.")))
        if self.promise_kept_on and self.at and self.promise_kept_on < self.at.date():
            found.append(Problem("promise_kept_on", N_("This is before the contact.")))
        return found

    def is_waiting(self) -> bool:
        """Say whether a promise is still to be kept."""
        return bool(self.promise) and self.promise_kept_on is None


@dataclass(frozen=True, kw_only=True)
class CourtEvent(Record):
    """A mention, hearing or other date; once past it is corrected by an amendment only."""

    table: ClassVar[str] = "court_event"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "legal"
    title: ClassVar[str] = N_("Court date")
    guarded: ClassVar[bool] = True
    parent: ClassVar[str] = "legal_case_id"
    happened: ClassVar[str] = "starts_at"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("legal_case_id", "starts_at"),
        ("person_id", "starts_at"),
        ("starts_at",),
        ("outcome", "starts_at"),
    )

    person_id: int = link(N_("Survivor"), to="person", kept_by_program=True)
    legal_case_id: int = link(N_("Legal case"), to="legal_case", required=True)
    starts_at: datetime | None = moment(N_("When"), required=True, in_list=True)
    leave_house_at: datetime | None = moment(N_("Leaves the house"))
    court_station: str = choice(N_("Court"), codes="court_stations_ke", required=True, in_list=True)
    court_level: str = choice(N_("Level"), codes="court_level")
    type: str = choice(N_("What for"), codes="court_event_type", required=True, in_list=True)
    survivor_required: bool = flag(N_("She has to be there"), default=True, in_list=True)
    outcome: str = choice(
        N_("Outcome"), codes="court_event_outcome", default=NOT_RECORDED, in_list=True
    )
    adjourn_reason: str = choice(N_("Why adjourned"), codes="adjournment_reason")
    next_at: datetime | None = moment(N_("Next date"))
    special_measures_requested: tuple[str, ...] = choices(
        N_("Measures asked for"), codes="special_measure"
    )
    special_measures_granted: tuple[str, ...] = choices(
        N_("Measures granted"), codes="special_measure"
    )
    s32_notice_on: date | None = day(
        N_("s.32 notice given on"),
        future=False,
        help=N_(
            "Sexual Offences Act s.32: the prosecutor tells her, or whoever cares for her, that"
            " she may be declared a vulnerable witness; the court asks whether this was done."
        ),
    )
    declared_vulnerable_on: date | None = day(
        N_("Declared a vulnerable witness on"),
        future=False,
        help=N_("Sexual Offences Act s.31; each step is written down because appeals rest on it."),
    )
    intermediary_status: str = choice(
        N_("Intermediary"),
        codes="intermediary_status",
        help=N_("Sexual Offences Act s.31; Constitution Art. 50(7)"),
    )
    intermediary_name: str = text(
        N_("Intermediary's name"),
        longest=100,
        help=N_("Sexual Offences Act s.2; good practice: not the counsellor who treats her"),
    )
    intermediary_appointed_on: date | None = day(N_("Intermediary appointed on"), future=False)
    intermediary_sworn: bool | None = answer(N_("Intermediary sworn in"))
    role_explained: bool | None = answer(N_("Role explained in court"))
    own_words_kept: bool | None = answer(N_("Her own words written down"))
    notes: str = long_text(N_("Notes"), longest=4000)
    travel_cost_kes: int | None = money(N_("Travel cost"), level="casework")
    amends_id: int = link(N_("Corrects"), to="court_event", kept_by_program=True)
    amendment_reason: str = text(N_("Why corrected"), longest=500, kept_by_program=True)
    superseded: bool = flag(N_("Corrected since"), kept_by_program=True)

    def headline(self) -> str:
        """Return the kind of date and what came of it."""
        kind = codelists.label("court_event_type", self.type)
        if not self.is_recorded():
            return kind
        result = codelists.label("court_event_outcome", self.outcome).lower()
        return _("{kind}: {result}").format(kind=kind, result=result)

    def is_past(self) -> bool:
        """Say whether the date has come, so that only an amendment may change it."""
        return self.starts_at is not None and self.starts_at <= clock.now()

    def is_recorded(self) -> bool:
        """Say whether what came of it has been written down."""
        return self.outcome not in ("", NOT_RECORDED)

    def problems(self) -> list[Problem]:
        """Add the rules between date, outcome and next date."""
        found = super().problems()
        if self.is_recorded() and not self.is_past():
            found.append(Problem("outcome", N_("This date has not come yet.")))
        if self.outcome == "adjourned" and not self.adjourn_reason:
            found.append(Problem("adjourn_reason", N_("Why was it adjourned?")))
        if self.next_at and self.starts_at and self.next_at <= self.starts_at:
            found.append(Problem("next_at", N_("The next date is after this one.")))
        if self.leave_house_at and self.starts_at and self.leave_house_at > self.starts_at:
            found.append(Problem("leave_house_at", N_("This is after the start.")))
        return found


@dataclass(frozen=True, kw_only=True)
class Accompaniment(Record):
    """Who goes along to court and how; the house sees times, not what for."""

    table: ClassVar[str] = "accompaniment"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "house"
    title: ClassVar[str] = N_("Accompaniment")
    parent: ClassVar[str] = "court_event_id"
    happened: ClassVar[str] = "left_at"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("court_event_id",), ("person_id",))

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    court_event_id: int = link(N_("Outside appointment"), to="appointment", required=True)
    staff_id: int = link(N_("Who goes along"), to="staff", in_list=True)
    companion_name: str = text(N_("Or somebody else"), longest=60, in_list=True)
    role: str = choice(N_("As"), codes="accompaniment_role", required=True, in_list=True)
    transport: str = choice(N_("Transport"), codes="transport_mode", in_list=True)
    vehicle: str = text(N_("Vehicle and driver"), longest=100)
    left_at: datetime | None = moment(N_("Left the house"), future=False)
    returned_at: datetime | None = moment(N_("Came back"), future=False)
    safety_incident: bool = flag(N_("Something unsafe happened"))
    asked_after: bool = flag(N_("She was asked how it went"), kept_by_program=True)
    """That it was done; what she said lies in the counselling file, as AfterAccompaniment."""

    def headline(self) -> str:
        """Return that somebody goes along."""
        return _("Accompanied outside")

    def problems(self) -> list[Problem]:
        """Add that somebody is named, and that returning follows leaving."""
        found = super().problems()
        if self.role in OWN_STAFF and not self.staff_id and not self.companion_name:
            found.append(Problem("staff_id", N_("Who goes along with her?")))
        if self.left_at and self.returned_at and self.returned_at < self.left_at:
            found.append(Problem("returned_at", N_("This is before she left.")))
        return found
