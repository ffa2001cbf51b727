"""The cryptography of the keyring: pass phrase to private keys to compartment keys, and the MAC.

A pass phrase never wraps a compartment's key itself. It opens the slot's private keys, and grants
are wrapped to the slot's public key: so a manager can grant, and a rotation can re-wrap, without
knowing anybody's pass phrase.
"""

from __future__ import annotations

import hmac
import os
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shelter_app import clock
from shelter_app.errors import VaultDamaged, WrongPassphrase
from shelter_app.storage import keyring as kr
from shelter_app.storage.keyring_file import PART, authenticated, canonical, kdf_block

KEY_BYTES: Final = 32
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_STEPS_DOWN: Final = (kr.KdfCost(262_144, 3, 4), kr.KdfCost(131_072, 3, 4))
_LAST_STEP: Final = kr.KdfCost(65_536, 3, 4)
_SLOWEST: Final = 2.5


@dataclass(frozen=True)
class Private:
    """A slot's opened private keys; `block` is what the pass phrase seals."""

    block: bytes

    @property
    def x25519(self) -> X25519PrivateKey:
        """Return the key that opens grants."""
        return X25519PrivateKey.from_private_bytes(self.block[:KEY_BYTES])

    @property
    def ed25519(self) -> Ed25519PrivateKey:
        """Return the key that signs audit rows."""
        return Ed25519PrivateKey.from_private_bytes(self.block[KEY_BYTES:])

    @property
    def sign(self) -> Callable[[bytes], bytes]:
        """Return the signing function of the audit trail."""
        return self.ed25519.sign


def normalised(passphrase: str) -> bytes:
    """Return a pass phrase as bytes that do not depend on the keyboard it was typed with."""
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")


def _derived(passphrase: str, cost: kr.KdfCost, salt: bytes) -> bytes:
    kdf = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.t, lanes=cost.p, memory_cost=cost.m_kib
    )
    return kdf.derive(normalised(passphrase))


def calibrated() -> kr.KdfCost:
    """Return the highest cost this computer takes in reasonable time, measured once."""
    for cost in _STEPS_DOWN:
        started = time.perf_counter()
        try:
            _derived("calibration", cost, bytes(16))
        except MemoryError:
            continue
        if time.perf_counter() - started <= _SLOWEST:
            return cost
    return _LAST_STEP


def _expanded(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)


def _slot_binding(vault_id: bytes, slot_id: str, cost: kr.KdfCost, salt: bytes) -> bytes:
    return b"|".join(
        (b"makao-slot-1", vault_id, slot_id.encode(), canonical(kdf_block(cost, salt)))
    )


def new_slot(
    vault_id: bytes, alias: str, passphrase: str, cost: kr.KdfCost, kind: str = kr.PASSWORD
) -> tuple[kr.Slot, Private]:
    """Make a slot with a fresh key pair, sealed under a pass phrase or a recovery code."""
    encryption = X25519PrivateKey.generate()
    signing = Ed25519PrivateKey.generate()
    private = Private(encryption.private_bytes_raw() + signing.private_bytes_raw())
    bare = kr.Slot(
        id=secrets.token_hex(8),
        kind=kind,
        alias=alias,
        created=clock.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        disabled=False,
        may_restore=kind == kr.RECOVERY,
        cost=cost,
        salt=b"",
        x25519=encryption.public_key().public_bytes_raw(),
        ed25519=signing.public_key().public_bytes_raw(),
        former_ed25519=(),
        nonce=b"",
        sealed=b"",
    )
    return resealed(vault_id, bare, private, passphrase, cost), private


def resealed(
    vault_id: bytes, slot: kr.Slot, private: Private, passphrase: str, cost: kr.KdfCost
) -> kr.Slot:
    """Return the slot with its private keys under another pass phrase; grants stay as they are."""
    salt, nonce = os.urandom(16), os.urandom(12)
    binding = _slot_binding(vault_id, slot.id, cost, salt)
    sealed = AESGCM(_derived(passphrase, cost, salt)).encrypt(nonce, private.block, binding)
    return replace(slot, cost=cost, salt=salt, nonce=nonce, sealed=sealed)


