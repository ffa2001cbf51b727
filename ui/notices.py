"""What is said above the page: one message at a time, and notices that stay until settled."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from shelter_app.i18n import ngettext
from ui.kit.message_bar import MessageBar, MessageRole
from ui.kit.reading_order import stops


class Notices(QWidget):
    """The place between the top bar and the page; it takes no room while nothing is said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("MainWindow_notices")
        self.message_bar = MessageBar(parent=self)
        self._idle_warned = False
        self._bars = QVBoxLayout(self)
        self._bars.setContentsMargins(20, 10, 20, 0)
        self._bars.setSpacing(6)
        self._bars.addWidget(self.message_bar)
        self.message_bar.closed.connect(self._fit)
        self.hide()

    def say(self, text: str, role: MessageRole) -> None:
        """Say something in the bar."""
        self.message_bar.say(text, role)
        self.show()

    def add(self, notice: QWidget) -> None:
        """Put a notice under what is said, until it is deleted."""
        self._bars.addWidget(notice)
        notice.destroyed.connect(self._fit)
        self.show()

    def warn_idle(self, seconds: int, instead: str = "") -> None:
        """Say that the program is about to lock; any key or movement calms it.

        `instead` says when the records lock where the screen only goes to rest until then.
        """
        text = ngettext(
            "Nobody seems to be here: locking in {count} second. Press any key to stay.",
            "Nobody seems to be here: locking in {count} seconds. Press any key to stay.",
            seconds,
        )
        if instead:
            text = ngettext(
                "Nobody seems to be here: this screen rests in {count} second. {then} "
                "Press any key to stay.",
                "Nobody seems to be here: this screen rests in {count} seconds. {then} "
                "Press any key to stay.",
                seconds,
            )
        self._idle_warned = True
        self.say(text.format(count=seconds, then=instead), "warning")

    def calm(self) -> None:
        """Take that warning back."""
        if self._idle_warned:
            self._idle_warned = False
            self.message_bar.clear()

    def stops(self) -> list[QWidget]:
        """Return where Tab stops here, in order."""
        return stops(self)

    def _fit(self) -> None:
        if isValid(self):
            said = self.findChildren(QFrame, options=Qt.FindChildOption.FindDirectChildrenOnly)
            self.setVisible(any(not notice.isHidden() for notice in said))
