"""The editor for yes or no: a box whose words break where there is little room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStyle, QWidget

from shelter_app.domain.fields import Field
from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.word_lines import word_lines


class FlagEditor(QCheckBox):
    """Yes or no as a box; its words are the field's label."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(_(field.label), parent)
        self._words = _(field.label)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._tell)

    def minimumSizeHint(self) -> QSize:
        """Ask for the longest word only: the others go on the next line."""
        metrics = self.fontMetrics()
        longest = max(metrics.horizontalAdvance(word) for word in (self._words or " ").split(" "))
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), longest + self._beside()), hint.height())

    def sizeHint(self) -> QSize:
        """Ask for one line, and for the height of the lines there are now."""
        wide = self.fontMetrics().horizontalAdvance(self._words) + self._beside()
        return QSize(wide, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the words where the box is narrow or the text large."""
        super().resizeEvent(event)
        room = event.size().width() - self._beside()
        folded = "\n".join(word_lines(self._words, self.fontMetrics(), room))
        if folded != self.text():
            self.setText(folded)

    def _beside(self) -> int:
        style, metric = self.style(), QStyle.PixelMetric
        gap = style.pixelMetric(metric.PM_CheckBoxLabelSpacing, None, self)
        return style.pixelMetric(metric.PM_IndicatorWidth, None, self) + gap + theme.size(8)

    def value(self) -> bool:
        """Return whether it is on."""
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        """Show whether it is on."""
        self.setChecked(value)

    def set_read_only(self, on: bool) -> None:
        """Show it without letting it change."""
        self.setEnabled(not on)

    def unreadable(self) -> str:
        """Return '': a box cannot be misread."""
        return ""

    def _tell(self) -> None:
        self.trouble.emit("")
        self.edited.emit()
