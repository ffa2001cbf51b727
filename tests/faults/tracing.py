"""Recording what a program changes in a folder, and making its calls fail: the shim and its notes.

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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
_SOURCE: Final = Path(__file__).with_name("trace.c")
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
        command = ["cc", "-O2", "-shared", "-fPIC", "-o", str(part), str(_SOURCE), "-ldl"]
        subprocess.run(command, check=True)
        part.replace(made)
    return made


def run_under(
    folder: Path, arguments: Sequence[str], log: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a module of this package under the shim, which watches one folder."""
    variables = {**os.environ, "LD_PRELOAD": str(shim()), "FAULT_FOLDER": str(folder)}
    if log is not None:
        variables["FAULT_LOG"] = str(log)
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=variables,
        check=False,
        capture_output=True,
        text=True,
    )


def mark(text: str) -> None:
    """Put a mark of the program's own into the notes."""
    ctypes.CDLL(None).fault_mark(text.encode())


def fail_after(changes: int, error: int, *, reads_too: bool = False) -> None:
    """Let so many more changes through, then let every call on the folder fail."""
    library = ctypes.CDLL(None)
    library.fault_after.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_int]
    library.fault_after(changes, error, int(reads_too))


def stop_failing() -> None:
    """Let everything through again."""
    ctypes.CDLL(None).fault_clear()


def changes_seen() -> int:
    """Return how many changes were asked for since the program began."""
    library = ctypes.CDLL(None)
    library.fault_changes.restype = ctypes.c_long
    return int(library.fault_changes())


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
