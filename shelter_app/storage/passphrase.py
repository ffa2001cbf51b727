"""Pass phrases: four proposed words, or an own one that is long and not the first to be guessed.

The words decide, the key derivation only multiplies; so the program proposes, and is strict about
what people think of themselves. Nothing forces capitals, digits or a change every three months.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from functools import cache
from typing import Final

from shelter_app import paths
from shelter_app.i18n import N_
from shelter_app.storage.keyring_keys import normalised

SHORTEST: Final = 15
_WORDS: Final = 4
_LONGEST_MEASURED: Final = 72
_LEAST_GUESSES: Final = 1e11
"""At the costs measured for the key derivation, some hundred thousand dollars to a thief."""

TOO_SHORT: Final = N_("Please use at least 15 characters; four words are easiest to remember.")
WELL_KNOWN: Final = N_("This is one of the first things somebody would try. Please choose another.")
ABOUT_THE_HOUSE: Final = N_(
    "Please leave out the name of the house and the sign-in names; they are guessed first."
)
EASY: Final = N_("This is easier to guess than it looks. Four random words are stronger.")


def propose(language: str, close_to_home: Iterable[str] = ()) -> str:
    """Draw four words from the list of a language, 'en' or 'sw', that `weakness` lets pass.

    Houses and workers are named with the same common words (amani, twiga): such a draw is put back.
    """
    words, near = _list("phrase_sw.txt" if language == "sw" else "phrase_en.txt"), [*close_to_home]
    while weakness(drawn := " ".join(secrets.choice(words) for _ in range(_WORDS)), near):
        pass
    return drawn


@cache
def _list(name: str) -> tuple[str, ...]:
    return tuple(paths.resource("wordlists", name).read_text("utf-8").split())


@cache
def _well_known() -> frozenset[str]:
    return frozenset(_plain(line) for line in _list("common_passwords.txt"))


def _plain(text: str) -> str:
    folded = normalised(text).decode("utf-8", "replace").casefold()
    return "".join(character for character in folded if character.isalnum())


def weakness(candidate: str, close_to_home: Iterable[str] = ()) -> str:
    """Say in one sentence why a pass phrase is too weak, or return ''.

    `close_to_home` are the house's name and the aliases of this vault.
    """
    plain = _plain(candidate)
    if len(normalised(candidate).decode("utf-8", "replace").strip()) < SHORTEST:
        return TOO_SHORT
    if plain in _well_known() or len(set(plain)) < 5:
        return WELL_KNOWN
    names = tuple(close_to_home)
    near = {_plain(name) for name in names}
    if any(len(name) >= 4 and name in plain for name in near):
        return ABOUT_THE_HOUSE
    near |= {_plain(word) for name in names for word in name.split()}
    return EASY if _guesses(candidate, near) < _LEAST_GUESSES else ""


def _guesses(candidate: str, near: Iterable[str]) -> float:
    """Return the tries it takes, also without what stands between words: it hides repetition."""
    from zxcvbn import zxcvbn  # its dictionaries take time to load and are needed here only

    known = sorted(name for name in near if name)
    forms = {candidate[:_LONGEST_MEASURED], _plain(candidate)[:_LONGEST_MEASURED]}
    return min(float(zxcvbn(form, user_inputs=known)["guesses"]) for form in forms if form)
