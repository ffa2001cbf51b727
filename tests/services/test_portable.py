"""Program and records on one stick: complete or not there, and nothing beside the stick."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from shelter_app import paths, settings
from shelter_app.domain.person import Person
from shelter_app.errors import NotAllowed, NotPossible, Stopped
from shelter_app.services import portable
from shelter_app.services.desk import ImmediateExecutor, sign_in
from shelter_app.services.progress import Progress
from tests.builders import a_person
from tests.fixtures import PHRASE, House


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / "installed"
    (folder / "_internal").mkdir(parents=True)
    (folder / "daily-register").write_bytes(b"program")
    (folder / "daily-register").chmod(0o755)
    (folder / "_internal" / "library").write_bytes(bytes(50_000))
    (folder / "_internal" / "same").symlink_to("library")
    return folder


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_the_records_on_the_stick_open_with_the_same_password(
    house: House, program: Path, stick: Path
) -> None:
    with house.work("social_worker") as work:
        person = a_person(work, display_alias="Pendo")
    desk = house.desk("manager")
    folder = desk.run(portable.make, stick, Progress(), program).result().value
    house.close()
    assert os.access(folder / "daily-register", os.X_OK)
    assert (folder / "_internal" / "same").readlink() == Path("library")
    records = stick / "Register" / "records"
    there = sign_in(records, house.slots["manager"], PHRASE, ImmediateExecutor()).result()
    found = there.ask(lambda work: work.get(Person, person.id)).result()
    assert not there.closed_cleanly  # copied from open records: the arrival says so
    there.close().result()
    assert found.display_alias == "Pendo"


def test_what_would_remove_the_installation_here_does_not_travel(
    house: House, program: Path, stick: Path
) -> None:
    for name in ("uninstall.sh", "Uninstall.exe"):
        (program / name).write_text("removes the program of this computer", "utf-8")
    (program / ".outgoing" / "_internal").mkdir(parents=True)
    (program / ".outgoing" / "_internal" / "old").write_text("old", "utf-8")
    house.desk("manager").run(portable.make, stick, Progress(), program).result()
    there = {path.name for path in (stick / "Program").iterdir()}
    assert there == {"_internal", "daily-register", "portable.txt"}


def test_the_program_on_the_stick_speaks_and_looks_as_the_one_here(
    house: House, program: Path, stick: Path
) -> None:
    here = settings.Settings(language="sw", text_size=150, theme="dark", folder=str(house.folder))
    settings.save(here)
    house.desk("manager").run(portable.make, stick, Progress(), program).result()
    there = settings.load(stick / "Register" / "settings.toml")
    assert (there.language, there.text_size, there.theme) == ("sw", 150, "dark")
    assert there.folder == ""
    settings.save(settings.Settings())


def test_a_folder_of_somebody_else_on_the_stick_is_left_alone(
    house: House, program: Path, stick: Path
) -> None:
    letter = stick / "Program" / "of the choir.txt"
    letter.parent.mkdir()
    letter.write_text("songs", "utf-8")
    with pytest.raises(NotPossible, match="something else in it"):
        house.desk("manager").run(portable.make, stick, Progress(), program).result()
    assert letter.read_text("utf-8") == "songs"


def test_a_stick_taken_out_half_way_is_made_anew(house: House, program: Path, stick: Path) -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Stopped):
        house.desk("manager").run(portable.make, stick, progress, program).result()
    house.desk("manager").run(portable.make, stick, Progress(), program).result()
    assert (stick / "Register" / "records").exists()


def test_a_stick_taken_out_half_way_holds_holds_nothing_that_opens(
    house: House, program: Path, stick: Path
) -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Stopped):
        house.desk("manager").run(portable.make, stick, progress, program).result()
    assert not (stick / "Register" / "records").exists()


def test_records_that_are_on_the_stick_are_left_alone(
    house: House, program: Path, stick: Path
) -> None:
    (stick / "Register" / "records").mkdir(parents=True)
    with pytest.raises(NotPossible, match="left alone"):
        house.desk("manager").run(portable.make, stick, Progress(), program).result()


def test_our_own_older_program_is_replaced(house: House, program: Path, stick: Path) -> None:
    (stick / "Program").mkdir()
    (stick / "Program" / "portable.txt").write_text("0.1\n", "utf-8")
    (stick / "Program" / "gone").write_bytes(b"old")
    made = house.desk("manager").run(portable.make, stick, Progress(), program).result().value
    assert (made / "daily-register").is_file()
    assert not (made / "gone").exists()


def test_called_off_half_way_no_copy_of_the_records_stays(
    house: House, program: Path, stick: Path
) -> None:
    class Called(Progress):
        def went(self, size: int) -> None:
            if list((stick / "Register").rglob("*.db")):
                self.stop()
            super().went(size)

    with pytest.raises(Stopped):
        house.desk("manager").run(portable.make, stick, Called(), program).result()
    assert list((stick / "Register").iterdir()) == []


def test_only_a_manager_carries_the_records_out(house: House, program: Path, stick: Path) -> None:
    with pytest.raises(NotAllowed):
        house.desk("social_worker").run(portable.make, stick, Progress(), program).result()


def test_a_travelling_program_keeps_everything_beside_itself(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program / "daily-register"))
    for name in ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, "elsewhere")
    assert paths.portable_folder() is None
    (program / "portable.txt").write_text("1", "utf-8")
    paths.stay_on_stick()
    beside = program.parent / "Register"
    assert paths.data_folder() == beside
    assert paths.settings_file().parent == beside
    assert paths.log_folder().is_relative_to(beside)
    assert Path(os.environ["TMPDIR"]).is_relative_to(beside)
    assert Path(os.environ["XDG_CACHE_HOME"]).is_relative_to(beside)
