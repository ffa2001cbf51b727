"""Taking everything out: proposed by one, approved by the other, written once under a phrase."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.domain import retention
from shelter_app.domain.access import COUNSELLORS
from shelter_app.i18n import _
from shelter_app.services import export_everything
from shelter_app.services import retention as review
from shelter_app.services.export_everything import CounsellingPart
from ui.features.rights.counselling_part_card import CounsellingPartCard, written_words
from ui.features.rights.decisions_card import DecisionsCard
from ui.features.rights.writing_out import WritingOut
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_moment
from ui.kit.dialog import ReasonDialog
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
                "papers, in two files that are locked by six words each."
            ),
            _(
                "A file is opened with the small reader of this program on any computer, without "
                "these records: tables, search, saving of papers. Any tool for the age format "
                "opens it too."
            ),
            _(
                "Manager and data protection lead are both needed. The manager writes everything "
                "but counselling, which her keys do not open; a counsellor writes that into a file "
                "of its own, under Data protection."
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
        self.counselling_label = label("", wrap=True, name="LeavingView_counselling")
        self.counselling_label.hide()
        card.add(self.counselling_label)
        self.writing = WritingOut(
            self, context, bar, export_everything.write, _("Writing everything out")
        )
        self.writing.written.connect(self.reload)
        self.decisions = DecisionsCard(context, bar, (retention.LEAVE,))
        self.decisions.leave_asked.connect(self.writing.choose_folder)
        self.counselling = CounsellingPartCard(context, bar)
        self._counsels = context.actor.has_role(*COUNSELLORS)
        self.counselling.setVisible(self._counsels)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(card)
        whole.addWidget(self.decisions)
        whole.addWidget(self.counselling)
        whole.addStretch(1)
        self.propose_button.clicked.connect(self._ask_why)
        self.reload()

    def reload(self) -> None:
        """Ask again."""
        self.decisions.reload()
        self._context.tasks.ask(self, review.last_left_at, then=self._say_when)
        self._context.tasks.ask(self, export_everything.counselling_part, then=self._say_part)
        if self._counsels:
            self.counselling.reload()

    def _say_when(self, last: datetime | None) -> None:
        self.when_label.setText(_("Last written out: {when}.").format(when=show_moment(last)))
        self.when_label.setVisible(last is not None)

    def _say_part(self, part: CounsellingPart | None) -> None:
        self.counselling_label.setVisible(part is not None)
        if part is not None:
            waits = _(
                "The counselling part stays behind until a counsellor writes it out under Data "
                "protection."
            )
            self.counselling_label.setText(written_words(part) if part.written_on else waits)

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
