"""Documents by number: drafts, those that wait for a second person, issued and recalled ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.domain import codelists
from shelter_app.i18n import N_, _, ngettext
from shelter_app.services import documents
from shelter_app.services.changes import Changes
from shelter_app.services.documents import Listed
from shelter_app.services.work import Work
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.filter_chips import Chip, FilterChips
from ui.kit.page import Page
from ui.kit.record_table import Column, RecordTable, Row, TableFilter

_CHIPS: Final = (
    ("drafts", N_("Drafts")),
    ("waiting", N_("Waiting for approval")),
    ("approved", N_("Approved, not issued")),
    ("issued", N_("Issued")),
    ("recalled", N_("Recalled")),
)
_EMPTY: Final = {
    "drafts": N_("No drafts. A court-support summary is prepared from the page of a case."),
    "waiting": N_("Nothing waits for approval."),
    "approved": N_("Nothing waits to be issued."),
    "issued": N_("Nothing has been issued yet."),
    "recalled": N_("Nothing has been recalled."),
}
_ROLES: Final = {"draft": "soon", "review": "court", "approved": "good", "issued": "good"}


def page(context: Context) -> QWidget:
    """Return the register."""
    return Register(context)


def resident_tab(context: Context, person_id: int) -> QWidget:
    """Return one person's documents."""
    return PersonDocuments(context, person_id)


def wanted_ids(work: Work, wanted: TableFilter) -> Sequence[int]:
    """Return the documents behind the chip that is on."""
    return documents.ids(work, wanted.chips[0] if wanted.chips else "waiting", wanted.text)


def shown_rows(work: Work, ids: Sequence[int]) -> list[Row]:
    """Return lines of the register as the table shows them."""
    return [_row(line) for line in documents.listed(work, list(ids))]


def ids_of_person(work: Work, _wanted: TableFilter, *, person_id: int) -> Sequence[int]:
    """Return a person's documents, newest first."""
    return [line.entry.id for line in documents.listed_of(work, person_id)]


def _row(line: Listed) -> Row:
    entry = line.entry
    status = codelists.label("document_status", entry.status)
    roles = {"number": "strong", "status": _ROLES.get(entry.status, "neutral")}
    if entry.recalled:
        status, roles["status"] = _("Recalled"), "overdue"
    cells = (
        f"{entry.doc_no}-v{entry.version}",
        codelists.label("document_type", entry.type),
        line.person,
        codelists.label("recipient_kind", entry.recipient_kind),
        status,
        show_day(entry.issued_on),
        str(entry.copies or ""),
        line.prepared_by,
    )
    return Row(entry.id, cells, roles)


def _columns(*, with_person: bool) -> tuple[Column, ...]:
    person = Column("person", _("Survivor"), 150 if with_person else 1, sortable=False)
    return (
        Column("number", _("Number"), 150, sortable=False),
        Column("type", _("Kind"), 0, sortable=False),
        person,
        Column("recipient", _("For"), 150, sortable=False),
        Column("status", _("Status"), 170, sortable=False),
        Column("issued", _("Issued"), 110, sortable=False),
        Column("copies", _("Copies"), 66, "right", sortable=False),
        Column("prepared", _("Prepared by"), 130, sortable=False),
    )


class Register(Page):
    """The whole register; Enter or a double click opens a document."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Documents"),
            _("What leaves the house is numbered, approved by two, and sealed."),
            parent=context.place,
        )
        self.setObjectName("Register")
        self._context = context
        first = "waiting" if context.actor.has_role("manager") else "drafts"
        self.chips = FilterChips(
            [Chip(key, _(text), on=key == first) for key, text in _CHIPS],
            _("Number, working name or code"),
            exclusive=True,
        )
        self.table = RecordTable(_columns(with_person=True), context.tasks, wanted_ids, shown_rows)
        self.table.setObjectName("Register_table")
        self.table.setAccessibleName(_("Documents"))
        self._empty = self.table.set_empty(_(_EMPTY[first]))
        self.body.addWidget(self.chips)
        self.body.addWidget(self.table, 1)
        self.chips.changed.connect(self._explain)
        self.table.bind(self.chips)
        self.setFocusProxy(self.chips.search_box)
        self.table.chosen.connect(self._open)
        self.table.loaded.connect(self._count)
        self.table.reload()

    def refresh(self, changes: Changes) -> None:
        """Ask again when a document changed."""
        if changes.touch("document"):
            self.table.reload()

    def show_record(self, record_id: int, detail: str) -> None:
        """Open a document, or show the chip named by the detail."""
        if record_id:
            self._open(record_id)
        elif detail in dict(_CHIPS):
            self.chips.set_chosen([detail])
            self.table.reload()

    def _explain(self) -> None:
        chosen = self.chips.chosen()
        self._empty.set_sentence(_(_EMPTY[chosen[0] if chosen else "waiting"]))

    def _count(self, count: int) -> None:
        self.set_context(
            ngettext("{count} document", "{count} documents", count).format(count=count)
        )

    def _open(self, document_id: int) -> None:
        self._context.go("summary", document_id, "document")


class PersonDocuments(QWidget):
    """The documents of one person, newest first."""

    def __init__(self, context: Context, person_id: int) -> None:
        super().__init__()
        self.setObjectName("PersonDocuments")
        self._context = context
        self.table = RecordTable(
            _columns(with_person=False),
            context.tasks,
            partial(ids_of_person, person_id=person_id),
            shown_rows,
        )
        self.table.setObjectName("PersonDocuments_table")
        self.table.setAccessibleName(_("Documents"))
        self.table.setColumnHidden(2, True)
        self.table.set_empty(
            _("No documents yet. A court-support summary is prepared from the page of a case.")
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.table)
        self.table.chosen.connect(partial(self._open))
        self.table.reload()

    def refresh(self, changes: Changes) -> None:
        """Ask again when a document changed."""
        if changes.touch("document"):
            self.table.reload()

    def _open(self, document_id: int) -> None:
        self._context.go("summary", document_id, "document")
