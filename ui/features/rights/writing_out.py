"""Writing records out into one locked file: the folder, the words on paper, the bar, the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from shelter_app.errors import Stopped
from shelter_app.i18n import _, ngettext
from shelter_app.services import export_everything, export_reader
from shelter_app.services.export_everything import Written
from shelter_app.services.inside import Inside
from shelter_app.services.progress import Progress, Unhurried, unattended
from ui.kit.button import label
from ui.kit.context import Context
from ui.kit.dialog import Dialog
from ui.kit.folders import choose_folder
from ui.kit.lasting_work import LastingWork
from ui.kit.long_work import LongWork
from ui.kit.message_bar import MessageBar
from ui.kit.wording import sentence_for

Service = Callable[[Inside, int, Path, str, Progress], Written]


class WritingOut(QObject):
    """What a page does to write out what two people decided: the same for both files."""

    written = Signal()

    def __init__(
        self, view: QWidget, context: Context, bar: MessageBar, service: Service, title: str
    ) -> None:
        """`service` writes the file; `title` says on the sheet what is being written."""
        super().__init__(view)
        self._view = view
        self._context = context
        self._bar = bar
        self._service = service
        self._title = title
        self._lasting: LastingWork | None = None

    def choose_folder(self, decision_id: int) -> None:
        """Ask where the file shall go, then show its words."""
        folder = choose_folder(self._view)
        if folder is not None:
            self.show_phrase(decision_id, folder)

    def show_phrase(self, decision_id: int, folder: Path) -> None:
        """Show the words once; what they open is written when they are on paper."""
        phrase = export_everything.new_phrase()
        dialog = PhraseDialog(self._view, phrase)
        dialog.accepted.connect(lambda: self.write(decision_id, folder, phrase))
        dialog.show_once()

    def write(self, decision_id: int, folder: Path, phrase: str) -> None:
        """Write the file; nobody has to wait beside it, for the words are known already."""
        self._bar.clear()
        progress = Progress()
        self._lasting = LastingWork(
            self._view,
            _("The records lock as soon as everything is written out."),
            progress,
            partial(unattended, progress),
        )
        LongWork(self._view, self._title, Unhurried(progress)).run(
            self._context.tasks,
            self._service,
            decision_id,
            folder,
            phrase,
            progress,
            then=self._written,
            failed=self._not_written,
        )

    def _written(self, written: Written) -> None:
        self._is_over()
        held = ngettext(
            "{file} holds {count} record.", "{file} holds {count} records.", written.records
        ).format(file=written.path.name, count=f"{written.records:,}")
        opened = _("It was read back whole. The six words on your paper open it.")
        self._bar.say(f"{held} {opened} {export_reader.left_out(written.left_out)}.")
        self.written.emit()

    def _not_written(self, error: BaseException) -> None:
        self._is_over()
        stopped = _("Stopped. What was half-written was removed.")
        said = stopped if isinstance(error, Stopped) else sentence_for(error)
        useless = _("The six words on your paper open nothing: destroy it.")
        self._bar.say(f"{said} {useless}", "warning")

    def _is_over(self) -> None:
        if self._lasting is not None:
            self._lasting.end()
            self._lasting = None


class PhraseDialog(Dialog):
    """The six words, shown once, before the file is written that they open."""

    def __init__(self, parent: QWidget, phrase: str) -> None:
        super().__init__(
            parent,
            _(
                "These words will open the file. Write them on paper now: they are shown this once "
                "and kept nowhere. Never keep the paper with the file."
            ),
            _("I have written them down"),
            _("Go back"),
        )
        self.setObjectName("PhraseDialog")
        self.phrase_label = label(phrase, "to-copy", wrap=True, name="PhraseDialog_phrase")
        self.body.addWidget(self.phrase_label)
        self.yes_button.setDefault(False)
        self.no_button.clicked.disconnect(self.reject)
        self.no_button.clicked.connect(lambda: self.done(PhraseDialog.DialogCode.Rejected))
        self.phrase_label.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.phrase_label.setFocus()

    def reject(self) -> None:
        """Stay on Esc: a stray key would take the words away from whoever is writing them down."""
