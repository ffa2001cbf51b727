"""Pass phrases: what is proposed is strong, what is weak is told in a sentence."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app.storage import passphrase


@pytest.mark.parametrize("language", ["en", "sw"])
def test_four_words_are_proposed_and_never_the_same_twice(language: str) -> None:
    proposed = {passphrase.propose(language) for _ in range(20)}
    assert len(proposed) == 20
    assert {len(phrase.split()) for phrase in proposed} == {4}


def test_a_draw_with_the_name_of_the_house_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    named = ["amani", "jua", "kali", "mbuni"]
    drawn = iter([*named, "twiga", *named[1:], "meza", *named[1:]])
    monkeypatch.setattr(secrets, "choice", lambda _words: next(drawn))
    assert passphrase.propose("sw", ("Amani", "Twiga")) == "meza jua kali mbuni"


@pytest.mark.parametrize(
    ("candidate", "sentence"),
    [
        ("", passphrase.TOO_SHORT),
        ("Xk9!vQ2#mP", passphrase.TOO_SHORT),
        ("              z", passphrase.TOO_SHORT),
        ("aaaaaaaaaaaaaaaaaaaaaaa", passphrase.WELL_KNOWN),
        ("passwordpassword", passphrase.WELL_KNOWN),
        ("qwertyuiop asdfghjkl", passphrase.EASY),
        ("1234567890123456789", passphrase.EASY),
        ("karibu Nyumba Salama 77", passphrase.ABOUT_THE_HOUSE),
        ("nyumba-salama forever yes", passphrase.ABOUT_THE_HOUSE),
        ("my name is Twiga, hello", passphrase.ABOUT_THE_HOUSE),
        ("Nairobi2026Nairobi2026", passphrase.EASY),
        ("wanjiru wanjiru wanjiru", passphrase.EASY),
        ("zebrafish zebrafish zebrafish", passphrase.EASY),
        ("mbuni jua kali thelathini", ""),
    ],
)
def test_weak_phrases_are_told_why(candidate: str, sentence: str) -> None:
    assert passphrase.weakness(candidate, ("Nyumba Salama", "Twiga", "Wanjiru M.")) == sentence


@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=3))
def test_any_text_gets_an_answer(candidate: str, names: list[str]) -> None:
    assert isinstance(passphrase.weakness(candidate, names), str)


def test_a_very_long_phrase_is_answered_at_once() -> None:
    assert isinstance(passphrase.weakness("ab1 " * 50_000), str)
