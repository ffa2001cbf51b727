"""The page of the backups, by the buttons people press."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from shelter_app.services import backups, restoring
from shelter_app.services.backups import Present
from shelter_app.services.progress import Progress
from tests.builders import a_person
from tests.contexts import a_context
from tests.fixtures import House
from ui.backup_runner import BackupRunner
from ui.features.backups import page
from ui.features.backups.backups_page import BackupsPage
from ui.features.backups.places_card import PlaceDialog

LONG = 20_000
NOW = datetime(2026, 11, 22, 18, 30)
Opening = Callable[[str], BackupsPage]


@pytest.fixture
def stick(house: House, tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    house.desk("manager").run(backups.add_folder, folder).result()
    return folder


@pytest.fixture
def opened(house: House, qtbot: QtBot) -> Opening:
    def make(role: str) -> BackupsPage:
        BackupRunner.nothing_under_way()
        context = a_context(house, role)
        made = page(context)
        assert isinstance(made, BackupsPage)
        qtbot.addWidget(made)
        made.resize(1100, 700)
        made.show()
        context.tasks.changed.connect(lambda changes, _from: made.refresh(changes))
        made.destroyed.connect(context.tasks.deleteLater)
        qtbot.waitUntil(context.tasks.is_idle)
        return made

    return make


def _button(made: BackupsPage, name: str) -> QPushButton:
    found = made.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def _press(made: BackupsPage, name: str, qtbot: QtBot) -> None:
    def there() -> bool:
        found = made.findChild(QPushButton, name)
        return found is not None and found.isVisible() and found.isEnabled()

    qtbot.waitUntil(there, timeout=LONG)
    _button(made, name).click()


def _said(made: BackupsPage) -> str:
    return made.bar.text_label.text() if made.bar.isVisible() else ""


def _texts(made: BackupsPage) -> str:
    shown = [each.text() for each in made.findChildren(QLabel) if each.isVisible()]
    return " ".join(shown)


@pytest.mark.usefixtures("stick")
@pytest.mark.parametrize("role", ["house_mother", "counsellor"])
def test_everybody_has_back_up_now_and_nothing_else(
    opened: Opening, qtbot: QtBot, role: str
) -> None:
    made = opened(role)
    _press(made, "BackupsPage_now_A", qtbot)
    qtbot.waitUntil(lambda: "read back whole" in _said(made), timeout=LONG)
    qtbot.waitUntil(lambda: "On no stick yet" in _texts(made), timeout=LONG)
    assert "Remind the manager" in _texts(made)
    assert not _button(made, "BackupsPage_add_stick").isVisible()
    assert "History" not in _texts(made)


@pytest.mark.usefixtures("stick")
def test_a_manager_backs_up_checks_and_rehearses(
    opened: Opening, house: House, qtbot: QtBot
) -> None:
    with house.work("manager") as work:
        a_person(work)
    made = opened("manager")
    _press(made, "BackupsPage_now_A", qtbot)
    qtbot.waitUntil(lambda: "read back whole" in _said(made), timeout=LONG)
    _press(made, "BackupsPage_check_A", qtbot)
    qtbot.waitUntil(lambda: "exactly what it was" in _said(made), timeout=LONG)
    qtbot.waitUntil(lambda: "Verified twice" in _texts(made), timeout=LONG)
    _press(made, "BackupsPage_rehearse", qtbot)
    bar = made.rehearsal_card.bar
    qtbot.waitUntil(lambda: "OK: 1 resident" in bar.text_label.text(), timeout=LONG)
    qtbot.waitUntil(lambda: "Rehearsed" in _texts(made), timeout=LONG)


@pytest.mark.parametrize(
    ("act", "words"),
    [(backups.add_stick, "stick was taken out"), (backups.add_folder, "folder is not there")],
)
def test_a_place_taken_away_is_said_as_what_it_is_and_kept_in_the_history(
    opened: Opening, house: House, tmp_path: Path, qtbot: QtBot, act: Any, words: str
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    known = house.desk("manager").run(act, place).result().value
    made = opened("manager")
    here = Present(known.id, place, known.kind)
    made._present = (here,)
    shutil.rmtree(place)
    made.back_up(here.place_id)
    qtbot.waitUntil(lambda: words in _said(made), timeout=LONG)
    qtbot.waitUntil(lambda: "Not made" in _texts(made), timeout=LONG)
    assert words in _texts(made)
    assert not BackupRunner.busy()


@pytest.mark.usefixtures("stick")
def test_a_cancelled_backup_is_said_kindly(opened: Opening, qtbot: QtBot) -> None:
    made = opened("manager")
    qtbot.waitUntil(lambda: bool(made._present), timeout=LONG)
    made.back_up(made._present[0].place_id)
    made._runner.stop()
    qtbot.waitUntil(lambda: "Nothing half-made" in _said(made), timeout=LONG)


def test_the_page_for_a_technician_is_saved_with_the_program_it_speaks_of(
    opened: Opening, tmp_path: Path, qtbot: QtBot
) -> None:
    made = opened("manager")
    assert made.restore_card.page_button.isVisible()
    made.restore_card.save_page(tmp_path)
    said = made.restore_card.bar
    qtbot.waitUntil(lambda: said.isVisible() and "Saved as" in said.text_label.text(), timeout=LONG)
    assert (tmp_path / "open-a-backup.pdf").read_bytes().startswith(b"%PDF")
    assert "def main" in (tmp_path / "open_backup.py").read_text("utf-8")


def test_restored_records_do_not_say_that_there_is_no_backup(house: House, opened: Opening) -> None:
    with house.work("manager") as work:
        restoring.write_down(work, NOW)
    said = _texts(opened("manager"))
    assert "There is no backup yet" not in said
    assert "These records came from the backup of" in said


def test_without_a_place_the_first_step_is_named(opened: Opening) -> None:
    made = opened("manager")
    assert "There is no backup yet" in _texts(made)
    assert "Put an empty stick in and add it below" in _texts(made)
    assert "No place yet" in _texts(made)


def test_days_without_a_backup_are_said_plainly(
    opened: Opening, house: House, stick: Path, clock_at: Callable[[datetime], object]
) -> None:
    clock_at(NOW)
    desk = house.desk("manager")
    place = desk.ask(backups.overview).result().places[0]
    picture = desk.run(backups.begin, Progress()).result().value
    desk.do(backups.record, place.id, backups.finish(picture, stick, Progress())).result()
    clock_at(NOW + timedelta(days=8))
    with house.work("manager") as work:
        a_person(work)
    shown = _texts(opened("manager"))
    assert "Overdue" in shown
    assert "written in the last 8 days is in no backup" in shown


@pytest.mark.usefixtures("stick")
def test_where_a_stick_sleeps_can_be_written_down(
    opened: Opening, house: House, qtbot: QtBot
) -> None:
    made = opened("manager")
    place = house.desk("manager").ask(backups.overview).result().places[0]
    dialog = PlaceDialog(made, place)
    dialog.where_edit.setText("Partner's safe")
    dialog.accept()
    made._context.tasks.do(made, backups.describe_place, place.id, dialog.where_edit.text())
    qtbot.waitUntil(lambda: "kept: Partner's safe" in _texts(made), timeout=LONG)
    dialog.deleteLater()
