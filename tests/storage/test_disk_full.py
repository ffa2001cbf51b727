"""No space left while saving: old data intact, a clear word for it, work goes on afterwards."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.errors import DiskFull, NotAVault
from shelter_app.storage import attachments, audit, opening, vault
from tests.storage.small_vault import BOTH, COST, PHRASE, STEPS, Small, newest, step, write

if sys.platform == "win32":
    pytest.skip("limits and mounts work differently here", allow_module_level=True)

import resource

MOUNT_SIZE = 6 << 20
BIG = 200_000


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let every write past this size fail, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def save_until_full(opened: vault.Vault, number: int) -> int:
    """Save until the disk is full; return the last number that was confirmed."""
    while True:
        try:
            write(opened, number + 1, os.urandom(BIG))
        except DiskFull:
            return number
        number += 1


def check_and_go_on(small: Small, opened: vault.Vault, number: int) -> None:
    assert {newest(opened, name) for name in opened.compartments} == {number}
    write(opened, number + 1)
    opened.close()
    again = small.open()
    assert again.clean_before
    assert {newest(again, name) for name in again.compartments} == {number + 1}
    with again.reading() as connection:
        for name in ("main", "house", "cases", "counselling", "identity"):
            assert connection.exec_driver_sql(f"PRAGMA {name}.cipher_integrity_check").all() == []
        for name in COMPARTMENTS:
            assert audit.verify(connection, name, 1, again.public_keys()) is None
    again.close()


@pytest.mark.parametrize("room", [70_000, 150_000, 400_000, 1_000_000])
def test_files_that_cannot_grow_keep_what_they_had(small: Small, room: int) -> None:
    opened = small.open()
    write(opened, 1)
    with no_file_longer_than(room):
        number = save_until_full(opened, 1)
    check_and_go_on(small, opened, number)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes of its own, where this account may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, b"size=%d" % MOUNT_SIZE)
    if made != 0:
        pytest.skip("mounting needs rights this account does not have")
    yield folder
    libc.umount2(os.fsencode(folder), 2)


def fill_up(folder: Path, leave: int) -> Path:
    ballast = folder / "ballast"
    free = os.statvfs(folder)
    ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - leave)))
    return ballast


@pytest.mark.parametrize("leave", [0, 20_000, 90_000, 300_000, 700_000])
def test_a_full_disk_keeps_what_was_saved(small: Small, small_disk: Path, leave: int) -> None:
    moved = small.copy_to(small_disk / "vault")
    opened = moved.open()
    write(opened, 1)
    ballast = fill_up(small_disk, leave)
    number = save_until_full(opened, 1)
    assert {newest(opened, name) for name in opened.compartments} == {number}
    ballast.unlink()
    check_and_go_on(moved, opened, number)


def test_a_journal_that_a_failing_disk_left_is_not_sealed_over(small: Small) -> None:
    opened = small.open()
    write(opened, 1)
    journal = small.file("cases").with_name(small.file("cases").name + "-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9 \xa1c\xd7" + bytes(600))
    opened.close()
    assert not small.ring().state.clean["cases"]
    assert small.ring().state.clean["house"]
    again = small.open()
    assert not again.clean_before
    assert newest(again, "cases") == 1
    again.close()


def test_a_disk_still_full_at_closing_loses_nothing(small: Small, small_disk: Path) -> None:
    moved = small.copy_to(small_disk / "vault")
    opened = moved.open()
    write(opened, 1)
    ballast = fill_up(small_disk, 0)
    opened.close()
    with pytest.raises(DiskFull):
        moved.open()
    ballast.unlink()
    again = moved.open()
    assert {newest(again, name) for name in again.compartments} == {1}
    again.close()


def test_a_full_disk_while_changing_a_pass_phrase_keeps_the_old_one(
    small: Small, small_disk: Path
) -> None:
    moved = small.copy_to(small_disk / "vault")
    opened = moved.open()
    ballast = fill_up(small_disk, 0)
    with pytest.raises(DiskFull):
        opened.change_passphrase(PHRASE, "something else entirely", COST)
    assert opened.alias == "Twiga"
    ballast.unlink()
    opened.close()
    moved.open().close()


def test_a_document_that_does_not_fit_leaves_no_half_file(small_disk: Path) -> None:
    kept = attachments.store(small_disk, "cases", b"kept")
    with pytest.raises(DiskFull):
        attachments.store(small_disk, "cases", os.urandom(MOUNT_SIZE))
    assert [path.name for path in (small_disk / "att" / "cases").iterdir()] == [kept.name]
    assert attachments.load(small_disk, "cases", kept) == b"kept"


def test_a_house_that_does_not_fit_is_not_half_founded(small_disk: Path) -> None:
    fill_up(small_disk, 100_000)
    with pytest.raises(DiskFull):
        vault.create(
            small_disk / "house",
            alias="Twiga",
            passphrase=PHRASE,
            roles=BOTH,
            cost=COST,
            steps=STEPS,
        )
    with pytest.raises(NotAVault):
        vault.aliases(small_disk / "house")
    assert [path.name for path in (small_disk / "house").iterdir()] == ["vault.lock"]


def test_a_migration_that_has_no_room_for_its_copy_says_so_and_changes_nothing(
    small: Small, small_disk: Path
) -> None:
    moved = small.copy_to(small_disk / "vault")
    opened = moved.open()
    write(opened, 1)
    opened.close()
    ballast = fill_up(small_disk, 60_000)
    added = "ALTER TABLE {schema}.note ADD COLUMN place TEXT NOT NULL DEFAULT ''"
    with pytest.raises(DiskFull) as said:
        moved.open(steps=(*STEPS, step(2, added)))
    assert said.value.args == (opening.NO_ROOM,)
    assert not list((moved.folder / opening.STAGING).glob("*"))
    ballast.unlink()
    opened = moved.open()
    assert {newest(opened, name) for name in opened.compartments} == {1}
    opened.close()
