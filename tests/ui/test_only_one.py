"""Starting twice: one window, brought forward."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from shelter_app import paths
from ui.only_one import OnlyOne


def test_a_second_start_wakes_the_first_and_does_not_open(qtbot: QtBot, tmp_path: Path) -> None:
    first = OnlyOne(tmp_path / "records")
    assert first.first
    with qtbot.waitSignal(first.forward_wanted, timeout=5_000):
        assert not OnlyOne(tmp_path / "records").first
    first.leave()


def test_another_folder_opens_beside_it(qtbot: QtBot, tmp_path: Path) -> None:
    first, other = OnlyOne(tmp_path / "one"), OnlyOne(tmp_path / "two")
    assert first.first
    assert other.first
    first.leave()
    other.leave()


def test_after_the_first_has_left_the_next_is_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first = OnlyOne(tmp_path / "records")
    first.leave()
    again = OnlyOne(tmp_path / "records")
    assert again.first
    again.leave()


def test_where_nothing_can_be_noted_the_program_starts_and_locks_all_the_same(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Path("/proc/nowhere")  # makes a folder for nobody, whoever asks
    monkeypatch.setattr(paths, "data_folder", lambda: closed)
    one = OnlyOne(tmp_path / "records")
    assert one.first
    one.leave()
