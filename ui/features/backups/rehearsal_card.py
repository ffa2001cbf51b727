"""The rehearsal: one click restores the newest backup into a scratch folder and reports."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from shelter_app.domain.backup import STICK
from shelter_app.i18n import _
from shelter_app.services import backup_checks, backup_words
from shelter_app.services.backup_checks import Facts, ToRehearse
from shelter_app.services.backups import Overview, Present, RunLine
from shelter_app.services.progress import Progress, standing, unattended
from ui.backup_runner import Aside
from ui.features.backups.words import when
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.folders import choose_folder, named
from ui.kit.lasting_work import LastingWork
from ui.kit.message_bar import MessageBar
from ui.kit.pill import Pill
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.wording import sentence_for


class RehearsalCard(Card):
    """When it was last done, the button, and the result with its one-page report."""

    def __init__(self, context: Context, aside: Aside) -> None:
        super().__init__(_("Restore rehearsal"))
        self.setObjectName("BackupsPage_rehearsal")
        self._context = context
        self._aside = aside
        self._target: tuple[RunLine, Present] | None = None
        self._progress = Progress()
        self._sheet: ProgressSheet | None = None
        self._lasting: LastingWork | None = None
        self._facts: Facts | None = None
        self._name = ""
        self._may = context.actor.has_role(*backup_checks.REHEARSERS)
        self.pill = Pill("", "good")
        self.set_aside(self.pill)
        self.when_label = label("", wrap=True, name="BackupsPage_rehearsed")
        hint = _(
            "Every three months: the newest backup is restored into a scratch folder, checked and "
            "wiped again. Nothing in the records changes."
        )
        self.start_button = button(_("Rehearse now"), "BackupsPage_rehearse")
        self.why_label = label("", "secondary", wrap=True, name="BackupsPage_rehearse_why")
        self.bar = MessageBar()
        self.add(self.when_label)
        self.add(label(hint, "mute", wrap=True))
        self.add(self.bar)
        self.body.addWidget(self.start_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self.why_label)
        self.start_button.clicked.connect(self.rehearse)
        self.bar.acted.connect(self._choose)

    def show_state(self, overview: Overview, present: Sequence[Present]) -> None:
        """Show when it was done last and whether it can be done now."""
        self.when_label.setText(_("Last done: {when}.").format(when=when(overview.rehearsed_at)))
        if overview.rehearsal_due:
            self.pill.show_as(_("Due"), "soon")
        self.pill.setVisible(overview.rehearsal_due)
        here = {each.place_id: each for each in present}
        ready = (run for run in overview.runs if run.verified_at and not run.gone)
        run = next((run for run in ready if run.place_id in here), None)
        self._target = (run, here[run.place_id]) if run is not None else None
        self.start_button.setEnabled(self._may and self._target is not None)
        why = ""
        if not self._may:
            why = _("A manager does this: only managers' keys and the sheets open a backup.")
        elif self._target is None:
            why = _("No verified backup is in reach. Put its stick in, or connect its disk.")
        self.why_label.setText(why)
        self.why_label.setVisible(bool(why))

    def rehearse(self) -> None:
        """Restore the newest backup that is here, check it, wipe it."""
        if self._target is None:
            return
        run, present = self._target
        self._name = run.name
        self._progress = Progress()
        self.bar.clear()
        self._sheet = ProgressSheet(self, _("Rehearsing the restore"))
        self._sheet.cancelled.connect(self._progress.stop)
        self._sheet.watch(partial(standing, self._progress, present.kind))
        self._lasting = LastingWork(
            self,
            _("The records lock as soon as the rehearsal is finished."),
            self._progress,
            partial(unattended, self._progress),
        )
        self._context.tasks.ask(
            self,
            backup_checks.to_rehearse,
            run.id,
            then=partial(self._go, present.root),
            failed=self._fail,
        )

    def _go(self, root: Path, wanted: ToRehearse) -> None:
        self._aside.ask(
            backup_checks.rehearse,
            wanted,
            root,
            self._progress,
            then=partial(self._rehearsed, wanted.run_id),
            failed=self._fail,
        )

    def _rehearsed(self, run_id: int, facts: Facts) -> None:
        self._facts = facts
        self._context.tasks.do(
            self,
            backup_checks.record_rehearsal,
            run_id,
            facts,
            then=lambda _v: self._tell(facts),
            failed=self._fail,
        )

    def _tell(self, facts: Facts) -> None:
        self._close_sheet()
        words = _("{result} Check words: {words}.").format(
            result=backup_checks.headline(facts), words=facts.words
        )
        said = " ".join(filter(None, (words, backup_checks.erased_words(facts))))
        self.bar.say(said, "information", _("Save the report…"))

    def _fail(self, error: BaseException) -> None:
        self._close_sheet()
        kind = self._target[1].kind if self._target is not None else STICK
        sentence = backup_words.reading(error, kind) or sentence_for(error)
        self.bar.say(sentence, "error")

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.finish()
            self._sheet = None
        if self._lasting is not None:
            self._lasting.end()
            self._lasting = None

    # The report

    def _choose(self) -> None:
        folder = choose_folder(self, _("Folder for the report"))
        if folder is not None:
            self.save_report(folder)

    def save_report(self, folder: Path) -> None:
        """Write the one-page report into a folder."""
        if self._facts is not None:
            self._context.tasks.do(
                self,
                backup_checks.save_report,
                self._facts,
                self._name,
                folder,
                then=lambda path: self.bar.say(_("Saved as {file}.").format(file=named(path))),
                failed=self.bar.explain,
            )
