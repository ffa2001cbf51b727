"""The restore assistant's window: choose, open, look, bring, switch; Back until it is done."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent

from shelter_app.domain.backup import FOLDER, STICK
from shelter_app.i18n import _
from shelter_app.services import backup_words, restoring
from shelter_app.services.backup_checks import Facts
from shelter_app.services.progress import Progress, standing
from shelter_app.services.restoring import Content, Loss, Opened
from ui.backup_runner import Aside
from ui.first_run.assistant import Assistant
from ui.kit.button import button
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.wording import sentence_for
from ui.restore.steps import ChooseStep, ContentStep, DoneStep, KeyStep


class RestoreWindow(Assistant):
    """Nothing changes until its last button; leaving is possible at every step."""

    finished = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__("Restore")
        self._folder = folder
        self._looks = 0
        self._kind = STICK
        """What was looked at last, for the words about it."""
        self._opened: Opened | None = None
        self._loss: Loss | None = None
        self._progress = Progress()
        self._sheet: ProgressSheet | None = None
        self._aside = Aside(self)
        self.choose_step = ChooseStep()
        self.key_step = KeyStep()
        self.content_step = ContentStep()
        self.frame(_("Back"), _("Continue"))
        for step in (self.choose_step, self.key_step, self.content_step):
            self.add(step)
        self._planned = len(self.steps)
        self.leave_button = button(_("Leave the assistant"), "Restore_leave_all", "small")
        self.outer.addWidget(self.leave_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.choose_step.look_wanted.connect(self.look)
        self.leave_button.clicked.connect(self.finished)
        self.show_step(0)

    # Steps

    def show_step(self, index: int) -> None:
        """Bring a step to the front and say what the button does."""
        words = _("Step {number} of {total}").format(number=index + 1, total=self._planned)
        planned = index < self._planned
        self.where_label.setText(words if planned else "")
        self.back_button.setVisible(0 < index < self._planned)
        self.next_button.setVisible(planned)
        self.leave_button.setVisible(planned)
        last = index == self._planned - 1
        self.next_button.setText(_("Bring the copy") if last else _("Continue"))
        super().show_step(index)

    def answered(self, index: int) -> None:
        """Do what follows from each answer."""
        step = self.steps[index]
        if step is self.choose_step:
            choice = self.choose_step.chosen()
            assert choice is not None
            self.key_step.offer(choice)
            self.show_step(1)
        elif step is self.key_step:
            self._open()
        elif step is self.content_step:
            self._bring()

    def _failed(self, error: BaseException) -> None:
        self._close_sheet()
        self.set_busy(False)
        step = self.current()
        step.say(backup_words.reading(error, self._kind) or sentence_for(error))
        step.begin()

    # What is done

    def look(self, folder: Path | None) -> None:
        """Look for backups in a folder, or on all sticks that are in."""
        act: Any = restoring.find if folder else restoring.find_everywhere
        where = (folder, self._folder) if folder else (self._folder,)
        self._kind = FOLDER if folder else STICK
        self._looks += 1
        this = self._looks
        self.set_busy(True)
        self._aside.ask(
            act, *where, then=partial(self._found, this), failed=partial(self._not_found, this)
        )

    def _found(self, look: int, choices: Any) -> None:
        if look == self._looks:
            self.set_busy(False)
            self.choose_step.show_choices(choices)

    def _not_found(self, look: int, error: BaseException) -> None:
        """Say it and stay: looking everywhere again would put its own words over these."""
        if look == self._looks:
            self.set_busy(False)
            self.choose_step.say(backup_words.reading(error, self._kind) or sentence_for(error))
            self.choose_step.again_button.setFocus()

    def _open(self) -> None:
        choice, slot_id = self.choose_step.chosen(), self.key_step.slot_id
        self.set_busy(True)
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
        self.set_busy(False)
        content, self._loss = both
        self.content_step.show_content(content, self._loss)
        self.show_step(2)

    def _bring(self) -> None:
        self._progress = Progress()
        self.set_busy(True)
        self._sheet = ProgressSheet(self, _("Bringing the copy and checking it"))
        self._sheet.cancelled.connect(self._progress.stop)
        self._sheet.watch(partial(standing, self._progress, self._kind))
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
        self.set_busy(False)
        done = DoneStep(facts, self._loss)
        self.add(done)
        done.switch_wanted.connect(self.switch)
        done.leave_wanted.connect(self._leave)
        self.show_step(self._planned)

    def switch(self) -> None:
        """Let the restored records take the place of those of today."""
        self.set_busy(True)
        self._aside.ask(
            restoring.switch,
            self._folder,
            then=lambda _aside: self.finished.emit(),
            failed=self._failed,
        )

    def _leave(self) -> None:
        self._aside.ask(
            restoring.drop,
            self._folder,
            then=lambda _v: self.finished.emit(),
            failed=lambda _e: self.finished.emit(),
        )

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.finish()
            self._sheet = None

    # Events

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget the keys and stop what is under way when the window goes."""
        self._progress.stop()
        self.key_step.forget()
        self._opened = None
        super().hideEvent(event)
