"""What a signed-in slot may change about who gets in: slots, grants, wishes, recovery sheets."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from shelter_app import clock
from shelter_app.errors import NotPossible, WrongPassphrase
from shelter_app.i18n import N_, _
from shelter_app.storage import audit, keyring_file, opening, recovery, slots
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_keys as keys_of
from shelter_app.storage.connection import MAIN

STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"
OPENS_LESS: Final = N_(
    "This sheet does not open all that it should any more. Make it anew, under Staff, and put the "
    "new one into the envelope."
)


@dataclass(frozen=True)
class SlotName:
    """What the sign-in window may know of a slot without any pass phrase."""

    id: str
    alias: str


@dataclass(frozen=True)
class PendingGrant:
    """A wish for a key, with what its approver should compare before she says yes."""

    wish: kr.Pending
    alias: str
    asked_by_alias: str
    check_words: tuple[str, ...]


@dataclass(frozen=True)
class SheetState:
    """A recovery sheet in force: its letter and when it was last typed from its paper, or ''."""

    letter: str
    slot_id: str
    made: str
    proved: str


class Keyholder:
    """An opened keyring: the keys of the signed-in slot, and changes to what others hold."""

    def __init__(self, folder: Path, ring: kr.Keyring, way_in: opening.WayIn) -> None:
        self.folder: Final = folder
        self.slot_id: Final = way_in.slot_id
        self.signer = audit.Signer(way_in.slot_id, way_in.private.sign)
        self._ring = ring
        self._private = way_in.private
        self._keys = {name: bytearray(key) for name, key in way_in.keys.items()}

    @property
    def vault_id(self) -> str:
        """Return the random id of this vault."""
        return self._ring.vault_id.hex()

    @property
    def ring(self) -> kr.Keyring:
        """Return the keyring as it is now; for backups, on the vault thread."""
        return self._ring

    @property
    def private(self) -> keys_of.Private:
        """Return the signed-in slot's own keys; a manager's opens backups."""
        return self._private

    def key_copies(self) -> dict[str, bytes]:
        """Return copies of the keys held, for looking into a backup that was just made."""
        return {name: bytes(key) for name, key in self._keys.items()}

    @property
    def alias(self) -> str:
        """Return the alias of the signed-in slot."""
        return slots.slot_in(self._ring, self.slot_id).alias

    @property
    def compartments(self) -> frozenset[str]:
        """Return the compartments this slot opened."""
        return frozenset(self._keys)

    @property
    def due(self) -> frozenset[str]:
        """Return what wants a new key: somebody lost the right to it, or rows of it were erased."""
        return self._ring.due

    def want_new_keys(self, compartments: frozenset[str]) -> None:
        """Note that these compartments want a new key; it is made in the hour or at a sign-in."""
        if not compartments <= self._ring.due:
            self._save(slots.with_due(self._ring, compartments))

    @property
    def generations(self) -> Mapping[str, int]:
        """Return how often each compartment has been given a key."""
        return {name: entry.generation for name, entry in self._ring.files.items()}

    def _note_holders(self, ring: kr.Keyring) -> None:
        """Let the open parts know whom a change of the keyring gives their keys to."""

    def _save(self, ring: kr.Keyring) -> None:
        self._note_holders(ring)
        sealed = keys_of.sealed_ring(ring, bytes(self._keys[MAIN]))
        try:
            keyring_file.save(self.folder, sealed)
        except BaseException:
            self._outnumber(sealed.seq)
            raise
        self._ring = sealed

    def _outnumber(self, failed: int) -> None:
        """Let the next save be newer than one of which only one copy may have been written.

        With the same number that copy could win over it, should the next save be cut short too.
        """
        before = replace(self._ring, seq=failed)
        self._ring = keys_of.sealed_ring(before, bytes(self._keys[MAIN]))

    def slot_names(self) -> tuple[SlotName, ...]:
        """Return the slots of workers that can sign in."""
        return names_in(self._ring)

    def reach_of(self, slot_id: str) -> frozenset[str]:
        """Return the compartments a slot opens."""
        return slots.present_reach(self._ring, slot_id)

    def others_open(self, compartment: str, but: str) -> bool:
        """Say whether a worker other than one opens a compartment; recovery sheets do not count."""
        return any(
            compartment in slots.present_reach(self._ring, slot.id)
            for slot in self._ring.slots
            if slot.kind == kr.PASSWORD and not slot.disabled and slot.id != but
        )

    def public_keys(self) -> dict[str, tuple[bytes, ...]]:
        """Return every slot's signing keys, present and former, for checking the audit trail."""
        return {slot.id: (slot.ed25519, *slot.former_ed25519) for slot in self._ring.slots}

    def add_slot(
        self,
        alias: str,
        passphrase: str,
        compartments: frozenset[str],
        cost: kr.KdfCost | None = None,
    ) -> str:
        """Make a slot for a worker; compartments this vault does not hold wait for approval."""
        spent = cost or self._usual_cost()
        wanted = compartments | {MAIN}
        ring, slot_id = slots.added(
            self._ring, alias, passphrase, spent, wanted, self._keys, self.slot_id
        )
        self._save(ring)
        return slot_id

    def _usual_cost(self) -> kr.KdfCost:
        """Spend on others what this worker's own slot was measured to bear on this computer."""
        own = slots.slot_in(self._ring, self.slot_id)
        return own.cost if own.kind == kr.PASSWORD else keys_of.calibrated()

    def change_passphrase(
        self, old: str, new: str, cost: kr.KdfCost | None = None, *, known: bool = False
    ) -> None:
        """Seal this worker's private keys under a new pass phrase; WrongPassphrase for the old.

        When somebody else may know the old one, the keys themselves are made anew, and all they
        opened is due for rotation.
        """
        slot = slots.slot_in(self._ring, self.slot_id)
        private = keys_of.unlocked(self._ring.vault_id, slot, old)
        spent = cost or self._usual_cost()
        if not known:
            slot = keys_of.resealed(self._ring.vault_id, slot, private, new, spent)
            self._save(self._ring.with_slot(slot))
            return
        ring, fresh = slots.fresh_keys(self._ring, self.slot_id, new, spent, self._keys)
        self._save(ring)
        self._private = fresh
        self.signer = audit.Signer(self.slot_id, fresh.sign)

    def reset_passphrase(self, slot_id: str, new: str, cost: kr.KdfCost | None = None) -> None:
        """Give a worker who forgot her pass phrase new keys under one she has just typed."""
        spent = cost or self._usual_cost()
        self._save(slots.renewed(self._ring, slot_id, new, spent, self._keys, self.slot_id))

    def set_compartments(self, slot_id: str, compartments: frozenset[str]) -> None:
        """Make a slot open exactly these compartments, as far as this vault holds their keys."""
        wanted = compartments | {MAIN}
        self._save(slots.reaching(self._ring, slot_id, wanted, self._keys, self.slot_id))

    def disable_slot(self, slot_id: str) -> None:
        """Close a worker's way in; her signatures stay checkable."""
        if slot_id == self.slot_id:
            raise NotPossible(_("You cannot close your own account."))
        self._save(slots.disabled(self._ring, slot_id))

    def rename(self, slot_id: str, alias: str) -> None:
        """Give a slot another alias."""
        self._save(slots.renamed(self._ring, slot_id, alias))

    def pending(self) -> tuple[PendingGrant, ...]:
        """Return the wishes for keys; only those whose key is held here can be approved here."""
        return tuple(self._described(wish) for wish in self._ring.pending)

    def _described(self, wish: kr.Pending) -> PendingGrant:
        slot = slots.slot_in(self._ring, wish.slot)
        asker = self._ring.slot(wish.asked_by)
        words = recovery.check_words(b"slot" + slot.x25519 + slot.ed25519, 4)
        return PendingGrant(wish, slot.alias, asker.alias if asker else "", words)

    def approve(self, pending: PendingGrant) -> None:
        """Grant a pending wish with a key this vault holds."""
        self._save(slots.approved(self._ring, pending.wish, self._keys))

    def approve_by_sheet(self, pending: PendingGrant, code: recovery.Code) -> None:
        """Grant a pending wish with the key of a recovery sheet; WrongPassphrase for another.

        The sheet was out of its envelope: it counts as unproved until it is made anew, and the
        compartment is due for a new key.
        """
        slot, private = sheet_slot(self._ring, code)
        held = keys_of.opened_grants(self._ring, slot, private)
        ring = slots.approved(self._ring, pending.wish, held)
        ring = slots.with_due(ring, frozenset({pending.wish.compartment}))
        self._save(slots.proved(ring, slot.id, ""))

    def wished_by(self, slot_id: str) -> frozenset[str]:
        """Return the compartments a slot waits for."""
        wishes = (wish for wish in self._ring.pending if wish.slot == slot_id)
        return frozenset(wish.compartment for wish in wishes)

    def let_restore(self, slot_id: str, *, may: bool = True) -> None:
        """Say whether a slot may open backups: sheets and managers may."""
        slot = slots.slot_in(self._ring, slot_id)
        if slot.may_restore != may:
            self._save(self._ring.with_slot(replace(slot, may_restore=may)))

    def refuse(self, pending: PendingGrant) -> None:
        """Drop a pending wish."""
        self._save(slots.refused(self._ring, pending.wish))

    # Recovery sheets

    def sheets(self) -> tuple[SheetState, ...]:
        """Return the recovery sheets in force, C before R."""
        found = [
            SheetState(slot.alias, slot.id, slot.created, slot.proved)
            for slot in slots.sheets(self._ring)
        ]
        return tuple(sorted(found, key=lambda sheet: sheet.letter))

    def prove_sheet(self, code: recovery.Code) -> str:
        """Open a sheet's slot with what its paper says and keep the day; returns its letter."""
        slot, private = sheet_slot(self._ring, code)
        require_whole(self._ring, slot, private)
        self._save(slots.proved(self._ring, slot.id, clock.utc_now().strftime(STAMP)))
        return slot.alias

    def sheet_is_out(self) -> None:
        """Note, before this sheet does anything, that its paper was out of the envelope.

        Were the program killed before it is made anew, the next to sign in are still told.
        """
        reach = slots.present_reach(self._ring, self.slot_id)
        ring = slots.with_due(slots.proved(self._ring, self.slot_id, ""), reach)
        self._save(ring)

    def replace_sheet(self, letter: str) -> recovery.Code:
        """Make a recovery sheet anew; the old paper opens nothing, what it opened is due."""
        code = recovery.new_code()
        self._save(slots.sheet_made(self._ring, letter, code.slot_secret, self._keys))
        return code


def names_in(ring: kr.Keyring) -> tuple[SlotName, ...]:
    """Return the slots of workers that can sign in."""
    return tuple(
        SlotName(slot.id, slot.alias)
        for slot in ring.slots
        if slot.kind == kr.PASSWORD and not slot.disabled
    )


def sheet_slot(ring: kr.Keyring, code: recovery.Code) -> tuple[kr.Slot, keys_of.Private]:
    """Return the sheet a code belongs to, opened; WrongPassphrase when it is of no sheet here."""
    for slot in slots.sheets(ring):
        with suppress(WrongPassphrase):
            return slot, keys_of.unlocked(ring.vault_id, slot, code.slot_secret)
    raise WrongPassphrase


def require_whole(ring: kr.Keyring, slot: kr.Slot, private: keys_of.Private) -> None:
    """Refuse to call a sheet good whose paper is right and whose slot opens less than it should."""
    if keys_of.opened_grants(ring, slot, private).keys() < slots.SHEETS[slot.alias]:
        raise NotPossible(OPENS_LESS)
