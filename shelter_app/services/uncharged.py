"""Accused who were never charged: when their time is over, kept longer or erased by two people.

Whoever was never charged is not kept for ever. The entry comes up for review when its day is past;
a charge, an open case, a legal hold or a request that waits keeps it off the list, and is looked
for again at every step.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Final

from shelter_app.domain import retention
from shelter_app.domain.legal import Suspect
from shelter_app.domain.retention import Erasure, TwoPersonDecision
from shelter_app.errors import NotAllowed, NotFound, NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services import purge
from shelter_app.services import retention as review
from shelter_app.services.court import UNCHARGED_KEPT
from shelter_app.services.inside import Inside
from shelter_app.services.purge import Report
from shelter_app.services.work import Work
from shelter_app.storage import audit, erasure
from shelter_app.storage.questions import uncharged as questions
from shelter_app.storage.questions.uncharged import Entry

SHOWN: Final = 100
KEEP: Final = "keep longer"
NOT_OVER: Final = N_("The time of this entry is not over yet.")
IN_THE_PAST: Final = N_("Please choose a day that is still to come.")
TOO_LONG: Final = N_("Two years at most: then it comes back for review.")
PROPOSED: Final = N_("Erasing this entry was proposed. Refuse that first.")


@dataclass(frozen=True)
class Over:
    """An entry whose time is over, by number and case; nobody needs a name to decide."""

    suspect_id: int
    number: int
    status: str
    case_id: int
    case_title: str
    code: str
    until: date


@dataclass(frozen=True)
class Queue:
    """Entries to be decided on, longest past first; `total` counts those not shown too."""

    entries: tuple[Over, ...]
    total: int


def queue(work: Work) -> Queue:
    """Return the accused whose time is over and whom nothing keeps."""
    work.require_role("manager")
    found = questions.over(work.connection, work.today, SHOWN)
    entries = tuple(
        Over(
            each.suspect_id,
            each.number,
            each.status,
            each.case_id,
            each.case_title,
            each.code,
            each.until,
        )
        for each in found
        if each.until is not None
    )
    if len(found) < SHOWN:
        return Queue(entries, len(entries))
    return Queue(entries, questions.count_over(work.connection, work.today))


def keep_longer(work: Work, suspect_id: int, until: date, reason: str) -> Suspect:
    """Keep an entry until another day; who, why and until when stand in the audit trail."""
    entry = _entry(work, suspect_id)
    said = review.checked_reason(reason)
    if entry.decided:
        raise NotPossible(PROPOSED)
    _require_over(work, entry)
    if until <= work.today:
        raise NotPossible(IN_THE_PAST)
    if until > work.today + UNCHARGED_KEPT:
        raise NotPossible(TOO_LONG)
    suspect = work.rule_find(Suspect, suspect_id)
    if suspect is None:
        raise NotFound(f"suspect {suspect_id}")
    kept = work.save(dataclasses.replace(suspect, retain_until=until), by_program=True)
    work.log(KEEP, kept, said)
    return kept


def propose(work: Work, suspect_id: int, reason: str) -> TwoPersonDecision:
    """Propose to erase an entry; a second person approves it like the erasure of a file."""
    entry = _entry(work, suspect_id)
    said = review.checked_reason(reason)
    if entry.decided:
        raise NotPossible(review.PROPOSED_ALREADY)
    _require_over(work, entry)
    decision = TwoPersonDecision(
        person_id=entry.person_id,
        person_code=entry.code,
        suspect_id=suspect_id,
        kind=retention.ACCUSED,
        reason=said,
        due_on=entry.until,
    )
    return review.keep_proposal(work, decision)


def _entry(work: Work, suspect_id: int) -> Entry:
    work.require_role("manager")
    entry = questions.one(work.connection, suspect_id)
    if entry is None:
        raise NotFound(f"suspect {suspect_id}")
    return entry


def _require_over(work: Work, entry: Entry) -> None:
    if sentence := hindrance(entry, work.today):
        raise NotPossible(sentence)


def hindrance(entry: Entry, today: date) -> str:
    """Return why an entry may not be erased, or '' when its time is over and nothing needs it."""
    if entry.charged:
        return _("There is a charge against this accused.")
    if entry.open:
        return _("The case is still open.")
    if entry.held:
        return _("A legal hold is on the file of a survivor of this case.")
    if entry.asked:
        return _("A request about the data of a survivor of this case is still open.")
    if entry.until is None or entry.until >= today:
        return _(NOT_OVER)
    return ""


def carry_out(inside: Inside, decision_id: int) -> Report:
    """Erase the entry of an approved decision: rows, pictures, drafts and what the trail says."""
    report, files = inside.do(_erase, decision_id)
    purge.remember(inside)
    purge.clear_disk(inside, files)
    return report


def _erase(work: Work, decision_id: int) -> tuple[Report, list[tuple[str, str]]]:
    if not review.may_carry_out(work):
        raise NotAllowed("erase")
    decision = work.rule_find(TwoPersonDecision, decision_id)
    if decision is None or decision.kind != retention.ACCUSED:
        raise NotFound(f"two_person_decision {decision_id}")
    if decision.state != retention.APPROVED or not decision.approved_by:
        raise NotPossible(review.NOT_HERS)
    _require_over(work, _entry(work, decision.suspect_id))
    note = Erasure(
        id=decision.suspect_id,
        erased_on=work.today,
        of_accused=True,
        proposed_by=decision.proposed_by,
        approved_by=decision.approved_by,
        erased_by=work.actor.staff_id,
        counselling_done_on=work.today,
        in_backups_until=retention.backups_until(work.today),
    )
    gone = _erase_rows(work, decision.suspect_id)
    work.save(note, by_program=True)
    records = sum(gone.records.values())
    report = Report(
        records, len(gone.files), gone.drafts, gone.audit_rows, False, note.in_backups_until
    )
    return report, gone.files


def _erase_rows(work: Work, suspect_id: int) -> erasure.Erased:
    gone = erasure.Erased()
    entry = audit.Entry(
        action=audit.ERASE,
        staff_id=work.actor.staff_id,
        record_type=Suspect.table,
        record_id=suspect_id,
    )
    erasure.erase_accused(work.vault, sorted(work.actor.compartments), entry, gone)
    # Before the commit: a kill in between makes keys anew for nothing instead of never.
    work.vault.want_new_keys(frozenset(gone.compartments))
    return gone


def erase_again(inside: Inside, suspect_id: int, erased_on: date) -> None:
    """Erase an entry that an older backup brought back; two people decided it once."""
    purge.clear_disk(inside, inside.do(_again, suspect_id, erased_on))


def _again(work: Work, suspect_id: int, erased_on: date) -> list[tuple[str, str]]:
    gone = _erase_rows(work, suspect_id)
    if work.rule_find(Erasure, suspect_id) is None:
        note = Erasure(
            id=suspect_id,
            erased_on=erased_on,
            of_accused=True,
            erased_by=work.actor.staff_id,
            counselling_done_on=work.today,
            in_backups_until=retention.backups_until(erased_on),
        )
        work.save(note, by_program=True)
    return gone.files
