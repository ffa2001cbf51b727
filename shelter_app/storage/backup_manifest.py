"""What a backup says about itself: the manifest inside it, and the page of keys beside it.

Both are read before anything in them is trusted, so everything is bounded and typed, and every
surprise is VaultDamaged or VaultTooNew, never another exception.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from shelter_app.errors import VaultDamaged, VaultTooNew
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_file
from shelter_app.storage.backup_age import PART
from shelter_app.storage.keyring_fields import Fields, Malformed, TooNew, slots_from

VERSION: Final = 1
MIN_READER: Final = 1
FORMAT: Final = "makao-backup"
BESIDE_FORMAT: Final = "register-restore"
LARGEST: Final = 32 << 20
_MOST_FILES: Final = 64
_MOST_PAPERS: Final = 1_000_000
_LARGEST_FILE: Final = (8 << 30) - 1
_FILE: Final = re.compile(
    r"keyring-[ab]\.json|[a-z]{1,20}-[0-9a-f]{4,16}\.db(-journal|-mj[0-9A-Fa-f]{6,12})?"
)
_PAPER: Final = re.compile(r"att/[a-z]{1,20}/[0-9a-f]{16}\.bin")
_NAME: Final = re.compile(r"[a-z]{1,20}")
_TABLE: Final = re.compile(r"[a-z_]{1,60}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_VAULT_ID: Final = re.compile(r"[0-9a-f]{32}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True)
class FileFact:
    """One file: its name inside the vault, its size and checksum."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class PartFact:
    """One compartment as it was: `opened` says whether the maker of the backup held its key."""

    file: str
    generation: int
    opened: bool
    schema: int
    head: kr.Head
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """The first file of a backup."""

    vault_id: str
    made_at: datetime
    keyring_seq: int
    parts: Mapping[str, PartFact]
    files: tuple[FileFact, ...]
    papers: tuple[FileFact, ...] = ()
    """Sealed documents: they never change, so they lie beside the backups once, not in each."""
    version: int = VERSION

    @property
    def heads(self) -> dict[str, kr.Head]:
        """Return where each audit trail stood."""
        return {name: part.head for name, part in self.parts.items()}

    @property
    def size(self) -> int:
        """Return the bytes of all files together."""
        return sum(fact.size for fact in (*self.files, *self.papers))


@dataclass(frozen=True)
class Beside:
    """What lies open beside a backup: the slots that may restore, and which papers it needs."""

    vault_id: str
    made_at: datetime
    slots: tuple[kr.Slot, ...]
    papers: tuple[FileFact, ...] = ()


def is_vault_file(name: str) -> bool:
    """Say whether a file of the vault folder belongs into a backup by its name."""
    return _FILE.fullmatch(name) is not None


def digest_of(papers: tuple[FileFact, ...]) -> str:
    """Return one checksum over a list of papers."""
    return hashlib.sha256(keyring_file.canonical(_facts(papers))).hexdigest()


def _facts(facts: tuple[FileFact, ...]) -> list[list[Any]]:
    return [[fact.name, fact.size, fact.sha256] for fact in facts]


def render(manifest: Manifest) -> bytes:
    """Return a manifest as it is written."""
    block = {
        "format": FORMAT,
        "version": VERSION,
        "min_reader": MIN_READER,
        "vault_id": manifest.vault_id,
        "made_at": manifest.made_at.isoformat(timespec="seconds"),
        "keyring_seq": manifest.keyring_seq,
        "parts": {
            name: {
                "file": part.file,
                "gen": part.generation,
                "opened": part.opened,
                "schema": part.schema,
                "head": [part.head.seq, part.head.hash.hex()],
                "counts": dict(part.counts),
            }
            for name, part in manifest.parts.items()
        },
        "files": _facts(manifest.files),
        "papers": _facts(manifest.papers),
    }
    return keyring_file.canonical(block)


def render_beside(beside: Beside) -> bytes:
    """Return the page of keys as it is written; grants stay inside the backup."""
    block = {
        "format": BESIDE_FORMAT,
        "version": VERSION,
        "min_reader": MIN_READER,
        "vault_id": beside.vault_id,
        "made_at": beside.made_at.isoformat(timespec="seconds"),
        "slots": _slot_blocks(beside.slots),
        "papers": _facts(beside.papers),
    }
    return keyring_file.canonical({**block, "sha256": _sum_over(block)})


def _sum_over(block: dict[str, Any]) -> str:
    """Return the checksum that tells a damaged page of keys from a wrong pass phrase."""
    return hashlib.sha256(keyring_file.canonical(block)).hexdigest()


