"""Counselling: enrolment and sessions as others may see them, process notes closed to others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.domain.fields import (
    choice,
    choices,
    day,
    flag,
    link,
    long_text,
    moment,
    number,
    text,
)
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _

HELD: Final = ("done", "done_short")
OFFERED: Final = ("done", "done_short", "dna", "declined")
PLANNED: Final = "scheduled"
LEFT_EARLY: Final = ("dropped", "transferred", "exit_before_end", "clinical_stop")
"""Outcomes of a programme for which somebody may ask why."""
MOVED: Final = "rescheduled"
NO_RISK: Final = "none"
REVIEW_AFTER: Final = 6
"""Held sessions after which change is looked at, whatever the length of the programme."""

_CODE_LETTERS: Final = "ACDEFGHJKLMNPQRTUVWXYZ234679"


def usual_length(programme: str) -> int:
    """Return how many sessions a programme of the list usually has, 0 for an open end."""
    found = codelists.code_list("counselling_programme").row(programme)
    return int(found.more.get("sessions", "0")) if found else 0


def client_code(person_id: int) -> str:
    """Return four signs by which counsellor and supervisor speak of a client without a name."""
    signs, rest = "", person_id
    for _place in range(4):
        rest, index = divmod(rest, len(_CODE_LETTERS))
        signs += _CODE_LETTERS[index]
    return signs


@dataclass(frozen=True, kw_only=True)
class CounsellingEnrolment(Record):
    """A course of counselling: which programme, with whom, how many sessions."""

    table: ClassVar[str] = "counselling_enrolment"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Counselling programme")
    happened: ClassVar[str] = "started_on"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("person_id",),
        ("counsellor", "completed_on"),
        ("completed_on", "person_id"),
    )

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    programme: str = choice(
        N_("Programme"), codes="counselling_programme", required=True, in_list=True
    )
    counsellor: int = link(N_("Counsellor"), to="staff", required=True, in_list=True)
    started_on: date | None = day(N_("Started on"), required=True, in_list=True)
    target_sessions: int | None = number(N_("Sessions planned"), least=0, most=60, default=6)
    completed_on: date | None = day(N_("Ended on"), future=False, in_list=True)
    reviewed: bool = flag(N_("What has changed was looked at"), kept_by_program=True)
    """That it was done; what was found lies in the casework file, as CounsellingResult."""

    def headline(self) -> str:
        """Return that a programme began, without naming it to the house."""
        return _("Counselling began")

    def is_open(self) -> bool:
        """Say whether the programme goes on."""
        return self.completed_on is None and not self.voided

    def review_due(self, held: int) -> bool:
        """Say whether so many held sessions call for a look at what has changed."""
        enough = min(self.target_sessions or REVIEW_AFTER, REVIEW_AFTER)
        return held >= enough and not self.reviewed and self.is_open()

    def problems(self) -> list[Problem]:
        """Add the check that a programme does not end before it begins."""
        found = super().problems()
        if self.completed_on and self.started_on and self.completed_on < self.started_on:
            found.append(Problem("completed_on", N_("This is before the programme began.")))
        return found


@dataclass(frozen=True, kw_only=True)
class CounsellingResult(Record):
    """What came of a programme, out of reach of the house's key; shares the programme's id."""

    table: ClassVar[str] = "counselling_result"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Result of counselling")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",),)

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    behaviour_change: str = choice(
        N_("Change since counselling began"), codes="behaviour_change", in_list=True
    )
    outcome: str = choice(N_("How it ended"), codes="enrolment_outcome", in_list=True)

    def ends(self) -> bool:
        """Say whether it tells how the programme ended."""
        return self.outcome not in ("", "in_progress")


@dataclass(frozen=True, kw_only=True)
class CounsellingLeaving(Record):
    """Why she left a programme, opened with the counselling key only; shares the programme's id."""

    table: ClassVar[str] = "counselling_leaving"
    compartment: ClassVar[str] = "counselling"
    level: ClassVar[str] = "counselling"
    title: ClassVar[str] = N_("Why a programme ended early")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",),)

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    drop_reason: str = long_text(
        N_("Why it ended early"),
        longest=1000,
        help=N_("For counsellors only. Others see how it ended, not why."),
    )

    def is_empty(self) -> bool:
        """Say whether nothing has been written, so that there is nothing to keep."""
        return not self.drop_reason.strip()


