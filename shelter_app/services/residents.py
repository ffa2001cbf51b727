"""The list of residents, and recording people: search first, then create, then keep up to date."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from shelter_app import paths
from shelter_app.domain import access
from shelter_app.domain import name_folding as folding
from shelter_app.domain.access import Action, Actor
from shelter_app.domain.fields import fields_of
from shelter_app.domain.person import (
    AFTERCARE,
    CLOSED,
    IN_RESIDENCE,
    NOT_ADMITTED,
    Alias,
    Person,
    PersonBackground,
    SealedIdentity,
    age_band,
    code_for,
    situation_of,
)
from shelter_app.domain.record import Record
from shelter_app.domain.risk import RiskAssessment, current_risk
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Stay
from shelter_app.errors import NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services import identity, records, search
from shelter_app.services.resident_page import ResidentPage, resident_page
from shelter_app.services.work import Work
from shelter_app.storage.questions import residents as questions
from shelter_app.storage.questions.residents import BY_CODE, BY_NAME, BY_SINCE

__all__ = [
    "BY_CODE",
    "BY_NAME",
    "BY_SINCE",
    "CHIPS",
    "ListFilter",
    "ResidentPage",
    "create",
    "resident_page",
]

MINE: Final = "mine"
ALL: Final = "all"
CHIPS: Final = (IN_RESIDENCE, AFTERCARE, CLOSED, NOT_ADMITTED, MINE, ALL)

SEARCH_FIRST: Final = N_("Please look first whether she has been here before.")
NAME_WANTED: Final = N_("Please give a working name.")
TRUE_NAME: Final = N_(
    "This is, or sounds like, the true name of somebody in our care. Please choose another."
)
HER_OWN: Final = N_(
    "This is, or sounds like, her own true name, which the working name is there to hide. Please "
    "choose another."
)
AFTER_ADMISSION: Final = N_("This is after she came here. Check it, or the day of her admission.")
NAME_IN_USE: Final = N_(
    "Somebody goes by this name already, or did in the last five years. Please choose another, or "
    "add a letter."
)
_MOST_FOUND: Final = 1000
_MOST_SIMILAR: Final = 12
_A_NAME: Final = 3
"""Shorter words begin too many names to be looked for alone."""
_FREE_AGAIN: Final = timedelta(days=5 * 365)


# The list


@dataclass(frozen=True)
class ListFilter:
    """What the list is asked for."""

    chip: str = IN_RESIDENCE
    text: str = ""
    order: str = ""
    descending: bool = False


@dataclass(frozen=True)
class ListRow:
    """One line of the list; `since` is admission in residence and leaving afterwards."""

    id: int
    alias: str
    code: str
    age_band: str
    situation: str
    since: date | None
    case_worker: str
    risk_level: str
    away: str


def chip_counts(work: Work) -> dict[str, int]:
    """Return how many people each chip holds; chips closed to the worker are absent."""
    if not search.may_find_people(work):
        return {}
    found = questions.counts(work.connection, work.actor.staff_id)
    if not search.sees_who_left(work):
        here = {key: found[key] for key in (IN_RESIDENCE, NOT_ADMITTED)}
        return here | {MINE: found["mine_here"]}
    everybody = sum(found[key] for key in CHIPS[:4])
    return {key: found[key] for key in CHIPS[:4]} | {MINE: found[MINE], ALL: everybody}


def resident_ids(work: Work, wanted: ListFilter) -> list[int]:
    """Return the people of a chip that fit the text, in the order asked for."""
    if not search.may_find_people(work):
        return []
    ids = _found_ids(work, wanted) if wanted.text.strip() else _chip_ids(work, wanted)
    return ids[::-1] if wanted.descending else ids


def _chip_ids(work: Work, wanted: ListFilter) -> list[int]:
    connection = work.connection
    here_only = not search.sees_who_left(work)
    if wanted.chip == MINE:
        ids = questions.mine(connection, work.actor.staff_id, here_only=here_only)
    elif here_only:
        known = wanted.chip if wanted.chip == NOT_ADMITTED else IN_RESIDENCE
        ids = questions.standing(connection, known)
    elif wanted.chip == ALL:
        return questions.everybody(connection, wanted.order or BY_NAME)
    else:
        ids = questions.standing(connection, wanted.chip)
    if not wanted.order:
        wanted = dataclasses.replace(wanted, order=_usual_order(wanted.chip))
        if wanted.order == BY_SINCE:
            return ids[::-1]
    return questions.in_order(connection, ids, wanted.order)


def _usual_order(chip: str) -> str:
    return BY_NAME if chip in (IN_RESIDENCE, MINE, ALL) else BY_SINCE


def _found_ids(work: Work, wanted: ListFilter) -> list[int]:
    hits, _more = search.person_ids(work, wanted.text, limit=_MOST_FOUND)
    ids = list(hits)
    if wanted.chip == MINE:
        mine = questions.mine_of(work.connection, ids, work.actor.staff_id)
        ids = [person for person in ids if person in mine]
    elif wanted.chip != ALL:
        standing = questions.standing_of(work.connection, ids)
        ids = [person for person in ids if standing.get(person) == wanted.chip]
    return questions.in_order(work.connection, ids, wanted.order) if wanted.order else ids


def resident_rows(work: Work, ids: Sequence[int]) -> list[ListRow]:
    """Return the lines of these people, in the order given."""
    if not search.may_find_people(work):
        return []
    facts = questions.rows(work.connection, ids)
    staff = work.many(Staff, {one.case_manager for one in facts if one.case_manager})
    made = []
    for one in facts:
        since = one.exited_at or one.admitted_at
        worker = staff.get(one.case_manager)
        made.append(
            ListRow(
                id=one.person_id,
                alias=one.alias,
                code=one.code,
                age_band=one.age_band,
                situation=situation_of(one.state, one.exited_at),
                since=since.date() if since else None,
                case_worker=worker.alias if worker else "",
                risk_level=one.risk_level,
                away=one.away,
            )
        )
    return made


# A new resident


@dataclass(frozen=True)
class NewResidentForm:
    """What the form for a new person begins with and what this worker may fill in."""

    person: Person
    background: PersonBackground | None
    identity: SealedIdentity | None


def similar(work: Work, text: str) -> tuple[search.FoundPerson, ...]:
    """Return people who may be the one at the door: by name, code or alias.

    Who knows two names of her is also shown those who go by one of them: working names are short.
    """
    found = {one.id: one for one in search.people(work, text, limit=_MOST_SIMILAR)}
    words = [word for word in folding.words(text) if len(word) >= _A_NAME]
    for word in words if len(words) > 1 else ():
        for one in search.people(work, word, limit=_MOST_SIMILAR):
            found.setdefault(one.id, dataclasses.replace(one, exact=False))
    return tuple(found.values())[:_MOST_SIMILAR]


def may_create(work: Work) -> bool:
    """Say whether the worker records new people."""
    return access.may(work.actor, Action.WRITE, Person)


def new_resident(work: Work) -> NewResidentForm:
    """Return an empty form with a working name nobody had for five years."""
    work.require(Action.WRITE, Person)
    person = Person(display_alias=propose_name(work), person_no="", sex="F", language_main="swa")
    background = (
        PersonBackground() if access.may(work.actor, Action.WRITE, PersonBackground) else None
    )
    sealed = SealedIdentity() if identity.may_edit(work) else None
    return NewResidentForm(person, background, sealed)


def propose_name(work: Work, *, boys: bool = False) -> str:
    """Return an invented working name that is free and resembles no true name we may check."""
    names = list(_names("working_names_boys" if boys else "working_names"))
    secrets.SystemRandom().shuffle(names)
    candidates: Iterator[str] = iter(names)
    for name in candidates:
        if is_free(work, name):
            return name
    # Every name of the list is in use: a letter tells two of them apart.
    letters = "ABCDEFGHJKLMNPRSTW"
    lettered = (f"{name} {letter}." for letter in letters for name in names)
    return next((name for name in lettered if is_free(work, name)), "")


def is_free(work: Work, name: str) -> bool:
    """Say whether a working name was not used for five years and is nobody's true name."""
    work.require(Action.READ, Person)
    since = work.now - _FREE_AGAIN
    if questions.is_used_since(work.connection, name, since):
        return False
    return not identity.resembles_true_name(work, name)


