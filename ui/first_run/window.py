"""The assistant's window: one step at a time, back and on by keyboard, nothing kept until made."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
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

from shelter_app import i18n, settings
from shelter_app.i18n import _
from shelter_app.services import house_setup
from shelter_app.services.house_setup import Founded
from ui import appearance
from ui.door import Door
from ui.first_run.sheets import SheetStep
from ui.first_run.step import Draft, Step, empty_plan
from ui.first_run.steps import FolderStep, LanguageStep, NamesStep, PhraseStep
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.tasks import Tasks
from ui.kit.wording import sentence_for

_WIDE: Final = 600


class FirstRunWindow(QWidget):
    """Steps in a card on the quiet background of the sign-in window."""

    finished = Signal(str)
    """(folder): the house is made and both sheets are on paper."""

    def __init__(self, folder: Path, door: Door | None = None, cost: object = None) -> None:
        super().__init__()
        self.setObjectName("FirstRun")
        self.setWindowTitle(appearance.chosen().title)
        self.setMinimumSize(480, 420)
        self._usual_folder = folder
        self._door = door or Door()
        self._cost = cost
        self._tasks = Tasks(self._door, self)
        self._founded: Founded | None = None
        self.card = QFrame()
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(24, 24, 24, 24)
        self._build()

    def _build(self) -> None:
        self.draft = Draft(empty_plan(self._usual_folder))
        language_step = LanguageStep()
        self.steps: list[Step] = [
            language_step,
            FolderStep(self.draft),
            NamesStep(self.draft),
            PhraseStep(self.draft),
        ]
        self._planned = len(self.steps)
        self.stack = QStackedWidget()
        self.stack.setObjectName("FirstRun_steps")
        for step in self.steps:
            self._add(step)
        self.where_label = label("", "secondary", name="FirstRun_where")
        self.back_button = button(_("Back"), "FirstRun_back")
        self.next_button = button(_("Continue"), "FirstRun_next", "primary")
        self.busy_bar = QProgressBar()
        self.busy_bar.setRange(0, 0)
        self.busy_bar.setTextVisible(False)
        self.busy_bar.hide()
        self._outer.addWidget(self._framed(), 1, Qt.AlignmentFlag.AlignHCenter)
        language_step.language_chosen.connect(self._speak)
        self.back_button.clicked.connect(self._back)
        self.next_button.clicked.connect(self._next)
        self._show(0)

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
        self.card.setObjectName("FirstRun_card")
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

    def _add(self, step: Step) -> None:
        self.stack.addWidget(step)
        step.go_on.connect(self._next)

    # Steps

    def current(self) -> Step:
        """Return the step in front."""
        return self.steps[self.stack.currentIndex()]

    def _show(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        total = self._planned + 2
        self.where_label.setText(
            _("Step {number} of {total}").format(number=index + 1, total=total)
        )
        self.back_button.setVisible(0 < index < self._planned)
        making = index == self._planned - 1
        last = index == total - 1
        words = _("Make the house") if making else _("Go to sign-in") if last else _("Continue")
        self.next_button.setText(words)
        self.steps[index].begin()

    def _back(self) -> None:
        self._show(max(0, self.stack.currentIndex() - 1))

    def _next(self) -> None:
        index = self.stack.currentIndex()
        if not self.next_button.isEnabled() or not self.current().accept():
            return
        if index == self._planned - 1:
            self._make()
        elif index + 1 < len(self.steps):
            self._show(index + 1)
        elif self._founded is not None:
            self.finished.emit(str(self._founded.folder))

    def _make(self) -> None:
        self._set_busy(True)
        self._tasks.ask(
            self,
            self._door.run,
            house_setup.found_house,
            self.draft.plan,
            self._cost,
            then=self._made,
            failed=self._not_made,
        )

    def _made(self, founded: Founded) -> None:
        self._set_busy(False)
        self._founded = founded
        self.draft.change(passphrase="")
        if founded.folder != self._usual_folder:
            settings.save(dataclasses.replace(settings.load(), folder=str(founded.folder)))
        for sheet in founded.sheets:
            step = SheetStep(sheet)
            self.steps.append(step)
            self._add(step)
        self._show(self._planned)

    def _not_made(self, error: BaseException) -> None:
        self._set_busy(False)
        self.current().say(sentence_for(error))

    def _set_busy(self, busy: bool) -> None:
        self.busy_bar.setVisible(busy)
        self.next_button.setEnabled(not busy)
        self.back_button.setEnabled(not busy)
        self.current().setEnabled(not busy)
        if busy:
            self.where_label.setText(_("Measuring this computer and making the keys…"))

    def _speak(self, code: str) -> None:
        """Begin again in another language; nothing has been typed yet."""
        i18n.set_language(code)
        settings.save(dataclasses.replace(settings.load(), language=code))
        old = self.card
        self._outer.removeWidget(old)
        old.hide()
        old.deleteLater()
        self._build()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter wherever nothing else takes it, such as on a language."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._next()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the window with the quiet colour of the side list."""
        QPainter(self).fillRect(self.rect(), theme.color("side"))
