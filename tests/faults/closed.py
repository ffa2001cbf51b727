"""What may not be written: refused in words, nothing changed, and all well when it is opened again.

Four ways: the medium is write-protected, the folders are, the files are, or the system's calls say
so from a random one on, as a disk does that the system has set to read only because of errors.
"""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from shelter_app.errors import BackupTrouble, ShelterError, VaultReadOnly
from tests.faults import deeds, full, mounts, tracing
from tests.faults.cases import Block, Outcome
from tests.faults.deeds import DEEDS

_WAYS: Final = ("call", "medium", "folders", "files")


def closed(block: Block) -> Outcome:
    """Close the medium, the folders or the files before or during each deed."""
    outcome, chance = Outcome(), block.chance
    place = block.folder / "disk"
    house = deeds.house_in(place / "vault", place / "stick")
    calls = {deed: full.calls_of(house, deed) for deed in DEEDS}
    tracing.watch(place)
    for number in range(block.size):
        deed = list(DEEDS)[number % len(DEEDS)]
        way = _WAYS[number // len(DEEDS) % len(_WAYS)]
        if way == "medium" and not mounts.allowed():
            way = "call"
        outcome.counts[f"by {way}"] += 1
        scene = house.laid_out()
        if chance.random() < 0.5 and deed not in ("sign in", "migration"):
            scene.sign_in()
        shut = (
            full.failing(place, chance.randrange(calls[deed]), errno.EROFS)
            if way == "call"
            else mounts.write_protected(place)
            if way == "medium"
            else _modes_taken(_all_in(place, folders=way == "folders"))
        )
        with shut:
            deeds.done(deed, scene, chance, _understood, outcome)
            scene.close()  # what was opened for reading only stays so
        deeds.judge(deed, scene, chance, outcome, tidy=False)
    tracing.watch_nothing()
    return outcome


def _understood(error: ShelterError) -> bool:
    if isinstance(error, BackupTrouble):
        return error.code == "read_only"
    return isinstance(error, VaultReadOnly)


def _all_in(place: Path, *, folders: bool) -> list[Path]:
    found = [place, *place.rglob("*")]
    return [path for path in found if path.is_dir() is folders]


@contextmanager
def _modes_taken(paths: Iterable[Path]) -> Iterator[None]:
    """Take the right to write from these and give it back afterwards."""
    before = [(path, stat.S_IMODE(path.stat().st_mode)) for path in paths]
    for path, mode in before:
        path.chmod(mode & ~0o222)
    try:
        with mounts.modes_count():
            yield
    finally:
        for path, mode in before:
            if path.exists():
                path.chmod(mode)
