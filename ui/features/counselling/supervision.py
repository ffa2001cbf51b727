"""What a clinical supervisor sees: notes by the signs of the client, without names or times."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.domain import codelists
from shelter_app.i18n import _
from shelter_app.services import counselling_notes
from shelter_app.services.counselling_notes import NoteView, SupervisedNote
from shelter_app.services.work import Work
from ui.features.counselling import wording
from ui.kit import day_text
from ui.kit.button import label
from ui.kit.card import Card, KeyValueList
from ui.kit.context import Context
from ui.kit.page import Page
from ui.kit.record_table import Column, RecordTable, Row, TableFilter
from ui.kit.side_editor import SideEditor


class SupervisionPage(Page):
    """The latest notes; opening one is written down and shows it to read."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Supervision"),
            _("Notes without names: counsellor and supervisor know a client by four signs."),
            parent=context.place,
        )
        self.setObjectName("SupervisionPage")
        self._context = context
        self.table = RecordTable(_columns(), context.tasks, _ids, _rows)
        self.table.setObjectName("SupervisionPage_table")
        self.table.setAccessibleName(_("Notes"))
        self.table.set_empty(_("No note has been written yet."))
        self.editor = SideEditor(self)
        card = Card()
        card.add(self.table, 1)
        self.body.addWidget(card, 1)
        self.table.chosen.connect(self.open_note)
        self.table.reload()

    def open_note(self, note_id: int) -> None:
        """Show a note to read; that it was opened stands in the audit."""
        self._context.tasks.do(self, counselling_notes.open_note, note_id, then=self._show)

    def _show(self, view: NoteView) -> None:
        self.editor.show_content(_("Note by {name}").format(name=view.author), _reading(view))


def _reading(view: NoteView) -> QWidget:
    note = view.note
    facts = KeyValueList()
    facts.add(_("Written"), day_text.show_moment(note.written_at, weekday=True))
    signed = day_text.show_moment(note.locked_at) if note.locked_at else _("not signed yet")
    facts.add(_("Signed"), signed)
    facts.add(_("Approach"), codelists.label("counselling_approach", note.approach))
    facts.add(_("Themes"), codelists.labels("session_theme", note.themes))
    facts.add(_("Risk today"), codelists.labels("session_risk", note.risk_noted))
    facts.add(_("Next step"), note.plan_next)
    holder = QWidget()
    whole = QVBoxLayout(holder)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(12)
    whole.addWidget(facts)
    words = note.content or _("Nothing is written in this note.")
    whole.addWidget(label(words, wrap=True, name="SupervisionPage_note", selectable=True))
    for added in wording.addenda_of(view):
        whole.addWidget(label(added, wrap=True, selectable=True))
    whole.addStretch(1)
    return holder


def _columns() -> tuple[Column, ...]:
    return (
        Column("written", _("Written"), 150, sortable=False),
        Column("client", _("Client"), 90, sortable=False),
        Column("author", _("Written by"), 150, sortable=False),
        Column("approach", _("Approach"), 170, sortable=False),
        Column("themes", _("Themes"), sortable=False),
        Column("risk", _("Risk"), 130, sortable=False),
        Column("signed", _("Signed"), 110, sortable=False),
    )


def _ids(work: Work, _wanted: TableFilter) -> Sequence[int]:
    return [found.note.id for found in counselling_notes.notes_to_supervise(work)]


def _rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    known = {found.note.id: found for found in counselling_notes.notes_to_supervise(work)}
    return [_row(known[key]) for key in ids if key in known]


def _row(found: SupervisedNote) -> Row:
    note = found.note
    roles = {"client": "counselling"}
    if note.names_risk():
        roles["risk"] = "overdue"
    cells = (
        day_text.show_moment(note.written_at, year=False),
        found.client,
        found.author,
        codelists.label("counselling_approach", note.approach),
        codelists.labels("session_theme", note.themes),
        codelists.labels("session_risk", note.risk_noted),
        day_text.show_day(note.locked_at.date(), year=False) if note.locked_at else _("not yet"),
    )
    return Row(note.id, cells, roles)
