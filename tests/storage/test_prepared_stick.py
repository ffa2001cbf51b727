"""A stick that somebody prepared: its links lead the program to no other file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from shelter_app.storage import backup_places, erased_list, safe_files
from shelter_app.storage.backup_files import private_new, sum_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


def _mark(stick: Path) -> None:
    backup_places.register(stick, "ab" * 16)


def _whole(stick: Path) -> None:
    safe_files.write_whole(stick / "paper.pdf", b"paper")


def _copied(stick: Path) -> None:
    safe_files.copy_closed(stick / "source", stick / "copy")


def _new(stick: Path) -> None:
    private_new(stick / "new").close()


@pytest.mark.parametrize(
    ("link", "act"),
    [
        ("office-backups/place.json.part", _mark),
        ("paper.pdf.part", _whole),
        ("copy.part", _copied),
        ("new", _new),
    ],
)
def test_a_link_under_the_name_that_is_written_next_is_not_followed(
    tmp_path: Path, link: str, act: Callable[[Path], None]
) -> None:
    keyring = tmp_path / "keyring-a.json"
    keyring.write_bytes(b"the only one")
    stick = tmp_path / "stick"
    (stick / link).parent.mkdir(parents=True)
    (stick / "source").write_bytes(b"source")
    (stick / link).symlink_to(keyring)
    act(stick)
    assert keyring.read_bytes() == b"the only one"
    assert not any(path.is_symlink() for path in stick.rglob("*"))


def _found(stick: Path) -> object:
    return backup_places.read_mark(stick / "office-backups")


def _beside(stick: Path) -> object:
    return backup_places.backups_in(stick / "office-backups")


def _list(stick: Path) -> object:
    return erased_list.read(stick / "office-backups", "ab" * 16)


def _sum(stick: Path) -> object:
    with suppress(FileNotFoundError):
        return sum_of(stick / "office-backups" / "office.age", lambda _size: None, past_cache=True)
    return None


@pytest.mark.parametrize(
    ("pipe", "read"),
    [
        ("place.json", _found),
        ("office-2026-11-22-1830/restore.json", _beside),
        ("erased.json", _list),
        ("office.age", _sum),
    ],
)
@pytest.mark.timeout(20)
def test_nobody_waits_at_a_pipe_under_the_name_of_a_file(
    tmp_path: Path, pipe: str, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "stick" / "office-backups" / pipe
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert not read(tmp_path / "stick")
