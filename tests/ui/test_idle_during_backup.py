"""Nobody there while a backup is being made: covered at once, locked when it is done, or stuck."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app import clock
from shelter_app.domain.person import Person
from shelter_app.services import backups, drafts
from shelter_app.services.backups import Overview
from shelter_app.services.progress import Progress
from shelter_app.services.work import Work
from tests.builders import a_person
from tests.fixtures import House
from tests.ui.opened_program import LONG, Opened, opened
from tests.ui.test_lock import _HalfTyped
from ui.backup_runner import BackupRunner
from ui.kit.command_palette import CommandPalette
from ui.kit.cover import Cover
from ui.kit.dialog import Dialog
from ui.kit.lasting_work import LastingWork
from ui.kit.resting_window import RestingWindow


@dataclass
class Held:
    """A program in whose middle of a backup the records' own thread is held, until `go_on`."""

    at: Opened
    house: House
    stick: Path
    stick_answers: threading.Event
    _gate: threading.Event

    def go_on(self) -> None:
        self._gate.set()

    def hold(self) -> None:
        """Let nothing more be written down from now on."""

        def wait(_work: Work) -> None:
            self._gate.wait(30)

        assert self.at.program.desk is not None
        self.at.program.desk.ask(wait)

    def press(self, name: str) -> None:
        def there() -> bool:
            found = self.at.window.findChild(QPushButton, name)
            return found is not None and found.isVisible() and found.isEnabled()

        self.at.qtbot.waitUntil(there, timeout=LONG)
        self.at.window.findChild(QPushButton, name).click()  # type: ignore[union-attr]

    def begin(self) -> None:
        """Press 'Back up now', and hold what comes after its picture."""
        self.at.window.go("backups")
        self.at.settle()
        self.press("BackupsPage_now_A")
        self.hold()

    def nobody(self) -> None:
        """Let the time run out."""
        self.at.program.lock.idle.set_minutes(0)
        self.at.program.lock.idle.check()

    def resting(self) -> RestingWindow:
        found: RestingWindow | None = self.at.program.lock.resting
        assert found is not None
        return found

    def is_locked(self) -> bool:
        assert self.at.program.desk is not None
        return self.at.program.desk.closed

    def overview(self) -> Overview:
        """Return how it stands, as the next to sign in finds it."""
        found: Overview = self.house.desk("manager").ask(backups.overview).result()
        return found

    def halves(self) -> list[Path]:
        return list(self.stick.rglob("*.part"))


@pytest.fixture
def held(
    house: House,
    tmp_path: Path,
    qtbot: QtBot,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Held]:
    stick = tmp_path / "stick"
    stick.mkdir()
    house.desk("manager").run(backups.add_folder, stick).result()
    with house.work("manager") as work:
        a_person(work, display_alias="Pendo")
    house.close()
    made = opened(house.folder, qtbot, qapp)
    made.signed_in("Manager")
    gate, stick_answers = threading.Event(), threading.Event()
    stick_answers.set()
    begin = Progress.begin

    def begin_when_it_answers(progress: Progress, step: str, total: int | None = None) -> None:
        begin(progress, step, total)
        if step == "checking":
            stick_answers.wait(LONG / 1000)

    monkeypatch.setattr(Progress, "begin", begin_when_it_answers)
    made_held = Held(made, house, stick, stick_answers, gate)
    yield made_held
    gate.set()
    stick_answers.set()
    made.close()
    BackupRunner.stop_now()


def _texts(window: QWidget) -> str:
    shown = [each.text() for each in window.findChildren(QLabel) if each.isVisible()]
    return " ".join([*shown, window.windowTitle()])


def test_the_windows_go_at_once_and_the_records_lock_when_the_backup_is_made(held: Held) -> None:
    held.begin()
    held.nobody()
    resting = held.resting()
    assert resting.isVisible()
    assert not held.at.window.isVisible()
    assert held.at.program.window is resting
    assert not held.is_locked()
    assert "The records lock as soon as the backup is finished." in _texts(resting)
    assert "Pendo" not in _texts(resting)
    assert "Test house" not in _texts(resting)
    held.go_on()
    held.at.wait_for_lock()
    assert held.at.program.desk is not None
    assert held.at.program.desk.vault.connection.closed
    assert held.overview().runs[0].verified_at is not None
    assert held.halves() == []


def test_the_warning_says_what_will_really_happen(held: Held) -> None:
    held.at.window.go("backups")
    held.at.settle()
    held.at.program.lock.idle.set_minutes(0.2)
    held.at.program.lock.idle.check()
    assert re.search(r"locking in \d+ seconds\. Press any key to stay\.", _said(held))
    held.begin()
    held.at.program.lock.idle.check()
    assert re.search(
        r"this screen rests in \d+ seconds\. The records lock as soon as the backup is finished\. "
        r"Press any key to stay\.",
        _said(held),
    )
    current = BackupRunner.under_way()
    assert current is not None
    current.stop()
    held.at.program.lock.idle.check()
    assert "locking in" in _said(held), "a backup that was called off is not waited for"


