"""The directory: whom we refer to and hear from, with the hours and the phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from shelter_app.domain import access, codelists
from shelter_app.domain.access import Action
from shelter_app.domain.partner import Partner
from shelter_app.i18n import _, ngettext
from shelter_app.services import directory
from shelter_app.services.changes import Changes
from shelter_app.services.directory import PartnerCard
from shelter_app.services.work import Work
from ui.kit.button import button
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.filter_chips import FilterChips
from ui.kit.page import Page
from ui.kit.record_form import RecordForm
from ui.kit.record_table import Column, RecordTable, Row, TableFilter
from ui.kit.side_editor import SideEditor

FORM_KEY: Final = "partner"


def page(context: Context) -> QWidget:
    """Return the directory."""
    return DirectoryPage(context)


def _ids(work: Work, wanted: TableFilter) -> Sequence[int]:
    return directory.partner_ids(work, wanted.text)


def _rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    return [_row(partner) for partner in directory.partners(work, ids)]


def _row(partner: Partner) -> Row:
    county = codelists.label("kenya_county", partner.county) if partner.county else ""
    state = "" if partner.active else _("not any more")
    cells = (partner.name, directory.kind_words(partner), county, partner.phone, state)
    return Row(partner.id, cells, {"name": "strong", "state": "neutral"})


class DirectoryPage(Page):
    """All partners by name; Enter opens one at the side."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Directory"), parent=context.place)
        self.setObjectName("DirectoryPage")
        self._context = context
        self.new_button = button(_("New partner"), "DirectoryPage_new", "primary")
        self.chips = FilterChips((), _("Name or phone"))
        columns = (
            Column("name", _("Name"), 0, sortable=False),
            Column("type", _("Kind"), 240, sortable=False),
            Column("county", _("County"), 140, sortable=False),
            Column("phone", _("Phone"), 150, sortable=False),
            Column("state", _("We work with them"), 150, sortable=False),
        )
        self.table = RecordTable(columns, context.tasks, _ids, _rows)
        self.table.setObjectName("DirectoryPage_table")
        self.table.setAccessibleName(_("Directory"))
        may_write = access.may(context.actor, Action.WRITE, Partner)
        sentence = _("No partner yet: hospitals, lawyers, police desks, schools, other shelters.")
        empty = self.table.set_empty(sentence, _("New partner") if may_write else "")
        self.table.bind(self.chips)
        self.setFocusProxy(self.chips.search_box)
        self.side_editor = SideEditor(self)
        card = Card()
        card.add(self.chips)
        card.add(self.table, 1)
        self.body.addWidget(card, 1)
        self.add_action(self.new_button)
        self.new_button.setVisible(may_write)
        self.new_button.clicked.connect(lambda: self._open(0))
        empty.acted.connect(lambda: self._open(0))
        self.table.chosen.connect(self._open)
        self.table.loaded.connect(self._count)
        self.table.reload()

    def refresh(self, changes: Changes) -> None:
        """Ask again when a partner changed."""
        if changes.touch(Partner.table):
            self.table.reload()

    def show_record(self, record_id: int, detail: str) -> None:
        """Open a partner, or an empty one."""
        self._open(record_id)

    def leave(self) -> None:
        """Keep what was typed when another page is shown."""
        self.side_editor.keep_now()

    def _count(self, count: int) -> None:
        told = ngettext("{count} partner", "{count} partners", count)
        self.set_context(told.format(count=count))

    def _open(self, partner_id: int) -> None:
        self._context.tasks.ask(self, directory.card, partner_id, then=self._show)

    def _show(self, card: PartnerCard) -> None:
        form = RecordForm(Partner, self._context.tasks, readable=card.readable)
        form.row("name")
        form.row("type")
        form.row("county", "phone")
        form.row("hours")
        form.row("contact_name", "contact_phone")
        form.row("services")
        form.row("agreement", "agreement_until")
        form.row("safe_for")
        form.row("service_users_note")
        form.row("active")
        form.finish()
        form.set_record(card.partner)
        title = card.partner.name or _("New partner")
        if not card.may_write:
            form.set_read_only(True)
            self.side_editor.show_content(title, form)
            return
        keeper = self._context.draft_keeper(FORM_KEY, Partner, card.partner.id)
        self.side_editor.edit(title, form, self._save, keeper)

    def _save(self, partner: Partner) -> None:
        self._context.tasks.do(
            self.side_editor,
            directory.save,
            partner,
            then=self._saved,
            failed=self.side_editor.failed,
            undo_label=_("Partner saved"),
        )

    def _saved(self, partner: Partner) -> None:
        self.side_editor.saved(partner)
        self.side_editor.close_editor()
        if partner.revision == 1:
            self.chips.clear_text()  # the new one is to be seen, whatever was looked for before
        self.table.expect(partner.id)
