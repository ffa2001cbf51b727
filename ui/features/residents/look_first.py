"""Looking before recording: is she somebody we know already?"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.domain import access, codelists
from shelter_app.domain.oversight import REASON_AT_LEAST
from shelter_app.domain.person import SealedIdentity
from shelter_app.i18n import _, ngettext
from shelter_app.services import residents, search
from shelter_app.services.search import FoundPerson, situation_label
from ui.kit import layouts
from ui.kit.button import button, label
from ui.kit.context import Context
from ui.kit.dialog import ReasonDialog
from ui.kit.page import Pill, RowButton, TwoLines
from ui.kit.search_box import SearchBox

_LEAST_LETTERS: Final = 2


class LookFirst(QWidget):
    """Type what she goes by; choose her from those found, or say that she is none of them."""

    known = Signal(object)
    none_of_them = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("LookFirst")
        self._context = context
        self._asked = 0
        self._looked_for = ""
        self.search_box = SearchBox(_("Name she goes by, code or old alias"))
        self.search_box.setObjectName("LookFirst_search")
        self.question_label = label("", "strong", wrap=True, name="LookFirst_question")
        self.deeper_button = button(
            _("Look among true names and phone numbers (logged)"), "LookFirst_deeper", "link"
        )
        self.deeper_button.setVisible(access.may_break(context.actor, SealedIdentity))
        self.deeper_button.setEnabled(False)
        self.none_button = button(
            _("None of these: record a new resident"), "LookFirst_none", "primary"
        )
        self.none_button.setEnabled(False)
        self._found = QVBoxLayout()
        self._found.setSpacing(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        explained = _(
            "She may have been here before, or come through a partner. Look first, so that "
            "nobody has two files."
        )
        whole.addWidget(label(explained, "mute", wrap=True, name="LookFirst_why"))
        whole.addWidget(self.search_box)
        whole.addWidget(self.question_label)
        whole.addLayout(self._found)
        whole.addWidget(self.deeper_button)
        whole.addWidget(self.none_button)
        whole.addStretch(1)
        self.question_label.hide()
        self.search_box.searched.connect(self._look)
        self.search_box.moved_down.connect(self._go_to_found)
        self.deeper_button.clicked.connect(self._ask_why)
        self.none_button.clicked.connect(lambda: self.none_of_them.emit(self._looked_for))

    def _look(self, text: str) -> None:
        self._asked += 1
        asked = self._asked
        long_enough = len(text.strip()) >= _LEAST_LETTERS
        self.none_button.setEnabled(False)
        self.deeper_button.setEnabled(long_enough)
        if long_enough:
            self._context.tasks.ask(
                self,
                residents.similar,
                text,
                then=lambda found: self._show(asked, text, found),
            )
        else:
            self._fill(())
            self.question_label.hide()

    def _show(self, asked: int, text: str, found: tuple[FoundPerson, ...]) -> None:
        if asked != self._asked:
            return
        self._looked_for = text
        self._fill(found)
        self.question_label.setText(
            ngettext("Is it this one?", "Is it one of these?", len(found))
            if found
            else _("Nobody we know goes by that, or by anything like it.")
        )
        self.question_label.show()
        self.none_button.setText(
            _("None of these: record a new resident") if found else _("Record a new resident")
        )
        self.none_button.setEnabled(True)

    def _fill(self, found: tuple[FoundPerson, ...]) -> None:
        layouts.clear(self._found)
        layouts.add_ruled(self._found, [self._row(person) for person in found])

    def _row(self, person: FoundPerson) -> RowButton:
        situation = situation_label(person.situation)
        words = [person.code]
        if person.age_band:
            words.append(codelists.label("age_band", person.age_band))
        if person.through == "alias":
            words.append(_("by another alias"))
        elif not person.exact:
            words.append(_("similar name"))
        row = RowButton(f"{person.alias}, {', '.join(words)}, {situation}")
        row.setObjectName("LookFirst_person")
        row.add(TwoLines(person.alias, " · ".join(words)), 1)
        row.add(Pill(situation, "good" if person.situation == "in_residence" else "neutral"))
        row.clicked.connect(lambda: self.known.emit(person.id))
        return row

    def _go_to_found(self) -> None:
        for first in layouts.widgets(self._found)[:1]:
            first.setFocus()

    def _ask_why(self) -> None:
        dialog = ReasonDialog(
            self,
            _(
                "You are about to look among true names and phone numbers. Who looked, for what "
                "and why is kept in the audit trail."
            ),
            _("Search"),
            _("Go back"),
            prompt=_("Why do you need to look?"),
            least=REASON_AT_LEAST,
        )
        dialog.setObjectName("LookFirst_reason")
        dialog.accepted.connect(lambda: self._look_deeper(dialog.reason()))
        dialog.show_once()

    def _look_deeper(self, reason: str) -> None:
        self._asked += 1
        asked, text = self._asked, self.search_box.text().strip()
        self._context.tasks.do(
            self,
            search.true_names,
            text,
            reason,
            then=lambda found: self._show(asked, text, found),
        )
