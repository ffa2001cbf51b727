"""The frame of an assistant: one step at a time in a card, on and back by keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui import appearance
from ui.door import Door
from ui.first_run.step import Step
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.tasks import Tasks

_WIDE: Final = 600


class Assistant(QWidget):
    """Steps in a card on the quiet background of the sign-in window."""

    def __init__(self, name: str, door: Door | None = None) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWindowTitle(appearance.chosen().title)
        self.setMinimumSize(480, 320)
        self.door = door or Door()
        self.tasks = Tasks(self.door, self)
        self.steps: list[Step] = []
        self.stack = QStackedWidget()
        self.where_label = label("")
        self.back_button = button("", f"{name}_back")
        self.next_button = button("", f"{name}_next", "primary")
        self.busy_bar = QProgressBar()
        self.card = QFrame()
        self._step_spoke = False
        self.outer = QVBoxLayout(self)
        self.outer.setContentsMargins(24, 12, 24, 12)

    def frame(self, back: str, on: str) -> None:
        """Make the card with its buttons; again after another language was chosen."""
        name = self.objectName()
        self.steps = []
        self.stack = QStackedWidget()
        self.stack.setObjectName(f"{name}_steps")
        self.where_label = label("", "secondary", wrap=True, name=f"{name}_where")
        self.back_button = button(back, f"{name}_back")
        self.next_button = button(on, f"{name}_next", "primary")
        self.busy_bar = QProgressBar()
        self.busy_bar.setRange(0, 0)
        self.busy_bar.setTextVisible(False)
        self.busy_bar.hide()
        self.outer.addWidget(self._framed(), 1, Qt.AlignmentFlag.AlignHCenter)
        self.back_button.clicked.connect(self.back)
        self.next_button.clicked.connect(self.go_on)

    def _framed(self) -> QFrame:
        buttons = QHBoxLayout()
        buttons.addWidget(self.where_label, 1)
        buttons.addWidget(self.back_button)
        buttons.addWidget(self.next_button)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.stack.setProperty("kind", "page-body")
        area.setWidget(self.stack)
        self.card = QFrame()
        self.card.setObjectName(f"{self.objectName()}_card")
        self.card.setProperty("kind", "card")
        self.card.setFixedWidth(min(theme.size(_WIDE), 1200))
        self.card.setMaximumHeight(theme.size(560))
        side = theme.size(32)
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(side, side, side, theme.size(24))
        inside.setSpacing(theme.size(12))
        inside.addWidget(area, 1)
        inside.addWidget(self.busy_bar)
        inside.addLayout(buttons)
        return self.card

    def add(self, step: Step) -> None:
        """Put a step after the others."""
        self.steps.append(step)
        self.stack.addWidget(step)
        step.go_on.connect(self._go_on_by_step)

    def current(self) -> Step:
        """Return the step in front."""
        return self.steps[self.stack.currentIndex()]

    def show_step(self, index: int) -> None:
        """Bring a step to the front."""
        self.stack.setCurrentIndex(index)
        self.steps[index].begin()

    def back(self) -> None:
        """Go one step back."""
        self.show_step(max(0, self.stack.currentIndex() - 1))

    def go_on(self) -> None:
        """Leave the step in front when it is answered."""
        if self.next_button.isEnabled() and self.current().accept():
            self.answered(self.stack.currentIndex())

    def _go_on_by_step(self) -> None:
        """A field that answers Enter also passes the key on: it must not count twice."""
        self._step_spoke = True
        QTimer.singleShot(0, self, self._hear_enter_again)
        self.go_on()

    def _hear_enter_again(self) -> None:
        self._step_spoke = False

    def answered(self, index: int) -> None:
        """Do what follows from an answered step."""
        self.show_step(index + 1)

    def set_busy(self, busy: bool, words: str = "") -> None:
        """Show that something takes its time."""
        self.busy_bar.setVisible(busy)
        self.next_button.setEnabled(not busy)
        self.back_button.setEnabled(not busy)
        self.current().setEnabled(not busy)
        if words:
            self.where_label.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter wherever nothing else takes it, such as on a language."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._step_spoke:
                self.go_on()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the window with the quiet colour of the side list."""
        QPainter(self).fillRect(self.rect(), theme.color("side"))
