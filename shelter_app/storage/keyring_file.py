"""The keyring as two files: strict reading, canonical writing, newest valid copy wins.

A keyring is read before anybody is trusted, so everything is bounded and typed before anything is
computed from it. The failures block lies outside the MAC: a wrong pass phrase must be counted
although the key of the MAC is still closed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from shelter_app.errors import NotAVault, VaultDamaged, VaultTooNew
from shelter_app.storage import keyring as kr
from shelter_app.storage.keyring_fields import (
    Malformed,
    TooNew,
    due_from,
    fields_from,
    files_from,
    pending_from,
    slots_from,
    state_from,
    tries_from,
)
from shelter_app.storage.safe_files import file_troubles, write_whole

NAMES: Final = ("keyring-a.json", "keyring-b.json")
PART: Final = "keyring"
LARGEST: Final = 1 << 20
_OUTSIDE_MAC: Final = ("mac", "sha256", "tries")


def canonical(value: Any) -> bytes:
    """Return the one byte form of a JSON value, the form that is hashed and written."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _slot_block(slot: kr.Slot) -> dict[str, Any]:
    return {
        **slot.more,
        "id": slot.id,
        "kind": slot.kind,
        "alias": slot.alias,
        "created": slot.created,
        "disabled": slot.disabled,
        "may_restore": slot.may_restore,
        "kdf": kdf_block(slot.cost, slot.salt),
        "pub": {
            "x25519": _text(slot.x25519),
            "ed25519": _text(slot.ed25519),
            "former": [_text(key) for key in slot.former_ed25519],
        },
        "priv": {"alg": "A256GCM", "n": _text(slot.nonce), "ct": _text(slot.sealed)},
        "grants": [
            {
                "compartment": grant.compartment,
                "gen": grant.generation,
                "alg": grant.algorithm,
                "w": _text(grant.wrapped),
            }
            for grant in slot.grants
        ],
        **({"proved": slot.proved} if slot.proved else {}),
    }


def kdf_block(cost: kr.KdfCost, salt: bytes) -> dict[str, Any]:
    """Return a slot's KDF parameters as written; they are bound to the sealed private key."""
    return {
        "alg": "argon2id",
        "v": 19,
        "m_kib": cost.m_kib,
        "t": cost.t,
        "p": cost.p,
        "salt": _text(salt),
    }


def _state_block(state: kr.State) -> dict[str, Any]:
    return {
        "clean": dict(state.clean),
        "sha256": dict(state.sha256),
        "audit_head": {name: [head.seq, head.hash.hex()] for name, head in state.heads.items()},
    }


def _block(keyring: kr.Keyring) -> dict[str, Any]:
    return {
        **keyring.more,
        "format": kr.FORMAT,
        "version": keyring.version,
        "min_reader": keyring.min_reader,
        "vault_id": _text(keyring.vault_id),
        "seq": keyring.seq,
        "compartments": {
            name: {"gen": entry.generation, "file": entry.file}
            for name, entry in keyring.files.items()
        },
        "state": _state_block(keyring.state),
        "slots": [_slot_block(slot) for slot in keyring.slots],
        "pending": [
            {"slot": wish.slot, "compartment": wish.compartment, "asked_by": wish.asked_by}
            for wish in keyring.pending
        ],
        **({"due": sorted(keyring.due)} if keyring.due else {}),
        "tries": {
            "seq": keyring.tries_seq,
            "slots": {
                slot: [tries.count, tries.first_at, tries.last_at]
                for slot, tries in keyring.tries.items()
            },
        },
        "mac": _text(keyring.mac),
    }


def authenticated(keyring: kr.Keyring) -> bytes:
    """Return what the MAC covers: everything but itself, the checksum and the failures."""
    block = _block(keyring)
    return canonical({name: block[name] for name in block if name not in _OUTSIDE_MAC})


def render(keyring: kr.Keyring) -> bytes:
    """Return a keyring as the bytes of one copy, with its checksum."""
    block = _block(keyring)
    return canonical({**block, "sha256": hashlib.sha256(canonical(block)).hexdigest()})


@lru_cache(maxsize=len(NAMES))
def parse(raw: bytes) -> kr.Keyring:
    """Read one copy; Malformed for anything unexpected, TooNew when a newer program wrote it.

    What was read is kept for the same bytes: signing in looks at both copies three times over.
    """
    if len(raw) > LARGEST:
        raise Malformed("size")
    try:
        block = json.loads(raw.decode("utf-8"), parse_constant=_no_constants)
    except (ValueError, RecursionError) as error:
        raise Malformed("json") from error
    if not isinstance(block, dict) or block.get("format") != kr.FORMAT:
        raise Malformed("format")
    _check_sum(block)  # first, in every version to come: a flipped digit is damage, not progress
    min_reader = block.get("min_reader")
    if type(min_reader) is int and min_reader > kr.VERSION:
        raise TooNew("min_reader")
    return _keyring_from(block)


def _no_constants(name: str) -> None:
    raise ValueError(name)


def _check_sum(block: dict[str, Any]) -> None:
    stated = block.pop("sha256", None)
    try:
        found = hashlib.sha256(canonical(block)).hexdigest()
    except (ValueError, RecursionError) as error:
        raise Malformed("values") from error
    if (
        not isinstance(stated, str)
        or not stated.isascii()
        or not hmac.compare_digest(found, stated)
    ):
        raise Malformed("checksum")


def _keyring_from(block: Mapping[str, Any]) -> kr.Keyring:
    read = fields_from(block)
    newer = read.whole("version", 1, 10**6) > kr.VERSION
    files = files_from(read.block("compartments"))
    slots = slots_from(read.rows("slots", 1, 256), files, newer=newer)
    known = frozenset(slot.id for slot in slots)
    tries_seq, tries = tries_from(read.block("tries"), known)
    return kr.Keyring(
        vault_id=read.raw("vault_id", 16),
        seq=read.whole("seq", 1, 2**53),
        files=files,
        slots=slots,
        state=state_from(read.block("state"), files),
        pending=pending_from(read.rows("pending", 0, 256), files, known),
        due=due_from(read.rows("due", 1, 8), files) if read.has("due") else frozenset(),
        tries_seq=tries_seq,
        tries=tries,
        version=read.whole("version", 1, 10**6),
        min_reader=read.whole("min_reader", 1, kr.VERSION),
        mac=read.raw("mac", 32),
        more=read.rest(("format",), allowed=newer),
    )


def load(folder: Path) -> kr.Keyring:
    """Return the newest valid copy; one damaged copy is healed by the next save."""
    best: kr.Keyring | None = None
    found = 0
    for name in NAMES:
        raw = _read(folder / name)
        if raw is None:
            continue
        found += 1
        try:
            copy = parse(raw)
        except TooNew as error:
            raise VaultTooNew from error
        except Malformed:
            continue
        if best is None or copy.age > best.age:
            best = copy
    if best is not None:
        return best
    if found:
        raise VaultDamaged(PART)
    raise NotAVault


def _read(path: Path) -> bytes | None:
    try:
        with file_troubles(), path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def save(folder: Path, keyring: kr.Keyring) -> None:
    """Write both copies, the older one first, so that a cut always leaves one that is whole.

    What could not be read again is not written: Malformed is a mistake of the program then.
    """
    raw = render(keyring)
    parse(raw)
    for name in sorted(NAMES, key=lambda name: _age(folder / name)):
        write_whole(folder / name, raw)


def _age(path: Path) -> tuple[int, int]:
    raw = _read(path)
    try:
        return (-1, -1) if raw is None else parse(raw).age
    except (Malformed, TooNew):
        return (-1, -1)
