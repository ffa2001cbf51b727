"""A stick taken out at any moment of a backup: never called verified, no older backup hurt.

Three ways: every call on the stick fails from a random one on; the stick is gone from its folder
while files on it are open; and what was not synced is lost, cut as power cuts are, while a backup
is written and an older one removed.
"""

from __future__ import annotations

import errno
import random
import shutil
from pathlib import Path
from typing import Final

from shelter_app.errors import BackupTrouble
from shelter_app.storage import backup_places
from shelter_app.storage.backup_progress import Progress
from tests.faults import deeds, disk, full, mounts, powercut, tracing, vaults
from tests.faults.cases import Block, Outcome
from tests.faults.deeds import House
from tests.faults.disk import Disk, Model

_LOST: Final = ("gone", "not_verified")
_CALLS: Final = 120


class _Hand(Progress):
    """Takes the stick out when so many bytes went by."""

    def __init__(self, stick: Path, after: int) -> None:
        super().__init__()
        self._stick = stick
        self._left = after

    def went(self, size: int) -> None:
        """Look whether it is time."""
        if self._left >= 0 > self._left - size:
            mounts.take_away(self._stick)
        self._left -= size
        super().went(size)


def pulled(block: Block) -> Outcome:
    """Take the stick out at a random moment, put it in again and look at everything."""
    outcome, chance = Outcome(), block.chance
    stick = block.folder / "stick"
    content = block.folder / "content"
    house = deeds.house_in(block.folder / "vault", stick)
    for number in range(block.size):
        way = ("cut", "call", "gone")[number % 3]
        if way == "gone" and not mounts.allowed():
            way = "call"
        outcome.counts[f"by {way}"] += 1
        if way == "cut":
            model: Model = "B" if number % 2 else "A"
            _cut(block, house, model, outcome)
            continue
        scene = house.laid_out()
        scene.sign_in()
        written = None
        outcome.counts["tries"] += 1
        try:
            if way == "call":
                tracing.watch(stick)
                with full.failing(stick, chance.randrange(_CALLS), errno.EIO, reads_too=True):
                    written = deeds.backed_up(scene.session, stick)
            else:
                shutil.rmtree(content, ignore_errors=True)
                shutil.move(stick, content)
                mounts.put_in(content, stick)
                size = 3 * sum(len(raw) for raw in house.vault_files.values())
                hand = _Hand(stick, chance.randrange(size))
                written = deeds.backed_up(scene.session, stick, hand)
        except BackupTrouble as error:
            outcome.counts[f"said {error.code}"] += 1
            if error.code not in _LOST:
                outcome.add("misnamed", f"{way}: {error!r}")
        except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
            outcome.add("unhandled", f"{way}: {error!r}")
        if way == "gone":
            mounts.take_away(stick)
            shutil.rmtree(stick, ignore_errors=True)
            shutil.move(content, stick)
        if written is not None:
            scene.backups.append(written)
        deeds.judge("backup", scene, chance, outcome)
    tracing.watch_nothing()
    return outcome


def _cut(block: Block, house: House, model: Model, outcome: Outcome) -> None:
    """Lose what was not synced while a backup is written or, after that, an older one removed."""
    outcome.counts["tries"] += 1
    house.laid_out()
    stick, older = house.stick, house.older.name

    def work() -> None:
        opened = house.site.open()
        tracing.mark(deeds.backed_up(opened, stick).name)
        backup_places.prune(backup_places.place_in(stick), [older])
        opened.close()

    simulated = Disk(vaults.bytes_in(stick), model)
    notes = powercut.recording(work, stick, block.folder / "log")
    chance = random.Random(f"{block.number} {outcome.counts['tries']}")
    said = ""
    for note in notes[: chance.randrange(len(notes) + 1)]:
        if note.kind == "M":
            said = note.name
        else:
            simulated.play(note)
    disk.laid_out(simulated.cut(chance), stick)
    found = backup_places.search(stick)
    whole = {each.name for each in found if deeds.is_whole(house, each.folder)}
    if torn := {each.name for each in found} - whole - {older if said else ""}:
        outcome.add("not found", f"listed and not whole: {torn}, model {model}")
    if (said or older) not in whole:
        outcome.add("lost", f"the {'confirmed' if said else 'older'} backup, model {model}")
