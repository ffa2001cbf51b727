"""What Qt says by itself is said in the language of the program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from shelter_app.i18n import _
from ui import language

WORDS = [
    (context, source, ours)
    for context, known in language._WORDS.items()
    for source, ours in known.items()
]


@pytest.fixture
def swahili() -> Iterator[None]:
    language.speak("sw")
    yield
    language.speak("en")


@pytest.mark.usefixtures("swahili", "qapp")
@pytest.mark.parametrize(("context", "source", "ours"), WORDS)
def test_every_word_of_qt_is_found_in_swahili(context: str, source: str, ours: str) -> None:
    said = QCoreApplication.translate(context, source)
    assert said == _(ours)
    assert said not in {source, ours}


@pytest.mark.usefixtures("qapp")
def test_english_is_what_qt_says_by_itself() -> None:
    language.speak("sw")
    language.speak("en")
    assert {QCoreApplication.translate(context, source) for context, source, _ours in WORDS} == {
        source for _context, source, _ours in WORDS
    }


@pytest.mark.usefixtures("swahili")
def test_the_dialog_of_folders_and_the_menu_of_a_field_are_in_swahili(qtbot: QtBot) -> None:
    dialog = QFileDialog()
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.show()
    shown = {each.text() for each in dialog.findChildren(QLabel)}
    shown |= {each.text() for each in dialog.findChildren(QPushButton)}
    assert {"Tafuta ndani ya:", "Folda:", "Chagua", "Ghairi"} <= shown
    field = QLineEdit("neno")
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    assert [each.text().split("\t")[0] for each in menu.actions() if each.text()] == [
        "Tendua", "Fanya tena", "Kata", "Nakili", "Bandika", "Futa", "Chagua yote",
    ]  # fmt: skip
    menu.deleteLater()
