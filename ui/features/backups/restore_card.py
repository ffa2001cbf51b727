"""The way back: the restore assistant opens at the door, with the records locked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from shelter_app.i18n import _
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.dialog import Dialog


class RestoreCard(Card):
    """One button and what will happen."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("Bring the records back"))
        self.setObjectName("BackupsPage_restore")
        hint = _(
            "If this computer was stolen or the records are damaged, a backup brings them back. "
            "The assistant shows what would be lost before anything changes, and the records of "
            "today are kept aside for 30 days."
        )
        self.add(label(hint, "mute", wrap=True))
        self.start_button = button(_("Restore from a backup…"), "BackupsPage_restore_start")
        self.body.addWidget(self.start_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.start_button.clicked.connect(self._ask)

    def _ask(self) -> None:
        sentence = _(
            "The records are locked first, then the assistant opens. It needs a manager's password "
            "or a recovery sheet, and changes nothing until you say so at the end."
        )
        if Dialog.ask(self, sentence, _("Lock and go on"), _("Stay here")):
            self.wanted.emit()
