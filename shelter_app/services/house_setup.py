"""Setting up a house: where its records live, its first manager, its two recovery sheets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shelter_app.domain.access import Actor
from shelter_app.domain.staff import Setting, Staff
from shelter_app.i18n import N_
from shelter_app.services import doors, folders
from shelter_app.services.recovery_sheets import Sheet
from shelter_app.services.work import Work, random_id
from shelter_app.storage import passphrase as phrases
from shelter_app.storage import vault as storage

ALREADY_A_HOUSE: Final = N_(
    "There is already a house in this folder. Choose another folder, or leave this assistant and "
    "sign in."
)
NOT_WRITABLE: Final = N_("The computer does not let the program write into this folder.")
NOT_A_FOLDER: Final = N_("Please choose a folder on this computer.")


@dataclass(frozen=True)
class Plan:
    """What the assistant has gathered."""

    folder: Path
    house_name: str
    alias: str
    passphrase: str
    counsels: bool = False

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles of the first manager."""
        return frozenset({"manager", "counsellor"} if self.counsels else {"manager"})


@dataclass(frozen=True)
class Founded:
    """A new house, closed and sealed, and the two sheets to print now: they are kept nowhere."""

    folder: Path
    sheets: tuple[Sheet, Sheet]


def folder_problem(folder: Path) -> str:
    """Say why a house cannot be made here, or return ''; folders.warnings has what only matters."""
    if not folder.is_absolute():
        return NOT_A_FOLDER
    if not doors.may_make(folder):
        return NOT_A_FOLDER if _is_file(folder) else NOT_WRITABLE
    if doors.at(folder) is doors.Door.HOUSE:
        return ALREADY_A_HOUSE
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    return folders.problem(existing)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for this disk
        return False


def proposed(language: str, near: Iterable[str] = ()) -> str:
    """Return four random words from the list of the language; `near` are known names to avoid."""
    return phrases.propose(language, near)


def weakness(candidate: str, near: Iterable[str]) -> str:
    """Say in a sentence why a pass phrase will not do, or return ''; `near` are known names."""
    return phrases.weakness(candidate, near)


def found_house(plan: Plan, cost: Any = None) -> Founded:
    """Make the vault with its first manager and settings; on the vault thread, it takes seconds."""
    created = storage.create(
        plan.folder, alias=plan.alias, passphrase=plan.passphrase, roles=plan.roles, cost=cost
    )
    vault = created.vault
    try:
        own_id = random_id()
        founder = Actor(own_id, vault.slot_id, plan.alias, plan.roles, vault.compartments)
        with vault.transaction():
            work = Work(vault, founder)
            staff = Staff(
                id=own_id,
                alias=plan.alias,
                roles=tuple(sorted(plan.roles)),
                slot_id=vault.slot_id,
                started_on=work.today,
            )
            work.save(staff, by_program=True)
            work.save(Setting(house_name=plan.house_name))
    finally:
        vault.close()
    return Founded(plan.folder, (Sheet("R", created.sheet_r), Sheet("C", created.sheet_c)))
