"""Taking everything out: proposed by one, approved by the other, written once under a phrase."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.domain import retention
from shelter_app.errors import Stopped
from shelter_app.i18n import _, ngettext
from shelter_app.services import export_everything, export_reader
from shelter_app.services import retention as review
from shelter_app.services.export_everything import Written
from shelter_app.services.progress import Progress, Unhurried, unattended
from ui.features.rights.decisions_card import DecisionsCard
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_moment
from ui.kit.dialog import Dialog, ReasonDialog
from ui.kit.folders import choose_folder
from ui.kit.lasting_work import LastingWork
from ui.kit.long_work import LongWork
from ui.kit.message_bar import MessageBar
from ui.kit.wording import sentence_for


class LeavingView(QWidget):
    """What it is, the proposal, the approval, and the phrase that opens the file."""

    def __init__(self, context: Context, bar: MessageBar) -> None:
        super().__init__()
        self.setObjectName("LeavingView")
        self._context = context
        self._bar = bar
        self._lasting: LastingWork | None = None
        said = (
            _(
                "This program is never a prison. Everything can be taken out on any day: all "
                "records as tables (CSV and JSON) with a description of every field, and all "
                "papers, in one file locked by a phrase of six words."
            ),
            _(
                "The file is opened with the small reader of this program on any computer, without "
                "these records: tables, search, saving of papers. Any tool for the age format "
                "opens it too."
            ),
            _(
                "Manager and data protection lead are both needed. What the manager's keys do not "
                "open, such as counselling, stays behind; the file says so."
            ),
        )
        card = Card(_("Leaving with everything"))
        for words in said:
            card.add(label(words, wrap=True))
        self.propose_button = button(_("Propose to take everything out…"), "LeavingView_propose")
        card.body.addWidget(self.propose_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.when_label = label("", "mute", wrap=True, name="LeavingView_when")
        self.when_label.hide()
        card.add(self.when_label)
        self.decisions = DecisionsCard(context, bar, (retention.LEAVE,))
        self.decisions.leave_asked.connect(self._choose_folder)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(card)
        whole.addWidget(self.decisions)
        whole.addStretch(1)
        self.propose_button.clicked.connect(self._ask_why)
        self.reload()

    def reload(self) -> None:
        """Ask again."""
        self.decisions.reload()
        self._context.tasks.ask(self, review.last_left_at, then=self._say_when)

    def _say_when(self, last: datetime | None) -> None:
        self.when_label.setText(_("Last written out: {when}.").format(when=show_moment(last)))
        self.when_label.setVisible(last is not None)

    def _ask_why(self) -> None:
        dialog = ReasonDialog(
            self,
            _(
                "A file with everything would put every resident in danger if it were lost with "
                "its phrase. Say why it is needed and who receives it."
            ),
            _("Propose"),
            _("Go back"),
        )
        dialog.setObjectName("LeavingView_reason")
        dialog.accepted.connect(lambda: self.propose(dialog.reason()))
        dialog.show_once()

    def propose(self, reason: str) -> None:
        """Propose it; the other role approves."""
        self._context.tasks.do(
            self,
            review.propose_leaving,
            reason,
            then=lambda _decision: self.reload(),
            failed=self._bar.explain,
        )

    def _choose_folder(self, decision_id: int) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.show_phrase(decision_id, folder)

    def show_phrase(self, decision_id: int, folder: Path) -> None:
        """Show the words once; what they open is written when they are on paper."""
        phrase = export_everything.new_phrase()
        dialog = PhraseDialog(self, phrase)
        dialog.accepted.connect(lambda: self.write(decision_id, folder, phrase))
        dialog.show_once()

    def write(self, decision_id: int, folder: Path, phrase: str) -> None:
        """Write the file; nobody has to wait beside it, for the words are known already."""
        self._bar.clear()
        progress = Progress()
        self._lasting = LastingWork(
            self,
            _("The records lock as soon as everything is written out."),
            progress,
            partial(unattended, progress),
        )
        LongWork(self, _("Writing everything out"), Unhurried(progress)).run(
            self._context.tasks,
            export_everything.write,
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
        said = f"{held} {opened}"
        if written.left_out:
            said = f"{said} {export_reader.left_out(written.left_out)}."
        self._bar.say(said)
        self.reload()

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
