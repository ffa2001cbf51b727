"""What a recovery sheet can do before anybody signs in, and nothing more.

Sheet R makes a new manager when no manager can sign in. Sheet C gives the key of the counselling
notes to somebody who counsels here. Either way the sheet is made anew and what it opened gets new
keys, because its paper was out of the envelope.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from shelter_app.domain.access import COUNSELLORS, Actor, compartments_of
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotPossible, Problem, ValidationFailed, WrongPassphrase
from shelter_app.i18n import N_
from shelter_app.services import accounts, house_settings, key_changes
from shelter_app.services.inside import Inside
from shelter_app.services.key_changes import Course
from shelter_app.services.recovery_sheets import Sheet
from shelter_app.services.sheet_care import NO_SHEET
from shelter_app.services.work import Work, random_id
from shelter_app.storage import passphrase as phrases
from shelter_app.storage import recovery_parts
from shelter_app.storage import vault as storage

MANAGER: Final = frozenset({"manager"})
NOBODY_COUNSELS: Final = N_(
    "Nobody here has the role of a counsellor. A manager signs in first and gives the role to "
    "somebody, under Staff; then come back with sheet C."
)


@dataclass(frozen=True)
class Counsellor:
    """Somebody who could be given the key of the counselling notes."""

    staff_id: int
    alias: str
    holds_it: bool


@dataclass(frozen=True)
class Opened:
    """Which sheet was typed, and for sheet C who could be given its key."""

    letter: str
    counsellors: tuple[Counsellor, ...] = ()


def look(folder: Path, typed: str) -> Opened:
    """Say which sheet this is; for sheet C also who could be given its key."""
    letter = _letter(folder, typed)
    if letter != "C":
        return Opened(letter)
    vault = storage.open_by_sheet(folder, recovery_parts.read(typed))
    try:
        return Opened(letter, _inside(vault, "C").ask(_counsellors))
    finally:
        vault.close()


def prove(folder: Path, typed: str) -> str:
    """Keep the day on which this paper opened its sheet's slot; says which sheet it is."""
    try:
        return storage.prove_sheet(folder, recovery_parts.read(typed))
    except WrongPassphrase:
        raise NotPossible(NO_SHEET) from None


def weakness(candidate: str, alias: str) -> str:
    """Say in a sentence why a pass phrase will not do, or return ''."""
    return phrases.weakness(candidate, (alias,))


def make_manager(folder: Path, typed: str, alias: str, passphrase: str, course: Course) -> Sheet:
    """Make a new manager with sheet R; gives the sheet that takes its place."""
    vault = storage.open_by_sheet(folder, recovery_parts.read(typed))
    try:
        _require(vault, "R")
        inside = _inside(vault, "R")
        inside.ask(_new_manager, alias, passphrase)
        key_changes.back_up_first(inside, course)
        vault.sheet_is_out()
        inside.do(_add_manager, alias, passphrase)
        return _anew(inside, "R", course)
    finally:
        vault.close()


def give_counselling(folder: Path, typed: str, staff_id: int, course: Course) -> Sheet:
    """Give the key of the counselling notes with sheet C; gives the sheet that takes its place."""
    vault = storage.open_by_sheet(folder, recovery_parts.read(typed))
    try:
        _require(vault, "C")
        inside = _inside(vault, "C")
        inside.ask(_counsellor, staff_id)
        key_changes.back_up_first(inside, course)
        vault.sheet_is_out()
        inside.do(_grant, staff_id)
        return _anew(inside, "C", course)
    finally:
        vault.close()


def _letter(folder: Path, typed: str) -> str:
    try:
        return storage.sheet_opening(folder, recovery_parts.read(typed)).alias
    except WrongPassphrase:
        raise NotPossible(NO_SHEET) from None


def _require(vault: storage.Vault, letter: str) -> None:
    if vault.alias != letter:
        raise NotPossible(NO_SHEET)


def _inside(vault: storage.Vault, letter: str) -> Inside:
    """Act as the sheet: in the audit trail its slot signs, and no worker stands for it."""
    roles = MANAGER if letter == "R" else frozenset()
    actor = Actor(0, vault.slot_id, letter, roles, vault.compartments)
    return Inside(vault, actor, leaving=lambda: False)


def _anew(inside: Inside, letter: str, course: Course) -> Sheet:
    code = inside.vault.replace_sheet(letter)
    key_changes.renew_after_sheet(inside, course)
    inside.do(_note_sheet, letter)
    return Sheet(letter, code.text)


def _note_sheet(work: Work, letter: str) -> None:
    """Write into the trail that the sheet was used and made anew."""
    house_settings.log(work, "replace", letter)


def _add_manager(work: Work, alias: str, passphrase: str) -> None:
    staff = _new_manager(work, alias, passphrase)
    slot_id = work.vault.add_slot(staff.alias, passphrase, compartments_of(MANAGER))
    work.vault.let_restore(slot_id)
    accounts.keep_new(work, staff, slot_id)


def _new_manager(work: Work, alias: str, passphrase: str) -> Staff:
    staff = Staff(id=random_id(), alias=alias.strip(), roles=tuple(MANAGER), started_on=work.today)
    found = staff.problems()
    same = staff.alias.casefold()
    if any(other.alias.casefold() == same for other in work.rule_matching(Staff)):
        found.append(Problem("alias", accounts.TAKEN))
    weak = accounts.weakness(work, passphrase, staff.alias)
    if weak:
        found.append(Problem("passphrase", weak))
    if found:
        raise ValidationFailed(tuple(found))
    return staff


def _counsellors(work: Work) -> tuple[Counsellor, ...]:
    return tuple(
        Counsellor(staff.id, staff.alias, _holds(work, staff))
        for staff in work.rule_matching(Staff, order=("alias",), locked=False)
        if staff.slot_id and _counsels(staff, work.today)
    )


def _counsels(staff: Staff, today: date) -> bool:
    return not set(staff.roles).isdisjoint(COUNSELLORS) and not staff.has_left(today)


def _holds(work: Work, staff: Staff) -> bool:
    return "counselling" in work.vault.reach_of(staff.slot_id)


def _counsellor(work: Work, staff_id: int) -> Staff:
    staff = work.rule_find(Staff, staff_id)
    if staff is None or staff.locked or not _counsels(staff, work.today):
        raise NotPossible(NOBODY_COUNSELS)
    return staff


def _grant(work: Work, staff_id: int) -> None:
    staff = _counsellor(work, staff_id)
    reach = work.vault.reach_of(staff.slot_id) | work.vault.wished_by(staff.slot_id)
    work.vault.set_compartments(staff.slot_id, reach | {"counselling"})
    work.log("grant", staff, "counselling")
