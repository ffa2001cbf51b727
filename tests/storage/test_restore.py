"""Restoring: with a manager, sheet R or sheet C; damaged, foreign and newer backups are refused."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import random
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shelter_app.errors import (
    BackupTrouble,
    ShelterError,
    Stopped,
    VaultDamaged,
    VaultTooNew,
    WrongPassphrase,
)
from shelter_app.storage import (
    attachments,
    keyring_file,
    recovery,
    restore,
    restore_switch,
    vault,
)
from shelter_app.storage.backup_progress import Progress
from tests.storage.small_vault import PHRASE, STEPS, Small, made_in, newest, step, write
from tests.storage.stick import backed_up, folder_of, made, stick_in


def opened_with(small: Small, folder: Path, way: str) -> restore.Opened:
    if way == "manager":
        return restore.open_by_phrase(folder, small.slots["manager"], PHRASE)
    code = recovery.parse_code(small.sheets["RC".index(way)])
    return restore.open_by_sheet(folder, code)


def brought(opened: restore.Opened, target: Path) -> restore.Report:
    restore.extract(opened, target, Progress())
    return restore.check(opened, target, Progress())


@pytest.mark.parametrize(
    ("way", "opens"),
    [
        ("manager", {"office", "house", "cases", "counselling", "identity"}),
        ("R", {"office", "house", "cases", "identity"}),
        ("C", {"office", "counselling"}),
    ],
)
def test_a_backup_comes_back_with_a_manager_and_with_either_sheet(
    small: Small, tmp_path: Path, way: str, opens: set[str]
) -> None:
    written = backed_up(small, tmp_path / "stick")
    shutil.rmtree(small.folder)
    folder = folder_of(tmp_path / "stick", written)
    report = brought(opened_with(small, folder, way), tmp_path / "new" / ".." / "restored")
    assert set(report.opened) == opens
    assert set(report.closed) == set(written.manifest.parts) - opens
    assert report.heads == written.manifest.heads
    again = dataclasses.replace(small, folder=tmp_path / "restored").open()
    assert {newest(again, name) for name in again.compartments} == {1}
    again.close()


def test_a_backup_made_without_a_key_comes_back_whole(small: Small, tmp_path: Path) -> None:
    opened = small.open()
    write(opened, 1)
    opened.close()
    opened = small.open("house mother")
    root = stick_in(tmp_path / "stick", opened)
    from shelter_app.storage import backup, staging

    picture = staging.take(opened, [small.slots["manager"]], Progress())
    written = backup.write(picture, root, Progress())
    picture.drop()
    opened.close()
    brought(opened_with(small, folder_of(root, written), "manager"), tmp_path / "restored")
    again = dataclasses.replace(small, folder=tmp_path / "restored").open()
    assert newest(again, "counselling") == 1
    again.close()


def test_documents_come_along_and_a_missing_one_is_counted(small: Small, tmp_path: Path) -> None:
    kept = attachments.store(small.folder, "cases", b"kept")
    lost = attachments.store(small.folder, "cases", b"lost")
    written = backed_up(small, tmp_path / "stick")
    place = tmp_path / "stick" / "office-backups"
    (place / "att" / "cases" / lost.name).unlink()
    opened = opened_with(small, place / written.name, "R")
    brought(opened, tmp_path / "restored")
    assert attachments.load(tmp_path / "restored", "cases", kept) == b"kept"
    assert restore.missing_papers(tmp_path / "restored", opened.manifest) == 1


def test_the_wrong_phrase_and_a_foreign_sheet_open_nothing(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick")
    folder = folder_of(tmp_path / "stick", written)
    with pytest.raises(WrongPassphrase):
        restore.open_by_phrase(folder, small.slots["manager"], "not it")
    with pytest.raises(WrongPassphrase):
        restore.open_by_phrase(folder, small.slots["house mother"], PHRASE)
    with pytest.raises(WrongPassphrase):
        restore.open_by_sheet(folder, recovery.new_code())


def test_a_damaged_backup_is_never_restored(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick")
    folder = folder_of(tmp_path / "stick", written)
    good = restore.open_by_phrase(folder, small.slots["manager"], PHRASE)
    content = folder / "office.age"
    whole = content.read_bytes()
    chance = random.Random(11)
    for number in range(24):
        raw = bytearray(whole)
        place = chance.randrange(len(raw))
        if number % 3 == 0:
            del raw[place:]
        elif number % 3 == 1:
            raw[place] ^= 1 << chance.randrange(8)
        else:
            raw[place : place + 512] = bytes(len(raw[place : place + 512]))
        if bytes(raw) == whole:
            continue
        content.write_bytes(raw)
        with pytest.raises((VaultDamaged, BackupTrouble)):
            restore.extract(good, tmp_path / "restored", Progress())
        with pytest.raises(ShelterError):
            brought(restore.open_as(folder, good.slot.id, good.private), tmp_path / "restored")
        assert not list(tmp_path.glob("restored*"))


def test_a_mixed_up_stick_is_refused(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick")
    folder = folder_of(tmp_path / "stick", written)
    beside = folder / "restore.json"
    block = json.loads(beside.read_bytes())
    del block["sha256"]
    for change, error in (
        ({"vault_id": "0" * 32}, WrongPassphrase),
        ({"min_reader": 2}, VaultTooNew),
        ({"slots": []}, VaultDamaged),
        ({"format": "something"}, VaultDamaged),
    ):
        forged = keyring_file.canonical({**block, **change})
        total = hashlib.sha256(forged).hexdigest()
        beside.write_text(json.dumps({**block, **change, "sha256": total}), "utf-8")
        with pytest.raises(error):
            restore.open_by_phrase(folder, small.slots["manager"], PHRASE)


def test_a_backup_of_a_newer_program_is_refused_before_anything_is_written(
    small: Small, tmp_path: Path
) -> None:
    newer = (*STEPS, step(2, "CREATE TABLE {schema}.later (id INTEGER PRIMARY KEY)"))
    opened = small.open(steps=newer)
    root = stick_in(tmp_path / "stick", opened)
    written = made(opened, root)
    opened.close()
    opened_backup = opened_with(small, folder_of(root, written), "R")
    with pytest.raises(VaultTooNew):
        restore.require_readable(opened_backup.manifest, STEPS)
    restore.require_readable(opened_backup.manifest, newer)


def test_a_cancelled_restore_leaves_nothing(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick")
    opened = opened_with(small, folder_of(tmp_path / "stick", written), "R")
    progress = Progress()
    progress.stop()
    with pytest.raises(Stopped):
        restore.extract(opened, tmp_path / "restored", progress)
    assert not list(tmp_path.glob("restored*"))


def test_what_would_be_lost_is_counted_by_day(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick")
    opened = small.open()
    for number in (5, 6, 7):
        write(opened, number)
    with opened.reading() as connection:
        newer = restore.newer_than(connection, written.manifest, opened.compartments)
    assert [count for _day, count in newer.by_day] == [15]
    assert not newer.parted
    opened.close()


def test_a_history_that_was_rewritten_since_the_backup_shows(small: Small, tmp_path: Path) -> None:
    closed = small.copy_to(tmp_path / "other")
    written = backed_up(small, tmp_path / "stick")
    opened = closed.open()
    write(opened, 2, b"another history")
    write(opened, 3)
    with opened.reading() as connection:
        newer = restore.newer_than(connection, written.manifest, opened.compartments)
    assert newer.parted
    opened.close()


def test_the_restored_vault_takes_the_place_and_the_old_one_is_kept_a_month(
    small: Small, tmp_path: Path
) -> None:
    written = backed_up(small, tmp_path / "stick")
    opened = small.open()
    write(opened, 9)
    opened.close()
    now = datetime(2026, 11, 22, 18, 30)
    target = restore_switch.restored_beside(small.folder)
    brought(opened_with(small, folder_of(tmp_path / "stick", written), "manager"), target)
    aside = restore_switch.switch(small.folder, now)
    assert aside is not None
    restored = small.open()
    assert newest(restored, "cases") == 1
    restored.close()
    old = dataclasses.replace(small, folder=aside).open()
    assert newest(old, "cases") == 9
    old.close()
    assert restore_switch.drop_old_asides(small.folder, now + timedelta(days=30)) == 0
    assert restore_switch.drop_old_asides(small.folder, now + timedelta(days=31)) == 1
    assert not aside.exists()


def test_another_house_that_made_room_for_this_one_is_never_removed(
    small: Small, tmp_path: Path
) -> None:
    now = datetime(2026, 11, 22, 18, 30)
    small.folder.rename(restore_switch.restored_beside(small.folder))
    other = made_in(small.folder)
    aside = restore_switch.switch(small.folder, now)
    assert aside is not None
    assert restore_switch.drop_old_asides(small.folder, now + timedelta(days=400)) == 0
    opened = dataclasses.replace(other, folder=aside).open()
    opened.close()


def test_a_switch_cut_short_is_completed_at_the_next_start(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick")
    target = restore_switch.restored_beside(small.folder)
    brought(opened_with(small, folder_of(tmp_path / "stick", written), "manager"), target)
    assert not restore_switch.finish_switch(small.folder)
    small.folder.rename(small.folder.with_name(small.folder.name + "-aside-2026-11-22-183000"))
    assert restore_switch.finish_switch(small.folder)
    again = small.open()
    assert newest(again, "cases") == 1
    again.close()


def test_a_vault_open_in_another_window_is_not_switched_away(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick")
    target = restore_switch.restored_beside(small.folder)
    brought(opened_with(small, folder_of(tmp_path / "stick", written), "manager"), target)
    opened = small.open()
    with pytest.raises(ShelterError):
        restore_switch.switch(small.folder, datetime(2026, 11, 22))
    opened.close()
    assert vault.aliases(small.folder)


def test_a_restore_killed_in_the_middle_leaves_a_part_only(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick")
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from shelter_app.storage import restore\n"
        "from shelter_app.storage.backup_progress import Progress\n"
        "class Killed(Progress):\n"
        "    def went(self, size):\n"
        "        super().went(size)\n"
        "        if self.done > self.total // 2: os.kill(os.getpid(), 9)\n"
        "opened = restore.open_by_phrase(Path(sys.argv[1]), sys.argv[2], sys.argv[3])\n"
        "restore.extract(opened, Path(sys.argv[4]), Killed())\n"
    )
    target = tmp_path / "restored"
    folder = folder_of(tmp_path / "stick", written)
    arguments = [str(folder), small.slots["manager"], PHRASE, str(target)]
    ran = subprocess.run([sys.executable, "-c", script, *arguments], check=False)
    assert ran.returncode == -9
    assert [path.name for path in tmp_path.glob("restored*")] == ["restored.part"]
    brought(opened_with(small, folder, "R"), target)
    assert [path.name for path in tmp_path.glob("restored*")] == ["restored"]
