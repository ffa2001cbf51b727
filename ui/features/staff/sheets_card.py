"""The two recovery sheets: are the papers right, where are the envelopes, and making one anew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from shelter_app.domain.access import COUNSELLORS
from shelter_app.i18n import _
from shelter_app.services import key_changes, sheet_care
from shelter_app.services.key_changes import Course
from shelter_app.services.recovery_sheets import Sheet
from shelter_app.services.sheet_care import SheetLine
from ui.features.staff.dialogs import PaperDialog
from ui.features.staff.words import why
from ui.kit import layouts, theme
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.dialog import Dialog
from ui.kit.flow import FlowLayout
from ui.kit.long_work import LongWork
from ui.kit.pill import Pill
from ui.sheet_paper import SheetPaper

_AROUND_PAPER = 280
"""Height of a dialog and its window's frame without the paper in it."""


class SheetsCard(Card):
    """Both sheets, for those who look after them."""

    settled = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(_("Recovery sheets"))
        self.setObjectName("SheetsCard")
        self._context = context
        actor = context.actor
        self._keeper = actor.has_role(*key_changes.KEEPERS)
        self.concerns_me = self._keeper or actor.has_role(*COUNSELLORS)
        self._rows = QVBoxLayout()
        self.body.addLayout(self._rows)
        self.said_label = label("", "secondary", wrap=True, name="SheetsCard_said")
        self.add(self.said_label)
        self.said_label.hide()
        if not self.concerns_me:
            self.hide()

    def load(self) -> None:
        """Ask how the sheets are."""
        if self.concerns_me:
            self._context.tasks.ask(self, sheet_care.lines, then=self._show)

    def _show(self, lines: Sequence[SheetLine]) -> None:
        layouts.clear(self._rows)
        for line in lines:
            self._rows.addWidget(self._row(line))

    def _row(self, line: SheetLine) -> QWidget:
        row = QFrame()
        row.setObjectName(f"SheetsCard_{line.letter}")
        row.setProperty("kind", "row")
        head = QHBoxLayout()
        opens = (
            _("Sheet R: makes a new manager")
            if line.letter == "R"
            else _("Sheet C: gives the key of the counselling notes")
        )
        head.addWidget(label(opens, "strong", wrap=True), 1)
        head.addWidget(_state_pill(line))
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 6, 0, 8)
        column.addLayout(head)
        if self._keeper:
            place = line.place or _("Nobody has written down where the envelope is.")
            column.addWidget(label(place, "secondary", wrap=True))
        holder = QWidget()
        flow = FlowLayout(holder, spacing=6)
        test = button(_("Test…"), f"SheetsCard_test_{line.letter}", "small")
        where = button(_("Where it is…"), f"SheetsCard_where_{line.letter}", "small")
        anew = button(_("Make anew…"), f"SheetsCard_anew_{line.letter}", "small")
        test.setAccessibleName(_("Test sheet {letter}").format(letter=line.letter))
        where.setAccessibleName(_("Where sheet {letter} is").format(letter=line.letter))
        anew.setAccessibleName(_("Make sheet {letter} anew").format(letter=line.letter))
        test.clicked.connect(self._test)
        where.clicked.connect(partial(self._ask_place, line))
        anew.clicked.connect(partial(self._ask_anew, line.letter))
        flow.addWidget(test)
        if self._keeper:
            flow.addWidget(where)
        if line.may_replace:
            flow.addWidget(anew)
        column.addWidget(holder)
        return row

    def _test(self) -> None:
        dialog = PaperDialog(
            self,
            _(
                "Type what is on the paper. The program only tries whether it opens its own lock; "
                "nothing else is opened. Put the paper back into an envelope, close it, sign it."
            ),
            _("Test the sheet"),
        )
        agreed = dialog.exec() == PaperDialog.DialogCode.Accepted
        typed = dialog.typed()
        dialog.deleteLater()
        if agreed:
            self._context.tasks.do(
                self, sheet_care.prove, typed, then=self._proved, failed=self._failed
            )

    def _proved(self, letter: str) -> None:
        self.tell(_("Yes: this is sheet {letter}, and it opens.").format(letter=letter))
        self.settled.emit()

    def _ask_place(self, line: SheetLine, _on: bool = False) -> None:
        sentence = _(
            "Where is the envelope with sheet {letter}? Outside the building, with somebody who "
            "does not have the computer. Write it so that a colleague finds it."
        ).format(letter=line.letter)
        dialog = Dialog(self, sentence, _("Keep this"), _("Leave as it is"))
        dialog.setObjectName("PlaceDialog")
        edit = QLineEdit(line.place)
        edit.setObjectName("PlaceDialog_place")
        edit.setMaxLength(200)
        edit.setAccessibleName(sentence)
        dialog.body.addWidget(edit)
        dialog.setMinimumWidth(theme.size(460))
        edit.setFocus()
        agreed = dialog.exec() == Dialog.DialogCode.Accepted
        place = edit.text()
        dialog.deleteLater()
        if agreed:
            self._context.tasks.do(
                self,
                sheet_care.set_place,
                line.letter,
                place,
                then=lambda _value: self.settled.emit(),
                failed=self._failed,
            )

    def _ask_anew(self, letter: str, _on: bool = False) -> None:
        sentence = _(
            "Make sheet {letter} anew? The old paper opens nothing any more, and the parts it "
            "opened get new keys. You need a printer or a pen now."
        ).format(letter=letter)
        yes, no = _("Make it anew"), _("Keep the old one")
        if not Dialog.ask(self, sentence, yes, no, dangerous=True):
            return
        course = Course()
        work = LongWork(self, _("Making a new sheet and new keys."), course)
        work.run(
            self._context.tasks,
            sheet_care.replace,
            letter,
            course,
            then=self.show_new,
            failed=self._failed,
        )

    def show_new(self, sheet: Sheet) -> None:
        """Bring a new sheet onto paper; until it is typed back the program keeps asking."""
        dialog = NewSheetDialog(self, sheet)
        agreed = dialog.exec() == NewSheetDialog.DialogCode.Accepted
        dialog.deleteLater()
        if agreed:
            self._context.tasks.do(
                self, sheet_care.prove, sheet.code, then=self._proved, failed=self._failed
            )
        self.settled.emit()

    def tell(self, sentence: str) -> None:
        """Say how something went."""
        theme.set_state(self.said_label, problem=False)
        self.said_label.setText(sentence)
        self.said_label.show()

    def _failed(self, error: BaseException) -> None:
        self.tell(why(error))
        theme.set_state(self.said_label, problem=True)
        self.settled.emit()


