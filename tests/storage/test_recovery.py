"""Recovery sheets: typed by hand, checked by the program, and opening what they promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app.errors import NotFound, WrongPassphrase
from shelter_app.storage import audit, recovery, vault
from tests.storage.small_vault import COST, PHRASE, STEPS, Small, write

codes = st.binary(min_size=16, max_size=16).map(recovery.Code)


@given(codes)
def test_a_printed_code_reads_back(code: recovery.Code) -> None:
    assert recovery.parse_code(code.text) == code
    assert len(code.text.split()) == recovery.GROUPS


@given(codes)
def test_spaces_dashes_and_letters_for_digits_are_forgiven(code: recovery.Code) -> None:
    run_together = code.text.replace(" ", "")
    odd = code.text.replace(" ", " - ").replace("0", "O").replace("1", "l")
    assert recovery.parse_code(run_together) == recovery.parse_code(odd) == code


@given(codes, st.integers(0, 8), st.integers(0, 5), st.integers(1, 9))
def test_a_mistyped_digit_names_its_group(
    code: recovery.Code, group: int, digit: int, shift: int
) -> None:
    groups = code.text.split()
    old = int(groups[group][digit])
    new = str((old + shift) % 10)
    groups[group] = groups[group][:digit] + new + groups[group][digit + 1 :]
    with pytest.raises(recovery.MistypedCode) as caught:
        recovery.parse_code(" ".join(groups))
    assert caught.value.group == group + 1


def test_a_short_group_is_named() -> None:
    groups = recovery.Code(bytes(range(16))).text.split()
    groups[4] = groups[4][:-1]
    with pytest.raises(recovery.MistypedCode) as caught:
        recovery.parse_code(" ".join(groups))
    assert caught.value.group == 5


def test_groups_in_the_wrong_order_are_noticed() -> None:
    groups = recovery.Code(bytes(range(16))).text.split()
    groups[0], groups[1] = groups[1], groups[0]
    with pytest.raises(recovery.MistypedCode) as caught:
        recovery.parse_code(" ".join(groups))
    assert caught.value.group == 0


@given(st.text(max_size=120))
def test_any_text_is_a_code_or_a_named_mistake(typed: str) -> None:
    group = 0
    try:
        code = recovery.parse_code(typed)
        assert recovery.parse_code(code.text) == code
    except recovery.MistypedCode as mistake:
        group = mistake.group
    assert 0 <= group <= recovery.GROUPS


def test_check_words_are_two_and_stay_the_same() -> None:
    code = recovery.Code(bytes(range(16)))
    assert code.check_words == recovery.Code(bytes(range(16))).check_words
    assert len(code.check_words) == 2
    assert code.check_words != recovery.Code(bytes(16)).check_words


def test_the_error_never_repeats_the_code() -> None:
    with pytest.raises(recovery.MistypedCode) as caught:
        recovery.parse_code("123456 " * 9)
    assert "123456" not in str(caught.value)


def test_sheet_r_opens_everything_but_counselling_and_sheet_c_only_counselling(
    small: Small,
) -> None:
    expected = {
        small.sheets[0]: {"office", "house", "cases", "identity"},
        small.sheets[1]: {"office", "counselling"},
    }
    for text, reach in expected.items():
        opened = vault.open_by_sheet(small.folder, recovery.parse_code(text), steps=STEPS)
        assert opened.compartments == reach
        opened.close()


def test_testing_a_sheet_says_which_one_it_is(small: Small) -> None:
    assert vault.sheet_opening(small.folder, recovery.parse_code(small.sheets[0])).alias == "R"
    assert vault.sheet_opening(small.folder, recovery.parse_code(small.sheets[1])).alias == "C"
    with pytest.raises(WrongPassphrase):
        vault.sheet_opening(small.folder, recovery.new_code())


def test_sheets_are_not_offered_at_the_sign_in_window(small: Small) -> None:
    assert {name.alias for name in vault.aliases(small.folder)} == {"Twiga", "Simba"}


def test_sheet_c_grants_the_counselling_key_when_nobody_signed_in_holds_it(small: Small) -> None:
    opened = small.open("house mother")
    slot = opened.add_slot("Nyota", PHRASE, frozenset({"counselling"}), COST)
    (wish,) = opened.pending()
    with pytest.raises(NotFound):
        opened.approve_by_sheet(wish, recovery.parse_code(small.sheets[0]))
    with pytest.raises(WrongPassphrase):
        opened.approve_by_sheet(wish, recovery.new_code())
    opened.approve_by_sheet(wish, recovery.parse_code(small.sheets[1]))
    assert opened.pending() == ()
    opened.close()
    hers = vault.open_vault(small.folder, slot, PHRASE, steps=STEPS)
    assert "counselling" in hers.compartments
    hers.close()


def test_a_forgotten_pass_phrase_is_replaced_and_what_was_signed_stays_checkable(
    small: Small,
) -> None:
    simba = small.open("house mother")
    write(simba, 1)
    simba.close()
    opened = small.open()
    opened.reset_passphrase(small.slots["house mother"], "mpya kabisa sana leo", COST)
    assert len(opened.public_keys()[small.slots["house mother"]]) == 2
    with opened.reading() as connection:
        assert audit.verify(connection, "house", 1, opened.public_keys()) is None
    opened.close()
    with pytest.raises(WrongPassphrase):
        small.open("house mother")
    again = small.open("house mother", "mpya kabisa sana leo")
    assert again.compartments == {"office", "house"}
    again.close()


def test_a_reset_without_the_keys_leaves_them_waiting(small: Small) -> None:
    simba = small.open("house mother")
    simba.reset_passphrase(small.slots["manager"], "mpya kabisa sana leo", COST)
    assert {one.wish.compartment for one in simba.pending()} == {
        "cases",
        "counselling",
        "identity",
    }
    simba.close()
    twiga = small.open("manager", "mpya kabisa sana leo")
    assert twiga.compartments == {"office", "house"}
    twiga.close()
