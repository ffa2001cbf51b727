"""Tables page through many records, keep the selection by id and drop late answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.kit.conftest import ThreadDesk
from ui.kit.filter_chips import Chip, FilterChips
from ui.kit.record_table import Column, RecordIdRole, RecordTable, Row, TableFilter
from ui.kit.row_model import PAGE, PAGES_KEPT, RowModel
from ui.kit.tasks import Tasks

_COLUMNS = (Column("code", "Code", 90), Column("name", "Name"), Column("risk", "Risk", 90))


class Source:
    """Answers ids and rows as a service does, and remembers the pages asked for."""

    def __init__(self, count: int) -> None:
        self.all = list(range(1, count + 1))
        self.pages: list[int] = []

    def ids(self, _work: object, wanted: TableFilter) -> list[int]:
        found = [i for i in self.all if wanted.text in f"R-{i}"]
        return sorted(found, reverse=wanted.descending)

    def rows(self, _work: object, ids: Sequence[int]) -> list[Row]:
        self.pages.append(ids[0])
        return [_row(i) for i in ids]


def _row(record_id: int) -> Row:
    return Row(record_id, (f"R-{record_id}", "Pendo", "High"), {"risk": "overdue"})


def _table(qtbot: QtBot, tasks: Tasks, source: Source) -> RecordTable:
    table = RecordTable(_COLUMNS, tasks, source.ids, source.rows)
    qtbot.addWidget(table)
    table.resize(500, 300)
    table.show()
    with qtbot.waitSignal(table.loaded):
        table.reload()
    return table


def _text(table: RecordTable, row: int, column: int = 0) -> str:
    return str(table.model().index(row, column).data() or "")


def test_the_model_keeps_qts_rules(qapp: object) -> None:
    waiting: list[tuple[Sequence[int], Callable[[Sequence[Row]], None]]] = []
    model = RowModel(_COLUMNS, lambda ids, then: waiting.append((ids, then)))
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_ids(range(1, 260))
    for row in (0, 120, 258):
        assert model.index(row, 0).data() == ""
    for ids, then in waiting:
        then([_row(i) for i in ids])
    assert [str(model.index(row, 0).data()) for row in (0, 120, 258)] == ["R-1", "R-121", "R-259"]
    model.set_ids(())
    assert model.rowCount() == 0


def test_a_page_is_asked_for_once(qapp: object) -> None:
    asked: list[Sequence[int]] = []
    model = RowModel(_COLUMNS, lambda ids, _then: asked.append(ids))
    model.set_ids(range(1, 1001))
    for row in range(PAGE):
        model.index(row, 0).data()
    assert len(asked) == 1


def test_only_the_last_pages_are_kept(qapp: object) -> None:
    model = RowModel(_COLUMNS, lambda ids, then: then([_row(i) for i in ids]))
    model.set_ids(range(1, 10_001))
    for row in range(0, 10_000, PAGE):
        model.index(row, 0).data()
    assert model.pages_kept() == PAGES_KEPT


def test_late_rows_of_an_older_list_are_dropped(qapp: object) -> None:
    waiting: list[tuple[Sequence[int], Callable[[Sequence[Row]], None]]] = []
    model = RowModel(_COLUMNS, lambda ids, then: waiting.append((ids, then)))
    model.set_ids((1, 2))
    model.index(0, 0).data()
    model.set_ids((8, 9))
    ids, then = waiting[0]
    then([_row(i) for i in ids])
    assert model.index(0, 0).data() == ""


def test_a_record_that_went_away_leaves_a_blank_line(qapp: object) -> None:
    model = RowModel(_COLUMNS, lambda _ids, then: then([_row(1), _row(3)]))
    model.set_ids((1, 2, 3))
    assert [model.index(row, 0).data() for row in range(3)] == ["R-1", "", "R-3"]


def test_rows_arrive_after_the_ids(qtbot: QtBot, tasks: Tasks) -> None:
    table = _table(qtbot, tasks, Source(250))
    assert table.count() == 250
    qtbot.waitUntil(lambda: _text(table, 3) == "R-4")
    assert table.model().index(3, 0).data(RecordIdRole) == 4


def test_jumping_to_the_end_asks_for_the_end_only(qtbot: QtBot, tasks: Tasks) -> None:
    source = Source(100_000)
    table = _table(qtbot, tasks, source)
    qtbot.waitUntil(lambda: _text(table, 0) == "R-1")
    table.scrollToBottom()
    qtbot.waitUntil(lambda: _text(table, 99_999) == "R-100000")
    assert len(source.pages) <= 4


def test_showing_a_hundred_thousand_ids_takes_no_time(qtbot: QtBot, tasks: Tasks) -> None:
    table = _table(qtbot, tasks, Source(100_000))
    ids = range(100_000, 0, -1)
    began = time.perf_counter()
    table._show(table._generation, tuple(ids))
    table.select_id(5)
    assert time.perf_counter() - began < 0.25


def test_the_selection_stays_on_its_record(qtbot: QtBot, tasks: Tasks) -> None:
    source = Source(50)
    table = _table(qtbot, tasks, source)
    assert table.select_id(20)
    source.all = [7, 20, 30]
    with qtbot.waitSignal(table.loaded):
        table.reload()
    assert table.current_id() == 20
    assert table.currentIndex().row() == 1


def test_a_record_just_saved_is_current_as_soon_as_it_is_listed(qtbot: QtBot, tasks: Tasks) -> None:
    source = Source(50)
    table = _table(qtbot, tasks, source)
    table.select_id(20)
    source.all.append(51)
    with qtbot.waitSignal(table.loaded):
        table.expect(51)
    assert table.current_id() == 51
    with qtbot.waitSignal(table.loaded):
        table.expect(99)
    assert table.current_id() == 51
    source.all.append(99)
    with qtbot.waitSignal(table.loaded):
        table.reload()
    assert table.current_id() == 99
    with qtbot.waitSignal(table.loaded):
        table.expect(100)
    table.select_id(20)
    source.all.append(100)
    with qtbot.waitSignal(table.loaded):
        table.reload()
    assert table.current_id() == 20


def test_a_record_that_is_not_listed_is_not_selected(qtbot: QtBot, tasks: Tasks) -> None:
    assert not _table(qtbot, tasks, Source(5)).select_id(99)


def test_an_older_answer_never_replaces_a_newer_one(
    qtbot: QtBot, tasks: Tasks, desk: ThreadDesk
) -> None:
    source = Source(20)
    table = _table(qtbot, tasks, source)
    desk.gate.clear()
    table.set_filter(TableFilter(text="1"))
    table.set_filter(TableFilter(text="20"))
    desk.gate.set()
    qtbot.waitUntil(tasks.is_idle)
    assert table.count() == 1


def test_enter_and_double_click_choose(qtbot: QtBot, tasks: Tasks) -> None:
    table = _table(qtbot, tasks, Source(5))
    qtbot.waitUntil(lambda: _text(table, 2) == "R-3")
    chosen: list[int] = []
    table.chosen.connect(chosen.append)
    table.select_id(2)
    QTest.keyClick(table, Qt.Key.Key_Return)
    place = table.visualRect(table.model().index(2, 0)).center()
    QTest.mouseDClick(
        table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )
    assert chosen == [2, 3]


def test_ids_of_sixty_bits_come_through_whole(qtbot: QtBot, tasks: Tasks) -> None:
    source = Source(0)
    source.all = [2**62 + 5]
    table = _table(qtbot, tasks, source)
    chosen: list[int] = []
    table.chosen.connect(chosen.append)
    table.go_in()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert chosen == [2**62 + 5]
    assert table.model().index(0, 0).data(RecordIdRole) == 2**62 + 5


def test_a_click_on_a_title_asks_for_that_order(qtbot: QtBot, tasks: Tasks) -> None:
    table = _table(qtbot, tasks, Source(5))
    for expected in (False, True):
        with qtbot.waitSignal(table.loaded):
            table.horizontalHeader().sectionClicked.emit(0)
        assert table.filter().order == "code"
        assert table.filter().descending is expected
    assert table.model().index(0, 0).data(RecordIdRole) == 5


def test_an_empty_list_says_what_belongs_there(qtbot: QtBot, tasks: Tasks) -> None:
    source = Source(0)
    table = _table(qtbot, tasks, source)
    empty = table.set_empty("Nobody here yet.", "Admit")
    with qtbot.waitSignal(table.loaded):
        table.reload()
    assert empty.isVisible()
    with qtbot.waitSignal(empty.acted):
        empty.action_button.click()
    source.all = [1]
    with qtbot.waitSignal(table.loaded):
        table.reload()
    assert not empty.isVisible()


@pytest.mark.parametrize("last", [0, 90], ids=["open at the end", "all of fixed width"])
def test_a_heading_is_read_whole_where_there_is_room(qtbot: QtBot, tasks: Tasks, last: int) -> None:
    columns = (Column("code", "Waits for somebody since", 60), Column("name", "Name", last))
    source = Source(0)
    table = RecordTable(columns, tasks, source.ids, source.rows)
    qtbot.addWidget(table)
    table.resize(600, 300)
    table.show()
    across = table.horizontalHeader()
    assert across.sectionSize(0) >= across.sectionSizeHint(0) > 60
    assert across.sectionSize(0) + across.sectionSize(1) == table.viewport().width()
    table.hide()


def test_typing_narrows_after_a_pause_and_esc_widens_again(qtbot: QtBot, tasks: Tasks) -> None:
    table = _table(qtbot, tasks, Source(30))
    chips = FilterChips((Chip("mine", "Mine"),), "Name or code")
    qtbot.addWidget(chips)
    chips.show()
    table.bind(chips)
    with qtbot.waitSignal(table.loaded):
        QTest.keyClicks(chips.search_box, "R-30")
    assert table.count() == 1
    with qtbot.waitSignal(table.loaded):
        QTest.keyClick(chips.search_box, Qt.Key.Key_Escape)
    assert table.count() == 30


def test_down_goes_from_the_search_into_the_table(qtbot: QtBot, tasks: Tasks) -> None:
    table = _table(qtbot, tasks, Source(3))
    chips = FilterChips()
    qtbot.addWidget(chips)
    table.bind(chips)
    QTest.keyClick(chips.search_box, Qt.Key.Key_Down)
    assert table.current_id() == 1


def test_chips_are_part_of_the_filter(qtbot: QtBot, tasks: Tasks) -> None:
    table = _table(qtbot, tasks, Source(3))
    chips = FilterChips((Chip("in", "In residence", on=True), Chip("mine", "Mine")))
    qtbot.addWidget(chips)
    table.bind(chips)
    assert table.filter().chips == ("in",)
    mine = chips.findChild(QPushButton, "chip_mine")
    assert mine is not None
    with qtbot.waitSignal(table.loaded):
        mine.click()
    assert table.filter().chips == ("in", "mine")


def test_of_exclusive_chips_one_is_on(qtbot: QtBot) -> None:
    chips = FilterChips((Chip("a", "A", on=True), Chip("b", "B")), exclusive=True)
    qtbot.addWidget(chips)
    for name in ("chip_b", "chip_b"):
        found = chips.findChild(QPushButton, name)
        assert found is not None
        found.click()
        assert chips.chosen() == ("b",)


@pytest.mark.parametrize(("shown", "of", "words"), [(22, 240, "22 of 240"), (5, 5, "5")])
def test_the_row_says_how_much_is_shown(qtbot: QtBot, shown: int, of: int, words: str) -> None:
    chips = FilterChips()
    qtbot.addWidget(chips)
    chips.set_count(shown, of)
    assert chips.count_label.text() == words
