"""The steps of the assistant for damage: which way, who opens the part, what was saved and lost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QRadioButton,
    QWidget,
)

from shelter_app.i18n import _, ngettext
from shelter_app.services import integrity, salvage
from shelter_app.services.doors import Way
from shelter_app.services.restoring import Choice
from shelter_app.services.salvage import Loss, Told
from ui.first_run.step import Step
from ui.kit import theme
from ui.kit.button import label
from ui.kit.day_text import show_moment
from ui.kit.passphrase_edit import PassphraseEdit

_KEYRING = "keyring"


class WayStep(Step):
    """What is damaged, and the two ways on."""

    def __init__(self, part: str) -> None:
        words = integrity.part_words(part)
        super().__init__(
            _("One part of the records is damaged"),
            _(
                "Damaged: {part}. Nothing was written to it, and the other parts were not touched. "
                "A fault of the disk or a sudden power cut can do this."
            ).format(part=words),
            "Damaged_way",
        )
        self.restore_choice = QRadioButton(_("Bring back the last good backup"))
        self.restore_choice.setObjectName("Damaged_restore")
        self.backup_label = label(
            _("Looking for backups…"), "secondary", wrap=True, name="Damaged_backup"
        )
        self.salvage_choice = QRadioButton(_("Save what can still be read"))
        self.salvage_choice.setObjectName("Damaged_salvage")
        self.salvage_label = label(
            _(
                "Every entry that can be read goes into a new file. The damaged file is kept aside "
                "as it is. Afterwards you see what is lost."
            ),
            "secondary",
            wrap=True,
        )
        self.ways = QButtonGroup(self)
        for choice, text in (
            (self.restore_choice, self.backup_label),
            (self.salvage_choice, self.salvage_label),
        ):
            self.ways.addButton(choice)
            self.column.addWidget(choice)
            self.column.addWidget(_indented(text))
            self.column.addSpacing(theme.size(8))
        self.restore_choice.setChecked(True)
        self.salvage_choice.setVisible(part != _KEYRING)
        self.salvage_label.setVisible(part != _KEYRING)
        self.finish()

    def begin(self) -> None:
        """Let the keyboard choose."""
        (self.restore_choice if self.wants_backup() else self.salvage_choice).setFocus()

    def wants_backup(self) -> bool:
        """Say which way was chosen."""
        return self.restore_choice.isChecked()

    def show_backups(self, found: Sequence[Choice]) -> None:
        """Say which backup is the newest of this house, or that none is in reach."""
        own = [choice for choice in found if choice.same_house is not False]
        if not own:
            self.backup_label.setText(
                _(
                    "No backup is in reach. Put the newest stick in; the next step looks for it. "
                    "What was entered after the backup would have to be typed again."
                )
            )
            return
        self.backup_label.setText(
            _(
                "Newest backup in reach: {when}. What was entered after it would have to be typed "
                "again."
            ).format(when=show_moment(own[0].made_at, weekday=True))
        )


def _indented(text: QWidget) -> QWidget:
    text.setContentsMargins(theme.size(24), 0, 0, 0)
    return text


class WhoStep(Step):
    """Somebody who opens the damaged part, with her password."""

    def __init__(self, part: str, ways: Sequence[Way]) -> None:
        super().__init__(
            _("Who opens this part?"),
            _(
                "Only somebody who may open {part} can save it. The records are not signed in to: "
                "the password only opens the damaged file."
            ).format(part=integrity.part_words(part)),
            "Damaged_who_step",
        )
        self.who_box = QComboBox()
        self.who_box.setObjectName("Damaged_who")
        for way in ways:
            self.who_box.addItem(way.alias, way.slot_id)
        self.add_field(_("Your name"), self.who_box)
        self.phrase_edit = PassphraseEdit("Damaged_passphrase")
        self.add_field(_("Password"), self.phrase_edit, self.phrase_edit.line_edit)
        self.phrase_edit.submitted.connect(self.go_on)
        self.finish()

    def begin(self) -> None:
        """Ask for the password."""
        self.phrase_edit.line_edit.setFocus()

    def choose(self, slot_id: str) -> None:
        """Put the one in front who stood at the door."""
        self.who_box.setCurrentIndex(max(0, self.who_box.findData(slot_id)))

    def accept(self) -> bool:
        """Go on with a password."""
        if not self.phrase_edit.text():
            self.say(_("Please type your password."))
            return False
        self.say("")
        return True

    def slot_id(self) -> str:
        """Return whose password was typed."""
        return str(self.who_box.currentData() or "")

    def forget(self) -> None:
        """Forget what was typed."""
        self.phrase_edit.clear()


class ToldStep(Step):
    """What was saved and what was lost, by kind of entry."""

    def __init__(self, told: Told) -> None:
        super().__init__(_("What could be saved"), salvage.summary(told), "Damaged_told")
        self.table = QGridLayout()
        self.table.setHorizontalSpacing(theme.size(24))
        self.table.setVerticalSpacing(theme.size(6))
        self.table.setColumnStretch(0, 1)
        self._add_line(0, "field", (_("Kind of entry"), _("Saved"), _("Lost")))
        for row, loss in enumerate(told.losses, start=1):
            self._add_line(row, "", (loss.title, f"{loss.saved:,}", _lost(loss)))
        self.column.addLayout(self.table)
        self.column.addSpacing(theme.size(8))
        for text in _notes(told):
            self.column.addWidget(label(text, "secondary", wrap=True))
        self.finish()

    def _add_line(self, row: int, role: str, texts: tuple[str, str, str]) -> None:
        for column, text in enumerate(texts):
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            made = label(text, role, name=f"Damaged_cell_{row}_{column}")
            self.table.addWidget(made, row, column, side)


def _lost(loss: Loss) -> str:
    if loss.maybe_more:
        return _("{count} or more").format(count=f"{loss.lost:,}") if loss.lost else _("not known")
    return f"{loss.lost:,}"


def _notes(told: Told) -> list[str]:
    notes = [
        ngettext(
            "{bad} of {all} page of the file was damaged. The damaged file is kept in the folder "
            "“{folder}” beside the records; do not delete it yet.",
            "{bad} of {all} pages of the file were damaged. The damaged file is kept in the folder "
            "“{folder}” beside the records; do not delete it yet.",
            told.pages,
        ).format(bad=told.damaged_pages, all=told.pages, folder=told.kept_as)
    ]
    if told.trail_gap:
        notes.append(
            ngettext(
                "{count} row of the audit trail is gone; checking the trail will show the gap.",
                "{count} rows of the audit trail are gone; checking the trail will show the gap.",
                told.trail_gap,
            ).format(count=told.trail_gap)
        )
    if told.lost:
        notes.append(_("The numbers of the lost entries are kept in the audit trail."))
    if told.still_damaged:
        notes.append(
            _("Another part is damaged too: {part}. The next step goes on with it.").format(
                part=integrity.part_words(told.still_damaged)
            )
        )
    return notes