def unlocked(vault_id: bytes, slot: kr.Slot, passphrase: str) -> Private:
    """Open a slot's private keys; a failure here always means the pass phrase is wrong."""
    key = _derived(passphrase, slot.cost, slot.salt)
    binding = _slot_binding(vault_id, slot.id, slot.cost, slot.salt)
    try:
        private = Private(AESGCM(key).decrypt(slot.nonce, slot.sealed, binding))
    except InvalidTag:
        raise WrongPassphrase from None
    if private.x25519.public_key().public_bytes_raw() != slot.x25519:
        raise VaultDamaged(PART)
    if private.ed25519.public_key().public_bytes_raw() != slot.ed25519:
        raise VaultDamaged(PART)
    return private


def _grant_binding(vault_id: bytes, slot_id: str, compartment: str, generation: int) -> bytes:
    return b"|".join(
        (b"makao-grant-1", vault_id, slot_id.encode(), compartment.encode(), b"%d" % generation)
    )


def granted(
    vault_id: bytes, slot: kr.Slot, compartment: str, generation: int, key: bytes
) -> kr.Slot:
    """Return the slot with one compartment's key wrapped to its public key."""
    public = X25519PublicKey.from_public_bytes(slot.x25519)
    binding = _grant_binding(vault_id, slot.id, compartment, generation)
    wrapped = _SUITE.encrypt(key, public, info=binding)
    grant = kr.Grant(compartment, generation, kr.HPKE, wrapped)
    return _with_grant(slot, grant)


def _with_grant(slot: kr.Slot, grant: kr.Grant) -> kr.Slot:
    kept = tuple(other for other in slot.grants if other.compartment != grant.compartment)
    return replace(slot, grants=(*kept, grant))


def without_grants(slot: kr.Slot, keep: frozenset[str]) -> kr.Slot:
    """Return the slot with the grants of these compartments only."""
    return replace(slot, grants=tuple(g for g in slot.grants if g.compartment in keep))


def opened_grants(ring: kr.Keyring, slot: kr.Slot, private: Private) -> dict[str, bytes]:
    """Return the keys a slot holds for the present files, by compartment."""
    keys = {}
    for grant in slot.grants:
        if ring.files[grant.compartment].generation == grant.generation:
            keys[grant.compartment] = _opened(ring.vault_id, slot, private, grant)
    return keys


def _opened(vault_id: bytes, slot: kr.Slot, private: Private, grant: kr.Grant) -> bytes:
    binding = _grant_binding(vault_id, slot.id, grant.compartment, grant.generation)
    try:
        if grant.algorithm == kr.HPKE:
            key = _SUITE.decrypt(grant.wrapped, private.x25519, info=binding)
        else:
            nonce, wrapped = grant.wrapped[:12], grant.wrapped[12:]
            key = AESGCM(_own_key(vault_id, private)).decrypt(nonce, wrapped, binding)
    except (InvalidTag, ValueError):
        raise VaultDamaged(PART) from None
    if len(key) != KEY_BYTES:
        raise VaultDamaged(PART)
    return key


def _own_key(vault_id: bytes, private: Private) -> bytes:
    return _expanded(private.block, b"makao-own-grants|" + vault_id)


def settled(ring: kr.Keyring, slot: kr.Slot, private: Private) -> kr.Slot:
    """Return the slot with every grant wrapped symmetrically.

    A keyring stolen after its owner signed in then holds nothing a quantum computer would open.
    """
    changed = slot
    for grant in slot.grants:
        if grant.algorithm == kr.HPKE:
            key = _opened(ring.vault_id, slot, private, grant)
            nonce = os.urandom(12)
            binding = _grant_binding(ring.vault_id, slot.id, grant.compartment, grant.generation)
            wrapped = AESGCM(_own_key(ring.vault_id, private)).encrypt(nonce, key, binding)
            own = replace(grant, algorithm=kr.OWN, wrapped=nonce + wrapped)
            changed = _with_grant(changed, own)
    return changed


def sealed_ring(ring: kr.Keyring, office_key: bytes) -> kr.Keyring:
    """Return the next state of a keyring, numbered and under its MAC, ready to be saved."""
    numbered = replace(ring, seq=ring.seq + 1)
    return replace(numbered, mac=_mac(numbered, office_key))


def mac_holds(ring: kr.Keyring, office_key: bytes) -> bool:
    """Say whether a keyring was last written by somebody who holds the office key."""
    return hmac.compare_digest(ring.mac, _mac(ring, office_key))


def _mac(ring: kr.Keyring, office_key: bytes) -> bytes:
    key = _expanded(office_key, b"makao-keyring-mac|" + ring.vault_id)
    return hmac.digest(key, authenticated(ring), "sha256")
