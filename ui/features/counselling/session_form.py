"""The form of one session: attendance for the house, the note for its counsellor only."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from shelter_app.domain import access
from shelter_app.domain.counselling import PLANNED, CounsellingNote, CounsellingSession
from shelter_app.errors import Problem
from shelter_app.i18n import _
from shelter_app.services.counselling_notes import SessionCard
from ui.features.counselling import wording
from ui.kit import layouts, theme
from ui.kit.button import button, label
from ui.kit.context import Context
from ui.kit.editors import Editor
from ui.kit.flow import FlowLayout
from ui.kit.form_row import FieldHolder, FormRow
from ui.kit.record_form import RecordForm


class AttendanceForm(RecordForm[CounsellingSession]):
    """Whether she came and how long it lasted; for those to whom notes are closed."""

    def __init__(self, context: Context, card: SessionCard) -> None:
        fields = access.readable_fields(context.actor, CounsellingSession)
        names = [field.name for field in fields]
        super().__init__(CounsellingSession, context.tasks, readable=names)
        self.card = card
        self.add(label(wording.when_words(card), "mute", wrap=True, name="session_when"))
        self.row("status", "duration_min")
        self.row("room", "modality")
        self.row("safety_flag")
        self.acts = SessionActs()
        self.acts.show_card(card)
        self.add(self.acts)
        self.finish()
        self.set_record(card.session)
        self.set_read_only(not card.may_plan)


class SessionActs(QWidget):
    """What else can be done with a session: another time, its programme, its note."""

    def __init__(self, parts: Sequence[QPushButton] = ()) -> None:
        super().__init__()
        self.setObjectName("session_acts")
        self.move_button = button(_("Another time…"), "session_move", "small")
        self.programme_button = button(_("Programme…"), "session_programme", "small")
        flow = FlowLayout(self, spacing=8)
        for made in (*parts, self.move_button, self.programme_button):
            flow.addWidget(made)

    def show_card(self, card: SessionCard) -> None:
        """Offer what fits the session as it is kept now."""
        self.move_button.setVisible(card.may_plan and card.session.status == PLANNED)
        self.programme_button.setVisible(card.may_plan)


class SessionForm(RecordForm[CounsellingNote]):
    """A session as its counsellor writes it down: attendance for the house, the note closed."""

    def __init__(self, context: Context, card: SessionCard) -> None:
        super().__init__(CounsellingNote, context.tasks)
        self.card = card
        self.attendance = RecordForm(CounsellingSession, context.tasks, parent=self)
        self.attendance.row("status", "duration_min")
        self.attendance.row("safety_flag")
        self.attendance.hide()
        self.when_label = label("", "mute", wrap=True, name="session_when")
        self.add(self.when_label)
        self._attendance_row()
        self.row("content")
        self.editor("content").setMinimumHeight(theme.size(140))
        self.row("risk_noted")
        self._safety_row()
        self.row("plan_next")
        self.row("themes")
        self.addenda = QVBoxLayout()
        self.addenda.setSpacing(6)
        self._below = QWidget()
        self._below.setLayout(self.addenda)
        self.addenda.setContentsMargins(0, 0, 0, 0)
        self.add(self._below)
        self.add(self._foot())
        self.show_card(card)
        self.attendance.edited.connect(self.edited)
        self.edited.connect(self._offer_flag)

    def note(self) -> CounsellingNote | None:
        """Return the note as typed; None when it is not hers to write."""
        return self.record() if self.card.may_write else None

    def show_card(self, card: SessionCard) -> None:
        """Show a session as it is kept now and take it as unmodified."""
        self.card = card
        self.attendance.set_record(card.session)
        self.set_record(card.note.note if card.note else CounsellingNote())
        self.set_read_only(not card.may_write)
        self.when_label.setText(wording.when_words(card))
        self.acts.show_card(card)
        self._offer_flag()
        self._show_foot()

    def is_modified(self) -> bool:
        """Say whether attendance or note differ from what is kept."""
        return super().is_modified() or self.attendance.is_modified()

    def all_problems(self) -> list[Problem]:
        """Return what is wrong in both parts."""
        of_note = super().all_problems() if self.card.may_write else []
        return [*self.attendance.all_problems(), *of_note]

    def show_problems(self, problems: Collection[Problem]) -> list[Problem]:
        """Show sentences beside the fields of either part."""
        left = super().show_problems(problems)
        return self.attendance.show_problems(left)

    def draft(self) -> str:
        """Return both parts as typed; the whole lies in the counselling compartment."""
        return json.dumps({"note": super().draft(), "session": self.attendance.draft()})

    def restore(self, draft: str) -> None:
        """Put a draft of both parts back."""
        kept = json.loads(draft)
        self.attendance.restore(kept["session"])
        if self.card.may_write:
            super().restore(kept["note"])

    def _attendance_row(self) -> None:
        """Put attendance, length and approach on one line, as people fill them in."""
        self.row("approach")
        of_note = _taken_out(self.editor("approach"))
        line = FormRow()
        for editor, room in (
            (self.attendance.editor("status"), 140),
            (self.attendance.editor("duration_min"), 98),
        ):
            line.add(_taken_out(editor), room)
        line.add(of_note, 140)
        for name, form in (("status", self.attendance), ("approach", self)):
            form.editor(name).setMinimumWidth(theme.size(104))
        self.add(line)

    def _safety_row(self) -> None:
        self.flag_holder = _taken_out(self.attendance.editor("safety_flag"))
        self.flag_hint = label(
            _("Case workers see ‘Safety check needed’ on the session, and nothing of the note."),
            "hint",
            wrap=True,
            name="safety_hint",
        )
        self.add(self.flag_holder)
        self.add(self.flag_hint)

    def _offer_flag(self) -> None:
        """Offer the sign for case workers when a risk is named, and keep it in sight once set."""
        shown = self.record().names_risk() or self.attendance.record().safety_flag
        self.flag_holder.setVisible(shown)
        self.flag_hint.setVisible(shown)

    def _foot(self) -> QWidget:
        self.review_button = button(_("Look at what has changed…"), "session_review", "small")
        self.sign_button = button(_("Sign note…"), "session_sign", "small")
        self.add_button = button(_("Add to the note…"), "session_addendum", "small")
        self.state_label = label("", "secondary", wrap=True, name="session_note_state")
        self.acts = SessionActs((self.sign_button, self.add_button, self.review_button))
        foot = QWidget()
        whole = QVBoxLayout(foot)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addWidget(self.state_label)
        whole.addWidget(self.acts)
        return foot

    def _show_foot(self) -> None:
        card = self.card
        self.sign_button.setVisible(card.may_write)
        self.add_button.setVisible(card.is_signed)
        self.review_button.setVisible(card.review_due and card.may_plan)
        self.state_label.setText(wording.note_words(card))
        layouts.clear(self.addenda)
        self._below.setVisible(bool(card.note and card.note.addenda))
        for words in wording.addendum_words(card):
            self.addenda.addWidget(
                label(words, wrap=True, name="session_addendum_text", selectable=True)
            )


def _taken_out(editor: Editor) -> FieldHolder:
    """Return what holds an editor with its label and hint, out of the row it was built in.

    The emptied row goes: it would claim its field back whenever it is folded anew.
    """
    holder = editor.parentWidget()
    assert isinstance(holder, FieldHolder)
    row = holder.parentWidget()
    holder.setParent(None)
    if row is not None:
        row.setParent(None)
        row.deleteLater()
    return holder
