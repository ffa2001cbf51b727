"""Rows people act on: a row that is one button, an attention row with one answer."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.button import EnterButton, button, icon_button, label
from ui.kit.pill import Dot, Pill


class RowButton(EnterButton):
    """A button as large as what it holds; the widgets in it only show."""

    def __init__(self, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("row_button")
        self.setProperty("kind", "row-button")
        self.setAccessibleName(spoken)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(4, 6, 4, 6)
        self.line.setSpacing(8)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add something to show; clicks go through it."""
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.line.addWidget(widget, stretch, Qt.AlignmentFlag.AlignTop)

    def sizeHint(self) -> QSize:
        """Return the size of what it holds."""
        return self.line.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the least size of what it holds."""
        return self.line.totalMinimumSize()

    def hasHeightForWidth(self) -> bool:
        """Say that words may wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at a width."""
        return self.line.totalHeightForWidth(width)


class TwoLines(QWidget):
    """A headline with a quiet line under it."""

    def __init__(self, headline: str, detail: str, face: str = "strong") -> None:
        super().__init__()
        self.setObjectName("two_lines")
        self.headline_label = label(headline, face, wrap=True, name="headline")
        self.detail_label = label(detail, "secondary", wrap=True, name="detail")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(1)
        whole.addWidget(self.headline_label)
        whole.addWidget(self.detail_label)
        self.detail_label.setVisible(bool(detail))


class AttentionRow(QFrame):
    """What cannot wait: what, why, how long, and the one button that deals with it."""

    acted = Signal()

    def __init__(
        self,
        dot_role: str,
        what: str,
        why: str,
        how_long: str,
        pill_role: str,
        button_text: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("attention_row")
        self.setProperty("kind", "row")
        self.words = TwoLines(what, why)
        self.pill = Pill(how_long, pill_role)
        self.act_button = button(button_text, "attention_act", "small")
        self.act_button.setAccessibleName(
            _("{button}: {what}").format(button=button_text, what=what)
        )
        self.more_button = icon_button("more", _("More for this"), "attention_more")
        self.more_button.hide()
        self._menu = QMenu(self)
        self._menu.setObjectName("attention_menu")
        self.more_button.setMenu(self._menu)
        top = Qt.AlignmentFlag.AlignTop
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 9, 0, 9)
        line.setSpacing(12)
        line.addWidget(Dot(dot_role), 0, top)
        line.addWidget(self.words, 1, top)
        line.addWidget(self.pill, 0, top)
        line.addWidget(self.act_button, 0, top)
        line.addWidget(self.more_button, 0, top)
        self.pill.setVisible(bool(how_long))
        self.act_button.setVisible(bool(button_text))
        self.setAccessibleName(" ".join(part for part in (what, how_long, why) if part))
        self.act_button.clicked.connect(self.acted)

    def add_secondary(self, text: str) -> SignalInstance:
        """Add a line to the '…' menu and return the signal of its being chosen."""
        action = self._menu.addAction(text)
        self.more_button.show()
        return action.triggered

    def set_last(self, last: bool = True) -> None:
        """Leave the line under the last row away."""
        theme.set_state(self, last=last)