def _refuse_name_in_use(work: Work, name: str) -> None:
    """Refuse a working name that two people would be called by: one would get the other's call."""
    words = folding.words(name)
    since = work.now - _FREE_AGAIN
    used = questions.names_used_since(work.connection, words[0], since) if words else []
    if any(folding.words(other) == words for other in used):
        raise ValidationFailed((Problem("display_alias", NAME_IN_USE),))


@cache
def _names(list_name: str) -> tuple[str, ...]:
    lines = paths.resource("wordlists", f"{list_name}.txt").read_text(encoding="utf-8")
    return tuple(
        line.strip() for line in lines.splitlines() if line.strip() and not line.startswith("#")
    )


def create(
    work: Work,
    person: Person,
    *,
    background: PersonBackground | None = None,
    sealed: SealedIdentity | None = None,
    looked_for: str,
) -> Person:
    """Record a new person after a search, with what the worker's keys reach, all or nothing."""
    if not looked_for.strip():
        raise NotPossible(SEARCH_FIRST)
    if not person.display_alias.strip():
        raise ValidationFailed((Problem("display_alias", NAME_WANTED),))
    resembles = identity.resembles_true_name(work, person.display_alias)
    if resembles:
        raise ValidationFailed((Problem("display_alias", TRUE_NAME),))
    _refuse_name_in_use(work, person.display_alias)
    if sealed is not None and identity.given_away(person.display_alias, sealed):
        raise ValidationFailed((Problem("display_alias", HER_OWN),))
    serial = questions.last_serial(work.connection) + 1
    person = dataclasses.replace(person, person_no=person.person_no or code_for(serial))
    if background and background.birth_date:
        band = age_band(background.birth_date, work.today)
        person = dataclasses.replace(person, age_band=band)
    saved = work.save(person)
    if background is not None:
        work.save(dataclasses.replace(background, id=saved.id, person_id=saved.id))
    if sealed is not None and not identity.is_empty(sealed):
        identity.save(work, dataclasses.replace(sealed, person_id=saved.id))
    _keep_alias(work, saved, collision_checked=resembles is not None)
    return saved


