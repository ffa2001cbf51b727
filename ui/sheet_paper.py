"""A recovery sheet on its way to paper: printed, saved or copied by hand, then typed back once."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from shelter_app.errors import ShelterError
from shelter_app.i18n import _
from shelter_app.services import recovery_sheets
from shelter_app.services.recovery_sheets import Part, Sheet
from ui.kit import theme
from ui.kit.button import button, label, toggle
from ui.kit.flow import FlowLayout
from ui.kit.folders import choose_new_file
from ui.kit.placing import bring_soon


class SheetPaper(QWidget):
    """One sheet as one page, or as three of which any two open it."""

    submitted = Signal()

    def __init__(self, sheet: Sheet, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_paper")
        self._sheet = sheet
        self._name = name
        self._parts: tuple[Part, ...] = ()
        self.whole_button = toggle(_("One sheet"), f"{name}_whole", on=True)
        self.split_button = toggle(_("Three parts, any two open it"), f"{name}_split")
        choice = QWidget()
        flow = FlowLayout(choice, spacing=8)
        flow.addWidget(self.whole_button)
        flow.addWidget(self.split_button)
        self.pages: list[PaperPage] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.size(8))
        self._column.addWidget(choice)
        self._column.addStretch(1)
        self.whole_button.clicked.connect(self._choose_whole)
        self.split_button.clicked.connect(self._choose_split)
        self._show_pages()

    @property
    def typed_edit(self) -> QLineEdit:
        """Return the first line to type into."""
        return self.pages[0].typed_edit

    def accept(self) -> bool:
        """Say whether every page was read back rightly; the first that was not says why."""
        for page in self.pages:
            if not page.accept():
                page.point_at_mistake()
                return False
        return True

    def _choose_whole(self) -> None:
        self.whole_button.setChecked(True)
        self.split_button.setChecked(False)
        if self._parts:
            self._parts = ()
            self._show_pages()

    def _choose_split(self) -> None:
        self.split_button.setChecked(True)
        self.whole_button.setChecked(False)
        if not self._parts:
            self._parts = self._sheet.parts()
            self._show_pages()

    def _show_pages(self) -> None:
        for page in self.pages:
            self._column.removeWidget(page)
            page.hide()
            page.deleteLater()
        papers: tuple[Part | None, ...] = self._parts or (None,)
        self.pages = [PaperPage(self._sheet, part, self._name) for part in papers]
        for page, following in zip(self.pages, (*self.pages[1:], None), strict=True):
            self._column.insertWidget(self._column.count() - 1, page)
            if following is None:
                page.typed_edit.returnPressed.connect(self.submitted)
            else:
                page.typed_edit.returnPressed.connect(following.typed_edit.setFocus)


class PaperPage(QFrame):
    """One page: how it gets onto paper, and the line where the paper is typed back."""

    def __init__(self, sheet: Sheet, part: Part | None, name: str) -> None:
        super().__init__()
        self._sheet, self._part = sheet, part
        self.print_button = button(_("Print…"), f"{name}_print_sheet", "primary")
        self.save_button = button(_("Save the page…"), f"{name}_save_sheet")
        shown = _("Show the words to copy") if part else _("Show the digits to copy")
        self.show_button = button(shown, f"{name}_show_sheet")
        self.show_button.setCheckable(True)
        row = QHBoxLayout()
        for made in (self.print_button, self.save_button, self.show_button):
            row.addWidget(made)
        row.addStretch(1)
        self.said_label = label("", "secondary", wrap=True, name=f"{name}_saved")
        look = "strong" if part else "to-copy"
        self.code_label = label(_in_lines(sheet, part), look, name=f"{name}_code")
        number = f"_{part.number}" if part else ""
        self.typed_edit = QLineEdit()
        self.typed_edit.setObjectName(f"{name}_typed_{sheet.letter}{number}")
        self.typed_edit.setMaxLength(400)
        self.problem_label = label("", "hint", wrap=True, name=f"{name}_problem{number}")
        theme.set_state(self.problem_label, problem=True)
        prompt = _("Now type the words from the paper") if part else _typed_prompt()
        prompt_label = label(prompt, "field")
        prompt_label.setBuddy(self.typed_edit)
        self.typed_edit.setAccessibleName(prompt)
        self.typed_edit.setPlaceholderText(
            _("twenty words, four letters of each are enough")
            if part
            else _("nine groups of six digits")
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, theme.size(4))
        whole.setSpacing(theme.size(6))
        if part:
            whole.addWidget(label(_part_title(part), "strong"))
        whole.addLayout(row)
        for widget in (self.said_label, self.code_label, prompt_label, self.typed_edit):
            whole.addWidget(widget)
        whole.addWidget(self.problem_label)
        for quiet in (self.said_label, self.code_label, self.problem_label):
            quiet.hide()
        self.print_button.clicked.connect(self._print)
        self.save_button.clicked.connect(self._save)
        self.show_button.toggled.connect(self._show_code)
        self.typed_edit.textEdited.connect(self._hide_code)

    def accept(self) -> bool:
        """Go on only when the paper was read back rightly."""
        typed = self.typed_edit.text()
        if self._part is None:
            trouble = recovery_sheets.not_as_printed(self._sheet, typed)
        else:
            trouble = recovery_sheets.part_not_as_printed(self._part, typed)
        self.say(trouble)
        return not trouble

    def point_at_mistake(self) -> None:
        """Select the word or group to look at: a line of twenty words shows its end only."""
        typed = self.typed_edit.text()
        if self._part is None:
            number, count = (
                recovery_sheets.mistyped_group(self._sheet, typed),
                len(self._sheet.groups),
            )
        else:
            number, count = recovery_sheets.mistyped_word(self._part, typed), len(self._part.words)
        self.typed_edit.setFocus()
        pieces = list(re.finditer(r"\S+", typed))
        if number and len(pieces) == count:
            found = pieces[number - 1]
            self.typed_edit.setSelection(found.start(), found.end() - found.start())

    def say(self, problem: str) -> None:
        """Say what is not right; '' takes it back."""
        self.problem_label.setText(problem)
        self.problem_label.setVisible(bool(problem))
        if problem:
            self._bring(self.problem_label)

    def _bring(self, shown: QWidget) -> None:
        """Scroll to what has just appeared, once the layout has a place for it."""
        bring_soon(shown)

    def save_to(self, path: Path) -> None:
        """Write the page to a file."""
        try:
            recovery_sheets.save_pdf(self._sheet, path, self._part)
        except ShelterError:
            self.say(_("The file could not be written there. Please choose another place."))
            return
        self.say("")
        self._tell(
            _(
                "The page is in {name}. Print it, delete the file, and type it back from the paper."
            ).format(name=path.name)
        )

    def _save(self) -> None:
        name = recovery_sheets.file_name(self._sheet, self._part)
        path = choose_new_file(self, _("Save the page to print"), name)
        if path is not None:
            self.save_to(path)

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

        if not QPrinterInfo.availablePrinterNames():  # the dialog would offer a file instead
            self._tell(
                _(
                    "This computer has no printer. Copy the page by hand, or save it and print it "
                    "on a computer you trust."
                )
            )
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(recovery_sheets.file_name(self._sheet, self._part))
        dialog = QPrintDialog(printer, self)
        agreed = dialog.exec() == QPrintDialog.DialogCode.Accepted
        dialog.deleteLater()
        if agreed:
            painter = QPainter(printer)
            self.draw_on(painter, painter.viewport())
            painter.end()
            self._tell(
                _(
                    "The page was sent to the printer. Take it out of the tray at once; a printer "
                    "that is shared may remember it."
                )
            )

    def draw_on(self, painter: QPainter, room: QRect) -> None:
        """Draw the page into a rectangle, as large as it fits."""
        picture = QImage.fromData(recovery_sheets.as_picture(self._sheet, self._part))
        size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRect(room.topLeft(), size), picture)

    def _tell(self, sentence: str) -> None:
        self.said_label.setText(sentence)
        self.said_label.show()
        self._bring(self.said_label)

    def _show_code(self, on: bool) -> None:
        self.code_label.setVisible(on)
        if on:
            self._bring(self.code_label)

    def _hide_code(self) -> None:
        """Take the digits from the screen once typing begins: the paper is what is tested."""
        self.show_button.setChecked(False)
        self.say("")


def _typed_prompt() -> str:
    return _("Now type the digits from the paper")


def _part_title(part: Part) -> str:
    return _("Part {number} of 3").format(number=part.number)


def _in_lines(sheet: Sheet, part: Part | None) -> str:
    groups, across = (part.words, 5) if part else (sheet.groups, 3)
    return "\n".join(
        "   ".join(groups[start : start + across]) for start in range(0, len(groups), across)
    )
