"""What was done on a real vault can be taken back from the toast."""

from __future__ import annotations

import dataclasses

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from shelter_app.domain.partner import Partner
from shelter_app.errors import ValidationFailed
from shelter_app.services import records
from tests.fixtures import House
from ui.kit.tasks import Tasks
from ui.kit.toast import Toast


def test_undo_takes_a_change_back(house: House, qtbot: QtBot) -> None:
    desk = house.desk("social_worker")
    tasks = Tasks(desk)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    saved: list[Partner] = []
    tasks.do(window, records.save_record, Partner(name="Clinic", type="police"), then=saved.append)
    qtbot.waitUntil(lambda: len(saved) == 1)
    assert not window.findChildren(Toast)
    renamed = dataclasses.replace(saved[0], name="Hospital")
    tasks.do(window, records.save_record, renamed, then=saved.append, undo_label="Renamed.")
    qtbot.waitUntil(lambda: bool(window.findChildren(Toast)))
    window.findChildren(Toast)[0].undo_button.click()
    qtbot.waitUntil(tasks.is_idle)
    now: list[Partner] = []
    tasks.ask(window, records.open_record, Partner, saved[0].id, then=now.append)
    qtbot.waitUntil(lambda: bool(now))
    assert now[0].name == "Clinic"


def test_a_rule_that_says_no_reaches_the_page_and_changes_nothing(
    house: House, qtbot: QtBot
) -> None:
    tasks = Tasks(house.desk("social_worker"))
    owner = QWidget()
    qtbot.addWidget(owner)
    told: list[object] = []
    tasks.changed.connect(lambda changes, _owner: told.append(changes))
    seen: list[BaseException] = []
    tasks.do(owner, records.save_record, Partner(name=""), failed=seen.append)
    qtbot.waitUntil(lambda: len(seen) == 1)
    assert isinstance(seen[0], ValidationFailed)
    assert told == []


def test_a_window_that_asks_while_the_program_locks_does_no_harm(
    house: House, qtbot: QtBot
) -> None:
    desk = house.desk("social_worker")
    tasks = Tasks(desk)
    owner = QWidget()
    qtbot.addWidget(owner)
    house.close()
    seen: list[object] = []
    tasks.ask(owner, records.open_record, Partner, 1, then=seen.append, failed=seen.append)
    tasks.do(owner, records.save_record, Partner(name="Late"), then=seen.append)
    qtbot.waitUntil(tasks.is_idle)
    assert seen == []