def _said(held: Held) -> str:
    return str(held.at.window.notices.message_bar.text_label.text())


def test_a_computer_that_slept_is_warned_of_the_lock(
    held: Held, clock_at: Callable[[datetime], object]
) -> None:
    held.begin()
    held.at.program.lock.idle.set_minutes(60)
    began = clock.now()
    clock_at(began + timedelta(minutes=59, seconds=50))
    held.at.program.lock.idle.check()
    assert "locking in" in _said(held)
    clock_at(began + timedelta(minutes=60, seconds=1))
    held.at.program.lock.idle.check()
    assert held.is_locked()


def test_what_is_told_moves_with_the_backup(held: Held) -> None:
    held.begin()
    held.nobody()
    resting = held.resting()
    held.at.qtbot.waitUntil(lambda: resting.bar.maximum() > 0, timeout=LONG)
    held.at.qtbot.waitUntil(lambda: resting.bar.value() == resting.bar.maximum(), timeout=LONG)
    assert not held.is_locked(), "it locked although nothing was written down yet"


def test_a_backup_that_fails_is_written_down_and_then_it_locks(held: Held) -> None:
    _begin_stuck(held)
    held.nobody()
    assert held.resting().isVisible()
    assert not held.is_locked()
    _let_go(held)
    held.at.wait_for_lock()
    assert held.overview().runs[0].trouble == "gone"
    assert held.overview().last_verified is None


def test_a_stick_that_stands_still_is_waited_for_some_minutes_only(held: Held) -> None:
    held.at.program.lock.patience = 0.8
    _begin_stuck(held)
    held.nobody()
    assert not held.is_locked()
    held.at.wait_for_lock()
    _let_go(held)
    run = held.overview().runs[0]
    assert run.trouble == "gone", "nobody learns why there is no backup"
    assert run.verified_at is None


def test_three_minutes_without_a_piece_are_the_bound(
    held: Held, clock_at: Callable[[datetime], object]
) -> None:
    _begin_stuck(held)
    held.nobody()
    _let_it_look(held)
    began = clock.now()
    clock_at(began + timedelta(minutes=2, seconds=50))
    _let_it_look(held)
    assert not held.is_locked(), "it was given up within the time it has"
    clock_at(began + timedelta(minutes=3, seconds=5))
    held.at.wait_for_lock()
    _let_go(held)
    assert held.overview().runs[0].trouble == "gone"


def test_two_hours_are_the_bound_for_a_backup_that_gets_on_all_the_while(
    held: Held, clock_at: Callable[[datetime], object]
) -> None:
    current = _begin_stuck(held)
    held.nobody()
    began = clock.now()
    for minutes in (30, 60, 90, 119):
        clock_at(began + timedelta(minutes=minutes))
        current.progress.moved += 1  # before the lock looks, as if pieces had gone by meanwhile
        _let_it_look(held)
        assert not held.is_locked(), f"it was given up after {minutes} minutes"
    clock_at(began + timedelta(hours=2, minutes=1))
    current.progress.moved += 1
    held.at.wait_for_lock()
    _let_go(held)
    run = held.overview().runs[0]
    assert run.trouble == "too_slow", "its stick did answer, all the while"
    assert run.verified_at is None


def _let_it_look(held: Held) -> None:
    """Let the lock look at the work twice."""
    held.at.qtbot.wait(500)


def _begin_stuck(held: Held) -> BackupRunner:
    """Make a backup whose stick stands at the check, as a dying one does, until `_let_go`."""
    held.stick_answers.clear()
    held.at.window.go("backups")
    held.at.settle()
    held.press("BackupsPage_now_A")
    held.at.qtbot.waitUntil(lambda: _progress_step() == "checking", timeout=LONG)
    current = BackupRunner.under_way()
    assert current is not None
    return current


def _let_go(held: Held) -> None:
    """Pull the stick out: whoever waits for it goes on, and finds nothing."""
    shutil.rmtree(held.stick)
    held.stick_answers.set()


def _progress_step() -> str:
    current = BackupRunner.under_way()
    return current.progress.step if current is not None else ""


@pytest.mark.parametrize("keys", [[Qt.Key.Key_F12], [Qt.Key.Key_Escape, Qt.Key.Key_Escape]])
def test_panic_goes_first_and_drops_the_backup(held: Held, keys: list[Qt.Key]) -> None:
    _begin_stuck(held)
    held.nobody()
    resting = held.resting()
    held.at.qtbot.waitUntil(resting.isActiveWindow, timeout=LONG)
    for key in keys:
        QTest.keyClick(resting.windowHandle(), key)
    assert held.is_locked()
    cover = resting.findChild(Cover)
    assert cover is not None
    assert cover.isVisible()
    assert cover.size() == resting.size()
    _let_go(held)
    held.at.wait_for_lock()
    assert held.overview().last_verified is None
    assert held.halves() == []


def test_lock_now_does_not_wait(held: Held) -> None:
    held.begin()
    held.nobody()
    held.resting().lock_button.click()
    assert held.is_locked()
    held.go_on()
    held.at.wait_for_lock()
    assert held.overview().last_verified is None


