"""Who works here: their way in, their roles, and the keys that follow from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast

from shelter_app.domain.access import COMPARTMENTS, compartments_of, refused_combination
from shelter_app.domain.staff import Staff
from shelter_app.errors import (
    NotFound,
    NotPossible,
    Problem,
    ValidationFailed,
    WrongPassphrase,
)
from shelter_app.i18n import N_
from shelter_app.services import house_settings, key_changes, sheet_care
from shelter_app.services.desk import Executor
from shelter_app.services.key_changes import KEEPERS, Due
from shelter_app.services.sheet_care import SheetLine
from shelter_app.services.work import Work
from shelter_app.storage import passphrase as phrases
from shelter_app.storage import recovery_parts
from shelter_app.storage.keyholder import PendingGrant
from shelter_app.storage.vault import VaultThread

TAKEN: Final = N_("Somebody here already has this name. Please choose another.")
LAST_MANAGER: Final = N_(
    "There must always be a manager. Make somebody else manager first, then change this account."
)
NOT_YOURSELF: Final = N_("You cannot close your own account. Another manager can.")
OWN_PASSWORD: Final = N_("You change your own password beside the list, with the old one.")
CLOSED: Final = N_("This account is closed.")
OTHER_SHEET: Final = N_("This sheet does not open that part. Please take the other sheet.")
KEEPER_IN_TWO_HANDS: Final = N_(
    "Keeping the system cannot go together with managing or counselling. Please choose one of them."
)


@dataclass(frozen=True)
class Arrival:
    """What a worker is told right after signing in."""

    failures: int
    failures_since: datetime | None
    closed_cleanly: bool
    waiting_grants: int
    waits: bool
    """Her own role opens a part whose key nobody has granted her yet."""
    due: Due
    sheets: tuple[SheetLine, ...]
    """Recovery sheets to look after now; for managers and, for sheet C, counsellors."""


@dataclass(frozen=True)
class StaffLine:
    """One account as listed: `waits_for` are the compartments somebody must still grant."""

    id: int
    alias: str
    roles: tuple[str, ...]
    closed: bool
    is_me: bool
    waits_for: tuple[str, ...]
    last_day: date | None = None


@dataclass(frozen=True)
class Wish:
    """A key somebody waits for; the words are compared aloud before it is granted."""

    slot_id: str
    compartment: str
    alias: str
    asked_by: str
    check_words: tuple[str, ...]
    may_grant: bool
    is_mine: bool = False


def vault_thread() -> Executor:
    """Return a new thread for a vault; the windows give it everything that takes time."""
    return cast("Executor", VaultThread())


def counted(work: Work, badges: Mapping[str, Callable[[Work], int]]) -> dict[str, int]:
    """Return what waits in each place, in one go."""
    return {key: count(work) for key, count in badges.items()}


def arrival(work: Work) -> Arrival:
    """Return what should be said after signing in."""
    vault = work.vault
    since = _moment(vault.failures_since)
    wishes = wishes_for_keys(work)
    return Arrival(
        vault.failures_before,
        since,
        vault.clean_before,
        sum(1 for wish in wishes if wish.may_grant),
        any(wish.is_mine for wish in wishes),
        key_changes.due(work),
        sheet_care.to_look_after(work),
    )


def _moment(stamp: str) -> datetime | None:
    """Return the local wall time of a UTC stamp of the keyring."""
    if not stamp:
        return None
    return datetime.fromisoformat(stamp).astimezone().replace(tzinfo=None)


# Pass phrases


def proposed(work: Work, language: str) -> str:
    """Return four random words that this house would take."""
    return phrases.propose(language, _close_to_home(work))


def weakness(work: Work, candidate: str, alias: str = "") -> str:
    """Say in a sentence why a pass phrase will not do, or return ''."""
    return phrases.weakness(candidate, [*_close_to_home(work), alias])


def _close_to_home(work: Work) -> list[str]:
    """Return the names that are guessed first: of those who sign in, and of the house."""
    return [*(way.alias for way in work.vault.slot_names()), house_settings.facts(work).name]


def change_passphrase(work: Work, old: str, new: str, *, known: bool = False) -> None:
    """Change the signed-in worker's own pass phrase; WrongPassphrase when the old one is not it.

    When somebody may know the old one, everything it opened is due for new keys.
    """
    _require_strong(work, new)
    work.vault.change_passphrase(old, new, known=known)
    work.log("change", _me(work), "pass phrase, old one known" if known else "pass phrase")


def reset_passphrase(work: Work, staff_id: int, new: str) -> None:
    """Let a worker who forgot her pass phrase type a new one; the manager never sees it.

    Keys the manager does not hold wait for somebody who does, as on the first day.
    """
    work.require_role(*KEEPERS)
    staff = work.get(Staff, staff_id)
    if staff_id == work.actor.staff_id or staff.locked:
        raise NotPossible(OWN_PASSWORD)
    _require_strong(work, new, staff.alias)
    work.vault.reset_passphrase(staff.slot_id, new)
    work.log("change", staff, "pass phrase")


def _require_strong(work: Work, candidate: str, alias: str = "") -> None:
    sentence = weakness(work, candidate, alias)
    if sentence:
        raise ValidationFailed((Problem("passphrase", sentence),))


# Accounts


def refusal(roles: frozenset[str]) -> str:
    """Say in a sentence why these roles cannot be in one hand, or return ''."""
    return KEEPER_IN_TWO_HANDS if refused_combination(roles) else ""


def opened_by(roles: frozenset[str]) -> tuple[str, ...]:
    """Return the compartments these roles open, in their usual order."""
    held = compartments_of(roles)
    return tuple(name for name in COMPARTMENTS if name in held)


def staff_list(work: Work) -> tuple[StaffLine, ...]:
    """Return everybody, those with an open account first, by name."""
    waiting: dict[str, list[str]] = {}
    for pending in work.vault.pending():
        waiting.setdefault(pending.wish.slot, []).append(pending.wish.compartment)
    lines = [
        StaffLine(
            id=staff.id,
            alias=staff.alias,
            roles=staff.roles,
            closed=staff.locked,
            is_me=staff.id == work.actor.staff_id,
            waits_for=tuple(waiting.get(staff.slot_id, ())),
            last_day=staff.ended_on,
        )
        for staff in work.matching(Staff)
    ]
    return tuple(sorted(lines, key=lambda line: (line.closed, line.alias.casefold())))


def add_staff(work: Work, alias: str, roles: frozenset[str], passphrase: str) -> Staff:
    """Open an account; the new person has typed the pass phrase, nobody else has seen it.

    Compartments whose keys the manager does not hold wait for somebody who does.
    """
    work.require_role(*KEEPERS)
    staff = Staff(alias=alias.strip(), roles=_ordered(roles), started_on=work.today)
    _check(work, staff)
    _require_strong(work, passphrase, staff.alias)
    slot_id = work.vault.add_slot(staff.alias, passphrase, compartments_of(roles))
    work.vault.let_restore(slot_id, may="manager" in roles)
    return keep_new(work, staff, slot_id)


def keep_new(work: Work, staff: Staff, slot_id: str) -> Staff:
    """Keep a new worker whose way in has just been made; without the record there is no way in."""
    try:
        return work.save(dataclasses.replace(staff, slot_id=slot_id), by_program=True)
    except BaseException:
        work.vault.disable_slot(slot_id)
        raise


def change_roles(work: Work, staff_id: int, roles: frozenset[str]) -> Staff:
    """Give other roles: keys that are held here are granted at once, others wait for approval."""
    work.require_role(*KEEPERS)
    before = work.get(Staff, staff_id)
    changed = dataclasses.replace(before, roles=_ordered(roles))
    _check(work, changed)
    if "manager" in before.roles and "manager" not in roles:
        _require_other_manager(work, staff_id)
    kept = work.save(changed, by_program=True)
    work.vault.set_compartments(before.slot_id, compartments_of(roles))
    work.vault.let_restore(before.slot_id, may="manager" in roles)
    work.log("grant", kept, ", ".join(kept.roles))
    return kept


def close_account(work: Work, staff_id: int) -> Staff:
    """Close an account: the way in is gone, what the person wrote and signed stays."""
    work.require_role(*KEEPERS)
    if staff_id == work.actor.staff_id:
        raise NotPossible(NOT_YOURSELF)
    staff = work.get(Staff, staff_id)
    if "manager" in staff.roles:
        _require_other_manager(work, staff_id)
    last = min(staff.ended_on or work.today, work.today)
    closed = dataclasses.replace(staff, locked=True, ended_on=last)
    kept = work.save(closed, by_program=True)
    work.vault.disable_slot(staff.slot_id)
    work.log("revoke", kept)
    return kept


def set_last_day(work: Work, staff_id: int, day: date | None) -> Staff:
    """Say when somebody's last working day is; after it the account closes by itself."""
    work.require_role(*KEEPERS)
    staff = work.get(Staff, staff_id)
    if staff.locked:
        raise NotPossible(CLOSED)
    if day is not None and "manager" in staff.roles:
        _require_other_manager(work, staff_id)
    return work.save(dataclasses.replace(staff, ended_on=day), by_program=True)


