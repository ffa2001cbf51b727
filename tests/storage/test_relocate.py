"""A vault folder moved in the middle of a commit: repaired, or left alone when that is right."""

from __future__ import annotations

import os
import shutil
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.storage import relocate, vault
from shelter_app.storage.connection import open_connection, schema_of
from tests.storage.small_vault import Small, newest, write

MAGIC = bytes.fromhex("d9d505f920a163d7")
ROWS = 40


def pointer_record(path: str) -> bytes:
    """Return what SQLite appends to a journal to name its super-journal."""
    name = os.fsencode(path)
    total = sum(byte - 256 if byte > 127 else byte for byte in name) & 0xFFFFFFFF
    return b"\0\0\0\0" + name + struct.pack(">II", len(name), total) + MAGIC


def interrupted(small: Small, folder: Path) -> Small:
    """Return a copy of the vault as a power cut leaves it while five files commit together.

    The caches are made tiny, so that half-written pages reach the files; then the super-journal and
    the pointers to it are added as they stand just before the commit is decided.
    """
    opened = small.open()
    for number in range(1, ROWS + 1):
        write(opened, number, os.urandom(900))
    raw = opened.connection
    for name in COMPARTMENTS:
        raw.exec_driver_sql(f"PRAGMA {schema_of(name)}.cache_size = 2")
    raw.rollback()
    raw.begin()
    for name in COMPARTMENTS:
        table = f"{schema_of(name)}.note"
        raw.exec_driver_sql(f"UPDATE {table} SET tx = tx + 1000, body = randomblob(900)")
    shutil.copytree(small.folder, folder)
    raw.rollback()
    opened.close()
    copy = replace(small, folder=folder)
    journals = [small.file(name).name + "-journal" for name in COMPARTMENTS]
    name = small.file("office").name + "-mjA1B2C3D4E"
    listed = b"".join(os.fsencode(small.folder / journal) + b"\0" for journal in journals)
    (folder / name).write_bytes(listed)
    for journal in journals:
        raw_journal = (folder / journal).read_bytes()
        assert raw_journal[:8] == MAGIC, "the page cache did not spill: nothing to repair"
        record = pointer_record(str(small.folder / name))
        (folder / journal).write_bytes(raw_journal + record)
    return copy


def seen(opened: vault.Vault) -> set[int]:
    return {newest(opened, name) for name in opened.compartments}


def test_a_moved_folder_is_rolled_back_in_every_file(small: Small, tmp_path: Path) -> None:
    moved = interrupted(small, tmp_path / "moved")
    opened = moved.open()
    assert seen(opened) == {ROWS}
    write(opened, ROWS + 1)
    assert seen(opened) == {ROWS + 1}
    opened.close()
    assert list(moved.folder.glob("*-mj*")) == []


def test_without_the_repair_the_moved_files_would_be_spoilt(small: Small, tmp_path: Path) -> None:
    """The control: the same folder, opened as any other SQLite program would."""
    moved = interrupted(small, tmp_path / "moved")
    keys = moved.keys()
    names = {name: moved.file(name).name for name in COMPARTMENTS}
    connection = open_connection(moved.folder, names, keys)
    checks = [
        connection.exec_driver_sql(f"PRAGMA {schema_of(name)}.integrity_check(1)").scalar_one()
        for name in COMPARTMENTS
    ]
    states = {
        connection.exec_driver_sql(f"SELECT max(tx) FROM {schema_of(name)}.note").scalar_one()
        for name in COMPARTMENTS
    }
    connection.close()
    assert set(checks) != {"ok"} or states != {ROWS}


def test_a_crash_in_place_is_rolled_back_by_sqlite_itself(small: Small, tmp_path: Path) -> None:
    stopped = interrupted(small, tmp_path / "copy")
    shutil.rmtree(small.folder)
    stopped.folder.rename(small.folder)
    assert relocate.relocate(small.folder, [small.file(n).name for n in COMPARTMENTS]) == ()
    opened = small.open()
    assert seen(opened) == {ROWS}
    opened.close()


