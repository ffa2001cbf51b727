"""The person: working name and what the house needs, background, true identity, aliases, papers."""

from __future__ import annotations

import dataclasses
import re
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
    number,
    phone,
    text,
)
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _

ADULT_AGE: Final = 18
IN_RESIDENCE: Final = "in_residence"
AFTERCARE: Final = "aftercare"
CLOSED: Final = "closed"
NOT_ADMITTED: Final = "not_admitted"
SITUATIONS: Final = (IN_RESIDENCE, AFTERCARE, CLOSED, NOT_ADMITTED)
"""Where a person stands with the house, from her latest stay."""

_CODE: Final = re.compile(r"[A-Za-z]+-0*([0-9]{1,9})")
_STILL_WITH_US: Final = ("S50_exited", "S55_aftercare")

_BANDS: Final = ((10, "under10"), (14, "10-13"), (16, "14-15"), (18, "16-17"), (25, "18-24"))


def age_on(birth: date, day_asked: date) -> int:
    """Return completed years of age on a day."""
    had_birthday = (day_asked.month, day_asked.day) >= (birth.month, birth.day)
    return day_asked.year - birth.year - (0 if had_birthday else 1)


def years_on(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February counts on 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def eighteenth_birthday(birth: date) -> date:
    """Return the day of turning 18."""
    return years_on(birth, ADULT_AGE)


def code_for(serial: int) -> str:
    """Return the code of a running number: 'R-0207'; it says nothing about the person."""
    return f"R-{serial:04d}"


def serial_of(code: str) -> int | None:
    """Return the running number of a code, or None for a code of another kind."""
    found = _CODE.fullmatch(code.strip())
    return int(found[1]) if found else None


def situation_of(stay_state: str, exited_at: datetime | None) -> str:
    """Return where a person with this latest stay stands ('' as state: she has no stay)."""
    if not stay_state:
        return NOT_ADMITTED
    if exited_at is None:
        return IN_RESIDENCE
    return AFTERCARE if stay_state in _STILL_WITH_US else CLOSED


def age_band(birth: date, day_asked: date) -> str:
    """Return the code of the age band on a day (list age_band)."""
    age = age_on(birth, day_asked)
    return next((code for below, code in _BANDS if age < below), "25plus")


@dataclass(frozen=True, kw_only=True)
class Person(Record):
    """A resident or former resident as everybody in the house knows her."""

    table: ClassVar[str] = "person"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "house"
    title: ClassVar[str] = N_("Person")
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("person_no",),)
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("display_alias",), ("serial",))

    person_no: str = text(
        N_("Code"), longest=20, in_list=True, search="code", kept_by_program=True, required=True
    )
    serial: int | None = number(N_("Running number"), least=1, kept_by_program=True)
    display_alias: str = text(
        N_("Working name"), required=True, longest=60, in_list=True, search="name"
    )
    sex: str = choice(N_("Sex"), codes="sex", required=True)
    age_band: str = choice(N_("Age"), codes="age_band", in_list=True, kept_by_program=True)
    language_main: str = choice(N_("Language"), codes="language", required=True)
    language_other: tuple[str, ...] = choices(N_("Other languages"), codes="language")
    disability: tuple[str, ...] = choices(N_("Disability"), codes="disability")
    disability_support: str = text(N_("Practical help she needs"))
    allergy_alert: str = text(N_("Allergy"), help=N_("Food or medicine caregivers must avoid"))
    diet: str = text(N_("Diet"))
    photograph_allowed: bool = flag(N_("Photographs allowed"))
    house_notes: str = text(
        N_("What the house does and does not do"), help=N_("No reasons, no history"), longest=500
    )
    risk_level: str = choice(N_("Risk level"), codes="risk_level", kept_by_program=True)
    risk_review_due: date | None = day(N_("Risk review due"), kept_by_program=True)

    def headline(self) -> str:
        """Return the working name in quotation marks and the code."""
        return _("“{name}” {code}").format(name=self.display_alias, code=self.person_no)

    def cleaned(self) -> Person:
        """Return the person as kept; the running number follows the code, for order and count."""
        kept = super().cleaned()
        return dataclasses.replace(kept, serial=serial_of(kept.person_no))


