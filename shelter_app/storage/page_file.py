"""Reading a damaged database file page by page, past what the engine gives up at.

The engine follows a table from its first page down: one damaged page near the top hides every row
below it. Here each page is checked and opened by itself, so the rows of every sound page are found
and only those on a damaged page are lost. Layout: SQLCipher 4 (AES-256-CBC, a seal of HMAC-SHA512
behind each page) and the SQLite file format; read only, never written.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE: Final = 4096
_RESERVE: Final = 80
_IV: Final = 16
USABLE: Final = PAGE - _RESERVE
_SALT: Final = 16
_SALT_MASK: Final = 0x3A
_ROUNDS: Final = 2
_LOOKED_AT: Final = 12
"""Up to which page one is looked for that bears its seal, to know whether the salt is right."""
_VERSION_AT: Final = 60
_HEADER: Final = b"SQLite format 3\x00"

TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER = 13, 5, 10, 2
_KINDS: Final = frozenset({TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER})
_MOST_OVERFLOW: Final = 20_000
_NONSENSE: Final = (IndexError, struct.error, UnicodeDecodeError)

Values = tuple[Any, ...]


@dataclass(frozen=True)
class Row:
    """One row found on a leaf; `values` is None when part of it lies on a damaged page."""

    rowid: int
    values: Values | None


class PageFile:
    """One database file, opened with its key for reading single pages."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._file = path.open("rb")
        self._key = key
        self.size = path.stat().st_size
        self.count = -(-self.size // PAGE)
        self._seal_key = self._sealing_key(self._file.read(_SALT))

    def _sealing_key(self, salt: bytes) -> bytes:
        """Return the key of the seals; one wrong bit in the salt, which no seal covers, is mended.

        Otherwise that one bit would make every page of the file look damaged.
        """
        shown = int.from_bytes(salt, "big")
        for number in (shown, *(shown ^ 1 << bit for bit in range(8 * len(salt)))):
            found = self._from_salt(number.to_bytes(len(salt), "big"))
            if any(self._sealed(page, found) for page in range(2, _LOOKED_AT + 1)):
                return found
        return self._from_salt(salt)

    def _from_salt(self, salt: bytes) -> bytes:
        masked = bytes(byte ^ _SALT_MASK for byte in salt)
        return hashlib.pbkdf2_hmac("sha512", self._key, masked, _ROUNDS, len(self._key))

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def is_sound(self, number: int) -> bool:
        """Say whether a page is as it was sealed."""
        return self._sealed(number) is not None

    def damaged(self) -> Iterator[int]:
        """Yield the numbers of the pages that are not as they were sealed."""
        return (number for number in range(1, self.count + 1) if not self.is_sound(number))

    def page(self, number: int) -> bytes | None:
        """Return what a page holds, or None when it is damaged or not there."""
        raw = self._sealed(number)
        if raw is None:
            return None
        start = _SALT if number == 1 else 0
        cipher = Cipher(algorithms.AES(self._key), modes.CBC(raw[USABLE : USABLE + _IV]))
        opener = cipher.decryptor()
        plain = opener.update(raw[start:USABLE]) + opener.finalize()
        return _HEADER + plain if number == 1 else plain

    def version(self) -> int:
        """Return the schema version the file says it has; 0 when its first page is damaged."""
        first = self.page(1)
        return int(struct.unpack_from(">I", first, _VERSION_AT)[0]) if first else 0

    def _sealed(self, number: int, key: bytes = b"") -> bytes | None:
        if not 1 <= number <= self.count:
            return None
        self._file.seek((number - 1) * PAGE)
        raw = self._file.read(PAGE)
        if len(raw) < PAGE:
            return None
        start = _SALT if number == 1 else 0
        covered = raw[start : USABLE + _IV] + struct.pack("<I", number)
        seal = hmac.digest(key or self._seal_key, covered, "sha512")
        return raw if hmac.compare_digest(seal, raw[USABLE + _IV :]) else None

    # What stands on a page

    def kind(self, number: int, page: bytes) -> int:
        """Return what sort of tree page it is, or 0."""
        kind = page[_start(number)]
        return kind if kind in _KINDS else 0

    def children(self, number: int, page: bytes) -> list[int]:
        """Return the pages an inner page leads to."""
        start = _start(number)
        last = int(struct.unpack_from(">I", page, start + 8)[0])
        return [struct.unpack_from(">I", page, at)[0] for at in _cells(page, start, 12)] + [last]

    def table_rows(self, number: int, page: bytes) -> Iterator[Row]:
        """Yield the rows of a leaf of a table."""
        for cell in _cells(page, _start(number), 8):
            try:
                size, after_size = varint(page, cell)
                rowid, begin = varint(page, after_size)
            except _NONSENSE:
                continue
            yield Row(_signed(rowid), self._record(page, begin, size, USABLE - 35))

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield what stands as two texts on any sound page of a table without row numbers."""
        for number in range(1, self.count + 1):
            page = self.page(number)
            if page is None or self.kind(number, page) not in (INDEX_LEAF, INDEX_INNER):
                continue
            for row in self.index_rows(number, page):
                if row.values is not None and len(row.values) == 2:
                    name, value = row.values
                    if isinstance(name, str) and isinstance(value, str):
                        yield name, value

    def index_rows(self, number: int, page: bytes) -> Iterator[Row]:
        """Yield the entries of a page of an index, or of a table without row numbers."""
        inner = self.kind(number, page) == INDEX_INNER
        for at in _cells(page, _start(number), 12 if inner else 8):
            try:
                size, begin = varint(page, at + 4 if inner else at)
            except _NONSENSE:
                continue
            yield Row(0, self._record(page, begin, size, (USABLE - 12) * 64 // 255 - 23))

    def _record(self, page: bytes, at: int, size: int, most: int) -> Values | None:
        try:
            payload = self._payload(page, at, size, most)
            return None if payload is None else values_of(payload)
        except _NONSENSE:
            return None

    def _payload(self, page: bytes, at: int, size: int, most: int) -> bytes | None:
        if size <= most:
            return page[at : at + size]
        least = (USABLE - 12) * 32 // 255 - 23
        local = least + (size - least) % (USABLE - 4)
        local = local if local <= most else least
        parts = [page[at : at + local]]
        missing, steps = size - local, 0
        following = int(struct.unpack_from(">I", page, at + local)[0])
        while missing > 0:
            more = self.page(following)
            steps += 1
            if more is None or steps > _MOST_OVERFLOW:
                return None
            parts.append(more[4 : 4 + min(missing, USABLE - 4)])
            missing -= USABLE - 4
            following = int(struct.unpack_from(">I", more, 0)[0])
        return b"".join(parts)


def _start(number: int) -> int:
    return 100 if number == 1 else 0


def _cells(page: bytes, start: int, header: int) -> list[int]:
    """Return where the cells of a page begin; nothing for a page that makes no sense."""
    count = int(struct.unpack_from(">H", page, start + 3)[0])
    if start + header + 2 * count > len(page):
        return []
    places = struct.unpack_from(f">{count}H", page, start + header)
    return [place for place in places if start + header <= place < len(page) - 3]


def varint(raw: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where the next begins."""
    value = 0
    for step in range(8):
        byte = raw[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | raw[at + 8], at + 9


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


_WHOLE: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def values_of(payload: bytes) -> Values:
    """Return the values of a record; raises IndexError and the like when it makes no sense."""
    header, at = varint(payload, 0)
    if header > len(payload):
        raise IndexError("header")
    kinds = []
    while at < header:
        kind, at = varint(payload, at)
        kinds.append(kind)
    values = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in _WHOLE:
        end = at + _WHOLE[kind]
        _require(payload, end)
        return int.from_bytes(payload[at:end], "big", signed=True), end
    if kind == 7:
        return struct.unpack_from(">d", payload, at)[0], at + 8
    if kind in (8, 9):
        return kind - 8, at
    if kind >= 12:
        end = at + (kind - 12) // 2
        _require(payload, end)
        raw = payload[at:end]
        return (raw.decode("utf-8") if kind % 2 else raw), end
    return None, at


def _require(payload: bytes, end: int) -> None:
    if end > len(payload):
        raise IndexError("value")
