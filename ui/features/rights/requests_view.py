"""The register of requests: what is asked, by whom, by when, and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QWidget

from shelter_app.domain import codelists
from shelter_app.domain.rights import DataSubjectRequest, possible_answers
from shelter_app.i18n import _, ngettext
from shelter_app.services import rights, subject_access
from shelter_app.services.rights import Registered
from shelter_app.services.work import Work
from ui.features.rights.detail_card import Action
from ui.features.rights.register_view import RegisterView, Services, Words
from ui.kit.button import label
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.dialog import ReasonDialog
from ui.kit.folders import choose_folder, named
from ui.kit.message_bar import MessageBar
from ui.kit.record_form import RecordForm
from ui.kit.record_table import Column, Row, TableFilter


class RequestsView(RegisterView[DataSubjectRequest, Registered]):
    """Requests by the day they are due; one opened at the right."""

    def __init__(self, context: Context, host: QWidget, bar: MessageBar) -> None:
        words = Words(
            title=_("Requests"),
            empty=_(
                "No request yet. Whoever asks what is held about her, or asks to correct or erase "
                "it, is written down here on the same day."
            ),
            begin=_("New request"),
            choose=_("Choose a request."),
        )
        columns = (
            Column("due", _("Answer by"), 124, sortable=False),
            Column("type", _("What is asked"), 0, sortable=False),
            Column("by", _("Who asks"), 0, sortable=False),
            Column("code", _("Code"), 80, sortable=False),
            Column("decision", _("Answer"), 140, sortable=False),
        )
        services = Services(
            ids=request_ids,
            rows=request_rows,
            find=_registered,
            new=rights.new,
            get=rights.get,
            save=rights.save,
        )
        super().__init__(context, host, bar, words, columns, services)

    def _show_entry(self, found: Registered) -> None:
        request = found.request
        checked = _("yes") if request.id_checked else _("not yet")
        implicated = {None: _("not asked yet"), True: _("yes"), False: _("no")}
        facts = (
            (_("What is asked"), codelists.label("dsr_type", request.type)),
            (_("Who asks"), codelists.label("dsr_requester", request.by)),
            (_("Name and contact"), request.requester),
            (_("Received"), show_day(request.received_on)),
            (_("Answer by"), show_day(request.due_on)),
            (_("Identity checked"), checked),
            (_("Connected with the harm"), implicated[request.implicated]),
            (_("How it was checked"), request.check_note),
            (_("Answer"), codelists.label("dsr_decision", request.decision)),
            (_("What was done, or why not"), request.reason),
            (_("Answered by"), found.answered_by),
        )
        warning = _(found.hindrance) if request.is_open() and found.hindrance else ""
        self.detail.show_facts(
            request.person_code or _("Request"), facts, self._actions(found), warning
        )

    def _actions(self, found: Registered) -> list[Action]:
        request = found.request
        made: list[Action] = []
        if request.is_open():
            made.append(("request_answer", _("Answer…"), lambda: self._answer(found), "primary"))
            made.append(("request_edit", _("Change"), lambda: self._edit(request), "plain"))
        manager = self._context.actor.has_role(*subject_access.MAKERS)
        if manager and request.person_id:
            if request.is_for_a_paper() and not found.hindrance:
                words = _("Her paper as PDF…")
                made.append(("request_paper", words, lambda: self._paper(request.id), "plain"))
            go = self._context.go
            file = ("request_file", _("Open her file"), lambda: go("resident", request.person_id))
            made.append((*file, "plain"))
        return made

    def _edit(self, request: DataSubjectRequest) -> None:
        if not request.is_open():
            return
        form = RecordForm(DataSubjectRequest, self._context.tasks)
        form.row("received_on", "type")
        form.row("by", "person_code")
        form.row("requester")
        form.section(_("Before anything is answered"))
        form.row("id_checked")
        form.row("implicated")
        form.row("check_note")
        form.row("third_party_excluded")
        form.finish()
        form.set_record(request)
        keeper = self._context.draft_keeper("dsr", DataSubjectRequest, request.id)
        title = _("Request") if request.revision else _("New request")
        self.side_editor.edit(title, form, self._save, keeper)

    def _answer(self, found: Registered) -> None:
        dialog = AnswerDialog(self, found)
        dialog.accepted.connect(
            lambda: self.answer(found.request.id, dialog.decision(), dialog.reason())
        )
        dialog.show_once()

    def answer(self, request_id: int, decision: str, reason: str) -> None:
        """Write an answer down."""
        self._context.tasks.do(
            self,
            rights.answer,
            request_id,
            decision,
            reason,
            then=lambda _request: self.reload(),
            failed=self._bar.explain,
        )

    def _paper(self, request_id: int) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.save_paper(request_id, folder)

    def save_paper(self, request_id: int, folder: Path) -> None:
        """Write her paper into a folder."""
        said = _("Saved as {file}. Hand it over in person, then delete the file.")
        self._context.tasks.do(
            self,
            subject_access.save,
            request_id,
            folder,
            then=lambda path: self._bar.say(said.format(file=named(path))),
            failed=self._bar.explain,
        )


class AnswerDialog(ReasonDialog):
    """How a request is answered, with what was done or why not."""

    def __init__(self, parent: QWidget, found: Registered) -> None:
        sentence = _("An answer is kept as it is. It cannot be changed later.")
        if found.hindrance:
            sentence = _(found.hindrance)
        super().__init__(
            parent,
            sentence,
            _("Write the answer down"),
            _("Go back"),
            prompt=_("What was done, or why not"),
        )
        self.setObjectName("AnswerDialog")
        self.decision_combo = QComboBox()
        self.decision_combo.setObjectName("AnswerDialog_decision")
        for code in possible_answers(found.request):
            self.decision_combo.addItem(codelists.label("dsr_decision", code), code)
        name = label(_("Answer"), "field")
        name.setBuddy(self.decision_combo)
        self.decision_combo.setAccessibleName(name.text())
        self.body.insertWidget(0, name)
        self.body.insertWidget(1, self.decision_combo)
        self.setTabOrder(self.decision_combo, self.reason_edit)
        self.setTabOrder(self.reason_edit, self.no_button)
        self.setTabOrder(self.no_button, self.yes_button)
        self.decision_combo.setFocus()

    def decision(self) -> str:
        """Return the code chosen."""
        return str(self.decision_combo.currentData())


def request_ids(work: Work, _wanted: TableFilter) -> Sequence[int]:
    """Return the requests in the order of the register."""
    return [found.request.id for found in rights.register(work)]


def request_rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    """Return requests as rows."""
    known = {found.request.id: found for found in rights.register(work)}
    return [_row(known[number]) for number in ids if number in known]


def _registered(work: Work, request_id: int) -> Registered | None:
    return next((r for r in rights.register(work) if r.request.id == request_id), None)


def _row(found: Registered) -> Row:
    request = found.request
    cells = (
        due_words(found),
        codelists.label("dsr_type", request.type),
        codelists.label("dsr_requester", request.by),
        request.person_code,
        codelists.label("dsr_decision", request.decision),
    )
    roles = {"type": "strong"}
    if found.days_left is not None:
        soon = found.days_left <= rights.SOON.days
        roles["due"] = "overdue" if found.days_left < 0 else "soon" if soon else "neutral"
    return Row(request.id, cells, roles)


def due_words(found: Registered) -> str:
    """Return how many days are left, or the day it was answered."""
    days = found.days_left
    if days is None:
        return show_day(found.request.answered_on)
    if days < 0:
        return ngettext("{count} day late", "{count} days late", -days).format(count=-days)
    if days == 0:
        return _("today")
    return ngettext("{count} day left", "{count} days left", days).format(count=days)
