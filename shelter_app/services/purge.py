"""Erasing a file for good, after two people decided it: everywhere her keys open, and counted.

The part whose key the manager lacks (counselling) waits for somebody who holds it, and is listed
until then. What stays is one anonymous row, the fact of the erasure, and older backups until they
expire. Every part from which something went wants a new key, so that old blocks of the disk open
with none of the keys in use.
"""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from shelter_app.domain import retention
from shelter_app.domain.access import COUNSELLORS
from shelter_app.domain.backup import BackupPlace, BackupRun
from shelter_app.domain.legal import LegalCase
from shelter_app.domain.person import Person, PersonBackground
from shelter_app.domain.retention import Erasure, FormerResident, TwoPersonDecision
from shelter_app.domain.rights import DataSubjectRequest
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Placement, Stay
from shelter_app.errors import NotAllowed, NotFound, NotPossible, ShelterError
from shelter_app.i18n import N_, _
from shelter_app.services import retention as review
from shelter_app.services.inside import Inside
from shelter_app.services.work import Work
from shelter_app.storage import (
    attachments,
    audit,
    erased_list,
    erasure,
    local_backup,
    shared_cases,
)


@dataclass(frozen=True)
class Report:
    """What an erasure did: how many records and files went, and what is still to come."""

    records: int
    files: int
    drafts: int
    audit_rows: int
    counselling_waits: bool
    in_backups_until: date | None


@dataclass(frozen=True)
class Listed:
    """One erasure as shown in the list."""

    erasure: Erasure
    proposed_by: str
    approved_by: str
    erased_by: str
    backups: tuple[str, ...] = ()
    """Backups made before, that still hold what was erased: name and place."""


def carry_out(inside: Inside, decision_id: int) -> Report:
    """Erase the file of an approved decision, then remove its attachments from the disk."""
    report, files = inside.do(_erase, decision_id)
    remember(inside)
    clear_disk(inside, files)
    return report


def remember(inside: Inside) -> None:
    """Bring the list beside the records up to date with what they say was erased.

    The records themselves are what counts: a list that cannot be written now is written with the
    next backup.
    """
    if Erasure.compartment not in inside.vault.compartments:
        return
    rows = inside.ask(_listed)
    with suppress(ShelterError, OSError):
        erased_list.add(inside.vault.folder, inside.vault.vault_id, rows)


def _listed(work: Work) -> tuple[erased_list.Row, ...]:
    notes = work.rule_matching(Erasure)
    return tuple(erased_list.Row(note.id, note.erased_on or work.today) for note in notes)


def clear_disk(inside: Inside, files: list[tuple[str, str]]) -> None:
    """Remove papers whose rows were erased, and the copies on this computer that still have them.

    Those are the backup made before new keys, and damaged files kept when they were saved.
    """
    from shelter_app.storage import salvage  # much code, and nobody needs it on most days

    for compartment, name in files:
        attachments.remove(inside.vault.folder, compartment, name)
    local_backup.drop(inside.vault.folder)
    salvage.drop_kept(inside.vault.folder)


def _erase(work: Work, decision_id: int) -> tuple[Report, list[tuple[str, str]]]:
    if not review.may_carry_out(work):
        raise NotAllowed("erase")
    decision = work.rule_find(TwoPersonDecision, decision_id)
    if decision is None or decision.kind != retention.PURGE:
        raise NotFound(f"two_person_decision {decision_id}")
    if decision.state != retention.APPROVED or not decision.approved_by:
        raise NotPossible(review.NOT_HERS)
    person = work.rule_find(Person, decision.person_id)
    if person is None:
        raise NotFound(f"person {decision.person_id}")
    if sentence := review.hindrance(work, person):
        raise NotPossible(sentence)
    work.save(_anonymous(work, person), by_program=True)
    waits = not work.holds(review.COUNSELLING)
    note = Erasure(
        erased_on=work.today,
        proposed_by=decision.proposed_by,
        approved_by=decision.approved_by,
        erased_by=work.actor.staff_id,
        counselling_done_on=None if waits else work.today,
        in_backups_until=retention.backups_until(work.today),
    )
    _link_requests(work, person)
    gone = _erase_everywhere(work, person.id)
    work.save(dataclasses.replace(note, id=person.id), by_program=True)
    records = sum(gone.records.values())
    report = Report(
        records, len(gone.files), gone.drafts, gone.audit_rows, waits, note.in_backups_until
    )
    return report, gone.files


def _link_requests(work: Work, person: Person) -> None:
    """Requests registered by the data protection lead name her by code only: they go with her."""
    for request in work.rule_matching(
        DataSubjectRequest, person_id=None, person_code=person.person_no
    ):
        work.save(dataclasses.replace(request, person_id=person.id), by_program=True)


def _erase_everywhere(work: Work, person_id: int) -> erasure.Erased:
    held = sorted(work.actor.compartments)
    names = erasure.names_of(work.connection, held, person_id)
    gone = erasure.Erased()
    shared_cases.pass_on(work.connection, held, person_id)
    for compartment in held:
        entry = audit.Entry(
            action=audit.ERASE,
            staff_id=work.actor.staff_id,
            record_type=Person.table,
            record_id=person_id,
            person_id=person_id,
        )
        erasure.erase_rows(work.vault, compartment, entry, names, gone)
    # Before the commit: a kill in between makes keys anew for nothing instead of never.
    work.vault.want_new_keys(frozenset(gone.compartments))
    return gone


