"""Whole files in and out so that a cut or a full disk leaves the old file or the new one.

Kept apart from the databases: nothing here may touch a database file while it is connected,
because closing any handle on it drops the lock SQLite holds on the same file.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from shelter_app.errors import DiskFull, VaultReadOnly, WorldProblem

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_BLOCK: Final = 1 << 20
_PRIVATE: Final = 0o600
_PROBE: Final = "takes-a-page.part"
_PAGE: Final = 4096


@contextmanager
def file_troubles() -> Iterator[None]:
    """Turn the system's refusals to write into the two the program has words for."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull from error
        if error.errno in _CLOSED:
            raise VaultReadOnly from error
        raise


def refusal_of(folder: Path, otherwise: WorldProblem) -> WorldProblem:
    """Return why a folder takes no more, asked by writing a page to it; what was said if it does.

    SQLite reports a disk or a journal that was set to read only under its hands as an input/output
    error, and a journal there was no room for as a file that cannot be opened. The databases
    themselves are not opened here: closing them would let go of SQLite's locks.
    """
    probe = folder / _PROBE
    try:
        with file_troubles():
            for journal in folder.glob("*-journal"):
                journal.open("r+b").close()
            try:
                _write_synced(probe, bytes(_PAGE))
            finally:
                probe.unlink(missing_ok=True)
    except (DiskFull, VaultReadOnly) as error:
        return error
    except OSError:
        return otherwise
    return otherwise


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder durable, where the system can (Windows cannot)."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that its name always stands for complete content, then make that durable."""
    part = path.with_name(path.name + ".part")
    with file_troubles():
        try:
            _write_synced(part, data)
            part.replace(path)
            sync_folder(path.parent)
        except OSError:
            part.unlink(missing_ok=True)
            raise


def private_handle(path: Path, mode: int = os.O_WRONLY) -> int:
    """Open a private file for writing from its beginning, never another one by way of a link.

    A stick that somebody prepared could hold a link under the name that is written next, and lead
    the program to overwrite a file of this computer.
    """
    if path.is_symlink():
        path.unlink()
    asked = mode | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    return os.open(path, asked | getattr(os, "O_NOFOLLOW", 0), _PRIVATE)


def open_plain(path: Path) -> IO[bytes]:
    """Open a file from outside for reading; what is no plain file is as if it were not there.

    A pipe under the name of a file would let its reader wait for ever.
    """
    if path.exists() and not path.is_file():
        raise FileNotFoundError(errno.ENOENT, "no plain file", str(path))
    return path.open("rb")


def _write_synced(path: Path, data: bytes) -> None:
    with os.fdopen(private_handle(path), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def copy_closed(source: Path, target: Path) -> None:
    """Copy a file nobody has open, durably; the copy is private like its source."""
    part = target.with_name(target.name + ".part")
    with file_troubles():
        try:
            with source.open("rb") as reader, os.fdopen(private_handle(part), "wb") as writer:
                while block := reader.read(_BLOCK):
                    writer.write(block)
                writer.flush()
                os.fsync(writer.fileno())
            part.replace(target)
            sync_folder(target.parent)
        except OSError:
            part.unlink(missing_ok=True)
            raise
