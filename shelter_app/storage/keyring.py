"""What a keyring holds, as frozen values: slots, grants, files, the seal, failed tries.

The keyring is the only file of a vault that is not encrypted as a whole. It names nobody: slots
carry an alias (an animal, a colour), never a role, a name, or the name of the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

VERSION: Final = 1
MIN_READER: Final = 1
FORMAT: Final = "register-keyring"
"""A plain file names no program that a search of the web would find."""

HPKE: Final = "hpke-x25519-sha256-a256gcm"
"""A grant somebody else made: wrapped to the slot's public key."""
OWN: Final = "a256gcm-own"
"""A settled grant: wrapped symmetrically under the slot's own private keys."""

PASSWORD: Final = "password"  # noqa: S105 - a kind of slot
RECOVERY: Final = "recovery"


@dataclass(frozen=True)
class KdfCost:
    """What one guess at a pass phrase costs: memory in KiB, passes, lanes (Argon2id)."""

    m_kib: int
    t: int
    p: int


FLOOR: Final = KdfCost(65_536, 1, 4)
"""The cheapest cost a keyring may carry; enough for recovery codes, which are random."""


@dataclass(frozen=True)
class Grant:
    """The key of one compartment and generation, wrapped for one slot."""

    compartment: str
    generation: int
    algorithm: str
    wrapped: bytes


@dataclass(frozen=True)
class Slot:
    """One way in: a worker's pass phrase or a recovery sheet, with a key pair of its own."""

    id: str
    kind: str
    alias: str
    created: str
    disabled: bool
    may_restore: bool
    cost: KdfCost
    salt: bytes
    x25519: bytes
    ed25519: bytes
    former_ed25519: tuple[bytes, ...]
    """Public signing keys from before a reset, so that old audit rows can still be checked."""
    nonce: bytes
    sealed: bytes
    grants: tuple[Grant, ...] = ()
    proved: str = ""
    """When a recovery sheet was last typed from its paper and opened this slot; '' when never."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Fields of a newer version that still lets this one write; kept as they came."""


@dataclass(frozen=True)
class FileEntry:
    """The file of one compartment and the generation of the key it is encrypted with."""

    generation: int
    file: str


@dataclass(frozen=True)
class Head:
    """The last row of an audit chain."""

    seq: int
    hash: bytes


@dataclass(frozen=True)
class State:
    """The seal: how each compartment was left the last time somebody held its key."""

    clean: Mapping[str, bool] = field(default_factory=dict)
    sha256: Mapping[str, str] = field(default_factory=dict)
    heads: Mapping[str, Head] = field(default_factory=dict)


@dataclass(frozen=True)
class Tries:
    """Failed tries of one slot since its last sign-in, with the first and last moment (UTC)."""

    count: int
    first_at: str
    last_at: str


@dataclass(frozen=True)
class Pending:
    """A compartment asked for on behalf of a slot by somebody who does not hold its key."""

    slot: str
    compartment: str
    asked_by: str


@dataclass(frozen=True)
class Keyring:
    """One state of the whole keyring; a change is a new value with a higher `seq`."""

    vault_id: bytes
    seq: int
    files: Mapping[str, FileEntry]
    slots: tuple[Slot, ...]
    state: State = field(default_factory=State)
    pending: tuple[Pending, ...] = ()
    due: frozenset[str] = frozenset()
    """Compartments that somebody could open who no longer may: they want a new key."""
    tries_seq: int = 0
    tries: Mapping[str, Tries] = field(default_factory=dict)
    version: int = VERSION
    min_reader: int = MIN_READER
    mac: bytes = bytes(32)
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def age(self) -> tuple[int, int]:
        """Order two copies: by content first, then by counted failures."""
        return (self.seq, self.tries_seq)

    def slot(self, slot_id: str) -> Slot | None:
        """Return a slot by id, or None."""
        return next((slot for slot in self.slots if slot.id == slot_id), None)

    def with_slot(self, changed: Slot) -> Keyring:
        """Return the keyring with one slot replaced, or added when its id is new."""
        if self.slot(changed.id) is None:
            return replace(self, slots=(*self.slots, changed))
        slots = tuple(changed if slot.id == changed.id else slot for slot in self.slots)
        return replace(self, slots=slots)

    def with_tries(self, slot_id: str, tries: Tries | None) -> Keyring:
        """Return the keyring with the failures of one slot counted, or forgotten."""
        kept = {other: value for other, value in self.tries.items() if other != slot_id}
        if tries is not None:
            kept[slot_id] = tries
        return replace(self, tries_seq=self.tries_seq + 1, tries=MappingProxyType(kept))
