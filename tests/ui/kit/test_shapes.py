"""The shapes of a page say what they show, by words and not only by colour."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.button import button, icon_button
from ui.kit.page import (
    AttentionRow,
    BeforeAfterTrack,
    Card,
    EmptyState,
    Figure,
    FlowLayout,
    KeyValueList,
    Page,
    Pill,
    ProgressLine,
    StageTrack,
    TabBar,
    Timeline,
    TimelineEntry,
)


def test_a_page_never_scrolls_sideways_at_the_smallest_screen(qtbot: QtBot) -> None:
    page = Page("A title", "One line of context that says what is shown here")
    qtbot.addWidget(page)
    card = Card("Needs attention", "7 items · mine only")
    why = "Arrived Sunday 19:40. No post-rape care form recorded yet. " * 3
    card.add(AttentionRow("overdue", "PEP window", why, "62 h left", "overdue", "Record care"))
    page.body.addWidget(card)
    page.resize(1160, 700)
    page.show()
    assert page.scroll_area.horizontalScrollBar().maximum() == 0


def test_a_page_is_named_for_screen_readers(qtbot: QtBot) -> None:
    page = Page("House")
    qtbot.addWidget(page)
    assert page.accessibleName() == "House"
    page.set_title("Court")
    assert page.accessibleName() == "Court"


def test_actions_stand_in_the_head_and_stay_there(qtbot: QtBot) -> None:
    page = Page("House")
    qtbot.addWidget(page)
    admit = page.add_action(button("Admit", "admit", "primary"))
    tall = QWidget()
    tall.setFixedHeight(3000)
    page.body.addWidget(tall)
    page.resize(900, 500)
    page.show()
    before = admit.mapTo(page, QPoint(0, 0))
    page.scroll_area.verticalScrollBar().setValue(2000)
    assert admit.mapTo(page, QPoint(0, 0)) == before


def test_tabs_are_chosen_by_key_and_by_arrows(qtbot: QtBot) -> None:
    tabs = TabBar()
    qtbot.addWidget(tabs)
    for key, text in (("beds", "Beds"), ("log", "Stay & house"), ("docs", "Documents")):
        tabs.add(key, text)
    chosen: list[str] = []
    tabs.chosen.connect(chosen.append)
    tabs.set_current("docs")
    QTest.keyClick(tabs, Qt.Key.Key_Left)
    assert chosen == ["docs", "log"]
    assert tabs.current_key() == "log"


def test_a_tab_shows_how_many_there_are(qtbot: QtBot) -> None:
    tabs = TabBar()
    qtbot.addWidget(tabs)
    tabs.add("docs", "Documents")
    tabs.set_count("docs", 12)
    assert tabs.tabText(0) == "Documents 12"
    tabs.set_count("docs", 0)
    assert tabs.tabText(0) == "Documents"


def test_an_attention_row_has_one_button_and_the_rest_in_a_menu(qtbot: QtBot) -> None:
    row = AttentionRow("soon", "Aftercare visit", "By phone", "4 days over", "soon", "Plan")
    qtbot.addWidget(row)
    row.show()
    assert row.more_button.isHidden()
    snoozed: list[str] = []
    row.add_secondary("Snooze…").connect(lambda: snoozed.append("snoozed"))
    assert row.more_button.isVisible()
    with qtbot.waitSignal(row.acted):
        QTest.mouseClick(row.act_button, Qt.MouseButton.LeftButton)
    menu = row.findChild(QMenu, "attention_menu")
    assert menu is not None
    menu.actions()[0].trigger()
    assert snoozed == ["snoozed"]
    assert row.act_button.accessibleName() == "Plan: Aftercare visit"
    assert "4 days over" in row.accessibleName()


def test_a_timeline_hands_back_the_record_and_asks_for_more(qtbot: QtBot) -> None:
    line = Timeline()
    qtbot.addWidget(line)
    record = object()
    line.set_entries([TimelineEntry("court", "Arrest", "19 Sep", record)], more=True)
    line.show()
    row = line.findChild(QPushButton, "timeline_row")
    assert row is not None
    assert row.accessibleName() == "Arrest. 19 Sep"
    with qtbot.waitSignal(line.record_chosen) as chosen:
        QTest.keyClick(row, Qt.Key.Key_Space)
    assert chosen.args == [record]
    with qtbot.waitSignal(line.more_wanted):
        line.more_button.click()
    line.add_entries([TimelineEntry("court", "Plea", "21 Sep")])
    assert len(line.findChildren(QPushButton, "timeline_row")) == 2
    assert line.more_button.isHidden()


def test_rows_grow_with_what_they_hold(qtbot: QtBot) -> None:
    line = Timeline()
    qtbot.addWidget(line)
    line.set_entries([TimelineEntry("good", "A long headline " * 12, "Amina W.")])
    line.resize(260, 400)
    line.show()
    row = line.findChild(QPushButton, "timeline_row")
    assert row is not None
    assert row.height() >= row.heightForWidth(row.width()) > 60


def test_measures_are_spoken(qtbot: QtBot) -> None:
    shapes = (
        (StageTrack(("Reported", "Arrest", "Charged"), 1), "Stage 2 of 3: Arrest"),
        (BeforeAfterTrack("Safety", 2.3, 3.3), "Safety: 2.3 at first, 3.3 now"),
        (BeforeAfterTrack("Safety", None, 3), "Safety: – at first, 3 now"),
        (ProgressLine("Back to Form 2", 55, "On track"), "Back to Form 2, 55 %, On track"),
        (Figure("18", "Tonight", "of 24"), "Tonight 18 of 24"),
    )
    for shape, words in shapes:
        qtbot.addWidget(shape)
        shape.show()
        assert shape.accessibleName() == words


def test_values_are_read_with_their_keys(qtbot: QtBot) -> None:
    values = KeyValueList()
    qtbot.addWidget(values)
    shown = values.add("Placed by", "Committal order")
    assert shown.accessibleName() == "Placed by: Committal order"
    values.add("Risk", Pill("Medium", "soon"))
    values.clear()
    assert shown.isHidden()


def test_an_empty_state_offers_the_first_action(qtbot: QtBot) -> None:
    empty = EmptyState("Nothing yet.", "Add one")
    qtbot.addWidget(empty)
    with qtbot.waitSignal(empty.acted):
        empty.action_button.click()
    empty.set_sentence("Still nothing.")
    assert empty.action_button.isHidden()


def test_an_icon_alone_has_a_spoken_name(qtbot: QtBot) -> None:
    made = icon_button("lock", "Lock the program", "lock")
    qtbot.addWidget(made)
    assert made.accessibleName() == made.toolTip() == "Lock the program"
    assert made.minimumWidth() >= 28


def test_a_flow_starts_a_new_line_where_it_is_narrow(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder)
    for text in ("In residence", "Do not photograph", "Penicillin allergy"):
        flow.addWidget(Pill(text))
    assert flow.heightForWidth(120) > 2 * flow.heightForWidth(900)
    assert flow.minimumSize().width() < flow.sizeHint().width()


def test_spare_height_goes_under_a_cards_body_or_into_what_grows(qtbot: QtBot) -> None:
    card = Card("Title")
    qtbot.addWidget(card)
    card.add(ProgressLine("Goal", 50))
    card.resize(300, 500)
    card.show()
    qtbot.waitUntil(lambda: card.title_label.y() < 40)
    growing = QWidget()
    card.add(growing, 1)
    qtbot.waitUntil(lambda: growing.height() > 300)


def test_what_moves_to_the_end_of_a_flow_stands_there_at_once(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder)
    last = QPushButton("Show")
    flow.addWidget(last)
    holder.resize(600, 60)
    holder.show()
    flow.removeWidget(last)
    first = QPushButton("First")
    flow.addWidget(first)
    first.show()
    flow.addWidget(last)
    qtbot.waitUntil(lambda: last.x() > first.geometry().right())