def _keep_alias(work: Work, person: Person, *, collision_checked: bool) -> None:
    """Keep the history of working names where the worker's key reaches it."""
    if not work.may(Action.WRITE, Alias, person.id):
        return
    alias = Alias(
        person_id=person.id,
        alias=person.display_alias,
        used_for="house",
        assigned_by=work.actor.staff_id,
        assigned_on=work.today,
        collision_checked=collision_checked,
    )
    work.save(alias)


# Keeping up to date


def save_person(work: Work, person: Person) -> Person:
    """Save what the house knows; a new working name is checked and joins the name's history."""
    before = work.get(Person, person.id)
    renamed = person.display_alias.strip() != before.display_alias
    resembles = identity.resembles_true_name(work, person.display_alias) if renamed else None
    if resembles:
        raise ValidationFailed((Problem("display_alias", TRUE_NAME),))
    if renamed:
        _refuse_name_in_use(work, person.display_alias)
    saved = records.save_record(work, person)
    if renamed:
        for alias in work.matching(Alias, person_id=person.id, used_for="house", active=True):
            work.save(dataclasses.replace(alias, active=False))
        _keep_alias(work, saved, collision_checked=resembles is not None)
    return saved


def save_alias(work: Work, alias: Alias) -> Alias:
    """Save a name in use; a true name never becomes one, as far as the worker's keys can tell."""
    before = work.rule_find(Alias, alias.id) if alias.id else None
    if before is None or before.alias != alias.alias.strip():
        resembles = identity.resembles_true_name(work, alias.alias)
        if resembles:
            raise ValidationFailed((Problem("alias", TRUE_NAME),))
        alias = dataclasses.replace(alias, collision_checked=resembles is not None)
    return records.save_record(work, alias)


def save_background(work: Work, background: PersonBackground) -> PersonBackground:
    """Save the background; the age band that the house sees follows the date of birth."""
    person_id = background.person_id
    background = dataclasses.replace(background, id=person_id)
    _check_born_before_admission(work, background)
    saved = records.save_record(work, _without_unwritable(work, background))
    person = work.rule_find(Person, person_id)
    if person and saved.birth_date:
        _project(work, person, age_band=age_band(saved.birth_date, work.today))
    return saved


def _check_born_before_admission(work: Work, background: PersonBackground) -> None:
    first = work.rule_matching(
        Stay, order=("admitted_at",), limit=1, person_id=background.person_id
    )
    for stay in first:
        born, came = background.birth_date, stay.admitted_at
        if born and came and born > came.date():
            raise ValidationFailed((Problem("birth_date", AFTER_ADMISSION),))


def _without_unwritable(work: Work, background: PersonBackground) -> PersonBackground:
    """Keep what is stored in fields whose level the worker may read but not write."""
    stored = work.rule_find(PersonBackground, background.id) or PersonBackground()
    kept = {name: getattr(stored, name) for name in unwritable_fields(work.actor, PersonBackground)}
    return dataclasses.replace(background, **kept)


def unwritable_fields(actor: Actor, kind: type[Record]) -> frozenset[str]:
    """Return the names of the fields the worker does not write on this type of record."""
    return frozenset(
        field.name
        for field in fields_of(kind)
        if field.level != kind.level
        and not access.may_level(actor.roles, Action.WRITE, field.level, kind.table, assigned=True)
    )


def save_risk(work: Work, assessment: RiskAssessment) -> RiskAssessment:
    """Save an assessment; the level and review day that the house sees follow."""
    saved = records.save_record(work, assessment)
    person = work.rule_find(Person, saved.person_id)
    if person:
        known = work.rule_matching(RiskAssessment, person_id=saved.person_id)
        level, due = current_risk(known)
        _project(work, person, risk_level=level, risk_review_due=due)
    return saved


def refresh_projections(work: Work) -> int:
    """Bring the age bands of those who live here or are in aftercare up to date, at sign-in."""
    if not (work.holds("house") and work.holds("cases")) or not may_create(work):
        return 0
    changed = 0
    for one in questions.births_in_care(work.connection):
        band = age_band(one.birth_date, work.today)
        person = work.rule_find(Person, one.person_id) if band != one.age_band else None
        if person:
            _project(work, person, age_band=band)
            changed += 1
    return changed


def _project(work: Work, person: Person, **values: Any) -> None:
    after = dataclasses.replace(person, **values)
    if after != person:
        work.save(after, by_program=True)
