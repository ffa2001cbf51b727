"""What a case of the harness is: blocks of tries, each seeded by its number, and what was counted.

A block never depends on another, so that both cores work at once, a stopped run goes on where it
was, and any single block can be looked at again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

BAD: Final = (
    "torn",
    "lost",
    "corrupt",
    "wrong keys",
    "not found",
    "misnamed",
    "unhandled",
    "slow",
)
"""What must be 0 in every case but the controls."""
_MOST_EXAMPLES: Final = 5


@dataclass
class Outcome:
    """What came of a block: how many tries, how many of each kind, and the first failures."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, kind: str, example: str = "") -> None:
        """Count one; of what must not be, remember the first few."""
        self.counts[kind] += 1
        if kind in BAD and example and len(self.examples) < _MOST_EXAMPLES:
            self.examples.append(f"{kind}: {example}"[:400])


@dataclass(frozen=True)
class Block:
    """One piece of a case: its number, how many tries, and a folder of its own."""

    case: str
    number: int
    size: int
    folder: Path

    @property
    def chance(self) -> random.Random:
        """Return the block's own chance, the same in every run."""
        return random.Random(f"{self.case} {self.number}")


@dataclass(frozen=True)
class Case:
    """A named kind of fault; `must_fail` names the count a control run has to reach."""

    name: str
    title: str
    total: int
    block: int
    run: Callable[[Block], Outcome]
    must_fail: str = ""
    quick: int = 0
    """How many in a brief run; 0: one hundredth."""

    def size(self, *, quick: bool) -> int:
        """Return how many tries a run has."""
        return (self.quick or max(2, self.total // 100)) if quick else self.total
