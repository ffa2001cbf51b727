"""Why she left a programme: read and written with the counselling key, every look written down."""

from __future__ import annotations

from dataclasses import replace

from shelter_app.domain.access import Action
from shelter_app.domain.counselling import CounsellingEnrolment, CounsellingLeaving
from shelter_app.errors import NotAllowed
from shelter_app.services.work import Work


def may_open(work: Work, person_id: int) -> bool:
    """Say whether the reason is open to the worker; for everybody else it does not exist."""
    return work.may(Action.READ, CounsellingLeaving, person_id)


def open_leaving(work: Work, enrolment_id: int) -> CounsellingLeaving | None:
    """Return why she left a programme, an empty one to fill in, or None: it is closed.

    Runs as a change, because the audit row must be kept before anything is shown.
    """
    enrolment = work.get(CounsellingEnrolment, enrolment_id)
    if not may_open(work, enrolment.person_id):
        return None
    stored = work.find(CounsellingLeaving, enrolment_id)
    if stored is None or stored.voided:
        return CounsellingLeaving(id=enrolment.id, person_id=enrolment.person_id)
    work.log("open", stored)
    return stored


def keep(
    work: Work, enrolment: CounsellingEnrolment, leaving: CounsellingLeaving
) -> CounsellingLeaving | None:
    """Keep the reason as typed; one that says nothing is not begun."""
    if not work.may(Action.WRITE, CounsellingLeaving, enrolment.person_id):
        raise NotAllowed(f"write {CounsellingLeaving.table}")
    stored = work.find(CounsellingLeaving, enrolment.id)
    if stored is None and leaving.is_empty():
        return None
    base = stored or CounsellingLeaving(id=enrolment.id, person_id=enrolment.person_id)
    if stored is not None and not stored.voided:
        base = replace(base, revision=leaving.revision)
    wanted = replace(base, drop_reason=leaving.drop_reason, voided=False, void_reason="")
    return stored if wanted == stored else work.save(wanted)
