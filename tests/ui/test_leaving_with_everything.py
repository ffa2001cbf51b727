"""Taking everything out: words on paper first, a bar, Cancel, and nobody has to sit beside it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app.services import export_reader, retention
from shelter_app.services.work import Work
from tests.fixtures import House
from tests.ui.opened_program import LONG, Opened, opened
from ui.features.rights.writing_out import PhraseDialog
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.resting_window import RestingWindow


@dataclass
class Leaving:
    """A manager before the page on which both have decided to take everything out."""

    at: Opened
    house: House
    folder: Path
    decision_id: int
    gate: threading.Event
    app: QApplication

    @property
    def view(self) -> Any:
        found = self.at.window.findChild(QWidget, "LeavingView")
        assert found is not None
        return found

    def said(self) -> str:
        return str(self.view._bar.text_label.text())

    def hold(self) -> None:
        """Let what is asked next wait until the gate is open."""

        def wait(_work: Work) -> None:
            self.gate.wait(30)

        assert self.at.program.desk is not None
        self.at.program.desk.ask(wait)

    def show_words(self) -> PhraseDialog:
        self.view.writing.show_phrase(self.decision_id, self.folder)
        dialog: PhraseDialog = self.view.findChildren(PhraseDialog)[-1]
        return dialog

    def start_again(self) -> None:
        self.at.close()
        self.at = opened(self.house.folder, self.at.qtbot, self.app)

    def exports(self) -> list[Path]:
        return list(self.folder.glob("export*"))


@pytest.fixture
def leaving(house: House, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Leaving]:
    with house.work("manager") as work:
        proposed = retention.propose_leaving(work, "The house moves to another program")
    with house.work("dpo") as work:
        retention.approve(work, proposed.id)
    house.close()
    folder = tmp_path / "taken"
    folder.mkdir()
    made = opened(house.folder, qtbot, qapp)
    window = made.signed_in("Manager")
    window.go("rights")
    made.settle()
    gate = threading.Event()
    shown = Leaving(made, house, folder, proposed.id, gate, qapp)
    yield shown
    gate.set()
    shown.at.close()


def test_the_words_come_before_the_file_and_open_it(leaving: Leaving) -> None:
    dialog = leaving.show_words()
    phrase = dialog.phrase_label.text()
    assert not leaving.exports()
    dialog.yes_button.click()
    leaving.at.qtbot.waitUntil(lambda: "open it" in leaving.said(), timeout=LONG)
    leaving.at.settle()
    (made,) = leaving.exports()
    assert export_reader.open_export(made, phrase).tables
    assert "Last written out" in leaving.view.when_label.text()
    assert leaving.at.window.findChild(ProgressSheet) is None


def test_who_goes_back_before_the_words_are_on_paper_has_written_nothing(leaving: Leaving) -> None:
    leaving.show_words().no_button.click()
    leaving.at.qtbot.waitUntil(lambda: not leaving.view.findChildren(PhraseDialog), timeout=LONG)
    leaving.at.settle()
    assert not leaving.exports()


def test_cancel_takes_back_what_was_half_written_and_says_what_the_paper_is_worth(
    leaving: Leaving,
) -> None:
    (leaving.folder / "holiday.jpg").write_bytes(b"hers")
    leaving.hold()
    leaving.show_words().yes_button.click()
    sheet = leaving.at.window.findChild(ProgressSheet)
    assert sheet is not None
    leaving.at.qtbot.waitUntil(sheet.isVisible, timeout=LONG)
    sheet.cancel_button.click()
    assert sheet.step_label.text() == "Stopping…"
    leaving.gate.set()
    leaving.at.qtbot.waitUntil(lambda: "Stopped" in leaving.said(), timeout=LONG)
    assert "open nothing" in leaving.said()
    assert [path.name for path in leaving.folder.iterdir()] == ["holiday.jpg"]
    leaving.at.settle()
    leaving.show_words().yes_button.click()
    leaving.at.qtbot.waitUntil(lambda: "open it" in leaving.said(), timeout=LONG)


def test_a_folder_that_is_gone_is_said_and_the_paper_is_worth_nothing(leaving: Leaving) -> None:
    leaving.view.writing.write(leaving.decision_id, leaving.folder / "gone", "a b c d e f")
    leaving.at.qtbot.waitUntil(lambda: "open nothing" in leaving.said(), timeout=LONG)
    assert not leaving.exports()


def test_an_empty_chair_covers_the_windows_and_the_records_lock_when_all_is_out(
    leaving: Leaving,
) -> None:
    leaving.hold()
    dialog = leaving.show_words()
    phrase = dialog.phrase_label.text()
    dialog.yes_button.click()
    lock = leaving.at.program.lock
    lock.idle.set_minutes(0)
    lock.idle.check()
    resting: RestingWindow = lock.resting
    assert resting.isVisible()
    assert not leaving.at.window.isVisible()
    assert phrase not in resting.sentence_label.text()
    assert "as soon as everything is written out" in resting.sentence_label.text()
    leaving.gate.set()
    leaving.at.wait_for_lock()
    (made,) = leaving.exports()
    assert export_reader.open_export(made, phrase).tables
    with leaving.house.work("manager") as work:
        assert retention.last_left_at(work) is not None


def test_locking_in_the_middle_leaves_nothing_half_written(leaving: Leaving) -> None:
    leaving.hold()
    leaving.show_words().yes_button.click()
    leaving.at.program.lock.lock()
    leaving.gate.set()
    leaving.at.wait_for_lock()
    assert not leaving.exports()


def test_a_counsellor_writes_her_part_and_the_manager_is_told(leaving: Leaving) -> None:
    part = leaving.view.counselling_label
    assert "stays behind" in part.text()
    assert leaving.view.counselling.isHidden()
    leaving.start_again()
    window = leaving.at.signed_in("Counsellor")
    window.go("rights", 0, "leaving")
    leaving.at.settle()
    page: Any = window.findChild(QWidget, "CounsellingParts")
    (button,) = page.findChildren(QPushButton, f"write_counselling_{leaving.decision_id}")
    assert button.isVisible()
    page.leaving.writing.show_phrase(leaving.decision_id, leaving.folder)
    dialog = page.findChildren(PhraseDialog)[-1]
    phrase = dialog.phrase_label.text()
    dialog.yes_button.click()
    leaving.at.qtbot.waitUntil(lambda: "open it" in page.bar.text_label.text(), timeout=LONG)
    leaving.at.settle()
    (made,) = leaving.exports()
    names = {table.name for table in export_reader.open_export(made, phrase).tables}
    assert "counselling_note" in names
    assert "person" not in names
    assert not page.findChildren(QPushButton, f"write_counselling_{leaving.decision_id}")
    leaving.start_again()
    leaving.at.signed_in("Manager").go("rights")
    leaving.at.settle()
    assert "was written out on" in leaving.view.counselling_label.text()
