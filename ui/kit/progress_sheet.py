"""A sheet over the window for work that takes more than a second, with a Cancel that works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from weakref import ref

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QProgressBar, QVBoxLayout, QWidget

from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.button import button, label

Standing = tuple[int, int, str]
"""How much is done, of how much (0: nobody knows), and what is being done now."""
_LOOK_EVERY: Final = 120
SHOWS_AFTER: Final = 1_000
"""Milliseconds before it shows: quick work never flashes."""


class ProgressSheet(QWidget):
    """Covers the window's content, not the window; the work itself runs elsewhere."""

    cancelled = Signal()

    def __init__(self, parent: QWidget, text: str, *, can_cancel: bool = True) -> None:
        super().__init__(parent.window())
        self.setObjectName("progress_sheet")
        self.setAccessibleName(text)
        self._before: ref[QWidget] | None = None
        self.text_label = label(text, "card-title", wrap=True, name="progress_text")
        self.step_label = label("", "secondary", wrap=True, name="progress_step")
        self.bar = QProgressBar()
        self.bar.setObjectName("progress_bar")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(text)
        self.cancel_button = button(_("Cancel"), "progress_cancel")
        if not can_cancel:
            self.cancel_button.hide()
        card = QFrame()
        card.setProperty("kind", "card")
        card.setMinimumWidth(theme.size(360))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.setSpacing(12)
        inside.addWidget(self.text_label)
        inside.addWidget(self.bar)
        inside.addWidget(self.step_label)
        inside.addWidget(self.cancel_button, 0, Qt.AlignmentFlag.AlignRight)
        whole = QVBoxLayout(self)
        whole.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SHOWS_AFTER)
        self._delay.timeout.connect(self.show_now)
        self._look = QTimer(self)
        self.cancel_button.clicked.connect(self._cancel)
        parent.window().installEventFilter(self)
        self.hide()
        self._delay.start()

    def watch(self, look: Callable[[], Standing]) -> None:
        """Show by itself how far work has come that another thread does, until `finish`."""
        self._look.timeout.connect(lambda: self.set_progress(*look()))
        self._look.start(_LOOK_EVERY)

    def set_progress(self, done: int, of: int, step: str = "") -> None:
        """Say how far it is; `of` 0 means that nobody knows."""
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self.step_label.setText(step)

    def show_now(self) -> None:
        """Show without waiting."""
        self._delay.stop()
        held = QApplication.focusWidget()
        self._before = ref(held) if held is not None else None
        self._fill_window()
        self.show()
        self.raise_()
        self.cancel_button.setFocus()

    def finish(self) -> None:
        """Go away: the work is done, was given up or failed; the focus is where it was."""
        self._delay.stop()
        self._look.stop()
        before = self._before() if self._before is not None else None
        held = self.cancel_button.hasFocus()
        if held and before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus()
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and watched is self.window():
            self._fill_window()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel on Esc; nothing reaches what lies under the sheet."""
        if event.key() == Qt.Key.Key_Escape and self.cancel_button.isVisible():
            self._cancel()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what lies under it."""
        QPainter(self).fillRect(self.rect(), theme.color("scrim"))

    def _fill_window(self) -> None:
        # Asked for, never kept: as the last one to hold a window, this would take it, and with it
        # itself, apart for a second time while it is being deleted.
        self.setGeometry(self.window().rect())

    def _cancel(self) -> None:
        self._look.stop()
        self.cancel_button.setEnabled(False)
        self.step_label.setText(_("Stopping…"))
        self.cancelled.emit()
