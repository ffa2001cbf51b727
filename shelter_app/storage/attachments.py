"""Documents as files of their own: encrypted in chunks, each with its own key.

The key, the true size and the checksum live in the record's row, so a file without its row is
noise, and a row without its file says "damaged" while everything else works. Files are padded and
carry one fixed date, so that a folder listing tells nothing about what was added when.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shelter_app import paths
from shelter_app.errors import DocumentUnreadable, NotPossible
from shelter_app.i18n import _
from shelter_app.storage.safe_files import file_troubles, open_plain, write_whole

FOLDER: Final = "att"
LARGEST: Final = 20 << 20
_MAGIC: Final = b"TVF1"
_CHUNK: Final = 64 << 10
_TAG: Final = 16
_PREFIX: Final = 7
_LARGEST_SEALED: Final = LARGEST + LARGEST // 100
"""As much as a sealed file can have: what was put in its place is not read beyond that."""
_FIXED_DATE: Final = 1_577_836_800
_NAME: Final = re.compile(r"[0-9a-f]{16}\.bin")
_COMPARTMENT: Final = re.compile(r"[a-z]{1,20}")


@dataclass(frozen=True)
class Stored:
    """What the record keeps of its document; the key is not for showing."""

    name: str
    key: bytes = field(repr=False)
    size: int
    sha256: str
    """Of the file as it lies on the disk."""


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _padded(data: bytes) -> bytes:
    """Fill up to whole chunks, at least one."""
    chunks = max(1, -(-len(data) // _CHUNK))
    return data.ljust(chunks * _CHUNK, b"\0")


def _sealed(data: bytes, key: bytes) -> bytes:
    prefix = os.urandom(_PREFIX)
    header = _MAGIC + prefix
    cipher = AESGCM(key)
    plain = _padded(data)
    parts = [header]
    for number, start in enumerate(range(0, len(plain), _CHUNK)):
        last = start + _CHUNK >= len(plain)
        nonce = _nonce(prefix, number, last=last)
        parts.append(cipher.encrypt(nonce, plain[start : start + _CHUNK], header))
    return b"".join(parts)


def _opened(raw: bytes, key: bytes, size: int) -> bytes:
    header, body = raw[: len(_MAGIC) + _PREFIX], raw[len(_MAGIC) + _PREFIX :]
    prefix = header[len(_MAGIC) :]
    step = _CHUNK + _TAG
    if not header.startswith(_MAGIC) or not body or len(body) % step:
        raise DocumentUnreadable("shape")
    cipher = AESGCM(key)
    parts = []
    for number, start in enumerate(range(0, len(body), step)):
        nonce = _nonce(prefix, number, last=start + step >= len(body))
        parts.append(cipher.decrypt(nonce, body[start : start + step], header))
    plain = b"".join(parts)
    if not len(plain) - _CHUNK <= size <= len(plain):
        raise DocumentUnreadable("size")
    return plain[:size]


def _path(folder: Path, compartment: str, name: str) -> Path:
    if not _COMPARTMENT.fullmatch(compartment) or not _NAME.fullmatch(name):
        raise DocumentUnreadable("name")
    return folder / FOLDER / compartment / name


def store(folder: Path, compartment: str, data: bytes) -> Stored:
    """Write a document durably; the caller then commits the row that makes it reachable."""
    if len(data) > LARGEST:
        raise NotPossible(_("This document is too large: 20 MB at most."))
    name = f"{secrets.token_hex(8)}.bin"
    key = secrets.token_bytes(32)
    path = _path(folder, compartment, name)
    raw = _sealed(data, key)
    with file_troubles():
        paths.private_folder(path.parent.parent)
        paths.private_folder(path.parent)
        write_whole(path, raw)
        os.utime(path, (_FIXED_DATE, _FIXED_DATE))
    return Stored(name, key, len(data), hashlib.sha256(raw).hexdigest())


def load(folder: Path, compartment: str, stored: Stored) -> bytes:
    """Return a document's bytes, or DocumentUnreadable when it is missing or damaged."""
    try:
        with open_plain(_path(folder, compartment, stored.name)) as file:
            raw = file.read(_LARGEST_SEALED)
        if hashlib.sha256(raw).hexdigest() != stored.sha256:
            raise DocumentUnreadable("checksum")
        return _opened(raw, stored.key, stored.size)
    except (OSError, InvalidTag, ValueError) as error:
        raise DocumentUnreadable("file") from error


def remove(folder: Path, compartment: str, name: str) -> None:
    """Remove a document's file; harmless when it is gone."""
    with file_troubles():
        _path(folder, compartment, name).unlink(missing_ok=True)


def sweep(folder: Path, compartment: str, known: Collection[str], before: datetime) -> int:
    """Remove files no row names any more that were written before a time; return how many.

    `known` has the names in all rows of that compartment. The date in the folder is fixed, so the
    age is that of the file's entry: a copy or a restore makes it younger, never older.
    """
    place = _path(folder, compartment, "0" * 16 + ".bin").parent
    if not place.is_dir():
        return 0
    swept = 0
    with file_troubles():
        for path in sorted(place.iterdir()):
            name = path.name.removesuffix(".part")
            if not _NAME.fullmatch(name) or (name in known and name == path.name):
                continue
            if datetime.fromtimestamp(path.stat().st_ctime) < before:  # noqa: DTZ006 - wall time
                path.unlink(missing_ok=True)
                swept += 1
    return swept
