"""The two recovery sheets: saved or copied by hand, then typed back once from the paper."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from shelter_app.errors import ShelterError
from shelter_app.i18n import _, ngettext
from shelter_app.services import recovery_sheets
from shelter_app.services.recovery_sheets import Sheet
from ui.first_run.step import Step
from ui.kit.button import button, label


class SheetStep(Step):
    """One sheet: get it onto paper, then show that the paper is right."""

    def __init__(self, sheet: Sheet) -> None:
        opens = (
            _("It opens everything but the counselling notes when no manager can sign in.")
            if sheet.letter == "R"
            else _("It opens the counselling notes when no counsellor can sign in.")
        )
        super().__init__(
            _("Recovery sheet {letter}").format(letter=sheet.letter),
            opens
            + " "
            + _(
                "Put it on paper now: it is shown only this once and kept nowhere in the computer."
            ),
            f"FirstRun_sheet_{sheet.letter}",
        )
        self._sheet = sheet
        self.save_button = button(_("Save the page to print…"), "FirstRun_save_sheet", "primary")
        self.show_button = button(_("Show the digits to copy by hand"), "FirstRun_show_sheet")
        self.show_button.setCheckable(True)
        row = QHBoxLayout()
        row.addWidget(self.save_button)
        row.addWidget(self.show_button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.saved_label = label("", "secondary", wrap=True, name="FirstRun_saved")
        self.code_label = label(_in_lines(sheet), "figure-aside", name="FirstRun_code")
        self.code_label.hide()
        self.saved_label.hide()
        self.column.addWidget(self.saved_label)
        self.column.addWidget(self.code_label)
        typed = _("Now type the digits from the paper")
        self.typed_edit = self.add_line(typed, f"FirstRun_typed_{sheet.letter}", 200)
        self.typed_edit.setPlaceholderText(_("nine groups of six digits"))
        self.finish()
        self.save_button.clicked.connect(self._save)
        self.show_button.toggled.connect(self.code_label.setVisible)
        self.typed_edit.textEdited.connect(self._hide_code)

    def begin(self) -> None:
        """Start with getting it onto paper."""
        self.save_button.setFocus()

    def accept(self) -> bool:
        """Go on only when the paper was read back rightly."""
        group = recovery_sheets.mistyped_group(self._sheet, self.typed_edit.text())
        if group is None:
            return True
        if group:
            self.say(_("Please look at group {number} again.").format(number=group))
        else:
            digits = sum(1 for sign in self.typed_edit.text() if sign.isdigit())
            self.say(
                ngettext(
                    "That is {count} digit; the sheet has 54. Please type all nine groups.",
                    "That is {count} digits; the sheet has 54. Please type all nine groups.",
                    digits,
                ).format(count=digits)
            )
        return False

    def save_to(self, path: Path) -> None:
        """Write the page to a file."""
        try:
            recovery_sheets.save_pdf(self._sheet, path)
        except ShelterError:
            self.say(_("The file could not be written there. Please choose another place."))
            return
        self.say("")
        self.saved_label.setText(
            _(
                "The page is in {name}. Print it, delete the file, and type the digits back from "
                "the paper."
            ).format(name=path.name)
        )
        self.saved_label.show()

    def _save(self) -> None:
        dialog = QFileDialog(self, _("Save the page to print"), str(Path.home()))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(recovery_sheets.file_name(self._sheet))
        if dialog.exec():
            self.save_to(Path(dialog.selectedFiles()[0]))
        dialog.deleteLater()

    def _hide_code(self) -> None:
        """Take the digits from the screen once typing begins: the paper is what is tested."""
        self.show_button.setChecked(False)


def _in_lines(sheet: Sheet) -> str:
    groups = sheet.groups
    return "\n".join("   ".join(groups[start : start + 3]) for start in range(0, len(groups), 3))
