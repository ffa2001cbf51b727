"""Where Tab stops, in the order in which people read: as the layouts put things, not as they came.

What a page learns later, such as the rows of a list, is made after its buttons; Qt would come by
it last, wherever it stands.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from ui.kit import layouts

_WHOLE: Final = (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
)
"""Widgets that take the keys themselves, whatever they are made of."""


def stops(part: QWidget) -> list[QWidget]:
    """Return what Tab reaches inside a part, in reading order."""
    found: list[QWidget] = []
    _look_inside(part, found)
    return found


def _look_at(widget: QWidget, found: list[QWidget]) -> None:
    if not widget.isVisible() or not widget.isEnabled() or widget.isWindow():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus:
        found.append(widget)
    if not isinstance(widget, _WHOLE):
        _look_inside(widget, found)


def _look_inside(widget: QWidget, found: list[QWidget]) -> None:
    layout = widget.layout()
    if isinstance(widget, QScrollArea | QStackedWidget):
        inside = widget.widget() if isinstance(widget, QScrollArea) else widget.currentWidget()
        if inside is not None:
            _look_at(inside, found)
    elif layout is not None:
        _follow(layout, found)
    else:
        for child in widget.children():
            if isinstance(child, QWidget):
                _look_at(child, found)


def _follow(layout: QLayout, found: list[QWidget]) -> None:
    for part in layouts.parts(layout):
        if isinstance(part, QLayout):
            _follow(part, found)
        else:
            _look_at(part, found)
