"""Taking everything out: proposed by one, approved by the other, written once under a phrase."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.domain import retention
from shelter_app.i18n import _, ngettext
from shelter_app.services import export_everything
from shelter_app.services import retention as review
from shelter_app.services.export_everything import Written
from ui.features.rights.decisions_card import DecisionsCard
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.dialog import Dialog, ReasonDialog
from ui.kit.folders import choose_folder
from ui.kit.message_bar import MessageBar


class LeavingView(QWidget):
    """What it is, the proposal, the approval, and the phrase that opens the file."""

    def __init__(self, context: Context, bar: MessageBar) -> None:
        super().__init__()
        self.setObjectName("LeavingView")
        self._context = context
        self._bar = bar
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
            self.write(decision_id, folder)

    def write(self, decision_id: int, folder: Path) -> None:
        """Write the file; the phrase is shown once afterwards and kept nowhere."""
        self._bar.say(
            _(
                "Writing everything out. This takes a while; if it is a stick, leave it in until "
                "the end."
            )
        )
        self._context.tasks.run(
            self,
            export_everything.write,
            decision_id,
            folder,
            then=self._written,
            failed=self._bar.explain,
        )

    def _written(self, written: Written) -> None:
        said = ngettext(
            "{file} holds {count} record.", "{file} holds {count} records.", written.records
        ).format(file=written.path.name, count=f"{written.records:,}")
        self._bar.say(said)
        self.reload()
        dialog = PhraseDialog(self, written.phrase)
        dialog.show_once()


class PhraseDialog(Dialog):
    """The six words, shown once."""

    def __init__(self, parent: QWidget, phrase: str) -> None:
        super().__init__(
            parent,
            _(
                "These words open the file. Write them on paper now: they are shown this once and "
                "kept nowhere. Never keep the paper with the file."
            ),
            _("I have written them down"),
            _("Close"),
        )
        self.setObjectName("PhraseDialog")
        self.no_button.hide()
        self.phrase_label = label(phrase, "to-copy", wrap=True, name="PhraseDialog_phrase")
        self.body.addWidget(self.phrase_label)
        self.yes_button.setDefault(False)
        self.phrase_label.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.phrase_label.setFocus()

    def reject(self) -> None:
        """Stay on Esc: it comes up by itself, and a stray key would lose the words for good."""
