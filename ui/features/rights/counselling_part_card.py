"""The counselling part of leaving with everything: what was decided, and writing it out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from shelter_app.i18n import _
from shelter_app.services import export_everything
from shelter_app.services.export_everything import CounsellingPart
from ui.features.rights.writing_out import WritingOut
from ui.kit import layouts
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.message_bar import MessageBar


class CounsellingPartCard(Card):
    """For whoever holds the counselling key: the part of everything that only she can write."""

    def __init__(self, context: Context, bar: MessageBar) -> None:
        super().__init__(_("Leaving with everything: counselling"))
        self.setObjectName("CounsellingPartCard")
        self._context = context
        self.writing = WritingOut(
            self,
            context,
            bar,
            export_everything.write_counselling,
            _("Writing the counselling part out"),
        )
        self.writing.written.connect(self.reload)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.body.addLayout(self._lines)

    def reload(self) -> None:
        """Ask again."""
        self._context.tasks.ask(self, export_everything.counselling_part, then=self.show_part)

    def show_part(self, part: CounsellingPart | None) -> None:
        """Show what waits for her key, or when it was written."""
        layouts.clear(self._lines)
        if part is None:
            self._lines.addWidget(label(_("Nothing waits for you."), "mute"))
            return
        said = _("Decided by {names}, {day}").format(
            names=", ".join(part.decided_by), day=show_day(part.decided_on)
        )
        self._lines.addWidget(label(part.reason, "field", wrap=True))
        self._lines.addWidget(label(said, "mute", wrap=True))
        if part.written_on is not None:
            self._lines.addWidget(label(written_words(part), wrap=True))
        if part.may_write:
            self._offer(part)

    def _offer(self, part: CounsellingPart) -> None:
        words = _(
            "The house is taken out of this program, and counselling opens with your key only. You "
            "write it into a file of its own, under six words of its own. Nothing else goes into "
            "that file."
        )
        self._lines.addWidget(label(words, wrap=True))
        name = f"write_counselling_{part.decision_id}"
        made = button(_("Write the counselling part out…"), name, "primary")
        made.clicked.connect(lambda: self.writing.choose_folder(part.decision_id))
        self._lines.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)


def written_words(part: CounsellingPart) -> str:
    """Return on which day the counselling part was written out."""
    return _("The counselling part was written out on {day}.").format(day=show_day(part.written_on))
