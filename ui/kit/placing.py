"""Where a popup stands under its field, and what of a page is in view."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.kit import theme

_GAP = 2


def place_under(popup: QWidget, field: QWidget) -> None:
    """Move a popup of known size under a field, inside the screen."""
    corner = field.mapToGlobal(QPoint(0, field.height() + _GAP))
    screen = field.screen().availableGeometry()
    left = min(corner.x(), screen.right() - popup.width())
    top = corner.y()
    if top + popup.height() > screen.bottom():
        top = field.mapToGlobal(QPoint(0, -_GAP)).y() - popup.height()
    popup.move(max(screen.left(), left), max(screen.top(), top))


def stay_scrolled(part: QWidget) -> None:
    """Let a page stay where it is scrolled to while a part of it is about to be filled anew.

    While the part is empty the page is short, and Qt would leave it scrolled to the top.
    """
    around = part.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    if around is not None and around.verticalScrollBar().value():
        bar = around.verticalScrollBar()
        seen = bar.value()
        # What is put into a layout takes its room only when the events of now are done.
        QTimer.singleShot(1, bar, lambda: bar.setValue(seen))


def bring_into_view(widget: QWidget) -> None:
    """Scroll whatever is around a widget until all of it is seen."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget, 0, theme.size(12))
        around = around.parentWidget()
