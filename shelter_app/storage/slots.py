"""Changes to who can get in: each takes a keyring and gives the next one back.

Nobody can grant what she does not hold. What she asks for on behalf of another waits as `pending`
until somebody who holds that key approves it at her own sign-in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.errors import NotFound, NotPossible
from shelter_app.i18n import N_, _
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_keys as keys_of

MOST_SLOTS: Final = 256
MOST_PENDING: Final = 256
LONGEST_ALIAS: Final = 40
MOST_FORMER: Final = 64
SHEETS: Final[Mapping[str, frozenset[str]]] = {
    "R": frozenset(COMPARTMENTS) - {"counselling"},
    "C": frozenset({"office", "counselling"}),
}
"""What each recovery sheet opens."""

FULL: Final = N_("This house has as many sign-in names as the program can keep.")
OTHER_MAKES_IT: Final = N_(
    "Only somebody who opens this part can make its recovery sheet: sheet R a manager, sheet C a "
    "counsellor."
)


def slot_in(ring: kr.Keyring, slot_id: str) -> kr.Slot:
    """Return a slot, or NotFound."""
    slot = ring.slot(slot_id)
    if slot is None:
        raise NotFound(slot_id)
    return slot


def _checked_alias(ring: kr.Keyring, alias: str, but: str = "") -> str:
    plain = unicodedata.normalize("NFC", alias).strip()
    if not plain or len(plain) > LONGEST_ALIAS or not plain.isprintable():
        raise NotPossible(_("A sign-in name has 1 to 40 letters."))
    taken = {slot.alias.casefold() for slot in ring.slots if slot.id != but and not slot.disabled}
    if plain.casefold() in taken:
        raise NotPossible(_("This sign-in name is taken. Please choose another."))
    return plain


def added(
    ring: kr.Keyring,
    alias: str,
    passphrase: str,
    cost: kr.KdfCost,
    wanted: frozenset[str],
    held: Mapping[str, bytes | bytearray],
    asked_by: str,
) -> tuple[kr.Keyring, str]:
    """Return the keyring with a new worker's slot, and the slot's id."""
    if len(ring.slots) >= MOST_SLOTS:
        raise NotPossible(FULL)
    slot, _private = keys_of.new_slot(ring.vault_id, _checked_alias(ring, alias), passphrase, cost)
    return reaching(ring.with_slot(slot), slot.id, wanted, held, asked_by), slot.id


def renewed(
    ring: kr.Keyring,
    slot_id: str,
    passphrase: str,
    cost: kr.KdfCost,
    held: Mapping[str, bytes | bytearray],
    asked_by: str,
) -> kr.Keyring:
    """Return the keyring with new keys in a slot whose pass phrase was forgotten.

    What it opened before it opens again: at once where the key is held here, otherwise when it is
    approved. The old signing key stays beside the new one, for what was signed with it.
    """
    old = slot_in(ring, slot_id)
    wanted = frozenset(grant.compartment for grant in old.grants)
    wanted |= {wish.compartment for wish in ring.pending if wish.slot == slot_id}
    fresh, private = keys_of.new_slot(ring.vault_id, old.alias, passphrase, cost)
    former = (*old.former_ed25519, old.ed25519)[-MOST_FORMER:]
    bare = replace(
        old, x25519=fresh.x25519, ed25519=fresh.ed25519, former_ed25519=former, grants=()
    )
    slot = keys_of.resealed(ring.vault_id, bare, private, passphrase, cost)
    ring = ring.with_slot(slot).with_tries(slot_id, None)
    return reaching(ring, slot_id, wanted, held, asked_by)


def reaching(
    ring: kr.Keyring,
    slot_id: str,
    wanted: frozenset[str],
    held: Mapping[str, bytes | bytearray],
    asked_by: str,
) -> kr.Keyring:
    """Return the keyring with a slot that opens exactly these compartments, now or when approved.

    Taking a grant away closes the program's door. Against somebody who kept the old key only a new
    one helps, so what is taken away is due for rotation.
    """
    ring = with_due(ring, present_reach(ring, slot_id) - wanted)
    slot = keys_of.without_grants(slot_in(ring, slot_id), wanted)
    present = {
        grant.compartment
        for grant in slot.grants
        if grant.generation == ring.files[grant.compartment].generation
    }
    for name in sorted(wanted - present):
        if name in held:
            generation = ring.files[name].generation
            slot = keys_of.granted(ring.vault_id, slot, name, generation, bytes(held[name]))
    missing = wanted - present - set(held)
    others = tuple(wish for wish in ring.pending if wish.slot != slot_id)
    earlier = {wish.compartment: wish for wish in ring.pending if wish.slot == slot_id}
    wishes = tuple(
        earlier.get(name, kr.Pending(slot_id, name, asked_by)) for name in sorted(missing)
    )
    return replace(ring.with_slot(slot), pending=others + wishes)


def approved(
    ring: kr.Keyring, wish: kr.Pending, held: Mapping[str, bytes | bytearray]
) -> kr.Keyring:
    """Return the keyring with one pending wish granted by somebody who holds the key."""
    if wish not in ring.pending or wish.compartment not in held:
        raise NotFound(wish.slot)
    slot = slot_in(ring, wish.slot)
    generation = ring.files[wish.compartment].generation
    key = bytes(held[wish.compartment])
    granted = keys_of.granted(ring.vault_id, slot, wish.compartment, generation, key)
    left = tuple(other for other in ring.pending if other != wish)
    return replace(ring.with_slot(granted), pending=left)


def refused(ring: kr.Keyring, wish: kr.Pending) -> kr.Keyring:
    """Return the keyring without a pending wish."""
    return replace(ring, pending=tuple(other for other in ring.pending if other != wish))


def disabled(ring: kr.Keyring, slot_id: str) -> kr.Keyring:
    """Return the keyring with a slot that opens nothing; its public key stays, for old rows.

    Everything it could open is due for a new key.
    """
    ring = with_due(ring, present_reach(ring, slot_id))
    closed = keys_of.without_grants(slot_in(ring, slot_id), frozenset())
    left = tuple(wish for wish in ring.pending if wish.slot != slot_id)
    return replace(ring.with_slot(replace(closed, disabled=True)), pending=left)


def renamed(ring: kr.Keyring, slot_id: str, alias: str) -> kr.Keyring:
    """Return the keyring with another alias for a slot."""
    plain = _checked_alias(ring, alias, but=slot_id)
    return ring.with_slot(replace(slot_in(ring, slot_id), alias=plain))


def present_reach(ring: kr.Keyring, slot_id: str) -> frozenset[str]:
    """Return the compartments a slot has grants for that open the present files."""
    return frozenset(
        grant.compartment
        for grant in slot_in(ring, slot_id).grants
        if grant.generation == ring.files[grant.compartment].generation
    )


def with_due(ring: kr.Keyring, compartments: frozenset[str]) -> kr.Keyring:
    """Return the keyring saying that these compartments want a new key, besides those it named."""
    return replace(ring, due=ring.due | compartments)


def fresh_keys(
    ring: kr.Keyring,
    slot_id: str,
    passphrase: str,
    cost: kr.KdfCost,
    held: Mapping[str, bytes | bytearray],
) -> tuple[kr.Keyring, keys_of.Private]:
    """Return the keyring with another key pair in a slot, opening what it opened; and the pair.

    For somebody whose old pass phrase is known: with it and an old keyring the old private keys
    open everything ever wrapped to them, so the pair has to go, not only the pass phrase.
    """
    old = slot_in(ring, slot_id)
    fresh, private = keys_of.new_slot(ring.vault_id, old.alias, passphrase, cost)
    former = (*old.former_ed25519, old.ed25519)[-MOST_FORMER:]
    bare = replace(
        old, x25519=fresh.x25519, ed25519=fresh.ed25519, former_ed25519=former, grants=()
    )
    slot = keys_of.resealed(ring.vault_id, bare, private, passphrase, cost)
    for name in sorted(present_reach(ring, slot_id) & set(held)):
        generation = ring.files[name].generation
        slot = keys_of.granted(ring.vault_id, slot, name, generation, bytes(held[name]))
    return with_due(ring.with_slot(slot), present_reach(ring, slot_id)), private


def rewrapped(ring: kr.Keyring, fresh: Mapping[str, tuple[str, bytes]]) -> kr.Keyring:
    """Return the keyring after a rotation: per compartment a new file and key, for the same slots.

    Grants that did not open the old file are dropped; a closed slot gets nothing.
    """
    files, slots = dict(ring.files), []
    for name, (file, _key) in fresh.items():
        files[name] = kr.FileEntry(ring.files[name].generation + 1, file)
    for slot in ring.slots:
        reach = present_reach(ring, slot.id) & set(fresh) if not slot.disabled else frozenset()
        changed = keys_of.without_grants(slot, frozenset(ring.files) - set(fresh))
        for name in sorted(reach):
            key = fresh[name][1]
            changed = keys_of.granted(ring.vault_id, changed, name, files[name].generation, key)
        slots.append(changed)
    return replace(
        ring, files=MappingProxyType(files), slots=tuple(slots), due=ring.due - set(fresh)
    )


def asking_again(ring: kr.Keyring, slot_id: str, compartments: set[str]) -> kr.Keyring:
    """Return the keyring with a slot that asks for these compartments instead of opening them."""
    slot = slot_in(ring, slot_id)
    left = keys_of.without_grants(slot, frozenset(ring.files) - compartments)
    if slot.kind == kr.RECOVERY:
        return ring.with_slot(replace(left, proved=""))
    asked = {wish.compartment for wish in ring.pending if wish.slot == slot_id}
    wishes = tuple(kr.Pending(slot_id, name, slot_id) for name in sorted(compartments - asked))
    room = MOST_PENDING - len(ring.pending)
    return replace(ring.with_slot(left), pending=(*ring.pending, *wishes[:room]))


def sheets(ring: kr.Keyring) -> tuple[kr.Slot, ...]:
    """Return the recovery sheets in force."""
    return tuple(slot for slot in ring.slots if slot.kind == kr.RECOVERY and not slot.disabled)


def sheet_made(
    ring: kr.Keyring,
    letter: str,
    secret: str,
    held: Mapping[str, bytes | bytearray],
    cost: kr.KdfCost = kr.FLOOR,
) -> kr.Keyring:
    """Return the keyring with a new sheet in the place of the one of this letter.

    The old one opens nothing any more, and what it opened is due for a new key: a sheet is made
    anew because the old paper was used, lost, or seen. Its code is random, so a cheap derivation
    is enough.
    """
    reach = SHEETS[letter]
    if not reach <= set(held):
        raise NotPossible(OTHER_MAKES_IT)
    for old in sheets(ring):
        if old.alias == letter:
            ring = disabled(ring, old.id)
    slot, _private = keys_of.new_slot(ring.vault_id, letter, secret, cost, kr.RECOVERY)
    return reaching(_without_oldest(ring).with_slot(slot), slot.id, reach, held, asked_by="")


def _without_oldest(ring: kr.Keyring) -> kr.Keyring:
    """Drop closed sheets when there is no room: they signed what a sheet did, years ago."""
    if len(ring.slots) < MOST_SLOTS:
        return ring
    for slot in ring.slots:
        if slot.kind == kr.RECOVERY and slot.disabled:
            return replace(ring, slots=tuple(other for other in ring.slots if other != slot))
    raise NotPossible(FULL)


def proved(ring: kr.Keyring, slot_id: str, stamp: str) -> kr.Keyring:
    """Return the keyring knowing when a sheet last opened its slot; '' asks for it again."""
    return ring.with_slot(replace(slot_in(ring, slot_id), proved=stamp))
