"""Names, codes and phone numbers as search keys that forgive how people spell them.

The same name comes from Swahili, Somali, Luo, Amharic and Arabic writers: Halima is Xaliimo, Ali
is Cali, Aziza is Asisa, Lucy is Rucy. A word is therefore kept three ways: as typed (without
accents), folded to its sound, and near (one letter missing, added, changed or swapped).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

MOST_VARIANTS: Final = 6
LONGEST_KEY: Final = 24
NEAR_FROM: Final = 4
"""Shorter words have too many neighbours for a typing error to be guessed."""

_MARKS: Final = re.compile("['`\\u2018\\u2019\\u00b4\\u02bb\\u02bc\\u02be\\u02bf]")
_WORD: Final = re.compile(r"[^\W_]+")
_PIECE: Final = re.compile(r"[a-z]+|[0-9]+")
_RUN: Final = re.compile(r"(.)\1+")

# Each step gives what the letters may stand for; two readings make two keys.
_DIGRAPHS: Final = (
    ("kh", ("k", "h")),
    ("gh", ("g",)),
    ("dh", ("d",)),
    ("th", ("t",)),
    ("sh", ("s",)),
    ("ch", ("s", "k")),
    ("ph", ("f",)),
)
_LETTERS: Final = {
    "q": ("k",),
    "x": ("h", "ks"),
    "v": ("f",),
    "w": ("u",),
    "y": ("i",),
    "z": ("s",),
    "l": ("r",),
    "o": ("u",),
    "e": ("i",),
}


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters, without accents and apostrophes."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return tuple(word[:LONGEST_KEY] for word in _WORD.findall(kept))


@lru_cache(maxsize=4096)
def folded(word: str) -> tuple[str, ...]:
    """Return how a word sounds, one key per way of reading it; `word` comes from `words`."""
    readings = [""]
    place = 0
    while place < len(word):
        sounds, length = _sounds_at(word, place)
        readings = [reading + sound for sound in sounds for reading in readings][:MOST_VARIANTS]
        place += length
    once = (_RUN.sub(r"\1", reading) for reading in readings)
    return tuple(dict.fromkeys(reading for reading in once if reading))


def sounds(text: str) -> frozenset[str]:
    """Return the words of a name and how each of them sounds."""
    found = words(text)
    return frozenset({*found, *(sound for word in found for sound in folded(word))})


def alike(name: str, other: str) -> bool:
    """Say whether a word of one name is, or sounds like, a word of the other."""
    return not sounds(name).isdisjoint(sounds(other))


def _sounds_at(word: str, place: int) -> tuple[tuple[str, ...], int]:
    for letters, sounds in _DIGRAPHS:
        if word.startswith(letters, place):
            return sounds, 2
    letter = word[place]
    if letter == "c":
        return _sounds_of_c(word, place), 1
    return _LETTERS.get(letter, (letter,)), 1


def _sounds_of_c(word: str, place: int) -> tuple[str, ...]:
    # In Somali c is the ayn, which others do not write: Cali, Cabdi, Sacdiya.
    return ("k", "", "s") if word[place + 1 : place + 2] in ("e", "i") else ("k", "")


def without_one(word: str) -> frozenset[str]:
    """Return the word with each of its letters left out once."""
    return frozenset(word[:i] + word[i + 1 :] for i in range(len(word)))


def near_keys(word: str) -> frozenset[str]:
    """Return the keys by which a folded word is found in spite of one typing error."""
    if len(word) < NEAR_FROM - 1:
        return frozenset()
    return without_one(word) | {word}


def near_starts(typed: str) -> frozenset[str]:
    """Return the starts of near keys to look for when this much of a folded word is typed."""
    if len(typed) < NEAR_FROM:
        return frozenset()
    return without_one(typed) | {typed}


def begins_nearly(word: str, typed: str) -> bool:
    """Say whether the word begins as typed with one letter missing, added, changed or swapped."""
    for i, letter in enumerate(typed):
        if i < len(word) and word[i] == letter:
            continue
        rest, typed_rest = word[i:], typed[i:]
        return (
            rest.startswith(typed_rest[1:])
            or rest[1:].startswith(typed_rest)
            or rest[1:].startswith(typed_rest[1:])
            or _swapped(rest, typed_rest)
        )
    return True


def _swapped(word: str, typed: str) -> bool:
    swapped = typed[1:2] + typed[:1]
    return len(swapped) == 2 and word.startswith(swapped + typed[2:])


def squashed(text: str) -> str:
    """Return letters and digits only, in small letters: 'SO/E118/2026' as 'soe1182026'."""
    return "".join(_PIECE.findall("".join(words(text))))[: 2 * LONGEST_KEY]


def code_keys(text: str) -> frozenset[str]:
    """Return the beginnings by which a code is found: from each of its parts to the end."""
    pieces = [piece for word in words(text) for piece in _PIECE.findall(word)]
    keys: set[str] = set()
    for number, piece in enumerate(pieces):
        rest = "".join(pieces[number + 1 :])
        keys.add(piece + rest)
        bare = piece.lstrip("0")
        if piece.isdigit() and bare:
            keys.add(bare + rest)
    return frozenset(key[: 2 * LONGEST_KEY] for key in keys)


def _local(digits: str) -> str:
    """Return a Kenyan number without country code or leading zero, as its last nine digits."""
    bare = digits.removeprefix("00")
    if len(bare) > 9 and bare.startswith("254"):
        bare = bare[3:]
    bare = bare.lstrip("0")
    return bare[-9:] if len(bare) > 9 else bare


def phone_keys(text: str) -> frozenset[str]:
    """Return the ends of a phone number from three digits on, so that any part finds it."""
    digits = _local("".join(re.findall(r"[0-9]", text)))
    return frozenset(digits[i:] for i in range(max(len(digits) - 2, 0)))


def phone_starts(typed: str) -> frozenset[str]:
    """Return what to look for when this is typed as a phone number; nothing if it is none."""
    if not re.fullmatch(r"[\s+()0-9/.-]*", typed):
        return frozenset()
    digits = "".join(re.findall(r"[0-9]", typed))
    looked_for = {digits[:9] if not digits.startswith(("0", "254")) else digits}
    looked_for |= {_local(digits), digits.lstrip("0")}
    if digits.startswith("254"):
        looked_for.add(digits[3:])
    return frozenset(start for start in looked_for if len(start) >= 3)
