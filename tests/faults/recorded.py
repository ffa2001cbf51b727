"""What is done while the shim notes every change: sign in, save, sign out, more than once.

Each transaction that was told to be saved is marked in the notes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from shelter_app.storage.connection import schema_of
from tests.faults import tracing, vaults
from tests.faults.vaults import ALL, FEW, Site

FEW_SETS: Final = (("office", "house"), ("house",), ("office",))
Work = Callable[[Site, int], None]
_LONG, _SHORT = 14, 5
SPAN: Final = 2 * _LONG + _SHORT


def few_at(number: int) -> bool:
    """Say whether the one with two keys does this transaction."""
    return _LONG < (number - 1) % SPAN + 1 <= _LONG + _SHORT


def touches(number: int) -> tuple[str, ...]:
    """Return which compartments a recorded transaction touches."""
    return FEW_SETS[number % 3] if few_at(number) else vaults.touched(number)


def save(site: Site, seed: int) -> None:
    """Let three sign in after each other; the second holds two keys only."""
    number = 0
    for who, many in ((ALL, _LONG), (FEW, _SHORT), (ALL, _LONG)):
        opened = site.open(who)
        if seed % 4 == 0:  # so small that pages reach the files before the commit
            for name in opened.compartments:
                opened.connection.exec_driver_sql(f"PRAGMA {schema_of(name)}.cache_size = 4")
            opened.connection.rollback()
        for _ in range(many):
            number += 1
            vaults.transact(opened, number, touches(number))
            tracing.mark(f"saved {number}")
        opened.close()


def rename(site: Site, seed: int) -> None:
    """Save the keyring again and again."""
    opened = site.open()
    for number in range(1, 31):
        opened.rename(opened.slot_id, "Twiga " + "x" * random.Random(seed + number).randrange(30))
        opened.rename(opened.slot_id, f"Twiga {number}")
        tracing.mark(f"saved {number}")
    opened.close()
