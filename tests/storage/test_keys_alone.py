"""Need-to-know by keys, tried with nothing of the program but one slot's own keys (T16)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain.access import COMPARTMENTS, ROLE_COMPARTMENTS
from shelter_app.errors import VaultDamaged, WrongPassphrase
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_file, recovery, slots
from shelter_app.storage import keyring_keys as keys_of
from tests.fixtures import PHRASE, House


def opens(path: Path, key: bytes) -> bool:
    """Say whether a raw key opens a file in a bare SQLCipher."""
    raw = sqlcipher.connect(f"file:{path}?mode=ro", uri=True)
    try:
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute("PRAGMA cipher_log_level = NONE")
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlcipher.DatabaseError:
        return False
    finally:
        raw.close()
    return True


def keys_with(house: House, slot_id: str, phrase: str) -> dict[str, bytes]:
    """Return every key a slot's owner can take out of the keyring with her pass phrase."""
    ring = keyring_file.load(house.folder)
    slot = slots.slot_in(ring, slot_id)
    return keys_of.opened_grants(ring, slot, keys_of.unlocked(ring.vault_id, slot, phrase))


def test_each_slot_opens_the_files_of_its_role_and_no_others(house: House) -> None:
    ring = keyring_file.load(house.folder)
    tried = 0
    for name, slot_id in house.slots.items():
        role = "manager" if name == "second_manager" else name
        mine = keys_with(house, slot_id, PHRASE)
        assert set(mine) == ROLE_COMPARTMENTS[role]
        for compartment in COMPARTMENTS:
            path = house.folder / ring.files[compartment].file
            reached = any(opens(path, key) for key in mine.values())
            assert reached == (compartment in ROLE_COMPARTMENTS[role]), (name, compartment)
            tried += 1
    assert tried == len(house.slots) * len(COMPARTMENTS)


def test_each_sheet_opens_its_part_and_no_other(house: House) -> None:
    ring = keyring_file.load(house.folder)
    for text in house.sheets:
        code = recovery.parse_code(text)
        slot = next(s for s in slots.sheets(ring) if _opens_slot(ring, s, code))
        private = keys_of.unlocked(ring.vault_id, slot, code.slot_secret)
        mine = keys_of.opened_grants(ring, slot, private)
        for compartment in COMPARTMENTS:
            path = house.folder / ring.files[compartment].file
            reached = any(opens(path, key) for key in mine.values())
            assert reached == (compartment in slots.SHEETS[slot.alias])


def _opens_slot(ring: kr.Keyring, slot: kr.Slot, code: recovery.Code) -> bool:
    try:
        keys_of.unlocked(ring.vault_id, slot, code.slot_secret)
    except WrongPassphrase:
        return False
    return True


@pytest.mark.parametrize("leaver", ["counsellor", "nurse", "house_mother", "sysadmin"])
def test_who_left_opens_no_new_file_with_all_she_ever_had(house: House, leaver: str) -> None:
    slot_id = house.slots[leaver]
    old = keys_with(house, slot_id, PHRASE)
    before = keyring_file.load(house.folder)
    slot = slots.slot_in(before, slot_id)
    private = keys_of.unlocked(before.vault_id, slot, PHRASE)
    house.desk("manager").vault.disable_slot(slot_id)
    for role in ("manager", "clinical_supervisor"):
        vault = house.desk(role).vault
        vault.rotate(vault.due & vault.compartments)
    house.close()
    ring = keyring_file.load(house.folder)
    assert ring.due == frozenset()
    for compartment in COMPARTMENTS:
        path = house.folder / ring.files[compartment].file
        assert not any(opens(path, key) for key in old.values())
    for other in ring.slots:
        for grant in other.grants:
            if grant.compartment in old:
                with pytest.raises(VaultDamaged):
                    keys_of._opened(ring.vault_id, other, private, grant)
