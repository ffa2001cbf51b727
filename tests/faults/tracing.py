"""Recording what a program changes in a folder, and making its calls fail or its clock wrong.

The shim is a page of C put in front of the C library, because only there is the true order of
writes, syncs and renames seen, whichever library makes them.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
_SOURCE: Final = Path(__file__).with_name("trace.c")
_PRELOAD: Final = "LD_PRELOAD"
_HEAD: Final = struct.Struct("<cHQQ")


@dataclass(frozen=True)
class Note:
    """One change as it was asked for."""

    kind: str
    name: str
    offset: int
    data: bytes


def available() -> bool:
    """Say whether the shim can be made and loaded here."""
    return sys.platform == "linux" and shutil.which("cc") is not None


@functools.cache
def shim() -> Path:
    """Return the compiled shim, made anew when its source changed."""
    digest = hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:12]
    folder = ROOT / "build" / "faults"
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"trace-{digest}.so"
    if not made.exists():
        part = made.with_suffix(f".{os.getpid()}")
        command = [
            "cc",
            "-O2",
            "-shared",
            "-fPIC",
            "-o",
            str(part),
            str(_SOURCE),
            "-ldl",
            "-lpthread",
        ]
        subprocess.run(command, check=True)
        part.replace(made)
    return made


@contextmanager
def in_front() -> Iterator[None]:
    """Let every process started meanwhile have the shim in front of its C library."""
    before = os.environ.get(_PRELOAD)
    if available():
        os.environ[_PRELOAD] = f"{shim()}:{before}" if before else str(shim())
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_PRELOAD, None)
        else:
            os.environ[_PRELOAD] = before


@functools.cache
def _library() -> Any:
    """Return the functions of the shim, which this process must have been started with."""
    library = ctypes.CDLL(None)
    library.fault_watch.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    library.fault_after.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_int]
    library.fault_clock.argtypes = [ctypes.c_long]
    library.fault_slow.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_long]
    library.fault_changes.restype = ctypes.c_long
    return library


def watch(folder: Path, log: Path | None = None) -> None:
    """Look at what is opened below this folder from now on, and note its changes in a log."""
    _library().fault_watch(os.fsencode(folder), b"" if log is None else os.fsencode(log))


def watch_nothing() -> None:
    """Let everything through and note nothing."""
    _library().fault_watch(b"", b"")


def mark(text: str) -> None:
    """Put a mark of the program's own into the notes."""
    _library().fault_mark(text.encode())


def fail_after(changes: int, error: int, *, reads_too: bool = False) -> None:
    """Let so many more changes through, then let every call on the folder fail."""
    _library().fault_after(changes, error, int(reads_too))


def stop_failing() -> None:
    """Let everything through again."""
    _library().fault_clear()


def slow(writes: int, reads: int, holds: int = 0) -> None:
    """Let the folder take and give so many bytes a second; 0: as fast as it is.

    `holds` is what the system keeps in memory before somebody has to wait.
    """
    _library().fault_slow(writes, reads, holds)


def slow_from_the_start(folder: Path, writes: int, reads: int, holds: int) -> dict[str, str]:
    """Return the environment in which a whole program finds a folder slow."""
    return {
        _PRELOAD: str(shim()),
        "MAKAO_FAULTS_SLOW": f"{folder}|{writes}|{reads}|{holds}",
    }


def standing(folder: Path) -> Path:
    """Return the file that lets every sync below a slow folder stand still while it is there."""
    return folder.with_name(folder.name + ".stands")


def changes_seen() -> int:
    """Return how many changes were asked for since the folder was named."""
    return int(_library().fault_changes())


def set_clock(seconds: int) -> None:
    """Let this process see a clock that is so many seconds ahead, or behind."""
    _library().fault_clock(seconds)


def notes_in(log: Path) -> Iterator[Note]:
    """Read the notes of a finished run."""
    raw = log.read_bytes()
    place = 0
    while place < len(raw):
        kind, name_length, offset, length = _HEAD.unpack_from(raw, place)
        place += _HEAD.size
        name = os.fsdecode(raw[place : place + name_length])
        place += name_length
        data = b""
        if kind == b"W":
            data = raw[place : place + length]
            place += length
        yield Note(kind.decode(), name, offset, data)
