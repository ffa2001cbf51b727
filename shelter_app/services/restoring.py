"""Restoring from a backup: found, opened, compared with today, brought beside, then switched to.

Nothing here needs anybody to be signed in: it must work on a new computer with a stick and a sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from shelter_app import clock, logs
from shelter_app.domain.access import Actor
from shelter_app.errors import BackupTrouble, NotAVault, ShelterError, VaultDamaged, VaultTooNew
from shelter_app.services import backup_checks, erased_again, house_settings
from shelter_app.services.backup_checks import Facts
from shelter_app.services.erased_again import Again
from shelter_app.services.inside import Inside
from shelter_app.services.work import Work
from shelter_app.storage import (
    audit_head,
    backup,
    backup_places,
    file_sums,
    keyring_file,
    local_backup,
    recovery_parts,
    removable,
    restore,
    restore_switch,
    restored_mark,
    throttle,
)
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_keys as keys_of
from shelter_app.storage import vault as storage
from shelter_app.storage.backup_manifest import Manifest
from shelter_app.storage.backup_places import Found
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.connection import MAIN, open_connection, translated
from shelter_app.storage.erased_list import Row
from shelter_app.storage.folder_lock import FolderLock
from shelter_app.storage.migrations import STEPS
from shelter_app.storage.relocate import relocate

Opened = restore.Opened


@dataclass(frozen=True)
class Way:
    """One way into a backup: a manager by her sign-in name; sheets are typed without a name."""

    slot_id: str
    alias: str


@dataclass(frozen=True)
class Choice:
    """One backup that can be chosen, and who can open it by pass phrase."""

    folder: Path
    name: str
    made_at: datetime
    size: int
    same_house: bool | None
    """Whether it belongs to the house on this computer; None when there is none here."""
    ways: tuple[Way, ...]
    beside_records: bool = False
    """It lies inside this computer's own records: the one made before new keys."""
    guarded_by: Path | None = None
    """The records here that count wrong pass phrases of their own house."""


@dataclass(frozen=True)
class Content:
    """What an opened backup says it holds, before anything is written."""

    made_at: datetime
    residents: int | None
    entries: int
    words: str
    digits: str
    opens: tuple[str, ...]
    stays_closed: tuple[str, ...]
    uncounted: tuple[str, ...]
    """Parts this key opens and whoever made the backup did not: in it, but in no count of it."""


@dataclass(frozen=True)
class Loss:
    """What today's records hold beyond the backup; `known` is False when nobody can tell."""

    known: bool
    there_is_a_house: bool
    by_day: tuple[tuple[str, int], ...] = ()
    parted: bool = False
    other_house: bool = False
    closed: tuple[str, ...] = ()
    """Parts this key does not open that are not what they were in the backup."""
    erased_since: int = 0
    """What was erased on the day of the backup or later: it may still hold it."""


def find(folder: Path, current: Path) -> tuple[Choice, ...]:
    """Return the backups on a stick or in a folder; says why when there is none to choose."""
    found = backup_places.search(folder)
    if not found:
        _say_why_none(folder)
    here = _vault_id_of(current)
    return tuple(_choice(each, here, current) for each in found)


def find_everywhere(current: Path) -> tuple[Choice, ...]:
    """Return the backups on all sticks and the one on this computer; none is no trouble."""
    here = _vault_id_of(current)
    roots = [*(drive.folder for drive in removable.drives()), local_backup.root_in(current)]
    found = [each for root in roots for each in backup_places.search(root)]
    found.sort(key=lambda each: each.made_at, reverse=True)
    return tuple(_choice(each, here, current) for each in found)


def _say_why_none(folder: Path) -> None:
    if not folder.is_dir():
        raise BackupTrouble("gone")
    for each in backup_places.named_in(folder):
        backup_places.read_beside(each)
    raise BackupTrouble("nothing_here")


def _vault_id_of(folder: Path) -> str | None:
    try:
        return keyring_file.load(folder).vault_id.hex()
    except ShelterError:
        return None


