"""The sticks and folders: which are in, what lies on them, adding and taking off the list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from shelter_app.domain.backup import FOLDER, STICK
from shelter_app.i18n import _, ngettext
from shelter_app.services import backups
from shelter_app.services.backups import Overview, PlaceLine, Present
from ui.backup_runner import Aside
from ui.features.backups.words import place_words, when
from ui.kit import layouts, theme
from ui.kit.button import button
from ui.kit.card import Card, EmptyState
from ui.kit.context import Context
from ui.kit.dialog import Dialog
from ui.kit.folders import choose_folder
from ui.kit.page import FlowLayout
from ui.kit.pill import Pill
from ui.kit.row import TwoLines


class PlacesCard(Card):
    """One row for each known place."""

    back_up_wanted = Signal(object)
    check_wanted = Signal(object)
    added = Signal(str)
    """(its words): a place is known now."""
    failed = Signal(object, str)
    """(error, kind of place)"""

    def __init__(self, context: Context, aside: Aside) -> None:
        super().__init__(_("Places"))
        self.setObjectName("BackupsPage_places")
        self._context = context
        self._aside = aside
        self._shown: tuple[Any, ...] = ()
        self.empty = EmptyState(
            _("No place yet. Take two sticks: one stays here, one sleeps outside the house.")
        )
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.add(self.empty)
        self.body.addLayout(self._rows)
        self.stick_button = button(_("Add a stick…"), "BackupsPage_add_stick", "small", icon="add")
        self.folder_button = button(_("Add a folder…"), "BackupsPage_add_folder", "small")
        holder = QWidget()
        line = FlowLayout(holder, spacing=8)
        line.addWidget(self.stick_button)
        line.addWidget(self.folder_button)
        self.add(holder)
        self.stick_button.clicked.connect(self._look_for_sticks)
        self.folder_button.clicked.connect(self._choose_folder)

    def show_places(self, overview: Overview, present: Sequence[Present]) -> None:
        """Show the places and which of them are in."""
        here = frozenset(each.place_id for each in present)
        if self._shown == (overview.places, here):
            return
        self._shown = (overview.places, here)
        self.empty.setVisible(not overview.places)
        layouts.clear(self._rows)
        for place in overview.places:
            row = PlaceRow(place, is_here=place.id in here)
            row.check_button.clicked.connect(partial(self._pass_on, self.check_wanted, place.id))
            row.more_button.clicked.connect(partial(self._edit, place))
            self._rows.addWidget(row)

    def _pass_on(self, signal: Any, place_id: int, _on: bool = False) -> None:
        signal.emit(place_id)

    # Adding

    def _look_for_sticks(self) -> None:
        self._aside.ask(backups.drives, then=self._choose_stick)

    def _choose_stick(self, drives: Sequence[Any]) -> None:
        if not drives:
            Dialog.ask(
                self,
                _(
                    "No stick was found. Put one in and wait until the computer shows it. If it "
                    "still is not found, add it as a folder."
                ),
                _("Understood"),
                _("Back"),
            )
            return
        dialog = StickDialog(self, drives)
        agreed = dialog.exec() == StickDialog.DialogCode.Accepted
        root = dialog.root()
        dialog.deleteLater()
        if agreed:
            self.add_place(backups.add_stick, root)

    def _choose_folder(self) -> None:
        folder = choose_folder(self, _("Folder for backups"))
        if folder is not None:
            self.add_place(backups.add_folder, folder)

    def add_place(self, act: Any, root: Path) -> None:
        """Make a stick or folder known."""
        kind = STICK if act is backups.add_stick else FOLDER
        self._context.tasks.run(
            self,
            act,
            root,
            then=lambda place: self.added.emit(place_words(place)),
            failed=lambda error: self.failed.emit(error, kind),
        )

    # Changing

    def _edit(self, place: PlaceLine, _on: bool = False) -> None:
        dialog = PlaceDialog(self, place)
        agreed = dialog.exec() == PlaceDialog.DialogCode.Accepted
        where, lost = dialog.where_edit.text().strip(), dialog.lost
        dialog.deleteLater()
        tasks, failed = self._context.tasks, lambda error: self.failed.emit(error, place.kind)
        if lost:
            tasks.do(self, backups.retire_place, place.id, failed=failed)
        elif agreed and where != place.kept_where:
            tasks.do(self, backups.describe_place, place.id, where, failed=failed)


class PlaceRow(QFrame):
    """One stick or folder."""

    def __init__(self, place: PlaceLine, *, is_here: bool) -> None:
        super().__init__()
        self.setObjectName(f"BackupsPage_place_{place.label}")
        self.setProperty("kind", "row")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 9, 0, 9)
        box.setSpacing(12)
        box.addWidget(TwoLines(place_words(place), _about(place)), 1)
        if is_here:
            here = _("In now") if place.kind == STICK else _("There")
            box.addWidget(Pill(here, "good"), 0, Qt.AlignmentFlag.AlignTop)
        self.check_button = button(_("Check"), f"BackupsPage_check_{place.label}", "small")
        self.check_button.setAccessibleName(
            _("Read the backup on {place} again").format(place=place_words(place))
        )
        self.check_button.setVisible(is_here and place.verified_at is not None)
        self.more_button = button(_("Change…"), f"BackupsPage_change_{place.label}", "small")
        self.more_button.setAccessibleName(
            _("Change what is known of {place}").format(place=place_words(place))
        )
        box.addWidget(self.check_button, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignTop)


def _about(place: PlaceLine) -> str:
    count = ngettext("{count} backup", "{count} backups", place.count).format(count=place.count)
    parts = [_("Last verified: {when}").format(when=when(place.verified_at))]
    if place.verified_at:
        parts.append(count)
    if place.checked_at:
        parts.append(_("checked again: {when}").format(when=when(place.checked_at)))
    if place.kept_where:
        parts.append(_("kept: {where}").format(where=place.kept_where))
    if place.folder:
        parts.append(place.folder)
    return " · ".join(parts)


class StickDialog(Dialog):
    """Which of the sticks that are in."""

    def __init__(self, parent: QWidget, drives: Sequence[Any]) -> None:
        sentence = _(
            "A folder for backups is made on the stick; what else is on it stays. Nobody without a "
            "manager's password or a recovery sheet can read them."
        )
        super().__init__(parent, sentence, _("Use this stick"), _("Back"))
        self.setObjectName("StickDialog")
        self.box = QComboBox()
        self.box.setObjectName("StickDialog_stick")
        self.box.setAccessibleName(_("Stick"))
        for drive in drives:
            self.box.addItem(drive.name or str(drive.folder), str(drive.folder))
        self.body.addWidget(self.box)
        self.setMinimumWidth(theme.size(440))

    def root(self) -> Path:
        """Return the stick's folder."""
        return Path(str(self.box.currentData()))


class PlaceDialog(Dialog):
    """Where a stick sleeps, and taking a lost one off the list."""

    def __init__(self, parent: QWidget, place: PlaceLine) -> None:
        sentence = _("Where does {place} stay between backups? Write no names.").format(
            place=place_words(place)
        )
        super().__init__(parent, sentence, _("Save"), _("Back"))
        self.setObjectName("PlaceDialog")
        self.lost = False
        self.where_edit = QLineEdit(place.kept_where)
        self.where_edit.setObjectName("PlaceDialog_where")
        self.where_edit.setMaxLength(200)
        self.where_edit.setPlaceholderText(_("for example: partner's safe"))
        self.where_edit.setAccessibleName(_("Where it is kept"))
        self.lost_button = button(
            _("It is lost or worn out: take it off the list"), "PlaceDialog_lost", "link"
        )
        self.body.addWidget(self.where_edit)
        self.body.addWidget(self.lost_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setMinimumWidth(theme.size(460))
        self.lost_button.clicked.connect(self._is_lost)
        self.where_edit.setFocus()

    def _is_lost(self) -> None:
        self.lost = True
        self.reject()
