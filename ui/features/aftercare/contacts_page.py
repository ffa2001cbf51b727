"""The list of aftercare contacts: whose turn it is, and the person behind each line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from shelter_app.domain import codelists
from shelter_app.domain.aftercare import FollowupContact
from shelter_app.i18n import N_, _
from shelter_app.services import aftercare
from shelter_app.services.aftercare import ContactRow
from shelter_app.services.changes import Changes
from shelter_app.services.work import Work
from ui.features.aftercare.person_view import TABLES, PersonView
from ui.features.aftercare.wording import milestone_words, standing_words
from ui.kit.button import toggle
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.filter_chips import Chip, FilterChips
from ui.kit.page import Card, Page
from ui.kit.record_table import Column, RecordTable, Row, TableFilter
from ui.kit.side_editor import SideEditor

_CHIPS: Final = (
    ("due", N_("Due now")),
    ("late", N_("Late")),
    ("coming", N_("Coming")),
    ("done", N_("Done")),
)
_NOTHING: Final = {
    "due": N_("Nobody is due today. Contacts show here when their time has come."),
    "late": N_("Nothing is late."),
    "coming": N_("No contact is planned. When somebody leaves, two years of contacts are."),
    "done": N_("No contact was made in the last 90 days."),
}


def page(context: Context) -> QWidget:
    """Return the page of aftercare."""
    return AftercarePage(context)


class AftercarePage(Page):
    """Contacts by standing; a line opens the person, the safe-contact card first."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Aftercare"),
            _("Read the safe-contact card before every contact."),
            parent or context.place,
        )
        self.setObjectName("AftercarePage")
        self._context = context
        self._view: PersonView | None = None
        self._person_id = 0
        self.chips = FilterChips(
            [Chip(key, _(words), on=key == "due") for key, words in _CHIPS],
            exclusive=True,
            searchable=False,
        )
        self.mine_toggle = toggle(_("Mine"), "AftercarePage_mine")
        self.table = RecordTable(_columns(), context.tasks, _ids, _rows)
        self.table.setObjectName("AftercarePage_table")
        self.editor = SideEditor(self)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.chips, 1)
        line.addWidget(self.mine_toggle)
        card = Card()
        card.body.addLayout(line)
        card.add(self.table, 1)
        self.body.addWidget(card, 1)
        self.chips.changed.connect(self.reload)
        self.mine_toggle.toggled.connect(self.reload)
        self.table.chosen.connect(self._open_contact)
        self.table.clicked.connect(lambda _index: self._open_contact(self.table.current_id()))
        self.editor.closed.connect(self._forget_person)
        self.reload()

    def refresh(self, changes: Changes) -> None:
        """Ask again when a contact or a card was written."""
        if changes.touch(*TABLES):
            self.reload()
            if self._view is not None and self.editor.form() is None:
                self._view.reload()

    def show_record(self, record_id: int, detail: str) -> None:
        """Open a person, or with the detail 'draft' the contact a draft was written for."""
        if detail == "draft":
            self._context.tasks.ask(
                self, aftercare.draft_owner, record_id, then=lambda found: self._open(*found)
            )
        elif record_id:
            contact_id = int(detail) if detail.isdecimal() else -1
            self._open(record_id, contact_id)

    def reload(self) -> None:
        """Ask for the list and the numbers on the chips."""
        chosen = self.chips.chosen() or ("due",)
        mine = self.mine_toggle.isChecked()
        self.table.set_empty(_(_NOTHING[chosen[0]]))
        self.table.set_filter(TableFilter(chips=chosen, more={"mine": mine}))
        self._context.tasks.ask(self, aftercare.chip_counts, mine=mine, then=self._show_counts)

    def _show_counts(self, counts: dict[str, int]) -> None:
        for key, words in _CHIPS:
            made = self.chips.findChild(QPushButton, f"chip_{key}")
            if made is not None:
                count = counts.get(key, 0)
                made.setText(_("{words} {count}").format(words=_(words), count=count))

    def _open_contact(self, contact_id: int) -> None:
        if contact_id:
            self._context.tasks.ask(
                self,
                aftercare.draft_owner,
                contact_id,
                then=lambda found: self._open(found[0], chosen=contact_id),
            )

    def _open(self, person_id: int, contact_id: int = -1, *, chosen: int = 0) -> None:
        if self._view is None or self._person_id != person_id or self.editor.form() is not None:
            view = PersonView(
                self._context, person_id, lambda: self.editor, partial(self._settled, person_id)
            )
            self._context.tasks.ask(self, _title, person_id, then=self.editor.title_label.setText)
            self.editor.show_content("", view)
            self._view, self._person_id = view, person_id
        self._view.choose(chosen)
        if contact_id >= 0:
            self._view.record(contact_id)

    def _settled(self, person_id: int, saved: object) -> None:
        """Go back from a form to the person; a contact that is new shows in the list behind."""
        self._open(person_id)
        if isinstance(saved, FollowupContact):
            self.table.expect(saved.id)

    def _forget_person(self) -> None:
        self._view, self._person_id = None, 0


def _columns() -> tuple[Column, ...]:
    return (
        Column("person", _("Person"), sortable=False),
        Column("milestone", _("Contact"), 120, sortable=False),
        Column("how", _("How"), 150, sortable=False),
        Column("due", _("Due"), 120, sortable=False),
        Column("standing", _("Standing"), 190, sortable=False),
        Column("attempts", _("Attempts"), 80, "right", sortable=False),
        Column("worker", _("Worker"), 130, sortable=False),
    )


def _ids(work: Work, wanted: TableFilter) -> Sequence[int]:
    chip = wanted.chips[0] if wanted.chips else "due"
    return aftercare.contact_ids(work, chip, mine=bool(wanted.more.get("mine")))


def _rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    return [_row(found) for found in aftercare.contact_rows(work, tuple(ids))]


def _row(found: ContactRow) -> Row:
    words, role = standing_words(found.standing, found.days, found.result)
    cells = (
        _("“{name}” {code}").format(name=found.name, code=found.code),
        milestone_words(found.milestone),
        codelists.label("followup_type", found.type),
        show_day(found.due_on),
        words,
        str(found.attempts) if found.attempts else "",
        found.worker,
    )
    return Row(found.contact_id, cells, {"standing": role, "person": "strong"})


def _title(work: Work, person_id: int) -> str:
    seen: Any = aftercare.person_aftercare(work, person_id).person
    return str(seen.headline())
