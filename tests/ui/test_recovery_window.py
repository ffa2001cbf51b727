"""The recovery sheet at the door: a new manager, a new counsellor's key, a sheet only tried."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from shelter_app.services import accounts, recovery_door
from shelter_app.services.recovery_sheets import Sheet
from shelter_app.storage import keyring_file
from tests.fixtures import House
from tests.ui.opened_program import LONG, Opened, opened
from ui.first_run.recovery_steps import CodeStep, CounsellorStep, ManagerStep
from ui.first_run.recovery_window import RecoveryWindow
from ui.first_run.sheets import SheetStep
from ui.sheet_paper import SheetPaper
from ui.sign_in import SignInWindow

STRONG = "twiga anakula majani mapya"


@pytest.fixture
def door(house: House, qtbot: QtBot, qapp: QApplication) -> Iterator[Opened]:
    made = opened(house.folder, qtbot, qapp)
    made.wait_for_names()
    yield made
    made.close()


def shown(door: Opened) -> RecoveryWindow:
    door.card.sheet_button.click()
    window = door.program.window
    assert isinstance(window, RecoveryWindow)
    return window


def type_code(window: RecoveryWindow, text: str) -> None:
    window.code_step.typed_edit.setPlainText(text)


def test_sheet_r_leads_to_a_new_manager_and_a_new_sheet(
    door: Opened, house: House, qtbot: QtBot
) -> None:
    window = shown(door)
    type_code(window, "12 34")
    window.next_button.click()
    assert "54" in window.code_step.problem_label.text()
    type_code(window, house.sheets[0])
    window.next_button.click()
    qtbot.waitUntil(lambda: isinstance(window.current(), ManagerStep), timeout=LONG)
    step = window.current()
    assert isinstance(step, ManagerStep)
    step.alias_edit.setText("Tembo")
    step.first_edit.line_edit.setText(STRONG)
    step.again_edit.line_edit.setText(STRONG)
    window.next_button.click()
    qtbot.waitUntil(lambda: isinstance(window.current(), SheetStep), timeout=LONG)
    sheet = window.current()
    assert isinstance(sheet, SheetStep)
    assert window.code_step.typed == ""
    assert not window.back_button.isVisible()
    sheet.typed_edit.setText(house.sheets[0])
    window.next_button.click()
    assert "group" in sheet.paper.pages[0].problem_label.text()
    sheet.typed_edit.setText(sheet.sheet.code)
    window.next_button.click()
    qtbot.waitUntil(lambda: isinstance(door.program.window, SignInWindow), timeout=LONG)
    door.wait_for_names()
    names = [door.card.name_box.itemText(i) for i in range(door.card.name_box.count())]
    assert "Tembo" in names
    assert door.card.name_box.currentText() == "Tembo"
    door.sign_in("Tembo", STRONG)
    qtbot.waitUntil(lambda: door.program.main_window is not None, timeout=LONG)
    door.settle()


def test_sheet_c_gives_the_key_to_the_one_who_is_chosen(
    door: Opened, house: House, qtbot: QtBot
) -> None:
    with house.work("manager") as work:
        staff = accounts.add_staff(work, "Nyota", frozenset({"counsellor"}), STRONG)
    house.close()
    window = shown(door)
    type_code(window, house.sheets[1])
    window.next_button.click()
    qtbot.waitUntil(lambda: isinstance(window.current(), CounsellorStep), timeout=LONG)
    step = window.current()
    assert isinstance(step, CounsellorStep)
    window.next_button.click()
    assert "choose" in step.problem_label.text()
    QTest.mouseClick(step.buttons[staff.id], Qt.MouseButton.LeftButton)
    window.next_button.click()
    qtbot.waitUntil(lambda: isinstance(window.current(), SheetStep), timeout=LONG)
    done = window.current().findChild(QLabel, "FirstRun_sheet_done")
    assert done is not None
    assert "Nyota opens the counselling notes now" in done.text()
    ring = keyring_file.load(house.folder)
    slot = next(slot for slot in ring.slots if slot.alias == "Nyota")
    assert "counselling" in {grant.compartment for grant in slot.grants}
    assert ring.pending == ()


def test_a_sheet_can_be_tried_without_opening_anything(
    door: Opened, house: House, qtbot: QtBot
) -> None:
    before = keyring_file.load(house.folder)
    window = shown(door)
    first, _second, third = Sheet("C", house.sheets[1]).parts()
    type_code(window, f"{first.text}\n{third.text}")
    window.code_step.prove_button.click()
    qtbot.waitUntil(lambda: "sheet C" in window.code_step.said_label.text(), timeout=LONG)
    assert window.code_step.typed == ""
    assert window.focusWidget() is window.code_step.typed_edit
    after = keyring_file.load(house.folder)
    assert after.files == before.files
    assert after.state == before.state
    window.back_button.click()
    qtbot.waitUntil(lambda: isinstance(door.program.window, SignInWindow), timeout=LONG)


def test_a_paper_of_another_house_is_told_apart(door: Opened, qtbot: QtBot) -> None:
    from shelter_app.storage import recovery

    window = shown(door)
    type_code(window, recovery.new_code().text)
    window.next_button.click()
    step = window.code_step
    qtbot.waitUntil(lambda: "another house" in step.problem_label.text(), timeout=LONG)
    assert isinstance(window.current(), CodeStep)
    assert window.focusWidget() is step.typed_edit


def test_three_parts_are_typed_back_one_by_one(house: House, qtbot: QtBot, tmp_path: Path) -> None:
    paper = SheetPaper(Sheet("R", house.sheets[0]), "Test")
    qtbot.addWidget(paper)
    paper.show()
    paper.split_button.click()
    assert len(paper.pages) == 3
    assert not paper.accept()
    texts = [page.code_label.text() for page in paper.pages]
    for page, text in zip(paper.pages, texts, strict=True):
        page.typed_edit.setText(" ".join(text.split()))
    assert paper.accept()
    right = paper.pages[2].typed_edit.text()
    words = right.split()
    paper.pages[2].typed_edit.setText(" ".join([*words[:6], "zebra", *words[7:]]))
    assert not paper.accept()
    assert "word 7" in paper.pages[2].problem_label.text()
    assert paper.pages[2].typed_edit.selectedText() == "zebra"
    paper.pages[2].typed_edit.setText(right)
    two = " ".join((texts[0] + "\n" + texts[2]).split())
    house.close()
    assert recovery_door.prove(house.folder, two) == "R"
    for number, page in enumerate(paper.pages):
        page.save_to(tmp_path / f"{number}.pdf")
        assert (tmp_path / f"{number}.pdf").read_bytes().startswith(b"%PDF")
    picture = QImage(620, 877, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    paper.pages[0].draw_on(painter, picture.rect())
    painter.end()
    dark = sum(picture.pixelColor(x, y).lightness() < 100 for x in range(620) for y in range(877))
    assert dark > 1_000
    paper.whole_button.click()
    assert len(paper.pages) == 1