def _choice(found: Found, here: str | None, current: Path) -> Choice:
    ways = tuple(
        Way(slot.id, slot.alias)
        for slot in restore.ways_in(found.folder)
        if slot.kind == kr.PASSWORD
    )
    same = None if here is None else found.vault_id == here
    beside = found.folder.is_relative_to(current)
    guard = current if same else None
    return Choice(found.folder, found.name, found.made_at, found.size, same, ways, beside, guard)


def open_by_phrase(choice: Choice, slot_id: str, passphrase: str) -> Opened:
    """Open a backup as one of its managers; takes a second on purpose.

    On the computer of its house a wrong pass phrase counts as one at the door: nobody shall try
    here what has to wait there.
    """
    unlock = partial(restore.open_by_phrase, choice.folder, slot_id, passphrase)
    return _readable(_guarded(choice.guarded_by, slot_id, unlock))


def _guarded(folder: Path | None, slot_id: str, unlock: Callable[[], Opened]) -> Opened:
    if folder is None:
        return unlock()
    try:
        lock = FolderLock(folder)
    except ShelterError:
        return unlock()
    try:
        ring = keyring_file.load(folder)
        if ring.slot(slot_id) is None:
            return unlock()
        return throttle.guarded(folder, ring, slot_id, unlock)
    finally:
        lock.release()


def open_by_sheet(choice: Choice, typed: str) -> Opened:
    """Open a backup with a recovery sheet, its digits or the words of two of its parts."""
    return _readable(restore.open_by_sheet(choice.folder, recovery_parts.read(typed)))


def _readable(opened: Opened) -> Opened:
    restore.require_readable(opened.manifest, STEPS)
    return opened


def compared(opened: Opened, current: Path) -> tuple[Content, Loss]:
    """Return what comes back and what would be lost."""
    made_on = opened.manifest.made_at.date()
    since = sum(1 for row in _erased(opened, current) if row.on >= made_on)
    return content(opened), replace(loss(opened, current), erased_since=since)


def _erased(opened: Opened, current: Path) -> tuple[Row, ...]:
    return erased_again.known(opened.folder.parent, current, opened.manifest.vault_id)


def content(opened: Opened) -> Content:
    """Return what the opened backup says about itself."""
    manifest = opened.manifest
    code = audit_head.words_over_all(manifest.heads)
    opens = _reach(opened)
    counts = backup.counts_of(manifest)
    return Content(
        made_at=manifest.made_at,
        residents=counts.get("person"),
        entries=sum(counts.values()),
        words=" ".join(code.words),
        digits=code.text,
        opens=opens,
        stays_closed=tuple(name for name in manifest.parts if name not in opens),
        uncounted=tuple(name for name in opens if not manifest.parts[name].opened),
    )


def _reach(opened: Opened) -> tuple[str, ...]:
    """Return what a way in opens; sheet C opens the office and the counselling file only."""
    if opened.slot.kind == kr.RECOVERY:
        sheet_c = opened.slot.alias == "C"
        wanted = {MAIN, "counselling"} if sheet_c else set(opened.manifest.parts) - {"counselling"}
        return tuple(name for name in opened.manifest.parts if name in wanted)
    return tuple(name for name in opened.manifest.parts if name != "counselling")


def loss(opened: Opened, current: Path) -> Loss:
    """Say what would be lost: what was entered on this computer after the backup, by day."""
    try:
        ring = keyring_file.load(current)
    except NotAVault:
        return Loss(known=True, there_is_a_house=False)
    except (VaultDamaged, VaultTooNew):
        return Loss(known=False, there_is_a_house=True)
    if ring.vault_id.hex() != opened.manifest.vault_id:
        return Loss(known=False, there_is_a_house=True, other_house=True)
    slot = ring.slot(opened.slot.id)
    if slot is None or slot.x25519 != opened.slot.x25519:
        return Loss(known=False, there_is_a_house=True)
    keys = keys_of.opened_grants(ring, slot, opened.private)
    try:
        newer = _compared(current, ring, keys, opened.manifest)
    except ShelterError:
        return Loss(known=False, there_is_a_house=True)
    return Loss(
        known=True,
        there_is_a_house=True,
        by_day=newer.by_day,
        parted=newer.parted,
        closed=_changed_unseen(current, ring, keys, opened.manifest),
    )


