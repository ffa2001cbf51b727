"""Where a popup stands under its field, and how what scrolled away comes into view."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.kit import theme

_GAP = 2


_LAID_OUT: Final = (1, 60)
"""Milliseconds: words that wrap get their height only after the first layout and painting."""


def place_under(popup: QWidget, field: QWidget) -> None:
    """Move a popup of known size under a field, inside the screen."""
    corner = field.mapToGlobal(QPoint(0, field.height() + _GAP))
    screen = field.screen().availableGeometry()
    left = min(corner.x(), screen.right() - popup.width())
    top = corner.y()
    if top + popup.height() > screen.bottom():
        top = field.mapToGlobal(QPoint(0, -_GAP)).y() - popup.height()
    popup.move(max(screen.left(), left), max(screen.top(), top))


def bring_soon(widget: QWidget) -> None:
    """Scroll to what has only just appeared or grown, once every layout has given it its place."""
    for after in _LAID_OUT:
        QTimer.singleShot(after, widget, partial(bring_into_view, widget))


def bring_into_view(widget: QWidget) -> None:
    """Scroll whatever is around a widget until all of it is seen."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget, 0, theme.size(12))
        around = around.parentWidget()
