"""The assistant that makes a house, by keyboard, up to the sign-in window it ends at."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from shelter_app import settings
from shelter_app.storage import keyring_file
from tests.fixtures import COST
from ui.first_run.sheets import SheetStep
from ui.first_run.steps import LanguageStep, NamesStep, PhraseStep
from ui.first_run.window import FirstRunWindow
from ui.program import Program
from ui.sign_in import SignInWindow

PHRASE = "twiga nyekundu safari mbali"


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    """A program that finds no house, with its assistant in front."""
    hooks = sys.excepthook, threading.excepthook
    made = Program(tmp_path / "house")
    made.start()
    _assistant(made)._cost = COST
    yield made
    for window in (made.window, made._left):
        if window is not None:
            window.hide()
    made.deleteLater()
    sys.excepthook, threading.excepthook = hooks


def _assistant(program: Program) -> FirstRunWindow:
    return cast("FirstRunWindow", program.window)


def _enter(widget: QWidget) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Return)


def _fill_in_names(program: Program) -> None:
    _enter(cast("LanguageStep", _assistant(program).current()).buttons["en"])
    _enter(_assistant(program).focusWidget())
    names = cast("NamesStep", _assistant(program).current())
    QTest.keyClicks(names.house_edit, "Nyumba")
    QTest.keyClicks(names.alias_edit, "Zawadi")
    _enter(names.alias_edit)


def _type_back(program: Program) -> str:
    sheet = cast("SheetStep", _assistant(program).current())
    sheet.typed_edit.setText(sheet.sheet.code)
    _enter(sheet.typed_edit)
    return sheet.sheet.letter


def test_enter_in_a_field_goes_on_by_one_step_only(program: Program) -> None:
    _enter(cast("LanguageStep", _assistant(program).current()).buttons["en"])
    _enter(_assistant(program).focusWidget())
    names = _assistant(program).current()
    assert isinstance(names, NamesStep)
    assert names.problem_label.text() == ""


def test_the_assistant_is_gone_through_with_enter_and_ends_at_sign_in(
    qtbot: QtBot, program: Program
) -> None:
    # Nothing here keeps the assistant's window: it must live until its last signal is heard.
    _fill_in_names(program)
    phrase = cast("PhraseStep", _assistant(program).current())
    for edit in (phrase.first_edit, phrase.again_edit):
        QTest.keyClicks(edit.line_edit, PHRASE)
        _enter(edit.line_edit)
    qtbot.waitUntil(lambda: isinstance(_assistant(program).current(), SheetStep), timeout=20_000)
    assert _type_back(program) == "R"
    qtbot.waitUntil(
        lambda: cast("SheetStep", _assistant(program).current()).sheet.letter == "C", timeout=20_000
    )
    assert _type_back(program) == "C"
    qtbot.waitUntil(lambda: isinstance(program.window, SignInWindow), timeout=20_000)
    assert isinstance(program.window, SignInWindow)
    assert all(slot.proved for slot in keyring_file.load(program.folder).slots[1:])
    names = program.window.card.name_box
    qtbot.waitUntil(lambda: names.count() == 1)
    assert names.itemText(0) == "Zawadi"


def test_a_missing_name_is_where_typing_goes_on(qtbot: QtBot, program: Program) -> None:
    window = _assistant(program)
    window.show_step(2)
    names = cast("NamesStep", window.current())
    QTest.keyClicks(names.house_edit, "Nyumba")
    _enter(names.house_edit)
    assert window.current() is names
    assert window.focusWidget() is names.alias_edit


def test_the_language_of_the_assistant_is_kept(qtbot: QtBot, program: Program) -> None:
    window = _assistant(program)
    QTest.keyClick(cast("LanguageStep", window.current()).buttons["sw"], Qt.Key.Key_Space)
    assert settings.load().language == "sw"
    QTest.keyClick(cast("LanguageStep", window.current()).buttons["en"], Qt.Key.Key_Space)
    assert settings.load().language == "en"
