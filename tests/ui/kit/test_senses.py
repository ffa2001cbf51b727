"""Bed tiles, charts, the password field and the watch over an empty chair."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from shelter_app import clock
from ui.kit.bed_tile import MIME, STATES, BedTile, RoomCard
from ui.kit.chart import Chart, Series
from ui.kit.idle import IdleWatch
from ui.kit.passphrase_edit import PassphraseEdit

pytestmark = pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)


def _drop(tile: BedTile, source: int) -> None:
    data = QMimeData()
    data.setData(MIME, str(source).encode())
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    tile.dropEvent(event)


@pytest.mark.parametrize("state", list(STATES))
def test_a_bed_says_its_state_in_words(qtbot: QtBot, state: str) -> None:
    tile = BedTile("A1", "", "", state, bed_id=1)
    qtbot.addWidget(tile)
    assert STATES[state] in tile.accessibleName()


def test_only_a_free_bed_takes_somebody(qtbot: QtBot) -> None:
    for state in STATES:
        tile = BedTile("A1", "", "", state, bed_id=1)
        qtbot.addWidget(tile)
        assert tile.acceptDrops() is (state == "free")


def test_a_drop_asks_for_the_move_by_numbers_only(qtbot: QtBot) -> None:
    room = RoomCard("Acacia", "6 beds")
    qtbot.addWidget(room)
    tile = BedTile("A6", "", "", "free", bed_id=6)
    room.add_tile(tile)
    with qtbot.waitSignal(room.dropped) as dropped:
        _drop(tile, 4)
    assert dropped.args == [4, 6]
    with qtbot.assertNotEmitted(room.dropped):
        _drop(tile, 6)


def test_the_menu_key_offers_what_the_mouse_can_do(qtbot: QtBot) -> None:
    tile = BedTile("A1", "Pendo", "R-1", "occupied", bed_id=1)
    qtbot.addWidget(tile)
    tile.show()
    done: list[str] = []
    tile.set_menu(lambda: [("Move to another bed…", lambda: done.append("move"))])
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(2, 2), tile.mapToGlobal(QPoint(2, 2))
    )
    QApplication.sendEvent(tile, event)
    menu = tile.findChild(QMenu, "bed_menu")
    assert menu is not None
    menu.actions()[0].trigger()
    assert done == ["move"]
    menu.close()


def test_enter_opens_a_bed(qtbot: QtBot) -> None:
    room = RoomCard("Acacia")
    qtbot.addWidget(room)
    tile = BedTile("A1", "Pendo", "R-1", "occupied", bed_id=1)
    room.add_tile(tile)
    with qtbot.waitSignal(room.chosen) as chosen:
        QTest.keyClick(tile, Qt.Key.Key_Space)
    assert chosen.args == [1]


@pytest.fixture
def chart(qtbot: QtBot) -> Chart:
    made = Chart(
        "line",
        "Scores",
        ("Sep", "Oct", "Nov"),
        (Series("PCL-5", (52, 44, 36)), Series("PHQ-9", (18, None, 9), shown=("18", "–", "<10"))),
    )
    qtbot.addWidget(made)
    made.resize(500, 240)
    made.show()
    made.setFocus()
    return made


def test_arrows_read_every_value(chart: Chart) -> None:
    QTest.keyClick(chart, Qt.Key.Key_Left)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert chart.spoken() == "Sep: PCL-5 52"
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.spoken() == chart.accessibleDescription() == "Nov: PHQ-9 <10"


def test_a_chart_is_copied_as_a_table(chart: Chart) -> None:
    QTest.keyClick(chart, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines() == [
        "Scores\tPCL-5\tPHQ-9",
        "Sep\t52\t18",
        "Oct\t44\t–",
        "Nov\t36\t<10",
    ]
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("kind", ["line", "bar", "stacked"])
@pytest.mark.parametrize("values", [(), (0, 0), (None, None), (1_000_000, 3), (0.5, 0.25)])
def test_any_values_can_be_drawn(qtbot: QtBot, kind: str, values: tuple[float, ...]) -> None:
    labels = tuple(f"L{n}" for n in range(len(values)))
    chart = Chart(kind, "Any", labels, (Series("S", values),))  # type: ignore[arg-type]
    qtbot.addWidget(chart)
    chart.resize(400, 200)
    chart.setFocus()
    assert not chart.grab().isNull()
    assert chart._top() >= max([value or 0 for value in values], default=0)


def test_a_password_is_hidden_until_it_is_shown(qtbot: QtBot) -> None:
    field = PassphraseEdit()
    qtbot.addWidget(field)
    line = field.line_edit
    QTest.keyClicks(line, "four quiet words")
    assert line.displayText() != "four quiet words"
    field.show_button.click()
    assert line.displayText() == "four quiet words"
    assert field.take() == "four quiet words"
    assert field.text() == ""
    assert line.echoMode() == line.EchoMode.Password


def test_a_password_leaves_no_trace_behind(qtbot: QtBot) -> None:
    field = PassphraseEdit()
    qtbot.addWidget(field)
    QGuiApplication.clipboard().clear()
    line = field.line_edit
    field.show_button.click()
    QTest.keyClicks(line, "secret")
    control = Qt.KeyboardModifier.ControlModifier
    for key in (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_X):
        QTest.keyClick(line, key, control)
    assert QGuiApplication.clipboard().text() == ""
    field.clear()
    QTest.keyClick(line, Qt.Key.Key_Z, control)
    assert field.text() == ""
    assert not line.dragEnabled()
    assert not line.acceptDrops()


def test_capitals_without_shift_mean_caps_lock(qtbot: QtBot) -> None:
    field = PassphraseEdit()
    qtbot.addWidget(field)
    QTest.keyClicks(field.line_edit, "a")
    assert field.hint_label.text() == ""
    QTest.keyClicks(field.line_edit, "A")
    assert field.hint_label.text() == "Caps Lock is on"
    QTest.keyClicks(field.line_edit, "A", Qt.KeyboardModifier.ShiftModifier)
    assert field.hint_label.text() == ""


def test_a_problem_stays_until_people_type_again(qtbot: QtBot) -> None:
    field = PassphraseEdit()
    qtbot.addWidget(field)
    field.set_problem("That is not the password.")
    assert field.hint_label.text() == "That is not the password."
    QTest.keyClicks(field.line_edit, "x")
    assert field.hint_label.text() == ""


def test_an_empty_chair_is_warned_of_and_then_locks(qtbot: QtBot) -> None:
    now = [datetime(2026, 11, 23, 10)]
    clock.set_source(lambda: now[0])
    watch = IdleWatch(minutes=5)
    watch.start()
    warned: list[int] = []
    watch.warned.connect(warned.append)
    now[0] += timedelta(seconds=279)
    watch.check()
    assert warned == []
    now[0] += timedelta(seconds=6)
    watch.check()
    assert warned == [15]
    now[0] += timedelta(seconds=15)
    with qtbot.waitSignal(watch.expired):
        watch.check()


def test_a_key_anywhere_calms_the_watch(qtbot: QtBot) -> None:
    now = [datetime(2026, 11, 23, 10)]
    clock.set_source(lambda: now[0])
    watch = IdleWatch(minutes=1)
    widget = QWidget()
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.show()
    watch.start()
    now[0] += timedelta(seconds=50)
    watch.check()
    with qtbot.waitSignal(watch.calmed):
        QTest.keyClick(widget.windowHandle(), Qt.Key.Key_A)
    assert watch.seconds_left() > 59
    watch.stop()


def test_a_computer_that_slept_locks_at_once(qtbot: QtBot) -> None:
    now = [datetime(2026, 11, 23, 10)]
    clock.set_source(lambda: now[0])
    watch = IdleWatch(minutes=5)
    watch.start()
    assert not watch.slept()
    now[0] += timedelta(hours=8)
    with qtbot.waitSignal(watch.expired):
        watch.check()
    assert watch.slept()


def test_a_clock_set_back_never_keeps_the_program_open(qtbot: QtBot) -> None:
    now = [datetime(2026, 11, 23, 10)]
    clock.set_source(lambda: now[0])
    watch = IdleWatch(minutes=5)
    now[0] -= timedelta(days=1)
    assert watch.seconds_left() <= 300


def test_a_window_that_opens_later_is_heard_too(qtbot: QtBot) -> None:
    watch = IdleWatch(minutes=1)
    watch.start()
    now = [datetime(2026, 11, 23, 10)]
    clock.set_source(lambda: now[0])
    later = QWidget()
    qtbot.addWidget(later)
    with qtbot.waitActive(later):
        later.show()
    watch._note()
    now[0] += timedelta(seconds=50)
    QTest.keyClick(later.windowHandle(), Qt.Key.Key_A)
    assert watch.seconds_left() > 59
    watch.stop()
    now[0] += timedelta(seconds=50)
    QTest.keyClick(later.windowHandle(), Qt.Key.Key_A)
    assert watch.seconds_left() <= 10


def test_painting_does_not_count_as_somebody_being_there(qtbot: QtBot) -> None:
    now = [datetime(2026, 11, 23, 10)]
    clock.set_source(lambda: now[0])
    watch = IdleWatch(minutes=1)
    widget = QWidget()
    qtbot.addWidget(widget)
    watch.start()
    now[0] += timedelta(seconds=30)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.UpdateRequest))
    assert watch.seconds_left() <= 30
    watch.stop()
