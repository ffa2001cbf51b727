"""What the forms of the resident page begin with, and where their links come from."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from shelter_app.domain.access import Action
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.domain.consent import Consent
from shelter_app.domain.legal import LegalCase, Suspect
from shelter_app.domain.partner import Partner
from shelter_app.domain.person import Alias, IdentityDocument, Person, PersonBackground
from shelter_app.domain.record import Record
from shelter_app.domain.risk import RiskAssessment
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotFound
from shelter_app.services.records import masked, refuse_unlogged
from shelter_app.services.work import Work, person_of
from shelter_app.storage.questions.search import Index

_RISK_AGAIN = timedelta(days=28)
_CONSENT_AGAIN = timedelta(days=365)
_MOST = 12


def to_edit(work: Work, kind: type[Record], person_id: int, record_id: int) -> Record:
    """Return the stored record, or a new one with what is usual filled in."""
    refuse_unlogged(kind)
    shared = kind in (Person, PersonBackground)
    wanted = person_id if shared else record_id
    found = work.find(kind, wanted) if wanted else None
    if found is not None and person_of(found) == person_id:
        return masked(work, found)
    if record_id or kind is Person:
        raise NotFound(f"{kind.table} {record_id}")
    work.require(Action.WRITE, kind, person_id)
    return _new(work, kind, person_id)


def _stage(work: Work, person_id: int) -> str:
    """Return when a risk is assessed: at intake the first time, then now and again."""
    known = work.rule_matching(RiskAssessment, limit=1, person_id=person_id)
    return "periodic" if known else "intake"


def _new(work: Work, kind: type[Record], person_id: int) -> Record:
    person = work.get(Person, person_id)
    staff, today = work.actor.staff_id, work.today
    usual: dict[type[Record], dict[str, Any]] = {
        RiskAssessment: {
            "stage": _stage(work, person_id),
            "done_at": work.now,
            "done_by": staff,
            "review_due": today + _RISK_AGAIN,
        },
        Consent: {
            "explained_in": person.language_main,
            "explained_by": staff,
            "given_on": today,
            "expires_on": today + _CONSENT_AGAIN,
        },
        Alias: {"assigned_by": staff, "assigned_on": today},
        IdentityDocument: {},
        PersonBackground: {"id": person_id},
    }
    blank: Any = kind()
    made: Record = dataclasses.replace(blank, person_id=person_id, **usual.get(kind, {}))
    return made


def staff_choices(work: Work, typed: str) -> list[tuple[int, str]]:
    """Return the workers whose name has the typed letters."""
    wanted = typed.casefold()
    found = work.matching(Staff, order=("alias",))
    return [
        (one.id, one.alias)
        for one in found
        if wanted in one.alias.casefold() and not one.locked and not one.ended_on
    ][:_MOST]


def staff_label(work: Work, staff_id: int) -> str:
    """Return a worker's name as shown in the program."""
    found = work.find(Staff, staff_id)
    return found.alias if found else ""


def partner_choices(work: Work, typed: str) -> list[tuple[int, str]]:
    """Return partners by name, forgiving spelling; the first of the list when nothing is typed."""
    if not typed.strip():
        found = work.matching(Partner, order=("name",), limit=_MOST)
        return [(one.id, one.name) for one in found]
    hits = Index(work.connection, "office", (Partner.table,)).search(typed, _MOST)
    partners = work.many(Partner, [hit.record_id for hit in hits])
    return [(hit.record_id, partners[hit.record_id].name) for hit in hits]


def partner_label(work: Work, partner_id: int) -> str:
    """Return a partner's name."""
    found = work.find(Partner, partner_id)
    return found.name if found else ""


def accused_choices(work: Work, typed: str, *, person_id: int) -> list[tuple[int, str]]:
    """Return the accused of a person's matters by number, for the threat that is named."""
    cases = work.matching(LegalCase, person_id=person_id, order=("-opened_on", "id"))
    joined = work.matching(CaseSurvivor, person_id=person_id)
    shared = work.many(LegalCase, [one.legal_case_id for one in joined])
    wanted = typed.strip().casefold()
    found = []
    for case in (*cases, *shared.values()):
        for suspect in work.matching(Suspect, legal_case_id=case.id, order=("accused_no",)):
            words = f"{case.short_title} · {suspect.headline()}"
            if wanted in words.casefold():
                found.append((suspect.id, words))
    return found[:_MOST]


def accused_label(work: Work, suspect_id: int) -> str:
    """Return matter, number and status of an accused; never the name."""
    suspect = work.find(Suspect, suspect_id)
    case = work.find(LegalCase, suspect.legal_case_id) if suspect else None
    return f"{case.short_title} · {suspect.headline()}" if suspect and case else ""
