"""Power cuts: the recorded changes of a real session, cut anywhere, opened by the program itself.

Each state is signed in to as the program does it, seal, repair and all. Variants: the disk's model,
the folder moved meanwhile, and somebody who lacks three of the keys signing in and saving first.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.errors import ShelterError
from shelter_app.storage import drafts, opening
from tests.faults import disk, recorded, tracing, vaults
from tests.faults.cases import Block, Outcome
from tests.faults.disk import Disk, Model
from tests.faults.tracing import Note
from tests.faults.vaults import FEW, Site

_VARIANTS: Final = 8
Judge = Callable[[Site, int, Outcome], None]


def recording(work: Callable[[], None], folder: Path, log: Path) -> list[Note]:
    """Let a forked child work under the shim and return what it changed below a folder."""
    log.unlink(missing_ok=True)
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            tracing.watch(folder, log)
            work()
        except BaseException as error:  # noqa: BLE001 - told to the parent, which stops
            os.write(there, repr(error).encode()[:4000])
        os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as said:
        trouble = said.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    if trouble or status:
        raise RuntimeError(f"the recorded program failed: {trouble or status}")
    return list(tracing.notes_in(log))


def played(
    block: Block, work: recorded.Work, judge: Judge, *, moved: bool, model: Model
) -> Outcome:
    """Record one session, cut it at as many random points as the block has, judge each state."""
    outcome, chance = Outcome(), block.chance
    site = vaults.founded(block.folder / "vault")
    simulated = Disk.of(site.folder, model)
    log = block.folder / "log"
    notes = recording(lambda: work(site, block.number), site.folder, log)
    cuts = sorted(chance.randint(1, len(notes)) for _ in range(block.size))
    found = site.folder
    if moved:
        found = block.folder / "moved"
        shutil.rmtree(site.folder)
    confirmed, due = 0, iter(cuts)
    cut = next(due, None)
    for place, note in enumerate(notes, start=1):
        if note.kind == "M":
            confirmed = int(note.name.split()[1])
        else:
            simulated.play(note)
        while cut == place:
            disk.laid_out(simulated.cut(chance), found)
            outcome.counts["tries"] += 1
            _judged(judge, dataclasses.replace(site, folder=found), confirmed, outcome)
            cut = next(due, None)
    return outcome


def _judged(judge: Judge, site: Site, confirmed: int, outcome: Outcome) -> None:
    try:
        journals = site.folder.glob("*-journal")
        outcome.counts["hot journals"] += any(path.stat().st_size for path in journals)
        outcome.counts["super-journals"] += any(site.folder.glob("*-mj*"))
        judge(site, confirmed, outcome)
    except ShelterError as error:
        outcome.add("corrupt", f"{error!r}, confirmed {confirmed}")
    except (sqlcipher.Error, sa.exc.SQLAlchemyError, OSError) as error:
        outcome.add("unhandled", repr(error))


def saving(block: Block) -> Outcome:
    """Cut the power while saving; the block's number chooses the variant."""
    variant = block.number % _VARIANTS
    moved, foreign = bool(variant & 2), bool(variant & 4)
    model: Model = "B" if variant & 1 else "A"
    return played(
        block, recorded.save, _foreign_first if foreign else _look, moved=moved, model=model
    )


def _look(site: Site, confirmed: int, outcome: Outcome) -> None:
    opened = site.open()
    try:
        vaults.judge(opened, confirmed, outcome, recorded.touches)
    finally:
        vaults.go(opened, outcome)
    if list(site.folder.glob("*-mj*")):
        outcome.add("corrupt", "a super-journal was left")


def _foreign_first(site: Site, confirmed: int, outcome: Outcome) -> None:
    opened = site.open(FEW)
    try:
        with opened.transaction() as connection:
            for name in sorted(opened.compartments):
                drafts.keep(connection, name, "", "filler", 0, "the one with two keys was here")
    finally:
        vaults.go(opened, outcome)
    _look(site, confirmed, outcome)


def unrepaired(block: Block) -> Outcome:
    """Cut the power, move the folder and leave the journals as they are: the control."""
    kept = vars(opening)["relocate"]
    vars(opening)["relocate"] = _nothing
    try:
        return played(block, recorded.save, _look_anyhow, moved=True, model="A")
    finally:
        vars(opening)["relocate"] = kept


def _nothing(_folder: Path, _files: Iterable[str]) -> tuple[str, ...]:
    return ()


def _look_anyhow(site: Site, confirmed: int, outcome: Outcome) -> None:
    """Count a vault that does not open for torn as well: that is what the control is about."""
    try:
        _look(site, confirmed, outcome)
    except (ShelterError, sqlcipher.Error, sa.exc.SQLAlchemyError):
        outcome.add("torn")


def keyring(block: Block) -> Outcome:
    """Cut the power while the keyring is saved again and again."""
    model: Model = "B" if block.number % 2 else "A"
    return played(block, recorded.rename, _look_at_keyring, moved=False, model=model)


def _look_at_keyring(site: Site, confirmed: int, outcome: Outcome) -> None:
    opened = site.open()
    try:
        said = opened.alias.partition(" ")[2]
        number = int(said) if said.isdigit() else confirmed
        if number < confirmed:
            outcome.add("lost", f"{number} < {confirmed}")
        if opened.compartments != set(COMPARTMENTS):
            outcome.add("corrupt", "a compartment is closed")
    finally:
        vaults.go(opened, outcome)
