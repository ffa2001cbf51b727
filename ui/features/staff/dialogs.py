"""Two questions of the staff page: a forgotten password, and a key that only a sheet opens."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from shelter_app.i18n import _
from shelter_app.services import recovery_sheets
from shelter_app.services.accounts import StaffLine, Wish
from ui.kit import theme
from ui.kit.button import label
from ui.kit.dialog import Dialog
from ui.kit.passphrase_edit import PassphraseEdit


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
        """Close only when both lines are the same."""
        if self.first_edit.text() != self.again_edit.text():
            self.again_edit.set_problem(_("The two are not the same. Please type them again."))
        elif self.first_edit.text():
            super().accept()


class SheetDialog(Dialog):
    """The digits of the recovery sheet that opens what nobody here holds."""

    def __init__(self, parent: QWidget, wish: Wish) -> None:
        letter = "C" if wish.compartment == "counselling" else "R"
        sentence = _(
            "Type the digits of recovery sheet {letter} to give this key to {alias}. As the sheet "
            "was out of its envelope, it is then made anew: the next who opens this part is asked."
        ).format(letter=letter, alias=wish.alias)
        super().__init__(parent, sentence, _("Grant the key"), _("Leave as it is"))
        self.setObjectName("SheetDialog")
        self.code_edit = QLineEdit()
        self.code_edit.setObjectName("SheetDialog_code")
        self.code_edit.setMaxLength(600)
        self.code_edit.setPlaceholderText(_("nine groups of six digits, or the words of two parts"))
        self.code_edit.setAccessibleName(sentence)
        self.hint_label = label("", "hint", wrap=True, name="SheetDialog_hint")
        self.body.addWidget(self.code_edit)
        self.body.addWidget(self.hint_label)
        self.setMinimumWidth(theme.size(520))
        self.code_edit.setFocus()

    def accept(self) -> None:
        """Close only with what can be a sheet, or two parts of one."""
        trouble = recovery_sheets.trouble(self.code_edit.text())
        if not trouble:
            super().accept()
            return
        theme.set_state(self.hint_label, problem=True)
        self.hint_label.setText(trouble)
