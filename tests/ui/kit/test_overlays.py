"""What lies over the window: questions, toasts, messages, palette, progress, cover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.command_palette import CommandPalette, PaletteItem
from ui.kit.cover import Cover
from ui.kit.dialog import Dialog, ReasonDialog
from ui.kit.message_bar import MessageBar
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.toast import Toast


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    line = QLineEdit()
    line.setObjectName("under")
    QVBoxLayout(made).addWidget(line)
    made.resize(1000, 700)
    made.show()
    line.setFocus()
    return made


def _under(window: QWidget) -> QLineEdit:
    found = window.findChild(QLineEdit, "under")
    assert found is not None
    return found


def _when_open(act: Callable[[Dialog], None]) -> None:
    def go() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Dialog)
        act(dialog)

    QTimer.singleShot(0, go)


def test_the_verbs_answer(window: QWidget) -> None:
    _when_open(lambda dialog: dialog.yes_button.click())
    assert Dialog.ask(window, "The case will be closed.", "Close the case", "Keep it open")
    _when_open(lambda dialog: dialog.no_button.click())
    assert not Dialog.ask(window, "The case will be closed.", "Close the case", "Keep it open")


def test_esc_is_the_safe_answer(window: QWidget) -> None:
    _when_open(lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape))
    assert not Dialog.ask(window, "It will be void.", "Make void", "Keep", dangerous=True)


@pytest.mark.parametrize(("dangerous", "name"), [(True, "dialog_no"), (False, "dialog_yes")])
def test_enter_never_does_the_dangerous_thing(
    window: QWidget, qtbot: QtBot, dangerous: bool, name: str
) -> None:
    dialog = Dialog(window, "Sentence.", "Yes", "No", dangerous=dangerous)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.focusWidget() is not None)
    assert dialog.focusWidget().objectName() == name
    dialog.close()


def test_a_dialog_is_freed_when_it_closes(window: QWidget, qtbot: QtBot) -> None:
    seen: list[Dialog] = []

    def leave(dialog: Dialog) -> None:
        seen.append(dialog)
        dialog.reject()

    _when_open(leave)
    Dialog.ask(window, "Sentence.", "Yes", "No")
    qtbot.waitUntil(lambda: not shiboken6.isValid(seen[0]))


def test_a_reason_must_say_something(window: QWidget) -> None:
    def answer(dialog: Dialog) -> None:
        assert isinstance(dialog, ReasonDialog)
        assert not dialog.yes_button.isEnabled()
        QTest.keyClicks(dialog.reason_edit, "too few")
        assert not dialog.yes_button.isEnabled()
        assert "3 more" in dialog.hint_label.text()
        QTest.keyClicks(dialog.reason_edit, ", now enough")
        dialog.yes_button.click()

    _when_open(answer)
    assert ReasonDialog.ask(window, "Shown once.", "Show", "Leave") == "too few, now enough"


def test_no_reason_is_given_when_it_is_called_off(window: QWidget) -> None:
    _when_open(lambda dialog: dialog.no_button.click())
    assert ReasonDialog.ask(window, "Shown once.", "Show", "Leave") is None


def test_a_toast_undoes_once_and_goes(window: QWidget, qtbot: QtBot) -> None:
    done: list[str] = []
    toast = Toast.show_on(_under(window), "Moved.", undo=lambda: done.append("undone"))
    assert toast.parentWidget() is window
    assert window.rect().contains(toast.geometry())
    toast.undo_button.click()
    assert done == ["undone"]
    qtbot.waitUntil(lambda: not shiboken6.isValid(toast))


def test_the_focus_never_falls_on_undo_but_ctrl_z_takes_it(window: QWidget, qtbot: QtBot) -> None:
    done: list[str] = []
    window.activateWindow()
    toast = Toast.show_on(_under(window), "Saved.", undo=lambda: done.append("undone"))
    for part in toast.findChildren(QPushButton):
        assert part.focusPolicy() is Qt.FocusPolicy.NoFocus
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: done == ["undone"])


def test_a_newer_toast_takes_the_place_of_an_older_one(window: QWidget, qtbot: QtBot) -> None:
    older = Toast.show_on(window, "First.")
    newer = Toast.show_on(window, "Second.")
    assert older.isHidden()
    assert newer.isVisible()
    assert newer.undo_button.isHidden()


def test_a_long_toast_stays_inside_a_narrow_window(window: QWidget) -> None:
    window.resize(360, 400)
    toast = Toast.show_on(window, "A sentence of some length " * 4, undo=list)
    assert window.rect().contains(toast.geometry())


def test_a_message_is_spoken_and_can_be_closed(window: QWidget, qtbot: QtBot) -> None:
    bar = MessageBar(window)
    bar.say("The disk is full.", "error", "Show")
    assert bar.isVisible()
    assert bar.accessibleName() == "The disk is full."
    with qtbot.waitSignal(bar.acted):
        bar.act_button.click()
    with qtbot.waitSignal(bar.closed):
        bar.close_button.click()
    assert bar.isHidden()


def _items(ran: list[str]) -> Callable[[str], Sequence[PaletteItem]]:
    def find(text: str) -> list[PaletteItem]:
        names = ["Log a call", "Record a session", "Lock"]
        return [
            PaletteItem("Actions", name, "", "action", partial(ran.append, name))
            for name in names
            if text.casefold() in name.casefold()
        ]

    return find


def test_three_letters_and_enter_run_an_action(window: QWidget, qtbot: QtBot) -> None:
    ran: list[str] = []
    palette = CommandPalette(window)
    palette.add_provider(_items(ran))
    palette.open()
    QTest.keyClicks(palette.line_edit, "cal")
    QTest.keyClick(palette.line_edit, Qt.Key.Key_Return)
    assert ran == ["Log a call"]
    assert palette.isHidden()
    qtbot.waitUntil(_under(window).hasFocus)


def test_arrows_pass_over_the_group_names(window: QWidget) -> None:
    ran: list[str] = []
    palette = CommandPalette(window)
    palette.add_provider(_items(ran))
    palette.add_provider(lambda _t: [PaletteItem("People", "Pendo", "R-1", "person", list)])
    palette.open()
    for _step in range(3):
        QTest.keyClick(palette.line_edit, Qt.Key.Key_Down)
    assert palette.list_view.currentIndex().data() == "Pendo"
    QTest.keyClick(palette.line_edit, Qt.Key.Key_Down)
    assert palette.list_view.currentIndex().data() == "Log a call"


def test_answers_that_come_later_are_shown_first_and_stale_ones_dropped(
    window: QWidget, qtbot: QtBot
) -> None:
    waiting: list[Callable[[Sequence[PaletteItem]], None]] = []
    palette = CommandPalette(window)
    palette.add_provider(_items([]))
    palette.add_later_provider(lambda _text, give: waiting.append(give))
    palette.open()
    palette.line_edit.setText("r")
    qtbot.waitUntil(lambda: len(waiting) == 2)
    waiting[0]([PaletteItem("People", "Stale", "", "person", list)])
    waiting[1]([PaletteItem("People", "Rehema", "", "person", list)])
    labels = [item.label for item in palette.items()]
    assert labels[0] == "Rehema"
    assert "Stale" not in labels


def test_esc_closes_the_palette_and_leaves_no_words_in_it(window: QWidget) -> None:
    palette = CommandPalette(window)
    palette.add_provider(_items([]))
    palette.open("pen")
    QTest.keyClick(palette.line_edit, Qt.Key.Key_Escape)
    assert palette.isHidden()
    assert palette.line_edit.text() == ""
    assert palette.items() == []


def test_nothing_found_is_said(window: QWidget) -> None:
    palette = CommandPalette(window)
    palette.add_provider(_items([]))
    palette.open("zzz")
    assert palette.items() == []
    assert "Nothing found" in str(palette.list_view.model().index(0, 0).data())


def test_quick_work_never_shows_a_sheet(window: QWidget) -> None:
    sheet = ProgressSheet(window, "Making the copy")
    assert sheet.isHidden()
    sheet.finish()
    assert sheet.isHidden()


def test_a_sheet_can_be_cancelled_by_key(window: QWidget, qtbot: QtBot) -> None:
    sheet = ProgressSheet(window, "Making the copy")
    sheet.show_now()
    sheet.set_progress(3, 8, "3 of 8")
    with qtbot.waitSignal(sheet.cancelled):
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.cancel_button.isEnabled()
    sheet.finish()


def test_a_cover_hides_everything_and_takes_every_key(window: QWidget, qtbot: QtBot) -> None:
    cover = Cover.show_on(window)
    assert cover.geometry() == window.rect()
    picture = window.grab().toImage()
    corner = picture.pixelColor(3, 3)
    edges = [(3, 3), (996, 3), (3, 696), (996, 696), (500, 30)]
    assert all(picture.pixelColor(x, y) == corner for x, y in edges)
    with qtbot.waitSignal(cover.knocked):
        QTest.keyClicks(cover, "x")
    assert _under(window).text() == ""
    window.resize(600, 400)
    qtbot.waitUntil(lambda: cover.geometry() == window.rect())


def test_the_cover_says_nothing_about_the_house(window: QWidget) -> None:
    cover = Cover.show_on(window)
    for word in ("shelter", "safe", "makao", "resident", "lock"):
        assert word not in cover.text_label.text().casefold()


def test_enter_pressed_before_people_are_found_opens_the_person(
    window: QWidget, qtbot: QtBot
) -> None:
    ran: list[str] = []
    waiting: list[Callable[[Sequence[PaletteItem]], None]] = []
    palette = CommandPalette(window)
    palette.add_provider(lambda _t: [PaletteItem("Do", "New", "", "action", lambda: None)])
    palette.add_later_provider(lambda _text, take: waiting.append(take))
    palette.open()
    QTest.keyClicks(palette.line_edit, "ne")
    QTest.keyClick(palette.line_edit, Qt.Key.Key_Return)
    assert palette.isVisible()
    waiting[-1]([PaletteItem("People", "Neema", "", "person", partial(ran.append, "Neema"))])
    assert ran == ["Neema"]
    assert palette.isHidden()


def test_what_is_found_later_is_chosen_first_unless_somebody_moved(
    window: QWidget, qtbot: QtBot
) -> None:
    waiting: list[Callable[[Sequence[PaletteItem]], None]] = []
    people = [PaletteItem("People", "Neema", "", "person", lambda: None)]
    palette = CommandPalette(window)
    actions = [PaletteItem("Do", name, "", "action", lambda: None) for name in ("New", "Lock")]
    palette.add_provider(lambda _t: actions)
    palette.add_later_provider(lambda _text, take: waiting.append(take))
    palette.open()
    waiting[-1](people)
    assert palette.list_view.currentIndex().data() == "Neema"
    palette.close_palette()
    palette.open()
    QTest.keyClick(palette.line_edit, Qt.Key.Key_Down)
    assert palette.list_view.currentIndex().data() == "Lock"
    waiting[-1](people)
    assert palette.list_view.currentIndex().data() == "Lock"


OVERLAYS: tuple[Callable[[QWidget], QWidget], ...] = (
    lambda window: ProgressSheet(window, "Reading"),
    lambda window: Toast(window, "Saved", None),
    Cover,
    CommandPalette,
)


@pytest.mark.parametrize("lay_over", OVERLAYS)
def test_what_lies_over_a_window_does_not_hold_it(
    qapp: QApplication, lay_over: Callable[[QWidget], QWidget]
) -> None:
    window = QWidget()
    gone: list[bool] = []
    window.destroyed.connect(lambda: gone.append(True))
    over = lay_over(window)
    del window
    assert gone
    assert not shiboken6.isValid(over)


def test_a_sheet_that_watches_work_shows_by_itself_how_far_it_has_come(
    window: QWidget, qtbot: QtBot
) -> None:
    done = [0]
    sheet = ProgressSheet(window, "Making the copy")
    sheet.watch(lambda: (done[0], 10, f"{done[0]} files"))
    for far in (3, 7):
        done[0] = far
        qtbot.waitUntil(lambda: sheet.bar.value() == done[0])
        assert sheet.step_label.text() == f"{far} files"
    sheet.finish()
    qtbot.waitUntil(lambda: not shiboken6.isValid(sheet))
