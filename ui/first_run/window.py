"""The assistant that makes a house; nothing is kept until it is made."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal

from shelter_app import settings
from shelter_app.i18n import _
from shelter_app.services import house_setup, recovery_door
from shelter_app.services.house_setup import Founded
from ui.door import Door
from ui.first_run.assistant import Assistant
from ui.first_run.sheets import SheetStep
from ui.first_run.step import Draft, empty_plan
from ui.first_run.steps import FolderStep, LanguageStep, NamesStep, PhraseStep
from ui.kit.button import button
from ui.kit.wording import sentence_for
from ui.language import speak


class FirstRunWindow(Assistant):
    """Language, folder, names, pass phrase, and both sheets onto paper."""

    restore_wanted = Signal()
    """There is a backup: bring the records back instead of beginning anew."""
    finished = Signal(str)
    """(folder): the house is made and both sheets are on paper."""

    def __init__(self, folder: Path, door: Door | None = None, cost: object = None) -> None:
        super().__init__("FirstRun", door)
        self._usual_folder = folder
        self._cost = cost
        self._founded: Founded | None = None
        self._build()

    def _build(self) -> None:
        self.frame(_("Back"), _("Continue"))
        self.restore_button = button(_("Restore from a backup…"), "FirstRun_restore", "small")
        self.outer.addWidget(self.restore_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.restore_button.clicked.connect(self.restore_wanted)
        self.draft = Draft(empty_plan(self._usual_folder))
        language_step = LanguageStep()
        for step in (
            language_step,
            FolderStep(self.draft),
            NamesStep(self.draft),
            PhraseStep(self.draft),
        ):
            self.add(step)
        self._planned = len(self.steps)
        language_step.language_chosen.connect(self._speak)
        self.show_step(0)

    def set_busy(self, busy: bool, words: str = "") -> None:
        """Show that something takes its time; nothing else begins meanwhile."""
        super().set_busy(busy, words)
        self.restore_button.setEnabled(not busy)

    def show_step(self, index: int) -> None:
        """Bring a step to the front and say how many there are."""
        total = self._planned + 2
        self.where_label.setText(
            _("Step {number} of {total}").format(number=index + 1, total=total)
        )
        self.back_button.setVisible(0 < index < self._planned)
        self.restore_button.setVisible(index < self._planned)
        making = index == self._planned - 1
        last = index == total - 1
        words = _("Make the house") if making else _("Go to sign-in") if last else _("Continue")
        self.next_button.setText(words)
        super().show_step(index)

    def answered(self, index: int) -> None:
        """Make the house after the last question; prove each sheet before the next."""
        step = self.current()
        if index == self._planned - 1:
            self._make()
        elif isinstance(step, SheetStep) and self._founded is not None:
            self._prove(step, index)
        else:
            self.show_step(index + 1)

    def _make(self) -> None:
        self.set_busy(True, _("Measuring this computer and making the keys…"))
        self.tasks.ask(
            self,
            self.door.run,
            house_setup.found_house,
            self.draft.plan,
            self._cost,
            then=self._made,
            failed=self._failed,
        )

    def _made(self, founded: Founded) -> None:
        self.set_busy(False)
        self._founded = founded
        self.draft.change(passphrase="")
        if founded.folder != self._usual_folder:
            settings.save(dataclasses.replace(settings.load(), folder=str(founded.folder)))
        for sheet in founded.sheets:
            self.add(SheetStep(sheet))
        self.show_step(self._planned)

    def _prove(self, step: SheetStep, index: int) -> None:
        """Let the typed sheet open its own slot, so that the house knows the paper is right."""
        assert self._founded is not None
        self.set_busy(True, _("Trying the sheet…"))
        self.tasks.ask(
            self,
            self.door.run,
            recovery_door.prove,
            self._founded.folder,
            step.sheet.code,
            then=partial(self._proved, index),
            failed=self._failed,
        )

    def _proved(self, index: int, _letter: str) -> None:
        self.set_busy(False)
        assert self._founded is not None
        if index + 1 < len(self.steps):
            self.show_step(index + 1)
        else:
            self.finished.emit(str(self._founded.folder))

    def _failed(self, error: BaseException) -> None:
        self.set_busy(False)
        self.current().say(sentence_for(error))

    def _speak(self, code: str) -> None:
        """Begin again in another language; nothing has been typed yet."""
        speak(code)
        settings.save(dataclasses.replace(settings.load(), language=code))
        for old in (self.card, self.restore_button):
            self.outer.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._build()
