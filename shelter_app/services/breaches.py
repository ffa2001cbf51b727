"""The breach notebook: writing down, the clock of 72 hours, and the notice to fill in."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from shelter_app.domain import breach as rules
from shelter_app.domain import codelists
from shelter_app.domain.breach import Breach
from shelter_app.domain.day_words import long_day
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotFound, NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services import folders, house_settings
from shelter_app.services.rendering import plain_paper
from shelter_app.services.rendering.plain_paper import Line, Paper, Section
from shelter_app.services.work import Work
from shelter_app.storage.safe_files import write_whole

KEEPERS: Final = ("manager", "dpo")
_DOTS: Final = "." * 60


@dataclass(frozen=True)
class Noted:
    """One breach with what is left of its 72 hours (None when the clock stopped)."""

    breach: Breach
    left: timedelta | None
    found_by: str


def may_see(work: Work) -> bool:
    """Say whether the worker keeps the notebook."""
    return work.actor.has_role(*KEEPERS) and work.holds(Breach.compartment)


def noted(work: Work) -> tuple[Noted, ...]:
    """Return all breaches: running clocks first, then the newest."""
    work.require_role(*KEEPERS)
    names = {staff.id: staff.alias for staff in work.rule_matching(Staff)}
    found = [
        Noted(each, rules.left(each, work.now), names.get(each.found_by, ""))
        for each in work.rule_matching(Breach, order=("-aware_at",))
    ]
    return tuple(sorted(found, key=_order))


def _order(each: Noted) -> tuple[bool, timedelta]:
    return each.left is None, each.left or timedelta(0)


def new(work: Work) -> Breach:
    """Return an empty entry: found by this worker, aware now."""
    work.require_role(*KEEPERS)
    now = work.now.replace(second=0)
    return Breach(found_by=work.actor.staff_id, aware_at=now)


def get(work: Work, breach_id: int) -> Breach:
    """Return one breach."""
    work.require_role(*KEEPERS)
    found = work.rule_find(Breach, breach_id)
    if found is None:
        raise NotFound(f"breach {breach_id}")
    return found


def save(work: Work, breach: Breach) -> Breach:
    """Write a breach down; who told the Commissioner when can be added, never taken back."""
    work.require_role(*KEEPERS)
    if breach.revision:
        before = get(work, breach.id)
        if before.odpc_told_at and breach.odpc_told_at is None:
            raise NotPossible(N_("The report to the Commissioner stays as it was written down."))
    return work.save(breach)


def report_told(work: Work, breach_id: int, at: datetime, delay_reason: str = "") -> Breach:
    """Write down when the Commissioner was told; later than 72 hours it takes a reason."""
    found = get(work, breach_id)
    if not found.is_running():
        raise NotPossible(N_("This was dealt with already."))
    return save(
        work,
        dataclasses.replace(
            found, odpc_told_at=at, delay_reason=delay_reason.strip() or found.delay_reason
        ),
    )


def running(work: Work) -> tuple[Noted, ...]:
    """Return the breaches whose clock runs, the most pressing first."""
    if not may_see(work):
        return ()
    return tuple(each for each in noted(work) if each.left is not None)


def notice(work: Work, breach_id: int) -> Paper:
    """Return the notice with the headings of section 43, filled in as far as it is known."""
    found = get(work, breach_id)
    return Paper(
        title=_("Notification of a personal data breach"),
        letterhead=house_settings.current(work).letterhead(),
        facts=_facts(work, found),
        sections=_sections(found),
        footer=_("Confidential. To be confirmed by counsel before it is sent."),
    )


def _facts(work: Work, found: Breach) -> tuple[tuple[str, str], ...]:
    due = found.notice_due()
    return (
        (_("To"), _("The Data Commissioner, Office of the Data Protection Commissioner")),
        (_("Basis"), _("Data Protection Act 2019, section 43 (to be confirmed by counsel)")),
        (_("Day of this notice"), long_day(work.today)),
        (_("When it happened"), _moment(found.at)),
        (_("When we became aware"), _moment(found.aware_at)),
        (_("72 hours end"), _moment(due)),
    )


def _moment(at: datetime | None) -> str:
    return f"{long_day(at.date())} {at:%H:%M}" if at else _DOTS


def _sections(found: Breach) -> tuple[Section, ...]:
    exposed = _("yes") if found.location_exposed else _("no")
    people = str(found.people_affected) if found.people_affected is not None else _("not known yet")
    severity = codelists.label("breach_severity", found.severity)
    nature = (
        Line(found.what or _DOTS),
        Line(found.data_kinds or _DOTS, _("Data and people concerned")),
        Line(people, _("Number of people affected")),
        Line(severity, _("How serious")),
        Line(exposed, _("The place of the house may be known")),
    )
    return (
        Section(_("1  Nature of the breach"), nature),
        Section(_("2  Measures taken and intended"), (Line(found.action or _DOTS),)),
        Section(_("3  What the people affected are advised to do"), (Line(found.advice or _DOTS),)),
        Section(
            _("4  Who may have had access, where it is known"),
            (Line(found.unauthorised or _("Not known.")),),
        ),
        Section(
            _("5  Contact for more information"),
            (Line(_DOTS, _("Data protection lead")), Line(_DOTS, _("Telephone and address"))),
        ),
        Section(
            _("6  Reasons for delay beyond 72 hours"),
            (Line(found.delay_reason or _("Not applicable.")),),
        ),
        Section(
            _("7  People affected"),
            (Line(_moment(found.subjects_told_at), _("Told on")),),
        ),
        Section(_("Signature"), (Line(_DOTS, _("Name, role, day")),)),
    )


def save_notice(work: Work, breach_id: int, folder: Path) -> Path:
    """Write the notice as PDF and as a document to edit; that it left is written down."""
    paper = notice(work, breach_id)
    folders.require(folder)
    stem = folders.free_stem(folder, f"notice-{work.today.isoformat()}", ".pdf", ".docx")
    write_whole(folder / f"{stem}.pdf", plain_paper.pdf(paper))
    write_whole(folder / f"{stem}.docx", plain_paper.word(paper))
    work.log("export", get(work, breach_id), "notice")
    return folder / f"{stem}.pdf"
