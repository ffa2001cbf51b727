"""The head of an audit chain as four words or eight digits: short enough for paper and telephone.

A head written down outside the computer (a backup, a sheet in the manager's folder) shows later
whether the chain still contains it; somebody who rewrites history cannot rewrite the paper.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from shelter_app.storage import audit
from shelter_app.storage.keyring import Head
from shelter_app.storage.recovery import check_words

_PURPOSE: Final = b"makao-audit-head-1|"
WORDS: Final = 4
DIGITS: Final = 8


@dataclass(frozen=True)
class HeadCode:
    """What stands for a head on paper; words and digits say the same."""

    words: tuple[str, ...]
    digits: str

    @property
    def text(self) -> str:
        """Return the digits in two groups of four."""
        return f"{self.digits[:4]} {self.digits[4:]}"

    def says(self, typed: str) -> bool:
        """Say whether somebody typed this code, as words or as digits."""
        digits = re.sub(r"[\s\-]+", "", typed)
        if digits.isdecimal():
            return digits == self.digits
        return tuple(re.findall(r"[^\W\d_]+", typed.casefold())) == tuple(
            word.casefold() for word in self.words
        )


def _of(canonical: bytes) -> HeadCode:
    number = int.from_bytes(hashlib.sha256(_PURPOSE + canonical).digest()[:8], "big")
    return HeadCode(check_words(_PURPOSE + canonical, WORDS), f"{number % 10**DIGITS:08d}")


def head_words(compartment: str, head: Head) -> HeadCode:
    """Return the code of one compartment's head."""
    return _of(f"{compartment}|{head.seq}|{head.hash.hex()}".encode())


def words_over_all(heads: Mapping[str, Head]) -> HeadCode:
    """Return one code over the heads of several compartments."""
    lines = [f"{name}|{heads[name].seq}|{heads[name].hash.hex()}" for name in sorted(heads)]
    return _of("\n".join(["all", *lines]).encode())


def contains(connection: sa.Connection, compartment: str, head: Head) -> bool:
    """Say whether today's chain still contains an older head."""
    return audit.hash_at(connection, compartment, head.seq) == head.hash


def contains_typed(connection: sa.Connection, compartment: str, seq: int, typed: str) -> bool:
    """Say whether today's chain contains the head that somebody reads from paper."""
    found = audit.hash_at(connection, compartment, seq)
    return found is not None and head_words(compartment, Head(seq, found)).says(typed)
