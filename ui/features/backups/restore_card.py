"""The way back: the restore assistant opens at the door, with the records locked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal

from shelter_app.i18n import _
from shelter_app.services import technician_page
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.dialog import Dialog
from ui.kit.folders import choose_folder, named
from ui.kit.message_bar import MessageBar


class RestoreCard(Card):
    """One button and what will happen."""

    wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(_("Bring the records back"))
        self._context = context
        self.setObjectName("BackupsPage_restore")
        hint = _(
            "If this computer was stolen or the records are damaged, a backup brings them back. "
            "The assistant shows what would be lost before anything changes, and the records of "
            "today are kept aside for 30 days."
        )
        self.add(label(hint, "mute", wrap=True))
        self.start_button = button(_("Restore from a backup…"), "BackupsPage_restore_start")
        self.page_button = button(_("Page for a technician…"), "BackupsPage_technician", "link")
        self.page_button.setToolTip(_("How a backup is opened without this program"))
        self.bar = MessageBar()
        self.body.addWidget(self.start_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.page_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self.bar)
        self.start_button.clicked.connect(self._ask)
        self.page_button.clicked.connect(self._choose)

    def _choose(self) -> None:
        folder = choose_folder(self, _("Folder for the page"))
        if folder is not None:
            self.save_page(folder)

    def save_page(self, folder: Path) -> None:
        """Write the page for a technician, and the short program it speaks of, into a folder."""
        self._context.tasks.ask(
            self,
            technician_page.save,
            folder,
            then=lambda path: self.bar.say(_("Saved as {file}.").format(file=named(path))),
            failed=self.bar.explain,
        )

    def _ask(self) -> None:
        sentence = _(
            "The records are locked first, then the assistant opens. It needs a manager's password "
            "or a recovery sheet, and changes nothing until you say so at the end."
        )
        if Dialog.ask(self, sentence, _("Lock and go on"), _("Stay here")):
            self.wanted.emit()
