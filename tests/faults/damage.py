"""Flipped bits, cut files, put-back pages: all found and named, none taken for a wrong password.

Every second try is done to a vault that was not closed in order, where the seal's sums cannot help
and only opening and the full check can find the damage.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.errors import DocumentUnreadable, ShelterError, VaultDamaged, WrongPassphrase
from shelter_app.storage import (
    attachments,
    backup,
    backup_places,
    drafts,
    integrity,
    keyring_file,
    restore,
    staging,
    vault,
)
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.connection import schema_of
from shelter_app.storage.page_file import PAGE, PageFile
from tests.faults import disk, vaults
from tests.faults.cases import Block, Outcome
from tests.faults.vaults import ALL, Site

_ROUNDS: Final = 12


@dataclass(frozen=True)
class Known:
    """A vault in two states, as bytes: closed in order, and left as a crash leaves it."""

    site: Site
    closed: dict[str, bytes]
    crashed: dict[str, bytes]
    names: dict[str, str]
    keys: dict[str, bytes]

    def lay(self, number: int) -> bool:
        """Lay one of the two out; say whether it is the one whose seal holds."""
        sealed = number % 2 == 0
        disk.laid_out(self.closed if sealed else self.crashed, self.site.folder)
        return sealed

    def path(self, compartment: str) -> Path:
        """Return a compartment's file."""
        return self.site.folder / self.names[compartment]


def known(folder: Path) -> Known:
    """Make the vault that is damaged again and again."""
    site = vaults.founded(folder)
    opened = site.open()
    for number in range(1, 15):
        vaults.transact(opened, number)
    names = {name: entry.file for name, entry in opened.ring.files.items()}
    keys = opened.key_copies()
    opened.close()
    closed = vaults.bytes_in(folder)
    vaults.leave(site.open())
    return Known(site, closed, vaults.bytes_in(folder), names, keys)


def _flipped(path: Path, place: int, chance: random.Random) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1 << chance.randrange(8)]))


def _sought(made: Known, compartment: str, outcome: Outcome, where: str) -> None:
    """Open the damaged vault as the program does and look for the damage; it has one name."""
    outcome.counts["tries"] += 1
    try:
        opened = made.site.open()
    except ShelterError as error:
        _named(error, compartment, outcome, where)
        return
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
        outcome.add("unhandled", f"{where}: {error!r}")
        return
    try:
        files = {name: made.names[name] for name in COMPARTMENTS}
        found = integrity.check(
            integrity.Site(made.site.folder, files, made.keys, opened.public_keys())
        )
        outcome.counts["found by the full check"] += bool(found.damaged)
        if not found.damaged:
            outcome.add("not found", where)
        elif found.damaged != (compartment,):
            outcome.add("misnamed", f"{where}: {found.damaged}")
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
        outcome.add("unhandled", f"{where}: {error!r}")
    finally:
        vaults.leave(opened)


def _named(error: ShelterError, part: str, outcome: Outcome, where: str) -> None:
    if isinstance(error, VaultDamaged) and error.part == part:
        outcome.counts["found on opening"] += 1
    elif isinstance(error, WrongPassphrase):
        outcome.add("misnamed", f"{where}: taken for a wrong password")
    else:
        outcome.add("misnamed", f"{where}: {error!r}")


def databases(block: Block) -> Outcome:
    """Flip one bit anywhere in any of the five files."""
    outcome, chance = Outcome(), block.chance
    made = known(block.folder / "vault")
    for number in range(block.size):
        sealed = made.lay(number)
        name = chance.choice(COMPARTMENTS)
        path = made.path(name)
        place = chance.randrange(path.stat().st_size)
        _flipped(path, place, chance)
        _sought(made, name, outcome, f"{name} at {place}, {'sealed' if sealed else 'crashed'}")
    return outcome


def cut(block: Block) -> Outcome:
    """Cut one of the five files anywhere, every third time between two pages."""
    outcome, chance = Outcome(), block.chance
    made = known(block.folder / "vault")
    for number in range(block.size):
        made.lay(number)
        name = chance.choice(COMPARTMENTS)
        size = made.path(name).stat().st_size
        keep = chance.randrange(size)
        if number % 3 == 0:
            keep -= keep % PAGE
        os.truncate(made.path(name), keep)
        _sought(made, name, outcome, f"{name} cut to {keep} of {size}")
    return outcome


def keyring(block: Block) -> Outcome:
    """Flip a bit in one copy, which heals, or in both, which is named."""
    outcome, chance = Outcome(), block.chance
    made = known(block.folder / "vault")
    for number in range(block.size):
        made.lay(number)
        outcome.counts["tries"] += 1
        names = keyring_file.NAMES if number % 2 else (chance.choice(keyring_file.NAMES),)
        for name in names:
            path = made.site.folder / name
            _flipped(path, chance.randrange(path.stat().st_size), chance)
        _look_at_keyring(made, outcome, both=len(names) == 2)
    return outcome


def _look_at_keyring(made: Known, outcome: Outcome, *, both: bool) -> None:
    try:
        opened = made.site.open()
    except VaultDamaged as error:
        if not both:
            outcome.add("misnamed", "one copy was whole")
        elif error.part != keyring_file.PART:
            outcome.add("misnamed", repr(error))
        return
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
        kind = "misnamed" if isinstance(error, ShelterError) else "unhandled"
        outcome.add(kind, repr(error))
        return
    vaults.leave(opened)
    if both:
        outcome.add("not found", "both copies")
    for name in keyring_file.NAMES:
        keyring_file.parse((made.site.folder / name).read_bytes())


