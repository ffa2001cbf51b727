"""A paste of two million characters, in every text field of every record type, at the form."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from shelter_app.domain.catalogue import RECORD_TYPES
from shelter_app.domain.fields import Field, Kind, fields_of
from shelter_app.domain.record import Record
from ui.kit.editors import LongTextEditor
from ui.kit.record_form import RecordForm

_HUGE = "a\U0001f642\u202eb=1 " * 300_000
_AT_ONCE = 1.0
_WORDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.PHONE)


def _text_fields(kind: type[Record]) -> list[Field]:
    shown = [field for field in fields_of(kind) if not field.kept_by_program]
    return [field for field in shown if field.kind in _WORDS]


@pytest.mark.parametrize(
    "kind", [k for k in RECORD_TYPES if _text_fields(k)], ids=lambda k: k.table
)
def test_a_huge_paste_keeps_what_fits_says_so_and_freezes_nothing(
    qtbot: QtBot, kind: type[Record]
) -> None:
    form = RecordForm(kind, None)
    fields = _text_fields(kind)
    for field in fields:
        form.row(field.name)
    qtbot.addWidget(form)
    form.show()
    data = QMimeData()
    data.setText(_HUGE)
    QGuiApplication.clipboard().setText(_HUGE)
    for field in fields:
        began = time.perf_counter()
        editor = form.editor(field.name)
        if isinstance(editor, LongTextEditor):
            editor.insertFromMimeData(data)
        else:
            line = editor if isinstance(editor, QLineEdit) else editor.findChild(QLineEdit)
            assert line is not None
            line.paste()
        assert time.perf_counter() - began < _AT_ONCE, field.name
        kept = getattr(form.record(), field.name)
        assert 0 < len(kept) <= field.longest, field.name
        assert _HUGE.startswith(kept), field.name
    hints = [found.text() for found in form.findChildren(QLabel) if "too long" in found.text()]
    assert len(hints) == len(fields)
    QGuiApplication.clipboard().clear()
