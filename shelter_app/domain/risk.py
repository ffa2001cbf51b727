"""Risk of harm, one row per domain of risk (NRM Form B and periodic)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from shelter_app.domain import codelists
from shelter_app.domain.fields import choice, day, link, moment, text
from shelter_app.domain.record import Record
from shelter_app.i18n import N_, _


@dataclass(frozen=True, kw_only=True)
class RiskAssessment(Record):
    """One assessment of one domain of risk, with the day it is looked at again."""

    table: ClassVar[str] = "risk_assessment"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Risk assessment")
    happened: ClassVar[str] = "done_at"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id", "done_at"), ("review_due",))

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    stage: str = choice(N_("When"), codes="risk_stage", required=True, in_list=True)
    done_at: datetime | None = moment(N_("Assessed"), required=True, future=False, in_list=True)
    done_by: int = link(N_("Assessed by"), to="staff", required=True)
    domain: str = choice(N_("Risk of"), codes="risk_domain", required=True, in_list=True)
    risk_level: str = choice(N_("Level"), codes="risk_level", required=True, in_list=True)
    detail: str = text(N_("What we saw or were told"), longest=2000)
    named_threat_id: int = link(N_("Who threatens her"), to="suspect", level="legal")
    trigger: str = text(N_("What makes it worse"), longest=500)
    review_due: date | None = day(N_("Look again on"), required=True, in_list=True)

    def headline(self) -> str:
        """Return the level and the domain."""
        return _("Risk {level}: {domain}").format(
            level=codelists.label("risk_level", self.risk_level).lower(),
            domain=codelists.label("risk_domain", self.domain),
        )


def current_risk(assessments: Iterable[RiskAssessment]) -> tuple[str, date | None]:
    """Return the level that stands now and when to look again.

    The latest assessment of each domain counts; the highest of their levels stands, and the
    earliest of their review days is due.
    """
    done = sorted((one for one in assessments if one.done_at), key=lambda one: str(one.done_at))
    latest = {one.domain: one for one in done}
    order = [row.code for row in codelists.code_list("risk_level").rows]
    levels = [one.risk_level for one in latest.values() if one.risk_level in order]
    due = [one.review_due for one in latest.values() if one.review_due]
    return max(levels, key=order.index, default=""), min(due, default=None)
