"""The assistant as a court officer and a manager use it: real widgets over a real vault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractSlider,
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from shelter_app.domain.document import Document
from shelter_app.domain.legal import LegalCase
from tests.builders import a_court_event, a_legal_case, a_person, a_stay
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features.court_summary.assistant import Assistant
from ui.features.court_summary.column import Column
from ui.features.court_summary.preview import PageLabel
from ui.features.court_summary.register_card import CopiesDialog
from ui.features.documents.register import Register
from ui.kit.context import Context
from ui.kit.dialog import ReasonDialog
from ui.kit.tasks import Tasks

NOW = datetime(2026, 11, 23, 10, 0)


@dataclass
class Windows:
    """Pages over one house, and the places they asked to go to."""

    house: House
    qtbot: Any
    gone: Gone = field(default_factory=list)
    tasks: Tasks | None = None

    def context(self, role: str) -> Context:
        context = a_context(self.house, role, self.gone)
        self.tasks = context.tasks
        return context

    def assistant(self, role: str, record_id: int, detail: str = "") -> Assistant:
        page = Assistant(self.context(role))
        self.qtbot.addWidget(page)
        page.resize(1150, 690)
        page.show()
        page.show_record(record_id, detail)
        self.settle()
        return page

    def settle(self) -> None:
        tasks = self.tasks
        assert tasks is not None
        self.qtbot.waitUntil(tasks.is_idle)
        QApplication.sendPostedEvents()
        self.qtbot.waitUntil(tasks.is_idle)


@pytest.fixture
def windows(house: House, qtbot: QtBot, clock_at: Callable[[datetime], None]) -> Windows:
    clock_at(NOW)
    return Windows(house, qtbot)


def _case(house: House) -> LegalCase:
    with house.work("manager") as work:
        a_person(work, display_alias="Zawadi")
        person = a_person(work, display_alias="Pendo", age_band="16-17")
        a_stay(work, person, admitted_at=NOW - timedelta(days=84))
        case = a_legal_case(work, person, stage="11_hearing", court_case_no="SO/E118/2026")
        a_court_event(work, case, type="testimony", survivor_required=True)
    return case


def _find(page: Any, kind: type[Any], name: str) -> Any:
    found = page.findChild(kind, name)
    assert found is not None, name
    return found


def _type(windows: Windows, page: Assistant, name: str, words: str) -> None:
    editor = _find(page, QLineEdit, name)
    editor.setFocus()
    editor.clear()
    windows.qtbot.keyClicks(editor, words)
    page.leave()
    windows.settle()


def _read_to_her(windows: Windows, page: Assistant) -> None:
    answer: Any = page.review.editor("survivor_review")
    answer.set_value("agrees")
    page.review.edited.emit()
    page.leave()
    windows.settle()


def _click(windows: Windows, page: Any, name: str) -> None:
    windows.qtbot.mouseClick(_find(page, QPushButton, name), Qt.MouseButton.LeftButton)
    windows.settle()


def test_the_paper_is_shown_while_it_is_prepared(windows: Windows) -> None:
    page = windows.assistant("legal_officer", _case(windows.house).id)
    assert len(page.preview.findChildren(PageLabel)) in (1, 2)
    assert "CSS-2026-0001-v1" in page.context_label.text()
    assert not page.send_button.isEnabled()
    assert "legal basis" in page.blocks_label.text()


def test_no_part_of_a_page_is_cut_off(windows: Windows) -> None:
    page = windows.assistant("legal_officer", _case(windows.house).id)
    for height in (690, 400, 690):
        page.resize(1150, height)
        windows.settle()
        for shown in page.preview.findChildren(QLabel):
            windows.qtbot.waitUntil(lambda it=shown: it.height() >= it.pixmap().height())


def test_a_section_switched_off_leaves_the_paper(windows: Windows) -> None:
    page = windows.assistant("legal_officer", _case(windows.house).id)
    _find(page, QCheckBox, "SectionsCard_box_placement").setChecked(False)
    page.leave()
    windows.settle()
    with windows.house.work("legal_officer") as work:
        document = work.matching(Document)[0]
    assert '"left_out": ["placement"]' in document.content


def test_a_name_has_to_be_settled_and_a_second_person_signs(
    windows: Windows, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ReasonDialog, "ask", lambda *_a, **_k: "Handed over at the registry")
    monkeypatch.setattr(CopiesDialog, "ask_copies", lambda *_a, **_k: (2, "Registry clerk"))
    case = _case(windows.house)
    page = windows.assistant("legal_officer", case.id)
    _type(windows, page, "legal_basis", "Order of the court of 20 November")
    _type(windows, page, "wishes", "I want to sit beside Zawadi")
    _read_to_her(windows, page)
    assert _find(page, QLabel, "PointsCard_word_0").text() == "“Zawadi”"
    assert not page.send_button.isEnabled()
    _click(windows, page, "PointsCard_keep_0")
    assert page.send_button.isEnabled()
    _click(windows, page, "Assistant_send")
    assert not page.approve_button.isVisible()
    with windows.house.work("legal_officer") as work:
        document_id = work.matching(Document)[0].id
    manager = windows.assistant("manager", document_id, "document")
    assert manager.back_button.text() == "Send back…"
    _click(windows, manager, "Assistant_take_back")
    assert manager.bar.text_label.text().startswith("Sent back. Whoever prepared it")
    assert manager.send_button.isVisible()
    assert manager.focusWidget() is manager.bar.close_button
    again = windows.assistant("legal_officer", document_id, "document")
    assert again.sent_back_label.text() == "Sent back: Handed over at the registry"
    assert again.sent_back_label.isVisible()
    _click(windows, again, "Assistant_send")
    assert not again.sent_back_label.isVisible()
    manager = windows.assistant("manager", document_id, "document")
    _click(windows, manager, "Assistant_approve")
    _click(windows, manager, "Assistant_issue")
    stick = tmp_path / "stick"
    stick.mkdir()
    manager.export_to(stick, "Handed over at the registry")
    windows.settle()
    assert sorted(path.name for path in stick.iterdir()) == [
        "CSS-2026-0001-v1.docx",
        "CSS-2026-0001-v1.pdf",
    ]
    assert manager.recall_button.isVisible()
    assert _find(manager, QLabel, "RegisterCard_count").text() == "2"
    _click(windows, manager, "RegisterCard_copies")
    assert _find(manager, QLabel, "RegisterCard_count").text() == "4"
    assert _find(manager, QLineEdit, "legal_basis").isReadOnly()


def test_what_was_typed_is_kept_when_the_page_is_left(windows: Windows) -> None:
    case = _case(windows.house)
    page = windows.assistant("legal_officer", case.id)
    editor = _find(page, QLineEdit, "welfare")
    editor.setFocus()
    windows.qtbot.keyClicks(editor, "Goes to school")
    page.hide()
    windows.settle()
    again = windows.assistant("legal_officer", case.id)
    assert _find(again, QLineEdit, "welfare").text() == "Goes to school"


def test_the_register_opens_a_document(windows: Windows) -> None:
    case = _case(windows.house)
    windows.assistant("legal_officer", case.id)
    register = Register(windows.context("legal_officer"))
    windows.qtbot.addWidget(register)
    windows.settle()
    assert register.table.count() == 1
    register.table.selectRow(0)
    windows.qtbot.keyClick(register.table, Qt.Key.Key_Return)
    assert windows.gone[-1][0] == "summary"
    assert windows.gone[-1][2] == "document"


def test_a_line_that_was_taken_out_can_come_back(windows: Windows) -> None:
    page = windows.assistant("legal_officer", _case(windows.house).id)
    _type(windows, page, "wishes", "I want to sit beside Zawadi")
    _click(windows, page, "PointsCard_remove_0")
    assert _find(page, QLabel, "PointsCard_told_0").text().startswith("Taken out: “I want")
    assert not page.findChildren(QLabel, "PointsCard_word_0")
    _click(windows, page, "PointsCard_again_0")
    assert _find(page, QLabel, "PointsCard_word_0").text() == "“Zawadi”"


def test_the_manager_reads_why_a_word_was_kept(
    windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReasonDialog, "ask", lambda *_a, **_k: "Zawadi means a gift here")
    page = windows.assistant("legal_officer", _case(windows.house).id)
    _type(windows, page, "legal_basis", "Order of the court of 20 November")
    _type(windows, page, "wishes", "I want to bring Zawadi")
    _read_to_her(windows, page)
    _click(windows, page, "PointsCard_keep_0")
    _click(windows, page, "Assistant_send")
    with windows.house.work("legal_officer") as work:
        document_id = work.matching(Document)[0].id
    manager = windows.assistant("manager", document_id, "document")
    told = _find(manager, QLabel, "PointsCard_told_0").text()
    assert told == "Kept “Zawadi”: Zawadi means a gift here"
    assert not manager.findChildren(QPushButton, "PointsCard_again_0")


def test_the_field_being_written_keeps_its_place_while_words_are_found(windows: Windows) -> None:
    page = windows.assistant("legal_officer", _case(windows.house).id)
    editor = _find(page, QLineEdit, "wishes")
    page.activateWindow()
    editor.setFocus()
    windows.qtbot.waitUntil(editor.hasFocus)
    page.left_side.ensureWidgetVisible(editor)
    windows.settle()
    before = editor.mapTo(page, QPoint()).y()
    windows.qtbot.keyClicks(editor, "I want to sit beside Zawadi, 0712 345 678")
    page.leave()
    windows.settle()
    assert _find(page, QLabel, "PointsCard_word_1").text() == "“0712 345 678”"
    windows.qtbot.waitUntil(lambda: abs(editor.mapTo(page, QPoint()).y() - before) <= 2)


def test_a_field_is_held_however_long_the_cards_take_until_somebody_scrolls(
    qtbot: QtBot,
) -> None:
    column = Column("choices")
    qtbot.addWidget(column)
    above, field, below = QWidget(), QLineEdit(), QWidget()
    for part, height in ((above, 700), (field, 30), (below, 1200)):
        part.setFixedHeight(height)
        column.cards.addWidget(part)
    column.resize(500, 500)
    column.show()
    column.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    column.ensureWidgetVisible(field)
    before = field.mapTo(column, QPoint()).y()
    column.hold_still()
    qtbot.wait(500)
    above.setFixedHeight(900)
    column.hold_still()
    qtbot.waitUntil(lambda: above.height() == 900)
    qtbot.waitUntil(lambda: field.mapTo(column, QPoint()).y() == before)
    column.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderSingleStepAdd)
    scrolled = column.verticalScrollBar().value()
    above.setFixedHeight(1000)
    qtbot.waitUntil(lambda: above.height() == 1000)
    qtbot.wait(50)
    assert column.verticalScrollBar().value() == scrolled


def test_the_register_is_searched_by_number_and_by_working_name(windows: Windows) -> None:
    case = _case(windows.house)
    windows.assistant("legal_officer", case.id)
    register = Register(windows.context("legal_officer"))
    windows.qtbot.addWidget(register)
    windows.settle()
    for words, found in (("0001", 1), ("pendo", 1), ("zawadi", 0), ("0009", 0)):
        register.chips.search_box.setText(words)
        windows.qtbot.waitUntil(lambda found=found: register.table.count() == found)
        windows.settle()


def test_an_answer_of_hers_is_dated_today_unless_another_day_is_written(windows: Windows) -> None:
    page = windows.assistant("legal_officer", _case(windows.house).id)
    _read_to_her(windows, page)
    with windows.house.work("legal_officer") as work:
        assert work.matching(Document)[0].survivor_review_on == NOW.date()


def test_issuing_asks_for_copies_and_who_takes_them(windows: Windows) -> None:
    dialog = CopiesDialog(None, "It is sealed.", "Issue and seal", "Not yet", receiver=True)
    windows.qtbot.addWidget(dialog)
    dialog.show()
    windows.qtbot.keyClicks(dialog.copies_box, "3")
    windows.qtbot.keyClicks(dialog.receiver_edit, "Registry clerk")
    assert dialog.copies_box.value() in (3, 13, 31)
    windows.qtbot.keyClick(dialog.receiver_edit, Qt.Key.Key_Return)
    assert dialog.result() == CopiesDialog.DialogCode.Accepted