def _anonymous(work: Work, person: Person) -> FormerResident:
    """Return the row that stays: bands and months; nothing by which somebody could be found."""
    background = work.rule_find(PersonBackground, person.id)
    stays = work.rule_matching(Stay, person_id=person.id, order=("admitted_at",))
    placement = work.rule_find(Placement, stays[-1].id) if stays else None
    cases = work.rule_matching(LegalCase, person_id=person.id, order=("-concluded_on",))
    return FormerResident(
        age_band=person.age_band,
        home_county=background.home_county if background else "",
        exploitation=background.exploitation if background else "",
        case_type=cases[0].case_type if cases else "",
        legal_stage=cases[0].stage if cases else "",
        admitted_month=retention.month_of(stays[0].admitted_at) if stays else "",
        left_month=retention.month_of(stays[-1].exited_at) if stays else "",
        exit_type=placement.exit_type if placement else "",
        was_admitted=bool(stays),
    )


def waiting_for_counselling(work: Work) -> tuple[Erasure, ...]:
    """Return erasures whose counselling part waits for somebody who holds that key."""
    if not work.actor.has_role(*review.DECIDERS, *COUNSELLORS):
        raise NotAllowed("erasures")
    return tuple(work.rule_matching(Erasure, counselling_done_on=None, order=("erased_on",)))


def may_finish(work: Work) -> bool:
    """Say whether this worker can erase the counselling part."""
    return review.reaches_counselling(work)


def finish_counselling(inside: Inside, erasure_id: int) -> Report:
    """Erase the counselling part of a file whose other parts are gone."""
    report, files = inside.do(_finish, erasure_id)
    clear_disk(inside, files)
    return report


def _finish(work: Work, erasure_id: int) -> tuple[Report, list[tuple[str, str]]]:
    if not may_finish(work):
        raise NotAllowed("erase counselling")
    note = work.rule_find(Erasure, erasure_id)
    if note is None or note.counselling_done_on is not None:
        raise NotPossible(N_("This has been dealt with in the meantime."))
    gone = _erase_everywhere(work, note.id)
    work.save(dataclasses.replace(note, counselling_done_on=work.today), by_program=True)
    records = sum(gone.records.values())
    return Report(
        records, len(gone.files), gone.drafts, gone.audit_rows, False, note.in_backups_until
    ), gone.files


def erasures(work: Work) -> tuple[Listed, ...]:
    """Return every erasure, newest first, with the older backups that still hold it."""
    work.require_role(*review.DECIDERS)
    names = {staff.id: staff.alias for staff in work.rule_matching(Staff)}
    runs = [run for run in work.rule_matching(BackupRun, order=("-made_at",)) if not run.gone]
    places = {place.id: place.headline() for place in work.rule_matching(BackupPlace)}
    return tuple(
        Listed(
            each,
            names.get(each.proposed_by, ""),
            names.get(each.approved_by, ""),
            names.get(each.erased_by, ""),
            tuple(_backup_words(run, places) for run in runs if _holds(run, each)),
        )
        for each in work.rule_matching(Erasure, order=("-erased_on", "id"))
    )


def _holds(run: BackupRun, erasure_of: Erasure) -> bool:
    made, erased = run.made_at, erasure_of.updated_at or erasure_of.created_at
    return made is not None and erased is not None and not run.trouble and made <= erased


def _backup_words(run: BackupRun, places: dict[int, str]) -> str:
    return _("{name} ({place})").format(name=run.name, place=places.get(run.place_id, ""))


def is_here(work: Work, person_id: int) -> bool:
    """Say whether a person who was erased is here again, after an older backup was restored."""
    return work.rule_find(Person, person_id) is not None


def has_records(work: Work, compartment: str, person_id: int) -> bool:
    """Say whether an open part holds anything of a person."""
    return erasure.held_of(work.connection, compartment, person_id) > 0


def erase_again(inside: Inside, person_id: int, erased_on: date) -> None:
    """Erase from the opened parts whom an older backup brought back; two people decided it once."""
    clear_disk(inside, inside.do(_again, person_id, erased_on))


def _again(work: Work, person_id: int, erased_on: date) -> list[tuple[str, str]]:
    keeps_notes = work.holds(Erasure.compartment)
    note = work.rule_find(Erasure, person_id) if keeps_notes else None
    person = work.rule_find(Person, person_id) if work.holds(Person.compartment) else None
    if keeps_notes and note is None and person is not None:
        work.save(_anonymous(work, person), by_program=True)
        _link_requests(work, person)
    gone = _erase_everywhere(work, person_id)
    done = work.today if work.holds(review.COUNSELLING) else None
    if keeps_notes and note is None:
        fresh = Erasure(
            id=person_id,
            erased_on=erased_on,
            erased_by=work.actor.staff_id,
            counselling_done_on=done,
            in_backups_until=retention.backups_until(erased_on),
        )
        work.save(fresh, by_program=True)
    elif note is not None and note.counselling_done_on is None and done is not None:
        work.save(dataclasses.replace(note, counselling_done_on=done), by_program=True)
    return gone.files
