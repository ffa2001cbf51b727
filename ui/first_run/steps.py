"""The questions of the assistant: language, folder, names, pass phrase."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from shelter_app import i18n
from shelter_app.i18n import _
from shelter_app.services import folders, house_setup
from ui.first_run.step import Draft, Step
from ui.kit.button import button, label, toggle
from ui.kit.flow import FlowLayout
from ui.kit.folders import choose_folder
from ui.kit.passphrase_edit import PassphraseEdit


class LanguageStep(Step):
    """Language first, so that everything after it is understood."""

    language_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            _("Welcome"),
            _(
                "This makes a new house: an encrypted folder on this computer, a first manager, "
                "and two recovery sheets on paper. It takes about ten minutes. You need a printer "
                "or a pen, and a second person is a good idea."
            ),
            "FirstRun_language",
        )
        holder = QWidget()
        flow = FlowLayout(holder, spacing=8)
        self.buttons = {}
        for code, name in i18n.LANGUAGES:
            made = toggle(
                name, f"FirstRun_language_{code}", on=code == i18n.language(), enter=False
            )
            made.clicked.connect(partial(self._choose, code))
            flow.addWidget(made)
            self.buttons[code] = made
        self.column.addWidget(holder)
        self.finish()

    def begin(self) -> None:
        """Start at the language in use."""
        self.buttons[i18n.language()].setFocus()

    def _choose(self, code: str, _on: bool = False) -> None:
        self.language_chosen.emit(code)


class FolderStep(Step):
    """Where the encrypted files live."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            _("Where the records live"),
            _(
                "The usual folder is right for most houses: on this computer, readable only by "
                "this account. Everything in it is encrypted."
            ),
            "FirstRun_folder",
        )
        self._draft = draft
        self.path_edit = QLineEdit(str(draft.plan.folder))
        self.path_edit.setObjectName("FirstRun_path")
        self.path_edit.returnPressed.connect(self.go_on)
        self.choose_button = button(_("Choose…"), "FirstRun_choose")
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.path_edit, 1)
        line.addWidget(self.choose_button)
        self.add_field(_("Folder"), row, self.path_edit)
        self.warning_label = label("", "secondary", wrap=True, name="FirstRun_warning", role="soon")
        self.column.addWidget(self.warning_label)
        self.finish()
        self.choose_button.clicked.connect(self._choose)
        self.path_edit.textChanged.connect(self._warn)
        self._warn()

    def begin(self) -> None:
        """Start in the path."""
        self.path_edit.setFocus()

    def accept(self) -> bool:
        """Take a folder in which a house can be made."""
        folder = Path(self.path_edit.text().strip()).expanduser()
        problem = house_setup.folder_problem(folder)
        self.say(_(problem))
        if not problem:
            self._draft.change(folder=folder)
        return not problem

    def _warn(self) -> None:
        folder = Path(self.path_edit.text().strip() or "/").expanduser()
        warnings = folders.warnings(folder) if folder.is_absolute() else ()
        self.warning_label.setText("\n".join(_(warning) for warning in warnings))
        self.warning_label.setVisible(bool(warnings))

    def _choose(self) -> None:
        typed = Path(self.path_edit.text()) if self.path_edit.text() else None
        chosen = choose_folder(self, _("Folder"), typed)
        if chosen is not None:
            self.path_edit.setText(str(chosen / "records"))


class NamesStep(Step):
    """The house's name, which stays inside, and the name the manager signs in with."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            _("Names"),
            _(
                "The house’s name is kept encrypted and shown only after signing in. The sign-in "
                "name is the one thing that can be seen from outside: take a first name, an "
                "animal or a colour."
            ),
            "FirstRun_names",
        )
        self._draft = draft
        self.house_edit = self.add_line(_("Name of the house"), "FirstRun_house", 80)
        self.alias_edit = self.add_line(_("Your sign-in name"), "FirstRun_alias", 40)
        self.counsels_box = QCheckBox(_("I am also a counsellor in this house"))
        self.counsels_box.setObjectName("FirstRun_counsels")
        self.column.addWidget(self.counsels_box)
        hint = _("Counselling notes have a key of their own. A manager does not hold it.")
        self.column.addWidget(label(hint, "hint", wrap=True))
        self.finish()

    def begin(self) -> None:
        """Start with the house."""
        self.house_edit.setFocus()

    def accept(self) -> bool:
        """Take both names."""
        house, alias = self.house_edit.text().strip(), self.alias_edit.text().strip()
        problem = "" if house and alias else _("Please fill in both names.")
        self.say(problem)
        if problem:
            (self.alias_edit if house else self.house_edit).setFocus()
        else:
            counsels = self.counsels_box.isChecked()
            self._draft.change(house_name=house, alias=alias, counsels=counsels)
        return not problem


class PhraseStep(Step):
    """Four proposed words, or an own pass phrase; typed twice, so that the fingers know it."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            _("Your password"),
            _(
                "Four words drawn by chance protect best and are easy to remember: make a little "
                "story of them. You may think of your own: at least 15 characters. Nobody can look "
                "it up later."
            ),
            "FirstRun_phrase",
        )
        self._draft = draft
        self.proposed_label = label("", "to-copy", wrap=True, name="FirstRun_proposed")
        self.proposed_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.another_button = button(_("Another one"), "FirstRun_another", "small")
        row = QHBoxLayout()
        row.addWidget(self.proposed_label, 1)
        row.addWidget(self.another_button)
        self.column.addLayout(row)
        self.first_edit = PassphraseEdit("FirstRun_passphrase")
        self.again_edit = PassphraseEdit("FirstRun_again")
        first = _("Type these words, or your own password")
        self.add_field(first, self.first_edit, self.first_edit.line_edit)
        self.add_field(_("Once more"), self.again_edit, self.again_edit.line_edit)
        self.finish()
        self.another_button.clicked.connect(self.propose)
        self.first_edit.submitted.connect(self.again_edit.setFocus)
        self.again_edit.submitted.connect(self.go_on)

    def begin(self) -> None:
        """Start in the first field, with a proposal that suits the names given so far."""
        proposed = self.proposed_label.text()
        if not proposed or house_setup.weakness(proposed, self._names()):
            self.propose()
        self.first_edit.setFocus()

    def propose(self) -> None:
        """Draw four words."""
        self.proposed_label.setText(house_setup.proposed(i18n.language(), self._names()))

    def _names(self) -> tuple[str, str]:
        return self._draft.plan.house_name, self._draft.plan.alias

    def accept(self) -> bool:
        """Take a strong pass phrase that was typed twice alike."""
        typed = self.first_edit.text()
        weak = house_setup.weakness(typed, self._names())
        self.first_edit.set_problem(_(weak))
        if weak:
            self.first_edit.setFocus()
            return False
        if not self.again_edit.repeats(self.first_edit):
            return False
        self._draft.change(passphrase=typed)
        return True
