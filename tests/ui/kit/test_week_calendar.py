"""The week can be read, moved and filled by mouse and by keyboard alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from shelter_app import clock
from ui.kit.week_calendar import CalendarEntry, WeekCalendar
from ui.kit.week_canvas import WeekCanvas
from ui.kit.week_layout import SNAP, places, snapped

_MONDAY = date(2026, 11, 23)
_LEFT = Qt.MouseButton.LeftButton
_ALT = Qt.KeyboardModifier.AltModifier


def _at(day: int, hour: float) -> datetime:
    return datetime.combine(_MONDAY, datetime.min.time()) + timedelta(days=day, hours=hour)


def _entry(
    number: int, day: int, hour: float, minutes: int = 60, *, movable: bool = True
) -> CalendarEntry:
    return CalendarEntry(
        number, "session", f"Entry {number}", "Room 2", _at(day, hour), minutes, movable=movable
    )


@pytest.fixture
def week(qtbot: QtBot) -> WeekCalendar:
    clock.set_source(lambda: _at(0, 10))
    made = WeekCalendar()
    qtbot.addWidget(made)
    made.resize(760, 640)
    made.set_week(_MONDAY)
    made.set_entries([_entry(1, 0, 9.5), _entry(2, 1, 9), _entry(3, 1, 11, movable=False)])
    made.show()
    made.canvas.setFocus()
    return made


def _middle(canvas: WeekCanvas, number: int) -> QPoint:
    entry = next(entry for entry in canvas.entries() if entry.id == number)
    return canvas.rect_of(entry).center()


def _drag(canvas: WeekCanvas, start: QPoint, end: QPoint) -> None:
    none = Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas, _LEFT, none, start)
    QTest.mouseMove(canvas, start + QPoint(0, 20))
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, _LEFT, none, end)


def test_any_day_shows_its_week_from_monday(week: WeekCalendar) -> None:
    week.set_week(date(2026, 11, 29))
    assert week.days() == tuple(_MONDAY + timedelta(days=n) for n in range(5))
    week.set_whole_week(True)
    assert len(week.days()) == 7


def test_a_weekend_appointment_is_never_hidden(week: WeekCalendar) -> None:
    week.set_entries([_entry(1, 5, 10)])
    assert _MONDAY + timedelta(days=5) in week.days()


def test_dragging_moves_in_steps_of_a_quarter(week: WeekCalendar, qtbot: QtBot) -> None:
    canvas = week.canvas
    start = _middle(canvas, 1)
    with qtbot.waitSignal(week.moved) as moved:
        _drag(canvas, start, _middle(canvas, 2) + QPoint(0, 33))
    assert moved.args[0] == 1
    assert moved.args[1].date() == _MONDAY + timedelta(days=1)
    assert moved.args[1].minute % SNAP == 0
    assert next(e for e in canvas.entries() if e.id == 1).starts_at == _at(0, 9.5)


def test_dragging_the_lower_edge_changes_the_length(week: WeekCalendar, qtbot: QtBot) -> None:
    canvas = week.canvas
    box = canvas.rect_of(canvas.entries()[0])
    edge = QPoint(box.center().x(), box.bottom() - 1)
    with qtbot.waitSignal(week.resized) as resized:
        _drag(canvas, edge, edge + QPoint(0, 50))
    assert resized.args[0] == 1
    assert resized.args[1] == 120


def test_what_may_not_move_stays(week: WeekCalendar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(week.moved):
        _drag(week.canvas, _middle(week.canvas, 3), _middle(week.canvas, 1))


def test_a_click_alone_moves_nothing(week: WeekCalendar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(week.moved):
        none = Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(week.canvas, _LEFT, none, _middle(week.canvas, 1))
    assert week.canvas.selected == 1


def test_a_double_click_opens_an_entry_or_begins_one(week: WeekCalendar, qtbot: QtBot) -> None:
    canvas, none = week.canvas, Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(week.chosen) as chosen:
        QTest.mouseDClick(canvas, _LEFT, none, _middle(canvas, 2))
    assert chosen.args == [2]
    free = QPoint(canvas.width() - 40, canvas.y_of(_at(0, 14).time()) + 5)
    with qtbot.waitSignal(week.create_wanted) as wanted:
        QTest.mouseDClick(canvas, _LEFT, none, free)
    assert wanted.args == [_at(4, 14)]


def test_arrows_reach_every_entry_and_enter_opens_it(week: WeekCalendar, qtbot: QtBot) -> None:
    canvas = week.canvas
    canvas.select(1)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.selected == 2
    for _step in range(6):
        QTest.keyClick(canvas, Qt.Key.Key_Down)
        if "Entry 3" in canvas.accessibleDescription():
            break
    with qtbot.waitSignal(week.chosen) as chosen:
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert chosen.args == [3]


def test_alt_and_arrows_move_the_selected_entry(week: WeekCalendar, qtbot: QtBot) -> None:
    week.select(1)
    for key, moment in (
        (Qt.Key.Key_Down, _at(0, 9.75)),
        (Qt.Key.Key_Up, _at(0, 9.25)),
        (Qt.Key.Key_Right, _at(1, 9.5)),
    ):
        with qtbot.waitSignal(week.moved) as moved:
            QTest.keyClick(week.canvas, key, _ALT)
        assert moved.args == [1, moment]


def test_enter_in_a_free_slot_begins_an_appointment(week: WeekCalendar, qtbot: QtBot) -> None:
    canvas = week.canvas
    canvas.slot = _at(3, 9)
    canvas.select(None)
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    with qtbot.waitSignal(week.create_wanted) as wanted:
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert wanted.args == [_at(3, 9.5)]


def test_the_selection_is_spoken(week: WeekCalendar) -> None:
    week.select(2)
    assert week.canvas.accessibleDescription() == "Tue 24 Nov 09:00, Entry 2, Room 2"
    week.select(None)
    assert "free" in week.canvas.accessibleDescription()


def test_a_conflict_is_said_and_not_only_coloured(week: WeekCalendar) -> None:
    one = CalendarEntry(9, "session", "Entry 9", "", _at(0, 9), 60, conflict=True)
    week.set_entries([one])
    week.select(9)
    assert "overlaps" in week.canvas.accessibleDescription()


def test_what_is_selected_by_the_page_is_in_view_even_in_the_evening(week: WeekCalendar) -> None:
    late = _entry(9, 0, 21)
    week.set_entries([_entry(8, 0, 8), late])
    week.canvas.clearFocus()
    assert not _seen(week, late)
    week.select(9)
    assert _seen(week, late)


def _seen(week: WeekCalendar, entry: CalendarEntry) -> bool:
    top = week.canvas.mapTo(week.scroll_area.viewport(), week.canvas.rect_of(entry).topLeft())
    return week.scroll_area.viewport().rect().contains(top)


def test_the_selection_survives_a_reload_by_its_id(week: WeekCalendar) -> None:
    week.select(2)
    week.set_entries([_entry(2, 3, 15)])
    assert week.canvas.selected == 2
    week.set_entries([_entry(1, 0, 9)])
    assert week.canvas.selected is None


_ENTRIES = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 92), st.integers(0, 300)), max_size=14
).map(lambda rows: [_entry(i, day, slot / 4, mins) for i, (day, slot, mins) in enumerate(rows)])


@given(_ENTRIES)
def test_entries_at_the_same_time_never_share_a_place(entries: list[CalendarEntry]) -> None:
    found = places(entries)
    for one in entries:
        assert 0 <= found[one.id].column < found[one.id].of
        for other in entries:
            overlap = one.starts_at < other.ends_at() and other.starts_at < one.ends_at()
            same_day = one.starts_at.date() == other.starts_at.date()
            if one.id != other.id and overlap and same_day:
                assert found[one.id].of == found[other.id].of
                assert found[one.id].column != found[other.id].column


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))
def test_snapping_stays_on_the_day_and_on_the_grid(moment: datetime) -> None:
    near = snapped(moment)
    assert near.date() == moment.date()
    assert near.minute % SNAP == 0
    assert abs(near - moment) < timedelta(minutes=SNAP)
