"""A new key goes to whom its holders gave the old one, whatever somebody wrote into the keyring."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.errors import NotPossible, VaultDamaged
from shelter_app.storage import holders, keyring_file, recovery, salvage, slots, vault
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_keys as keys_of
from shelter_app.storage.keyring_fields import Malformed
from tests.storage.small_vault import COST, PHRASE, STEPS, Small


def forged(small: Small, change: kr.Keyring) -> None:
    """Save a keyring under a right MAC, as somebody with the office key and tools of her own."""
    office = small.keys("house mother")["office"]
    keyring_file.save(small.folder, keys_of.sealed_ring(change, office))


def with_planted_grant(small: Small) -> kr.Keyring:
    """Let the house mother's slot say that it opens the counselling part, and ask for new keys."""
    ring, slot = small.ring(), small.slot("house mother")
    generation = ring.files["counselling"].generation
    planted = kr.Grant("counselling", generation, kr.OWN, secrets.token_bytes(60))
    slot = replace(slot, grants=(*slot.grants, planted))
    return slots.with_due(ring.with_slot(slot), frozenset({"counselling"}))


def test_a_grant_that_nobody_gave_gets_no_new_key(small: Small) -> None:
    forged(small, with_planted_grant(small))
    counsellor = small.open()
    assert counsellor.due == {"counselling"}
    counsellor.rotate(counsellor.due)
    waiting = counsellor.pending()
    counsellor.close()
    assert "counselling" not in small.keys("house mother")
    assert small.open_reach("house mother") == {"office", "house"}
    assert [(each.alias, each.wish.compartment) for each in waiting] == [("Simba", "counselling")]


def test_a_public_key_put_into_anothers_slot_gets_no_new_key(small: Small) -> None:
    ring = small.ring()
    mine, _mine_open = keys_of.new_slot(ring.vault_id, "x", PHRASE, COST)
    sheet = next(slot for slot in slots.sheets(ring) if slot.alias == "C")
    changed = replace(sheet, x25519=mine.x25519)
    forged(small, slots.with_due(ring.with_slot(changed), frozenset({"counselling"})))
    counsellor = small.open()
    counsellor.rotate(counsellor.due)
    counsellor.close()
    left = slots.slot_in(small.ring(), sheet.id)
    assert {grant.compartment for grant in left.grants} == {"office"}


def test_a_sheet_that_opens_less_than_it_should_is_not_called_good(small: Small) -> None:
    ring = small.ring()
    sheet = next(slot for slot in slots.sheets(ring) if slot.alias == "C")
    forged(small, slots.asking_again(ring, sheet.id, {"counselling"}))
    code = recovery.parse_code(small.sheets[1])
    with pytest.raises(NotPossible):
        vault.prove_sheet(small.folder, code)
    opened = small.open()
    with pytest.raises(NotPossible):
        opened.prove_sheet(code)
    opened.close()


def test_whoever_was_given_a_key_keeps_it_through_new_ones(small: Small) -> None:
    manager = small.open()
    fresh = manager.add_slot("Punda", PHRASE, frozenset({"house", "cases"}), COST)
    manager.reset_passphrase(small.slots["house mother"], "mbuni jua kali hamsini", COST)
    new_sheet = manager.replace_sheet("C")
    manager.change_passphrase(PHRASE, PHRASE, COST, known=True)
    manager.rotate(manager.compartments)
    assert manager.pending() == ()
    manager.close()
    for slot_id, phrase, reach in (
        (fresh, PHRASE, {"office", "house", "cases"}),
        (small.slots["house mother"], "mbuni jua kali hamsini", {"office", "house"}),
    ):
        opened = vault.open_vault(small.folder, slot_id, phrase, steps=STEPS)
        assert opened.compartments == reach
        opened.close()
    by_sheet = vault.open_by_sheet(small.folder, new_sheet, steps=STEPS)
    assert by_sheet.compartments == slots.SHEETS["C"]
    by_sheet.close()


def test_whoever_left_is_not_believed_after_the_next_key(small: Small) -> None:
    manager = small.open()
    fresh = manager.add_slot("Punda", PHRASE, frozenset({"cases"}), COST)
    before = slots.slot_in(manager.ring, fresh)
    manager.disable_slot(fresh)
    manager.rotate(manager.due)
    with manager.reading() as connection:
        assert holders.mark_of(before) not in (holders.known(connection, "cases") or ())
    manager.close()


def test_a_part_from_before_holders_were_named_believes_the_keyring_once(small: Small) -> None:
    manager = small.open()
    with manager.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM counselling.meta WHERE name LIKE 'holder %'")
    manager.close()
    small.open().close()
    forged(small, with_planted_grant(small))
    again = small.open()
    again.rotate({"counselling"})
    again.close()
    assert small.open_reach("house mother") == {"office", "house"}
    assert _sheet_c_opens(small)


def _sheet_c_opens(small: Small) -> bool:
    code = recovery.parse_code(small.sheets[1])
    opened = vault.open_by_sheet(small.folder, code, steps=STEPS)
    opened.close()
    return "counselling" in opened.compartments


def test_a_planted_grant_opens_nothing_by_itself(small: Small) -> None:
    forged(small, with_planted_grant(small))
    with pytest.raises(VaultDamaged):
        small.open("house mother")


@pytest.mark.parametrize(("page", "sheet_stays"), [(1, True), (2, False)])
def test_saving_a_damaged_part_gives_a_planted_grant_nothing(
    small: Small, page: int, sheet_stays: bool
) -> None:
    """A flipped bit makes a counsellor save what opens; that makes a new key as well.

    On the second page stand the holders: without them a sheet of somebody's own making is not
    told from the true one, so neither is given the key, and the program asks for a new one.
    """
    ring = with_planted_grant(small)
    generation = ring.files["counselling"].generation
    false_sheet, _open = keys_of.new_slot(ring.vault_id, "C", "mine", COST, kr.RECOVERY)
    grant = kr.Grant("counselling", generation, kr.OWN, secrets.token_bytes(60))
    forged(small, ring.with_slot(replace(false_sheet, grants=(grant,))))
    path = small.file("counselling")
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * 4096 + 300] ^= 1
    path.write_bytes(raw)
    salvage.salvage(small.folder, small.slots["manager"], PHRASE, "counselling", STEPS)
    assert small.open_reach("manager") == frozenset(COMPARTMENTS)
    assert small.open_reach("house mother") == {"office", "house"}
    assert slots.slot_in(small.ring(), false_sheet.id).grants == ()
    assert _sheet_c_opens(small) is sheet_stays


def test_many_planted_grants_leave_a_keyring_that_opens(small: Small) -> None:
    ring, mother = small.ring(), small.slots["house mother"]
    wish = kr.Pending(mother, "cases", mother)
    full = replace(ring, pending=(wish,) * slots.MOST_PENDING)
    left = slots.asking_again(full, mother, {"house"})
    assert len(left.pending) == slots.MOST_PENDING
    with pytest.raises(Malformed):
        keyring_file.save(small.folder, replace(full, pending=(*full.pending, wish)))
    small.open().close()
