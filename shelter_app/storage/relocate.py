"""Repair of a vault folder that was moved while a commit over several files was under way.

The journal of such a commit ends with the absolute path of its super-journal. After a move SQLite
does not find that path, takes the journal for a finished one and does not roll back: the files then
disagree. So, under the vault's lock and before any file is opened: where the path points elsewhere
but the super-journal lies here, the pointer is cut off and the journal becomes an ordinary one,
which is rolled back. Where the super-journal is gone the commit had been decided: nothing is done.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shelter_app.storage.safe_files import file_troubles

JOURNAL: Final = "-journal"
_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
_SMALLEST: Final = 512
_TRAILER: Final = 16
_LONGEST_NAME: Final = 4096
_SUPER: Final = re.compile(r".+\.db-mj[0-9A-Fa-f]{6,12}")
_LARGEST_SUPER: Final = 64 << 10


@dataclass(frozen=True)
class Pointer:
    """The path of a super-journal at the end of a journal, and where it starts."""

    path: str
    offset: int

    @property
    def name(self) -> str:
        """Return the file name alone, whichever system wrote the path."""
        return self.path.replace("\\", "/").rsplit("/", 1)[-1]


def pointer_in(raw: bytes) -> Pointer | None:
    """Return the pointer a journal ends with, or None when there is none or it is not whole."""
    if len(raw) < _SMALLEST + _TRAILER or not raw.startswith(_MAGIC) or raw[-8:] != _MAGIC:
        return None
    length, stated = struct.unpack(">II", raw[-_TRAILER:-8])
    offset = len(raw) - _TRAILER - length - 4
    if not 0 < length <= _LONGEST_NAME or offset < _SMALLEST:
        return None
    name = raw[offset + 4 : offset + 4 + length]
    if b"\0" in name or _sum_of(name) != stated:  # the sum does not see zero bytes; a path has none
        return None
    return Pointer(os.fsdecode(name), offset)


def _sum_of(name: bytes) -> int:
    """Add the characters as the pager does: signed, into 32 bits."""
    return sum(byte - 256 if byte > 127 else byte for byte in name) & 0xFFFFFFFF


def _pointer_of(journal: Path) -> Pointer | None:
    """Read only the two ends of a journal, which can be as large as its database."""
    try:
        size = journal.stat().st_size
        with journal.open("rb") as file:
            head = file.read(_SMALLEST)
            start = max(len(head), size - _LONGEST_NAME - _TRAILER - 4)
            file.seek(start)
            tail = file.read()
    except FileNotFoundError:
        return None
    gap = start - len(head)
    found = pointer_in(head + tail)
    return Pointer(found.path, found.offset + gap) if found else None


def relocate(folder: Path, files: Iterable[str]) -> tuple[str, ...]:
    """Mend the journals of these database files; returns the files whose journal was mended."""
    mended = []
    with file_troubles():
        for name in files:
            journal = folder / (name + JOURNAL)
            pointer = _pointer_of(journal)
            if pointer is None or _is_here(pointer, folder):
                continue
            if (folder / pointer.name).is_file():
                _cut(journal, pointer.offset)
                mended.append(name)
    return tuple(mended)


def _is_here(pointer: Pointer, folder: Path) -> bool:
    pointed = os.path.normcase(os.path.dirname(pointer.path))  # noqa: PTH120 - maybe foreign
    return pointed == os.path.normcase(os.path.abspath(folder))  # noqa: PTH100 - as SQLite writes it


def _cut(journal: Path, size: int) -> None:
    with journal.open("r+b") as file:
        file.truncate(size)
        file.flush()
        os.fsync(file.fileno())


def drop_stale_super_journals(folder: Path) -> int:
    """Remove super-journals that no journal in the folder points to any more; returns how many.

    A compartment whose key is not held may still have a journal waiting for its owner; the
    super-journal it names stays, because it is what makes that journal roll back.
    """
    needed = {
        pointer.name
        for journal in folder.glob("*" + JOURNAL)
        if (pointer := _pointer_of(journal)) is not None
    }
    dropped = 0
    with file_troubles():
        for path in folder.glob("*.db-mj*"):
            small = path.stat().st_size <= _LARGEST_SUPER
            if path.name not in needed and small and _SUPER.fullmatch(path.name):
                path.unlink()
                dropped += 1
    return dropped
