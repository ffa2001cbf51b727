"""Keys that want to be made anew because somebody lost the right to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal

from shelter_app.i18n import _
from shelter_app.services import key_changes
from shelter_app.services.key_changes import Course, Due, Loss
from ui.features.staff.words import compartment_words, why
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.dialog import Dialog
from ui.kit.long_work import LongWork
from ui.kit.toast import Toast


class KeysCard(Card):
    """What is due, with the button that settles it; a keeper can also renew everything."""

    settled = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(_("Keys of the records"))
        self.setObjectName("KeysCard")
        self._context = context
        self._keeper = context.actor.has_role(*key_changes.KEEPERS)
        self.said_label = label("", wrap=True, name="KeysCard_said")
        self.elsewhere_label = label("", "secondary", wrap=True, name="KeysCard_elsewhere")
        self.problem_label = label("", "hint", wrap=True, name="KeysCard_problem")
        self.due_button = button(_("Make the new keys now"), "KeysCard_due", "primary")
        self.all_button = button(_("New keys for everything I open…"), "KeysCard_all", "small")
        for widget in (self.said_label, self.elsewhere_label, self.problem_label):
            self.add(widget)
        for made in (self.due_button, self.all_button):
            self.body.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        theme.set_state(self.problem_label, problem=True)
        self.problem_label.hide()
        self.due_button.clicked.connect(self.give_due_keys)
        self.all_button.clicked.connect(self._ask_for_all)
        for waiting in (self.elsewhere_label, self.due_button, self):
            waiting.hide()  # until it is known what is due; shown now it would be a window

    def load(self) -> None:
        """Ask what is due."""
        self._context.tasks.ask(self, key_changes.due, then=self.show_due)

    def show_due(self, due: Due) -> None:
        """Say what is due, or that nothing is."""
        if due.here:
            said = _(
                "Somebody who could open these parts no longer may, or a file was erased from "
                "them: {parts}. New keys lock out every old copy of the key."
            ).format(parts=compartment_words(due.here))
        else:
            said = "" if due.elsewhere else _("All keys are in order.")
        self.said_label.setText(said)
        self.said_label.setVisible(bool(said))
        self.elsewhere_label.setText(
            _(
                "A new key is due for: {parts}. The next person who opens this part makes it at "
                "sign-in."
            ).format(parts=compartment_words(due.elsewhere))
        )
        self.elsewhere_label.setVisible(bool(due.elsewhere))
        self.due_button.setVisible(bool(due.here))
        self.all_button.setVisible(self._keeper and not due.here)
        self.setVisible(self._keeper or bool(due))

    def give_due_keys(self) -> None:
        """Make the keys that are due and held here."""
        self._work(key_changes.give_due_keys)

    def _ask_for_all(self) -> None:
        sentence = _(
            "Make new keys for everything you open? Do this when a computer, a stick or a "
            "password was stolen. Everybody signs in as before. Copies that were made before stay "
            "readable with the old keys."
        )
        if Dialog.ask(self, sentence, _("Make new keys"), _("Not now")):
            self._work(key_changes.give_new_keys)

    def _work(self, act: Callable[..., object]) -> None:
        self.problem_label.hide()
        course = Course()
        work = LongWork(
            self, _("Making new keys. Everything stays as it is until the end."), course
        )
        work.run(
            self._context.tasks,
            act,
            course,
            then=self._made,
            failed=self._failed,
        )

    def _made(self, parts: Sequence[str]) -> None:
        if parts:
            said = _("New keys are made for: {parts}.").format(parts=compartment_words(parts))
            Toast.show_on(self.window(), said)
        self.settled.emit()

    def _failed(self, error: BaseException) -> None:
        self.problem_label.setText(why(error))
        self.problem_label.show()
        self.settled.emit()


def consequences(alias: str, loss: Loss) -> list[str]:
    """Return in sentences what closing these parts means."""
    said = []
    if loss.closes:
        said.append(
            _(
                "{alias} will not open any more: {parts}. New keys are made at once, so that an "
                "old key opens nothing new. Copies of the files and backups that {alias} already "
                "has stay readable with the old password: take back sticks and computers."
            ).format(alias=alias, parts=compartment_words(loss.closes))
        )
    if loss.elsewhere:
        said.append(
            _(
                "You do not hold the key of: {parts}. Its new key is made when somebody who opens "
                "this part next signs in."
            ).format(parts=compartment_words(loss.elsewhere))
        )
    if loss.last_of:
        said.append(
            _(
                "Nobody else opens: {parts}. After this only the recovery sheet can give the key "
                "to somebody."
            ).format(parts=compartment_words(loss.last_of))
        )
    return said