def close_leavers(work: Work) -> tuple[str, ...]:
    """Close the accounts whose last day is over, at each sign-in of a keeper; returns the names.

    The last manager stays: without her nobody could open an account again.
    """
    if not work.actor.has_role(*KEEPERS):
        return ()
    closed = []
    for staff in work.rule_matching(Staff, locked=False):
        gone = staff.has_left(work.today) and staff.id != work.actor.staff_id
        if gone and ("manager" not in staff.roles or _other_manager(work, staff.id)):
            close_account(work, staff.id)
            closed.append(staff.alias)
    return tuple(sorted(closed, key=str.casefold))


def _check(work: Work, staff: Staff) -> None:
    if refused_combination(frozenset(staff.roles)):
        raise ValidationFailed((Problem("roles", KEEPER_IN_TWO_HANDS),))
    found = staff.problems()
    if found:
        raise ValidationFailed(tuple(found))
    same = staff.alias.casefold()
    for other in work.rule_matching(Staff):
        if other.id != staff.id and other.alias.casefold() == same:
            raise ValidationFailed((Problem("alias", TAKEN),))


def _require_other_manager(work: Work, staff_id: int) -> None:
    if not _other_manager(work, staff_id):
        raise NotPossible(LAST_MANAGER)


def _other_manager(work: Work, staff_id: int) -> bool:
    """Say whether a manager would be left who stays."""
    return any(
        "manager" in other.roles and other.id != staff_id and other.ended_on is None
        for other in work.rule_matching(Staff, locked=False)
    )


