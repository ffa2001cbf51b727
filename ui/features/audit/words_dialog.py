"""Check words: today's heads to write down or print, and the comparison with an older paper."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from shelter_app.i18n import _
from shelter_app.services import audit_heads
from shelter_app.services.audit_heads import Heads
from shelter_app.services.audit_notes import COMPARTMENT_NAMES
from ui.kit import theme
from ui.kit.button import button, label, rule
from ui.kit.context import Context
from ui.kit.dialog import Dialog
from ui.kit.folders import choose_folder, named
from ui.kit.wording import sentence_for


class WordsDialog(Dialog):
    """Shows the words of every part, saves them as a page, and compares an older paper."""

    def __init__(self, parent: QWidget, context: Context) -> None:
        super().__init__(
            parent,
            _(
                "These words stand for all entries up to now. Keep them outside this computer: "
                "whoever rewrites entries cannot rewrite the paper."
            ),
            _("Close"),
            _("Save as PDF…"),
        )
        self.setObjectName("WordsDialog")
        self.setMinimumWidth(theme.size(640))
        self._context = context
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setColumnStretch(2, 1)
        self.part_box = QComboBox()
        self.part_box.setObjectName("WordsDialog_part")
        self.part_box.setMinimumContentsLength(14)
        self.number_edit = self._line("WordsDialog_number", 90)
        self.number_edit.setValidator(QIntValidator(0, 2_000_000_000, self))
        self.code_edit = self._line("WordsDialog_code", 230)
        self.compare_button = button(_("Compare"), "WordsDialog_compare")
        self.answer_label = label("", wrap=True, name="WordsDialog_answer")
        self.body.addLayout(self._grid)
        self.body.addWidget(rule())
        self.body.addWidget(label(_("Compare with an older paper"), "card-title"))
        self.body.addLayout(self._comparison())
        self.body.addWidget(self.answer_label)
        # Enter in a field compares; passed on to a default button it would close the question.
        self.yes_button.setDefault(False)
        self.no_button.clicked.disconnect()
        self.no_button.clicked.connect(self._choose_folder)
        self.compare_button.clicked.connect(self._compare)
        for edit in (self.number_edit, self.code_edit):
            edit.returnPressed.connect(self._compare)
        context.tasks.ask(self, audit_heads.heads, then=self.show_heads)

    def _line(self, name: str, width: int) -> QLineEdit:
        edit = QLineEdit()
        edit.setObjectName(name)
        edit.setMinimumWidth(theme.size(width))
        return edit

    def _comparison(self) -> QGridLayout:
        grid = QGridLayout()
        fields = (
            (_("Part"), self.part_box),
            (_("Entry"), self.number_edit),
            (_("Words or digits"), self.code_edit),
        )
        for column, (text, widget) in enumerate(fields):
            made = label(text, "field")
            made.setBuddy(widget)
            widget.setAccessibleName(text)
            grid.addWidget(made, 0, column)
            grid.addWidget(widget, 1, column)
        grid.addWidget(self.compare_button, 1, len(fields))
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(2, 1)
        return grid

    def show_heads(self, found: Heads) -> None:
        """Fill the table and the list of parts."""
        rows = [
            (_(COMPARTMENT_NAMES[line.compartment]), str(line.seq), line.code)
            for line in found.lines
        ]
        rows.append((_("Over all"), "", found.over_all))
        for number, (part, entry, code) in enumerate(rows):
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(label(part, "mute"), number, 0, top)
            self._grid.addWidget(label(entry, "mute"), number, 1, top)
            words = label(" ".join(code.words), selectable=True)
            self._grid.addWidget(words, number, 2, top)
            self._grid.addWidget(label(code.text, selectable=True), number, 3, top)
        for line in found.lines:
            self.part_box.addItem(_(COMPARTMENT_NAMES[line.compartment]), line.compartment)
        self._grow()

    def _grow(self) -> None:
        """Take the height the words need, which was not known when the dialog came up."""
        layout = self.layout()
        if layout is not None:
            for made in self.findChildren(QLabel):
                made.ensurePolished()
                made.show()
            layout.invalidate()
            layout.activate()
            self.resize(max(self.width(), layout.minimumSize().width()), layout.sizeHint().height())

    def _compare(self) -> None:
        self._context.tasks.ask(
            self,
            audit_heads.paper_is_contained,
            str(self.part_box.currentData() or ""),
            int(self.number_edit.text() or 0),
            self.code_edit.text(),
            then=self._answer,
            failed=lambda error: self.answer_label.setText(sentence_for(error)),
        )

    def _answer(self, contained: bool) -> None:
        self.answer_label.setText(
            _("Yes: today's entries contain this paper's. Nothing before it was rewritten.")
            if contained
            else _(
                "No: this paper is not contained. Look again at number and words. If they are "
                "right, entries were rewritten or an older copy was put back: call the manager "
                "and the data protection lead, and keep the computer as it is."
            )
        )

    def _choose_folder(self) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.save_to(folder)

    def save_to(self, folder: Path) -> None:
        """Write the paper into a folder."""
        self._context.tasks.do(
            self,
            audit_heads.save_pdf,
            folder,
            then=lambda path: self.answer_label.setText(
                _("Saved as {file}. Print it and keep it outside the house.").format(
                    file=named(path)
                )
            ),
            failed=lambda error: self.answer_label.setText(sentence_for(error)),
        )
