"""What kind of place a folder is: on this computer, on another one, on a stick, or copied away.

SQLite needs locks and flushes that mean what they say. A network drive gives neither, so the
records are never opened there; a memory stick gives less, and that is said.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from shelter_app.errors import NotPossible
from shelter_app.i18n import N_

NETWORK: Final = N_(
    "This folder is on another computer in the network. If the network stops while somebody saves, "
    "the records are damaged, so they are not opened there. Please take a folder on this computer."
)
CLOUD: Final = N_(
    "This folder looks as if it were copied to the internet by itself. The records are encrypted, "
    "but half-copied files can damage them. A folder only on this computer is safer."
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
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "fuse.sshfs", "fuse.rclone"}
    | {"fuse.gvfsd-fuse", "fuse.davfs", "davfs", "ceph", "glusterfs", "fuse.glusterfs"}
)
_FAT_KINDS: Final = frozenset({"vfat", "msdos", "exfat", "fuse.exfat"})
_OF_WINDOWS: Final = {"FAT": "vfat", "FAT32": "vfat", "exFAT": "exfat"}


def require(folder: Path) -> None:
    """Raise NotPossible when a folder that was chosen is gone: a stick may have been pulled out."""
    if not folder.is_dir():
        raise NotPossible(N_("This folder is not there any more. Nothing was written."))


def free_stem(folder: Path, stem: str, *endings: str) -> str:
    """Return the stem with the first number under which nothing lies there: nothing is replaced."""
    number = 1
    while any((folder / f"{stem}-{number}{ending}").exists() for ending in endings):
        number += 1
    return f"{stem}-{number}"


def problem(folder: Path) -> str:
    """Say why records are never kept in this folder, or return ''."""
    return NETWORK if file_system(folder) in _NETWORK_KINDS else ""


def warnings(folder: Path) -> tuple[str, ...]:
    """Return what to think about before choosing this folder; it is allowed all the same."""
    found = []
    lowered = [part.casefold() for part in folder.parts]
    if any(part.startswith(word) for part in lowered for word in _CLOUD_WORDS):
        found.append(CLOUD)
    if file_system(folder) in _FAT_KINDS:
        found.append(FAT)
    return tuple(found)


def require_own(folder: Path) -> None:
    """Raise NotPossible with its sentence when records must not be opened in this folder."""
    said = problem(folder)
    if said:
        raise NotPossible(said)


def file_system(folder: Path) -> str:
    """Return the kind of file system a folder is on, '' when it cannot be told."""
    if sys.platform == "win32":
        return _windows_file_system(folder)
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return kind_among(mounts, folder.resolve())


def kind_among(mounts: str, folder: Path) -> str:
    """Return the kind of the mount that holds a folder, from the system's table of mounts."""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = folder == Path(point) or folder.is_relative_to(point)
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
        return ""
    remote = 4
    if kernel.kernel32.GetDriveTypeW(root) == remote:
        return "cifs"
    name = ctypes.create_unicode_buffer(32)
    found = kernel.kernel32.GetVolumeInformationW(root, None, 0, None, None, None, name, 32)
    return _OF_WINDOWS.get(name.value, "") if found else ""
