"""The Today page as people see it in the morning: real widgets over a real vault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app.domain.alert import AlertSnooze
from shelter_app.services import companions, deadlines, today
from shelter_app.services.changes import Changes
from shelter_app.services.today import Entry
from shelter_app.services.work import Work
from tests import builders, busy_day
from tests.busy_day import MORNING, BusyDay
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features import today as feature
from ui.features.today.day_card import DayCard, EntryButton
from ui.features.today.put_off_dialog import PutOffDialog
from ui.features.today.today_page import TodayPage
from ui.kit.context import Context
from ui.kit.row import AttentionRow


@dataclass
class Opened:
    page: TodayPage
    context: Context
    qtbot: QtBot
    gone: list[tuple[str, int, str]] = field(default_factory=list)

    def settle(self) -> None:
        self.qtbot.waitUntil(self.context.tasks.is_idle)
        QApplication.sendPostedEvents()

    def rows(self) -> list[AttentionRow]:
        return self.page.attention_card.rows()

    def row(self, beginning: str) -> AttentionRow:
        rows = {row.words.headline_label.text(): row for row in self.rows()}
        return next(row for text, row in rows.items() if text.startswith(beginning))

    def words(self, under: QWidget | None = None) -> str:
        shown = under or self.page
        return "\n".join(one.text() for one in shown.findChildren(QLabel) if one.isVisibleTo(shown))

    def press(self, name: str) -> None:
        found = self.page.findChild(QPushButton, name)
        assert found is not None, name
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)
        self.settle()


@pytest.fixture
def day(house: House, clock_at: Callable[[datetime], None]) -> BusyDay:
    clock_at(MORNING)
    return busy_day.prepare(house)


@pytest.fixture
def open_page(house: House, qtbot: QtBot) -> Callable[[str], Opened]:
    def opened(role: str = "social_worker") -> Opened:
        gone: Gone = []
        context = a_context(house, role, gone)
        page = feature.page(context)
        assert isinstance(page, TodayPage)
        qtbot.addWidget(page)
        page.resize(1160, 700)
        made = Opened(page, context, qtbot, gone)
        context.tasks.changed.connect(lambda changes, _by: page.refresh(changes))
        page.show()
        made.settle()
        return made

    return opened


Open = Callable[[str], Opened]


def test_the_head_says_the_day_and_what_cannot_wait(day: BusyDay, open_page: Open) -> None:
    opened = open_page("social_worker")
    assert opened.page.title_label.text() == "Monday 23 November"
    greeting = opened.page.context_label.text()
    assert greeting.startswith("Good morning, Social Worker.")
    assert greeting.endswith("cannot wait.")


def test_one_button_leads_to_the_place_where_it_is_done(day: BusyDay, open_page: Open) -> None:
    opened = open_page("manager")
    row = opened.row("Hearing without a companion — SO/E118/2026")
    assert row.act_button.text() == "Assign"
    assert row.pill.text() == "Tomorrow"
    row.act_button.click()
    ((place, record_id, detail),) = opened.gone
    assert (place, record_id) == ("court", day.case_id)
    assert detail.startswith("companion:")


def test_the_menu_of_a_row_leads_to_the_person(day: BusyDay, open_page: Open) -> None:
    opened = open_page("manager")
    row = opened.row("Hearing without a companion — SO/E118/2026")
    (to_person,) = (one for one in row.more_button.menu().actions() if one.text()[:4] == "Open")
    to_person.trigger()
    ((place, record_id, _detail),) = opened.gone
    assert place == "resident"
    assert record_id in {person.id for person in day.people.values()}


def test_what_became_of_her_plan_is_told_until_she_has_seen_it(
    house: House, day: BusyDay, open_page: Open
) -> None:
    assert not any(
        row.words.headline_label.text().startswith("Care plan approved")
        for row in open_page("manager").rows()
    )
    opened = open_page("social_worker")
    opened.press("AttentionCard_more")
    row = opened.row("Care plan approved")
    assert row.words.detail_label.text() == "Manager approved it on 23 Nov"
    more = row.more_button.menu().actions()
    assert [action.text() for action in more] == ["I have seen it", "Open the person"]
    row.act_button.click()
    opened.settle()
    assert opened.gone == [("resident", day.people["Pendo"].id, "plan")]
    assert "Care plan approved" not in opened.words(opened.page.attention_card)


def test_everybodys_shows_more_than_mine(day: BusyDay, open_page: Open) -> None:
    opened = open_page("manager")
    card = opened.page.attention_card
    assert "mine only" in card.whose_button.text()
    mine = len(opened.rows())
    card.all_action.trigger()
    opened.settle()
    assert "everybody's" in card.whose_button.text()
    assert len(opened.rows()) > mine


def test_the_rest_of_a_long_list_is_one_press_away(day: BusyDay, open_page: Open) -> None:
    opened = open_page("social_worker")
    assert len(opened.rows()) == 5
    opened.press("AttentionCard_more")
    assert len(opened.rows()) > 5


@pytest.fixture
def many(house: House, day: BusyDay) -> int:
    """Add a hundred cases in which nobody was arrested; return how many lines wait by then."""
    with house.work("manager") as work:
        for number in range(100):
            builders.a_legal_case(
                work,
                day.people["Amani"],
                ob_number=f"OB {number}",
                ob_date=MORNING.date() - timedelta(days=200 + number),
                lead_staff=work.actor.staff_id,
            )
    with house.work("manager") as work:
        return deadlines.attention(work, mine=False, leave_out=today.APPROVALS).count


def in_view(button: QWidget, page: TodayPage, *, bring: bool = False) -> bool:
    """Say whether all of a button can be seen; `bring` scrolls there before, as Tab does."""
    seen = page.scroll_area.viewport()
    if bring:
        page.scroll_area.ensureWidgetVisible(button)
    top = button.mapTo(seen, QPoint(0, 0)).y()
    return top >= 0 and top + button.height() <= seen.height()


def test_every_line_of_a_very_long_list_can_be_reached_by_keys(many: int, open_page: Open) -> None:
    opened = open_page("manager")
    opened.qtbot.waitUntil(opened.page.isActiveWindow)
    card = opened.page.attention_card
    card.all_action.trigger()
    opened.settle()
    assert many > 80
    assert "5 of" in card.show_more.shown_label.text()
    for shown in (40, 80, many):
        before = [row for row in opened.rows() if row.property("alert_rule")]
        button = card.show_more.button
        coming = "Show all" if shown == many else f"Show {shown - len(before)} more"
        assert button.text().startswith(coming)
        assert button.accessibleName().endswith(f"{len(before)} of {many} are shown")
        opened.qtbot.wait(150)  # wrapped lines get their height with the first painting
        opened.qtbot.waitUntil(partial(in_view, button, opened.page, bring=True))
        button.setFocus()
        stood = opened.page.scroll_area.verticalScrollBar().value()
        QTest.keyClick(button, Qt.Key.Key_Space)
        opened.settle()
        rows = opened.rows()
        assert len(rows) == shown
        assert rows[: len(before)] == before, "what somebody was reading was made anew"
        assert QApplication.focusWidget() is rows[len(before)].act_button
        opened.qtbot.waitUntil(partial(in_view, rows[len(before)].act_button, opened.page))
        assert opened.page.scroll_area.verticalScrollBar().value() == stood
        assert [row.property("last") for row in rows] == [False] * (shown - 1) + [True]
    assert not card.show_more.isVisibleTo(card)
    keys = {(row.property("alert_rule"), row.property("alert_subject")) for row in rows}
    assert len(keys) == many
    opened.page.refresh(Changes())
    opened.settle()
    assert opened.rows() == rows, "the list went back to its beginning"


def test_the_other_list_begins_at_its_beginning(many: int, open_page: Open) -> None:
    opened = open_page("manager")
    card = opened.page.attention_card
    card.all_action.trigger()
    opened.settle()
    opened.press("AttentionCard_more")
    opened.press("AttentionCard_more")
    assert len(opened.rows()) == 80
    card.mine_action.trigger()
    opened.settle()
    assert len(opened.rows()) == 5


def test_the_rest_of_very_full_days_is_one_press_away(qtbot: QtBot) -> None:
    card = DayCard("Coming days", "")
    qtbot.addWidget(card)
    at = MORNING.replace(hour=0, minute=0)
    entries = [
        Entry(n, "other", "neutral", at + timedelta(hours=n), True, f"Visit {n}", "", "calendar", n)
        for n in range(130)
    ]
    card.show_entries(entries, by_day=True)
    card.show()
    qtbot.waitExposed(card)

    def seen() -> list[EntryButton]:
        return [line for line in card.findChildren(EntryButton) if line.isVisible()]

    def is_full(shown: int) -> bool:
        return len(seen()) == shown

    for shown in (60, 120):
        qtbot.waitUntil(partial(is_full, shown))
        assert card.show_more.shown_label.text() == f"{shown} of 130 are shown"
        card.show_more.button.click()
    qtbot.waitUntil(partial(is_full, 130))
    assert seen()[-1].accessibleName().startswith("09:00, Visit 129")
    assert not card.show_more.isVisible()


def test_the_day_is_listed_in_order_and_opens_what_it_names(day: BusyDay, open_page: Open) -> None:
    opened = open_page("social_worker")
    lines = opened.page.day_card.findChildren(QPushButton, "EntryButton")
    said = [line.accessibleName() for line in lines]
    assert said == sorted(said, key=lambda words: words[:5])
    assert any("Counselling — “Pendo”, session 4 of 6" in words for words in said)
    assert any(words.startswith("14:00") and "Imani" in words for words in said)
    lines[0].click()
    assert opened.gone[0][0] == "counselling"


def test_the_house_mother_sees_times_and_never_what_they_are_for(
    day: BusyDay, open_page: Open
) -> None:
    opened = open_page("house_mother")
    said = opened.words()
    for secret in ("SO/E118", "OB 44", "Shanzu", "Mention", "police", "Consent"):
        assert secret not in said
    assert "External appointment" in said
    assert "Not back yet" in said


def test_the_house_tonight_shows_rooms_with_who_is_in_and_away(
    day: BusyDay, open_page: Open
) -> None:
    opened = open_page("social_worker")
    card = opened.page.tonight_card
    assert card.pill.text() == "6 of 20 sleep here"
    squares = [one.accessibleName() for one in card.findChildren(QWidget, "Squares")]
    assert squares[0] == "5 occupied, 1 free"
    assert "2 away overnight" in squares[1]
    opened.press("TonightCard_open")
    assert opened.gone == [("house", 0, "")]


def test_putting_off_asks_for_a_reason_and_takes_the_row_away(
    house: House, day: BusyDay, open_page: Open
) -> None:
    opened = open_page("social_worker")
    row = opened.row("Hearing without a companion")
    more = row.more_button.menu().actions()
    assert [action.text() for action in more] == ["Put off…", "Open the person"]
    more[0].trigger()
    dialog = opened.page.findChild(PutOffDialog)
    assert dialog is not None
    assert not dialog.yes_button.isEnabled()
    QTest.keyClicks(dialog.reason_edit, "The officer goes along, named at noon")
    assert dialog.yes_button.isEnabled()
    dialog.yes_button.click()
    opened.settle()
    assert "Hearing without a companion" not in opened.words(opened.page.attention_card)
    with house.work("social_worker") as work:
        (kept,) = work.rule_matching(AlertSnooze)
    assert kept.until == datetime(2026, 11, 24, 8, 0)
    assert kept.reason.startswith("The officer")


def test_the_manager_reads_what_was_put_off_and_why(
    house: House, day: BusyDay, open_page: Open
) -> None:
    with house.work("social_worker") as work:
        alerts = deadlines.attention(work, mine=False).alerts
        alert = next(one for one in alerts if one.rule == "DL31")
        until = MORNING + timedelta(hours=4)
        deadlines.put_off(work, alert.rule, alert.subject_id, until, "She has exams this week")
    opened = open_page("manager")
    assert "She has exams this week" in opened.words(opened.page.put_off_card)


def test_the_page_follows_what_was_written_elsewhere(
    house: House, day: BusyDay, open_page: Open
) -> None:
    opened = open_page("manager")
    card = opened.page.attention_card
    assert "Hearing without a companion" in opened.words(card)
    alerts = [row for row in opened.rows() if row.property("alert_rule") == "DL24"]
    event_id = int(alerts[0].property("alert_subject"))
    opened.context.tasks.do(opened.page, name_somebody, event_id)
    opened.settle()
    opened.settle()
    assert "Hearing without a companion" not in opened.words(card)


def name_somebody(work: Work, event_id: int) -> None:
    going = companions.new_accompaniment(work, event_id)
    companions.save_accompaniment(work, replace(going, staff_id=work.actor.staff_id))


def test_an_empty_house_is_greeted_kindly(
    house: House, clock_at: Callable[[datetime], None], open_page: Open
) -> None:
    clock_at(MORNING)
    opened = open_page("social_worker")
    said = opened.words()
    assert "Nothing urgent is waiting for you." in said
    assert "No appointments today." in said
    assert "No rooms are set up yet." in said


def test_somebody_without_the_house_key_gets_a_page_without_the_house(
    day: BusyDay, open_page: Open
) -> None:
    for role in ("sysadmin", "dpo", "clinical_supervisor"):
        opened = open_page(role)
        assert opened.rows() == []
        assert not opened.page.tonight_card.isVisibleTo(opened.page)
        assert not opened.page.day_card.isVisibleTo(opened.page)
        assert opened.page.places_card.isVisibleTo(opened.page)
        opened.press("PlacesCard_backups")
        assert opened.gone[-1][0] == "backups"


def test_nothing_is_wider_than_the_window_at_1366_pixels(day: BusyDay, open_page: Open) -> None:
    opened = open_page("social_worker")
    inner = opened.page.scroll_area.widget()
    assert inner is not None
    assert inner.minimumSizeHint().width() <= opened.page.scroll_area.viewport().width()
    opened.page.resize(560, 700)
    opened.settle()
    assert inner.minimumSizeHint().width() <= opened.page.scroll_area.viewport().width()


def test_the_day_sheet_is_saved_where_it_was_wanted(
    day: BusyDay, open_page: Open, tmp_path: Path
) -> None:
    opened = open_page("house_mother")
    assert opened.page.print_button.isVisibleTo(opened.page)
    opened.page.save_day_sheet(tmp_path)
    opened.settle()
    assert (tmp_path / "day-2026-11-23.pdf").exists()
    assert "day-2026-11-23.pdf" in opened.words(opened.page.bar)


def test_what_has_just_become_critical_keeps_a_red_bar_until_somebody_has_seen_it(
    day: BusyDay, open_page: Open
) -> None:
    opened = open_page("social_worker")
    bar = opened.page.critical_bar
    assert "No arrest since report — OB 44/18/6/2026 · 151 days" in opened.words(bar)
    bar.acted.emit()
    dialog = opened.page.findChild(PutOffDialog)
    assert dialog is not None
    QTest.keyClicks(dialog.reason_edit, "Case conference is on Friday")
    dialog.yes_button.click()
    opened.settle()
    assert not bar.isVisibleTo(opened.page)
    opened.press("AttentionCard_more")
    row = opened.row("No arrest since report")
    assert "seen, waits until" in row.words.detail_label.text()
