"""A manager's errands through the real windows: update files offered, a stick made."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from shelter_app import paths
from shelter_app.services import updates
from shelter_app.services.updates import Ready
from shelter_app.storage import update_file
from tests.fixtures import ALIASES, PHRASE, House
from ui import errands
from ui.driver import Driver, Hand
from ui.kit import theme
from ui.main_job import Cast
from ui.program import Program
from ui.sweeper import Sweeper
from ui.tour import Errand

_KEY = Ed25519PrivateKey.generate()
_PUBLIC = _KEY.public_key().public_bytes_raw()
_CAST = Cast(
    manager=ALIASES["manager"],
    social_worker=ALIASES["social_worker"],
    counsellor=ALIASES["counsellor"],
    legal_officer=ALIASES["legal_officer"],
    phrase=PHRASE,
)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let this process take a folder for the one it was installed into, with a key of its own."""
    folder = tmp_path / "installed"
    folder.mkdir()
    (folder / "daily-register").write_bytes(b"program")
    (folder / "appearance.txt").touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "daily-register"))
    monkeypatch.setattr(paths, "data_folder", lambda: tmp_path / "data")
    monkeypatch.setattr(update_file, "trusted", lambda: {update_file.key_name(_PUBLIC): _PUBLIC})
    return folder


def _update(path: Path, version: str) -> Path:
    (path.parent / "installer").write_bytes(b"#!/bin/sh\n" * 1000)
    manifest = {
        "version": version,
        "platform": "linux",
        "oldest": "0.0.1",
        "made": "2026-11-29",
        "news": {"en": "Quicker search."},
    }
    update_file.write(path, path.parent / "installer", manifest, _KEY)
    return path


class Doing:
    """One errand done to its end, with what was told and what the window left for."""

    def __init__(self, house: House, qtbot: QtBot, app: QApplication, errand: Errand) -> None:
        house.close()
        theme.apply(app, "light")
        self.told: list[str] = []
        self.left: list[Ready] = []
        sweeper = Sweeper()
        program = Program(house.folder)
        program._update_now = self.left.append  # type: ignore[method-assign, assignment]
        folder = house.folder.parent / "pictures"
        folder.mkdir(exist_ok=True)
        hand = Hand(program, folder, self.told.append)
        driver = Driver(hand, errand(hand, _CAST))
        outcome: list[bool] = []
        driver.finished.connect(outcome.append)
        program.start()
        driver.start()
        qtbot.waitUntil(lambda: bool(outcome or self.left), timeout=60_000)
        driver._look.stop()
        self.well = bool(outcome) and outcome[0]
        assert program.desk is not None
        program.desk.close().result()
        for window in (program.main_window, program.window):
            if window is not None:
                window.hide()
                window.deleteLater()
        sweeper.stop()


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
def test_files_are_offered_until_one_is_taken(
    house: House, installed: Path, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.update"
    foreign.write_bytes(b"something else")
    inside = _update(tmp_path / "inside.update", "99.0.0")
    inside.write_bytes(inside.read_bytes()[:-1] + b"!")
    files = [foreign, _update(tmp_path / "older.update", "0.0.9"), inside]
    files.append(_update(tmp_path / "good.update", "99.0.0"))
    done = Doing(house, qtbot, qapp, partial(errands.offer_updates, files=files))
    assert any(update_file.fingerprint(_PUBLIC) in line for line in done.told)
    refused = [line.split(": ")[1] for line in done.told if line.startswith("Refused: ")]
    assert refused == ["foreign.update", "older.update", "inside.update"]
    assert [ready.version for ready in done.left] == ["99.0.0"]
    assert done.left[0].command[-1] == str(installed.resolve())


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
def test_a_stick_is_made_and_says_where_to_start(
    house: House, installed: Path, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    done = Doing(house, qtbot, qapp, partial(errands.go_onto_stick, root=stick))
    assert done.well, done.told
    assert "Start the program in its folder" in done.told[-1]
    assert (stick / "Program" / "portable.txt").exists()
    assert (stick / "Register" / "records").exists()


def test_an_update_that_waits_is_the_one_that_was_checked(installed: Path) -> None:
    assert updates.obstacle(updates.installed()) == ""
