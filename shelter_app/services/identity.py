"""True identity: shown only with the key, a typed reason and a row in the audit (break-glass)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shelter_app.domain import name_folding as folding
from shelter_app.domain.person import Person, SealedIdentity
from shelter_app.domain.record import Record
from shelter_app.domain.sealed_details import PARENTS
from shelter_app.errors import NotAllowed, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services import break_glass
from shelter_app.services.work import Work
from shelter_app.storage.questions import residents as questions

SHOWN_SECONDS: Final = 120
EDITORS: Final = ("social_worker", "legal_officer", "manager")
NAMES: Final = ("true_first_name", "true_other_names", "nickname_known")
CALLED_BY_IT: Final = N_(
    "Everybody in the house calls her by this name, or by one that sounds like it. Please give "
    "her another working name first."
)


@dataclass(frozen=True)
class Shown:
    """A true identity on the screen for a short time; empty fields when none was recorded."""

    identity: SealedIdentity
    may_edit: bool
    seconds: int = SHOWN_SECONDS
    details: tuple[Record, ...] = ()
    """Names and numbers beside her other records: of papers, consents, where she went."""


def may_reveal(work: Work) -> bool:
    """Say whether a reason would open it to the worker; without that the link is absent."""
    return break_glass.may_ask(work)


def may_edit(work: Work) -> bool:
    """Say whether the worker may write true identities down."""
    return may_reveal(work) and work.actor.has_role(*EDITORS)


def open_until(work: Work, person_id: int) -> datetime | None:
    """Return until when this person's identity is open to the worker without a new reason."""
    found = break_glass.standing(work, person_id) if may_reveal(work) else None
    return found.open_until if found else None


def reveal(work: Work, person_id: int, reason: str = "") -> Shown:
    """Show a true identity; a reason opens it for an hour and is told to those who watch over it.

    Runs as a change, because the audit rows must be kept before anything is shown.
    """
    if not may_reveal(work):
        raise NotAllowed("identity")
    standing = break_glass.standing(work, person_id)
    if standing is None:
        break_glass.open_glass(work, person_id, reason)
    else:
        break_glass.note_look(work, person_id, standing.reason)
    kept = work.find(SealedIdentity, person_id)
    return Shown(
        kept or SealedIdentity(id=person_id, person_id=person_id),
        may_edit(work),
        details=_details(work, person_id),
    )


def _details(work: Work, person_id: int) -> tuple[Record, ...]:
    found: list[Record] = []
    for kind in PARENTS:
        found += work.rule_matching(kind, person_id=person_id, order=("created_at", "id"))
    return tuple(found)


def save(work: Work, identity: SealedIdentity) -> SealedIdentity:
    """Write a true identity down; it shares the person's id.

    Writing a first one needs no reason, because nothing is read; changing one does.
    """
    if not may_edit(work):
        raise NotAllowed("identity")
    before = work.rule_find(SealedIdentity, identity.person_id)
    first = before is None
    if before is None or any(getattr(identity, n) != getattr(before, n) for n in NAMES):
        _refuse_given_away(work, identity)
    return work.save(dataclasses.replace(identity, id=identity.person_id), by_program=first)


def is_empty(identity: SealedIdentity) -> bool:
    """Say whether nothing was filled in."""
    blank = SealedIdentity(id=identity.id, person_id=identity.person_id)
    return identity.cleaned() == blank


def resembles_true_name(work: Work, name: str) -> bool | None:
    """Say only whether a working name is or sounds like somebody's true name; None without key."""
    if not may_reveal(work):
        return None
    return questions.is_a_true_name(work.connection, folding.sounds(name))


def given_away(name: str, identity: SealedIdentity) -> str:
    """Return which of her own true names a working name is or sounds like, '' for none."""
    return next(
        (field for field in NAMES if folding.alike(name, getattr(identity, field))),
        "",
    )


def _refuse_given_away(work: Work, identity: SealedIdentity) -> None:
    """Refuse a true name that the whole house already calls her by."""
    person = work.rule_find(Person, identity.person_id)
    found = given_away(person.display_alias, identity) if person else ""
    if found:
        raise ValidationFailed((Problem(found, CALLED_BY_IT),))