def test_closing_the_resting_window_seals_and_leaves(held: Held) -> None:
    left: list[bool] = []
    held.at.program.lock.locked.disconnect()
    held.at.program.lock.locked.connect(left.append)
    held.begin()
    held.nobody()
    held.resting().close()
    assert held.resting().isVisible()
    assert held.is_locked()
    held.go_on()
    held.at.qtbot.waitUntil(lambda: left == [True], timeout=LONG)


def test_no_key_reaches_what_was_there_and_a_stray_one_drops_nothing(held: Held) -> None:
    held.begin()
    held.nobody()
    resting = held.resting()
    held.at.qtbot.waitUntil(resting.isActiveWindow, timeout=LONG)
    handle = resting.windowHandle()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_A):
        QTest.keyClick(handle, key)
    for key in (Qt.Key.Key_K, Qt.Key.Key_N, Qt.Key.Key_1, Qt.Key.Key_C):
        QTest.keyClick(handle, key, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(handle, Qt.Key.Key_F1)
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=resting.rect().topLeft())
    assert not held.is_locked()
    assert held.at.window.current_place == "backups"
    assert not any(each.isVisible() for each in held.at.window.findChildren(CommandPalette))
    QTest.keyClick(handle, Qt.Key.Key_Tab)
    assert resting.focusWidget() is resting.lock_button
    QTest.keyClick(handle, Qt.Key.Key_Space)
    assert held.is_locked()


def test_dialogs_and_what_was_half_typed_are_put_away(held: Held) -> None:
    held.at.window.go("backups")
    held.at.settle()
    keeper = held.at.window.context.draft_keeper("new_resident", Person, 0)
    _HalfTyped(held.at.window, keeper)
    dialog = Dialog(held.at.window, "Close the case of Pendo?", "Close the case", "Keep it open")
    dialog.open()
    held.press("BackupsPage_now_A")
    held.hold()
    held.nobody()
    assert not dialog.isVisible()
    late = Dialog(held.at.window, "Pendo", "Yes", "No")
    late.open()
    held.at.qtbot.waitUntil(lambda: not late.isVisible(), timeout=2_000)
    held.go_on()
    held.at.wait_for_lock()
    waiting = held.house.desk("manager").ask(drafts.mine).result()
    assert [draft.place.form for draft in waiting] == ["new_resident"]


def test_a_second_start_brings_the_resting_window_forward_and_nothing_else(held: Held) -> None:
    held.begin()
    held.nobody()
    held.at.program.come_forward()
    assert held.resting().isVisible()
    assert not held.at.window.isVisible()


def test_a_computer_that_slept_locks_at_once_also_during_a_backup(
    held: Held, clock_at: Callable[[datetime], object]
) -> None:
    held.begin()
    clock_at(clock.now() + timedelta(hours=8))
    held.at.program.lock.idle.check()
    assert held.at.program.lock.resting is None
    assert held.is_locked()


def test_a_backup_that_was_called_off_is_not_waited_for(held: Held) -> None:
    held.begin()
    current = BackupRunner.under_way()
    assert current is not None
    current.stop()
    held.nobody()
    assert held.at.program.lock.resting is None
    assert held.is_locked()


def test_a_second_look_can_be_had_tomorrow(held: Held) -> None:
    held.at.window.go("backups")
    held.at.settle()
    held.press("BackupsPage_now_A")
    held.at.qtbot.waitUntil(lambda: not BackupRunner.busy(), timeout=LONG)
    held.press("BackupsPage_check_A")
    held.hold()
    assert BackupRunner.busy()
    assert LastingWork.under_way(held.at.window) is None
    held.nobody()
    assert held.is_locked()


def test_a_rehearsal_is_waited_for_too(held: Held) -> None:
    held.at.window.go("backups")
    held.at.settle()
    held.press("BackupsPage_now_A")
    held.at.qtbot.waitUntil(lambda: not BackupRunner.busy(), timeout=LONG)
    held.press("BackupsPage_rehearse")
    held.hold()
    held.nobody()
    assert "as soon as the rehearsal is finished" in _texts(held.resting())
    held.go_on()
    held.at.wait_for_lock()
    assert held.overview().rehearsed_at is not None


def test_the_next_to_sign_in_finds_the_door_and_then_her_records(held: Held) -> None:
    held.begin()
    held.nobody()
    held.go_on()
    held.at.wait_for_lock()
    held.at.program.sign_in_anew()
    window = held.at.signed_in("Manager")
    window.go("backups")
    held.at.settle()
    assert "Verified" in _texts(window)


def test_who_was_leaving_when_the_chair_stayed_empty_has_left_after_it(held: Held) -> None:
    left: list[bool] = []
    held.at.program.lock.locked.disconnect()
    held.at.program.lock.locked.connect(left.append)
    held.begin()
    held.at.window.close()
    held.nobody()
    assert held.resting().isVisible()
    held.go_on()
    held.at.qtbot.waitUntil(lambda: left == [True], timeout=LONG)
    assert held.overview().last_verified is not None
