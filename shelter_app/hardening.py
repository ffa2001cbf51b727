"""What the program does so that memory, disk and other programs keep nothing of what is secret.

Each measure is best effort and says honestly how it went: 'on', 'off' or 'unknown'. Settings shows
that list, so that a house knows what its computer can and cannot do. No measure stops a start.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shelter_app import paths

ON: Final = "on"
OFF: Final = "off"
UNKNOWN: Final = "unknown"

CORE_DUMPS: Final = "core_dumps"
MEMORY_CLOSED: Final = "memory_closed"
MEMORY_LOCKED: Final = "memory_locked"
SWAP: Final = "swap"
DISK: Final = "disk"
PRIVATE_FILES: Final = "private_files"

NEUTRAL_PROCESS: Final = b"register"
_SET_DUMPABLE: Final = 4
_GET_DUMPABLE: Final = 3
_SET_NAME: Final = 15
_LOCK_ALL: Final = 1 | 2 | 4
"""What is there, what comes, and each page only when it is touched."""
_TOLD_BY_OTHERS: Final = re.compile(
    r"PYTHON\w*|QT_(?:PLUGIN_PATH|QPA_PLATFORM_PLUGIN_PATH|QPA_PLATFORMTHEME|QPA_GENERIC_PLUGINS"
    r"|STYLE_OVERRIDE|LOGGING_\w+|DEBUG_\w+|MESSAGE_PATTERN|LOGGING_TO_CONSOLE|QPA_FONTDIR)"
    r"|QML\w*|QSG_\w*|QT_QUICK\w*"
)
"""Settings of the environment that could load foreign code into the program or make it talk."""
_SILENT: Final = 0x0001 | 0x0002 | 0x8000
"""Windows: no error boxes that offer to send a memory picture."""
_NO_HEAP: Final = 0x0001 | 0x0020
"""Windows, this process only: no report shows a window or carries what is in our memory."""

_done: dict[str, str] = {}


@dataclass(frozen=True)
class Measure:
    """One protection and how it stands on this computer."""

    key: str
    state: str


def at_start() -> None:
    """Make files private, write no memory pictures, and take no advice from the environment."""
    os.umask(0o077)
    _done[PRIVATE_FILES] = ON
    if faulthandler.is_enabled() and getattr(sys, "frozen", False):
        faulthandler.disable()
    for name in [name for name in os.environ if _TOLD_BY_OTHERS.fullmatch(name)]:
        del os.environ[name]
    if sys.platform == "win32":
        _done[CORE_DUMPS] = _no_error_reports()
    else:
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        none = resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
        _done[CORE_DUMPS] = ON if none else OFF


def _no_error_reports() -> str:
    """Keep Windows from writing or sending a picture of our memory after a crash."""
    windows: Any = getattr(ctypes, "windll", None)
    try:
        windows.kernel32.SetErrorMode(_SILENT)
        if paths.portable_folder() is not None:  # the next line would stay in a stranger's registry
            return ON if windows.kernel32.WerSetFlags(_NO_HEAP) == 0 else UNKNOWN
        name = Path(sys.executable).name
        return ON if windows.wer.WerAddExcludedApplication(name, False) == 0 else UNKNOWN
    except (AttributeError, OSError):
        return UNKNOWN


def close_memory() -> None:
    """Keep other programs of this account out of our memory, and memory out of the swap file."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_SET_NAME, NEUTRAL_PROCESS, 0, 0, 0)
    _done[MEMORY_CLOSED] = ON if libc.prctl(_GET_DUMPABLE, 0, 0, 0, 0) == 0 else OFF
    _done[MEMORY_LOCKED] = ON if _may_lock_all() and libc.mlockall(_LOCK_ALL) == 0 else OFF


def _may_lock_all() -> bool:
    """Say whether the computer lets us: with a small limit locking would make memory run out."""
    if sys.platform == "win32":
        return False
    import resource

    return resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY


def measures(folder: Path) -> tuple[Measure, ...]:
    """Return how each protection stands; `folder` is where the records lie."""
    states = {
        PRIVATE_FILES: _done.get(PRIVATE_FILES, UNKNOWN),
        CORE_DUMPS: _done.get(CORE_DUMPS, UNKNOWN),
        MEMORY_CLOSED: _done.get(MEMORY_CLOSED, UNKNOWN),
        SWAP: ON if _done.get(MEMORY_LOCKED) == ON else swap_protected(),
        DISK: disk_encrypted(folder),
    }
    return tuple(Measure(key, state) for key, state in states.items())


def swap_protected(swaps: Path = Path("/proc/swaps")) -> str:
    """Say whether nothing of the memory can land readable on the disk."""
    if sys.platform != "linux":
        return UNKNOWN
    try:
        lines = swaps.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    except OSError:
        return UNKNOWN
    for line in lines:
        device = Path(line.split()[0])
        if device.name.startswith("zram"):
            continue
        if not device.name.startswith("dm-") or not _is_crypt(Path("/sys/block", device.name)):
            return OFF
    return ON


def disk_encrypted(folder: Path) -> str:
    """Say whether the disk under a folder is encrypted as a whole (LUKS); else 'off' or 'unknown'.

    Windows does not tell an ordinary account about BitLocker, so there the answer is 'unknown'.
    """
    if sys.platform != "linux":
        return UNKNOWN
    try:
        number = folder.stat().st_dev
        block = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve(strict=True)
    except OSError:
        return UNKNOWN
    return ON if _is_crypt(block) else OFF


def _is_crypt(block: Path, depth: int = 0) -> bool:
    with contextlib.suppress(OSError):
        if (block / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    below = block / "slaves"
    if depth > 4 or not below.is_dir():
        return False
    return any(_is_crypt(each.resolve(), depth + 1) for each in below.iterdir())
