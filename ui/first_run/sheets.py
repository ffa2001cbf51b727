"""The two recovery sheets: brought onto paper, then typed back once from it."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from shelter_app.i18n import _
from shelter_app.services.recovery_sheets import Sheet
from ui.first_run.step import Step
from ui.kit.button import label
from ui.sheet_paper import SheetPaper


class SheetStep(Step):
    """One sheet: get it onto paper, then show that the paper is right.

    `done` is what the old sheet has just done, when this one takes its place.
    """

    def __init__(self, sheet: Sheet, done: str = "") -> None:
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
        if done:
            said = label(done, "strong", wrap=True, name="FirstRun_sheet_done")
            self.column.insertWidget(self.column.indexOf(self.lead_label), said)
        self.sheet = sheet
        self.paper = SheetPaper(sheet, "FirstRun")
        self.column.addWidget(self.paper)
        self.finish()
        self.paper.submitted.connect(self.go_on)

    @property
    def typed_edit(self) -> QLineEdit:
        """Return the line the paper is typed back into."""
        return self.paper.typed_edit

    def begin(self) -> None:
        """Start with getting it onto paper."""
        self.paper.pages[0].print_button.setFocus()

    def accept(self) -> bool:
        """Go on only when the paper was read back rightly."""
        return self.paper.accept()
