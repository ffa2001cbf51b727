"""Filling a layout anew: everything out, rows in."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from ui.kit.button import rule


def clear(layout: QLayout) -> None:
    """Take everything out, also out of the layouts inside, and show none of it any more."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if inner is not None:
            clear(inner)
        if widget is not None:
            # It is deleted by the event loop: until then it would stand beside what is new.
            widget.hide()
            widget.deleteLater()


def add_ruled(layout: QBoxLayout, rows: Iterable[QWidget]) -> None:
    """Put rows under each other with thin lines between them."""
    for number, row in enumerate(rows):
        if number:
            layout.addWidget(rule())
        layout.addWidget(row)
