"""A short sentence at the foot of the window, with Undo where there is something to undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from shelter_app.i18n import _
from ui.kit.button import button, label

_STAYS: Final = 8_000
_STAYS_WITH_UNDO: Final = 12_000
_MARGIN: Final = 24
_GAP: Final = 8
_UNDO_KEYS: Final = "Ctrl+Z"
_LEAST: Final = 360


class Toast(QFrame):
    """One sentence that goes away by itself; pointing at it makes it stay, Ctrl+Z undoes."""

    def __init__(self, parent: QWidget, text: str, undo: Callable[[], object] | None) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setProperty("kind", "toast")
        self.setAccessibleName(text)
        self._undo = undo
        self.text_label = label(text, wrap=True, name="toast_text")
        self.undo_button = button(f"{_('Undo')}   {_UNDO_KEYS}", "toast_undo", shortcut=_UNDO_KEYS)
        self.undo_button.setAccessibleName(_("Undo"))
        self.undo_button.setVisible(undo is not None)
        self.close_button = button("×", "toast_close")
        self.close_button.setAccessibleName(_("Close this message"))
        # Where the focus was may be gone with a closed form. Qt then looks for the next place, and
        # Enter must not meet Undo there.
        for part in (self.undo_button, self.close_button):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 6, 8, 6)
        line.setSpacing(8)
        line.addWidget(self.text_label, 1)
        line.addWidget(self.undo_button)
        line.addWidget(self.close_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_STAYS if undo is None else _STAYS_WITH_UNDO)
        self._timer.timeout.connect(self.dismiss)
        self.undo_button.clicked.connect(self._take_back)
        self.close_button.clicked.connect(self.dismiss)
        parent.installEventFilter(self)
        self._timer.start()

    @staticmethod
    def show_on(parent: QWidget, text: str, undo: Callable[[], object] | None = None) -> Toast:
        """Show a toast on the window of a widget; an older one makes room."""
        window = parent.window()
        for older in window.findChildren(Toast):
            older.dismiss()
        toast = Toast(window, text, undo)
        toast.place()
        toast.show()
        toast.raise_()
        return toast

    def place(self) -> None:
        """Stand at the foot of the window, in the middle, never over Save and Close of an editor.

        Beside an editor when there is room for it, and over its fields when there is not.
        """
        window = self.window()
        sheets = [f for f in window.findChildren(QFrame) if f.property("kind") == "sheet"]
        sheets = [sheet for sheet in sheets if sheet.isVisible()]
        edges = [sheet.mapTo(window, QPoint(0, 0)).x() for sheet in sheets]
        right, foot = window.width(), window.height() - _MARGIN
        if edges and min(edges) > _LEAST:
            right = min(edges)
        else:
            foot = min([foot, *(_top_of_buttons(sheet, window) for sheet in sheets)])
        room = right - 2 * _MARGIN
        self.text_label.setWordWrap(False)
        wanted = self.sizeHint().width()
        self.text_label.setWordWrap(wanted > room)
        width = min(wanted, max(room, 120))
        height = max(self.sizeHint().height(), self.heightForWidth(width))
        left = max(0, (right - width) // 2)
        self.setGeometry(left, foot - height, width, height)

    def dismiss(self) -> None:
        """Go away."""
        self.hide()
        self.deleteLater()

    @staticmethod
    def make_room(part: QWidget) -> None:
        """Place what is shown on a widget's window anew: an editor has come."""
        for toast in part.window().findChildren(Toast):
            toast.place()
            toast.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def event(self, event: QEvent) -> bool:
        """Stay while somebody points at it."""
        if event.type() == QEvent.Type.Enter:
            self._timer.stop()
        elif event.type() == QEvent.Type.Leave:
            self._timer.start()
        return super().event(event)

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        self.dismiss()
        if undo is not None:
            undo()


def _top_of_buttons(sheet: QFrame, window: QWidget) -> int:
    """Return where the line of buttons at the foot of an editor begins."""
    names = ("editor_save", "editor_leave")
    found = [sheet.findChild(QPushButton, name) for name in names]
    tops = [each.mapTo(window, QPoint(0, 0)).y() for each in found if each and each.isVisible()]
    return min(tops, default=window.height()) - _GAP
