"""Staff: who works here, what their roles open, keys that wait, and one's own password."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from shelter_app.domain import codelists
from shelter_app.errors import ShelterError, ValidationFailed, WrongPassphrase
from shelter_app.i18n import _, ngettext
from shelter_app.services import accounts
from shelter_app.services.accounts import StaffLine, Wish
from shelter_app.services.changes import Changes
from ui.kit import theme
from ui.kit.button import button, label, toggle
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.dialog import Dialog
from ui.kit.flow import FlowLayout
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page
from ui.kit.passphrase_edit import PassphraseEdit
from ui.kit.pill import Avatar, Pill
from ui.kit.wording import sentence_for


def page(context: Context) -> QWidget:
    """Return the staff page."""
    return StaffPage(context)


def compartment_word(compartment: str) -> str:
    """Return the name of a compartment for people."""
    words = {
        "office": _("office"),
        "house": _("house"),
        "cases": _("casework"),
        "counselling": _("counselling notes"),
        "identity": _("true identities"),
    }
    return words.get(compartment, compartment)


class StaffPage(Page):
    """Two columns: everybody at the left, keys that wait and one's own password at the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Staff"),
            _("Each person signs in alone. What a role does not open stays closed, even here."),
        )
        self.setObjectName("StaffPage")
        self._context = context
        self._keeper = context.actor.has_role(*accounts.KEEPERS)
        self.bar = MessageBar()
        self.list_card = Card(_("People"))
        self.wishes_card = Card(_("Keys that wait"))
        self.wishes_card.hide()
        self.own_card = OwnPasswordCard(context)
        self.add_card = AddStaffCard(context)
        self.add_card.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.list_card.body.addLayout(self._rows)
        self._wishes = QVBoxLayout()
        self.wishes_card.body.addLayout(self._wishes)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.add_card)
        left.addWidget(self.list_card)
        left.addStretch(1)
        right.addWidget(self.wishes_card)
        right.addWidget(self.own_card)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        self.body.addWidget(self.bar)
        self.body.addLayout(columns)
        if self._keeper:
            self.add_button = self.add_action(
                button(_("Add somebody"), "StaffPage_add", "primary", icon="add")
            )
            self.add_button.clicked.connect(self._open_add)
        self.add_card.done.clicked.connect(self._close_add)
        self.load()

    def refresh(self, changes: Changes) -> None:
        """Show the list again when an account changed."""
        if changes.touch("staff"):
            self.load()

    def load(self) -> None:
        """Ask who is here and which keys wait."""
        tasks = self._context.tasks
        tasks.ask(self, accounts.staff_list, then=self._show)
        tasks.ask(self, accounts.wishes_for_keys, then=self._show_wishes)

    def _show(self, lines: Sequence[StaffLine]) -> None:
        _empty(self._rows)
        for line in lines:
            row = StaffRow(line, may_change=self._keeper and not line.closed)
            row.close_button.clicked.connect(partial(self._close_account, line))
            row.roles_button.clicked.connect(partial(self._change_roles, line))
            self._rows.addWidget(row)
        there = sum(1 for line in lines if not line.closed)
        words = ngettext("{count} account", "{count} accounts", there)
        self.list_card.set_aside(words.format(count=there))

    def _show_wishes(self, wishes: Sequence[Wish]) -> None:
        _empty(self._wishes)
        for wish in wishes:
            self._wishes.addWidget(self._wish_row(wish))
        self.wishes_card.setVisible(bool(wishes))

    def _wish_row(self, wish: Wish) -> QWidget:
        what = _("{alias} waits for the key of: {what}. Asked for by {by}.").format(
            alias=wish.alias, what=compartment_word(wish.compartment), by=wish.asked_by
        )
        row = QFrame()
        row.setObjectName(f"StaffPage_wish_{wish.compartment}")
        row.setProperty("kind", "row")
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 6, 0, 10)
        column.addWidget(label(what, wrap=True))
        if not wish.may_grant:
            words = _("Somebody who holds this key grants it after signing in.")
            column.addWidget(label(words, "secondary", wrap=True))
            return row
        compare = _("Ask {alias} to read these words from her screen: {words}").format(
            alias=wish.alias, words=" · ".join(wish.check_words)
        )
        column.addWidget(label(compare, "secondary", wrap=True))
        grant = button(_("The words agree: grant"), "StaffPage_grant", "primary")
        refuse = button(_("Refuse"), "StaffPage_refuse")
        grant.clicked.connect(partial(self._settle, accounts.grant, wish))
        refuse.clicked.connect(partial(self._settle, accounts.refuse, wish))
        buttons = QHBoxLayout()
        buttons.addWidget(grant)
        buttons.addWidget(refuse)
        buttons.addStretch(1)
        column.addLayout(buttons)
        return row

    def _settle(self, act: object, wish: Wish, _on: bool = False) -> None:
        self._context.tasks.do(self, act, wish, then=lambda _value: self.load())  # type: ignore[arg-type]

    def _open_add(self) -> None:
        self.add_card.begin()
        self.add_card.show()
        self.add_card.alias_edit.setFocus()

    def _close_add(self) -> None:
        self.add_card.hide()
        self.load()

    def _close_account(self, line: StaffLine, _on: bool = False) -> None:
        sentence = _(
            "{alias} will not be able to sign in any more. What {alias} wrote and signed stays. "
            "Somebody with an old copy of the files and the old password could still read that "
            "copy."
        ).format(alias=line.alias)
        yes, no = _("Close the account"), _("Keep it open")
        if Dialog.ask(self, sentence, yes, no, dangerous=True):
            self._do(accounts.close_account, line.id)

    def _change_roles(self, line: StaffLine, _on: bool = False) -> None:
        dialog = RolesDialog(self, line)
        agreed = dialog.exec() == RolesDialog.DialogCode.Accepted
        roles = dialog.picker.roles()
        dialog.deleteLater()
        if agreed:
            self._do(accounts.change_roles, line.id, roles)

    def _do(self, act: object, *args: object) -> None:
        self.bar.clear()
        self._context.tasks.do(
            self,
            act,  # type: ignore[arg-type]
            *args,
            then=lambda _value: self.load(),
            failed=lambda error: self.bar.say(_why(error), "warning"),
        )