@dataclass(frozen=True, kw_only=True)
class PersonBackground(Record):
    """What casework needs of a person; shares the person's id."""

    table: ClassVar[str] = "person_background"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Background")

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    birth_date: date | None = day(N_("Date of birth"), future=False, long_ago=True)
    birth_date_precision: str = choice(N_("How exact"), codes="date_precision")
    age_basis: str = choice(N_("How age is known"), codes="age_basis")
    nationality: str = choice(N_("Nationality"), codes="nationality")
    other_nationality: str = text(N_("Other nationality"))
    home_county: str = choice(N_("Home county"), codes="kenya_county")
    literate: bool | None = answer(N_("Reads and writes"))
    religion: str = choice(N_("Religion"), codes="religion")
    marital_status: str = choice(N_("Marital status"), codes="marital_status")
    education_at_entry: str = choice(N_("Education on arrival"), codes="education_level")
    children_count: int | None = number(N_("Own children"), least=0, most=20)
    immigration_status: str = choice(N_("Immigration status"), codes="immigration_status")
    uasc_status: str = choice(N_("Unaccompanied or separated"), codes="uasc_status")
    exploitation: str = choice(N_("Main exploitation"), codes="exploitation_type")
    alias_reason: str = text(N_("Why this working name"))
    gender_note: str = text(N_("In her own words"))
    blood_allergies: str = text(N_("Blood group and allergies"), level="health")
    pregnancy_status: str = choice(N_("Pregnancy"), codes="pregnancy_status", level="health")
    deceased_on: date | None = day(N_("Died on"), future=False)
    retention_class: str = choice(N_("Kept for"), codes="retention_class")
    legal_hold: bool = flag(N_("Legal hold"), level="legal")

    def problems(self) -> list[Problem]:
        """Add the check that nobody is older than 110."""
        found = super().problems()
        oldest = 110
        if self.birth_date and age_on(self.birth_date, clock.today()) > oldest:
            found.append(Problem("birth_date", N_("This date cannot be right.")))
        return found


@dataclass(frozen=True, kw_only=True)
class SealedIdentity(Record):
    """True identity, opened only by a reasoned, logged reveal; shares the person's id."""

    table: ClassVar[str] = "sealed_identity"
    compartment: ClassVar[str] = "identity"
    level: ClassVar[str] = "sealed"
    title: ClassVar[str] = N_("True identity")
    guarded: ClassVar[bool] = True

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    true_first_name: str = text(N_("First name"), search="name")
    true_other_names: str = text(N_("Other names"), search="name")
    nickname_known: str = text(N_("Name the exploiter may know"), search="name")
    national_id_no: str = text(N_("National ID number"), longest=40)
    unhcr_no: str = text(N_("UNHCR number"), longest=40)
    phone_own: str = phone(N_("Own phone"), search="phone")
    address_true: str = text(N_("Home address"), longest=500)
    next_of_kin_true: str = text(N_("Next of kin"), longest=500)
    identifying_marks: str = text(N_("Identifying marks"), longest=500)
    ethnicity_note: str = text(N_("Ethnicity, only if safety needs it"))


@dataclass(frozen=True, kw_only=True)
class Alias(Record):
    """A working name or pseudonym and what it is used for."""

    table: ClassVar[str] = "alias"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Alias")
    happened: ClassVar[str] = "assigned_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",),)

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    alias: str = text(N_("Alias"), required=True, longest=60, in_list=True, search="name")
    used_for: str = choice(N_("Used for"), codes="alias_use", required=True, in_list=True)
    assigned_by: int = link(N_("Assigned by"), to="staff")
    assigned_on: date | None = day(N_("Assigned on"), required=True, in_list=True, future=False)
    active: bool = flag(N_("In use"), default=True)
    collision_checked: bool = flag(N_("Checked against real names"))

    def headline(self) -> str:
        """Return what the alias is used for, not the alias itself."""
        return _("Name given: {use}").format(
            use=codelists.label("alias_use", self.used_for).lower()
        )


@dataclass(frozen=True, kw_only=True)
class IdentityDocument(Record):
    """An identity or status paper: who holds it and when it expires (DL36)."""

    table: ClassVar[str] = "identity_document"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Identity document")
    happened: ClassVar[str] = "issued_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",), ("expires_on",))

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    doc_type: str = choice(N_("Document"), codes="id_document_type", required=True, in_list=True)
    issued_on: date | None = day(N_("Issued on"), future=False, in_list=True)
    expires_on: date | None = day(N_("Expires on"), in_list=True)
    holder: str = choice(N_("Held by"), codes="document_holder", required=True, in_list=True)
    replacement_started_on: date | None = day(N_("Replacement started on"), future=False)
    note: str = long_text(N_("Note"), longest=1000)

    def headline(self) -> str:
        """Return the kind of document."""
        return codelists.label("id_document_type", self.doc_type)

    def problems(self) -> list[Problem]:
        """Add the check that a document does not expire before it was issued."""
        found = super().problems()
        if self.issued_on and self.expires_on and self.expires_on < self.issued_on:
            found.append(Problem("expires_on", N_("It cannot expire before it was issued.")))
        return found
