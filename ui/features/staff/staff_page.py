"""Staff: who works here, what their roles open, keys that wait, and one's own password."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from shelter_app.domain import codelists
from shelter_app.i18n import _, ngettext
from shelter_app.services import accounts, key_changes
from shelter_app.services.accounts import StaffLine, Wish
from shelter_app.services.changes import Changes
from shelter_app.services.key_changes import Loss
from ui.features.staff.cards import AddStaffCard, OwnPasswordCard
from ui.features.staff.dialogs import LeaveDialog, ResetDialog, SheetDialog
from ui.features.staff.keys_card import KeysCard, consequences
from ui.features.staff.roles import RolesDialog
from ui.features.staff.sheets_card import SheetsCard
from ui.features.staff.words import compartment_word, why
from ui.kit import layouts
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.dialog import Dialog
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page
from ui.kit.pill import Avatar, Pill
from ui.kit.toast import Toast


def page(context: Context) -> QWidget:
    """Return the staff page."""
    return StaffPage(context)


class StaffPage(Page):
    """Two columns: everybody at the left, keys that wait and one's own password at the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Staff"),
            _("Each person signs in alone. What a role does not open stays closed, even here."),
            parent=context.place,
        )
        self.setObjectName("StaffPage")
        self._context = context
        self._keeper = context.actor.has_role(*key_changes.KEEPERS)
        self.bar = MessageBar()
        self.list_card = Card(_("People"))
        self.wishes_card = Card(_("Keys that wait"))
        self.wishes_card.hide()
        self.own_card = OwnPasswordCard(context)
        self.keys_card = KeysCard(context)
        self.sheets_card = SheetsCard(context)
        self.add_card = AddStaffCard(context)
        self.add_card.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.list_card.body.addLayout(self._rows)
        self._wishes = QVBoxLayout()
        self.wishes_card.body.addLayout(self._wishes)
        self._lay_out()
        if self._keeper:
            self.add_button = self.add_action(
                button(_("Add somebody"), "StaffPage_add", "primary", icon="add")
            )
            self.add_button.clicked.connect(self._open_add)
        self.add_card.done.clicked.connect(self._close_add)
        self.own_card.known.connect(self.keys_card.give_due_keys)
        self.keys_card.settled.connect(self.load)
        self.sheets_card.settled.connect(self.load)
        self.load()

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.add_card)
        left.addWidget(self.list_card)
        left.addStretch(1)
        for card in (self.wishes_card, self.keys_card, self.sheets_card, self.own_card):
            right.addWidget(card)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        self.body.addWidget(self.bar)
        self.body.addLayout(columns)

    def refresh(self, changes: Changes) -> None:
        """Show the list again when an account changed."""
        if changes.touch("staff"):
            self.load()

    def load(self) -> None:
        """Ask who is here and which keys wait."""
        tasks = self._context.tasks
        tasks.ask(self, accounts.staff_list, then=self._show)
        tasks.ask(self, accounts.wishes_for_keys, then=self._show_wishes)
        self.keys_card.load()
        self.sheets_card.load()

    def _show(self, lines: Sequence[StaffLine]) -> None:
        place, name = self._held()
        seen = self.scroll_area.verticalScrollBar().value()
        layouts.clear(self._rows)
        for line in lines:
            row = StaffRow(line, may_change=self._keeper and not line.closed)
            row.close_button.clicked.connect(partial(self._close_account, line))
            row.roles_button.clicked.connect(partial(self._change_roles, line))
            row.reset_button.clicked.connect(partial(self._reset_password, line))
            self._rows.addWidget(row)
        there = sum(1 for line in lines if not line.closed)
        words = ngettext("{count} account", "{count} accounts", there)
        self.list_card.set_aside(words.format(count=there))
        if name:
            QTimer.singleShot(1, self, partial(self._take_up, place, name, seen))

    def _held(self) -> tuple[int, str]:
        """Return in which row the focus is and on which of its buttons; '' when it is elsewhere."""
        held = QApplication.focusWidget()
        for place, row in enumerate(layouts.widgets(self._rows)):
            if held is not None and row.isAncestorOf(held):
                return place, held.objectName()
        return 0, ""

    def _take_up(self, place: int, name: str, seen: int) -> None:
        """Give the focus to the same button of the same row, or of the next that has one."""
        self.scroll_area.verticalScrollBar().setValue(seen)
        for row in layouts.widgets(self._rows)[place:]:
            found = row.findChild(QWidget, name)
            if found is not None and found.isVisible():
                found.setFocus()
                return

    def _show_wishes(self, wishes: Sequence[Wish]) -> None:
        layouts.clear(self._wishes)
        for wish in wishes:
            self._wishes.addWidget(self._wish_row(wish))
        self.wishes_card.setVisible(bool(wishes))

    def _wish_row(self, wish: Wish) -> QWidget:
        what = _("{alias} waits for the key of: {what} ({by} asked for it).").format(
            alias=wish.alias, what=compartment_word(wish.compartment), by=wish.asked_by
        )
        row = QFrame()
        row.setObjectName(f"StaffPage_wish_{wish.compartment}")
        row.setProperty("kind", "row")
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 6, 0, 10)
        column.addWidget(label(what, wrap=True))
        words = " · ".join(wish.check_words)
        if wish.is_mine:
            mine = _("Write down your words; whoever grants the key asks for them:")
            column.addWidget(label(mine, "secondary", wrap=True))
            column.addWidget(label(words, "strong", wrap=True, name="StaffPage_my_words"))
        if not wish.may_grant:
            later = _("Somebody who holds this key grants it after signing in.")
            column.addWidget(label(later, "secondary", wrap=True))
            if self._keeper:
                sheet = button(_("Use the recovery sheet…"), "StaffPage_sheet", "small")
                sheet.clicked.connect(partial(self._grant_by_sheet, wish))
                column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignLeft)
            return row
        compare = _(
            "Ask {alias} which words stand beside her own name here, under Staff. They must be:"
        ).format(alias=wish.alias)
        column.addWidget(label(compare, "secondary", wrap=True))
        column.addWidget(label(words, "strong", wrap=True, name="StaffPage_words"))
        grant = button(_("The words agree: grant"), "StaffPage_grant", "primary")
        refuse = button(_("Refuse"), "StaffPage_refuse")
        granted = _("{alias} has the key of: {what}.").format(
            alias=wish.alias, what=compartment_word(wish.compartment)
        )
        grant.clicked.connect(partial(self._settle, accounts.grant, wish, granted))
        refuse.clicked.connect(partial(self._settle, accounts.refuse, wish, _("Refused.")))
        buttons = QHBoxLayout()
        buttons.addWidget(grant)
        buttons.addWidget(refuse)
        buttons.addStretch(1)
        column.addLayout(buttons)
        return row

    def _settle(self, act: Callable[..., object], wish: Wish, said: str, _on: bool = False) -> None:
        # What was pressed goes: the next Enter must meet nothing that acts by itself.
        self.setFocus()
        self._do(act, wish, then=partial(self._tell, said))

    def _tell(self, said: str) -> None:
        Toast.show_on(self.window(), said)

    def _complain(self, error: BaseException) -> None:
        """Say why not."""
        self.bar.say(why(error), "warning")

    def _open_add(self) -> None:
        self.add_card.begin()
        self.add_card.show()
        self.add_card.alias_edit.setFocus()

    def _close_add(self) -> None:
        self.add_button.setFocus()
        self.add_card.hide()
        self.load()

    def _close_account(self, line: StaffLine, _on: bool = False) -> None:
        self._with_loss(line, frozenset(), self._ask_leave)

    def _ask_leave(self, line: StaffLine, loss: Loss) -> None:
        dialog = LeaveDialog(self, line, loss)
        agreed = dialog.exec() == LeaveDialog.DialogCode.Accepted
        day, stays = dialog.last_day(), dialog.stays()
        dialog.deleteLater()
        if agreed and (stays or day is not None):
            self._do(accounts.set_last_day, line.id, day)
        elif agreed:
            self._do(accounts.close_account, line.id, then=partial(self._closed, line.alias))

    def _closed(self, alias: str) -> None:
        self._tell(_("The account of {alias} is closed.").format(alias=alias))
        self.keys_card.give_due_keys()

    def _change_roles(self, line: StaffLine, _on: bool = False) -> None:
        dialog = RolesDialog(self, line)
        agreed = dialog.exec() == RolesDialog.DialogCode.Accepted
        roles = dialog.picker.roles()
        dialog.deleteLater()
        if agreed:
            kept = frozenset(accounts.opened_by(roles))
            self._with_loss(line, kept, partial(self._give_roles, roles))

    def _give_roles(self, roles: frozenset[str], line: StaffLine, loss: Loss) -> None:
        if not loss.closes:
            self._do(accounts.change_roles, line.id, roles)
            return
        sentence = "\n\n".join(consequences(line.alias, loss))
        if Dialog.ask(self, sentence, _("Change the roles"), _("Leave as it is"), dangerous=True):
            self._do(accounts.change_roles, line.id, roles, then=self.keys_card.give_due_keys)

    def _with_loss(
        self, line: StaffLine, kept: frozenset[str], then: Callable[[StaffLine, Loss], None]
    ) -> None:
        """Ask what somebody would lose, so that the question can say it."""
        self._context.tasks.ask(
            self,
            key_changes.loss,
            line.id,
            kept,
            then=partial(then, line),
            failed=self._complain,
        )

    def _reset_password(self, line: StaffLine, _on: bool = False) -> None:
        dialog = ResetDialog(self, line)
        agreed = dialog.exec() == ResetDialog.DialogCode.Accepted
        typed = dialog.first_edit.take()
        dialog.deleteLater()
        if agreed:
            said = _("{alias} signs in with the new password.").format(alias=line.alias)
            self._do(accounts.reset_passphrase, line.id, typed, then=partial(self._tell, said))

    def _grant_by_sheet(self, wish: Wish, _on: bool = False) -> None:
        dialog = SheetDialog(self, wish)
        agreed = dialog.exec() == SheetDialog.DialogCode.Accepted
        code = dialog.typed()
        dialog.deleteLater()
        if agreed:
            said = _("{alias} has the key of: {what}.").format(
                alias=wish.alias, what=compartment_word(wish.compartment)
            )
            self._do(accounts.grant_by_sheet, wish, code, then=partial(self._tell, said))

    def _do(
        self,
        act: Callable[..., object],
        *args: object,
        then: Callable[[], None] | None = None,
    ) -> None:
        def done(_value: object) -> None:
            self.load()
            if then is not None:
                then()

        self.bar.clear()
        self._context.tasks.do(
            self,
            act,
            *args,
            then=done,
            failed=self._complain,
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
        self.reset_button = button(_("Password…"), "StaffRow_reset", "small")
        self.close_button = button(_("Close…"), "StaffRow_close", "small")
        self.roles_button.setAccessibleName(
            _("Change the roles of {alias}").format(alias=line.alias)
        )
        self.reset_button.setAccessibleName(
            _("A new password for {alias}").format(alias=line.alias)
        )
        self.close_button.setAccessibleName(
            _("Close the account of {alias}").format(alias=line.alias)
        )
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(12)
        box.addWidget(Avatar(line.alias[:1].upper(), side=32))
        box.addLayout(words, 1)
        for pill in _standing(line):
            box.addWidget(pill)
        box.addWidget(self.roles_button)
        box.addWidget(self.reset_button)
        box.addWidget(self.close_button)
        for made, offered in (
            (self.roles_button, may_change),
            (self.reset_button, may_change and not line.is_me),
            (self.close_button, may_change and not line.is_me),
        ):
            if not offered:
                made.hide()


def _standing(line: StaffLine) -> Iterator[Pill]:
    if line.is_me:
        yield Pill(_("You"), "good")
    if line.closed:
        yield Pill(_("Closed"), "neutral")
    elif line.last_day is not None:
        yield Pill(_("until {day}").format(day=show_day(line.last_day)), "soon")
    for compartment in line.waits_for:
        waits = _("waits for: {what}").format(what=compartment_word(compartment))
        yield Pill(waits, "soon")


def _roles_text(roles: Sequence[str]) -> str:
    return codelists.labels("staff_role", tuple(roles))
