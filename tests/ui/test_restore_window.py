"""The restore assistant, from the stick to the sign-in window of the restored house."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from shelter_app.services import backups
from shelter_app.services.backup_checks import Facts
from shelter_app.services.progress import Progress
from shelter_app.services.restoring import Loss
from tests.builders import a_person, saved_with_parents
from tests.fixtures import PHRASE, House
from ui.first_run.window import FirstRunWindow
from ui.program import Program
from ui.restore.steps import DoneStep
from ui.restore.window import RestoreWindow
from ui.sign_in import SignInWindow

FACTS = Facts(
    made_at=datetime(2026, 11, 22, 18, 30),
    newest_at=None,
    residents=60,
    counts=(),
    words="",
    digits="",
    opened=(),
    closed=(),
    rows=0,
    strays=0,
    lost_papers=0,
    erased=2,
    erasing_waits=("counselling",),
)

LONG = 30_000


@pytest.fixture
def stick(house: House, tmp_path: Path) -> Path:
    """A stick with one backup of a house with one resident."""
    folder = tmp_path / "stick"
    folder.mkdir()
    with house.work("manager") as work:
        a_person(work)
    desk = house.desk("manager")
    place = desk.run(backups.add_folder, folder).result().value
    picture = desk.run(backups.begin, Progress()).result().value
    desk.do(backups.record, place.id, backups.finish(picture, folder, Progress())).result()
    house.close()
    return folder


@pytest.fixture
def window(house: House, qtbot: QtBot) -> Iterator[RestoreWindow]:
    made = RestoreWindow(house.folder)
    made.show()
    qtbot.waitUntil(made.next_button.isEnabled, timeout=LONG)
    yield made
    made.hide()
    made.deleteLater()


def _to_key(window: RestoreWindow, stick: Path, qtbot: QtBot) -> None:
    window.look(stick)
    qtbot.waitUntil(lambda: window.choose_step.chosen() is not None, timeout=LONG)
    window.go_on()
    assert window.current() is window.key_step


def _to_content(window: RestoreWindow, stick: Path, qtbot: QtBot) -> None:
    _to_key(window, stick, qtbot)
    window.key_step.phrase_edit.line_edit.setText(PHRASE)
    window.go_on()
    qtbot.waitUntil(lambda: window.current() is window.content_step, timeout=LONG)


def test_a_folder_without_backups_says_where_to_look(
    window: RestoreWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.look(tmp_path)
    qtbot.waitUntil(lambda: "no backup of this program" in window.current().problem_label.text())
    window.go_on()
    assert window.current() is window.choose_step


def test_after_a_look_enter_goes_on_and_does_not_leave(
    window: RestoreWindow, stick: Path, qtbot: QtBot
) -> None:
    _to_key(window, stick, qtbot)
    window.back()
    window.leave_button.setFocus()
    window.look(stick)
    qtbot.waitUntil(window.next_button.isEnabled, timeout=LONG)
    assert window.focusWidget() is window.choose_step.list


def test_a_wrong_password_stays_at_its_step_and_is_told(
    window: RestoreWindow, stick: Path, qtbot: QtBot
) -> None:
    _to_key(window, stick, qtbot)
    window.key_step.phrase_edit.line_edit.setText("something else entirely")
    window.go_on()
    said = window.key_step.problem_label
    qtbot.waitUntil(lambda: "does not open this backup" in said.text(), timeout=LONG)
    assert window.key_step.phrase_edit.line_edit.selectedText()
    window.key_step.who_box.setCurrentIndex(window.key_step.who_box.count() - 1)
    window.key_step.code_edit.setPlainText("123456 1")
    window.go_on()
    assert window.current() is window.key_step
    assert said.text()


def test_what_comes_back_and_what_is_lost_is_shown_before_anything_changes(
    window: RestoreWindow, house: House, stick: Path, qtbot: QtBot
) -> None:
    with house.work("manager") as work:
        a_person(work)
    house.close()
    before = sorted(path.name for path in house.folder.iterdir())
    _to_content(window, stick, qtbot)
    assert "1 entry was written after this backup" in window.content_step.loss_label.text()
    assert sorted(path.name for path in house.folder.iterdir()) == before
    assert window.key_step.phrase_edit.text() == ""
    assert window.content_step.facts.findChild(QLabel, "Restore_uncounted") is None


def test_what_the_maker_of_a_backup_could_not_count_is_not_taken_for_missing(
    window: RestoreWindow, house: House, stick: Path, qtbot: QtBot
) -> None:
    desk = house.desk("house_mother")
    place = desk.ask(backups.overview).result().places[0]
    picture = desk.run(backups.begin, Progress()).result().value
    desk.do(backups.record, place.id, backups.finish(picture, stick, Progress())).result()
    house.close()
    _to_content(window, stick, qtbot)
    said = window.content_step.facts.findChild(QLabel, "Restore_uncounted")
    assert isinstance(said, QLabel)
    assert said.text().startswith("cases, identity: they are in it")


def test_what_a_key_cannot_count_is_said_and_never_called_nothing(
    window: RestoreWindow, house: House, stick: Path, qtbot: QtBot
) -> None:
    with house.work("counsellor") as work:
        saved_with_parents(work, "counselling_note")
    house.close()
    _to_content(window, stick, qtbot)
    assert "nothing is lost" not in window.content_step.loss_label.text()
    assert window.content_step.unseen_label.isVisible()
    assert "counselling" in window.content_step.unseen_label.text()


def test_a_copy_is_brought_and_left_alone_when_nobody_wants_it(
    window: RestoreWindow, house: House, stick: Path, qtbot: QtBot
) -> None:
    _to_content(window, stick, qtbot)
    window.go_on()
    qtbot.waitUntil(lambda: isinstance(window.current(), DoneStep), timeout=LONG)
    done = window.current()
    assert isinstance(done, DoneStep)
    assert "OK: 1 resident" in done.result_label.text()
    with qtbot.waitSignal(window.finished, timeout=LONG):
        done.leave_button.click()
    assert [path.name for path in house.folder.parent.glob("house*")] == ["house"]


def test_a_new_computer_goes_from_the_first_window_to_the_restored_sign_in(
    house: House, stick: Path, qtbot: QtBot
) -> None:
    shutil.rmtree(house.folder)
    program = Program(house.folder)
    program.start()
    first = program.window
    assert isinstance(first, FirstRunWindow)
    first.restore_button.click()
    window = program.window
    assert isinstance(window, RestoreWindow)
    qtbot.waitUntil(window.next_button.isEnabled, timeout=LONG)
    _to_content(window, stick, qtbot)
    assert "nothing is lost" in window.content_step.loss_label.text()
    window.go_on()
    qtbot.waitUntil(lambda: isinstance(window.current(), DoneStep), timeout=LONG)
    done = window.current()
    assert isinstance(done, DoneStep)
    done.switch_button.click()
    qtbot.waitUntil(lambda: isinstance(program.window, SignInWindow), timeout=LONG)
    sign_in = program.window
    assert isinstance(sign_in, SignInWindow)
    qtbot.waitUntil(lambda: sign_in.card.name_box.count() > 0, timeout=LONG)
    assert "restored from the backup of" in sign_in.card.restored_label.text()
    assert not sign_in.rebuild().restored_label.isHidden()
    for each in (program.window, program._left):
        if each is not None:
            each.hide()
    program.deleteLater()


def _told(step: DoneStep) -> str:
    return " ".join(each.text() for each in step.findChildren(QLabel))


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (Loss(known=True, there_is_a_house=False), "They become the records of this computer."),
        (Loss(known=True, there_is_a_house=True), "are kept aside for 30 days."),
        (
            Loss(known=False, there_is_a_house=True, other_house=True),
            "the other house of this computer is kept aside as it is.",
        ),
    ],
)
def test_the_last_step_says_what_becomes_of_the_records_of_today(
    qtbot: QtBot, loss: Loss, words: str
) -> None:
    step = DoneStep(FACTS, loss)
    qtbot.addWidget(step)
    assert words in _told(step)


def test_the_last_step_says_who_was_erased_again_and_what_waits(qtbot: QtBot) -> None:
    step = DoneStep(FACTS, Loss(known=True, there_is_a_house=True))
    qtbot.addWidget(step)
    said = _told(step)
    assert "2 people who had been erased" in said
    assert "still be in: counselling" in said
