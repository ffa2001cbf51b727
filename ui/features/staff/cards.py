"""The two cards that ask for a password: somebody new, and one's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit

from shelter_app.domain.staff import Staff
from shelter_app.errors import WrongPassphrase
from shelter_app.i18n import _
from shelter_app.services import accounts
from ui.features.staff.roles import RolePicker
from ui.features.staff.words import sentences_of, why
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.passphrase_edit import PassphraseEdit
from ui.kit.placing import bring_soon
from ui.kit.toast import Toast


class AddStaffCard(Card):
    """A new account: the manager chooses name and roles, the person types her own password."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Somebody new"))
        self.setObjectName("AddStaff")
        self._context = context
        self.alias_edit = QLineEdit()
        self.alias_edit.setObjectName("AddStaff_alias")
        self.alias_edit.setMaxLength(40)
        self.alias_hint = label("", "hint", wrap=True, name="AddStaff_alias_hint")
        self.picker = RolePicker()
        self.phrase_edit = PassphraseEdit("AddStaff_passphrase")
        self.again_edit = PassphraseEdit("AddStaff_again")
        self.save_button = button(_("Open the account"), "AddStaff_save", "primary")
        self.done = button(_("Close"), "AddStaff_close")
        hand_over = _(
            "Now let the new person sit here and type a password that nobody else sees: at least "
            "15 characters, best four words that have nothing to do with each other."
        )
        for text, edit in (
            (_("Name shown in the program"), self.alias_edit),
            (_("Password, typed by the new person"), self.phrase_edit),
            (_("The same once more"), self.again_edit),
        ):
            if edit is self.phrase_edit:
                self.add(self.alias_hint)
                self.add(label(_("Roles"), "field"))
                self.add(self.picker)
                self.add(label(hand_over, "secondary", wrap=True))
            name = label(text, "field")
            name.setBuddy(edit)
            edit.setAccessibleName(text)
            self.add(name)
            self.add(edit)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.done)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self.save_button.clicked.connect(self._save)
        self.phrase_edit.submitted.connect(self.again_edit.setFocus)
        self.again_edit.submitted.connect(self.save_button.click)

    def begin(self) -> None:
        """Start with empty fields."""
        self.alias_edit.clear()
        self.alias_hint.setText("")
        self.picker.set_roles(())
        for edit in (self.phrase_edit, self.again_edit):
            edit.clear()
            edit.set_problem("")

    def _save(self) -> None:
        if not self.again_edit.repeats(self.phrase_edit):
            return
        self.save_button.setEnabled(False)
        self._context.tasks.do(
            self,
            accounts.add_staff,
            self.alias_edit.text(),
            self.picker.roles(),
            self.phrase_edit.text(),
            then=self._added,
            failed=self._failed,
        )

    def _added(self, staff: Staff) -> None:
        self.save_button.setEnabled(True)
        self.begin()
        self.done.click()
        Toast.show_on(self.window(), _("The account of {alias} is open.").format(alias=staff.alias))

    def _failed(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        by_field = sentences_of(error)
        self.alias_hint.setText(by_field.get("alias", by_field.get("", "")))
        theme.set_state(self.alias_hint, problem=True)
        if "roles" in by_field:
            self.picker.hint_label.setText(by_field["roles"])
            theme.set_state(self.picker.hint_label, problem=True)
        self.phrase_edit.set_problem(by_field.get("passphrase", ""))


class OwnPasswordCard(Card):
    """One's own password: the old one, the new one, once more."""

    known = Signal()
    """It was changed because somebody may know the old one: everything it opened is due."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Your password"))
        self.setObjectName("OwnPassword")
        self._context = context
        self.old_edit = PassphraseEdit("OwnPassword_old")
        self.new_edit = PassphraseEdit("OwnPassword_new")
        self.again_edit = PassphraseEdit("OwnPassword_again")
        self.save_button = button(_("Change it"), "OwnPassword_save", "primary")
        self.propose_button = button(_("Propose four words"), "OwnPassword_propose", "small")
        self.proposed_label = label("", "strong", wrap=True, selectable=False)
        self.proposed_label.setObjectName("OwnPassword_proposed")
        self.known_box = QCheckBox(_("Somebody may know my old password"))
        self.known_box.setObjectName("OwnPassword_known")
        self.said_label = label("", "hint", wrap=True, name="OwnPassword_said")
        for text, edit in (
            (_("Password now"), self.old_edit),
            (_("New password"), self.new_edit),
            (_("New password once more"), self.again_edit),
        ):
            name = label(text, "field")
            name.setBuddy(edit)
            edit.set_accessible_name(text)
            self.add(name)
            self.add(edit)
        self.add(self.known_box)
        self.add(self.proposed_label)
        self.proposed_label.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.propose_button)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self.add(self.said_label)
        self.save_button.clicked.connect(self._save)
        self.propose_button.clicked.connect(self._propose)
        self.old_edit.submitted.connect(self.new_edit.setFocus)
        self.new_edit.submitted.connect(self.again_edit.setFocus)
        self.again_edit.submitted.connect(self.save_button.click)

    def _propose(self) -> None:
        from shelter_app.i18n import language

        self._context.tasks.ask(self, accounts.proposed, language(), then=self._show_proposed)

    def _show_proposed(self, words: str) -> None:
        self.proposed_label.setText(words)
        self.proposed_label.show()
        self.proposed_label.setAlignment(Qt.AlignmentFlag.AlignLeft)

    def _save(self) -> None:
        for edit in (self.old_edit, self.new_edit, self.again_edit):
            edit.set_problem("")
        self.said_label.setText("")
        if not self.again_edit.repeats(self.new_edit):
            return
        self.save_button.setEnabled(False)
        self._context.tasks.do(
            self,
            accounts.change_passphrase,
            self.old_edit.text(),
            self.new_edit.text(),
            known=self.known_box.isChecked(),
            then=lambda _value: self._changed(),
            failed=self._failed,
        )

    def _changed(self) -> None:
        self.save_button.setEnabled(True)
        for edit in (self.old_edit, self.new_edit, self.again_edit):
            edit.clear()
        self.proposed_label.hide()
        known = self.known_box.isChecked()
        self.known_box.setChecked(False)
        if known:
            self.known.emit()
        self.said_label.setText(_("Your password is changed. The old one opens nothing any more."))
        bring_soon(self.said_label)

    def _failed(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, WrongPassphrase):
            wrong, sentence = self.old_edit, _("This is not your password now.")
        else:
            wrong, sentence = self.new_edit, sentences_of(error).get("passphrase", why(error))
        wrong.set_problem(sentence)
        wrong.setFocus()
        wrong.line_edit.selectAll()
