"""A recovery sheet as three lists of words, any two of which give its digits back (SLIP-39).

For houses where no single envelope may open anything. One list alone tells nothing at all about
the code. The words are checked, so a mistyped one is noticed, and the lists open with any program
that reads SLIP-39, should this one be gone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from shelter_app.errors import UserProblem
from shelter_app.storage.recovery import SECRET_BYTES, Code, parse_code

PARTS: Final = 3
NEEDED: Final = 2
WORDS: Final = 20
_LEAST_WORDS: Final = 4
_PREFIX: Final = 4
_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_LONGEST: Final = 2_000


class MistypedWords(UserProblem):
    """The words cannot be two parts of a sheet; says where to look as far as that can be told."""

    def __init__(
        self, *, count: int = 0, part: int = 0, word: int = 0, apart: bool = False
    ) -> None:
        super().__init__("recovery words")
        self.count = count
        self.part = part
        self.word = word
        self.apart = apart
        """Each part is right, but the two are not of one sheet, or are the same one."""


@dataclass(frozen=True)
class Part:
    """One of the three lists."""

    number: int
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the words in a line."""
        return " ".join(self.words)


def split(code: Code) -> tuple[Part, ...]:
    """Return the three parts of a code; each call draws others."""
    from shamir_mnemonic import generate_mnemonics

    (lists,) = generate_mnemonics(1, [(NEEDED, PARTS)], code.secret, iteration_exponent=0)
    return tuple(Part(number, tuple(text.split())) for number, text in enumerate(lists, start=1))


def looks_like_words(typed: str) -> bool:
    """Say whether somebody typed words and not digits."""
    return len(_WORD.findall(typed[:_LONGEST])) >= _LEAST_WORDS


def read(typed: str) -> Code:
    """Read what was typed from one whole sheet or from two parts; MistypedCode, MistypedWords."""
    return _joined(typed) if looks_like_words(typed) else parse_code(typed)


def _joined(typed: str) -> Code:
    from shamir_mnemonic import MnemonicError, Share, combine_mnemonics

    words = _whole_words(typed)
    if len(words) != NEEDED * WORDS:
        raise MistypedWords(count=len(words))
    lists = [" ".join(words[start : start + WORDS]) for start in range(0, len(words), WORDS)]
    for number, text in enumerate(lists, start=1):
        try:
            Share.from_mnemonic(text)
        except MnemonicError:
            raise MistypedWords(count=len(words), part=number) from None
    try:
        secret = combine_mnemonics(lists)
    except MnemonicError:
        raise MistypedWords(count=len(words), apart=True) from None
    if len(secret) != SECRET_BYTES:
        raise MistypedWords(count=len(words), apart=True)
    return Code(secret)


def _whole_words(typed: str) -> list[str]:
    """Return the typed words, each known; the first four letters of a word are enough."""
    found = []
    typed_words = re.findall(r"[A-Za-z]+", typed[:_LONGEST])
    for place, word in enumerate(typed_words):
        known = _by_prefix().get(word[:_PREFIX].lower())
        if known is None or not known.startswith(word.lower()):
            part, number = divmod(place, WORDS)
            raise MistypedWords(count=len(typed_words), part=part + 1, word=number + 1)
        found.append(known)
    return found


@cache
def _by_prefix() -> dict[str, str]:
    from shamir_mnemonic.wordlist import WORDLIST

    return {word[:_PREFIX]: word for word in WORDLIST}


def differs_at(part: Part, typed: str) -> int | None:
    """Return None when a part was typed back rightly, else the word to look at (0: too few)."""
    try:
        words = _whole_words(typed)
    except MistypedWords as error:
        return error.word
    return _first_difference(part.words, words)


def _first_difference(expected: Sequence[str], found: Sequence[str]) -> int | None:
    for number, (printed, word) in enumerate(zip(expected, found, strict=False), start=1):
        if printed != word:
            return number
    return None if len(expected) == len(found) else 0
