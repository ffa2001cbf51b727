"""Sums of closed files, kept as long as the system says that nobody has touched the file.

A house of a hundred thousand people is two gigabytes: reading them ahead, while somebody types,
keeps the promise of the seal without letting her wait for it.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 20
_SECOND: Final = 1_000_000_000
_SETTLED: Final = 3 * _SECOND
"""Nanoseconds a file must have rested: a stick keeps time in steps of two seconds, and what is
written twice in one step looks untouched."""

_Mark = tuple[int, int, int, int, int]


@dataclass
class _Kept:
    """What this process knows of files; one lock per file lets a second reader wait, not read."""

    sums: dict[Path, tuple[_Mark, str]] = field(default_factory=dict)
    locks: dict[Path, threading.Lock] = field(default_factory=dict)
    ahead: frozenset[Path] = frozenset()
    """Files that may still be read ahead; whoever signs in takes the others out."""
    turn: int = 0
    """Grows with every signing in: what was begun before it may read nothing after it."""
    hurry: threading.Event = field(default_factory=threading.Event)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def lock_of(self, path: Path) -> threading.Lock:
        with self.guard:
            return self.locks.setdefault(path, threading.Lock())


_kept = _Kept()


class _Stopped(Exception):
    """Nobody wants this file read ahead any more."""


def turn() -> int:
    """Return the turn in which reading ahead is allowed from now on."""
    return _kept.turn


def read_ahead(paths: Iterable[Path], allowed: int) -> None:
    """Read these files and keep their sums; troubles wait for whoever needs the sum."""
    wanted = list(paths)
    with _kept.guard:
        if allowed != _kept.turn:
            return
        _kept.ahead = frozenset(wanted)
        _kept.hurry.clear()
    for path in wanted:
        try:
            _kept.hurry.wait(_restless(path) / _SECOND)
            _sum(path, ahead=True)
        except (OSError, _Stopped):
            continue


def read_no_further(*, but: Iterable[Path] = ()) -> None:
    """Read none but these ahead, and return when no other is open any more.

    Closing a handle on a database would take away the lock SQLite holds on it, so nothing may be
    read ahead that could be connected in a moment.
    """
    with _kept.guard:
        left = _kept.ahead - frozenset(but)
        _kept.ahead -= left
        _kept.turn += 1
        _kept.hurry.set()
    for path in left:
        with _kept.lock_of(path):
            continue


def sum_of(path: Path) -> str:
    """Return the SHA-256 of a closed file as hexadecimal digits; '' when it is missing."""
    try:
        return _sum(path, ahead=False)
    except FileNotFoundError:
        return ""


def _restless(path: Path) -> int:
    """Return how many nanoseconds are missing until a sum of this file may be kept."""
    mark = _mark(path)
    return min(max(max(mark[3:]) + _SETTLED - time.time_ns(), 0), _SETTLED)


def _sum(path: Path, *, ahead: bool) -> str:
    with _kept.lock_of(path):
        if ahead and path not in _kept.ahead:
            raise _Stopped
        before = _mark(path)
        known = _kept.sums.get(path)
        if known is not None and known[0] == before:
            return known[1]
        began = time.time_ns()
        found = _read(path, ahead=ahead)
        if _mark(path) == before and max(before[3:]) + _SETTLED < began:
            _kept.sums[path] = before, found
        else:
            _kept.sums.pop(path, None)
        return found


def _mark(path: Path) -> _Mark:
    """Return what changes whenever a file is written or another takes its place."""
    known = path.stat()
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns, known.st_ctime_ns


def _read(path: Path, *, ahead: bool) -> str:
    digest = hashlib.sha256()
    block = memoryview(bytearray(_BLOCK))
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(block):
            if ahead and path not in _kept.ahead:
                raise _Stopped
            digest.update(block[:count])
    return digest.hexdigest()
