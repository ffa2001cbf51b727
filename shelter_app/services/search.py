"""Finding people, papers and partners; a search never reveals what the searcher cannot open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from shelter_app.domain import access, codelists
from shelter_app.domain.access import Action
from shelter_app.domain.aftercare import SafeContactNumber
from shelter_app.domain.document import Document
from shelter_app.domain.legal import LegalCase
from shelter_app.domain.partner import Partner
from shelter_app.domain.person import IN_RESIDENCE, NOT_ADMITTED, Alias, Person, SealedIdentity
from shelter_app.domain.record import Record
from shelter_app.errors import NotAllowed, NotFound
from shelter_app.i18n import N_, _
from shelter_app.services import break_glass
from shelter_app.services.work import Work
from shelter_app.storage.questions import residents as questions
from shelter_app.storage.questions.search import EXACT, Hit, Index

SEARCHED_TRUE_NAMES: Final = "search true names"
_EACH: Final = 8


@dataclass(frozen=True)
class FoundPerson:
    """A person by working name and code, and how she was found ('' by name or code)."""

    id: int
    alias: str
    code: str
    age_band: str
    situation: str
    exact: bool
    through: str = ""


@dataclass(frozen=True)
class Found:
    """One line of the palette: where to go and what to show."""

    place: str
    record_id: int
    label: str
    detail: str


@dataclass(frozen=True)
class Group:
    """Found lines of one kind, best first."""

    key: str
    lines: tuple[Found, ...]


def sees_who_left(work: Work) -> bool:
    """Say whether files of people who left are open to the worker; the house loses them."""
    return work.holds("cases")


def may_find_people(work: Work) -> bool:
    """Say whether the worker's key and role reach people at all."""
    return access.may(work.actor, Action.READ, Person)


def visible_person(work: Work, person_id: int) -> Person:
    """Return a person whose file is open to the worker; the house loses those who left."""
    person = work.get(Person, person_id)
    if person.voided:
        raise NotFound(f"person {person_id}")
    if not sees_who_left(work):
        standing = questions.standing_of(work.connection, [person_id])
        if standing.get(person_id) not in (IN_RESIDENCE, NOT_ADMITTED):
            raise NotFound(f"person {person_id}")
    return person


def person_ids(work: Work, text: str, *, limit: int = 50) -> tuple[dict[int, Hit], bool]:
    """Return the people found, best first, and whether there may be more."""
    if not may_find_people(work):
        return {}, False
    here_only = not sees_who_left(work)
    hits = Index(work.connection, "house", (Person.table,), here_only).search(text, limit)
    found = {hit.person_id: hit for hit in hits}
    exactly = sum(hit.rank == EXACT for hit in hits)
    if exactly < limit and access.may(work.actor, Action.READ, Alias):
        for hit in Index(work.connection, "cases", (Alias.table,)).search(text, limit):
            if hit.person_id not in found and work.may(Action.READ, Alias, hit.person_id):
                found[hit.person_id] = hit
    ordered = sorted(found.values(), key=lambda hit: hit.rank)[:limit]
    return {hit.person_id: hit for hit in ordered}, len(hits) >= limit


def people(work: Work, text: str, *, limit: int = 50) -> tuple[FoundPerson, ...]:
    """Return people by working name, code or alias, forgiving spelling; never by true name."""
    found, _more = person_ids(work, text, limit=limit)
    return _described(work, found.values())


def _described(work: Work, hits: Iterable[Hit]) -> tuple[FoundPerson, ...]:
    by_person = {hit.person_id: hit for hit in hits}
    if not by_person:
        return ()
    persons = work.many(Person, by_person)
    standing = questions.standing_of(work.connection, persons)
    return tuple(
        FoundPerson(
            id=person_id,
            alias=persons[person_id].display_alias,
            code=persons[person_id].person_no,
            age_band=persons[person_id].age_band,
            situation=standing.get(person_id, ""),
            exact=hit.rank == EXACT,
            through="" if hit.record_type == Person.table else hit.record_type,
        )
        for person_id, hit in by_person.items()
        if person_id in persons and not persons[person_id].voided
    )


