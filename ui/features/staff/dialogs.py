"""Questions of the staff page: a forgotten password, what is on a sheet, somebody who leaves."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_app.i18n import _
from shelter_app.services import recovery_door, recovery_sheets
from shelter_app.services.accounts import StaffLine, Wish
from shelter_app.services.key_changes import Loss
from ui.features.staff.keys_card import consequences
from ui.kit import theme
from ui.kit.button import label, toggle
from ui.kit.day_editors import DayEditor
from ui.kit.dialog import Dialog
from ui.kit.passphrase_edit import PassphraseEdit
from ui.sheet_edit import SheetEdit


class ResetDialog(Dialog):
    """The person who forgot her password sits here and types another, twice."""

    def __init__(self, parent: QWidget, line: StaffLine) -> None:
        sentence = _(
            "{alias} forgot the password? Let {alias} sit here and type a new one that nobody "
            "else sees: at least 15 characters. Keys you do not hold wait until somebody grants "
            "them again."
        ).format(alias=line.alias)
        super().__init__(parent, sentence, _("Set the new password"), _("Leave as it is"))
        self.setObjectName("ResetDialog")
        self._alias = line.alias
        self.first_edit = PassphraseEdit("ResetDialog_passphrase")
        self.again_edit = PassphraseEdit("ResetDialog_again")
        for text, edit in (
            (_("New password"), self.first_edit),
            (_("New password once more"), self.again_edit),
        ):
            name = label(text, "field")
            name.setBuddy(edit)
            edit.set_accessible_name(text)
            self.body.addWidget(name)
            self.body.addWidget(edit)
        self.yes_button.setDefault(False)
        self.first_edit.submitted.connect(self.again_edit.setFocus)
        self.again_edit.submitted.connect(self.accept)
        self.setMinimumWidth(theme.size(460))
        self.first_edit.setFocus()

    def accept(self) -> None:
        """Close only with a strong password, typed twice alike: typing it anew costs the most."""
        weak = recovery_door.weakness(self.first_edit.text(), self._alias)
        self.first_edit.set_problem(_(weak) if weak else "")
        if weak:
            self.again_edit.clear()
            self.first_edit.setFocus()
            self.first_edit.line_edit.selectAll()
        elif self.again_edit.repeats(self.first_edit):
            super().accept()


class PaperDialog(Dialog):
    """Asks for what is on a recovery sheet, or on two of its parts."""

    def __init__(self, parent: QWidget, sentence: str, yes: str) -> None:
        super().__init__(parent, sentence, yes, _("Leave as it is"))
        self.setObjectName("SheetDialog")
        self.code_edit = SheetEdit("SheetDialog_code")
        self.code_edit.setAccessibleName(sentence)
        self.hint_label = label("", "hint", wrap=True, name="SheetDialog_hint")
        self.body.addWidget(self.code_edit)
        self.body.addWidget(self.hint_label)
        self.setMinimumWidth(theme.size(580))
        self.code_edit.submitted.connect(self.accept)
        self.code_edit.setFocus()

    def typed(self) -> str:
        """Return what was typed and empty the field."""
        text = self.code_edit.text()
        self.code_edit.clear()
        return text

    def accept(self) -> None:
        """Close only with what can be a sheet, or two parts of one."""
        trouble = recovery_sheets.trouble(self.code_edit.text())
        if not trouble:
            super().accept()
            return
        theme.set_state(self.hint_label, problem=True)
        self.hint_label.setText(trouble)


class SheetDialog(PaperDialog):
    """The recovery sheet that opens what nobody here holds."""

    def __init__(self, parent: QWidget, wish: Wish) -> None:
        letter = "C" if wish.compartment == "counselling" else "R"
        sentence = _(
            "Type what recovery sheet {letter} or two of its parts say to give this key to "
            "{alias}. As the sheet was out of its envelope, it is then made anew: the next who "
            "opens this part is asked."
        ).format(letter=letter, alias=wish.alias)
        super().__init__(parent, sentence, _("Grant the key"))


class LeaveDialog(Dialog):
    """Closing an account now or after a last day, with what that means."""

    def __init__(self, parent: QWidget, line: StaffLine, loss: Loss) -> None:
        sentence = _(
            "{alias} will not be able to sign in any more. What {alias} wrote and signed stays."
        ).format(alias=line.alias)
        super().__init__(
            parent, sentence, _("Close the account"), _("Keep it open"), dangerous=True
        )
        self.setObjectName("LeaveDialog")
        for said in consequences(line.alias, loss):
            self.body.addWidget(label(said, "secondary", wrap=True))
        self.now_button = toggle(_("Now"), "LeaveDialog_now", on=True)
        self.later_button = toggle(_("After the last working day"), "LeaveDialog_later")
        self.stays_button = toggle(_("Stays after all"), "LeaveDialog_stays")
        if line.last_day is None:
            self.stays_button.hide()
        row = QHBoxLayout()
        for made in (self.now_button, self.later_button, self.stays_button):
            made.setAutoExclusive(True)
            row.addWidget(made)
        self.day_edit = DayEditor()
        self.day_edit.setObjectName("LeaveDialog_day")
        self.day_edit.setAccessibleName(_("Last working day"))
        self.day_edit.set_value(line.last_day)
        self.day_edit.setEnabled(False)
        row.addWidget(self.day_edit, 1)
        self.hint_label = label("", "hint", wrap=True, name="LeaveDialog_hint")
        self.body.addLayout(row)
        self.body.addWidget(self.hint_label)
        self.later_button.toggled.connect(self._choose)
        self.stays_button.toggled.connect(self._choose)
        self.setMinimumWidth(theme.size(560))
        if line.last_day is not None:
            self.later_button.setChecked(True)

    def last_day(self) -> date | None:
        """Return the last working day, None for closing now."""
        return self.day_edit.value() if self.later_button.isChecked() else None

    def stays(self) -> bool:
        """Say whether a last day that was set is to be forgotten."""
        return self.stays_button.isChecked()

    def accept(self) -> None:
        """Close only with a day, when one was asked for."""
        if self.later_button.isChecked() and self.day_edit.value() is None:
            theme.set_state(self.hint_label, problem=True)
            self.hint_label.setText(
                self.day_edit.unreadable() or _("Please write the last working day.")
            )
            return
        super().accept()

    def _choose(self, _on: bool) -> None:
        later, stays = self.later_button.isChecked(), self.stays_button.isChecked()
        self.day_edit.setEnabled(later)
        words = _("Keep the last day") if later else _("Close the account")
        self.yes_button.setText(_("Forget the last day") if stays else words)
        if later:
            self.day_edit.setFocus()
