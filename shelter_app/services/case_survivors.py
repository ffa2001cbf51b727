"""Several survivors in one case: who they are, adding one, taking one out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from shelter_app.domain.access import Action
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.domain.legal import LegalCase
from shelter_app.domain.person import Person
from shelter_app.errors import NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_, _
from shelter_app.services import court_attendance
from shelter_app.services.work import Work

ALREADY_IN_IT: Final = N_("She is in this case already.")
SAY_WHY: Final = N_("Please say why.")


@dataclass(frozen=True)
class OtherSurvivor:
    """A further survivor of a case as the page shows her."""

    record: CaseSurvivor
    words: str


def of_case(work: Work, case_id: int) -> tuple[OtherSurvivor, ...]:
    """Return the further survivors of a case, in the order in which they joined."""
    found = work.matching(CaseSurvivor, legal_case_id=case_id, order=("joined_on", "id"))
    people = work.many(Person, {one.person_id for one in found})
    words = _("{code} “{name}”")
    return tuple(
        OtherSurvivor(one, words.format(code=person.person_no, name=person.display_alias))
        for one in found
        if (person := people.get(one.person_id)) is not None
    )


def cases_of(work: Work, person_id: int) -> list[LegalCase]:
    """Return the cases a person was added to, besides those opened for her."""
    joined = work.matching(CaseSurvivor, person_id=person_id, order=("-joined_on", "id"))
    found = work.many(LegalCase, [one.legal_case_id for one in joined])
    return [
        found[one.legal_case_id]
        for one in joined
        if one.legal_case_id in found and not found[one.legal_case_id].voided
    ]


def new(work: Work, case_id: int) -> CaseSurvivor:
    """Return an entry to fill in."""
    return CaseSurvivor(legal_case_id=case_id, joined_on=work.today)


def save(work: Work, entry: CaseSurvivor) -> CaseSurvivor:
    """Add a survivor to a case, or change how she is named there."""
    case = work.get(LegalCase, entry.legal_case_id)
    work.require(Action.WRITE, LegalCase, case.person_id)
    if entry.revision:
        stored = work.get(CaseSurvivor, entry.id)
        return work.save(
            replace(entry, person_id=stored.person_id, legal_case_id=stored.legal_case_id)
        )
    known = work.rule_matching(CaseSurvivor, legal_case_id=case.id, person_id=entry.person_id)
    if known or entry.person_id == case.person_id:
        raise ValidationFailed((Problem("person_id", ALREADY_IN_IT),))
    kept = work.save(entry)
    court_attendance.join(work, case.id, kept.person_id)
    return kept


def take_out(work: Work, entry_id: int, reason: str) -> CaseSurvivor:
    """Take a survivor out of a case she was added to by mistake, or who withdrew."""
    entry = work.get(CaseSurvivor, entry_id)
    case = work.get(LegalCase, entry.legal_case_id)
    work.require(Action.WRITE, LegalCase, case.person_id)
    if not reason.strip():
        raise NotPossible(SAY_WHY)
    court_attendance.leave(work, case.id, entry.person_id)
    return work.void(CaseSurvivor, entry_id, reason)
