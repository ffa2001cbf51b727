"""Cards and what stands in them: keys with values, figures, empty states."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.kit import layouts
from ui.kit.button import button, label

_CONTENT_CHANGED: Final = frozenset({QEvent.Type.LayoutRequest, QEvent.Type.Show})


class Card(QFrame):
    """A panel with a title, a few words aside and whatever belongs under them."""

    def __init__(self, title: str = "", aside: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setProperty("kind", "card")
        self.title_label = label(title, "card-title", name="card_title")
        self.aside_label = label(aside, "secondary", name="card_aside")
        self.aside_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self.title_label)
        self.head.addStretch(1)
        self.head.addWidget(self.aside_label)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(16, 14, 16, 16)
        self._whole.setSpacing(10)
        self._whole.addLayout(self.head)
        self._whole.addLayout(self.body)
        self._whole.addStretch(1)
        self.set_title(title)
        self.set_aside(aside)

    def set_title(self, title: str) -> None:
        """Change the title; an empty one takes no room."""
        self.title_label.setText(title)
        self.title_label.setVisible(bool(title))
        self.setAccessibleName(title)

    def set_aside(self, aside: str | QWidget) -> None:
        """Put words or a widget at the right of the title."""
        if isinstance(aside, QWidget):
            self.head.addWidget(aside)
        else:
            self.aside_label.setText(aside)
            self.aside_label.setVisible(bool(aside))

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a widget to the body."""
        self.body.addWidget(widget, stretch)

    def event(self, event: QEvent) -> bool:
        """Look again who takes the spare height when the content changes."""
        if event.type() in _CONTENT_CHANGED:
            self._share_height()
        return super().event(event)

    def _share_height(self) -> None:
        """Give spare height to a body that can grow, otherwise leave it under the body."""
        grows = bool(self.body.expandingDirections() & Qt.Orientation.Vertical)
        grows = grows or any(self.body.stretch(i) for i in range(self.body.count()))
        if self._whole.stretch(1) != int(grows):
            self._whole.setStretch(1, int(grows))
            self._whole.setStretch(2, int(not grows))


class KeyValueList(QWidget):
    """Names in a quiet column, what is known beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key_value_list")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)

    def add(self, key: str, value: QWidget | str, role: str = "", name: str = "") -> QWidget:
        """Add one line and return the widget that shows the value."""
        line = self._grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop
        key_label = label(key, "mute", wrap=True)
        shown = value if isinstance(value, QWidget) else _value_label(value, role)
        shown.setObjectName(name or shown.objectName() or "value")
        if isinstance(shown, QLabel) and not shown.accessibleName():
            shown.setAccessibleName(f"{key}: {shown.text()}")
        self._grid.addWidget(key_label, line, 0, top)
        if shown.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Maximum:
            self._grid.addWidget(shown, line, 1, top | Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(shown, line, 1, top)
        return shown

    def clear(self) -> None:
        """Take all lines away."""
        layouts.clear(self._grid)


def _value_label(text: str, role: str) -> QLabel:
    return label(text, wrap=True, role=role, selectable=True)


class Figure(QWidget):
    """One large number with what it counts."""

    def __init__(
        self, number: str, caption: str, aside: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("figure")
        self.number_label = label(number, "figure", name="figure_number")
        self.aside_label = label(aside, "figure-aside", name="figure_aside")
        self.caption_label = label(caption, "secondary", wrap=True, name="figure_caption")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.number_label)
        line.addWidget(self.aside_label, 1, Qt.AlignmentFlag.AlignBottom)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addLayout(line)
        whole.addWidget(self.caption_label)
        self.set_number(number)

    def set_number(self, number: str, aside: str | None = None) -> None:
        """Change the number, and what stands beside it."""
        self.number_label.setText(number)
        if aside is not None:
            self.aside_label.setText(aside)
        spoken = (self.caption_label.text(), number, self.aside_label.text())
        self.setAccessibleName(" ".join(part for part in spoken if part))


class EmptyState(QWidget):
    """What belongs here, said kindly, with the first action."""

    acted = Signal()

    def __init__(self, sentence: str, action_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty_state")
        self.sentence_label = label(sentence, "mute", wrap=True, name="empty_sentence")
        self.sentence_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.action_button = button(action_text, "empty_action")
        if not action_text:
            self.action_button.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 24, 16, 24)
        whole.setSpacing(12)
        whole.addStretch(1)
        whole.addWidget(self.sentence_label)
        whole.addWidget(self.action_button, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(1)
        self.action_button.clicked.connect(self.acted)

    def set_sentence(self, sentence: str, action_text: str = "") -> None:
        """Say something else."""
        self.sentence_label.setText(sentence)
        self.action_button.setText(action_text)
        self.action_button.setVisible(bool(action_text))


class StatusStripe(QLabel):
    """A permanent line across the window that says what kind of data is open."""

    def __init__(self, text: str, role: str = "badge", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName("status_stripe")
        self.setProperty("kind", "stripe")
        self.setProperty("role", role)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
