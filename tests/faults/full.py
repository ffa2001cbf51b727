"""A disk that is full at any moment: refused in words, nothing torn, work goes on afterwards.

Half of the tries let the system's calls fail from a random one on, half fill a small disk so that
a random room is left. The disk is the vault's, or the stick's when a backup is made on it.
"""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Final

from shelter_app.errors import BackupTrouble, DiskFull, ShelterError
from tests.faults import deeds, mounts, tracing
from tests.faults.cases import Block, Outcome
from tests.faults.deeds import DEEDS, House

_SIZE: Final = 24 << 20
_MOST_ROOM: Final = {
    "save": 250_000,
    "document": 600_000,
    "backup": 2_600_000,
    "new keys": 1_500_000,
    "migration": 3_500_000,
    "people": 30_000,
    "sign in": 30_000,
    "restore": 1_500_000,
}


def full(block: Block) -> Outcome:
    """Fill the disk at a random moment of each deed."""
    outcome, chance = Outcome(), block.chance
    place = block.folder / "disk"
    real = mounts.allowed()
    with mounts.small_disk(place, _SIZE) if real else nullcontext():
        house = deeds.house_in(place / "vault", place / "stick")
        calls = {deed: calls_of(house, deed) for deed in DEEDS}
        tracing.watch(place)
        for number in range(block.size):
            deed = list(DEEDS)[number % len(DEEDS)]
            scene = house.laid_out()
            if chance.random() < 0.7 and deed not in ("sign in", "migration"):
                scene.sign_in()
            by_room = real and (number // len(DEEDS)) % 2 == 1
            outcome.counts["by room" if by_room else "by call"] += 1
            lack = (
                _no_room(place, chance.randrange(_MOST_ROOM[deed]))
                if by_room
                else failing(place, chance.randrange(calls[deed]), errno.ENOSPC)
            )
            with lack:
                deeds.done(deed, scene, chance, _understood, outcome)
                if chance.random() < 0.25:
                    scene.close()  # a seal that finds no room must not keep the vault open
            deeds.judge(deed, scene, chance, outcome)
    tracing.watch_nothing()
    return outcome


def _understood(error: ShelterError) -> bool:
    if isinstance(error, BackupTrouble):
        return error.code in ("full", "computer_full")
    return isinstance(error, DiskFull)


def calls_of(house: House, deed: str) -> int:
    """Do a deed without any fault and return how many changes it asks the system for."""
    scene = house.laid_out()
    tracing.watch(house.site.folder.parent)
    DEEDS[deed](scene, random.Random(deed))
    scene.close()
    found = tracing.changes_seen()
    tracing.watch_nothing()
    return found


@contextmanager
def failing(place: Path, after: int, error: int, *, reads_too: bool = False) -> Iterator[None]:
    """Let every change below a place fail after so many."""
    tracing.fail_after(after, error, reads_too=reads_too)
    try:
        yield
    finally:
        tracing.stop_failing()


@contextmanager
def _no_room(place: Path, leave: int) -> Iterator[None]:
    ballast = place / "ballast"
    free = os.statvfs(place)
    ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - leave)))
    try:
        yield
    finally:
        ballast.unlink()
