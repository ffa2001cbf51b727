"""The restore assistant's window: choose, open, look, bring, switch; Back until it is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from shelter_app.i18n import _
from shelter_app.services import backup_words, restoring
from shelter_app.services.backup_checks import Facts
from shelter_app.services.progress import Progress, step_text
from shelter_app.services.restoring import Content, Loss, Opened
from ui.backup_runner import Aside
from ui.first_run.step import Step
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.wording import sentence_for
from ui.restore.steps import ChooseStep, ContentStep, DoneStep, KeyStep

TITLE: Final = "Register"
_WIDE: Final = 600
_SHOW_EVERY: Final = 120


class RestoreWindow(QWidget):
    """Steps in a card, as in the assistant that makes a house."""

    finished = Signal(bool)
    """(switched): over; True when the restored records are in use now."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.setObjectName("Restore")
        self.setWindowTitle(TITLE)
        self.setMinimumSize(480, 420)
        self._folder = folder
        self._opened: Opened | None = None
        self._loss: Loss | None = None
        self._progress = Progress()
        self._sheet: ProgressSheet | None = None
        self._aside = Aside(self)
        self.choose_step = ChooseStep()
        self.key_step = KeyStep()
        self.content_step = ContentStep()
        self.steps: list[Step] = [self.choose_step, self.key_step, self.content_step]
        self.stack = QStackedWidget()
        self.stack.setObjectName("Restore_steps")
        self.where_label = label("", "secondary", name="Restore_where")
        self.cancel_button = button(_("Leave"), "Restore_cancel")
        self.back_button = button(_("Back"), "Restore_back")
        self.next_button = button(_("Continue"), "Restore_next", "primary")
        self.busy_bar = QProgressBar()
        self.busy_bar.setRange(0, 0)
        self.busy_bar.setTextVisible(False)
        self.busy_bar.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addWidget(self._framed(), 1, Qt.AlignmentFlag.AlignHCenter)
        for step in self.steps:
            self._add(step)
        self._show_timer = QTimer(self)
        self._show_timer.setInterval(_SHOW_EVERY)
        self._show_timer.timeout.connect(self._show_progress)
        self.choose_step.look_wanted.connect(self.look)
        self.back_button.clicked.connect(self._back)
        self.next_button.clicked.connect(self._next)
        self.cancel_button.clicked.connect(lambda: self.finished.emit(False))
        self._show(0)

    def _framed(self) -> QFrame:
        buttons = QHBoxLayout()
        buttons.addWidget(self.where_label, 1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.back_button)
        buttons.addWidget(self.next_button)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.stack.setProperty("kind", "page-body")
        area.setWidget(self.stack)
        card = QFrame()
        card.setObjectName("Restore_card")
        card.setProperty("kind", "card")
        card.setFixedWidth(min(theme.size(_WIDE), 1200))
        card.setMaximumHeight(theme.size(560))
        side = theme.size(32)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(side, side, side, theme.size(24))
        inside.setSpacing(theme.size(12))
        inside.addWidget(area, 1)
        inside.addWidget(self.busy_bar)
        inside.addLayout(buttons)
        return card

    def _add(self, step: Step) -> None:
        self.stack.addWidget(step)
        step.go_on.connect(self._next)

    # Steps

    def current(self) -> Step:
        """Return the step in front."""
        step = self.stack.currentWidget()
        assert isinstance(step, Step)
        return step

    def _show(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        total = len(self.steps)
        words = _("Step {number} of {total}").format(number=index + 1, total=total)
        self.where_label.setText(words if index < total else "")
        self.back_button.setVisible(0 < index < total)
        self.next_button.setVisible(index < total)
        self.cancel_button.setVisible(index < total)
        last = index == total - 1
        self.next_button.setText(_("Bring the copy") if last else _("Continue"))
        self.current().begin()

    def _back(self) -> None:
        self._show(max(0, self.stack.currentIndex() - 1))

    def _next(self) -> None:
        step = self.current()
        if not self.next_button.isEnabled() or not step.accept():
            return
        if step is self.choose_step:
            choice = self.choose_step.chosen()
            assert choice is not None
            self.key_step.offer(choice)
            self._show(1)
        elif step is self.key_step:
            self._open()
        elif step is self.content_step:
            self._bring()

    def _set_busy(self, busy: bool) -> None:
        self.busy_bar.setVisible(busy)
        self.next_button.setEnabled(not busy)
        self.back_button.setEnabled(not busy)
        self.current().setEnabled(not busy)

    def _failed(self, error: BaseException) -> None:
        self._close_sheet()
        self._set_busy(False)
        step = self.current()
        step.say(backup_words.reading(error) or sentence_for(error))
        step.begin()

    # What is done

    def look(self, folder: Path | None) -> None:
        """Look for backups in a folder, or on all sticks that are in."""
        act: Any = restoring.find if folder else restoring.find_everywhere
        where = (folder, self._folder) if folder else (self._folder,)
        self._set_busy(True)
        self._aside.ask(act, *where, then=self._found, failed=self._failed)

    def _found(self, choices: Any) -> None:
        self._set_busy(False)
        self.choose_step.show_choices(choices)

    def _open(self) -> None:
        choice, slot_id = self.choose_step.chosen(), self.key_step.slot_id
        self._set_busy(True)
        secret = self.key_step.secret()
        if slot_id:
            self._aside.ask(
                restoring.open_by_phrase,
                choice,
                slot_id,
                secret,
                then=self._is_open,
                failed=self._failed,
            )
        else:
            self._aside.ask(
                restoring.open_by_sheet, choice, secret, then=self._is_open, failed=self._failed
            )

    def _is_open(self, opened: Opened) -> None:
        self._opened = opened
        self.key_step.forget()
        self._aside.ask(
            restoring.compared, opened, self._folder, then=self._compared, failed=self._failed
        )

    def _compared(self, both: tuple[Content, Loss]) -> None:
        self._set_busy(False)
        content, self._loss = both
        self.content_step.show_content(content, self._loss)
        self._show(2)

    def _bring(self) -> None:
        self._progress = Progress()
        self._set_busy(True)
        self._sheet = ProgressSheet(self, _("Bringing the copy and checking it"))
        self._sheet.cancelled.connect(self._progress.stop)
        self._show_timer.start()
        self._aside.ask(
            restoring.bring,
            self._opened,
            self._folder,
            self._progress,
            then=self._brought,
            failed=self._failed,
        )

    def _brought(self, facts: Facts) -> None:
        self._close_sheet()
        self._set_busy(False)
        there = self._loss is not None and self._loss.there_is_a_house
        done = DoneStep(facts, there_is_a_house=there)
        self.stack.addWidget(done)
        done.switch_wanted.connect(self.switch)
        done.leave_wanted.connect(self._leave)
        self._show(self.stack.indexOf(done))

    def switch(self) -> None:
        """Let the restored records take the place of those of today."""
        self._set_busy(True)
        self._aside.ask(
            restoring.switch,
            self._folder,
            then=lambda _aside: self.finished.emit(True),
            failed=self._failed,
        )

    def _leave(self) -> None:
        self._aside.ask(
            restoring.drop,
            self._folder,
            then=lambda _v: self.finished.emit(False),
            failed=lambda _e: self.finished.emit(False),
        )

    def _show_progress(self) -> None:
        if self._sheet is not None:
            done, total = self._progress.done >> 10, self._progress.total >> 10
            self._sheet.set_progress(done, total, step_text(self._progress))

    def _close_sheet(self) -> None:
        self._show_timer.stop()
        if self._sheet is not None:
            self._sheet.finish()
            self._sheet = None

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the window with the quiet colour of the sign-in window."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("side"))
        painter.end()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget the keys and stop what is under way when the window goes."""
        self._progress.stop()
        self.key_step.forget()
        self._opened = None
        super().hideEvent(event)
