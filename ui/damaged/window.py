"""The window shown for a damaged part: nothing changes until somebody chooses and signs for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent

from shelter_app.errors import NotAllowed
from shelter_app.i18n import _
from shelter_app.services import restoring, salvage
from shelter_app.services.doors import Way
from shelter_app.services.salvage import Told
from ui.backup_runner import Aside
from ui.damaged.steps import ToldStep, WayStep, WhoStep
from ui.first_run.assistant import Assistant
from ui.kit.button import button
from ui.kit.progress_sheet import ProgressSheet, Standing
from ui.kit.wording import sentence_for


@dataclass
class _Share:
    """How far the other thread is; no window, so that none can end its life over there."""

    value: float = 0.0

    def note(self, share: float) -> None:
        """Take a number from the other thread."""
        self.value = share

    def standing(self) -> Standing:
        """Return it for the sheet."""
        return round(self.value * 100), 100, ""


class DamagedWindow(Assistant):
    """Which way, who, what came of it."""

    finished = Signal()
    restore_wanted = Signal()

    def __init__(self, folder: Path, part: str, ways: Sequence[Way], slot_id: str = "") -> None:
        super().__init__("Damaged")
        self._folder = folder
        self._part = part
        self._told: Told | None = None
        self._share = _Share()
        self._sheet: ProgressSheet | None = None
        self._aside = Aside(self)
        self.way_step = WayStep(part)
        self.who_step = WhoStep(part, ways)
        self.who_step.choose(slot_id)
        self.frame(_("Back"), _("Continue"))
        for step in (self.way_step, self.who_step):
            self.add(step)
        self.leave_button = button(_("Back to signing in"), "Damaged_leave", "small")
        self.outer.addWidget(self.leave_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.leave_button.clicked.connect(self.finished)
        self.show_step(0)
        self._aside.ask(
            restoring.find_everywhere,
            folder,
            then=self.way_step.show_backups,
            failed=lambda _error: self.way_step.show_backups(()),
        )

    def show_step(self, index: int) -> None:
        """Bring a step to the front and say what the button does."""
        self.back_button.setVisible(index == 1)
        words = (_("Continue"), _("Save what can be read"), _("Go on"))
        self.next_button.setText(words[min(index, 2)])
        self.leave_button.setVisible(index < 2)
        super().show_step(index)

    def answered(self, index: int) -> None:
        """Do what follows from each answer."""
        step = self.steps[index]
        if step is self.way_step:
            if self.way_step.wants_backup():
                self.restore_wanted.emit()
            else:
                self.show_step(1)
        elif step is self.who_step:
            self._save()
        else:
            self.finished.emit()

    def _save(self) -> None:
        self.set_busy(True)
        self._share = _Share()
        self._sheet = ProgressSheet(self, _("Saving what can be read"), can_cancel=False)
        self._sheet.watch(self._share.standing)
        self._aside.ask(
            salvage.save_what_opens,
            self._folder,
            self.who_step.slot_id(),
            self.who_step.phrase_edit.text(),
            self._part,
            self._share.note,
            then=self._saved,
            failed=self._failed,
        )

    def _saved(self, told: Told) -> None:
        self._close_sheet()
        self.set_busy(False)
        self.who_step.forget()
        self._told = told
        self.add(ToldStep(told))
        self.show_step(2)

    @property
    def still_damaged(self) -> str:
        """Return the next damaged part after one was saved, or ''."""
        return self._told.still_damaged if self._told else ""

    def _failed(self, error: BaseException) -> None:
        self._close_sheet()
        self.set_busy(False)
        if isinstance(error, NotAllowed):
            self.who_step.say(_("This name does not open this part. Please ask somebody who does."))
        else:
            self.who_step.say(sentence_for(error))
        self.who_step.begin()

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.finish()
            self._sheet = None

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget the password when the window goes."""
        self.who_step.forget()
        super().hideEvent(event)
