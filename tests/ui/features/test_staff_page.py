"""The staff page's two ways back in: a forgotten password, a key that only a sheet opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app import clock
from shelter_app.services import accounts, key_changes
from shelter_app.services.recovery_sheets import Sheet
from shelter_app.storage import keyring_file
from tests.contexts import a_context
from tests.fixtures import PHRASE, House
from ui.features.staff import page
from ui.features.staff.dialogs import LeaveDialog, ResetDialog, SheetDialog
from ui.features.staff.roles import RolesDialog
from ui.features.staff.sheets_card import NewSheetDialog
from ui.features.staff.staff_page import StaffPage
from ui.kit.toast import Toast

STRONG = "kettle meadow lantern orbit"


@pytest.fixture
def opened(house: House, qtbot: QtBot) -> Callable[[str], StaffPage]:
    def make(role: str) -> StaffPage:
        context = a_context(house, role)
        made = page(context)
        assert isinstance(made, StaffPage)
        qtbot.addWidget(made)
        made.show()
        qtbot.waitUntil(context.tasks.is_idle)
        return made

    return make


def test_the_question_for_roles_shows_every_role_whole(qtbot: QtBot) -> None:
    line = accounts.StaffLine(1, "Esther", ("social_worker",), False, False, ())
    dialog = RolesDialog(None, line)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    for role in dialog.picker.findChildren(QPushButton):
        place = role.parentWidget()
        assert place is not None
        assert place.rect().contains(role.geometry()), role.text()
    below = dialog.picker.hint_label
    assert dialog.picker.rect().contains(below.geometry())


def test_two_different_passwords_do_not_close_the_question(
    house: House, opened: Callable[[str], StaffPage]
) -> None:
    made = opened("manager")
    with house.work("manager") as work:
        nurse = next(line for line in accounts.staff_list(work) if line.alias == "Nurse")
    dialog = ResetDialog(made, nurse)
    dialog.show()
    QTest.keyClicks(dialog.first_edit.line_edit, STRONG)
    QTest.keyClick(dialog.first_edit.line_edit, Qt.Key.Key_Return)
    QTest.keyClicks(dialog.again_edit.line_edit, "other")
    QTest.keyClick(dialog.again_edit.line_edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "not the same" in dialog.again_edit.hint_label.text()
    dialog.again_edit.line_edit.setText(STRONG)
    QTest.keyClick(dialog.again_edit.line_edit, Qt.Key.Key_Return)
    assert dialog.result() == ResetDialog.DialogCode.Accepted


def test_a_weak_password_is_refused_before_the_question_closes(
    opened: Callable[[str], StaffPage],
) -> None:
    line = accounts.StaffLine(1, "Esther", ("social_worker",), False, False, ())
    dialog = ResetDialog(opened("manager"), line)
    dialog.show()
    for typed in ("", "short", "esther esther esther"):
        for edit in (dialog.first_edit, dialog.again_edit):
            edit.line_edit.setText(typed)
        dialog.accept()
        assert dialog.isVisible()
        assert dialog.first_edit.hint_label.text()
    dialog.reject()


def test_what_went_wrong_at_the_end_of_the_list_is_brought_into_view(
    house: House, opened: Callable[[str], StaffPage], qtbot: QtBot
) -> None:
    made = opened("manager")
    made.resize(900, 300)
    bar = made.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    made._do(accounts.close_account, house.staff_id("manager"))
    wait(made, qtbot)
    assert made.bar.isVisible()
    shown = made.scroll_area.viewport()
    middle = made.bar.rect().center()
    qtbot.waitUntil(lambda: shown.rect().contains(made.bar.mapTo(shown, middle)))


def a_nurse_who_counsels(house: House) -> accounts.Wish:
    """Let the nurse counsel from now on; her key for the notes has to be granted yet."""
    nurse = house.staff_id("nurse")
    with house.work("manager") as work:
        accounts.change_roles(work, nurse, frozenset({"counsellor"}))
        (wish,) = accounts.wishes_for_keys(work)
    return wish


def test_enter_after_granting_a_key_meets_nothing_that_acts(
    house: House, opened: Callable[[str], StaffPage], qtbot: QtBot
) -> None:
    wish = a_nurse_who_counsels(house)
    made = opened("counsellor")
    wait(made, qtbot)
    words = made.findChild(QLabel, "StaffPage_words")
    grant = made.findChild(QPushButton, "StaffPage_grant")
    assert words is not None
    assert grant is not None
    assert words.text() == " · ".join(wish.check_words)
    grant.setFocus()
    QTest.keyClick(grant, Qt.Key.Key_Space)
    wait(made, qtbot)
    assert not made.wishes_card.isVisible()
    assert not isinstance(made.window().focusWidget(), QPushButton)
    assert "Nurse has the key" in made.findChildren(Toast)[-1].text_label.text()


def test_the_wrong_line_of_ones_own_password_is_brought_into_view(
    opened: Callable[[str], StaffPage], qtbot: QtBot
) -> None:
    made = opened("manager")
    made.resize(900, 300)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    card = made.own_card
    for edit, text in (
        (card.old_edit, "not this one at all"),
        (card.new_edit, STRONG),
        (card.again_edit, STRONG),
    ):
        edit.line_edit.setText(text)
    card.save_button.click()
    wait(made, qtbot)
    assert card.old_edit.hint_label.text()
    line = card.old_edit.line_edit
    shown = made.scroll_area.viewport()
    qtbot.waitUntil(lambda: shown.rect().contains(line.mapTo(shown, line.rect().center())))
    line.setText(PHRASE)
    card.save_button.click()
    wait(made, qtbot)
    said = card.said_label
    assert "is changed" in said.text()
    qtbot.waitUntil(lambda: said.visibleRegion().boundingRect().height() == said.height())
    card.save_button.click()
    assert said.text() == ""
    wait(made, qtbot)


def test_a_key_nobody_signed_in_holds_can_come_from_the_sheet(
    house: House, opened: Callable[[str], StaffPage]
) -> None:
    with house.work("manager") as work:
        accounts.add_staff(work, "Twiga", frozenset({"counsellor"}), STRONG)
        (wish,) = accounts.wishes_for_keys(work)
    made = opened("manager")
    assert made.findChild(QPushButton, "StaffPage_sheet") is not None
    dialog = SheetDialog(made, wish)
    dialog.show()
    assert "sheet C" in dialog.sentence_label.text()
    QTest.keyClicks(dialog.code_edit, "371624")
    QTest.keyClick(dialog.code_edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "54" in dialog.hint_label.text()
    dialog.code_edit.clear()
    first, _second, third = Sheet("C", house.sheets[1]).parts()
    for part in (first, third):
        QTest.keyClicks(dialog.code_edit, " ".join(part.words))
        assert dialog.isVisible()
        QTest.keyClick(dialog.code_edit, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert dialog.typed().split() == [*first.words, *third.words]


def test_only_who_keeps_accounts_sees_how_to_change_others(
    opened: Callable[[str], StaffPage],
) -> None:
    made = opened("nurse")
    for name in ("StaffRow_reset", "StaffRow_close", "StaffRow_change"):
        assert not any(each.isVisible() for each in made.findChildren(QPushButton, name))


def wait(made: StaffPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(made._context.tasks.is_idle, timeout=20_000)


def test_closing_an_account_says_what_follows_and_makes_new_keys(
    house: House, opened: Callable[[str], StaffPage], qtbot: QtBot
) -> None:
    made = opened("manager")
    with house.work("manager") as work:
        mother = next(x for x in accounts.staff_list(work) if x.alias == "House Mother")
        loss = key_changes.loss(work, mother.id, frozenset())
    dialog = LeaveDialog(made, mother, loss)
    qtbot.addWidget(dialog)
    dialog.show()
    said = " ".join(each.text() for each in dialog.findChildren(QLabel))
    assert "house" in said
    assert "stay readable" in said
    dialog.later_button.click()
    dialog.accept()
    assert dialog.isVisible()
    dialog.day_edit.setText("today")
    dialog.accept()
    assert dialog.last_day() == clock.today()
    made._do(accounts.close_account, mother.id, then=made.keys_card.give_due_keys)
    qtbot.waitUntil(lambda: keyring_file.load(house.folder).files["house"].generation == 2)
    wait(made, qtbot)
    assert made.findChildren(Toast)[-1].text_label.text() == "New keys are made for: office, house."
    assert "in order" in made.keys_card.said_label.text()


def test_what_only_a_counsellor_can_rekey_is_shown(
    house: House, opened: Callable[[str], StaffPage], qtbot: QtBot
) -> None:
    counsellor = house.staff_id("counsellor")
    with house.work("manager") as work:
        accounts.close_account(work, counsellor)
    made = opened("manager")
    wait(made, qtbot)
    assert "counselling" in made.keys_card.elsewhere_label.text()
    made.keys_card.due_button.click()
    wait(made, qtbot)
    assert not made.keys_card.due_button.isVisible()
    assert made.keys_card.elsewhere_label.isVisible()


def test_the_sheets_say_when_they_were_tested_and_can_be_made_anew(
    house: House, opened: Callable[[str], StaffPage], qtbot: QtBot
) -> None:
    made = opened("manager")
    wait(made, qtbot)
    card = made.sheets_card
    assert card.findChild(QPushButton, "SheetsCard_anew_R") is not None
    assert card.findChild(QPushButton, "SheetsCard_anew_C") is None
    with house.work("manager") as work:
        ring = work.vault._ring
    assert all(slot.proved for slot in ring.slots if slot.kind == "recovery")
    sheet = Sheet("R", house.sheets[0])
    dialog = NewSheetDialog(card, sheet)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.accept()
    assert dialog.isVisible()
    dialog.paper.typed_edit.setText(sheet.code)
    dialog.accept()
    assert not dialog.isVisible()


def test_what_is_wrong_with_the_last_part_is_scrolled_to(house: House, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = NewSheetDialog(window, Sheet("R", house.sheets[0]))
    dialog.show()
    dialog.paper.split_button.click()
    last = dialog.paper.pages[2]
    for each in dialog.paper.pages[:2]:
        each.typed_edit.setText(" ".join(each.code_label.text().split()))
    last.show_button.click()
    qtbot.waitUntil(lambda: not last.code_label.visibleRegion().isEmpty())
    dialog.paper.pages[0].typed_edit.setFocus()
    last.show_button.click()
    dialog.accept()
    assert dialog.isVisible()
    seen = last.problem_label
    qtbot.waitUntil(lambda: seen.visibleRegion().boundingRect().height() == seen.height())


def test_the_sheets_do_not_concern_who_neither_keeps_accounts_nor_counsels(
    opened: Callable[[str], StaffPage],
) -> None:
    made = opened("nurse")
    assert not made.sheets_card.isVisible()
    assert not made.keys_card.isVisible()


def test_a_password_somebody_knows_makes_new_keys(
    house: House, opened: Callable[[str], StaffPage], qtbot: QtBot
) -> None:
    made = opened("house_mother")
    card = made.own_card
    for edit, text in (
        (card.old_edit, PHRASE),
        (card.new_edit, STRONG),
        (card.again_edit, STRONG),
    ):
        edit.line_edit.setText(text)
    card.known_box.setChecked(True)
    card.save_button.click()
    qtbot.waitUntil(lambda: keyring_file.load(house.folder).files["house"].generation == 2)
    wait(made, qtbot)


def test_who_waits_for_a_key_reads_her_own_words_there(
    house: House, opened: Callable[[str], StaffPage], qtbot: QtBot
) -> None:
    wish = a_nurse_who_counsels(house)
    made = opened("nurse")
    wait(made, qtbot)
    words = made.findChild(QLabel, "StaffPage_my_words")
    assert words is not None
    assert " · ".join(wish.check_words) in words.text()


def test_somebody_new_types_her_password_and_is_told_of(
    house: House, opened: Callable[[str], StaffPage], qtbot: QtBot
) -> None:
    made = opened("manager")
    wait(made, qtbot)
    made.add_button.click()
    card = made.add_card
    card.alias_edit.setText("Achieng O.")
    card.picker.set_roles(("counsellor",))
    for edit in (card.phrase_edit, card.again_edit):
        edit.line_edit.setText(STRONG)
    card.save_button.click()
    wait(made, qtbot)
    assert not card.isVisible()
    told = made.findChildren(Toast)[-1].text_label.text()
    assert told == "The account of Achieng O. is open."
    with house.work("manager") as work:
        assert "Achieng O." in {line.alias for line in accounts.staff_list(work)}