def _slot_blocks(slots: tuple[kr.Slot, ...]) -> Any:
    """Return slots as a keyring writes them, without what they open."""
    bare = tuple(replace(slot, grants=()) for slot in slots)
    return json.loads(keyring_file.render(kr.Keyring(bytes(16), 1, {}, bare)))["slots"]


def parse(raw: bytes) -> Manifest:
    """Read a manifest; VaultDamaged or VaultTooNew for whatever is not one."""
    read, newer = _started(raw, FORMAT)
    try:
        manifest = Manifest(
            vault_id=read.text("vault_id", _VAULT_ID),
            made_at=_moment(read),
            keyring_seq=read.whole("keyring_seq", 1, 2**53),
            parts=_parts(read.block("parts"), newer=newer),
            files=_files(read.rows("files", 1, _MOST_FILES), _FILE),
            papers=_files(read.rows("papers", 0, _MOST_PAPERS), _PAPER),
        )
        read.rest(allowed=newer)
    except (Malformed, ValueError) as error:
        raise VaultDamaged(PART) from error
    return manifest


def parse_beside(raw: bytes) -> Beside:
    """Read the page of keys; VaultDamaged or VaultTooNew for whatever is not one."""
    read, newer = _started(raw, BESIDE_FORMAT, summed=True)
    try:
        beside = Beside(
            vault_id=read.text("vault_id", _VAULT_ID),
            made_at=_moment(read),
            slots=slots_from(read.rows("slots", 1, 256), {}, newer=newer),
            papers=_files(read.rows("papers", 0, _MOST_PAPERS), _PAPER),
        )
        read.rest(allowed=newer)
    except TooNew as error:
        raise VaultTooNew(PART) from error
    except (Malformed, ValueError) as error:
        raise VaultDamaged(PART) from error
    return beside


def _started(raw: bytes, kind: str, *, summed: bool = False) -> tuple[Fields, bool]:
    if len(raw) > LARGEST:
        raise VaultDamaged(PART)
    try:
        block = json.loads(raw.decode("utf-8"), parse_constant=_no_constants)
        if summed and (not isinstance(block, dict) or block.pop("sha256", "") != _sum_over(block)):
            raise Malformed("checksum")
        read = Fields(block, "manifest")
        if read.text("format") != kind:
            raise Malformed("format")
        if read.whole("min_reader", 1, 10**6) > VERSION:
            raise VaultTooNew(PART)
        newer = read.whole("version", 1, 10**6) > VERSION
    except (ValueError, RecursionError, Malformed) as error:
        raise VaultDamaged(PART) from error
    return read, newer


def _no_constants(name: str) -> None:
    raise ValueError(name)


def _moment(read: Fields) -> datetime:
    return datetime.fromisoformat(read.text("made_at", _MOMENT))


def _parts(read: Fields, *, newer: bool) -> Mapping[str, PartFact]:
    parts = {}
    for name, value in read.items(_NAME, 16):
        part = Fields(value, "parts")
        head = part.rows("head", 2, 2)
        parts[name] = PartFact(
            file=part.text("file", _FILE),
            generation=part.whole("gen", 1, 10**6),
            opened=part.flag("opened"),
            schema=part.whole("schema", 0, 10**6),
            head=kr.Head(_whole(head[0], 2**53), bytes.fromhex(_sum(head[1]))),
            counts=_counts(part.block("counts")),
        )
        part.rest(allowed=newer)
    if not parts:
        raise Malformed("parts")
    return MappingProxyType(parts)


def _counts(read: Fields) -> Mapping[str, int]:
    return MappingProxyType({name: _whole(value, 2**53) for name, value in read.items(_TABLE, 500)})


def _files(rows: list[Any], shape: re.Pattern[str]) -> tuple[FileFact, ...]:
    facts = tuple(_file(row, shape) for row in rows)
    if len({fact.name for fact in facts}) != len(facts):
        raise Malformed("files")
    return facts


def _file(row: Any, shape: re.Pattern[str]) -> FileFact:
    if not isinstance(row, list) or len(row) != 3 or not isinstance(row[0], str):
        raise Malformed("files")
    if not shape.fullmatch(row[0]):
        raise Malformed("files")
    return FileFact(row[0], _whole(row[1], _LARGEST_FILE), _sum(row[2]))


def _whole(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise Malformed("number")
    return value


def _sum(value: Any) -> str:
    if type(value) is not str or not _SHA256.fullmatch(value):
        raise Malformed("sha256")
    return value
