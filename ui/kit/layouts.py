"""Filling a layout anew: everything out, rows in."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QBoxLayout,
    QLayout,
    QScrollBar,
    QWidget,
)

from ui.kit.button import rule


def parts(layout: QLayout) -> list[QWidget | QLayout]:
    """Return the widgets and the layouts inside, as they are put.

    Never ask a layout for an item: what itemAt() gives is remembered after Qt has taken it apart,
    and whatever is later made at the same address crashes when it goes.
    """
    around = layout.parentWidget()
    beside = around.children() if around is not None else []
    near: list[QWidget | QLayout] = [each for each in beside if isinstance(each, QWidget)]
    near += [each for each in layout.children() if isinstance(each, QLayout)]
    placed = [(layout.indexOf(each), each) for each in near]
    return [each for at, each in sorted(placed, key=itemgetter(0)) if at >= 0]


def widgets(layout: QLayout) -> list[QWidget]:
    """Return what is put into a layout itself, as it is put."""
    return [part for part in parts(layout) if isinstance(part, QWidget)]


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
