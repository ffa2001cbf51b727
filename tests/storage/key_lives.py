"""A house's keys through random years: people come, change, leave; sheets are used and made anew.

The model knows only who may open what. After every step each active worker and each sheet must
open exactly that, and no key that somebody lost may fit a file that is not marked as due. It works
on keyrings in memory with a cheap derivation, so that ten thousand lives fit into a night; the
reader of the files refuses such cheap slots, which the tests of the keyring prove.
"""

from __future__ import annotations

import secrets
from types import MappingProxyType
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shelter_app.domain.access import COMPARTMENTS, ROLE_COMPARTMENTS, compartments_of
from shelter_app.errors import VaultDamaged
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_file, recovery, slots
from shelter_app.storage import keyring_keys as keys_of

CHEAP: Final = kr.KdfCost(8, 1, 1)
MOST_PEOPLE: Final = 12
ROLES: Final = st.sampled_from(sorted(ROLE_COMPARTMENTS)).map(lambda role: frozenset({role}))
PICK: Final = st.integers(0, 10**6)


class KeyLives(RuleBasedStateMachine):
    """One life of a keyring."""

    def __init__(self) -> None:
        super().__init__()
        self.ring: kr.Keyring
        self.truth: dict[str, bytes] = {}
        self.reach: dict[str, set[str]] = {}
        self.waits: dict[str, set[str]] = {}
        self.private: dict[str, keys_of.Private] = {}
        self.codes: dict[str, recovery.Code] = {}
        self.lost: list[tuple[str, str, bytes]] = []
        """(slot, compartment, key) that somebody knows who no longer may."""
        self.old_private: list[tuple[str, keys_of.Private]] = []
        self.named = 0
        self.sheets_made = 0
        self.steps = 0

    @initialize()
    def found(self) -> None:
        self.truth = {name: secrets.token_bytes(32) for name in COMPARTMENTS}
        files = {name: kr.FileEntry(1, f"{name}-0000.db") for name in COMPARTMENTS}
        self.ring = kr.Keyring(bytes(16), 0, MappingProxyType(files), ())
        self._add(frozenset(COMPARTMENTS), dict(self.truth), "")
        for letter in slots.SHEETS:
            self._new_sheet(letter, dict(self.truth))

    # Helpers

    def _name(self) -> str:
        self.named += 1
        return f"Mtu {self.named}"

    def _slot(self, slot_id: str) -> kr.Slot:
        return slots.slot_in(self.ring, slot_id)

    def _held(self, slot_id: str) -> dict[str, bytes]:
        return keys_of.opened_grants(self.ring, self._slot(slot_id), self.private[slot_id])

    def _unlock(self, slot_id: str, phrase: str) -> None:
        self.private[slot_id] = keys_of.unlocked(self.ring.vault_id, self._slot(slot_id), phrase)

    def _one(self, pick: int) -> str:
        return sorted(self.reach)[pick % len(self.reach)]

    def _lose(self, slot_id: str, names: set[str]) -> None:
        self.lost += [(slot_id, name, self.truth[name]) for name in names]

    def _add(self, wanted: frozenset[str], held: dict[str, bytes], asker: str) -> None:
        ring, slot_id = slots.added(self.ring, self._name(), "phrase", CHEAP, wanted, held, asker)
        self.ring = ring
        self._unlock(slot_id, "phrase")
        self.reach[slot_id] = set(wanted & set(held))
        self.waits[slot_id] = set(wanted - set(held))

    def _new_sheet(self, letter: str, held: dict[str, bytes]) -> None:
        if letter in self.codes:
            old = self._sheet(letter)
            self.lost += [(old.id, name, self.truth[name]) for name in slots.SHEETS[letter]]
        self.sheets_made += 1
        code = recovery.new_code()
        self.ring = slots.sheet_made(self.ring, letter, code.slot_secret, held, CHEAP)
        self.codes[letter] = code

    def _sheet(self, letter: str) -> kr.Slot:
        return next(slot for slot in slots.sheets(self.ring) if slot.alias == letter)

    def _rotate(self, names: set[str]) -> None:
        fresh = {name: secrets.token_bytes(32) for name in names}
        self.ring = slots.rewrapped(
            self.ring, {name: (f"{name}-{secrets.token_hex(4)}.db", fresh[name]) for name in names}
        )
        self.truth |= fresh

    # What happens in a house

    @precondition(lambda self: len(self.reach) < MOST_PEOPLE)
    @rule(pick=PICK, roles=ROLES)
    def somebody_comes(self, pick: int, roles: frozenset[str]) -> None:
        asker = self._one(pick)
        self._add(compartments_of(roles), self._held(asker), asker)

    @rule(pick=PICK, other=PICK, roles=ROLES)
    def roles_change(self, pick: int, other: int, roles: frozenset[str]) -> None:
        asker, target = self._one(pick), self._one(other)
        wanted, held = compartments_of(roles), self._held(asker)
        self._lose(target, self.reach[target] - wanted)
        self.ring = slots.reaching(self.ring, target, wanted, held, asker)
        self.reach[target] = (self.reach[target] & wanted) | (wanted & set(held))
        self.waits[target] = set(wanted) - self.reach[target]

    @precondition(lambda self: len(self.reach) > 1)
    @rule(pick=PICK)
    def somebody_leaves(self, pick: int) -> None:
        target = self._one(pick)
        self._lose(target, self.reach[target])
        self.old_private.append((target, self.private[target]))
        self.ring = slots.disabled(self.ring, target)
        for kept in (self.reach, self.waits, self.private):
            kept.pop(target)

    @rule(pick=PICK)
    def wishes_are_granted(self, pick: int) -> None:
        actor = self._one(pick)
        held = self._held(actor)
        for wish in self.ring.pending:
            if wish.compartment in held:
                self.ring = slots.approved(self.ring, wish, held)
                self.waits[wish.slot].discard(wish.compartment)
                self.reach[wish.slot].add(wish.compartment)

    @rule(pick=PICK, other=PICK)
    def a_password_is_forgotten(self, pick: int, other: int) -> None:
        actor, target = self._one(pick), self._one(other)
        held = self._held(actor)
        wanted = self.reach[target] | self.waits[target]
        self.ring = slots.renewed(self.ring, target, "another", CHEAP, held, actor)
        self._unlock(target, "another")
        self.reach[target] = wanted & set(held)
        self.waits[target] = wanted - set(held)

    @rule(pick=PICK)
    def a_password_is_known(self, pick: int) -> None:
        actor = self._one(pick)
        self.old_private.append((actor, self.private[actor]))
        self.lost += [("a thief", name, self.truth[name]) for name in self.reach[actor]]
        held = self._held(actor)
        self.ring, self.private[actor] = slots.fresh_keys(self.ring, actor, "new", CHEAP, held)

    @rule(pick=PICK)
    def due_keys_are_made(self, pick: int) -> None:
        names = set(self._held(self._one(pick))) & self.ring.due
        if names:
            self._rotate(names)

    @rule(pick=PICK)
    def all_keys_are_made(self, pick: int) -> None:
        self._rotate(set(self._held(self._one(pick))))

    @rule(pick=PICK)
    def somebody_signs_in(self, pick: int) -> None:
        actor = self._one(pick)
        slot = keys_of.settled(self.ring, self._slot(actor), self.private[actor])
        self.ring = self.ring.with_slot(slot)

    @rule(pick=PICK, letter=st.sampled_from(sorted(slots.SHEETS)))
    def a_sheet_is_made_anew(self, pick: int, letter: str) -> None:
        held = self._held(self._one(pick))
        if slots.SHEETS[letter] <= set(held):
            self._new_sheet(letter, held)

    @rule(letter=st.sampled_from(sorted(slots.SHEETS)))
    def a_sheet_helps_and_is_made_anew(self, letter: str) -> None:
        slot = self._sheet(letter)
        private = keys_of.unlocked(self.ring.vault_id, slot, self.codes[letter].slot_secret)
        held = keys_of.opened_grants(self.ring, slot, private)
        for wish in self.ring.pending:
            if wish.compartment in held:
                self.ring = slots.approved(self.ring, wish, held)
                self.waits[wish.slot].discard(wish.compartment)
                self.reach[wish.slot].add(wish.compartment)
        self.old_private.append((slot.id, private))
        self._new_sheet(letter, held)
        self._rotate(set(held))

    # What must hold

    @invariant()
    def everybody_opens_exactly_her_part(self) -> None:
        self.steps += 1
        for slot_id, names in self.reach.items():
            assert self._held(slot_id) == {name: self.truth[name] for name in names}
            asked = {wish.compartment for wish in self.ring.pending if wish.slot == slot_id}
            assert asked == self.waits[slot_id]

    @invariant()
    def the_sheets_always_open(self) -> None:
        assert {slot.alias for slot in slots.sheets(self.ring)} == set(slots.SHEETS)
        for letter, code in self.codes.items():
            slot = self._sheet(letter)
            private = keys_of.unlocked(self.ring.vault_id, slot, code.slot_secret)
            held = keys_of.opened_grants(self.ring, slot, private)
            assert held == {name: self.truth[name] for name in slots.SHEETS[letter]}

    @invariant()
    def a_lost_key_fits_nothing_that_is_not_due(self) -> None:
        for slot_id, name, key in self.lost:
            still = name in self.reach.get(slot_id, ())
            assert still or name in self.ring.due or key != self.truth[name]

    @invariant()
    def old_private_keys_open_no_grant(self) -> None:
        for slot_id, private in self.old_private[-3:]:
            slot = self.ring.slot(slot_id)
            if slot is None:
                continue
            for grant in slot.grants:
                try:
                    keys_of._opened(self.ring.vault_id, slot, private, grant)
                except VaultDamaged:
                    continue
                raise AssertionError("an old key opened a grant")

    @invariant()
    def nobody_else_has_a_grant(self) -> None:
        known = set(self.reach) | {slot.id for slot in slots.sheets(self.ring)}
        for slot in self.ring.slots:
            assert slot.id in known or slot.grants == ()
        assert len(keyring_file.render(self.ring)) < keyring_file.LARGEST


def settings_from(examples: int, steps: int) -> Any:
    """Return hypothesis settings for so many lives of so many steps."""
    from hypothesis import HealthCheck, settings

    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
