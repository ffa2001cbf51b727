"""Filling a layout anew: everything out, rows in."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QBoxLayout,
    QLayout,
    QScrollBar,
    QWidget,
)

from ui.kit.button import rule


def clear(layout: QLayout) -> None:
    """Take everything out, also out of the layouts inside, and show none of it any more.

    What stands around stays where it is: when the focus was inside, Qt scrolls to whatever it
    gives it to next, which is not what anybody was reading.
    """
    bars = _bars_around(layout.parentWidget())
    stood = [bar.value() for bar in bars]
    _take_out(layout)
    for bar, value in zip(bars, stood, strict=True):
        bar.setValue(value)


def _take_out(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if inner is not None:
            _take_out(inner)
        if widget is not None:
            # It is deleted by the event loop: until then it would stand beside what is new.
            widget.hide()
            widget.deleteLater()


def _bars_around(widget: QWidget | None) -> list[QScrollBar]:
    found = []
    while widget is not None:
        if isinstance(widget, QAbstractScrollArea):
            found.append(widget.verticalScrollBar())
        widget = widget.parentWidget()
    return found


def add_ruled(layout: QBoxLayout, rows: Iterable[QWidget]) -> None:
    """Put rows under each other with thin lines between them."""
    for number, row in enumerate(rows):
        if number:
            layout.addWidget(rule())
        layout.addWidget(row)
