"""The window of a recovery sheet, reached from the door: look, act, and put the new sheet on paper.

Nobody is signed in here: the sheet opens, does its one thing, and everything is closed again.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal

from shelter_app.errors import ValidationFailed
from shelter_app.i18n import _
from shelter_app.services import recovery_door
from shelter_app.services.key_changes import Course
from shelter_app.services.recovery_door import Opened
from shelter_app.services.recovery_sheets import Sheet
from ui.door import Door
from ui.first_run.assistant import Assistant
from ui.first_run.recovery_steps import CodeStep, CounsellorStep, ManagerStep
from ui.first_run.sheets import SheetStep
from ui.kit.wording import sentence_for

_LOOK_EVERY = 100


class RecoveryWindow(Assistant):
    """Type the sheet, say for whom, wait for the new keys, type the new sheet back."""

    finished = Signal()
    """Back to the door: something was done, or nothing."""

    def __init__(self, folder: Path, door: Door | None = None) -> None:
        super().__init__("Recovery", door)
        self._folder = folder
        self._course = Course()
        self._anew: Sheet | None = None
        self.let_in = ""
        """Who can sign in now who could not before, by her sign-in name."""
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self._look.timeout.connect(self._show_course)
        self.frame(_("Back to sign-in"), _("Continue"))
        self.code_step = CodeStep()
        self.add(self.code_step)
        self.code_step.prove_wanted.connect(self._prove)
        self.show_step(0)

    def back(self) -> None:
        """Leave, or go back from choosing; once something was done there is no way back."""
        if self.stack.currentIndex() == 0:
            self.code_step.forget()
            self.finished.emit()
            return
        while len(self.steps) > 1:
            step = self.steps.pop()
            self.stack.removeWidget(step)
            step.deleteLater()
        self.show_step(0)

    def show_step(self, index: int) -> None:
        """Bring a step to the front with its words on the buttons."""
        super().show_step(index)
        step = self.current()
        self.where_label.setText("")
        self.back_button.setVisible(not isinstance(step, SheetStep))
        self.back_button.setText(_("Back to sign-in") if index == 0 else _("Back"))
        words = {
            ManagerStep: _("Make the new manager"),
            CounsellorStep: _("Give the key"),
            SheetStep: _("Go to sign-in"),
        }
        self.next_button.setText(words.get(type(step), _("Continue")))

    def answered(self, index: int) -> None:
        """Do what the answered step asks for."""
        step = self.current()
        if isinstance(step, CodeStep):
            self._run(recovery_door.look, self.code_step.typed, then=self._opened)
        elif isinstance(step, ManagerStep):
            alias, typed = step.alias_edit.text().strip(), step.first_edit.text()
            done = _(
                "{alias} is a manager now. The old sheet opens nothing any more; this is the new "
                "one."
            ).format(alias=alias)
            self.let_in = alias
            self._act(recovery_door.make_manager, alias, typed, done=done)
        elif isinstance(step, CounsellorStep):
            done = _(
                "{alias} opens the counselling notes now. The old sheet opens nothing any more; "
                "this is the new one."
            ).format(alias=step.chosen_alias())
            self.let_in = step.chosen_alias()
            self._act(recovery_door.give_counselling, step.chosen, done=done)
        elif isinstance(step, SheetStep):
            self._run(recovery_door.prove, step.sheet.code, then=lambda _l: self.finished.emit())

    def _prove(self) -> None:
        if self.code_step.accept():
            self._run(recovery_door.prove, self.code_step.typed, then=self._proved)

    def _proved(self, letter: str) -> None:
        self.code_step.forget()
        self.code_step.tell(
            _(
                "Yes: this is sheet {letter}, and it opens. The day is kept; nothing was changed."
            ).format(letter=letter)
        )
        self.code_step.begin()

    def _opened(self, found: Opened) -> None:
        if found.letter == "R":
            self.add(ManagerStep())
        else:
            step = CounsellorStep()
            step.offer(found.counsellors)
            self.add(step)
        self.show_step(1)

    def _act(self, act: Any, *args: Any, done: str) -> None:
        self._course = Course()
        self._look.start()
        typed = self.code_step.typed
        self._run(act, typed, *args, self._course, then=partial(self._done, done))

    def _done(self, done: str, anew: Sheet) -> None:
        self.code_step.forget()
        self._anew = anew
        self.add(SheetStep(anew, done))
        self.show_step(len(self.steps) - 1)

    def _run(self, act: Any, *args: Any, then: Any) -> None:
        def came(value: Any) -> None:
            self._rest()
            then(value)

        self.set_busy(True, _("Trying the sheet…"))
        self.tasks.ask(
            self, self.door.run, act, self._folder, *args, then=came, failed=self._failed
        )

    def _rest(self) -> None:
        self._look.stop()
        self.busy_bar.setRange(0, 0)
        self.set_busy(False)
        self.where_label.setText("")

    def _show_course(self) -> None:
        if self._course.share > 0:
            self.busy_bar.setRange(0, 100)
            self.busy_bar.setValue(int(self._course.share * 100))
            self.where_label.setText(self._course.step)

    def _failed(self, error: BaseException) -> None:
        self._rest()
        step = self.current()
        if isinstance(error, ValidationFailed) and isinstance(step, ManagerStep):
            step.refuse(error)
        else:
            step.say(sentence_for(error))
            step.begin()  # while the sheet was tried, nothing could hold the focus