def may_search_true_names(work: Work) -> bool:
    """Say whether the worker may look among true names, with a reason that is written down."""
    return break_glass.may_ask(work) and may_find_people(work)


def true_names(work: Work, text: str, reason: str) -> tuple[FoundPerson, ...]:
    """Look among true names and phone numbers; what was asked and why is written down.

    Runs as a change, because the audit row must be kept before anything is shown.
    """
    if not may_search_true_names(work):
        raise NotAllowed("search true names")
    break_glass.note_search(work, reason)
    kinds = (SealedIdentity.table, SafeContactNumber.table)
    hits = Index(work.connection, "identity", kinds).search(text, 20)
    said = _("{reason} · found: {count}").format(reason=reason.strip(), count=len(hits))
    # What was looked for may be a true name: whoever reads the trail gave no reason to see it.
    work.log(SEARCHED_TRUE_NAMES, SealedIdentity(), said, looked_for=text.strip())
    return _described(work, hits)


def everything(work: Work, text: str) -> tuple[Group, ...]:
    """Return what the command palette offers: people, case numbers, documents, partners."""
    if not text.strip():
        return ()
    groups = (
        Group("people", _people_lines(work, text)),
        Group("cases", _case_lines(work, text)),
        Group("documents", _document_lines(work, text)),
        Group("partners", _partner_lines(work, text)),
    )
    return tuple(group for group in groups if group.lines)


def _people_lines(work: Work, text: str) -> tuple[Found, ...]:
    return tuple(
        Found("resident", one.id, one.alias, f"{one.code} · {situation_label(one.situation)}")
        for one in people(work, text, limit=_EACH)
    )


def _records(
    work: Work, kind: type[Record], text: str, limit: int = _EACH
) -> Sequence[tuple[Record, Hit]]:
    if not access.may(work.actor, Action.READ, kind):
        return ()
    hits = Index(work.connection, kind.compartment, (kind.table,)).search(text, limit)
    found = work.many(kind, [hit.record_id for hit in hits])
    return [(found[hit.record_id], hit) for hit in hits if hit.record_id in found]


def _owners(work: Work, records: Sequence[tuple[Record, Hit]]) -> dict[int, Person]:
    if not may_find_people(work):
        return {}
    return work.many(Person, {hit.person_id for _record, hit in records})


def _case_lines(work: Work, text: str) -> tuple[Found, ...]:
    found = _records(work, LegalCase, text)
    owners = _owners(work, found)
    lines = []
    for case, hit in found:
        assert isinstance(case, LegalCase)
        owner = owners.get(hit.person_id)
        number = case.court_case_no or case.ob_number or case.short_title
        lines.append(Found("court", case.id, number, owner.headline() if owner else ""))
    return tuple(lines)


def _document_lines(work: Work, text: str) -> tuple[Found, ...]:
    found = _records(work, Document, text)
    owners = _owners(work, found)
    lines = []
    for document, hit in found:
        assert isinstance(document, Document)
        owner = owners.get(hit.person_id)
        words = [document.headline(), owner.headline() if owner else ""]
        detail = " · ".join(word for word in words if word)
        number = f"{document.doc_no}-v{document.version}"
        lines.append(Found("documents", document.id, number, detail))
    return tuple(lines)


def _partner_lines(work: Work, text: str) -> tuple[Found, ...]:
    lines = []
    for partner, _hit in _records(work, Partner, text):
        assert isinstance(partner, Partner)
        words = [codelists.label("partner_type", partner.type), partner.phone]
        detail = " · ".join(word for word in words if word)
        lines.append(Found("directory", partner.id, partner.name, detail))
    return tuple(lines)


_SITUATION_LABELS: Final = {
    "in_residence": N_("In residence"),
    "aftercare": N_("Aftercare"),
    "closed": N_("Closed"),
    "not_admitted": N_("Not admitted yet"),
}


def situation_label(situation: str) -> str:
    """Return how a situation is called."""
    return _(_SITUATION_LABELS.get(situation, ""))