def _changed_unseen(
    current: Path, ring: kr.Keyring, keys: Collection[str], manifest: Manifest
) -> tuple[str, ...]:
    """Return the parts without a key here whose file differs from the one in the backup."""
    then = {fact.name: fact.sha256 for fact in manifest.files}
    return tuple(
        name
        for name, entry in ring.files.items()
        if name not in keys and then.get(entry.file) != file_sums.sum_of(current / entry.file)
    )


def _compared(
    current: Path, ring: kr.Keyring, keys: dict[str, bytes], manifest: Manifest
) -> restore.Newer:
    lock = FolderLock(current)
    try:
        relocate(current, [entry.file for entry in ring.files.values()])
        files = {name: ring.files[name].file for name in sorted(keys, key=lambda n: n != MAIN)}
        connection = open_connection(current, files, keys)
        try:
            with translated(connection, files):
                there = [name for name in files if name in manifest.parts]
                return restore.newer_than(connection, manifest, there)
        finally:
            connection.close()
    finally:
        lock.release()


def bring(opened: Opened, current: Path, progress: Progress) -> Facts:
    """Restore beside the records in use and check everything; they are not touched.

    What was erased after the backup is erased from the copy before anybody can use it.
    """
    restore_switch.drop_restored(current)
    target = restore_switch.restored_beside(current)
    current.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        restore.extract(opened, target, progress)
        erased = _erased(opened, current)
        report = restore.check(opened, target, progress, {row.id for row in erased})
        lost = restore.missing_papers(target, opened.manifest)
        again = _erase_again(opened, target, erased, progress)
        restored_mark.leave(target, opened.manifest.made_at)
    except BaseException:
        restore_switch.drop_restored(current)
        raise
    facts = backup_checks.facts_of(report, lost)
    return replace(
        facts,
        erased=again.people,
        erased_accused=again.accused,
        erasing_waits=again.waits,
    )


def _erase_again(
    opened: Opened, target: Path, erased: tuple[Row, ...], progress: Progress
) -> Again:
    """Erase with the restorer's keys, as the manager or the sheet that opened the backup."""
    if not erased:
        return Again()
    erased_again.begin(target, opened.manifest.vault_id, erased)
    vault = storage.open_unlocked(target, opened.slot.id, opened.private)
    try:
        actor = Actor(0, vault.slot_id, vault.alias, frozenset(), vault.compartments)
        return erased_again.finish_erasing(Inside(vault, actor, lambda: progress.stopping))
    finally:
        vault.close()


def drop(current: Path) -> None:
    """Remove a restored copy that nobody wants to switch to."""
    restore_switch.drop_restored(current)


def switch(current: Path) -> Path | None:
    """Let the restored records take the place of those in use; returns where these are kept."""
    aside = restore_switch.switch(current, clock.now())
    logs.note("restore.switched")
    return aside


def finish_switch(current: Path) -> bool:
    """Complete a switch that was cut short; asked at every start."""
    return restore_switch.finish_switch(current)


def write_down(work: Work, made_at: datetime) -> None:
    """Let the audit trail of restored records say so: it was sealed before anybody restored it."""
    house_settings.log(work, "restore", made_at.isoformat(timespec="minutes"))


def tidy(current: Path) -> int:
    """Remove what restores have left, once somebody signed in; returns how many were put aside.

    That is the word at the door, what was kept aside for more than a month, and a copy that nobody
    switched to because the computer stopped: the passwords of that day open it.
    """
    restored_mark.remove(current)
    restore_switch.drop_restored(current)
    local_backup.drop_old(current, clock.now())
    return restore_switch.drop_old_asides(current, clock.now())
