"""Which sticks are in: removable drives of Linux and Windows, found without asking for rights."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_PLACES: Final = ("/media/", "/run/media/", "/mnt/")
_NOT_DISKS: Final = frozenset(
    {"autofs", "fuse.gvfsd-fuse", "fuse.portal", "overlay", "proc", "sysfs"}
)
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone"})


@dataclass(frozen=True)
class Drive:
    """One removable drive, by the folder it is reached through and what people call it."""

    folder: Path
    name: str


def drives() -> tuple[Drive, ...]:
    """Return the sticks that are in now; a system that does not tell has none."""
    if sys.platform == "win32":
        return _windows_drives()
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return _mac_drives()
    return drives_in(mounts)


def drives_in(mounts: str) -> tuple[Drive, ...]:
    """Return the removable drives among the lines of a Linux mount table."""
    found = []
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3 or parts[2] in _NOT_DISKS | _NETWORK:
            continue
        point = _unescaped(parts[1])
        if any(point.startswith(place) for place in _PLACES):
            folder = Path(point)
            found.append(Drive(folder, folder.name))
    return tuple(sorted(found, key=lambda drive: drive.folder))


def _unescaped(text: str) -> str:
    """Undo the mount table's octal spelling of blanks."""
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, letter)
    return text


def _mac_drives() -> tuple[Drive, ...]:
    try:
        return tuple(
            Drive(path, path.name)
            for path in sorted(Path("/Volumes").iterdir())
            if path.is_dir() and not path.is_symlink()
        )
    except OSError:
        return ()


def _windows_drives() -> tuple[Drive, ...]:
    import ctypes

    library: Any = getattr(ctypes, "windll", None)
    if library is None:
        return ()
    kernel = library.kernel32
    removable = 2
    no_questions = 0x0001
    kernel.SetErrorMode(no_questions)  # an empty card reader must not open a dialog of the system
    letters = kernel.GetLogicalDrives()
    found = []
    for place in range(26):
        root = f"{chr(ord('A') + place)}:\\"
        if letters >> place & 1 and kernel.GetDriveTypeW(root) == removable and Path(root).exists():
            label = ctypes.create_unicode_buffer(261)
            kernel.GetVolumeInformationW(root, label, 261, None, None, None, None, 0)
            found.append(Drive(Path(root), f"{label.value} ({root[:2]})".strip()))
    return tuple(found)
