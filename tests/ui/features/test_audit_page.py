"""The audit page as the manager and the data protection lead use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from shelter_app.services import audit_heads, audit_trail
from tests.builders import a_person
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features.audit.audit_page import AuditPage
from ui.features.audit.words_dialog import WordsDialog

Opening = Callable[[str], AuditPage]
LONG = 15_000


@pytest.fixture
def went() -> Gone:
    return []


@pytest.fixture
def opened(house: House, qtbot: QtBot, went: Gone) -> Opening:
    def make(role: str) -> AuditPage:
        context = a_context(house, role, went)
        page = AuditPage(context)
        qtbot.addWidget(page)
        page.resize(1150, 690)
        page.show()
        qtbot.waitUntil(context.tasks.is_idle)
        return page

    return make


def settle(page: AuditPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(page._context.tasks.is_idle, timeout=LONG)


def _words(page: AuditPage) -> str:
    found = page.entry_card.findChildren(type(page.entry_card.head_label))
    return " ".join(each.text() for each in found if not each.isHidden())


def _open_first(page: AuditPage, qtbot: QtBot) -> None:
    page.table.setCurrentIndex(page.table.model().index(0, 0))
    settle(page, qtbot)


def test_an_entry_opens_with_before_and_after_and_leads_to_the_record(
    house: House, opened: Opening, qtbot: QtBot, went: Gone
) -> None:
    with house.work("social_worker") as work:
        person = a_person(work, house_notes="likes the garden")
    page = opened("manager")
    box = page.filters.record_box
    box.setCurrentIndex(box.findData("person"))
    settle(page, qtbot)
    _open_first(page, qtbot)
    assert "likes the garden" in _words(page)
    page.entry_card.open_button.click()
    assert went == [("resident", person.id, "")]


def test_the_data_lead_reads_that_a_field_changed_and_not_what_it_says(
    house: House, opened: Opening, qtbot: QtBot
) -> None:
    page = opened("dpo")
    box = page.filters.record_box
    box.setCurrentIndex(box.findData("setting"))
    settle(page, qtbot)
    _open_first(page, qtbot)
    assert "not for this role" in _words(page)
    assert "Mtaani" not in _words(page)


def test_older_entries_come_page_by_page_with_an_honest_count(
    house: House, opened: Opening, qtbot: QtBot
) -> None:
    with house.work("social_worker") as work:
        for _number in range(audit_trail.PAGE):
            a_person(work)
    page = opened("manager")
    total = house.desk("manager").ask(audit_trail.count, audit_trail.Filter()).result()
    assert page.table.count() == audit_trail.PAGE
    assert page.count_label.text() == f"Entries 1 to {audit_trail.PAGE} of {total}"
    assert not page.newer_button.isEnabled()
    page.older_button.click()
    settle(page, qtbot)
    assert page.table.count() == total - audit_trail.PAGE
    assert not page.older_button.isEnabled()
    page.newer_button.click()
    settle(page, qtbot)
    assert page.table.count() == audit_trail.PAGE


def test_filters_that_fit_nothing_say_so(opened: Opening, qtbot: QtBot) -> None:
    page = opened("manager")
    page.filters.code_edit.setText("R-9999")
    page.filters.changed.emit()
    settle(page, qtbot)
    assert page.table.count() == 0
    assert page.count_label.text() == ""


def test_a_day_that_is_none_is_said_and_not_passed_over(opened: Opening, qtbot: QtBot) -> None:
    page = opened("manager")
    QTest.keyClicks(page.filters.since_edit, "99/99")
    QTest.keyClick(page.filters.since_edit, Qt.Key.Key_Return)
    settle(page, qtbot)
    assert "Please write a date" in page.filters.hint_label.text()
    assert page.filters.hint_label.isVisible()
    page.filters.since_edit.clear()
    QTest.keyClicks(page.filters.since_edit, "today")
    QTest.keyClick(page.filters.since_edit, Qt.Key.Key_Return)
    assert not page.filters.hint_label.isVisible()


def test_enter_compares_a_paper_and_leaves_the_question_open(opened: Opening, qtbot: QtBot) -> None:
    page = opened("manager")
    dialog = WordsDialog(page, page._context)
    dialog.show()
    settle(page, qtbot)
    QTest.keyClicks(dialog.number_edit, "1")
    QTest.keyClick(dialog.number_edit, Qt.Key.Key_Return)
    settle(page, qtbot)
    assert dialog.isVisible()
    assert dialog.answer_label.text()
    dialog.reject()


def test_a_filter_ends_long_words_with_an_ellipsis(opened: Opening) -> None:
    page = opened("manager")
    box = page.filters.record_box
    box.addItem("Name of whoever gave a consent for somebody else", "long")
    box.setCurrentIndex(box.count() - 1)
    assert box.shown_words().endswith("…")


def test_a_long_answer_makes_room_for_itself_and_cuts_no_words(
    house: House, opened: Opening, qtbot: QtBot
) -> None:
    with house.work("social_worker") as work:
        a_person(work)
    page = opened("manager")
    dialog = WordsDialog(page, page._context)
    dialog.show()
    settle(page, qtbot)
    before = dialog.height()
    QTest.keyClicks(dialog.number_edit, "1")
    QTest.keyClicks(dialog.code_edit, "0000 0000")
    QTest.keyClick(dialog.code_edit, Qt.Key.Key_Return)
    settle(page, qtbot)
    qtbot.waitUntil(lambda: dialog.height() > before)
    for words in dialog.findChildren(QLabel):
        assert words.height() >= words.heightForWidth(words.width())
        assert words.height() >= words.fontMetrics().height()
    dialog.reject()


def test_checking_the_chain_says_that_it_holds(opened: Opening, qtbot: QtBot) -> None:
    page = opened("manager")
    page.verify_button.click()
    qtbot.waitUntil(page.verify_button.isEnabled, timeout=LONG)
    assert "The chain holds" in page.bar.text_label.text()


def test_a_check_can_be_called_off(house: House, opened: Opening, qtbot: QtBot) -> None:
    with house.work("social_worker") as work:
        for _number in range(audit_heads.ROWS_AT_ONCE):
            a_person(work)
    page = opened("manager")
    page.verify_button.click()
    assert page._sheet is not None
    page._sheet.cancelled.emit()
    assert page.verify_button.isEnabled()
    settle(page, qtbot)
    assert "stopped" in page.bar.text_label.text()


def test_a_broken_link_is_named_with_part_number_and_fault(
    house: House, opened: Opening, qtbot: QtBot
) -> None:
    with house.work("manager") as work:
        a_person(work)
        work.connection.exec_driver_sql("DROP TRIGGER house.audit_no_update")
        work.connection.exec_driver_sql("UPDATE house.audit SET staff_id = 7 WHERE seq = 1")
    page = opened("manager")
    page.verify_button.click()
    qtbot.waitUntil(page.verify_button.isEnabled, timeout=LONG)
    said = page.bar.text_label.text()
    assert "House, entry 1 of" in said
    assert "changed after it was written" in said


def test_a_paper_is_compared_and_saved(
    house: House, opened: Opening, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened("manager")
    dialog = WordsDialog(page, page._context)
    qtbot.addWidget(dialog)
    settle(page, qtbot)
    head = house.desk("manager").ask(audit_heads.heads).result().lines[0]
    dialog.part_box.setCurrentIndex(dialog.part_box.findData(head.compartment))
    dialog.number_edit.setText(str(head.seq))
    for typed, answer in (("1111 1111", "No:"), (head.code.text, "Yes:")):
        dialog.code_edit.setText(typed)
        dialog.compare_button.click()
        settle(page, qtbot)
        assert dialog.answer_label.text().startswith(answer)
    dialog.save_to(tmp_path)
    settle(page, qtbot)
    assert [path.suffix for path in tmp_path.iterdir() if path.is_file()] == [".pdf"]


def test_the_list_is_saved_under_a_neutral_name(
    opened: Opening, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened("manager")
    page.save_to(tmp_path, "Board meeting")
    settle(page, qtbot)
    (path,) = tmp_path.glob("*.csv")
    assert path.name.startswith("export-")
    assert path.name in page.bar.text_label.text()