def test_who_lacks_a_key_signs_in_first_after_the_move(small: Small, tmp_path: Path) -> None:
    moved = interrupted(small, tmp_path / "moved")
    opened = moved.open("house mother")
    assert seen(opened) == {ROWS}
    write(opened, ROWS + 1)
    opened.close()
    opened = moved.open()
    assert newest(opened, "office") == newest(opened, "house") == ROWS + 1
    assert {newest(opened, name) for name in ("cases", "counselling", "identity")} == {ROWS}
    opened.close()


def test_who_lacks_a_key_signs_in_first_after_a_crash_in_place(
    small: Small, tmp_path: Path
) -> None:
    stopped = interrupted(small, tmp_path / "copy")
    shutil.rmtree(small.folder)
    stopped.folder.rename(small.folder)
    small.open("house mother").close()
    opened = small.open()
    assert seen(opened) == {ROWS}
    opened.close()
    assert list(small.folder.glob("*-mj*")) == []


def test_journals_of_a_decided_commit_are_left_alone(small: Small, tmp_path: Path) -> None:
    moved = interrupted(small, tmp_path / "moved")
    for path in moved.folder.glob("*-mj*"):
        path.unlink()
    before = {path.name: path.read_bytes() for path in moved.folder.glob("*-journal")}
    files = [moved.file(name).name for name in COMPARTMENTS]
    assert relocate.relocate(moved.folder, files) == ()
    assert {path.name: path.read_bytes() for path in moved.folder.glob("*-journal")} == before


def test_a_needed_super_journal_is_never_dropped(small: Small, tmp_path: Path) -> None:
    stopped = interrupted(small, tmp_path / "moved")
    assert relocate.drop_stale_super_journals(stopped.folder) == 0
    for path in stopped.folder.glob("*-journal"):
        path.write_bytes(b"")
    assert relocate.drop_stale_super_journals(stopped.folder) == 1


def test_other_files_are_never_dropped(tmp_path: Path) -> None:
    kept = ("notes-mj.txt", "a.db-mjZZZ", "a.db", "a.db-mjA1B2C3D4E.bak")
    for name in kept:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "a.db-mjA1B2C3D4E").write_bytes(b"x" * (65 << 10))
    assert relocate.drop_stale_super_journals(tmp_path) == 0


@pytest.mark.parametrize(
    "path",
    [
        "/srv/vault/office-1a2b.db-mjA1B2C3D4E",
        "C:\\Users\\Ümit\\vault\\office-1a2b.db-mjA1B2C3D4E",
        "/家/office-1a2b.db-mjA1B2C3D4E",
    ],
)
def test_pointers_of_any_system_are_read(path: str) -> None:
    raw = MAGIC + bytes(1_000) + pointer_record(path)
    found = relocate.pointer_in(raw)
    assert found is not None
    assert found.offset == 1_008
    assert found.name == "office-1a2b.db-mjA1B2C3D4E"


@given(st.binary(max_size=2_000), st.binary(max_size=40), st.booleans())
def test_any_journal_tail_is_read_or_ignored(body: bytes, tail: bytes, framed: bool) -> None:
    raw = MAGIC + body + tail + (MAGIC if framed else b"")
    found = relocate.pointer_in(raw)
    assert found is None or 512 <= found.offset < len(raw)


@given(st.integers(0, 60), st.integers(1, 255))
def test_a_damaged_pointer_is_no_pointer(place: int, flip: int) -> None:
    record = pointer_record("/srv/vault/office-1a2b.db-mjA1B2C3D4E")
    raw = bytearray(MAGIC + bytes(600) + record)
    place = len(raw) - 1 - place % (len(record) - 4)
    raw[place] ^= flip
    found = relocate.pointer_in(bytes(raw))
    assert found is None
