"""Sums of files: read once, read again as soon as anything about the file differs."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest

from shelter_app.storage import file_sums

_LONG_AGO = 1_700_000_000


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(file_sums, "_SETTLED", 0)
    path = tmp_path / "cases-1.db"
    path.write_bytes(b"sealed" * 1000)
    os.utime(path, (_LONG_AGO, _LONG_AGO))
    return path


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_file_put_back_with_its_old_times_is_read_again(file: Path) -> None:
    assert file_sums.sum_of(file) == _sum(b"sealed" * 1000)
    file.write_bytes(b"forged" * 1000)
    os.utime(file, (_LONG_AGO, _LONG_AGO))
    assert file_sums.sum_of(file) == _sum(b"forged" * 1000)


def test_another_file_in_its_place_is_read_again(file: Path, tmp_path: Path) -> None:
    file_sums.sum_of(file)
    other = tmp_path / "other"
    other.write_bytes(b"forged" * 1000)
    os.utime(other, (_LONG_AGO, _LONG_AGO))
    other.replace(file)
    assert file_sums.sum_of(file) == _sum(b"forged" * 1000)


def test_a_missing_file_has_no_sum(tmp_path: Path) -> None:
    assert file_sums.sum_of(tmp_path / "nothing") == ""
    file_sums.read_ahead([tmp_path / "nothing"], file_sums.turn())


def test_what_was_written_a_moment_ago_is_never_kept(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_sums, "_SETTLED", 3_000_000_000)
    file.write_bytes(b"a moment ago")
    file_sums.sum_of(file)
    assert file not in file_sums._kept.sums


def test_what_was_read_ahead_is_not_read_again(file: Path) -> None:
    file_sums.read_ahead([file], file_sums.turn())
    kept = file_sums._kept.sums[file]
    file_sums._kept.sums[file] = (kept[0], "kept")
    assert file_sums.sum_of(file) == "kept"


def test_nothing_is_read_ahead_once_somebody_signs_in(file: Path) -> None:
    before = file_sums.turn()
    file_sums.read_no_further()
    file_sums.read_ahead([file], before)
    assert file not in file_sums._kept.sums


def test_signing_in_stops_a_long_reading(file: Path) -> None:
    with file.open("r+b") as long:
        long.truncate(4_000_000_000)
    os.utime(file, (_LONG_AGO, _LONG_AGO))
    reading = threading.Thread(target=file_sums.read_ahead, args=([file], file_sums.turn()))
    reading.start()
    while not file_sums._kept.ahead:
        reading.join(timeout=0.001)
    began = time.perf_counter()
    file_sums.read_no_further()
    assert time.perf_counter() - began < 2
    assert file not in file_sums._kept.sums
    reading.join(timeout=5)
    assert not reading.is_alive()
