"""Exceptions to need-to-know, each with its reason: standing in for a colleague, break-glass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from shelter_app.domain.fields import choice, day, link, long_text, moment
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_

REASON_AT_LEAST: Final = 15
"""Letters of a reason that says something; 'because' is shorter."""
OPEN_FOR: Final = timedelta(minutes=60)
"""How long one resident's sealed record stays open after a reason was given."""
LONGEST_COVER: Final = timedelta(days=92)
"""A caseload that is covered for longer than three months should be handed over for good."""
CASELOAD_ROLES: Final = frozenset({"social_worker", "counsellor"})
"""The roles whose reading follows a caseload; only these can be stood in for."""

IDENTITY: Final = "identity"
TRUE_NAME_SEARCH: Final = "true_name_search"


@dataclass(frozen=True, kw_only=True)
class Covering(Record):
    """One worker's caseload in a colleague's hands for some days; it ends by itself."""

    table: ClassVar[str] = "covering"
    compartment: ClassVar[str] = "office"
    level: ClassVar[str] = "open"
    title: ClassVar[str] = N_("Covering for a colleague")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("covered_by", "until_on"),)

    staff_id: int = link(N_("Whose caseload"), to="staff", required=True, in_list=True)
    covered_by: int = link(N_("Who covers"), to="staff", required=True, in_list=True)
    from_on: date | None = day(N_("From"), required=True, in_list=True)
    until_on: date | None = day(N_("Until and with"), required=True, in_list=True)
    reason: str = long_text(
        N_("Reason"), required=True, longest=200, help=N_("Everybody here can read this.")
    )
    ended_at: datetime | None = moment(N_("Ended early"), kept_by_program=True)

    def runs_on(self, asked: date) -> bool:
        """Say whether it holds on a day."""
        if self.voided or self.ended_at or not self.from_on or not self.until_on:
            return False
        return self.from_on <= asked <= self.until_on

    def problems(self) -> list[Problem]:
        """Add the checks that it ends after it begins, soon enough, and has two people."""
        found = super().problems()
        if self.from_on and self.until_on:
            if self.until_on < self.from_on:
                found.append(Problem("until_on", N_("This is before the first day.")))
            elif self.until_on - self.from_on > LONGEST_COVER:
                found.append(
                    Problem(
                        "until_on",
                        N_("Three months at most. For longer, hand the people over for good."),
                    )
                )
        if self.staff_id and self.staff_id == self.covered_by:
            found.append(Problem("covered_by", N_("Please choose somebody else.")))
        return found


@dataclass(frozen=True, kw_only=True)
class BreakGlass(Record):
    """A sealed record opened by somebody with a typed reason, for one resident and one hour.

    Kept at the sealed level in the casework file, where the data protection lead's key reaches;
    a search among true names belongs to no single resident.
    """

    table: ClassVar[str] = "break_glass"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "sealed"
    title: ClassVar[str] = N_("Sealed record opened")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id", "staff_id"),)

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    staff_id: int = link(N_("Who"), to="staff", required=True, kept_by_program=True)
    what: str = choice(
        N_("What was opened"), codes="sealed_part", default=IDENTITY, kept_by_program=True
    )
    reason: str = long_text(N_("Reason"), required=True, longest=500)
    opened_at: datetime | None = moment(N_("Opened"), required=True, kept_by_program=True)
    open_until: datetime | None = moment(N_("Open until"), required=True, kept_by_program=True)

    def is_open(self, now: datetime) -> bool:
        """Say whether the time has not run out."""
        return not self.voided and self.open_until is not None and now < self.open_until


@dataclass(frozen=True, kw_only=True)
class BreakGlassSeen(Record):
    """Somebody responsible has seen that a sealed record was opened, and why."""

    table: ClassVar[str] = "break_glass_seen"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "sealed"
    title: ClassVar[str] = N_("Opening seen")
    guarded: ClassVar[bool] = True
    parent: ClassVar[str] = "break_glass_id"
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("break_glass_id", "staff_id"),)

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    break_glass_id: int = link(N_("Opening"), to="break_glass", required=True)
    staff_id: int = link(N_("Seen by"), to="staff", required=True, kept_by_program=True)
    seen_at: datetime | None = moment(N_("Seen"), required=True, kept_by_program=True)
