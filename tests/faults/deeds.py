"""What people do while the disk fills up or will not be written, and what must hold afterwards.

Each deed is the program's own work on a vault with documents and a backup on a stick. Whatever the
fault makes of it, the session goes on, nothing confirmed is missing, nothing is half there, the
older backup is whole, and the same deed succeeds when the disk is well again.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.errors import BackupTrouble, ShelterError, VaultTooNew
from shelter_app.storage import (
    attachments,
    backup,
    backup_places,
    keyring_keys,
    migrate,
    restore,
    staging,
    vault,
)
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.migrations import STEPS
from tests.faults import disk, vaults
from tests.faults.cases import Outcome
from tests.faults.vaults import ALL, FEW, PHRASE, Site
from tests.storage.small_vault import step

BEFORE: Final = 3
"""How many transactions are there when it begins."""
_PAPERS: Final = 2
_PAPER_SIZE: Final = 90_000
_MOST_SAVES: Final = 6
NEXT: Final = (
    *STEPS,
    step(
        migrate.newest(STEPS) + 1,
        "ALTER TABLE {schema}.draft ADD COLUMN place TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX {schema}.ix_draft_saved ON draft (saved_at, body)",
    ),
)

Understood = Callable[[ShelterError], bool]
"""Says whether an error names the fault as people have to hear it."""


@dataclass(frozen=True)
class House:
    """The vault and the stick as they lie when a try begins."""

    site: Site
    stick: Path
    vault_files: Mapping[str, bytes]
    stick_files: Mapping[str, bytes]
    older: backup.Written
    papers: tuple[attachments.Stored, ...]
    private: keyring_keys.Private

    def laid_out(self) -> Scene:
        """Lay everything out anew."""
        disk.laid_out(self.vault_files, self.site.folder)
        disk.laid_out(self.stick_files, self.stick)
        return Scene(self, papers=list(self.papers))


@dataclass
class Scene:
    """One try: the session under way and what was confirmed in it."""

    house: House
    opened: vault.Vault | None = None
    confirmed: int = BEFORE
    alias: str = "Twiga"
    papers: list[attachments.Stored] = field(default_factory=list)
    backups: list[backup.Written] = field(default_factory=list)
    steps: tuple[migrate.Step, ...] = STEPS

    @property
    def session(self) -> vault.Vault:
        """Return the session, signed in again when there is none."""
        if self.opened is None:
            self.sign_in()
        assert self.opened is not None
        return self.opened

    def sign_in(self) -> None:
        """Sign in as the program does."""
        site = self.house.site
        self.opened = vault.open_vault(site.folder, site.slots[ALL], PHRASE, steps=self.steps)

    def close(self) -> None:
        """Sign out."""
        if self.opened is not None:
            self.opened.close()
        self.opened = None


def house_in(vault_folder: Path, stick: Path) -> House:
    """Make the vault, its documents and its first backup."""
    site = vaults.founded(vault_folder)
    opened = site.open()
    for number in range(1, BEFORE + 1):
        vaults.transact(opened, number)
    papers = tuple(
        attachments.store(site.folder, "cases", random.randbytes(_PAPER_SIZE))
        for _each in range(_PAPERS)
    )
    stick.mkdir(parents=True, exist_ok=True)
    backup_places.register(stick, opened.vault_id)
    older = backed_up(opened, stick)
    private = opened.private
    opened.close()
    files = vaults.bytes_in(site.folder)
    return House(site, stick, files, vaults.bytes_in(stick), older, papers, private)


def backed_up(opened: vault.Vault, stick: Path, progress: Progress | None = None) -> backup.Written:
    """Make a backup as the program does; only managers and sheets will open it."""
    picture = staging.take(opened, [opened.slot_id], Progress())
    try:
        return backup.write(picture, stick, progress or Progress())
    finally:
        picture.drop()


# The deeds


def _save(scene: Scene, _chance: random.Random) -> None:
    for _each in range(_MOST_SAVES):
        vaults.transact(scene.session, scene.confirmed + 1)
        scene.confirmed += 1


def _keep_documents(scene: Scene, chance: random.Random) -> None:
    for _each in range(3):
        data = chance.randbytes(chance.randrange(200_000))
        stored = attachments.store(scene.house.site.folder, "cases", data)
        vaults.transact(scene.session, scene.confirmed + 1)
        scene.confirmed += 1
        scene.papers.append(stored)


def _back_up(scene: Scene, _chance: random.Random) -> None:
    scene.backups.append(backed_up(scene.session, scene.house.stick))


def _give_new_keys(scene: Scene, chance: random.Random) -> None:
    scene.session.rotate(chance.sample(COMPARTMENTS, chance.randint(1, 3)))


def _bring_up_to_date(scene: Scene, _chance: random.Random) -> None:
    scene.close()
    scene.steps = NEXT
    scene.sign_in()


def _change_people(scene: Scene, chance: random.Random) -> None:
    opened, few = scene.session, scene.house.site.slots[FEW]
    for number in range(4):
        alias = f"Twiga {number}"
        opened.rename(opened.slot_id, alias)
        scene.alias = alias
        wanted = {"house"} if chance.random() < 0.5 else {"house", "cases"}
        opened.set_compartments(few, frozenset(wanted))


def _sign_in(scene: Scene, _chance: random.Random) -> None:
    scene.close()
    scene.sign_in()


def _restore(scene: Scene, _chance: random.Random) -> None:
    house = scene.house
    found = house.stick / backup_places.FOLDER / house.older.name
    opened = restore.open_as(found, house.site.slots[ALL], house.private)
    target = house.site.folder.with_name("restored")
    shutil.rmtree(target, ignore_errors=True)
    restore.extract(opened, target, Progress())


Deed = Callable[[Scene, random.Random], None]
DEEDS: Final[Mapping[str, Deed]] = {
    "save": _save,
    "document": _keep_documents,
    "backup": _back_up,
    "new keys": _give_new_keys,
    "migration": _bring_up_to_date,
    "people": _change_people,
    "sign in": _sign_in,
    "restore": _restore,
}


def done(
    deed: str, scene: Scene, chance: random.Random, understood: Understood, outcome: Outcome
) -> None:
    """Do a deed under a fault; count what came of it and whether its error can be understood."""
    outcome.counts["tries"] += 1
    outcome.counts[deed] += 1
    try:
        DEEDS[deed](scene, chance)
    except ShelterError as error:
        outcome.counts["refused"] += 1
        if not understood(error):
            outcome.add("misnamed", f"{deed}: {error!r}, by {error.__cause__!r}")
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
        outcome.add("unhandled", f"{deed}: {error!r}")


# What must hold when the disk is well again


def judge(
    deed: str, scene: Scene, chance: random.Random, outcome: Outcome, *, tidy: bool = True
) -> None:
    """Look at everything, do the deed again, and look at everything again.

    `tidy`: nothing half made may lie about; where nothing can be removed, it may.
    """
    try:
        _judge_session(deed, scene, outcome)
        _judge_backups(deed, scene, outcome)
        if deed == "migration":
            _judge_versions(scene, outcome)
        DEEDS[deed](scene, chance)
        _judge_session(deed, scene, outcome)
        scene.close()
        scene.sign_in()
        _judge_session(deed, scene, outcome)
    except (ShelterError, sqlcipher.Error, sa.exc.SQLAlchemyError, OSError) as error:
        outcome.add("corrupt", f"{deed}, afterwards: {error!r}")
    finally:
        with suppress(ShelterError, OSError):
            scene.close()
    site = scene.house.site
    shutil.rmtree(site.folder.with_name("restored"), ignore_errors=True)
    if tidy and list(site.folder.rglob("*.part")):
        outcome.add("corrupt", f"{deed}: something half made was left")


def _judge_session(deed: str, scene: Scene, outcome: Outcome) -> None:
    opened = scene.session
    vaults.judge(opened, scene.confirmed, outcome)
    scene.confirmed = vaults.newest(opened)  # a commit may count although its end was not told
    if opened.compartments != set(COMPARTMENTS):
        outcome.add("lost", f"{deed}: {sorted(opened.compartments)} open")
    if deed != "people" and opened.alias != scene.alias:
        outcome.add("lost", f"{deed}: {opened.alias}")
    for stored in scene.papers:
        try:
            attachments.load(scene.house.site.folder, "cases", stored)
        except ShelterError as error:
            outcome.add("lost", f"{deed}: a document: {error!r}")


def _judge_backups(deed: str, scene: Scene, outcome: Outcome) -> None:
    stick = scene.house.stick
    for written in (scene.house.older, *scene.backups):
        try:
            backup.check_again(
                stick, written.name, written.sha256, written.papers_digest, Progress()
            )
        except BackupTrouble as error:
            outcome.add("lost", f"{deed}: a backup: {error!r}")
    known = {written.name for written in (scene.house.older, *scene.backups)}
    for found in backup_places.search(stick):
        if found.name not in known:
            outcome.counts["whole though not confirmed"] += 1
            if not is_whole(scene.house, found.folder):
                outcome.add("not found", f"{deed}: a backup that is not whole: {found.name}")


def is_whole(house: House, folder: Path) -> bool:
    """Say whether a backup can be brought back, every file under its checksum."""
    target = house.site.folder.with_name("restored")
    shutil.rmtree(target, ignore_errors=True)
    try:
        opened = restore.open_as(folder, house.site.slots[ALL], house.private)
        restore.extract(opened, target, Progress())
    except ShelterError:
        return False
    return True


def _judge_versions(scene: Scene, outcome: Outcome) -> None:
    """All files were brought up to date, or none; then the older program opens them as before."""
    scene.close()
    folder, slot = scene.house.site.folder, scene.house.site.slots[ALL]
    try:
        opened = vault.open_vault(folder, slot, PHRASE, steps=STEPS)
    except VaultTooNew:
        opened = vault.open_vault(folder, slot, PHRASE, steps=NEXT)
    with opened.reading() as connection:
        versions = {migrate.version_of(connection, name) for name in opened.compartments}
    vaults.judge(opened, scene.confirmed, outcome)
    opened.close()
    if len(versions) > 1:
        outcome.add("torn", f"migration: {versions}")
    scene.steps = NEXT
