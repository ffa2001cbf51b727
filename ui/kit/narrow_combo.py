"""A list to choose from in a narrow place."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from ui.kit import theme

_LIST_EDGES: Final = 28
_WIDEST_LIST: Final = 560


class NarrowCombo(QComboBox):
    """Opens as wide as its words need; closed, it ends them with an ellipsis.

    The wheel is left to the page, so that scrolling never changes a record.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setMaxVisibleItems(14)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def shown_words(self) -> str:
        """Return what is read in the closed box."""
        return self._as_shown().currentText

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show that words go on where Qt would cut off half a letter."""
        if self.isEditable():
            super().paintEvent(event)
            return
        painter, shown = QStylePainter(self), self._as_shown()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, shown)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, shown)

    def _as_shown(self) -> QStyleOptionComboBox:
        made = QStyleOptionComboBox()
        self.initStyleOption(made)
        whole, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(whole, made, field, self).width() - 2
        cut = Qt.TextElideMode.ElideRight
        made.currentText = self.fontMetrics().elidedText(self.currentText(), cut, room)
        return made

    def showPopup(self) -> None:
        """Open the list wide enough to read its longest line, within reason."""
        widest = self.view().sizeHintForColumn(0) + theme.size(_LIST_EDGES)
        self.view().setMinimumWidth(min(widest, theme.size(_WIDEST_LIST)))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
