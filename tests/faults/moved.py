"""A vault that was killed in the middle and then moved, copied or renamed before it is opened."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Final

from shelter_app.errors import ShelterError
from tests.faults import disk, kills, vaults
from tests.faults.cases import Block, Outcome
from tests.faults.vaults import FEW, Site

_RENEW_AFTER: Final = 20
_NAMES: Final = ("Nyumba yetu", "Büro – ofisi", "家", "x" * 120, 'a\'b "c"', "vault.db-mj0")
_WAYS: Final = ("renamed", "moved deeper", "copied", "copied over an older copy")


def killed_then_moved(block: Block) -> Outcome:
    """Kill one who saves, move the folder, let one with two keys sign in first or not, and look."""
    outcome, chance = Outcome(), block.chance
    site = template = vaults.founded(block.folder / "template")
    for number in range(block.size):
        if number % _RENEW_AFTER == 0:
            shutil.rmtree(site.folder if site is not template else block.folder / "none", True)
            site = template.copy_to(block.folder / "vault 0")
        here = site
        confirmed = kills.killed(lambda confirm, here=here: kills.save(here, confirm), chance)  # type: ignore[misc]
        outcome.counts["tries"] += 1
        outcome.counts["hot journals"] += any(
            path.stat().st_size for path in site.folder.glob("*-journal")
        )
        outcome.counts["super-journals"] += any(site.folder.glob("*-mj*"))
        way = chance.choice(_WAYS)
        outcome.counts[way] += 1
        target = block.folder / f"{chance.choice(_NAMES)} {number % 3}"
        site = dataclasses.replace(site, folder=_moved(site.folder, target, way))
        if chance.random() < 0.5:
            _signed_in_first(site, outcome)
        if not kills.look(site, confirmed, outcome):
            shutil.rmtree(site.folder)
            site = template.copy_to(block.folder / "vault 0")
    return outcome


def _moved(folder: Path, target: Path, way: str) -> Path:
    """Bring a folder elsewhere; a copy leaves nothing behind that could help it."""
    if way == "moved deeper":
        target = target / "Documents" / "records"
    target.parent.mkdir(parents=True, exist_ok=True)
    if way == "copied over an older copy":
        disk.laid_out(vaults.bytes_in(folder), target)
        shutil.rmtree(folder)
        return target
    shutil.rmtree(target, ignore_errors=True)
    if way == "copied":
        shutil.copytree(folder, target)
        shutil.rmtree(folder)
    else:
        shutil.move(folder, target)
    return target


def _signed_in_first(site: Site, outcome: Outcome) -> None:
    """Let somebody who lacks three of the keys come first; she changes nothing of the rest."""
    try:
        vaults.leave(site.open(FEW))
    except ShelterError as error:
        outcome.add("corrupt", f"the one with two keys: {error!r}")
