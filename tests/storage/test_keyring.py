"""The keyring: two copies, strict reading, bindings that cannot be loosened."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app.errors import NotAVault, VaultDamaged, VaultTooNew, WrongPassphrase
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_file, keyring_keys, slots
from shelter_app.storage.keyring_fields import Malformed, TooNew
from tests.storage.small_vault import COST, PHRASE, Small, rewrite_keyring


@pytest.fixture(scope="session")
def raw_keyring(small_template: Small) -> bytes:
    return (small_template.folder / keyring_file.NAMES[0]).read_bytes()


def test_a_flipped_digit_of_the_version_is_damage_and_heals(small: Small) -> None:
    path = small.folder / "keyring-a.json"
    path.write_bytes(path.read_bytes().replace(b'"min_reader":1', b'"min_reader":3'))
    opened = small.open()
    opened.close()
    assert b'"min_reader":1' in path.read_bytes()


def test_a_keyring_reads_back_as_it_was_written(small: Small) -> None:
    ring = small.ring()
    assert keyring_file.parse(keyring_file.render(ring)) == ring
    assert (
        keyring_file.render(keyring_file.parse(keyring_file.render(ring)))
        == (small.folder / keyring_file.NAMES[1]).read_bytes()
    )


def test_the_keyring_names_no_role_and_no_house(small: Small) -> None:
    text = (small.folder / keyring_file.NAMES[0]).read_text().casefold()
    assert not [word for word in ("manager", "role", "mother", "shelter") if word in text]


def test_one_damaged_copy_does_no_harm_and_is_healed(small: Small) -> None:
    for name in keyring_file.NAMES:
        whole = (small.folder / name).read_bytes()
        (small.folder / name).write_bytes(whole[: len(whole) // 2])
        small.open().close()
        assert keyring_file.parse((small.folder / name).read_bytes()) == small.ring()


def test_the_newest_copy_wins(small: Small) -> None:
    older = (small.folder / keyring_file.NAMES[0]).read_bytes()
    opened = small.open()
    opened.rename(small.slots["house mother"], "Chui")
    opened.close()
    for name in keyring_file.NAMES:
        newer = (small.folder / name).read_bytes()
        (small.folder / name).write_bytes(older)
        slot = small.ring().slot(small.slots["house mother"])
        assert slot is not None
        assert slot.alias == "Chui"
        (small.folder / name).write_bytes(newer)


def test_a_save_cut_off_half_way_leaves_one_whole_copy(small: Small) -> None:
    ring = small.ring()
    for name in keyring_file.NAMES:
        (small.folder / f"{name}.part").write_bytes(b'{"format":')
        assert small.ring() == ring
    keyring_file.save(small.folder, replace(ring, seq=ring.seq + 1))
    assert small.ring().seq == ring.seq + 1


def test_two_damaged_copies_are_called_damaged(small: Small) -> None:
    for name in keyring_file.NAMES:
        (small.folder / name).write_bytes(b"\x00" * 300)
    with pytest.raises(VaultDamaged) as caught:
        small.ring()
    assert caught.value.part == "keyring"


def test_a_folder_without_a_keyring_is_no_vault(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NotAVault):
            keyring_file.load(folder)


def test_a_keyring_of_a_newer_program_is_left_alone(small: Small) -> None:
    rewrite_keyring(small.folder, lambda block: block.update(version=9, min_reader=2))
    before = {path.name: path.read_bytes() for path in small.folder.iterdir() if path.is_file()}
    with pytest.raises(VaultTooNew):
        small.open()
    after = {path.name: path.read_bytes() for path in small.folder.iterdir() if path.is_file()}
    assert after == before


def test_what_a_newer_program_added_survives_our_save(small: Small) -> None:
    keys = small.keys()
    newer = replace(small.ring(), version=2, more={"quorum": [1, 2]})
    keyring_file.save(small.folder, keyring_keys.sealed_ring(newer, keys["office"]))
    small.open().close()
    assert small.ring().more == {"quorum": [1, 2]}


def test_our_own_version_has_no_unknown_fields(small: Small) -> None:
    rewrite_keyring(small.folder, lambda block: block.update(surprise=1))
    with pytest.raises(VaultDamaged):
        small.ring()


def test_a_forged_alias_is_found_after_signing_in(small: Small) -> None:
    def forge(block: Any) -> None:
        block["slots"][1]["alias"] = "Fisi"

    rewrite_keyring(small.folder, forge)
    with pytest.raises(VaultDamaged) as caught:
        small.open()
    assert caught.value.part == "keyring"


def test_a_grant_pasted_into_another_slot_opens_nothing(small: Small) -> None:
    ring, thief = small.ring(), small.slot("house mother")
    stolen = next(g for g in small.slot().grants if g.compartment == "counselling")
    pasted = replace(thief, grants=(*thief.grants, stolen))
    private = keyring_keys.unlocked(ring.vault_id, pasted, PHRASE)
    with pytest.raises(VaultDamaged):
        keyring_keys.opened_grants(ring.with_slot(pasted), pasted, private)


def test_a_grant_renamed_to_another_compartment_opens_nothing(small: Small) -> None:
    ring, slot = small.ring(), small.slot("house mother")
    house = next(g for g in slot.grants if g.compartment == "house")
    renamed = replace(slot, grants=(*slot.grants, replace(house, compartment="cases")))
    private = keyring_keys.unlocked(ring.vault_id, slot, PHRASE)
    with pytest.raises(VaultDamaged):
        keyring_keys.opened_grants(ring, renamed, private)


def test_the_cost_of_a_guess_cannot_be_lowered(small: Small) -> None:
    ring, slot = small.ring(), small.slot()
    dearer = replace(slot, cost=replace(slot.cost, t=2))
    with pytest.raises(WrongPassphrase):
        keyring_keys.unlocked(ring.vault_id, dearer, PHRASE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("m_kib", 65_535),
        ("m_kib", 2**31),
        ("t", 10**9),
        ("t", 0),
        ("p", 17),
        ("m_kib", True),
        ("m_kib", 65_536.0),
        ("m_kib", "65536"),
        ("salt", "AA=="),
    ],
)
def test_hostile_derivation_parameters_are_refused_unread(
    small: Small, field: str, value: object
) -> None:
    def weaken(block: Any) -> None:
        block["slots"][0]["kdf"][field] = value

    rewrite_keyring(small.folder, weaken)
    with pytest.raises(VaultDamaged):
        small.ring()


def test_grants_are_settled_at_the_owners_next_sign_in(small: Small) -> None:
    assert {grant.algorithm for grant in small.slot("house mother").grants} == {kr.HPKE}
    small.open("house mother").close()
    assert {grant.algorithm for grant in small.slot("house mother").grants} == {kr.OWN}
    opened = small.open("house mother")
    assert opened.compartments == {"office", "house"}
    opened.close()


def test_failures_are_counted_without_breaking_the_mac(small: Small) -> None:
    with pytest.raises(WrongPassphrase):
        small.open(phrase="not this one")
    ring = small.ring()
    assert ring.tries[small.slots["manager"]].count == 1
    assert keyring_keys.mac_holds(ring, small.keys()["office"])


def test_a_pass_phrase_typed_with_other_accents_is_the_same(small: Small) -> None:
    ring = small.ring()
    composed, decomposed = "caf\u00e9 mbuni jua kali", "cafe\u0301 mbuni jua kali"
    slot, private = keyring_keys.new_slot(ring.vault_id, "Kongoni", composed, COST)
    assert keyring_keys.unlocked(ring.vault_id, slot, decomposed) == private


def test_a_full_house_of_slots_still_fits_the_file(small: Small) -> None:
    ring, slot = small.ring(), small.slot()
    many = [replace(slot, id=f"{number:016x}", alias="\u00e9" * 40) for number in range(200)]
    for other in many:
        ring = ring.with_slot(other)
    raw = keyring_file.render(ring)
    assert len(raw) < keyring_file.LARGEST
    assert keyring_file.parse(raw) == ring
    assert len(ring.slots) < slots.MOST_SLOTS


@given(st.data())
def test_any_flipped_byte_is_noticed(raw_keyring: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(raw_keyring) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = bytearray(raw_keyring)
    changed[place] ^= flip
    with pytest.raises((Malformed, TooNew)):
        keyring_file.parse(bytes(changed))


@given(st.binary(max_size=400))
def test_random_bytes_are_refused_in_order(raw: bytes) -> None:
    with pytest.raises(Malformed):
        keyring_file.parse(raw)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path] + [place for key, each in inner for place in _places(each, (*path, key))]


@given(st.data())
def test_a_forged_field_never_surprises_the_reader(raw_keyring: bytes, data: st.DataObject) -> None:
    """Whatever stands in whatever field, with a right checksum: read in full, or refused."""
    block = json.loads(raw_keyring)
    block.pop("sha256")
    path = data.draw(st.sampled_from(_places(block)[1:]))
    holder: Any = block
    for key in path[:-1]:
        holder = holder[key]
    if data.draw(st.booleans()) and isinstance(holder, dict):
        del holder[path[-1]]
    else:
        holder[path[-1]] = data.draw(_JSON)
    forged = with_checksum(block)
    try:
        ring = keyring_file.parse(forged)
    except (Malformed, TooNew):
        return
    assert keyring_file.parse(keyring_file.render(ring)) == ring


def with_checksum(block: dict[str, Any]) -> bytes:
    import hashlib

    checked = {**block, "sha256": hashlib.sha256(keyring_file.canonical(block)).hexdigest()}
    return keyring_file.canonical(checked)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"format":"register-keyring"}',
        b'{"format":"register-keyring","min_reader":NaN}',
        b'{"format":"register-keyring","seq":' + b"9" * 5_000 + b"}",
        b" " * (keyring_file.LARGEST + 1),
        "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_odd_files_are_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        keyring_file.parse(raw)


def test_a_checksum_that_is_no_text_of_ours_is_damage(small: Small) -> None:
    for name in keyring_file.NAMES:
        path = small.folder / name
        block = json.loads(path.read_bytes())
        path.write_text(json.dumps({**block, "sha256": "\ud800"}), "ascii")
    with pytest.raises(VaultDamaged):
        keyring_file.load(small.folder)
