"""Recovery sheets: 128 random bits as digits a tired person can type and the program can check.

Eight groups of six digits, each a multiple of eleven, and a ninth group over all of them: a
mistyped group is named at once, and two groups in the wrong order are noticed.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Final

from shelter_app import paths
from shelter_app.errors import UserProblem

GROUPS: Final = 9
DIGITS: Final = 6
_FACTOR: Final = 11
_LARGEST: Final = 0xFFFF
SECRET_BYTES: Final = 16
_LOOKALIKES: Final = str.maketrans("OoQlIi|", "0001111")


class MistypedCode(UserProblem):
    """A code cannot be right; `group` (1 to 9) is the one to look at, 0 when it is the whole."""

    def __init__(self, group: int) -> None:
        super().__init__("recovery code")
        self.group = group


@dataclass(frozen=True)
class Code:
    """The secret of one recovery sheet."""

    secret: bytes

    @property
    def text(self) -> str:
        """Return the nine groups as printed."""
        values = [
            int.from_bytes(self.secret[start : start + 2], "big")
            for start in range(0, SECRET_BYTES, 2)
        ]
        values.append(_check_of(self.secret))
        return " ".join(f"{value * _FACTOR:06d}" for value in values)

    @property
    def slot_secret(self) -> str:
        """Return what stands in for a pass phrase in the sheet's key slot."""
        return self.secret.hex()

    @property
    def check_words(self) -> tuple[str, str]:
        """Return two words to compare by voice; they tell nothing about the code."""
        first, second = check_words(b"sheet" + self.secret, 2)
        return first, second


def new_code() -> Code:
    """Draw a code."""
    return Code(secrets.token_bytes(SECRET_BYTES))


def parse_code(typed: str) -> Code:
    """Read a typed code, forgiving spaces, dashes and O for 0."""
    groups = _groups_of(typed.translate(_LOOKALIKES))
    values = []
    for number, group in enumerate(groups, start=1):
        value, rest = divmod(int(group), _FACTOR)
        if rest or value > _LARGEST:
            raise MistypedCode(number)
        values.append(value)
    secret = b"".join(value.to_bytes(2, "big") for value in values[:-1])
    if values[-1] != _check_of(secret):
        raise MistypedCode(0)
    return Code(secret)


def _groups_of(typed: str) -> list[str]:
    if len(typed) > 400:
        raise MistypedCode(0)
    groups = re.findall(r"[0-9]+", typed)
    if len(groups) == GROUPS:
        for number, group in enumerate(groups, start=1):
            if len(group) != DIGITS:
                raise MistypedCode(number)
        return groups
    digits = "".join(groups)
    if len(digits) != GROUPS * DIGITS:
        raise MistypedCode(0)
    return [digits[start : start + DIGITS] for start in range(0, len(digits), DIGITS)]


def _check_of(secret: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"makao-recovery-1" + secret).digest()[:2], "big")


@cache
def _words() -> tuple[str, ...]:
    return tuple(paths.resource("wordlists", "check_words.txt").read_text("utf-8").split())


def check_words(what: bytes, count: int) -> tuple[str, ...]:
    """Return words that stand for a value, so that two people can compare it aloud."""
    words = _words()
    number = int.from_bytes(hashlib.sha256(b"makao-check-words-1" + what).digest(), "big")
    chosen = []
    for _ in range(count):
        number, place = divmod(number, len(words))
        chosen.append(words[place])
    return tuple(chosen)
