"""A message in the page itself: information, a warning or an error; never in the way."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.button import button, icon_button, label
from ui.kit.placing import bring_soon
from ui.kit.wording import sentence_for

MessageRole = Literal["information", "warning", "error"]
_SIGNS: Final = {
    "information": ("information", "blue"),
    "warning": ("warning", "ochre"),
    "error": ("danger", "brick"),
}


class MessageBar(QFrame):
    """Hidden until it has something to say; one action at most."""

    acted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self.setProperty("kind", "message")
        self._sign = QLabel()
        self._sign.setObjectName("message_sign")
        self.text_label = label("", wrap=True, name="message_text")
        self.act_button = button("", "message_act", "small")
        self.close_button = icon_button("close", _("Close this message"), "message_close")
        top = Qt.AlignmentFlag.AlignTop
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 8, 8)
        line.setSpacing(10)
        line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.text_label, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.act_button, 0, top)
        line.addWidget(self.close_button, 0, top)
        self.act_button.clicked.connect(self.acted)
        self.close_button.clicked.connect(self.clear)
        self.hide()

    def say(self, text: str, role: MessageRole = "information", action_text: str = "") -> None:
        """Show a sentence and, where it helps, one button."""
        from ui.kit import icons

        name, colour = _SIGNS[role]
        side = theme.size(18)
        self._sign.setPixmap(icons.icon(name, colour).pixmap(QSize(side, side)))
        self.text_label.setText(text)
        self.act_button.setText(action_text)
        self.act_button.setVisible(bool(action_text))
        self.setAccessibleName(text)
        theme.set_state(self, role=role)
        self.show()
        # Once it has its place: what is said above a list is not seen from the list's end.
        bring_soon(self)

    def explain(self, error: BaseException) -> None:
        """Say what failed, in words for people."""
        self.say(sentence_for(error), "error")

    def clear(self) -> None:
        """Say nothing more."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()
