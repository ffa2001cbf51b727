"""Keeps the place of somebody who works by keyboard while a part of a page is made anew."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

_LOOK_AGAIN: Final = (120, 400)
"""Milliseconds until an answer may have brought the same widget back."""


@dataclass(frozen=True)
class Spot:
    """Where the keyboard was: on what, and at which point of the screen."""

    name: str
    words: str
    at: QPoint


def spot_of(widget: QWidget) -> Spot:
    """Return where a widget is, to find it or its successor again."""
    return Spot(widget.objectName(), _words_of(widget), _middle(widget))


def return_to(spot: Spot, part: QWidget, *, by_name: bool = False) -> QWidget | None:
    """Give the focus to the nearest new widget of that name, else of all; say which it was."""
    stops = [
        widget
        for widget in part.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
    ]
    named = [widget for widget in stops if spot.name and widget.objectName() == spot.name]
    same = [widget for widget in named if _words_of(widget) == spot.words]
    near = same or named or ([] if by_name else stops)
    found = min(near, key=lambda one: (_middle(one) - spot.at).manhattanLength(), default=None)
    if found is not None:
        found.setFocus()
    return found


class FocusKeeper(QObject):
    """Brings the focus back into a part when the widget that had it vanished under it.

    Qt passes the focus of a widget that goes to whatever comes next, which may be at the other
    end of the window. Who moves it herself, or code that sets it, is left alone.
    """

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._part = part
        self._held: QWidget | None = None
        self._spot: Spot | None = None
        self._lost: Spot | None = None
        QApplication.instance().focusChanged.connect(self._moved)  # type: ignore[union-attr]

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if not isValid(self._part):
            return
        if new is None:
            # Deleted under the keyboard; or another window came, and this spot is remembered.
            if self._spot is not None and QApplication.activeWindow() is self._part.window():
                self._lose()
            return
        inside = self._part.isAncestorOf(new)
        if self._has_vanished(old) and not (old is None and inside):
            self._lose()
            return
        self._lost = self._held = self._spot = None
        if inside and new.focusPolicy() & Qt.FocusPolicy.TabFocus:
            self._held, self._spot = new, spot_of(new)

    def _lose(self) -> None:
        if self._lost is None:
            self._lost = self._spot
            # What is put into a layout is shown only when the events of now are done.
            QTimer.singleShot(1, self, self._give_back)

    def _has_vanished(self, old: QWidget | None) -> bool:
        """Say whether the focus was taken away: from the one before, or while we were away."""
        if self._spot is None:
            return False
        before = self._held if old is None else old
        if before is None or not isValid(before):
            return True
        return not (before.isVisible() and before.isEnabled())

    def _give_back(self) -> None:
        lost, self._lost = self._lost, None
        if lost is None or QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        given = return_to(lost, self._part)
        if given is not None and given.objectName() != lost.name:
            for later in _LOOK_AGAIN:
                QTimer.singleShot(later, given, partial(self._look_again, lost, given))

    def _look_again(self, lost: Spot, given: QWidget) -> None:
        if given.hasFocus():
            return_to(lost, self._part, by_name=True)


def _words_of(widget: QWidget) -> str:
    own = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{own} {widget.accessibleName()}"


def _middle(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(widget.rect().center())
