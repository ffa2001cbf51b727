"""Forms give back exactly what was shown and typed, and lose nothing."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.domain.person import Person
from shelter_app.errors import Problem
from tests.ui.kit.sample import NAMES, Sample
from ui.kit.editors import (
    ChoiceEditor,
    DayEditor,
    LinkEdit,
    LinkSource,
    LongTextEditor,
    MomentEditor,
    TextEditor,
)
from ui.kit.month_popup import MonthGrid
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import UNREADABLE
from ui.kit.tasks import Tasks

pytestmark = pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)

_FULL = Sample(
    id=7,
    revision=3,
    name="Pendo",
    number_called="0700 000 000",
    sex="F",
    nationality="KE",
    held_on=date(2026, 11, 20),
    starts_at=datetime(2026, 11, 20, 9, 30),
    minutes=50,
    cost=1500,
    themes=("sleep",),
    languages=("swa", "eng"),
    asked=False,
    no_photographs=True,
    companion_id=2,
    note="Two\nlines",
)


def _staff(_work: object, text: str) -> Sequence[tuple[int, str]]:
    found = [(1, "Amina W."), (2, "Grace M."), (3, "Joseph O.")]
    return [pair for pair in found if text.casefold() in pair[1].casefold()]


def _alias(_work: object, staff_id: int) -> str:
    return dict(_staff(None, ""))[staff_id]


@pytest.fixture
def form(qtbot: QtBot, tasks: Tasks) -> RecordForm[Sample]:
    return _form(qtbot, tasks)


def _form(qtbot: QtBot, tasks: Tasks | None, **more: Any) -> RecordForm[Sample]:
    made = RecordForm(Sample, tasks, links={"companion_id": LinkSource(_staff, _alias)}, **more)
    for name in NAMES:
        made.row(name)
    qtbot.addWidget(made)
    made.show()
    return made


def _line(form: RecordForm[Sample], name: str) -> QLineEdit:
    found = form.findChild(QLineEdit, name)
    assert found is not None
    return found


def _hint(form: RecordForm[Sample], name: str) -> QLabel:
    found = form.findChild(QLabel, f"{name}_hint")
    assert found is not None
    return found


def _press(form: RecordForm[Sample], name: str) -> None:
    found = form.findChild(QPushButton, name)
    assert found is not None
    found.click()


def test_showing_a_record_modifies_nothing(form: RecordForm[Sample]) -> None:
    form.set_record(_FULL)
    assert form.record() == _FULL
    assert not form.is_modified()


def test_values_the_editors_cannot_show_stay_exact(form: RecordForm[Sample]) -> None:
    odd = Sample(
        name="x" * 90,
        starts_at=datetime(2026, 11, 20, 9, 30, 59),
        sex="code-of-a-later-version",
        themes=("dropped", "sleep"),
    )
    form.set_record(odd)
    assert form.record() == odd
    assert not form.is_modified()


def test_the_name_of_a_link_that_comes_late_is_typed_over(
    form: RecordForm[Sample], qtbot: QtBot
) -> None:
    line = _line(form, "companion_id")
    line.setFocus(Qt.FocusReason.OtherFocusReason)
    qtbot.waitUntil(line.hasFocus)
    form.set_record(_FULL)
    qtbot.waitUntil(lambda: line.text() == "Grace M.")
    QTest.keyClicks(line, "jo")
    assert line.text() == "jo"


@pytest.mark.parametrize(
    ("day", "time", "marked"),
    [
        ("21 Nov", "25:70", ["time"]),
        ("31 feb", "9:30", ["day"]),
        ("21 Nov", "", ["time"]),
        ("", "9:30", ["day"]),
        ("", "", []),
    ],
)
def test_the_wrong_part_of_a_moment_is_marked_and_gets_the_keyboard(
    form: RecordForm[Sample], day: str, time: str, marked: list[str]
) -> None:
    form.set_record(dataclasses.replace(_FULL, starts_at=None))
    editor = form.editor("starts_at")
    assert isinstance(editor, MomentEditor)
    editor.setText(f"{day}\n{time}")
    form.check()
    parts = {"day": editor.day_edit, "time": editor.time_edit}
    assert [name for name, part in parts.items() if part.property("problem")] == marked
    assert editor.focusProxy() is parts[(marked or ["day"])[0]]


def test_a_sentence_goes_when_the_program_fills_the_field(
    form: RecordForm[Sample], qtbot: QtBot
) -> None:
    form.set_record(Sample())
    name = form.editor("name")
    for said, filled in ((True, ""), (False, "Zawadi")):
        name.set_value(filled)  # type: ignore[arg-type]
        name.edited.emit()
        qtbot.waitUntil(lambda: not form._pause.isActive())
        assert _hint(form, "name").isVisible() is said


_RECORDS = st.builds(
    Sample,
    name=st.text(max_size=60).map(lambda text: text.replace("\r", "").replace("\n", "")),
    note=st.text(max_size=200).map(lambda text: text.replace("\r", "")),
    sex=st.sampled_from(["", "F", "M", "gone"]),
    held_on=st.none() | st.dates(),
    starts_at=st.none() | st.datetimes(),
    minutes=st.none() | st.integers(-(10**9), 10**9),
    cost=st.none() | st.integers(0, 10**9),
    asked=st.none() | st.booleans(),
    no_photographs=st.booleans(),
    themes=st.lists(st.sampled_from(["sleep", "family", "gone"]), unique=True).map(tuple),
)


@pytest.fixture(scope="module")
def shared(qapp: QApplication) -> RecordForm[Sample]:
    made = RecordForm(Sample)
    for name in NAMES:
        made.row(name)
    return made


@given(record=_RECORDS)
def test_any_record_comes_back_as_it_was_shown(shared: RecordForm[Sample], record: Sample) -> None:
    shared.set_record(record)
    assert shared.record() == record
    assert not shared.is_modified()


def test_typing_changes_only_what_was_typed(form: RecordForm[Sample], qtbot: QtBot) -> None:
    form.set_record(_FULL)
    line = _line(form, "name")
    line.selectAll()
    QTest.keyClicks(line, "Zawadi")
    assert form.record() == dataclasses.replace(_FULL, name="Zawadi")
    assert form.is_modified()


def test_typing_back_what_was_there_is_no_change(form: RecordForm[Sample], qtbot: QtBot) -> None:
    form.set_record(Sample(name="A"))
    line = _line(form, "name")
    line.setCursorPosition(1)
    QTest.keyClicks(line, "b")
    assert form.is_modified()
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert not form.is_modified()


def test_a_typed_day_is_read_and_written_out(form: RecordForm[Sample], qtbot: QtBot) -> None:
    clock.set_source(lambda: datetime(2026, 11, 23, 10))
    line = _line(form, "held_on")
    QTest.keyClicks(line, "3 sep")
    assert form.record().held_on == date(2026, 9, 3)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "Thu 3 Sep 2026"


def test_a_day_that_cannot_be_read_is_kept_and_named(
    form: RecordForm[Sample], qtbot: QtBot
) -> None:
    line = _line(form, "held_on")
    QTest.keyClicks(line, "31/2/2026")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "31/2/2026"
    assert "date" in _hint(form, "held_on").text()
    assert form.is_modified()
    assert [problem.field for problem in form.unreadable()] == ["held_on"]
    assert not form.check()


def test_a_day_ahead_is_refused_beside_its_field(form: RecordForm[Sample], qtbot: QtBot) -> None:
    QTest.keyClicks(_line(form, "held_on"), "+7d")
    qtbot.waitUntil(lambda: "future" in _hint(form, "held_on").text())
    assert _line(form, "held_on").property("problem") is True


def test_a_day_without_its_time_is_asked_for(form: RecordForm[Sample], qtbot: QtBot) -> None:
    editor = form.editor("starts_at")
    assert isinstance(editor, MomentEditor)
    QTest.keyClicks(editor.day_edit, "today")
    assert form.record().starts_at is None
    assert [problem.field for problem in form.unreadable()] == ["starts_at"]
    QTest.keyClicks(editor.time_edit, "930")
    assert form.unreadable() == []
    moment = form.record().starts_at
    assert moment is not None
    assert (moment.hour, moment.minute) == (9, 30)


def test_a_day_that_is_none_is_still_said_after_its_time_was_written(
    form: RecordForm[Sample], qtbot: QtBot
) -> None:
    editor = form.editor("starts_at")
    assert isinstance(editor, MomentEditor)
    QTest.keyClicks(editor.day_edit, "0800")
    QTest.keyClick(editor.day_edit, Qt.Key.Key_Return)
    QTest.keyClicks(editor.time_edit, "930")
    QTest.keyClick(editor.time_edit, Qt.Key.Key_Return)
    assert "write a date" in _hint(form, "starts_at").text()
    assert editor.day_edit.property("problem") is True
    assert editor.time_edit.property("problem") is False


def test_a_number_may_be_written_with_commas(form: RecordForm[Sample], qtbot: QtBot) -> None:
    QTest.keyClicks(_line(form, "cost"), "12,500")
    assert form.record().cost == 12_500


def test_a_word_is_no_number(form: RecordForm[Sample], qtbot: QtBot) -> None:
    QTest.keyClicks(_line(form, "minutes"), "an hour")
    assert form.record().minutes is None
    assert [problem.field for problem in form.unreadable()] == ["minutes"]


def test_a_long_list_is_narrowed_by_typing(form: RecordForm[Sample], qtbot: QtBot) -> None:
    editor = form.editor("nationality")
    assert isinstance(editor, ChoiceEditor)
    line = editor.lineEdit()
    assert line is not None
    QTest.keyClicks(line, codelists.label("nationality", "KE"))
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert form.record().nationality == "KE"


def test_the_list_of_a_narrow_field_shows_its_lines_whole(form: RecordForm[Sample]) -> None:
    editor = form.editor("sex")
    assert isinstance(editor, ChoiceEditor)
    editor.addItem("Low: contained, nothing personal was left in it", "long")
    editor.setFixedWidth(90)
    editor.showPopup()
    assert editor.view().width() >= editor.view().sizeHintForColumn(0)
    editor.hidePopup()


def test_words_too_long_for_a_narrow_list_end_with_an_ellipsis(form: RecordForm[Sample]) -> None:
    editor = form.editor("sex")
    assert isinstance(editor, ChoiceEditor)
    editor.addItem("Mwendesha mashtaka (ODPP)", "long")
    editor.set_value("long")
    editor.setFixedWidth(160)
    assert editor.shown_words().startswith("Mwendesha")
    assert editor.shown_words().endswith("…")
    editor.setFixedWidth(400)
    assert editor.shown_words() == editor.currentText()


def test_a_word_that_is_not_in_the_list_is_named(form: RecordForm[Sample], qtbot: QtBot) -> None:
    editor = form.editor("nationality")
    assert isinstance(editor, ChoiceEditor)
    line = editor.lineEdit()
    assert line is not None
    QTest.keyClicks(line, "zzzz")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert form.record().nationality == ""
    assert "list" in _hint(form, "nationality").text()


def test_a_code_that_was_dropped_shows_with_a_mark(form: RecordForm[Sample]) -> None:
    form.set_record(Sample(sex="gone"))
    editor = form.editor("sex")
    assert isinstance(editor, ChoiceEditor)
    assert editor.currentText() == "gone (no longer used)"
    assert form.record().sex == "gone"


def test_the_wheel_never_changes_a_choice(form: RecordForm[Sample]) -> None:
    form.set_record(Sample(sex="F"))
    editor = form.editor("sex")
    assert isinstance(editor, ChoiceEditor)
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor, turn)
    assert form.record().sex == "F"


def test_pills_turn_codes_on_and_off(form: RecordForm[Sample]) -> None:
    codes = [row.code for row in codelists.offered("session_theme")][:2]
    for code in codes:
        _press(form, f"themes_{code}")
    assert form.record().themes == tuple(codes)
    _press(form, f"themes_{codes[0]}")
    assert form.record().themes == (codes[1],)


def test_an_answer_is_not_asked_until_it_is_given(form: RecordForm[Sample]) -> None:
    assert form.record().asked is None
    _press(form, "asked_yes")
    assert form.record().asked is True
    _press(form, "asked_not_asked")
    assert form.record().asked is None


def test_a_link_is_found_by_a_few_letters(form: RecordForm[Sample], qtbot: QtBot) -> None:
    editor = form.editor("companion_id")
    assert isinstance(editor, LinkEdit)
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    QTest.keyClicks(editor, "gra")
    qtbot.waitUntil(lambda: editor.choices_shown() == ["Grace M."])
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert form.record().companion_id == 2
    assert editor.text() == "Grace M."


def test_a_link_to_an_id_of_sixty_bits_is_kept_whole(
    form: RecordForm[Sample], qtbot: QtBot
) -> None:
    large = 2**62 + 5
    form.set_link_source("companion_id", LinkSource(lambda _work, _text: [(large, "Amina W.")]))
    editor = form.editor("companion_id")
    assert isinstance(editor, LinkEdit)
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    QTest.keyClicks(editor, "am")
    qtbot.waitUntil(lambda: editor.choices_shown() == ["Amina W."])
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert form.record().companion_id == large


def test_a_link_shows_the_words_of_its_id(form: RecordForm[Sample], qtbot: QtBot) -> None:
    form.set_record(_FULL)
    qtbot.waitUntil(lambda: _line(form, "companion_id").text() == "Grace M.")
    assert not form.is_modified()


def test_letters_that_name_nobody_are_kept_and_named(
    form: RecordForm[Sample], qtbot: QtBot
) -> None:
    QTest.keyClicks(_line(form, "companion_id"), "nobody")
    assert _line(form, "companion_id").text() == "nobody"
    assert [problem.field for problem in form.unreadable()] == ["companion_id"]


def test_a_paste_of_two_million_characters_keeps_what_fits_at_once(
    form: RecordForm[Sample], qtbot: QtBot
) -> None:
    note = form.editor("note")
    assert isinstance(note, LongTextEditor)
    data = QMimeData()
    data.setText("a\U0001f642b " * 500_000)
    began = time.perf_counter()
    note.insertFromMimeData(data)
    assert time.perf_counter() - began < 1
    assert len(form.record().note) <= 20_000
    assert "too long" in _hint(form, "note").text()
    assert form.record().problems()[0].field == "name"


def test_a_huge_paste_into_one_line_keeps_what_fits(form: RecordForm[Sample], qtbot: QtBot) -> None:
    line = _line(form, "name")
    QGuiApplication.clipboard().setText("x" * 2_000_000)
    began = time.perf_counter()
    line.paste()
    assert time.perf_counter() - began < 1
    assert form.record().name == "x" * 40
    assert "too long" in _hint(form, "name").text()
    QGuiApplication.clipboard().clear()


def test_typing_past_the_end_says_so_until_people_type_on(
    form: RecordForm[Sample], qtbot: QtBot
) -> None:
    line = _line(form, "name")
    QTest.keyClicks(line, "y" * 41)
    assert "too long" in _hint(form, "name").text()
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert _hint(form, "name").isHidden()


@pytest.mark.parametrize(
    "strange",
    ["\U0001f642\U0001f469\u200d\U0001f467", "\u0645\u0631\u062d\u0628\u0627", "=1+1", "a\x00b"],
)
def test_strange_text_is_kept_or_named_and_never_breaks_the_form(
    form: RecordForm[Sample], strange: str
) -> None:
    for name in ("name", "note"):
        editor = form.editor(name)
        assert isinstance(editor, (TextEditor, LongTextEditor))
        editor.set_value(strange)
    record = form.record()
    assert record.note.replace("\x00", "") == strange.replace("\x00", "")
    form.show_problems(record.problems())


def test_fields_closed_to_the_worker_are_not_built(qtbot: QtBot) -> None:
    form = _form(qtbot, None, readable=("name", "note"))
    assert form.has_field("name")
    assert not form.has_field("sex")
    assert form.findChild(ChoiceEditor, "sex") is None
    secret = Sample(name="A", sex="F")
    form.set_record(secret)
    assert form.record() == secret


def test_a_form_to_read_cannot_be_changed(form: RecordForm[Sample], qtbot: QtBot) -> None:
    form.set_record(_FULL)
    form.set_read_only(True)
    for line in form.findChildren(QLineEdit):
        QTest.keyClicks(line, "z")
    for pill in form.findChildren(QPushButton):
        pill.click()
    sex = form.editor("sex")
    QTest.keyClick(sex, Qt.Key.Key_Down)
    note = form.findChild(QPlainTextEdit, "note")
    assert note is not None
    QTest.keyClicks(note, "z")
    assert form.record() == _FULL


def test_problems_stand_beside_their_fields_and_the_rest_comes_back(
    form: RecordForm[Sample],
) -> None:
    left = form.show_problems(
        [Problem("name", "Please fill this in."), Problem("elsewhere", "Not here.")]
    )
    assert _hint(form, "name").text() == "Please fill this in."
    assert [problem.field for problem in left] == ["elsewhere"]


def test_checking_goes_to_the_first_field_that_needs_a_look(
    form: RecordForm[Sample], qtbot: QtBot
) -> None:
    assert not form.check()
    qtbot.waitUntil(lambda: _line(form, "name").hasFocus())
    assert "fill" in _hint(form, "name").text()


def test_every_editor_is_named_for_screen_readers_and_reached_by_its_label(
    form: RecordForm[Sample],
) -> None:
    for name in NAMES:
        assert form.editor(name).accessibleName()
        label = form.findChild(QLabel, f"{name}_label")
        assert name == "no_photographs" or (label and label.buddy() is form.editor(name))


def test_hit_targets_are_large_enough(form: RecordForm[Sample], qtbot: QtBot) -> None:
    form.resize(520, 1200)
    for pill in form.findChildren(QPushButton):
        assert pill.sizeHint().height() >= 28
    for line in form.findChildren(QLineEdit):
        if not isinstance(line.parent(), ChoiceEditor):
            assert line.sizeHint().height() >= 28


def test_a_draft_brings_back_what_was_half_typed(qtbot: QtBot, tasks: Tasks) -> None:
    first, second = _form(qtbot, tasks), _form(qtbot, tasks)
    first.set_record(_FULL)
    second.set_record(_FULL)
    for name, text in (("name", "!"), ("held_on", " or so"), ("minutes", "x")):
        line = _line(first, name)
        line.setCursorPosition(len(line.text()))
        QTest.keyClicks(line, text)
    _press(first, "asked_yes")
    QTest.keyClicks(_line(first, "companion_id"), "zz")
    second.restore(first.draft())
    assert second.draft() == first.draft()
    assert _line(second, "held_on").text() == "Fri 20 Nov 2026 or so"
    assert second.record().asked is True
    assert second.record().name == "Pendo!"


@pytest.mark.parametrize("state", ["7", "1180591620717411303424", "{}", "1.5"])
def test_a_draft_with_what_no_editor_holds_is_not_put_into_one(
    form: RecordForm[Sample], state: str
) -> None:
    with pytest.raises(UNREADABLE):
        form.restore(f'{{"name": {{"value": {state}}}}}')


def test_the_calendar_opens_and_gives_a_day(form: RecordForm[Sample], qtbot: QtBot) -> None:
    editor = form.editor("held_on")
    assert isinstance(editor, DayEditor)
    editor.set_value(date(2026, 11, 20))
    QTest.keyClick(editor, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    grid = editor.findChild(MonthGrid)
    assert grid is not None
    assert grid.accessibleDescription() == "Fri 20 Nov 2026"
    QTest.keyClick(grid, Qt.Key.Key_PageDown)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert form.record().held_on == date(2026, 12, 28)


def test_a_day_is_picked_from_the_month_by_a_click(qtbot: QtBot) -> None:
    grid = MonthGrid(date(2026, 1, 31))
    qtbot.addWidget(grid)
    grid.turn(1)
    assert grid.day() == date(2026, 2, 28)
    place = grid.rect_of(date(2026, 2, 3)).center()
    with qtbot.waitSignal(grid.picked) as picked:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert picked.args == [date(2026, 2, 3)]


def test_a_hint_that_goes_gives_its_room_back(qtbot: QtBot) -> None:
    form = RecordForm(Sample)
    form.row("name", "sex", "held_on")
    form.row("note", tall=True)
    qtbot.addWidget(form)
    form.resize(360, 700)
    form.show()
    note = form.editor("note")
    assert isinstance(note, QPlainTextEdit)
    qtbot.waitUntil(lambda: 200 < note.height() < 600)
    before = note.height()
    form.show_problems([Problem("held_on", "This date is in the future.")])
    qtbot.waitUntil(lambda: note.height() < before)
    form.show_problems([])
    qtbot.waitUntil(lambda: note.height() == before)


def test_editors_stand_level_when_one_label_takes_two_lines(qtbot: QtBot) -> None:
    form = RecordForm(Sample)
    form.row("name", "no_photographs", "minutes")
    form.need("minutes")
    qtbot.addWidget(form)
    form.resize(410, 300)
    form.show()
    names = ("name", "no_photographs", "minutes")
    labels = [form.findChild(QLabel, f"{name}_label") for name in ("name", "minutes")]
    short, long = (each.height() for each in labels if each is not None)
    assert short < long
    assert len({form.editor(name).mapTo(form, QPoint(0, 0)).y() for name in names}) == 1
    form.set_fields_visible(("name",))
    qtbot.waitUntil(lambda: form.editor("name").mapTo(form, QPoint(0, 0)).y() < long)


def test_a_narrow_form_folds_its_rows(qtbot: QtBot) -> None:
    form = RecordForm(Sample)
    form.row("name", "sex", "minutes")
    qtbot.addWidget(form)
    form.resize(600, 300)
    form.show()
    names = ("name", "sex", "minutes")
    wide = {form.editor(name).mapTo(form, QPoint(0, 0)).y() for name in names}
    form.resize(200, 400)
    qtbot.waitUntil(
        lambda: len({form.editor(name).mapTo(form, QPoint(0, 0)).y() for name in names}) == 3
    )
    assert len(wide) == 1
    assert form.minimumSizeHint().width() < 240


def test_none_of_several_choices_stands_alone(qtbot: QtBot) -> None:
    form = RecordForm(Person, None)
    qtbot.addWidget(form)
    form.row("disability")
    form.set_record(Person(disability=("none", "visual")))  # as an older entry may have it
    assert form.record().disability == ("none", "visual")
    form.set_record(Person())

    def press(code: str) -> tuple[str, ...]:
        pill = form.findChild(QPushButton, f"disability_{code}")
        assert isinstance(pill, QPushButton)
        pill.click()
        return form.record().disability

    assert press("none") == ("none",)
    assert press("visual") == ("visual",)
    assert press("hearing") == ("visual", "hearing")
    assert press("unknown") == ("unknown",)
    assert press("none") == ("none",)
    assert press("none") == ()


def test_what_a_service_refuses_stays_although_the_field_was_typed_in_just_before(
    qtbot: QtBot,
) -> None:
    form = RecordForm(Person, None)
    qtbot.addWidget(form)
    form.row("display_alias")
    form.set_record(Person(display_alias="Zawadi", sex="F", language_main="swa"))
    form.show()
    name = form.editor("display_alias")
    assert isinstance(name, QLineEdit)
    QTest.keyClicks(name, " B")
    form.show_problems([Problem("display_alias", "Somebody goes by this name already.")])
    with qtbot.assertNotEmitted(form.checked, wait=1_200):
        pass
    assert form.has_refused()
    with qtbot.waitSignal(form.checked):
        QTest.keyClicks(name, ".")
    assert not form.has_refused()


def test_a_refused_day_stays_refused_when_the_keyboard_is_led_to_it(
    form: RecordForm[Sample], qtbot: QtBot
) -> None:
    editor = form.editor("starts_at")
    assert isinstance(editor, MomentEditor)
    form.show()
    form.activateWindow()
    QTest.keyClicks(editor.day_edit, "3/9/1926")
    editor.time_edit.setFocus()
    QTest.keyClicks(editor.time_edit, "930")
    problems = [found for found in form.record().problems() if found.field == "starts_at"]
    assert problems
    form.show_problems(problems)
    form.go_to_refused()
    qtbot.waitUntil(editor.day_edit.hasFocus)
    assert "cannot be right" in _hint(form, "starts_at").text()
    assert editor.day_edit.property("problem") is True
