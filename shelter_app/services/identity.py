"""True identity: shown only with the key, a typed reason and a row in the audit (break-glass)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from shelter_app.domain import access
from shelter_app.domain import name_folding as folding
from shelter_app.domain.access import Action
from shelter_app.domain.person import PersonBackground, SealedIdentity
from shelter_app.errors import NotAllowed, NotPossible
from shelter_app.services.search import REASON_AT_LEAST, SAY_WHY
from shelter_app.services.work import Work
from shelter_app.storage.questions import residents as questions

BREAK_GLASS: Final = "break-glass"
SHOWN_SECONDS: Final = 120
_EDITORS: Final = ("social_worker", "legal_officer", "manager")


@dataclass(frozen=True)
class Shown:
    """A true identity on the screen for a short time; empty fields when none was recorded."""

    identity: SealedIdentity
    may_edit: bool
    seconds: int = SHOWN_SECONDS


def may_reveal(work: Work) -> bool:
    """Say whether the worker holds the key and the level; without it the link is absent."""
    return access.may(work.actor, Action.READ, SealedIdentity)


def may_edit(work: Work) -> bool:
    """Say whether the worker may write true identities down."""
    return may_reveal(work) and work.actor.has_role(*_EDITORS)


def reveal(work: Work, person_id: int, reason: str) -> Shown:
    """Show a true identity; the reason is written down for the manager and the data lead.

    Runs as a change, because the audit rows must be kept before anything is shown. The row in the
    casework file tells those who may not see the identity itself that somebody did.
    """
    if not may_reveal(work):
        raise NotAllowed("identity")
    said = reason.strip()
    if len(said) < REASON_AT_LEAST:
        raise NotPossible(SAY_WHY)
    kept = work.rule_find(SealedIdentity, person_id)
    identity = kept or SealedIdentity(id=person_id, person_id=person_id)
    work.log(BREAK_GLASS, identity, said)
    if work.holds("cases"):
        work.log(BREAK_GLASS, PersonBackground(id=person_id, person_id=person_id), said)
    return Shown(identity, may_edit(work))


def save(work: Work, identity: SealedIdentity) -> SealedIdentity:
    """Write a true identity down; it shares the person's id."""
    if not may_edit(work):
        raise NotAllowed("identity")
    return work.save(dataclasses.replace(identity, id=identity.person_id))


def is_empty(identity: SealedIdentity) -> bool:
    """Say whether nothing was filled in."""
    blank = SealedIdentity(id=identity.id, person_id=identity.person_id)
    return identity.cleaned() == blank


def resembles_true_name(work: Work, name: str) -> bool | None:
    """Say only whether a working name is or sounds like somebody's true name; None without key."""
    if not may_reveal(work):
        return None
    words = folding.words(name)
    terms = {*words, *(sound for word in words for sound in folding.folded(word))}
    return questions.is_a_true_name(work.connection, terms)
