"""Break-glass: a sealed record opens with a typed reason, for one resident and one hour.

The manager and the data protection lead are told at their next arrival until each of them has
said that she saw it; that too is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shelter_app.domain import codelists
from shelter_app.domain.oversight import (
    IDENTITY,
    OPEN_FOR,
    REASON_AT_LEAST,
    TRUE_NAME_SEARCH,
    BreakGlass,
    BreakGlassSeen,
)
from shelter_app.domain.person import Person, PersonBackground, SealedIdentity
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotAllowed, NotFound, NotPossible
from shelter_app.i18n import N_
from shelter_app.services.work import Work

INFORMED: Final = ("manager", "dpo")
"""Who is told of every opening that was not her own."""
ACTION: Final = "break-glass"
SAY_WHY: Final = N_("Please say why, in a few words (15 letters or more).")


@dataclass(frozen=True)
class Opening:
    """One opening as those who watch over them read it; `code` is '' for a search."""

    id: int
    who: str
    what: str
    code: str
    reason: str
    opened_at: datetime
    open_until: datetime | None


def may_ask(work: Work) -> bool:
    """Say whether a reason would open true identities to the worker: by role and by key."""
    return work.may_break(SealedIdentity)


def standing(work: Work, person_id: int) -> BreakGlass | None:
    """Return the worker's own opening that still runs for this person."""
    if not may_ask(work):
        return None
    mine = work.rule_matching(
        BreakGlass, person_id=person_id, staff_id=work.actor.staff_id, order=("-opened_at",)
    )
    return next((one for one in mine if one.is_open(work.now)), None)


def checked_reason(reason: str) -> str:
    """Return a reason that says something, or NotPossible."""
    said = " ".join(reason.split())
    if len(said) < REASON_AT_LEAST:
        raise NotPossible(SAY_WHY)
    return said


def open_glass(work: Work, person_id: int, reason: str) -> BreakGlass:
    """Open one resident's sealed record for an hour; runs as a change, kept before it shows."""
    if not may_ask(work):
        raise NotAllowed("break glass")
    if work.find(Person, person_id) is None:
        raise NotFound(f"person {person_id}")
    return _kept(work, person_id, IDENTITY, checked_reason(reason))


def note_search(work: Work, reason: str) -> BreakGlass:
    """Keep that somebody looked among true names; nothing stays open afterwards."""
    if not may_ask(work):
        raise NotAllowed("break glass")
    return _kept(work, 0, TRUE_NAME_SEARCH, checked_reason(reason))


def _kept(work: Work, person_id: int, what: str, said: str) -> BreakGlass:
    until = work.now if what == TRUE_NAME_SEARCH else work.now + OPEN_FOR
    kept = work.save(
        BreakGlass(
            person_id=person_id,
            staff_id=work.actor.staff_id,
            what=what,
            reason=said,
            opened_at=work.now,
            open_until=until,
        ),
        by_program=True,
    )
    if person_id:
        note_look(work, person_id, said)
    return kept


def note_look(work: Work, person_id: int, said: str) -> None:
    """Write a look at a true identity into the audit trail, of whoever may look.

    The row in the casework file tells those who may not see the identity that somebody did.
    """
    if not may_ask(work):
        raise NotAllowed("identity")
    work.log(ACTION, SealedIdentity(id=person_id, person_id=person_id), said)
    if work.holds("cases"):
        work.log(ACTION, PersonBackground(id=person_id, person_id=person_id), said)


# Those who are told


def is_informed(work: Work) -> bool:
    """Say whether the worker is told of openings."""
    return work.actor.has_role(*INFORMED) and work.holds("cases")


def unseen(work: Work) -> tuple[Opening, ...]:
    """Return openings by others that the worker has not acknowledged, oldest first."""
    if not is_informed(work):
        return ()
    seen = {
        one.break_glass_id
        for one in work.rule_matching(BreakGlassSeen, staff_id=work.actor.staff_id)
    }
    found = [
        one
        for one in work.rule_matching(BreakGlass, order=("opened_at", "id"))
        if one.id not in seen and one.staff_id != work.actor.staff_id
    ]
    staff = work.many(Staff, {one.staff_id for one in found})
    persons = work.many(Person, {one.person_id for one in found if one.person_id})
    return tuple(_shown(one, staff, persons) for one in found)


def _shown(one: BreakGlass, staff: dict[int, Staff], persons: dict[int, Person]) -> Opening:
    person = persons.get(one.person_id)
    assert one.opened_at is not None
    return Opening(
        id=one.id,
        who=staff[one.staff_id].alias if one.staff_id in staff else "",
        what=codelists.label("sealed_part", one.what),
        code=person.person_no if person else "",
        reason=one.reason,
        opened_at=one.opened_at,
        open_until=one.open_until if one.what == IDENTITY else None,
    )


def acknowledge(work: Work, opening_id: int) -> BreakGlassSeen:
    """Keep that the worker has seen an opening; asking twice changes nothing."""
    if not is_informed(work):
        raise NotAllowed("acknowledge")
    opening = work.rule_find(BreakGlass, opening_id)
    if opening is None or opening.staff_id == work.actor.staff_id:
        raise NotFound(f"break_glass {opening_id}")
    me = work.actor.staff_id
    known = work.rule_matching(BreakGlassSeen, break_glass_id=opening_id, staff_id=me)
    if known:
        return known[0]
    return work.save(
        BreakGlassSeen(
            person_id=opening.person_id,
            break_glass_id=opening_id,
            staff_id=me,
            seen_at=work.now,
        ),
        by_program=True,
    )
