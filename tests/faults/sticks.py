"""A stick taken out at any moment of a backup: never called verified, no older backup hurt.

A slow one called off at any moment, or read again: it ends within two seconds and leaves the older
backup whole and nothing half made.

Three ways: every call on the stick fails from a random one on; the stick is gone from its folder
while files on it are open; and what was not synced is lost, cut as power cuts are, while a backup
is written and an older one removed.
"""

from __future__ import annotations

import dataclasses
import errno
import random
import shutil
import threading
import time
from pathlib import Path
from typing import Final

from shelter_app.errors import BackupTrouble, Stopped
from shelter_app.storage import backup, backup_places
from shelter_app.storage.backup_progress import Progress
from tests.faults import deeds, disk, full, mounts, powercut, tracing, vaults
from tests.faults.cases import Block, Outcome
from tests.faults.deeds import House
from tests.faults.disk import Disk, Model

_LOST: Final = ("gone", "not_verified")
_CALLS: Final = 120
_LARGE: Final = 5 << 20
_SPEEDS: Final = (400_000, 900_000, 2_000_000, 5_000_000)
_CALLED_OFF_WITHIN: Final = 6.0
_ENDS_WITHIN: Final = 2.0


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


def slow(block: Block) -> Outcome:
    """Call off a backup, or the second look at one, at a random moment of a slow stick."""
    outcome, chance = Outcome(), block.chance
    stick = block.folder / "stick"
    house = deeds.house_in(block.folder / "vault", stick)
    large = {f"att/cases/{chance.randrange(16**16):016x}.bin": chance.randbytes(_LARGE)}
    house = dataclasses.replace(house, vault_files={**house.vault_files, **large})
    tracing.watch(stick)
    for number in range(block.size):
        scene = house.laid_out()
        scene.sign_in()
        progress = Progress()
        speed = chance.choice(_SPEEDS)
        tracing.slow(speed, 2 * speed, chance.choice((0, _LARGE // 8, 2 * _LARGE)))
        called_off: list[float] = []
        after = chance.uniform(0.0, _CALLED_OFF_WITHIN)
        outcome.counts["tries"] += 1
        timer = threading.Timer(after, _call_off, (progress, called_off))
        timer.start()
        try:
            if number % 3 == 2:
                outcome.counts["looked at again"] += 1
                older = house.older
                backup.check_again(stick, older.name, older.sha256, older.papers_digest, progress)
            else:
                outcome.counts["written"] += 1
                scene.backups.append(deeds.backed_up(scene.session, stick, progress))
            outcome.counts["ended before"] += 1
        except Stopped:
            took = time.monotonic() - called_off[0]
            outcome.counts["called off"] += 1
            if took > _ENDS_WITHIN:
                outcome.add("slow", f"ended {took:.1f} s after it was called off")
        except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
            outcome.add("unhandled", f"{error!r}")
        timer.cancel()
        tracing.slow(0, 0)
        if left := [path.name for path in stick.rglob("*.part")]:
            outcome.add("corrupt", f"something half made was left on the stick: {left}")
        deeds.judge("backup", scene, chance, outcome)
    tracing.watch_nothing()
    return outcome


def _call_off(progress: Progress, called_off: list[float]) -> None:
    called_off.append(time.monotonic())
    progress.stop()


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