def _ordered(roles: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(roles))


def _me(work: Work) -> Staff:
    return work.get(Staff, work.actor.staff_id)


# Keys that wait


def wishes_for_keys(work: Work) -> tuple[Wish, ...]:
    """Return the keys people wait for; those held here may be granted here."""
    return tuple(
        Wish(
            slot_id=pending.wish.slot,
            compartment=pending.wish.compartment,
            alias=pending.alias,
            asked_by=pending.asked_by_alias,
            check_words=pending.check_words,
            may_grant=_may_grant(work, pending),
            is_mine=pending.wish.slot == work.actor.slot_id,
        )
        for pending in work.vault.pending()
    )


def _may_grant(work: Work, pending: PendingGrant) -> bool:
    return (
        pending.wish.compartment in work.vault.compartments
        and pending.wish.slot != work.actor.slot_id
    )


def grant(work: Work, wish: Wish) -> None:
    """Grant a key after the words were compared."""
    work.vault.approve(_pending(work, wish))
    work.log("grant", _staff_of(work, wish.slot_id), wish.compartment)


def grant_by_sheet(work: Work, wish: Wish, code: str) -> None:
    """Grant a key nobody here holds, such as the first counsellor's, with the recovery sheet."""
    work.require_role(*KEEPERS)
    pending = _pending(work, wish)
    try:
        work.vault.approve_by_sheet(pending, recovery_parts.read(code))
    except (NotFound, WrongPassphrase):
        raise NotPossible(OTHER_SHEET) from None
    work.log("grant", _staff_of(work, wish.slot_id), wish.compartment)


def refuse(work: Work, wish: Wish) -> None:
    """Drop a wish for a key."""
    if not _may_grant(work, _pending(work, wish)):
        work.require_role(*KEEPERS)
    work.vault.refuse(_pending(work, wish))
    work.log("revoke", _staff_of(work, wish.slot_id), wish.compartment)


def _pending(work: Work, wish: Wish) -> PendingGrant:
    for pending in work.vault.pending():
        if (pending.wish.slot, pending.wish.compartment) == (wish.slot_id, wish.compartment):
            return pending
    raise NotPossible(N_("Nobody waits for this key any more."))


def _staff_of(work: Work, slot_id: str) -> Staff:
    found = work.rule_matching(Staff, slot_id=slot_id)
    return found[0] if found else _me(work)
