"""The questions before a recovery sheet may do something: which sheet, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app import i18n
from shelter_app.errors import ValidationFailed
from shelter_app.i18n import _
from shelter_app.services import house_setup, recovery_door, recovery_sheets
from shelter_app.services.recovery_door import Counsellor
from ui.first_run.step import Step
from ui.kit.button import button, label, toggle
from ui.kit.passphrase_edit import PassphraseEdit
from ui.sheet_edit import SheetEdit


class CodeStep(Step):
    """What the paper says: nine groups of digits, or the words of two parts."""

    prove_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            _("Recovery sheet"),
            _(
                "For when nobody can sign in who should. Sheet R makes a new manager; sheet C "
                "gives somebody the key of the counselling notes. A sheet that was used is made "
                "anew: have a printer or a pen ready, and a second person beside you."
            ),
            "Recovery_code",
        )
        self.typed_edit = SheetEdit("Recovery_typed")
        self.add_field(_("Type what is on the paper"), self.typed_edit)
        self.prove_button = button(_("Only test the sheet"), "Recovery_prove", "small")
        self.column.addWidget(self.prove_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.said_label = label("", "secondary", wrap=True, name="Recovery_said")
        self.column.addWidget(self.said_label)
        self.finish()
        self.prove_button.clicked.connect(self.prove_wanted)
        self.typed_edit.textChanged.connect(self._typing)
        self.typed_edit.submitted.connect(self.go_on)

    @property
    def typed(self) -> str:
        """Return what was typed."""
        return self.typed_edit.text()

    def begin(self) -> None:
        """Start with typing."""
        self.typed_edit.setFocus()

    def accept(self) -> bool:
        """Take what can be a sheet."""
        trouble = recovery_sheets.trouble(self.typed)
        self.say(trouble)
        return not trouble

    def tell(self, sentence: str) -> None:
        """Say something that is no problem."""
        self.said_label.setText(sentence)

    def forget(self) -> None:
        """Let nobody read the paper from the screen."""
        self.typed_edit.clear()

    def _typing(self) -> None:
        self.say("")
        self.tell("")


class ManagerStep(Step):
    """The new manager: a name, and a password she types herself."""

    def __init__(self) -> None:
        super().__init__(
            _("A new manager"),
            _(
                "This is sheet R. The new manager types her own password here; nobody else sees "
                "it. Other accounts stay as they are: she can close them afterwards, under Staff."
            ),
            "Recovery_manager",
        )
        self.alias_edit = self.add_line(_("Name shown in the program"), "Recovery_alias", 40)
        self.proposed_label = label("", "to-copy", wrap=True, name="Recovery_proposed")
        self.column.addWidget(label(_("A proposal: four words drawn by chance"), "field"))
        self.column.addWidget(self.proposed_label)
        self.first_edit = PassphraseEdit("Recovery_passphrase")
        self.again_edit = PassphraseEdit("Recovery_again")
        first = _("Type these words, or your own password")
        self.add_field(first, self.first_edit, self.first_edit.line_edit)
        self.add_field(_("Once more"), self.again_edit, self.again_edit.line_edit)
        self.finish()
        self._propose()
        self.alias_edit.editingFinished.connect(self._propose_again)
        self.alias_edit.textEdited.connect(lambda _text: self.say(""))
        self.first_edit.submitted.connect(self.again_edit.setFocus)
        self.again_edit.submitted.connect(self.go_on)

    def begin(self) -> None:
        """Start with the name."""
        self.alias_edit.setFocus()

    def _propose(self) -> None:
        alias = self.alias_edit.text().strip()
        self.proposed_label.setText(house_setup.proposed(i18n.language(), (alias,)))

    def _propose_again(self) -> None:
        """Put the proposal aside when it has the name that was typed now."""
        if recovery_door.weakness(self.proposed_label.text(), self.alias_edit.text().strip()):
            self._propose()

    def accept(self) -> bool:
        """Take a name and a strong password that was typed twice alike."""
        alias, typed = self.alias_edit.text().strip(), self.first_edit.text()
        self.say("" if alias else _("Please fill in the name."))
        if not alias:
            self.alias_edit.setFocus()
            return False
        weak = recovery_door.weakness(typed, alias)
        self.first_edit.set_problem(_(weak))
        if weak:
            self.first_edit.setFocus()
            return False
        return self.again_edit.repeats(self.first_edit)

    def refuse(self, error: ValidationFailed) -> None:
        """Say what the house would not take."""
        for problem in error.problems:
            if problem.field == "passphrase":
                self.first_edit.set_problem(_(problem.sentence))
                self.first_edit.setFocus()
            else:
                self.say(_(problem.sentence))
                self.alias_edit.setFocus()


class CounsellorStep(Step):
    """Who is given the key of the counselling notes."""

    def __init__(self) -> None:
        super().__init__(
            _("The key of the counselling notes"),
            _(
                "This is sheet C. Choose who is given the key; it must be somebody whose role is "
                "counselling. She signs in with her own password afterwards."
            ),
            "Recovery_counsellor",
        )
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(self._holder)
        self.finish()
        self.buttons: dict[int, QWidget] = {}
        self.chosen = 0
        self._aliases: dict[int, str] = {}

    def offer(self, people: Sequence[Counsellor]) -> None:
        """Show who could be given the key; whoever holds it already can still be chosen."""
        for person in people:
            words = (
                _("{alias} (opens them already)").format(alias=person.alias)
                if person.holds_it
                else person.alias
            )
            made = toggle(words, f"Recovery_counsellor_{person.staff_id}")
            made.setAutoExclusive(True)
            made.clicked.connect(partial(self._choose, person.staff_id))
            self._column.addWidget(made)
            self.buttons[person.staff_id] = made
            self._aliases[person.staff_id] = person.alias
        if not people:
            self.say(_(recovery_door.NOBODY_COUNSELS))

    def chosen_alias(self) -> str:
        """Return the name of who was chosen, '' before."""
        return self._aliases.get(self.chosen, "")

    def begin(self) -> None:
        """Start with the first name."""
        for made in self.buttons.values():
            made.setFocus()
            return

    def accept(self) -> bool:
        """Take one name."""
        if not self.buttons:
            self.say(_(recovery_door.NOBODY_COUNSELS))
        elif not self.chosen:
            self.say(_("Please choose a name."))
        return bool(self.chosen)

    def _choose(self, staff_id: int, _on: bool = False) -> None:
        self.chosen = staff_id
        self.say("")
