"""Setting up a house: where its records live, its first manager, its two recovery sheets."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shelter_app.domain.access import Actor
from shelter_app.domain.staff import Setting, Staff
from shelter_app.errors import WorldProblem
from shelter_app.i18n import N_
from shelter_app.services import doors
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
CLOUD: Final = N_(
    "This folder looks as if it were copied to the internet by itself. The records are encrypted, "
    "but half-copied files can damage them. A folder only on this computer is safer."
)
NETWORK: Final = N_(
    "This folder is on another computer in the network. If the network stops while somebody saves, "
    "the file can be damaged. A folder on this computer is safer."
)
FAT: Final = N_(
    "This disk is formatted like a memory stick. It forgets files more easily when the power goes, "
    "and anybody using the computer can read its folder."
)
_CLOUD_WORDS: Final = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "icloud",
    "mobile documents",
    "nextcloud",
    "owncloud",
    "pcloud",
    "mega",
    "syncthing",
)
_NETWORK_KINDS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "davfs", "9p"}
)
_FAT_KINDS: Final = frozenset({"vfat", "msdos", "exfat", "fuseblk"})


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
    """Say why a house cannot be made here, or return ''."""
    if not folder.is_absolute() or (folder.exists() and not folder.is_dir()):
        return NOT_A_FOLDER
    if doors.at(folder) is doors.Door.HOUSE:
        return ALREADY_A_HOUSE
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    return "" if doors.may_write(existing) else NOT_WRITABLE


def folder_warnings(folder: Path) -> tuple[str, ...]:
    """Return what to think about before choosing this folder; it is allowed all the same."""
    warnings = []
    lowered = [part.casefold() for part in folder.parts]
    if any(part.startswith(word) for part in lowered for word in _CLOUD_WORDS):
        warnings.append(CLOUD)
    kind = _file_system(folder)
    if kind in _NETWORK_KINDS:
        warnings.append(NETWORK)
    if kind in _FAT_KINDS:
        warnings.append(FAT)
    return tuple(warnings)


def proposed(language: str) -> str:
    """Return four random words, from the list of the language."""
    return phrases.propose(language)


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


def _file_system(folder: Path) -> str:
    """Return the kind of file system a folder is on, '' when it cannot be told."""
    if sys.platform == "win32":
        return _windows_file_system(folder)
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    target = str(folder.resolve())
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = target == point or target.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind


def _windows_file_system(folder: Path) -> str:
    import ctypes

    root = folder.anchor
    if root.startswith("\\\\"):
        return "cifs"
    kernel = getattr(ctypes, "windll", None)
    if kernel is None or not root:
        raise WorldProblem("file system")
    remote = 4
    if kernel.kernel32.GetDriveTypeW(root) == remote:
        return "cifs"
    name = ctypes.create_unicode_buffer(32)
    found = kernel.kernel32.GetVolumeInformationW(root, None, 0, None, None, None, name, 32)
    known = {"FAT": "vfat", "FAT32": "vfat", "exFAT": "exfat"}
    return known.get(name.value, "") if found else ""
