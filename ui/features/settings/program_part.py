"""The program itself: its version, and a newer one from a stick."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app import __version__
from shelter_app.i18n import _, ngettext
from shelter_app.services import backup_words, portable, updates
from shelter_app.services.progress import Progress, standing
from shelter_app.services.updates import Offer, Ready
from shelter_app.services.work import Work
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.dialog import Dialog
from ui.kit.flow import FlowLayout
from ui.kit.folders import choose_file, choose_folder
from ui.kit.message_bar import MessageBar
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.wording import sentence_for


class ProgramPart(QWidget):
    """Version and update; the update is prepared here and started by the window that leaves."""

    update_wanted = Signal(object)
    """(Ready): the records may be closed and the installer started."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SettingsPage_program")
        self._context = context
        self._progress = Progress()
        self._sheet: ProgressSheet | None = None
        self.bar = MessageBar()
        self.update_button = button(_("Update from a stick…"), "SettingsPage_update")
        card = Card(_("The program"))
        card.add(self.bar)
        card.add(label(_("Version {version}").format(version=__version__), "strong"))
        card.add(label(self._words(), "mute", wrap=True))
        if self._may_update():
            signers = label(_signed_by(), "mute", wrap=True)
            signers.setObjectName("SettingsPage_signers")
            card.add(signers)
        self.update_button.setVisible(self._may_update())
        self.stick_button = button(_("Program and records onto a stick…"), "SettingsPage_stick")
        self.stick_button.setVisible(self._may_travel())
        buttons = QWidget()
        side_by_side = FlowLayout(buttons, spacing=8)
        side_by_side.addWidget(self.update_button)
        side_by_side.addWidget(self.stick_button)
        card.add(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        whole.addStretch(1)
        self.update_button.clicked.connect(self._choose)
        self.stick_button.clicked.connect(self._choose_stick)

    def _may_update(self) -> bool:
        keeps = self._context.actor.has_role(*updates.KEEPERS)
        return keeps and not updates.obstacle(updates.installed())

    def _may_travel(self) -> bool:
        return self._context.actor.has_role(*portable.KEEPERS) and not portable.obstacle()

    def _words(self) -> str:
        if not self._context.actor.has_role(*updates.KEEPERS):
            return _("A manager, or whoever keeps the system, installs new versions.")
        obstacle = updates.obstacle(updates.installed())
        return _(obstacle) or _(
            "A new version comes as one file on a stick. Before anything is touched the program "
            "checks who made it and makes a backup. If the new version does not start, the old one "
            "comes back by itself."
        )

    def _choose(self) -> None:
        chosen = choose_file(self, _("Update"), _("Updates") + " (*.update)")
        if chosen is not None:
            self.look_at(chosen)

    def look_at(self, path: Path) -> None:
        """Check a file and ask before anything happens."""
        self.bar.clear()
        self._context.tasks.ask(self, _look, path, then=self._ask, failed=self._fail)

    def _ask(self, found: Offer) -> None:
        sentence = _("Version {new} is from the makers of this program. Install it now?")
        dialog = Dialog(
            self, sentence.format(new=found.version), _("Back up and install"), _("Not now")
        )
        if found.news:
            dialog.body.addWidget(label(found.news, "secondary", wrap=True))
        closes = _("The program closes for a few minutes. Everybody's forms are kept.")
        dialog.body.addWidget(label(closes, "mute", wrap=True))
        if dialog.exec():
            self.install(found)
        dialog.deleteLater()

    def install(self, found: Offer) -> None:
        """Make the backup and the checked copy; then the window leaves."""
        self._open_sheet(_("Preparing the update"))
        self._context.tasks.run(
            self, updates.prepare, found, self._progress, then=self._ready, failed=self._fail
        )

    def _choose_stick(self) -> None:
        sentence = _(
            "For an evacuation: the program and a full copy of the records go onto one stick and "
            "run there on any computer. Go on with one of the two only; nothing joins them again."
        )
        dialog = Dialog(self, sentence, _("Choose the stick…"), _("Not now"))
        agreed = dialog.exec()
        dialog.deleteLater()
        if not agreed:
            return
        folder = choose_folder(self)
        if folder is not None:
            self.travel(folder)

    def travel(self, root: Path) -> None:
        """Put program and records on a stick."""
        self._open_sheet(_("Copying program and records"))
        self._context.tasks.run(
            self, portable.make, root, self._progress, then=self._travelled, failed=self._fail
        )

    def _travelled(self, folder: Path) -> None:
        self._close_sheet()
        self.bar.say(
            _("The stick is ready. Start the program in its folder “{name}”.").format(
                name=folder.name
            )
        )

    def _open_sheet(self, text: str) -> None:
        self.bar.clear()
        self._progress = Progress()
        self._sheet = ProgressSheet(self, text)
        self._sheet.cancelled.connect(self._progress.stop)
        self._sheet.watch(partial(standing, self._progress))

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.finish()
            self._sheet = None

    def _ready(self, ready: Ready) -> None:
        self._close_sheet()
        self.update_wanted.emit(ready)

    def _fail(self, error: BaseException) -> None:
        self._close_sheet()
        self.bar.say(backup_words.making(error) or sentence_for(error), "warning")


def _signed_by() -> str:
    fingerprints = updates.signers()
    return ngettext(
        "Only updates signed with this key are believed: {keys}",
        "Only updates signed with one of these keys are believed: {keys}",
        len(fingerprints),
    ).format(keys=", ".join(fingerprints))


def _look(_work: Work, path: Path) -> Offer:
    return updates.offer(path)
