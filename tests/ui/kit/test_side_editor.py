"""The side editor keeps what is typed, whatever happens to the window."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from shelter_app import clock, errors
from shelter_app.domain.legal import CourtEvent
from tests.ui.kit.sample import Sample
from ui.kit import theme
from ui.kit.choice_editors import ChoiceEditor
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import SideEditor
from ui.kit.toast import Toast


class Drafts:
    """Keeps one draft in memory, as the vault keeps it encrypted."""

    def __init__(self, body: str = "") -> None:
        self.body = body
        self.times = 0

    def keep(self, body: str) -> None:
        self.body = body
        self.times += 1

    def discard(self) -> None:
        self.body = ""

    def fetch(self, then: Callable[[str], None]) -> None:
        then(self.body)


class Host(QWidget):
    """A page with a button and the editor over it."""

    def __init__(self) -> None:
        super().__init__()
        self.before = QPushButton("Open")
        QVBoxLayout(self).addWidget(self.before)
        self.editor = SideEditor(self)
        self.saved: list[Any] = []

    def open(self, drafts: Drafts | None = None, record: Sample | None = None) -> QLineEdit:
        form = RecordForm(Sample)
        form.row("name", "held_on")
        form.row("note", tall=True)
        form.set_record(record or Sample(id=4, name="Pendo"))
        self.editor.edit("Session 4 of 6", form, self.saved.append, drafts)
        line = form.findChild(QLineEdit, "name")
        assert line is not None
        return line


@pytest.fixture
def host(qtbot: QtBot) -> Host:
    made = Host()
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    return made


def test_it_opens_over_the_right_third_with_the_focus_in_it(host: Host, qtbot: QtBot) -> None:
    line = host.open()
    assert host.editor.geometry().right() == host.width() - 1
    assert host.editor.width() * 3 >= host.width() - 3
    qtbot.waitUntil(line.hasFocus)


def test_it_follows_the_window(host: Host, qtbot: QtBot) -> None:
    host.open()
    host.resize(400, 500)
    qtbot.waitUntil(lambda: host.editor.width() == 400)


def test_ctrl_s_hands_over_the_record_as_typed(host: Host) -> None:
    line = host.open()
    QTest.keyClicks(line, "Zawadi ")
    QTest.keyClick(line, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert host.saved == [Sample(id=4, name="Zawadi Pendo")]


def test_nothing_wrong_is_handed_over_and_the_field_is_named(host: Host, qtbot: QtBot) -> None:
    line = host.open()
    line.clear()
    host.editor.save()
    assert host.saved == []
    assert "Not saved yet: 1 field" in host.editor.message_bar.text_label.text()
    qtbot.waitUntil(line.hasFocus)


def test_the_warning_goes_when_nothing_is_left_to_look_at(host: Host, qtbot: QtBot) -> None:
    line = host.open()
    line.clear()
    host.editor.save()
    assert host.editor.message_bar.isVisible()
    QTest.keyClicks(line, "Pendo")
    qtbot.waitUntil(lambda: not host.editor.message_bar.isVisible())


def test_the_fields_stay_where_they_are_when_the_draft_is_kept(host: Host, qtbot: QtBot) -> None:
    line = host.open(Drafts())
    host.editor.title_label.setText("A title that takes nearly all of the line it has at the top")
    qtbot.wait(1)
    before = line.mapTo(host, line.rect().topLeft())
    QTest.keyClicks(line, "x")
    host.editor.keep_now()
    qtbot.wait(1)
    assert host.editor.saved_label.text()
    assert line.mapTo(host, line.rect().topLeft()) == before


def test_a_second_save_waits_for_the_first(host: Host) -> None:
    QTest.keyClicks(host.open(), "x")
    host.editor.save()
    host.editor.save()
    assert len(host.saved) == 1


def test_esc_closes_and_keeps_the_draft(host: Host, qtbot: QtBot) -> None:
    drafts = Drafts()
    host.before.setFocus()
    line = host.open(drafts)
    QTest.keyClicks(line, "half a wo")
    with qtbot.waitSignal(host.editor.closed):
        QTest.keyClick(line, Qt.Key.Key_Escape)
    assert "half a wo" in drafts.body
    assert not host.editor.isVisible()
    qtbot.waitUntil(host.before.hasFocus)


def test_the_draft_comes_back_and_can_be_left(host: Host) -> None:
    drafts = Drafts()
    QTest.keyClicks(host.open(drafts), "half a wo")
    host.editor.close_editor()
    line = host.open(drafts)
    assert line.text() == "half a woPendo"
    assert host.editor.message_bar.isVisible()
    host.editor.message_bar.act_button.click()
    assert line.text() == "Pendo"
    assert drafts.body == ""


@pytest.mark.parametrize(
    "body",
    ["{", "[]", "7", "null", '{"note": 3}', '{"note": {}}', '{"note": [1]}', '"' * 9, "[" * 9_000],
)
def test_a_draft_that_cannot_be_read_says_so_and_the_form_works(host: Host, body: str) -> None:
    line = host.open(Drafts(body))
    assert "type it again" in host.editor.message_bar.text_label.text()
    QTest.keyClicks(line, "anew ")
    assert line.text() == "anew Pendo"


def test_a_form_nobody_touched_leaves_no_draft(host: Host) -> None:
    drafts = Drafts()
    host.open(drafts)
    host.editor.close_editor()
    assert drafts.times == 0


def test_the_same_draft_is_not_written_twice(host: Host) -> None:
    drafts = Drafts()
    QTest.keyClicks(host.open(drafts), "a")
    host.editor.keep_now()
    host.editor.keep_now()
    assert drafts.times == 1


def test_saving_forgets_the_draft_and_says_when(host: Host) -> None:
    now = datetime(2026, 11, 23, 10, 20)
    clock.set_source(lambda: now)
    drafts = Drafts()
    QTest.keyClicks(host.open(drafts), "a")
    host.editor.keep_now()
    assert host.editor.saved_label.text() == "Draft kept 0 s ago"
    host.editor.save()
    host.editor.saved(dataclasses.replace(host.saved[0], revision=2))
    assert drafts.body == ""
    clock.set_source(lambda: now + timedelta(seconds=12))
    host.editor._say_when()
    assert host.editor.saved_label.text() == "Saved 12 s ago"
    form = host.editor.form()
    assert form is not None
    assert not form.is_modified()


@pytest.mark.parametrize("error", [errors.DiskFull(), errors.StaleRecord(), errors.NotAllowed()])
def test_a_failure_keeps_what_was_typed(host: Host, error: errors.ShelterError) -> None:
    line = host.open(Drafts())
    QTest.keyClicks(line, "new ")
    host.editor.save()
    host.editor.failed(error)
    assert line.text() == "new Pendo"
    assert host.editor.message_bar.isVisible()
    assert host.editor.save_button.isEnabled()


def test_a_problem_with_a_field_that_is_not_shown_stands_in_the_bar(host: Host) -> None:
    host.open()
    problem = errors.Problem("sex", "This choice is not in the list.")
    host.editor.failed(errors.ValidationFailed((problem,)))
    assert problem.sentence in host.editor.message_bar.text_label.text()


def test_opening_another_record_keeps_the_draft_of_the_first(host: Host) -> None:
    first, second = Drafts(), Drafts()
    QTest.keyClicks(host.open(first), "first ")
    host.open(second, Sample(id=5, name="Zawadi"))
    assert "first " in first.body
    assert second.body == ""


def test_the_form_is_freed_when_it_closes(host: Host, qtbot: QtBot) -> None:
    line = host.open()
    host.editor.close_editor()
    qtbot.waitUntil(lambda: not shiboken6.isValid(line))


def test_a_click_beside_the_fields_leaves_the_keys_to_the_editor(host: Host) -> None:
    host.open()
    QTest.mouseClick(host.editor.title_label, Qt.MouseButton.LeftButton)
    focused = host.focusWidget()
    assert focused is host.editor
    QTest.keyClick(host.editor, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert host.saved


def test_starting_afresh_leaves_the_cursor_in_the_form(host: Host, qtbot: QtBot) -> None:
    host.activateWindow()
    drafts = Drafts()
    QTest.keyClicks(host.open(drafts), "first ")
    host.editor.close_editor()
    line = host.open(drafts)
    host.editor.message_bar.acted.emit()
    qtbot.waitUntil(lambda: host.focusWidget() is line)
    assert line.text() == "Pendo"


def test_the_focus_goes_back_to_where_it_came_from_over_several_contents(host: Host) -> None:
    host.before.setFocus()
    inside = QPushButton("Change")
    host.editor.show_content("Panel", inside)
    inside.setFocus()
    host.open()
    host.editor.close_editor()
    assert host.focusWidget() is host.before


def test_the_focus_stays_on_the_page_when_its_origin_is_gone(host: Host, qtbot: QtBot) -> None:
    host.before.setFocus()
    host.open()
    shiboken6.delete(host.before)
    host.editor.close_editor()
    assert host.hasFocus()


def test_the_focus_comes_to_the_page_when_the_way_began_in_the_list_of_places(
    qtbot: QtBot,
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    place, host = QPushButton("Today"), Host()
    line = QHBoxLayout(window)
    for part in (place, host):
        line.addWidget(part)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    place.setFocus()
    qtbot.waitUntil(place.hasFocus)
    host.open()
    host.editor.close_editor()
    qtbot.waitUntil(lambda: window.focusWidget() is host.before)


def test_a_proposed_day_in_front_is_replaced_by_typing(qtbot: QtBot) -> None:
    host = Host()
    qtbot.addWidget(host)
    host.show()
    form = RecordForm(Sample)
    form.row("held_on")
    form.set_record(Sample(id=4, name="Pendo", held_on=clock.today()))
    host.editor.edit("Contact", form, host.saved.append)
    line = form.editor("held_on")
    assert isinstance(line, QLineEdit)
    assert line.selectedText() == line.text() != ""


def test_a_choice_typed_to_its_end_counts_without_leaving_the_field(
    host: Host, qtbot: QtBot
) -> None:
    form = RecordForm(CourtEvent)
    form.row("type")
    host.editor.edit("Court date", form, host.saved.append)
    choice = form.editor("type")
    assert isinstance(choice, ChoiceEditor)
    line = choice.lineEdit()
    assert line is not None
    host.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    line.setText("mention")
    host.editor.save()
    assert form.record().type == "mention"


def test_tab_goes_from_the_last_field_to_save_and_round_again(host: Host, qtbot: QtBot) -> None:
    host.activateWindow()
    first = host.open()
    qtbot.waitUntil(first.hasFocus)
    form = host.editor.form()
    assert form is not None
    note = form.editor("note")
    note.setFocus()
    for expected in (
        host.editor.save_button,
        host.editor.leave_button,
        host.editor.close_button,
        first,
    ):
        QTest.keyClick(_focused(), Qt.Key.Key_Tab)
        assert _focused() is expected


def test_shift_tab_goes_from_save_back_to_the_field_it_came_from(host: Host, qtbot: QtBot) -> None:
    host.activateWindow()
    qtbot.waitUntil(host.open().hasFocus)
    form = host.editor.form()
    assert form is not None
    form.editor("note").setFocus()
    last = _focused()
    QTest.keyClick(last, Qt.Key.Key_Tab)
    assert _focused() is host.editor.save_button
    QTest.keyClick(_focused(), Qt.Key.Key_Backtab)
    assert _focused() is last


def test_the_successor_of_a_button_that_went_takes_the_focus(host: Host, qtbot: QtBot) -> None:
    host.activateWindow()
    host.before.setObjectName("open")
    host.before.setFocus()
    qtbot.waitUntil(host.before.hasFocus)
    host.open()
    after = QPushButton("Open")
    after.setObjectName("open")
    layout = host.layout()
    assert layout is not None
    layout.addWidget(after)
    shiboken6.delete(host.before)
    host.editor.close_editor()
    qtbot.waitUntil(after.hasFocus)


def _focused() -> QWidget:
    focused = QApplication.focusWidget()
    assert focused is not None
    return focused


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("toast_first", [True, False])
def test_a_toast_never_lies_over_save_and_close(
    qapp: QApplication, qtbot: QtBot, scale: float, toast_first: bool
) -> None:
    theme.apply(qapp, "light", scale)
    host = Host()
    qtbot.addWidget(host)
    host.resize(1158, 690)
    host.show()
    told = "Kept for Amina W. until she signs in again; nobody else can read what was typed."
    if toast_first:
        toast = Toast.show_on(host, told, undo=list)
        host.open()
    else:
        host.open()
        toast = Toast.show_on(host, told, undo=list)
    QApplication.sendPostedEvents()
    host.resize(1160, 700)
    QApplication.sendPostedEvents()
    assert host.rect().contains(toast.geometry())
    for part in (host.editor.save_button, host.editor.leave_button):
        corner = part.mapTo(host, part.rect().topLeft())
        assert not toast.geometry().intersects(part.rect().translated(corner))
