"""Disks of a worker's own: small ones, sticks that are taken out, write-protected ones.

They are real mounts, in a name space of this process, so that nobody else sees them and none is
left when it ends however it ends. Where an account may not mount, `allowed` says so and the cases
do with calls that fail.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

_NEW_NAME_SPACE: Final = 0x20000
_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 32, 4096, 1 << 14, 1 << 18
_AT_ONCE: Final = 2
_THIRD_VERSION: Final = 0x20080522
_OVERRIDES: Final = (1, 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what lets an administrator pass by the modes."""
_state: Final = {"allowed": False}


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def withdraw() -> None:
    """Give this process a name space for its mounts, where it may have one."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return
    libc = _libc()
    own = libc.unshare(_NEW_NAME_SPACE) == 0
    _state["allowed"] = own and libc.mount(b"none", b"/", None, _RECURSIVE | _PRIVATE, None) == 0


def allowed() -> bool:
    """Say whether this process may mount."""
    return _state["allowed"]


def _mount(source: bytes, folder: Path, kind: bytes | None, flags: int, more: bytes | None) -> None:
    if _libc().mount(source, os.fsencode(folder), kind, flags, more):
        raise OSError(ctypes.get_errno(), "mount", str(folder))


def take_away(folder: Path) -> None:
    """Take a mount away although files on it are open, as a hand takes a stick."""
    _libc().umount2(os.fsencode(folder), _AT_ONCE)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """Put an empty disk of so many bytes at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount(b"tmpfs", folder, b"tmpfs", 0, b"size=%d" % size)
    try:
        yield
    finally:
        take_away(folder)


def put_in(content: Path, folder: Path) -> None:
    """Let a folder show what lies elsewhere, as a stick that was put in does."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount(os.fsencode(content), folder, None, _BIND, None)


@contextmanager
def write_protected(folder: Path) -> Iterator[None]:
    """Let nothing below a folder be written, whoever tries."""
    put_in(folder, folder)
    try:
        _mount(b"none", folder, None, _BIND | _REMOUNT | _READ_ONLY, None)
        yield
    finally:
        take_away(folder)


@contextmanager
def modes_count() -> Iterator[None]:
    """Let the modes of files hold for an administrator as for everybody else."""
    if os.geteuid() != 0:
        yield
        return
    libc, head = _libc(), (ctypes.c_uint32 * 2)(_THIRD_VERSION, 0)
    before = (ctypes.c_uint32 * 6)()
    libc.capget(head, before)
    less = (ctypes.c_uint32 * 6)(*before)
    for number in _OVERRIDES:
        less[0] &= ~(1 << number)
    libc.capset(head, less)
    try:
        yield
    finally:
        libc.capset(head, before)
