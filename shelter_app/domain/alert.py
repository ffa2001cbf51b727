"""Snoozes of computed alerts: put off with a reason, three times at most (B.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from shelter_app.domain.fields import link, moment, number, text
from shelter_app.domain.record import Record
from shelter_app.i18n import N_

MOST_SNOOZES: Final = 3
SEEN: Final = "seen"
"""Kept instead of a reason for what was only told and was seen; said in words when shown."""


@dataclass(frozen=True, kw_only=True)
class AlertSnooze(Record):
    """An alert of casework put off until a moment; `subject_id` is the record it speaks of."""

    table: ClassVar[str] = "alert_snooze"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Alert put off")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("until",), ("rule", "subject_id"))

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    rule: str = text(N_("Rule"), required=True, longest=20, kept_by_program=True)
    subject_id: int = link(N_("About"), to="", required=True, kept_by_program=True)
    due_at: datetime | None = moment(N_("Was due"), kept_by_program=True)
    until: datetime | None = moment(N_("Until"), required=True)
    reason: str = text(N_("Why it can wait"), required=True, longest=300)
    times: int = number(N_("Times put off"), least=1, most=MOST_SNOOZES, default=1)


@dataclass(frozen=True, kw_only=True)
class HouseAlertSnooze(AlertSnooze):
    """The same for alerts of the house, kept where the house mother's key reaches."""

    table: ClassVar[str] = "house_alert_snooze"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "house"