class StaffRow(QFrame):
    """One account."""

    def __init__(self, line: StaffLine, *, may_change: bool) -> None:
        super().__init__()
        self.setObjectName("StaffRow")
        self.setProperty("kind", "row")
        name = label(line.alias, "strong", name="StaffRow_alias")
        roles = label(_roles_text(line.roles), "secondary", wrap=True, name="StaffRow_roles")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(roles)
        self.roles_button = button(_("Roles…"), "StaffRow_change", "small")
        self.close_button = button(_("Close…"), "StaffRow_close", "small")
        self.roles_button.setAccessibleName(
            _("Change the roles of {alias}").format(alias=line.alias)
        )
        self.close_button.setAccessibleName(
            _("Close the account of {alias}").format(alias=line.alias)
        )
        self.roles_button.setVisible(may_change)
        self.close_button.setVisible(may_change and not line.is_me)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(12)
        box.addWidget(Avatar(line.alias[:1].upper(), side=32))
        box.addLayout(words, 1)
        if line.is_me:
            box.addWidget(Pill(_("You"), "good"))
        if line.closed:
            box.addWidget(Pill(_("Closed"), "neutral"))
        for compartment in line.waits_for:
            waits = _("waits for: {what}").format(what=compartment_word(compartment))
            box.addWidget(Pill(waits, "soon"))
        box.addWidget(self.roles_button)
        box.addWidget(self.close_button)


