"""The notebook of data breaches: what happened, who was told when, and the clock of 72 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from shelter_app.domain import codelists
from shelter_app.domain.fields import choice, day, flag, link, long_text, moment, number, text
from shelter_app.domain.record import Record
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _

NOTICE_WITHIN: Final = timedelta(hours=72)
"""Data Protection Act 2019, section 43; to be confirmed by counsel."""
_LAST_TIME: Final = datetime(9999, 12, 31)  # noqa: DTZ001 - local wall time, as everywhere
_TELL_PEOPLE: Final = ("high", "critical")


@dataclass(frozen=True, kw_only=True)
class Breach(Record):
    """One breach, suspected ones included: the clock runs from when somebody became aware."""

    table: ClassVar[str] = "breach"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Data breach")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("closed_on", "aware_at"),)

    at: datetime | None = moment(N_("When it happened"), required=True, future=False, in_list=True)
    aware_at: datetime | None = moment(
        N_("When we became aware"),
        required=True,
        future=False,
        in_list=True,
        help=N_("The 72 hours count from here."),
    )
    found_by: int = link(N_("Found by"), to="staff", required=True)
    severity: str = choice(N_("How serious"), codes="breach_severity", required=True, in_list=True)
    what: str = long_text(
        N_("What happened"),
        required=True,
        longest=3000,
        help=N_("Facts in order of time, without names of residents."),
    )
    data_kinds: str = long_text(N_("Which data, of whom"), longest=1000)
    people_affected: int | None = number(N_("People affected"), least=0, most=100_000)
    location_exposed: bool = flag(N_("The place of the house may be known"))
    unauthorised: str = text(N_("Who may have seen it, if known"), longest=300)
    action: str = long_text(N_("What was done and will be done"), required=True, longest=3000)
    advice: str = long_text(N_("What the people affected should do"), longest=2000)
    delay_reason: str = long_text(N_("Why it is later than 72 hours"), longest=1000)
    odpc_told_at: datetime | None = moment(N_("Commissioner told"), future=False, in_list=True)
    subjects_told_at: datetime | None = moment(N_("People affected told"), future=False)
    closed_on: date | None = day(N_("Closed on"), future=False, in_list=True)

    def headline(self) -> str:
        """Return how serious it is, nothing about it."""
        return _("Data breach: {severity}").format(
            severity=codelists.label("breach_severity", self.severity)
        )

    def problems(self) -> list[Problem]:
        """Add the order of the moments, and what is missing before it can be closed."""
        found = super().problems()
        if self.at and self.aware_at and self.aware_at < self.at:
            found.append(Problem("aware_at", N_("This is before it happened.")))
        for name in ("odpc_told_at", "subjects_told_at"):
            told = getattr(self, name)
            if told and self.aware_at and told < self.aware_at:
                found.append(Problem(name, N_("This is before anybody was aware of it.")))
        told_at, due = self.odpc_told_at, self.notice_due()
        if told_at and due and told_at > due and not self.delay_reason.strip():
            found.append(
                Problem("delay_reason", N_("Later than 72 hours: the notice has to say why."))
            )
        if self.closed_on and self.severity in _TELL_PEOPLE and self.odpc_told_at is None:
            found.append(
                Problem("odpc_told_at", N_("A serious breach is closed after it was reported."))
            )
        return found

    def notice_due(self) -> datetime | None:
        """Return until when the Commissioner has to be told."""
        if self.aware_at is None:
            return None
        return min(self.aware_at, _LAST_TIME - NOTICE_WITHIN) + NOTICE_WITHIN

    def is_running(self) -> bool:
        """Say whether the clock runs: not reported yet and not closed."""
        return self.odpc_told_at is None and self.closed_on is None


def left(breach: Breach, now: datetime) -> timedelta | None:
    """Return how much of the 72 hours is left, negative when it is over; None when it stopped."""
    due = breach.notice_due()
    return due - now if due is not None and breach.is_running() else None


def left_words(remaining: timedelta) -> str:
    """Return what is left in words: '41 h 20 min left' or '3 h 5 min late'."""
    minutes = int(abs(remaining).total_seconds() // 60)
    time = _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
    if remaining < timedelta(0):
        return _("{time} late").format(time=time)
    return _("{time} left").format(time=time)
