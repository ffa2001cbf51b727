"""The court place: the list, and over it the page of the case that was opened."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Final

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shelter_app.domain.legal import LegalCase
from shelter_app.services import court, drafts
from shelter_app.services.changes import Changes
from ui.features.court.case_list import CaseList
from ui.features.court.case_view import CaseView
from ui.features.court.editing import Editing
from ui.kit.context import Context

_FORMS: Final = {
    "CaseForm": "case",
    "SuspectForm": "suspect",
    "PaperForm": "picture",
    "ChargeForm": "charge",
    "ContactForm": "contact",
    "EventForm": "event",
    "OutcomeForm": "outcome",
    "AmendForm": "amend",
    "AccompanimentForm": "companion",
}


class CourtPage(QWidget):
    """Switches between the list and one case."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.place)
        self.setObjectName("CourtPage")
        self._context = context
        self.stack = QStackedWidget(self)
        self.list = CaseList(context, self.stack)
        self._editing = Editing(context, self.list)
        self.stack.setObjectName("CourtPage_stack")
        self.stack.addWidget(self.list)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        self.list.case_chosen.connect(lambda case_id: context.go("court", case_id))
        self.list.new_wanted.connect(self._new_case)

    @cached_property
    def view(self) -> CaseView:
        """Return the page of one case, made when the first case is opened."""
        made = CaseView(replace(self._context, place=self.stack))
        made.back_wanted.connect(self.show_list)
        self.stack.addWidget(made)
        return made

    def show_record(self, record_id: int, detail: str = "") -> None:
        """Open a case; detail: a court date's id, 'new' (record: the person), 'draft'."""
        if detail == "draft":
            self._take_up(record_id)
        elif detail == "new":
            self._begin(record_id)
        elif record_id:
            view = self.view
            self.stack.setCurrentWidget(view)
            view.show_case(record_id, detail)
        else:
            self.show_list()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on: in the list typing looks for a case."""
        super().focusInEvent(event)
        if self.stack.currentWidget() is self.list:
            self.list.setFocus()

    def show_list(self) -> None:
        """Go back to the list."""
        self.stack.setCurrentWidget(self.list)
        self.list.table.setFocus()

    def refresh(self, changes: Changes) -> None:
        """Pass on what was written to what is shown, and to the list behind it."""
        self.list.refresh(changes)
        if "view" in self.__dict__:
            self.view.refresh(changes)

    def _begin(self, person_id: int) -> None:
        self.show_list()
        if not person_id:
            self._new_case()
            return
        self._context.tasks.ask(
            self,
            court.new_case,
            person_id,
            then=lambda case: self._editing.new_case(case, self._opened),
        )

    def _new_case(self) -> None:
        self.show_list()
        self._context.tasks.ask(
            self,
            court.new_case,
            0,
            then=lambda case: self._editing.new_case(case, self._opened),
        )

    def _opened(self, case: LegalCase) -> None:
        self.list.table.expect(case.id)
        self._context.go("court", case.id)

    def _take_up(self, record_id: int) -> None:
        """Open the form a draft belongs to; its name and case stand in the draft's key."""
        self._context.tasks.ask(
            self, drafts.mine, then=lambda waiting: self._find_form(waiting, record_id)
        )

    def _find_form(self, waiting: tuple[drafts.Waiting, ...], record_id: int) -> None:
        for draft in waiting:
            form, _colon, number = draft.place.form.partition(":")
            if draft.place.record_id != record_id or not number.isdigit():
                continue
            if form == "case":
                self._begin(int(number))
                return
            if form in _FORMS:
                kind = "new_event" if form == "EventForm" and not record_id else _FORMS[form]
                self.show_record(int(number), f"{kind}:{record_id}")
                return
