"""Writing to a stick so that what is there is known: synced, read back past the cache, named last.

A stick can be full, taken out, write-protected, slow, or held by a virus scanner for a moment. Each
is told apart by the system's own codes, so that people read what to do.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from shelter_app.errors import BackupTrouble
from shelter_app.storage.safe_files import open_plain, private_handle, sync_folder

T = TypeVar("T")

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_HELD: Final = frozenset({32, 33})
"""Windows: another program has the file open, or a part of it."""
_TRIES: Final = 6
_PAUSE: Final = 0.25
_PIECE: Final = 1 << 20
_READ_PIECE: Final = 1 << 18
"""A slow stick gives so much in less than a second: between two of them work can be called off."""
_LEAST_SETTLED: Final = 1 << 17
_MOST_SETTLED: Final = 16 << 20
_SETTLES_WITHIN: Final = 0.5


def trouble_of(error: OSError) -> BackupTrouble:
    """Return what a refusal of the system means for a backup."""
    if getattr(error, "winerror", None) in _HELD:
        return BackupTrouble("held")
    if error.errno in _FULL:
        return BackupTrouble("full")
    if error.errno in _READ_ONLY:
        return BackupTrouble("read_only")
    return BackupTrouble("gone")


@contextmanager
def place_troubles() -> Iterator[None]:
    """Turn the system's refusals at a backup place into their codes."""
    try:
        yield
    except OSError as error:
        raise trouble_of(error) from error


def patiently(act: Callable[[], T]) -> T:
    """Do something that a virus scanner may forbid for a moment, trying again a few times."""
    for attempt in range(_TRIES):
        try:
            return act()
        except OSError as error:
            held = getattr(error, "winerror", None) in _HELD or error.errno == errno.EBUSY
            if not held or attempt == _TRIES - 1:
                raise
        threading.Event().wait(_PAUSE * (attempt + 1))
    raise AssertionError("unreachable")


def private_new(path: Path) -> IO[bytes]:
    """Open a new private file for writing."""
    return os.fdopen(private_handle(path, os.O_RDWR), "r+b", buffering=_PIECE)


def settle(file: IO[bytes]) -> None:
    """Make a file durable and forget it in memory; an error here is final for this file."""
    file.flush()
    os.fsync(file.fileno())
    _forget_cached(file.fileno())


class Steadily:
    """Writes a file so that it becomes durable piece by piece, and tells of each.

    Left alone, the system takes hundreds of megabytes into memory at once and then stands still in
    one long sync, in which nobody knows how far it is and nothing can be called off. A piece is as
    large as the place takes in half a second.
    """

    def __init__(self, file: IO[bytes], step: Callable[[int], None]) -> None:
        self._file = file
        self._step = step
        self._waiting = 0
        self._piece = _LEAST_SETTLED

    def write(self, data: bytes) -> int:
        """Write, and settle when enough has come together."""
        self._file.write(data)
        self._waiting += len(data)
        if self._waiting >= self._piece:
            self.settle()
        return len(data)

    def settle(self) -> None:
        """Make what was written so far durable."""
        began = time.monotonic()
        settle(self._file)
        share = _SETTLES_WITHIN / max(time.monotonic() - began, 1e-6)
        wanted = int(self._piece * min(2.0, share))
        self._piece = min(_MOST_SETTLED, max(_LEAST_SETTLED, wanted))
        settled, self._waiting = self._waiting, 0
        self._step(settled)


def _forget_cached(handle: int) -> None:
    advise: Any = getattr(os, "posix_fadvise", None)
    if advise is not None:
        advise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def uncached(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading from the medium itself, as far as the system lets us."""
    open_plain(path).close()
    _purge(path)
    with path.open("rb", buffering=_READ_PIECE) as file:
        _forget_cached(file.fileno())
        if sys.platform == "darwin":
            import fcntl

            no_cache = 48
            fcntl.fcntl(file.fileno(), no_cache, 1)
        yield file


def _purge(path: Path) -> None:
    """On Windows, opening without buffering makes the system drop what it keeps of a file."""
    if sys.platform != "win32":
        return
    import ctypes

    library: Any = getattr(ctypes, "windll", None)
    if library is None:
        return
    read, share, existing, unbuffered = 0x80000000, 0x7, 3, 0x20000000
    kernel = library.kernel32
    kernel.CreateFileW.restype = ctypes.c_void_p
    handle = kernel.CreateFileW(str(path), read, share, None, existing, unbuffered, None)
    if handle not in (None, ctypes.c_void_p(-1).value):
        kernel.CloseHandle(ctypes.c_void_p(handle))


def settle_folder(folder: Path) -> None:
    """Make names in a folder durable; some sticks' file systems cannot, and say so."""
    try:
        sync_folder(folder)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise


def write_small(path: Path, data: bytes) -> None:
    """Write a small file beside its name and rename it, durably."""
    part = path.with_name(path.name + ".part")
    try:
        with private_new(part) as file:
            file.write(data)
            settle(file)
        patiently(lambda: part.replace(path))
        settle_folder(path.parent)
    except OSError:
        _forget(part)
        raise


def _forget(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def sum_of(path: Path, step: Callable[[int], None], *, past_cache: bool = False) -> tuple[int, str]:
    """Return size and SHA-256 of a file, read from the medium itself when asked to."""
    total, made = 0, hashlib.sha256()
    opened: Any = uncached(path) if past_cache else path.open("rb")
    with opened as file:
        while piece := file.read(_READ_PIECE):
            made.update(piece)
            total += len(piece)
            step(len(piece))
    return total, made.hexdigest()