class NewSheetDialog(Dialog):
    """The new sheet on its way to paper."""

    def __init__(self, parent: QWidget, sheet: Sheet) -> None:
        sentence = _(
            "This is the new sheet {letter}. Put it on paper now: it is shown only this once and "
            "kept nowhere in the computer. Then type it back from the paper."
        ).format(letter=sheet.letter)
        super().__init__(parent, sentence, _("The paper is right"), _("Later: make another one"))
        self.setObjectName("NewSheetDialog")
        self.paper = SheetPaper(sheet, "NewSheet")
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        room = self.screen().availableGeometry().height() - theme.size(_AROUND_PAPER)
        area.setFixedHeight(max(theme.size(200), min(theme.size(460), room)))
        self.paper.setProperty("kind", "page-body")
        area.setWidget(self.paper)
        self.body.addWidget(area)
        self.yes_button.setDefault(False)
        self.setMinimumWidth(theme.size(560))
        self.paper.submitted.connect(self.accept)
        self.paper.pages[0].print_button.setFocus()

    def accept(self) -> None:
        """Close only when the paper was read back rightly."""
        if self.paper.accept():
            super().accept()


def _state_pill(line: SheetLine) -> Pill:
    if line.unproved:
        return Pill(_("not proved"), "overdue")
    day = show_day(line.proved)
    if line.rehearsal_due:
        return Pill(_("test it: last on {day}").format(day=day), "soon")
    return Pill(_("tested {day}").format(day=day), "good")
