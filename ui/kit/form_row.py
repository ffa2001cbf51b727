"""One row of a form: fields side by side, on more lines where it is narrow or the text large."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.kit import theme

_GAP = 12


class FieldHolder(QWidget):
    """One field of a form, as a column: its label, its editor and what is said under it."""

    def __init__(self, name_label: QLabel | None) -> None:
        super().__init__()
        self._name_label = name_label
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        if name_label is not None:
            self.column.addWidget(name_label)

    def above_editor(self) -> int:
        """Return the height of what stands over the editor at the width of now."""
        named = self._name_label
        return 0 if named is None else named.heightForWidth(self.width()) + self.column.spacing()

    def begin_lower(self, by: int) -> None:
        """Let the column begin further down."""
        if self.column.contentsMargins().top() != by:
            self.column.setContentsMargins(0, by, 0, 0)


class _Line(QHBoxLayout):
    """Fields side by side, whose editors stand level however many lines a label takes."""

    def __init__(self, holders: Sequence[FieldHolder]) -> None:
        super().__init__()
        self._holders = holders

    def setGeometry(self, rect: QRect) -> None:
        """Place the fields, and lower those under a shorter label."""
        super().setGeometry(rect)
        shown = [holder for holder in self._holders if not holder.isHidden()]
        heights = [holder.above_editor() for holder in shown]
        for holder, height in zip(shown, heights, strict=True):
            holder.begin_lower(max(heights) - height)


class FormRow(QWidget):
    """Breaks between fields as words do, and gives each line its whole width."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("form_row")
        self._cells: list[tuple[FieldHolder, int]] = []
        self._lines: list[list[int]] = []
        self._layouts: list[_Line] = []
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(10)

    def add(self, cell: FieldHolder, room: int) -> None:
        """Add a field at the right; `room` is the width it needs, and its share of the line."""
        cell.setParent(self)
        self._cells.append((cell, room))
        self._fold([list(range(len(self._cells)))])

    def is_empty(self) -> bool:
        """Say whether no field was added."""
        return not self._cells

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of the widest field only: the row folds when it must."""
        hint = super().minimumSizeHint()
        widest = max((cell.minimumSizeHint().width() for cell, _room in self._cells), default=0)
        return QSize(min(hint.width(), widest), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold."""
        super().resizeEvent(event)
        self._fold(self._broken(event.size().width()))

    def _broken(self, width: int) -> list[list[int]]:
        lines: list[list[int]] = []
        left = 0
        for index, (cell, room) in enumerate(self._cells):
            needed = 0 if cell.isHidden() else theme.size(room) + _GAP
            if lines and needed <= left:
                lines[-1].append(index)
            else:
                lines.append([index])
                left = width + _GAP
            left -= needed
        return lines

    def _fold(self, lines: list[list[int]]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        for layout in self._layouts:
            for cell, _room in self._cells:
                layout.removeWidget(cell)
            self._whole.removeItem(layout)
            layout.deleteLater()
        self._layouts = []
        for line in lines:
            layout = _Line([self._cells[index][0] for index in line])
            layout.setSpacing(_GAP)
            # Filled once it has its place: PySide remembers the items of a layout put in full, and
            # goes on doing so after they are gone (see `layouts.parts`).
            self._whole.addLayout(layout, 1)
            for index in line:
                cell, room = self._cells[index]
                layout.addWidget(cell, room)
            self._layouts.append(layout)
        self.updateGeometry()
