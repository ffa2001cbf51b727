"""The gallery shows every part in both themes and at large text."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui import gallery
from ui.kit import theme


@pytest.mark.slow
def test_every_part_is_rendered(qapp: QApplication, tmp_path: Path) -> None:
    made = gallery.render(qapp, tmp_path)
    theme.apply(qapp, "light")
    assert len(made) == 3 * 12
    assert all(not QImage(str(path)).isNull() for path in made)


def test_every_part_can_be_walked_by_tab_alone(qtbot: QtBot) -> None:
    made = gallery.Gallery()
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    for key, part in made.parts.items():
        made.tabs.set_current(key)
        for widget in part.findChildren(QWidget):
            acts = widget.focusPolicy() & Qt.FocusPolicy.ClickFocus
            reads_only = isinstance(widget, QLabel)
            if acts and not reads_only and widget.isVisible() and widget.isEnabled():
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget.objectName()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_no_word_is_cut_off_at_any_text_size(
    qapp: QApplication, qtbot: QtBot, scale: float
) -> None:
    theme.apply(qapp, "light", scale)
    made = gallery.Gallery()
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    for key, part in made.parts.items():
        made.tabs.set_current(key)

        def is_whole(part: QWidget = part) -> None:
            assert _cut_off(part) == []

        qtbot.waitUntil(is_whole)
    theme.apply(qapp, "light")


def _cut_off(part: QWidget) -> list[tuple[str, str]]:
    """Return name and words of the labels that are lower than their words need."""
    cut = []
    for found in part.findChildren(QLabel):
        if found.isVisible() and found.text():
            needed = found.heightForWidth(found.width()) if found.wordWrap() else 0
            needed = max(needed, found.fontMetrics().height())
            if found.height() + 1 < needed:
                cut.append((found.objectName(), found.text()))
    return cut
