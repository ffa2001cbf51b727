"""Preparing a court-support summary: for whom, what is in it, what has to be checked, who signs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.domain.document import Document
from shelter_app.i18n import _
from shelter_app.services import court_summary, documents, records, summary_choices
from shelter_app.services.changes import Changes
from shelter_app.services.court_summary import Draft
from shelter_app.services.summary_choices import Choices
from shelter_app.services.summary_scan import Point, Settled
from ui.features.court_summary import forms
from ui.features.court_summary.choices import PointsCard, SectionsCard
from ui.features.court_summary.column import Column, SideBySide
from ui.features.court_summary.preview import Preview
from ui.features.court_summary.register_card import CopiesDialog, RegisterCard
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_editors import DayEditor
from ui.kit.dialog import ReasonDialog
from ui.kit.folders import choose_folder, named
from ui.kit.link_editor import LinkSource
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page
from ui.kit.pill import Pill
from ui.kit.wording import sentence_for

_SAVE_AFTER: Final = 900
_WATCHED: Final = frozenset({"legal_case", "court_event", "charge", "suspect", "consent", "stay"})
_PILL: Final = {
    "draft": "soon",
    "review": "court",
    "approved": "good",
    "issued": "good",
    "replaced": "neutral",
    "withdrawn": "overdue",
}


def page(context: Context) -> QWidget:
    """Return the assistant; `show_record` gives it a legal case (or 'document' with its id)."""
    return Assistant(context)


class Assistant(Page):
    """One summary from draft to sealed paper, with the paper itself beside it."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Court-support summary"), parent=context.place)
        self.setObjectName("Assistant")
        self._context = context
        self._draft: Draft | None = None
        self._choices = Choices()
        self.status_pill = Pill("", "neutral")
        self.status_pill.setObjectName("Assistant_status")
        self.back_button = button(_("Take back"), "Assistant_take_back")
        self.send_button = button(_("Send for approval"), "Assistant_send", "primary")
        self.approve_button = button(_("Approve"), "Assistant_approve", "primary")
        self.issue_button = button(_("Issue and seal"), "Assistant_issue", "primary")
        self.export_button = button(_("Save a copy…"), "Assistant_export")
        self.recall_button = button(_("Recall…"), "Assistant_recall")
        self.version_button = button(_("New version"), "Assistant_version")
        self._buttons = (
            self.back_button,
            self.version_button,
            self.recall_button,
            self.export_button,
            self.send_button,
            self.approve_button,
            self.issue_button,
        )
        self.bar = MessageBar()
        self.form = forms.document_form(context, self)
        self.said = forms.said_form(self)
        self.review = forms.review_form(self)
        self.sections = SectionsCard(self)
        self.points = PointsCard(self)
        self.register = RegisterCard(self)
        self.preview = Preview(self)
        self._save_pause = QTimer(self)
        self._save_pause.setSingleShot(True)
        self._save_pause.setInterval(_SAVE_AFTER)
        self._assemble()
        self._connect()
        self._show_buttons()

    def _assemble(self) -> None:
        for each in (self.status_pill, *self._buttons):
            self.action_line.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        self.left_side, right_side = Column("Assistant_choices"), Column("Assistant_paper")
        left, right = self.left_side.cards, right_side.cards
        left.addWidget(self.register)
        left.addWidget(self._card(_("For whom, and on what basis"), self.form))
        left.addWidget(self.points)
        left.addWidget(self.sections)
        left.addWidget(self._card(_("Sentences of your own"), self.said))
        left.addWidget(self._card(_("Her own reading"), self.review))
        left.addStretch(1)
        self.sent_back_label = label("", wrap=True, name="Assistant_sent_back")
        self.blocks_label = label("", "secondary", wrap=True, name="Assistant_blocks")
        right.addWidget(self.sent_back_label)
        right.addWidget(self.blocks_label)
        right.addWidget(self.preview)
        right.addStretch(1)
        self.body.addWidget(self.bar)
        self.body.addWidget(SideBySide(self.left_side, right_side), 1)

    def _card(self, title: str, form: QWidget) -> Card:
        card = Card(title)
        card.add(form)
        return card

    def _connect(self) -> None:
        for form in (self.form, self.said, self.review):
            form.edited.connect(self._save_pause.start)
        self.review.edited.connect(self._date_the_reading)
        self.sections.changed.connect(self._save_pause.start)
        self._save_pause.timeout.connect(self._save)
        self.points.kept.connect(self._keep)
        self.points.removed.connect(self._remove)
        self.points.opened_again.connect(self._decide_again)
        self.register.copies_wanted.connect(self._count_copies)
        self.back_button.clicked.connect(self._take_back)
        self.send_button.clicked.connect(self._send)
        self.approve_button.clicked.connect(self._approve)
        self.issue_button.clicked.connect(self._issue)
        self.export_button.clicked.connect(self._export)
        self.recall_button.clicked.connect(self._recall)
        self.version_button.clicked.connect(self._new_version)

    # What the window calls

    def show_record(self, record_id: int, detail: str) -> None:
        """Open the summary of a case, or with the detail 'document' that document."""
        self.bar.clear()
        if detail == "document":
            self._ask(record_id)
        else:
            self._context.tasks.do(
                self, court_summary.start, record_id, then=self._take, failed=self._say
            )

    def refresh(self, changes: Changes) -> None:
        """Read the facts again when one of them changed elsewhere."""
        if self._draft and not self._save_pause.isActive() and changes.touch(*_WATCHED):
            self._ask(self._draft.document.id)

    def leave(self) -> None:
        """Keep what was typed a moment ago before the page is left."""
        if self._save_pause.isActive():
            self._save()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when another page is shown."""
        self.leave()
        super().hideEvent(event)

    # Reading and showing

    def _ask(self, document_id: int) -> None:
        self._context.tasks.do(self, records.log_opening, Document, document_id)
        self._context.tasks.ask(
            self, court_summary.open_draft, document_id, then=self._take, failed=self._say
        )

    def _take(self, draft: Draft) -> None:
        fresh = self._draft is None or self._draft.document.id != draft.document.id
        self._draft, self._choices = draft, draft.choices
        document = draft.document
        self.left_side.hold_still()
        open_to_change = document.status == "draft"
        case_words = " · ".join(value for _label, value in draft.summary.matter)
        self.set_context(f"{documents.neutral_name(document)} · {case_words}")
        status = codelists.label("document_status", document.status)
        if document.recalled:
            self.status_pill.show_as(_("Recalled"), "overdue")
        else:
            self.status_pill.show_as(status, _PILL.get(document.status, "neutral"))
        self.form.set_link_source(
            "consent_id",
            LinkSource(
                partial(court_summary.consent_choices, person_id=document.person_id),
                court_summary.consent_label,
            ),
        )
        if fresh or not open_to_change:
            self.form.set_record(document)
            self.review.set_record(document)
            self.said.set_record(draft.choices.typed)
        for form in (self.form, self.said, self.review):
            form.set_read_only(not open_to_change)
        self.sections.show_sections(
            draft.available, draft.choices.left_out, open_to_change=open_to_change
        )
        self.points.show_points(draft.points, draft.choices, open_to_change=open_to_change)
        self._show_blocks()
        self._show_buttons()
        self._show_register()
        self._context.tasks.ask(
            self, documents.preview, document.id, then=self.preview.show_pages, failed=self._say
        )

    def _show_register(self) -> None:
        document = self._draft.document if self._draft else Document()
        self.register.setVisible(bool(document.fingerprint))
        if document.fingerprint:
            entry, then = documents.register_entry, self.register.show_entry
            self._context.tasks.ask(self, entry, document.id, then=then)

    def _show_blocks(self) -> None:
        draft = self._draft
        wanted = draft is not None and draft.document.status == "draft"
        sentences = [_(sentence) for sentence in draft.blocks] if draft and wanted else []
        told = _("Before it can be sent for approval:") if sentences else ""
        self.blocks_label.setText("\n".join([told, *(f"•  {each}" for each in sentences)]).strip())
        self.blocks_label.setVisible(bool(sentences))
        reason = draft.document.sent_back_reason if draft and wanted else ""
        self.sent_back_label.setText(_("Sent back: {reason}").format(reason=reason))
        self.sent_back_label.setVisible(bool(reason))

    def _show_buttons(self) -> None:
        document = self._draft.document if self._draft else Document()
        actor = self._context.actor
        state = document.status if self._draft else ""
        manager = actor.has_role("manager")
        other = document.prepared_by != actor.staff_id
        second = manager and other
        sealed = bool(document.file_name)
        self.back_button.setVisible(state in ("review", "approved"))
        self.back_button.setText(_("Send back…") if other else _("Take back"))
        self.send_button.setVisible(state == "draft")
        self.send_button.setEnabled(self._draft is not None and not self._draft.blocks)
        self.approve_button.setVisible(state == "review" and second)
        self.issue_button.setVisible(state == "approved")
        self.export_button.setVisible(sealed)
        self.version_button.setVisible(state == "issued")
        self.recall_button.setVisible(sealed and manager and not document.recalled)

    def _say(self, error: BaseException) -> None:
        self.bar.say(sentence_for(error), "error")

    # Saving

    def _date_the_reading(self) -> None:
        """Propose today as the day she read it, when an answer is there and no day."""
        read = self.review.record()
        if read.survivor_review not in ("", "not_yet") and read.survivor_review_on is None:
            editor = self.review.editor("survivor_review_on")
            assert isinstance(editor, DayEditor)
            editor.set_value(clock.today())

    def _edited(self) -> tuple[Document, Choices] | None:
        if self._draft is None or self._draft.document.status != "draft":
            return None
        if not all(map(_is_fine, (self.form, self.said, self.review))):
            return None
        shown, read = self.form.record(), self.review.record()
        document = replace(
            self._draft.document,
            recipient_kind=shown.recipient_kind,
            purpose=shown.purpose,
            recipient_name=shown.recipient_name,
            consent_id=shown.consent_id,
            legal_basis=shown.legal_basis,
            pseudonym_used=shown.pseudonym_used,
            survivor_review=read.survivor_review,
            survivor_review_on=read.survivor_review_on,
            survivor_review_note=read.survivor_review_note,
        )
        choices = replace(
            self._choices, typed=self.said.record(), left_out=self.sections.left_out()
        )
        return document, choices

    def _save(self) -> None:
        self._save_pause.stop()
        edited = self._edited()
        if edited is not None:
            self._save_as(*edited)

    def _save_as(self, document: Document, choices: Choices) -> None:
        self._context.tasks.do(
            self,
            court_summary.save_draft,
            document,
            choices,
            then=self._take,
            failed=self._say,
        )

    def _keep(self, point: Point, reason: str) -> None:
        edited = self._edited()
        if edited is not None:
            document, choices = edited
            self._save_as(document, summary_choices.keep_word(choices, point, reason))

    def _remove(self, point: Point) -> None:
        edited = self._edited()
        if edited is not None:
            document, choices = edited
            self._save_as(document, summary_choices.remove_line(choices, point))

    def _decide_again(self, entry: Settled) -> None:
        edited = self._edited()
        if edited is not None:
            document, choices = edited
            self._save_as(document, summary_choices.decide_again(choices, entry))

    # Acts

    def _act(self, function: object, *args: object, told: str = "", **values: Any) -> None:
        if self._draft is not None:
            self.bar.clear()
            self._context.tasks.do(
                self,
                function,  # type: ignore[arg-type]
                self._draft.document.id,
                *args,
                then=partial(self._acted, told),
                failed=self._say,
                **values,
            )

    def _acted(self, told: str, document: Document) -> None:
        self._ask(document.id)
        if told:
            self.bar.say(told)

    def _send(self) -> None:
        self.leave()
        told = _("Sent. A manager who did not prepare it finds it under Today and Documents.")
        self._act(court_summary.send_for_approval, told=told)

    def _take_back(self) -> None:
        document = self._draft.document if self._draft else Document()
        if document.prepared_by == self._context.actor.staff_id:
            self._act(court_summary.take_back)
            return
        sentence = _("Send this paper back? Whoever prepared it reads why, and hands it in again.")
        prompt = _("What is missing or has to change")
        reason = ReasonDialog.ask(self, sentence, _("Send back"), _("Go back"), prompt=prompt)
        if reason:
            self.bar.clear()
            then, failed = self._sent_back, self._say
            act = court_summary.take_back
            self._context.tasks.do(self, act, document.id, reason, then=then, failed=failed)

    def _sent_back(self, document: Document) -> None:
        self._acted(_("Sent back. Whoever prepared it finds your reason under Today."), document)
        # What was pressed goes: the next Enter must not hand the paper in again.
        self.bar.close_button.setFocus()

    def _approve(self) -> None:
        self._act(court_summary.approve)

    def _issue(self) -> None:
        sentence = _(
            "The paper is sealed with its number. It can be recalled or replaced, not changed."
        )
        answer = CopiesDialog.ask_copies(
            self, sentence, _("Issue and seal"), _("Not yet"), receiver=True
        )
        if answer is not None:
            copies, receiver = answer
            self._act(documents.issue, copies=copies, received_by=receiver)

    def _count_copies(self) -> None:
        sentence = _("How many more copies leave the house?")
        answer = CopiesDialog.ask_copies(self, sentence, _("Count them"), _("None"), receiver=False)
        if answer is not None:
            self._act(documents.add_copies, answer[0])

    def _new_version(self) -> None:
        self._act(documents.new_version)

    def _recall(self) -> None:
        sentence = _("Recall this paper? Whoever holds a copy has to be told.")
        reason = ReasonDialog.ask(self, sentence, _("Recall it"), _("Leave it out there"))
        if reason:
            self._act(documents.recall, reason)

    def _export(self) -> None:
        sentence = _("A copy leaves the vault. For whom is it, and why?")
        reason = ReasonDialog.ask(self, sentence, _("Choose a folder"), _("Go back"))
        if not reason or self._draft is None:
            return
        folder = choose_folder(self)
        if folder is not None:
            self.export_to(folder, reason)

    def export_to(self, folder: Path, reason: str) -> None:
        """Save the sealed PDF and the editable twin to a folder, under the neutral number."""
        said = _("Saved as {file}, and beside it a copy that can be edited.")
        if self._draft is not None:
            self._context.tasks.do(
                self,
                documents.export,
                self._draft.document.id,
                folder,
                reason,
                then=lambda path: self.bar.say(said.format(file=named(path))),
                failed=self._say,
            )


def _is_fine(form: Any) -> bool:
    """Show what is wrong beside the fields; the keyboard stays where people are typing."""
    problems = form.all_problems()
    form.show_problems(problems)
    return not problems
