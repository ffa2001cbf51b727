"""A page of the window: title, one line of context, actions at the right, and a body that scrolls.

The other shapes of a page are offered from here too, so that a feature needs one import.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.kit import theme
from ui.kit.button import button, icon_button, label, rule, toggle
from ui.kit.card import Card, EmptyState, Figure, KeyValueList, StatusStripe
from ui.kit.flow import FlowLayout
from ui.kit.pill import Avatar, Dot, Pill
from ui.kit.reading_order import stops
from ui.kit.row import AttentionRow, RowButton, TwoLines
from ui.kit.timeline import Timeline, TimelineEntry
from ui.kit.tracks import Bar, BeforeAfterTrack, ProgressLine, StageTrack

__all__ = [
    "AttentionRow",
    "Avatar",
    "Bar",
    "BeforeAfterTrack",
    "Card",
    "Dot",
    "EmptyState",
    "Figure",
    "FlowLayout",
    "KeyValueList",
    "Page",
    "Pill",
    "ProgressLine",
    "RowButton",
    "StageTrack",
    "StatusStripe",
    "TabBar",
    "Timeline",
    "TimelineEntry",
    "TwoLines",
    "button",
    "icon_button",
    "label",
    "rule",
    "toggle",
]


class Page(QWidget):
    """The frame of every screen; the head stays, the body scrolls when it must."""

    def __init__(self, title: str = "", context: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._folding: QWidget | None = None
        self._beside = 0
        self.title_label = label(title, "page-title", wrap=True, name="page_title")
        self.context_label = label(context, "mute", wrap=True, name="page_context")
        self.action_line = QHBoxLayout()
        self.action_line.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title_label)
        words.addWidget(self.context_label)
        self.head = QHBoxLayout()
        self.head.setSpacing(16)
        self.head.addLayout(words, 1)
        self.head.addLayout(self.action_line)
        self.under_head = QVBoxLayout()
        self.under_head.setSpacing(0)
        inner = QWidget()
        inner.setObjectName("page_body")
        inner.setProperty("kind", "page-body")
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(20, 4, 20, 20)
        self.body.setSpacing(16)
        self.scroll_area = QScrollArea()
        self.scroll_area.setObjectName("page_scroll")
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setWidget(inner)
        top = QVBoxLayout()
        top.setContentsMargins(20, 18, 20, 10)
        top.setSpacing(12)
        top.addLayout(self.head)
        top.addLayout(self.under_head)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.scroll_area, 1)
        self.scroll_area.verticalScrollBar().rangeChanged.connect(self._keep_edge)
        self.set_title(title)
        self.set_context(context)

    def set_title(self, title: str) -> None:
        """Change the title, which also names the page to screen readers."""
        self.title_label.setText(title)
        self.title_label.setVisible(bool(title))
        self.setAccessibleName(title)

    def set_context(self, context: str) -> None:
        """Change the line under the title."""
        self.context_label.setText(context)
        self.context_label.setVisible(bool(context))

    def set_header(self, header: QWidget) -> None:
        """Put a widget of your own where title and context stand (it never scrolls away)."""
        self.title_label.hide()
        self.context_label.hide()
        self.head.insertWidget(0, header, 1)

    def add_action(self, action: QPushButton) -> QPushButton:
        """Add a button at the right of the title."""
        self.action_line.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
        return action

    def fold_actions(self, actions: Sequence[QPushButton], beside: int) -> QWidget:
        """Put buttons beside the title, or under it where the page is narrower than `beside`."""
        self._folding = QWidget()
        self._folding.setObjectName(f"{self.objectName()}_actions")
        self._beside = beside
        flow = FlowLayout(self._folding, spacing=8)
        for action in actions:
            flow.addWidget(action)
        self.action_line.addWidget(self._folding)
        return self._folding

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the actions where there is no room for them beside the title."""
        super().resizeEvent(event)
        folding = self._folding
        if folding is None:
            return
        narrow = event.size().width() < theme.size(self._beside)
        if narrow and self.under_head.indexOf(folding) < 0:
            self.action_line.removeWidget(folding)
            self.under_head.insertWidget(0, folding)
        elif not narrow and self.action_line.indexOf(folding) < 0:
            self.under_head.removeWidget(folding)
            self.action_line.addWidget(folding)

    def set_tabs(self, tabs: QWidget) -> None:
        """Put a row of tabs under the head, above what scrolls."""
        self.under_head.addWidget(tabs)

    def focusNextPrevChild(self, on: bool) -> bool:
        """Go to the next thing to be read; behind the last, leave the page."""
        held, order = QApplication.focusWidget(), stops(self)
        if held is self and on and order:
            return self.focus_end(first=True)
        if held not in order:
            return super().focusNextPrevChild(on)
        at = order.index(held) + (1 if on else -1)
        if 0 <= at < len(order):
            return self._focus(order[at], on)
        leave = getattr(self.window(), "focus_beside_page", None)
        return bool(leave(on)) if leave is not None else super().focusNextPrevChild(on)

    def focus_end(self, *, first: bool) -> bool:
        """Begin with the first thing on the page, or with the last when coming backwards."""
        order = stops(self)
        return bool(order) and self._focus(order[0 if first else -1], first)

    def _focus(self, stop: QWidget, on: bool) -> bool:
        reasons = Qt.FocusReason
        stop.setFocus(reasons.TabFocusReason if on else reasons.BacktabFocusReason)
        around = stop.parentWidget()
        while around is not None and around is not self:
            if isinstance(around, QScrollArea):
                around.ensureWidgetVisible(stop)
            around = around.parentWidget()
        return True

    def _keep_edge(self, _least: int, most: int) -> None:
        """Let the cards end under the actions whether or not the scroll bar takes room."""
        bar = self.scroll_area.verticalScrollBar().sizeHint().width() if most else 0
        self.body.setContentsMargins(20, 4, 20 - bar, 20)


