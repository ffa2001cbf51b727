"""Typed, bounded reading of the keyring's parts; every surprise is one exception, `Malformed`."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from shelter_app.storage import keyring as kr

_COMPARTMENT: Final = re.compile(r"[a-z]{1,20}")
_FILE: Final = re.compile(r"[a-z]{1,20}-[0-9a-f]{4,16}\.db")
_SLOT_ID: Final = re.compile(r"[0-9a-f]{16}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_STAMP: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}Z")
_ALIAS_LONGEST: Final = 40
_MOST_M_KIB: Final = 1 << 20


class Malformed(Exception):
    """A keyring copy is not what a keyring must be; the argument names the field."""


class TooNew(Exception):
    """A keyring copy was written by a program this one must not read after."""


class Fields:
    """One JSON object being read; each method takes one field and refuses surprises."""

    def __init__(self, block: Any, where: str) -> None:
        if not isinstance(block, dict):
            raise Malformed(where)
        self._block: dict[str, Any] = block
        self._where = where
        self._seen: set[str] = set()

    def _take(self, name: str) -> Any:
        if name not in self._block:
            raise Malformed(name)
        self._seen.add(name)
        return self._block[name]

    def has(self, name: str) -> bool:
        """Say whether a field that may be left out is there."""
        return name in self._block

    def whole(self, name: str, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        return _whole(self._take(name), least, most, name)

    def text(self, name: str, pattern: re.Pattern[str] | None = None, longest: int = 200) -> str:
        """Return a text that is not too long and, if asked, of one shape."""
        return _text(self._take(name), name, pattern, longest)

    def flag(self, name: str) -> bool:
        """Return a true or false."""
        return _flag(self._take(name), name)

    def raw(self, name: str, size: int | None = None, longest: int = 512) -> bytes:
        """Return bytes written as base64."""
        return _raw(self._take(name), name, size, longest)

    def block(self, name: str) -> Fields:
        """Return an inner object."""
        return Fields(self._take(name), name)

    def rows(self, name: str, least: int, most: int) -> list[Any]:
        """Return an inner list within bounds."""
        value = self._take(name)
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise Malformed(name)
        return value

    def items(self, shape: re.Pattern[str], most: int) -> list[tuple[str, Any]]:
        """Return an object that is a mapping, its keys all of one shape."""
        if len(self._block) > most:
            raise Malformed(self._where)
        for name in self._block:
            if not shape.fullmatch(name):
                raise Malformed(self._where)
        self._seen.update(self._block)
        return list(self._block.items())

    def rest(self, also_known: Iterable[str] = (), *, allowed: bool = False) -> dict[str, Any]:
        """Return what nobody asked for: nothing, unless a newer version wrote it."""
        left = set(self._block) - self._seen - set(also_known)
        if left and not allowed:
            raise Malformed(self._where)
        return {name: self._block[name] for name in sorted(left)}


def fields_from(block: Mapping[str, Any]) -> Fields:
    """Start reading the outermost object."""
    return Fields(dict(block), "keyring")


def _whole(value: Any, least: int, most: int, where: str) -> int:
    if type(value) is not int or not least <= value <= most:
        raise Malformed(where)
    return value


def _flag(value: Any, where: str) -> bool:
    if type(value) is not bool:
        raise Malformed(where)
    return value


def _text(value: Any, where: str, pattern: re.Pattern[str] | None, longest: int) -> str:
    if type(value) is not str or len(value) > longest:
        raise Malformed(where)
    if pattern is not None and not pattern.fullmatch(value):
        raise Malformed(where)
    return value


def _raw(value: Any, where: str, size: int | None, longest: int) -> bytes:
    if type(value) is not str or len(value) > longest * 2:
        raise Malformed(where)
    try:
        raw = base64.b64decode(value.encode("ascii"), validate=True)
    except ValueError as error:
        raise Malformed(where) from error
    if len(raw) > longest or (size is not None and len(raw) != size):
        raise Malformed(where)
    return raw


def files_from(read: Fields) -> Mapping[str, kr.FileEntry]:
    """Read which file each compartment has; two compartments never share one."""
    files: dict[str, kr.FileEntry] = {}
    for name, value in read.items(_COMPARTMENT, 8):
        entry = Fields(value, "compartments")
        files[name] = kr.FileEntry(entry.whole("gen", 1, 10**6), entry.text("file", _FILE))
        entry.rest()
    if not files or len({entry.file for entry in files.values()}) != len(files):
        raise Malformed("compartments")
    return MappingProxyType(files)


def slots_from(
    rows: list[Any], files: Mapping[str, kr.FileEntry], *, newer: bool
) -> tuple[kr.Slot, ...]:
    """Read the slots; ids are unique and grants name compartments that exist."""
    slots = tuple(_slot_from(Fields(row, "slots"), files, newer=newer) for row in rows)
    if len({slot.id for slot in slots}) != len(slots):
        raise Malformed("slots")
    return slots


def _slot_from(read: Fields, files: Mapping[str, kr.FileEntry], *, newer: bool) -> kr.Slot:
    kind = read.text("kind")
    if kind not in {kr.PASSWORD, kr.RECOVERY}:
        raise Malformed("kind")
    cost, salt = _kdf_from(read.block("kdf"))
    public = read.block("pub")
    private = read.block("priv")
    if private.text("alg") != "A256GCM":
        raise TooNew("priv")
    slot = kr.Slot(
        id=read.text("id", _SLOT_ID),
        kind=kind,
        alias=read.text("alias", longest=_ALIAS_LONGEST),
        created=read.text("created", _STAMP),
        disabled=read.flag("disabled"),
        may_restore=read.flag("may_restore"),
        cost=cost,
        salt=salt,
        x25519=public.raw("x25519", 32),
        ed25519=public.raw("ed25519", 32),
        former_ed25519=tuple(
            _raw(value, "former", 32, 32) for value in public.rows("former", 0, 64)
        ),
        nonce=private.raw("n", 12),
        sealed=private.raw("ct", 80),
        grants=tuple(_grant_from(row, files) for row in read.rows("grants", 0, 32)),
        proved=read.text("proved", _STAMP) if read.has("proved") else "",
        more=read.rest(allowed=newer),
    )
    public.rest()
    private.rest()
    return slot


def _kdf_from(read: Fields) -> tuple[kr.KdfCost, bytes]:
    if read.text("alg") != "argon2id" or read.whole("v", 0, 10**6) != 19:
        raise TooNew("kdf")
    cost = kr.KdfCost(
        read.whole("m_kib", kr.FLOOR.m_kib, _MOST_M_KIB),
        read.whole("t", 1, 20),
        read.whole("p", 1, 16),
    )
    salt = read.raw("salt", 16)
    read.rest()
    return cost, salt


def _grant_from(row: Any, files: Mapping[str, kr.FileEntry]) -> kr.Grant:
    read = Fields(row, "grants")
    compartment = read.text("compartment")
    if compartment not in files:
        raise Malformed("grants")
    algorithm = read.text("alg")
    if algorithm not in {kr.HPKE, kr.OWN}:
        raise TooNew("grants")
    grant = kr.Grant(compartment, read.whole("gen", 1, 10**6), algorithm, read.raw("w"))
    read.rest()
    return grant


def state_from(read: Fields, files: Mapping[str, kr.FileEntry]) -> kr.State:
    """Read the seal; it speaks only of compartments that exist."""
    clean = {
        name: _flag(value, "clean") for name, value in read.block("clean").items(_COMPARTMENT, 8)
    }
    sums = {
        name: _text(value, "sha256", _SHA256, 64)
        for name, value in read.block("sha256").items(_COMPARTMENT, 8)
    }
    heads = {
        name: _head_from(value) for name, value in read.block("audit_head").items(_COMPARTMENT, 8)
    }
    read.rest()
    if not {*clean, *sums, *heads} <= set(files):
        raise Malformed("state")
    return kr.State(MappingProxyType(clean), MappingProxyType(sums), MappingProxyType(heads))


def _head_from(value: Any) -> kr.Head:
    if not isinstance(value, list) or len(value) != 2:
        raise Malformed("audit_head")
    seq = _whole(value[0], 0, 2**53, "audit_head")
    return kr.Head(seq, bytes.fromhex(_text(value[1], "audit_head", _SHA256, 64)))


def pending_from(
    rows: list[Any], files: Mapping[str, kr.FileEntry], slots: frozenset[str]
) -> tuple[kr.Pending, ...]:
    """Read the wishes for keys that somebody else has to grant."""
    wishes = []
    for row in rows:
        read = Fields(row, "pending")
        wish = kr.Pending(
            read.text("slot", _SLOT_ID), read.text("compartment"), read.text("asked_by", _SLOT_ID)
        )
        read.rest()
        if wish.slot not in slots or wish.compartment not in files:
            raise Malformed("pending")
        wishes.append(wish)
    return tuple(wishes)


def due_from(rows: list[Any], files: Mapping[str, kr.FileEntry]) -> frozenset[str]:
    """Read which compartments want a new key."""
    names = frozenset(_text(row, "due", _COMPARTMENT, 20) for row in rows)
    if not names <= set(files):
        raise Malformed("due")
    return names


def tries_from(read: Fields, slots: frozenset[str]) -> tuple[int, Mapping[str, kr.Tries]]:
    """Read the failed tries per slot."""
    tries: dict[str, kr.Tries] = {}
    for slot, value in read.block("slots").items(_SLOT_ID, 256):
        if slot not in slots or not isinstance(value, list) or len(value) != 3:
            raise Malformed("tries")
        tries[slot] = kr.Tries(
            _whole(value[0], 1, 10**9, "tries"),
            _text(value[1], "tries", _STAMP, 40),
            _text(value[2], "tries", _STAMP, 40),
        )
    seq = read.whole("seq", 0, 2**53)
    read.rest()
    return seq, MappingProxyType(tries)
