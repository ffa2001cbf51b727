"""The frame: who sees which places, keys, the live language, narrow windows, failures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app import i18n, settings
from shelter_app.domain.person import Person
from shelter_app.domain.staff import Setting
from shelter_app.errors import DiskFull
from shelter_app.services import drafts
from shelter_app.services.work import Work
from tests.builders import a_person
from tests.fixtures import House
from ui.arrival import Notice
from ui.features.settings.settings_page import SettingsPage
from ui.kit import theme
from ui.kit.command_palette import CommandPalette
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import SideEditor
from ui.main_window import MainWindow

Opening = Callable[[str], MainWindow]


@pytest.fixture
def opening(house: House, qtbot: QtBot, qapp: QApplication) -> Iterator[Opening]:
    made: list[MainWindow] = []

    def open_for(role: str) -> MainWindow:
        theme.apply(qapp, "light")
        window = MainWindow(house.desk(role))
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
        qtbot.waitUntil(window.tasks.is_idle)
        made.append(window)
        return window

    yield open_for
    for window in made:
        window.hide()
        window.deleteLater()
    theme.apply(qapp, "light")


def _listed(window: MainWindow) -> set[str]:
    return {key for key, made in window.side_bar.buttons.items() if made.isVisible()}


def test_the_program_opens_on_today(opening: Opening) -> None:
    window = opening("social_worker")
    assert window.current_place == "today"
    assert window.windowTitle() == "Register"


def test_a_house_mother_sees_the_house_and_nothing_of_casework(opening: Opening) -> None:
    listed = _listed(opening("house_mother"))
    assert {"today", "residents", "house", "calendar", "settings"} <= listed
    assert listed.isdisjoint({"court", "aftercare", "documents", "audit"})


def test_a_system_keeper_sees_no_person_at_all(opening: Opening) -> None:
    listed = _listed(opening("sysadmin"))
    assert listed == {"today", "directory", "staff", "backups", "guide", "settings"}


def test_the_audit_trail_is_for_those_who_look_after_it(opening: Opening) -> None:
    assert "audit" in _listed(opening("manager"))


def test_a_place_that_is_closed_to_the_worker_does_not_open(opening: Opening) -> None:
    window = opening("house_mother")
    window.go("court", 7)
    assert window.current_place == "today"
    assert "closed to you" in window.message_bar.text_label.text()


@pytest.mark.timeout(400)
def test_every_listed_place_opens_for_every_role(opening: Opening, qtbot: QtBot) -> None:
    for role in ("manager", "social_worker", "counsellor", "clinical_supervisor", "nurse"):
        window = opening(role)
        for key in _listed(window):
            window.go(key)
            qtbot.waitUntil(window.tasks.is_idle)
            assert window.current_place == key
            assert window.message_bar.isHidden(), (role, key)


def test_ctrl_and_a_number_goes_to_that_line_of_the_side_list(
    opening: Opening, qtbot: QtBot
) -> None:
    window = opening("social_worker")
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.current_place == "residents")
    assert window.side_bar.buttons["residents"].isChecked()


def test_ctrl_k_finds_a_person_and_enter_opens_her_page(
    house: House, opening: Opening, qtbot: QtBot
) -> None:
    with house.work("social_worker") as work:
        person = a_person(work, display_alias="Pendo")
    window = opening("social_worker")
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.findChild(CommandPalette)
    assert palette is not None
    palette.line_edit.setText("Pend")
    qtbot.waitUntil(lambda: any("Pendo" in item.label for item in palette.items()))
    QTest.keyClick(palette.line_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(window.tasks.is_idle)
    assert window.current_place == "resident"
    said = [label.text() for label in window.pages["resident"].findChildren(QLabel)]
    assert person.person_no in said


def test_keys_pressed_while_a_page_is_made_reach_that_page_before_it_is_painted(
    opening: Opening, qtbot: QtBot
) -> None:
    window = opening("social_worker")
    window.go("residents")
    page = window.pages["residents"]
    assert window.stack.currentWidget() is page
    assert not window.tasks.is_idle()
    assert not page.updatesEnabled()
    QTest.keyClicks(window.focusWidget(), "Pe")
    box = page.findChild(QLineEdit, "search_box")
    assert box is not None
    assert box.text() == "Pe"
    qtbot.waitUntil(window.tasks.is_idle)
    assert page.updatesEnabled()


def test_typing_into_the_search_box_opens_the_palette_with_that_letter(opening: Opening) -> None:
    window = opening("social_worker")
    QTest.keyClick(window.top_bar.find_box, Qt.Key.Key_P)
    palette = window.findChild(CommandPalette)
    assert palette is not None
    assert palette.line_edit.text() == "p"


def test_f1_explains_the_page_in_front(opening: Opening) -> None:
    from ui.help_page import HelpDialog, text_of

    window = opening("social_worker")
    dialog = HelpDialog(window, "house")
    assert dialog.sentence_label.text() == text_of("house")
    assert text_of("house") != text_of("today")
    dialog.deleteLater()


def test_the_language_is_switched_live_and_the_place_is_kept(
    opening: Opening, qtbot: QtBot
) -> None:
    window = opening("manager")
    window.go("settings")
    english = window.side_bar.buttons["residents"].accessibleName()
    window.switch_language()
    qtbot.waitUntil(window.tasks.is_idle)
    assert i18n.language() == "sw"
    assert window.current_place == "settings"
    assert window.side_bar.buttons["residents"].accessibleName() != english
    assert settings.load().language == "sw"
    window.switch_language()
    assert window.side_bar.buttons["residents"].accessibleName() == english
    window.top_bar.new_button.hide()  # offscreen cannot grab the keyboard for a menu
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)


def test_what_is_being_typed_is_kept_when_the_language_is_switched(
    opening: Opening, qtbot: QtBot
) -> None:
    window = opening("house_mother")
    form = RecordForm(Person)
    form.row("allergy_alert")
    editor = SideEditor(window.pages["today"])
    keeper = window.context.draft_keeper("new_resident", Person, 0)
    editor.edit("New", form, lambda _person: None, keeper)
    qtbot.waitUntil(window.tasks.is_idle)
    QTest.keyClicks(form.editor("allergy_alert"), "Nuts")
    window.switch_language()
    qtbot.waitUntil(window.tasks.is_idle)
    (waiting,) = window.desk.ask(drafts.mine).result()
    assert waiting.place.table == "person"


def test_a_settings_tab_scrolls_only_when_it_is_tall_itself(house: House, qtbot: QtBot) -> None:
    window = MainWindow(house.desk("manager"))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.go("settings", detail="computer")
    qtbot.waitUntil(window.tasks.is_idle, timeout=5_000)
    page = window.pages["settings"]
    assert isinstance(page, SettingsPage)
    bar = page.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    page.tabs.set_current("records")
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    window.hide()


def test_theme_and_text_size_change_live_from_the_settings_page(
    opening: Opening, qtbot: QtBot
) -> None:
    window = opening("social_worker")
    window.go("settings")
    _press(window, "SettingsPage_theme_dark")
    qtbot.waitUntil(theme.is_dark)
    _press(window, "SettingsPage_text_size_150")
    qtbot.waitUntil(lambda: theme.scale() == 1.5)
    assert window.current_place == "settings"
    focused = window.focusWidget()
    assert focused is not None
    assert focused.objectName() == "SettingsPage_text_size_150"


def test_the_side_list_shows_icons_only_where_there_is_no_room(opening: Opening) -> None:
    window = opening("manager")
    assert not window.side_bar.is_narrow()
    window.resize(900, 600)
    assert window.side_bar.is_narrow()
    named = window.side_bar.buttons["house"]
    assert named.text() == ""
    assert named.accessibleName()
    assert named.toolTip()


def test_at_double_text_size_the_side_list_makes_room(opening: Opening, qapp: QApplication) -> None:
    theme.apply(qapp, "light", 2.0)
    window = opening("manager")
    theme.apply(qapp, "light", 2.0)
    window.rebuild()
    assert window.side_bar.is_narrow()


def test_the_demo_stripe_is_there_for_invented_people_only(
    house: House, opening: Opening, qtbot: QtBot
) -> None:
    window = opening("manager")
    assert window.stripe.isHidden()
    window.tasks.do(window, _make_demo)
    qtbot.waitUntil(lambda: not window.stripe.isHidden())


def test_a_failure_without_a_place_of_its_own_is_one_sentence_above_the_page(
    opening: Opening, qtbot: QtBot
) -> None:
    window = opening("social_worker")
    window.tasks.ask(window, _fail)
    qtbot.waitUntil(lambda: not window.message_bar.isHidden())
    assert "disk is full" in window.message_bar.text_label.text()


def test_tab_comes_by_what_is_said_above_the_page(opening: Opening, qtbot: QtBot) -> None:
    window = opening("manager")
    qtbot.waitUntil(window.tasks.is_idle)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    notice = Notice(window, "A key waits")
    window.add_notice(notice)
    way = [window.top_bar.new_button, notice.go_button, notice.close_button]
    way[0].setFocus()
    for stop in way[1:]:
        QTest.keyClick(_focused(window), Qt.Key.Key_Tab)
        assert window.focusWidget() is stop
    QTest.keyClick(_focused(window), Qt.Key.Key_Tab)
    first = window.focusWidget()
    page = window.stack.currentWidget()
    assert first is not None
    assert page is not None
    assert page.isAncestorOf(first)
    for stop in reversed(way):
        QTest.keyClick(_focused(window), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        assert window.focusWidget() is stop


def test_new_offers_only_what_the_worker_may_write(opening: Opening) -> None:
    names = {action.objectName() for action in opening("social_worker").top_bar.menu.actions()}
    assert "TopBar_new_resident" in names
    assert opening("sysadmin").top_bar.new_button.isHidden()


def test_a_badge_says_its_number_to_a_screen_reader(opening: Opening) -> None:
    window = opening("manager")
    window.side_bar.set_counts({"aftercare": 5})
    made = window.side_bar.buttons["aftercare"]
    assert made.pill.text() == "5"
    assert "5" in made.accessibleName()


def _focused(window: MainWindow) -> QWidget:
    held = window.focusWidget()
    assert held is not None
    return held


def _press(window: MainWindow, name: str) -> None:
    made = window.pages["settings"].findChild(QPushButton, name)
    assert made is not None
    made.setFocus()
    made.click()


def _make_demo(work: Work) -> None:
    import dataclasses

    setting = work.rule_matching(Setting)[0]
    work.save(dataclasses.replace(setting, demo=True))


def _fail(_work: Work) -> None:
    raise DiskFull
