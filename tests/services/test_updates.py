"""Updates: only a newer file of the makers is offered; a backup comes before anything else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shelter_app import __version__, i18n, paths
from shelter_app.errors import NotAllowed, NotPossible, Stopped
from shelter_app.services import audit_trail, updates
from shelter_app.services.audit_trail import Filter
from shelter_app.services.progress import Progress
from shelter_app.services.updates import Installed, Offer
from shelter_app.storage import backup_places, update_file
from shelter_app.storage.update_file import Refusal
from tests.fixtures import House

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()
KEYS = {update_file.key_name(PUBLIC): PUBLIC}
SCRIPT = b"#!/bin/sh\necho new\n"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setattr(paths, "data_folder", lambda: folder)
    return folder


def update(tmp_path: Path, version: str = "99.0.0") -> Path:
    installer = tmp_path / "installer"
    installer.write_bytes(SCRIPT)
    path = tmp_path / "new.update"
    said = {"en": "Quicker search.", "sw": "Utafutaji wa haraka."}
    manifest = {
        "version": version,
        "platform": "linux",
        "oldest": "0.0.1",
        "made": "2026-11-22",
        "news": said,
    }
    update_file.write(path, installer, manifest, KEY)
    return path


def test_a_newer_version_is_offered_with_its_news_in_the_language_in_use(tmp_path: Path) -> None:
    i18n.set_language("sw")
    found = updates.offer(update(tmp_path), KEYS)
    assert (found.version, found.news) == ("99.0.0", "Utafutaji wa haraka.")


def test_this_version_itself_is_no_update(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="or a newer one"):
        updates.offer(update(tmp_path, __version__), KEYS)


def test_a_stranger_cannot_offer_anything(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="not made by the makers"):
        updates.offer(update(tmp_path), {})


def test_every_refusal_has_a_sentence_that_says_nothing_was_changed() -> None:
    assert set(updates.WORDS) == set(Refusal)
    for refusal, sentence in updates.WORDS.items():
        if refusal is not Refusal.TAMPERED:
            assert sentence.endswith("Nothing was changed.")


def test_preparing_makes_a_backup_and_leaves_the_checked_installer_ready(
    house: House, tmp_path: Path, data: Path
) -> None:
    desk = house.desk("manager")
    found = updates.offer(update(tmp_path), KEYS)
    ready = desk.run(updates.prepare, found, Progress(), KEYS).result().value
    assert ready.command[0] == "/bin/sh"
    assert Path(ready.command[1]).read_bytes() == SCRIPT
    assert list((data / "before-updates").rglob("*.age"))
    ids = desk.ask(audit_trail.newest, Filter()).result()
    lines = desk.ask(audit_trail.lines, ids).result()
    (line,) = [line for line in lines if line.action == "Program updated"]
    assert line.note == f"{__version__} > 99.0.0"


def test_copies_of_a_house_practised_with_are_not_in_the_way(
    house: House, tmp_path: Path, data: Path
) -> None:
    backup_places.register(paths.private_folder(data / "before-updates"), "0f" * 16)
    found = updates.offer(update(tmp_path), KEYS)
    house.desk("manager").run(updates.prepare, found, Progress(), KEYS).result()
    assert list((data / "before-updates").rglob("*.age"))


def test_an_update_that_is_changed_between_looking_and_installing_is_refused(
    house: House, tmp_path: Path, data: Path
) -> None:
    path = update(tmp_path)
    found = updates.offer(path, KEYS)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    desk = house.desk("manager")
    with pytest.raises(NotPossible, match="changed after it was made"):
        desk.run(updates.prepare, found, Progress(), KEYS).result()
    assert not (data / "run" / "update.run").exists()


def test_a_house_mother_installs_nothing(house: House, tmp_path: Path, data: Path) -> None:
    desk = house.desk("house_mother")
    with pytest.raises(NotAllowed):
        desk.run(updates.prepare, Offer(tmp_path, "99.0.0", "", ""), Progress(), KEYS).result()


def test_calling_it_off_leaves_no_installer(house: House, tmp_path: Path, data: Path) -> None:
    progress = Progress()
    progress.stop()
    found = updates.offer(update(tmp_path), KEYS)
    with pytest.raises(Stopped):
        house.desk("manager").run(updates.prepare, found, progress, KEYS).result()
    assert not (data / "run" / "update.run").exists()


def test_a_program_that_runs_from_its_source_says_so() -> None:
    assert updates.installed() is Installed.SOURCE
    assert "source" in updates.obstacle(Installed.SOURCE, KEYS)
    assert "whole computer" in updates.obstacle(Installed.WHOLE_COMPUTER, KEYS)
    assert updates.obstacle(Installed.PER_ACCOUNT, KEYS) == ""


def test_a_build_without_a_key_says_that_it_can_check_no_update() -> None:
    assert "holds no key of its makers" in updates.obstacle(Installed.PER_ACCOUNT, {})


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that this process takes for the one it was installed into."""
    folder = tmp_path / "installed"
    folder.mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "daily-register"))
    return folder


def test_how_the_program_came_here_is_seen_from_what_lies_beside_it(program: Path) -> None:
    assert updates.installed() is Installed.WHOLE_COMPUTER
    (program / "appearance.txt").touch()
    assert updates.installed() is Installed.PER_ACCOUNT
    (program / "portable.txt").touch()
    assert updates.installed() is Installed.STICK
    assert "make a new stick" in updates.obstacle(Installed.STICK, KEYS)


def test_the_installer_is_told_which_folder_the_program_is_in(
    house: House, tmp_path: Path, data: Path, program: Path
) -> None:
    found = updates.offer(update(tmp_path), KEYS)
    ready = house.desk("manager").run(updates.prepare, found, Progress(), KEYS).result().value
    assert ready.command[-2:] == ("--into", str(program.resolve()))


def test_what_an_update_left_is_taken_away_later(data: Path) -> None:
    for name in ("update.run", "update.exe"):
        (paths.private_folder(data / "run") / name).write_bytes(SCRIPT)
    updates.forget_installer()
    assert not list((data / "run").iterdir())
