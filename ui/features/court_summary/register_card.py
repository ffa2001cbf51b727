"""What the register knows of an issued paper, and the question how many copies leave."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QWidget

from shelter_app.i18n import _
from shelter_app.services.documents import RegisterEntry
from ui.kit.button import button, label
from ui.kit.card import Card, KeyValueList
from ui.kit.day_text import show_day
from ui.kit.dialog import Dialog

_MOST_COPIES: Final = 50
_GROUP: Final = 8


class RegisterCard(Card):
    """Number of copies, who approved and received, and the fingerprint to compare."""

    copies_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("In the register"), parent=parent)
        self.setObjectName("RegisterCard")
        self._facts: KeyValueList | None = None
        self.copies_button = button(_("Count more copies…"), "RegisterCard_copies", "small")
        line = QHBoxLayout()
        line.addWidget(self.copies_button)
        line.addStretch(1)
        self.body.addLayout(line)
        self.copies_button.clicked.connect(self.copies_wanted)

    def show_entry(self, entry: RegisterEntry) -> None:
        """Show the entry of a document that was issued."""
        if self._facts is not None:
            self._facts.deleteLater()
        facts = self._facts = KeyValueList()
        facts.add(_("Issued"), show_day(entry.issued_on))
        approved = _("{name}, {day}").format(
            name=entry.approved_by, day=show_day(entry.approved_on)
        )
        facts.add(_("Approved by"), approved)
        facts.add(_("Copies"), str(entry.copies), name="RegisterCard_count")
        if entry.received_by:
            facts.add(_("Received by"), entry.received_by)
        if entry.recall_reason:
            facts.add(_("Why recalled"), entry.recall_reason, role="overdue")
        marks = entry.fingerprint
        groups = " ".join(marks[at : at + _GROUP] for at in range(0, len(marks), _GROUP))
        facts.add(_("Fingerprint (SHA-256)"), groups, name="RegisterCard_fingerprint")
        self.body.insertWidget(0, facts)
        self.copies_button.setVisible(entry.counts_copies)


class CopiesDialog(Dialog):
    """Asks how many copies leave the house, and who takes them."""

    def __init__(
        self, parent: QWidget | None, sentence: str, yes: str, no: str, *, receiver: bool
    ) -> None:
        super().__init__(parent, sentence, yes, no)
        self.copies_box = QSpinBox()
        self.copies_box.setObjectName("CopiesDialog_copies")
        self.copies_box.setRange(1, _MOST_COPIES)
        self.receiver_edit = QLineEdit()
        self.receiver_edit.setObjectName("CopiesDialog_receiver")
        self.receiver_edit.setMaxLength(200)
        rows = [(_("Copies"), self.copies_box), (_("Received by"), self.receiver_edit)]
        for words, editor in rows if receiver else rows[:1]:
            told = label(words, "field")
            told.setBuddy(editor)
            editor.setAccessibleName(words)
            self.body.addWidget(told)
            self.body.addWidget(editor)
        self.setTabOrder(self.copies_box, self.receiver_edit)
        self.setTabOrder(self.receiver_edit, self.no_button)
        self.setTabOrder(self.no_button, self.yes_button)
        self.copies_box.setFocus()

    @classmethod
    def ask_copies(
        cls, parent: QWidget | None, sentence: str, yes: str, no: str, *, receiver: bool
    ) -> tuple[int, str] | None:
        """Ask and return copies and receiver, or None when it was called off."""
        dialog = cls(parent, sentence, yes, no, receiver=receiver)
        agreed = dialog.exec() == Dialog.DialogCode.Accepted
        answer = dialog.copies_box.value(), dialog.receiver_edit.text().strip()
        dialog.deleteLater()
        return answer if agreed else None