@dataclass(frozen=True, kw_only=True)
class CounsellingSession(Record):
    """One meeting: when, how long, whether she came; what was said is in the note."""

    table: ClassVar[str] = "counselling_session"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Counselling session")
    happened: ClassVar[str] = "starts_at"
    parent: ClassVar[str] = "enrolment_id"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("enrolment_id", "session_no"),
        ("person_id", "starts_at"),
        ("starts_at",),
    )

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    enrolment_id: int = link(N_("Programme"), to="counselling_enrolment", required=True)
    counsellor: int = link(N_("Counsellor"), to="staff", required=True, in_list=True)
    session_no: int = number(
        N_("Number"), least=1, most=200, default=1, kept_by_program=True, in_list=True
    )
    starts_at: datetime | None = moment(N_("When"), required=True, in_list=True)
    duration_min: int | None = number(
        N_("Length"), least=5, most=480, default=50, required=True, unit=N_("min"), in_list=True
    )
    room: str = text(N_("Where"), longest=40)
    modality: str = choice(
        N_("Setting"), codes="counselling_modality", default="individual", required=True
    )
    status: str = choice(
        N_("Attendance"), codes="session_status", default="scheduled", required=True, in_list=True
    )
    safety_flag: bool = flag(N_("Safety check needed"), level="casework")

    def is_held(self) -> bool:
        """Say whether it took place."""
        return self.status in HELD

    def headline(self) -> str:
        """Return number and attendance."""
        return _("Session {number}: {status}").format(
            number=self.session_no, status=codelists.label("session_status", self.status).lower()
        )

    def problems(self) -> list[Problem]:
        """Add the check that a session that has not begun was not held."""
        found = super().problems()
        future = self.starts_at is not None and self.starts_at > clock.now()
        if future and self.status in OFFERED:
            found.append(Problem("status", N_("This session has not taken place yet.")))
        return found


@dataclass(frozen=True, kw_only=True)
class CounsellingNote(Record):
    """The process note of a session; opened with the counselling key only, locked when signed."""

    table: ClassVar[str] = "counselling_note"
    compartment: ClassVar[str] = "counselling"
    level: ClassVar[str] = "counselling"
    title: ClassVar[str] = N_("Counselling note")
    guarded: ClassVar[bool] = True
    happened: ClassVar[str] = "written_at"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("session_id",), ("person_id", "written_at"))

    person_id: int = link(N_("Person"), to="person", kept_by_program=True, required=True)
    session_id: int = link(N_("Session"), to="counselling_session", kept_by_program=True)
    written_at: datetime | None = moment(N_("Written"), kept_by_program=True, future=False)
    author: int = link(N_("Written by"), to="staff", kept_by_program=True)
    approach: str = choice(N_("Approach"), codes="counselling_approach")
    themes: tuple[str, ...] = choices(N_("Themes"), codes="session_theme")
    content: str = long_text(
        N_("Note"), help=N_("Short and factual; no word-for-word account of what happened")
    )
    risk_noted: tuple[str, ...] = choices(N_("Risk today"), codes="session_risk")
    plan_next: str = text(N_("Next step"), longest=300)
    locked_at: datetime | None = moment(N_("Signed"), kept_by_program=True, future=False)
    addendum_to: int = link(N_("Added to"), to="counselling_note", kept_by_program=True)

    def headline(self) -> str:
        """Return that a note exists; its content is never a headline."""
        return _("Addendum to a note") if self.addendum_to else _("Counselling note")

    def is_empty(self) -> bool:
        """Say whether nothing has been written, so that there is nothing to keep."""
        said = (self.approach, self.themes, self.content.strip(), self.risk_noted)
        return not any((*said, self.plan_next.strip()))

    def names_risk(self) -> bool:
        """Say whether a risk was noticed."""
        return any(code != NO_RISK for code in self.risk_noted)

    def problems(self) -> list[Problem]:
        """Add the check that 'none' does not stand beside a risk."""
        found = super().problems()
        if NO_RISK in self.risk_noted and len(self.risk_noted) > 1:
            found.append(Problem("risk_noted", N_("Choose ‘None’ alone, or the risks without it.")))
        return found


def numbers(sessions: Iterable[CounsellingSession]) -> dict[int, int]:
    """Return the number of each session of a programme: which held session it is or would be.

    One that was missed, called off or moved bears the number of the next that takes place.
    """
    found: dict[int, int] = {}
    count = 0
    for session in sorted(sessions, key=lambda one: (str(one.starts_at), one.id)):
        found[session.id] = count + 1
        if session.status in (*HELD, PLANNED):
            count += 1
    return found
