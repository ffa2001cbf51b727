"""Random years of a house's keys: every active worker opens exactly her part, the sheets always do.

The lives themselves are in tests/storage/key_lives.py; this counts them, in blocks that are seeded.
"""

from __future__ import annotations

from typing import Any, Final

from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test

from tests.faults import vaults
from tests.faults.cases import Block, Outcome
from tests.storage.key_lives import KeyLives, settings_from

_STEPS: Final = 30
_MOST_BLOCKS: Final = 100_000


def lived(block: Block) -> Outcome:
    """Live so many lives of up to thirty steps each, and look at the keys after each step."""
    outcome = Outcome()
    vaults.remember_what_is_pure()

    class Counted(KeyLives):
        """One life that says how many steps it had."""

        def teardown(self) -> None:
            outcome.counts["tries"] += 1
            outcome.counts["steps"] += self.steps
            outcome.counts["people"] += self.named
            outcome.counts["sheets made"] += self.sheets_made
            outcome.counts["lost keys"] += len(self.lost)

    lives: Any = seed(_MOST_BLOCKS + block.number)(Counted)
    try:
        run_state_machine_as_test(lives, settings=settings_from(block.size, _STEPS))
    except AssertionError as error:
        outcome.add("wrong keys", f"block {block.number}: {error!r} {''.join(error.__notes__)}")
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
        outcome.add("unhandled", f"block {block.number}: {error!r}")
    return outcome