class RolePicker(QWidget):
    """Roles as toggles; the sentence under them says what they open or why they do not go."""

    def __init__(self, roles: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RolePicker")
        self.setAccessibleName(_("Roles"))
        self._buttons = {
            row.code: toggle(
                codelists.label("staff_role", row.code), f"role_{row.code}", on=row.code in roles
            )
            for row in codelists.offered("staff_role")
        }
        holder = QWidget()
        flow = FlowLayout(holder, spacing=6)
        for made in self._buttons.values():
            flow.addWidget(made)
            made.toggled.connect(self._explain)
        self.hint_label = label("", "hint", wrap=True, name="RolePicker_hint")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(holder)
        whole.addWidget(self.hint_label)
        self._explain()

    def roles(self) -> frozenset[str]:
        """Return the chosen roles."""
        return frozenset(code for code, made in self._buttons.items() if made.isChecked())

    def set_roles(self, roles: Sequence[str]) -> None:
        """Choose these roles."""
        for code, made in self._buttons.items():
            made.setChecked(code in roles)

    def _explain(self) -> None:
        refused = accounts.refusal(self.roles())
        theme.set_state(self.hint_label, problem=bool(refused))
        if refused:
            self.hint_label.setText(_(refused))
            return
        opened = ", ".join(compartment_word(name) for name in accounts.opened_by(self.roles()))
        self.hint_label.setText(_("Opens: {what}").format(what=opened))


class RolesDialog(Dialog):
    """Other roles for somebody, with what taking a role away cannot do."""

    def __init__(self, parent: QWidget, line: StaffLine) -> None:
        sentence = _("Roles of {alias}").format(alias=line.alias)
        super().__init__(parent, sentence, _("Give these roles"), _("Leave as it is"))
        self.setObjectName("RolesDialog")
        self.picker = RolePicker(line.roles)
        self.body.addWidget(self.picker)
        self.body.addWidget(
            label(
                _(
                    "A key you hold is given at once; another waits until somebody who holds it "
                    "agrees. Taking a role away closes it from now on, not for copies made before."
                ),
                "secondary",
                wrap=True,
            )
        )
        self.setMinimumWidth(theme.size(560))


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

    def begin(self) -> None:
        """Start with empty fields."""
        self.alias_edit.clear()
        self.alias_hint.setText("")
        self.picker.set_roles(())
        for edit in (self.phrase_edit, self.again_edit):
            edit.clear()
            edit.set_problem("")

    def _save(self) -> None:
        if self.phrase_edit.text() != self.again_edit.text():
            self.again_edit.set_problem(_("The two are not the same. Please type them again."))
            return
        self.save_button.setEnabled(False)
        self._context.tasks.do(
            self,
            accounts.add_staff,
            self.alias_edit.text(),
            self.picker.roles(),
            self.phrase_edit.text(),
            then=lambda _staff: self._added(),
            failed=self._failed,
        )

    def _added(self) -> None:
        self.save_button.setEnabled(True)
        self.begin()
        self.done.click()

    def _failed(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        by_field = _sentences(error)
        self.alias_hint.setText(by_field.get("alias", by_field.get("", "")))
        theme.set_state(self.alias_hint, problem=True)
        if "roles" in by_field:
            self.picker.hint_label.setText(by_field["roles"])
            theme.set_state(self.picker.hint_label, problem=True)
        self.phrase_edit.set_problem(by_field.get("passphrase", ""))


class OwnPasswordCard(Card):
    """One's own password: the old one, the new one, once more."""

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

    def _propose(self) -> None:
        from shelter_app.i18n import language

        self.proposed_label.setText(accounts.proposed(language()))
        self.proposed_label.show()
        self.proposed_label.setAlignment(Qt.AlignmentFlag.AlignLeft)

    def _save(self) -> None:
        for edit in (self.old_edit, self.new_edit, self.again_edit):
            edit.set_problem("")
        if self.new_edit.text() != self.again_edit.text():
            self.again_edit.set_problem(_("The two are not the same. Please type them again."))
            return
        self.save_button.setEnabled(False)
        self._context.tasks.do(
            self,
            accounts.change_passphrase,
            self.old_edit.text(),
            self.new_edit.text(),
            then=lambda _value: self._changed(),
            failed=self._failed,
        )

    def _changed(self) -> None:
        self.save_button.setEnabled(True)
        for edit in (self.old_edit, self.new_edit, self.again_edit):
            edit.clear()
        self.proposed_label.hide()
        self.said_label.setText(_("Your password is changed. The old one opens nothing any more."))

    def _failed(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, WrongPassphrase):
            self.old_edit.set_problem(_("This is not your password now."))
            return
        self.new_edit.set_problem(_sentences(error).get("passphrase", _why(error)))


def _roles_text(roles: Sequence[str]) -> str:
    return codelists.labels("staff_role", tuple(roles))


def _sentences(error: BaseException) -> dict[str, str]:
    if isinstance(error, ValidationFailed):
        return {problem.field: _(problem.sentence) for problem in error.problems}
    return {"": _why(error)}


def _why(error: BaseException) -> str:
    if isinstance(error, ValidationFailed):
        return " ".join(_(problem.sentence) for problem in error.problems)
    return sentence_for(error) if isinstance(error, ShelterError) else ""


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