def form_drafts(block: Block) -> Outcome:
    """Flip a bit on a page of unfinished forms; reading them says which part is damaged."""
    outcome, chance = Outcome(), block.chance
    made = known(block.folder / "vault")
    places = {name: _draft_pages(made, name) for name in COMPARTMENTS}
    for number in range(block.size):
        disk.laid_out(made.crashed, made.site.folder)
        name = chance.choice(COMPARTMENTS)
        place = (chance.choice(places[name]) - 1) * PAGE + chance.randrange(PAGE)
        _flipped(made.path(name), place, chance)
        outcome.counts["tries"] += 1
        _read_drafts(made, name, outcome, f"{name} at {place} ({number})")
    return outcome


def _draft_pages(made: Known, name: str) -> list[int]:
    disk.laid_out(made.closed, made.site.folder)
    opened = made.site.open()
    with opened.reading() as connection:
        root = connection.exec_driver_sql(
            f"SELECT rootpage FROM {schema_of(name)}.sqlite_schema WHERE name = 'draft'"
        ).scalar_one()
    vaults.leave(opened)
    file = PageFile(made.path(name), made.keys[name])
    found, todo = [], [int(root)]
    while todo:
        number = todo.pop()
        page = file.page(number)
        assert page is not None
        found.append(number)
        if file.kind(number, page) == 2:
            todo += file.children(number, page)
    file.close()
    return found


def _read_drafts(made: Known, name: str, outcome: Outcome, where: str) -> None:
    opened: vault.Vault | None = None
    try:
        opened = made.site.open()
        with opened.reading() as connection:
            drafts.waiting(connection, name, "")
        outcome.add("not found", where)
    except ShelterError as error:
        _named(error, name, outcome, where)
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
        outcome.add("unhandled", f"{where}: {error!r}")
    finally:
        if opened is not None:
            vaults.leave(opened)


def documents(block: Block) -> Outcome:
    """Flip a bit in a sealed document, or cut it."""
    outcome, chance = Outcome(), block.chance
    stored = attachments.store(block.folder, "cases", os.urandom(150_000))
    path = block.folder / attachments.FOLDER / "cases" / stored.name
    whole = path.read_bytes()
    for number in range(block.size):
        path.write_bytes(whole)
        if number % 4:
            _flipped(path, chance.randrange(len(whole)), chance)
        else:
            os.truncate(path, chance.randrange(len(whole)))
        outcome.counts["tries"] += 1
        _caught(
            lambda: attachments.load(block.folder, "cases", stored), DocumentUnreadable, outcome
        )
    return outcome


def _caught(
    act: Callable[[], object], wanted: type[ShelterError], outcome: Outcome, where: str = ""
) -> None:
    try:
        act()
    except wanted as error:
        if isinstance(error, WrongPassphrase):
            outcome.add("misnamed", "taken for a wrong password")
        return
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
        outcome.add("misnamed" if isinstance(error, ShelterError) else "unhandled", repr(error))
        return
    outcome.add("not found", f"read as if whole: {where}")


def backups(block: Block) -> Outcome:
    """Flip a bit in a file of a backup, or cut it: it is never opened as if it were whole."""
    outcome, chance = Outcome(), block.chance
    site = vaults.founded(block.folder / "vault")
    opened = site.open()
    root = block.folder / "stick"
    root.mkdir()
    backup_places.register(root, opened.vault_id)
    picture = staging.take(opened, [site.slots[ALL]], Progress())
    written = backup.write(picture, root, Progress())
    picture.drop()
    private = opened.private
    opened.close()
    folder = root / backup_places.FOLDER / written.name
    whole = vaults.bytes_in(folder)
    for number in range(block.size):
        disk.laid_out(whole, folder)
        name = chance.choice(sorted(whole))
        if number % 8:
            _flipped(folder / name, chance.randrange(len(whole[name])), chance)
        else:
            os.truncate(folder / name, chance.randrange(len(whole[name])))
        outcome.counts["tries"] += 1
        target = block.folder / f"restored-{number}"
        _caught(
            lambda target=target: restore.extract(  # type: ignore[misc]
                restore.open_as(folder, site.slots[ALL], private), target, Progress()
            ),
            ShelterError,
            outcome,
            f"{name}, try {number}",
        )
        shutil.rmtree(target, ignore_errors=True)
    return outcome


def put_back(block: Block) -> Outcome:
    """Put one page, or a whole file, back to an older state of itself: the seal tells."""
    outcome, chance = Outcome(), block.chance
    site = vaults.founded(block.folder / "vault")
    before = vaults.bytes_in(site.folder)
    opened = site.open()
    for number in range(1, _ROUNDS + 1):
        vaults.transact(opened, number, COMPARTMENTS)
    opened.close()
    after = vaults.bytes_in(site.folder)
    names = {name: site.file(name).name for name in COMPARTMENTS}
    for number in range(block.size):
        name = chance.choice(COMPARTMENTS)
        old, new = before[names[name]], bytearray(after[names[name]])
        pages = range(min(len(old), len(new)) // PAGE)
        changed = [p * PAGE for p in pages if old[p * PAGE :][:PAGE] != new[p * PAGE :][:PAGE]]
        if number % 2:
            place = chance.choice(changed)
            new[place : place + PAGE] = old[place : place + PAGE]
        mixed = {**after, names[name]: bytes(new) if number % 2 else old}
        disk.laid_out(mixed, site.folder)
        outcome.counts["tries"] += 1
        outcome.counts["pages" if number % 2 else "files"] += 1
        _reopened(site, name, outcome)
    return outcome


def _reopened(site: Site, name: str, outcome: Outcome) -> None:
    try:
        vaults.leave(site.open())
    except ShelterError as error:
        _named(error, name, outcome, f"{name} put back")
        return
    outcome.add("not found", name)