class TabBar(QTabBar):
    """Tabs by key, as words on a line; arrows move between them."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tabs")
        self.setProperty("kind", "tabs")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for scroller in self.findChildren(QToolButton):
            scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys scroll along
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._texts: dict[str, str] = {}
        self.currentChanged.connect(self._choose)

    def add(self, key: str, text: str) -> None:
        """Add a tab at the end; the first becomes the current one."""
        self._texts[key] = text
        index = self.insertTab(self.count(), text.replace("&", "&&"))
        self.setTabData(index, key)

    def set_count(self, key: str, count: int) -> None:
        """Show a number beside a tab's words; 0 shows none."""
        text = self._texts[key].replace("&", "&&")
        self.setTabText(self._index(key), f"{text} {count}" if count else text)

    def show_only(self, keys: Container[str]) -> None:
        """Leave tabs out as if they did not exist."""
        for index in range(self.count()):
            self.setTabVisible(index, self.tabData(index) in keys)
        if self.count():
            # Qt leaves the room of a hidden tab empty until something else lays the tabs out anew.
            self.setTabText(0, self.tabText(0))

    def current_key(self) -> str:
        """Return the key of the tab in front, '' when there is none."""
        data = self.tabData(self.currentIndex())
        return str(data) if data is not None else ""

    def set_current(self, key: str) -> None:
        """Bring a tab to the front."""
        self.setCurrentIndex(self._index(key))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line under all tabs, the tabs, and a ring around the focused one."""
        painter = QPainter(self)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), theme.color("line"))
        painter.end()
        super().paintEvent(event)
        if self.hasFocus() and self.currentIndex() >= 0:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("focus"), 2))
            gap = theme.size(18)
            ring = self.tabRect(self.currentIndex()).adjusted(1, 2, -gap + 1, -4)
            painter.drawRoundedRect(ring, 5, 5)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def _index(self, key: str) -> int:
        return next(i for i in range(self.count()) if self.tabData(i) == key)

    def _choose(self, index: int) -> None:
        data = self.tabData(index)
        if data is not None:
            self.chosen.emit(str(data))
