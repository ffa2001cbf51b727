"""The page of the audit trail: filters, pages of entries, one entry opened, and the check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.i18n import _, ngettext
from shelter_app.services import audit_heads, audit_trail, audit_values
from shelter_app.services.audit_heads import Check
from shelter_app.services.audit_trail import Cursor, Line, TrailPage
from shelter_app.services.changes import Changes
from shelter_app.services.work import Work
from ui.features.audit.entry_card import EntryCard
from ui.features.audit.filters import TrailFilters
from ui.features.audit.words_dialog import WordsDialog
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_moment
from ui.kit.dialog import ReasonDialog
from ui.kit.folders import choose_folder, named
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.record_table import Column, RecordTable, Row, TableFilter


def page(context: Context) -> QWidget:
    """Return the audit page."""
    return AuditPage(context)


class AuditPage(Page):
    """Entries page by page, newest first; one opened at the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Audit trail"),
            _("Every entry is signed and chained to the one before; none can be changed."),
            parent=context.place,
        )
        self.setObjectName("AuditPage")
        self._context = context
        self._begins: list[Cursor] = [Cursor()]
        self._shown = TrailPage((), None)
        self._asked = 0
        self._sheet: ProgressSheet | None = None
        self.words_button = self.add_action(button(_("Check words…"), "AuditPage_words"))
        self.save_button = self.add_action(button(_("Save as a list…"), "AuditPage_save"))
        self.verify_button = self.add_action(button(_("Check the chain"), "AuditPage_verify"))
        self.bar = MessageBar()
        with_persons = "house" in context.actor.compartments
        self.filters = TrailFilters(with_persons=with_persons)
        self.table = RecordTable(_columns(), context.tasks, given_ids, trail_rows)
        self.table.setObjectName("AuditPage_table")
        self.table.setAccessibleName(_("Entries"))
        self.table.set_empty(_("Nothing was recorded that fits. Try fewer filters."))
        self.entry_card = EntryCard()
        self.newer_button = button(_("Newer"), "AuditPage_newer")
        self.older_button = button(_("Older"), "AuditPage_older")
        self.count_label = label("", "secondary", name="AuditPage_count")
        self._lay_out()
        self._connect()
        context.tasks.ask(self, audit_trail.people, then=self.filters.offer_people)
        context.tasks.ask(self, audit_trail.tables, then=self.filters.offer_tables)
        self.start_over()

    def _lay_out(self) -> None:
        pager = QHBoxLayout()
        pager.addWidget(self.newer_button)
        pager.addWidget(self.older_button)
        pager.addWidget(self.count_label, 1)
        card = Card()
        card.add(self.filters)
        card.add(self.table, 1)
        card.body.addLayout(pager)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(card, 5)
        both.addWidget(self.entry_card, 2)
        column = QVBoxLayout()
        column.addWidget(self.bar)
        column.addLayout(both, 1)
        self.body.addLayout(column, 1)

    def _connect(self) -> None:
        self.filters.changed.connect(self.start_over)
        self.newer_button.clicked.connect(self._newer)
        self.older_button.clicked.connect(self._older)
        self.table.selected.connect(self._open_entry)
        self.table.chosen.connect(self._open_record)
        self.entry_card.open_asked.connect(self._context.go)
        self.verify_button.clicked.connect(self.verify)
        self.words_button.clicked.connect(self._show_words)
        self.save_button.clicked.connect(self._ask_why)

    def refresh(self, changes: Changes) -> None:
        """Show what has just been added, unless somebody is reading further back."""
        if len(self._begins) == 1:
            self._ask_page()

    def start_over(self) -> None:
        """Show the newest entries that fit the filters."""
        self._begins = [Cursor()]
        self.entry_card.clear()
        self._ask_page()

    def _ask_page(self) -> None:
        self._asked += 1
        asked, wanted = self._asked, self.filters.wanted()
        tasks = self._context.tasks
        tasks.ask(
            self,
            audit_trail.page,
            wanted,
            self._begins[-1],
            then=lambda found: self._show_page(asked, found),
        )
        tasks.ask(
            self, audit_trail.count, wanted, then=lambda total: self._show_count(asked, total)
        )

    def _show_page(self, asked: int, found: TrailPage) -> None:
        if asked != self._asked:
            return
        self._shown = found
        self.table.set_filter(TableFilter(more={"ids": found.ids}))
        self.newer_button.setEnabled(len(self._begins) > 1)
        self.older_button.setEnabled(found.further is not None)

    def _show_count(self, asked: int, total: int) -> None:
        if asked != self._asked:
            return
        if not total:
            self.count_label.setText("")
            return
        first = (len(self._begins) - 1) * audit_trail.PAGE + 1
        last = min(first + audit_trail.PAGE - 1, total)
        words = ngettext(
            "Entry {first} to {last} of {total}", "Entries {first} to {last} of {total}", total
        )
        self.count_label.setText(
            words.format(first=f"{first:,}", last=f"{last:,}", total=f"{total:,}")
        )

    def _older(self) -> None:
        if self._shown.further is not None:
            self._begins.append(self._shown.further)
            self._ask_page()

    def _newer(self) -> None:
        if len(self._begins) > 1:
            self._begins.pop()
            self._ask_page()

    def _open_entry(self, number: int) -> None:
        if not number:
            self.entry_card.clear()
            return
        self._context.tasks.ask(
            self, audit_values.open_entry, number, then=self.entry_card.show_entry
        )

    def _open_record(self, _number: int) -> None:
        if self.entry_card.open_button.isVisible():
            self.entry_card.open_button.click()

    def _show_words(self) -> None:
        dialog = WordsDialog(self, self._context)
        dialog.show_once()

    def _ask_why(self) -> None:
        dialog = ReasonDialog(
            self,
            _("The entries that fit the filters are written to a file, without what they say."),
            _("Choose the folder…"),
            _("Go back"),
            prompt=_("Why is the list needed?"),
        )
        dialog.setObjectName("AuditPage_reason")
        dialog.accepted.connect(lambda: self._choose_folder(dialog.reason()))
        dialog.show_once()

    def _choose_folder(self, reason: str) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.save_to(folder, reason)

    def save_to(self, folder: Path, reason: str) -> None:
        """Write what fits the filters into a folder."""
        self._context.tasks.do(
            self,
            audit_trail.export_csv,
            self.filters.wanted(),
            folder,
            reason,
            then=lambda path: self.bar.say(_("Saved as {file}.").format(file=named(path))),
            failed=self.bar.explain,
        )

    def verify(self) -> None:
        """Check the chain in parts, so that everything else goes on and it can be called off."""
        self.verify_button.setEnabled(False)
        self.bar.clear()
        self._sheet = ProgressSheet(self, _("Checking every entry…"))
        self._sheet.cancelled.connect(self._end_check)
        tasks = self._context.tasks
        tasks.ask(self, audit_heads.begin_check, then=self._checked, failed=self._not_checked)

    def _checked(self, check: Check) -> None:
        if self._sheet is None:
            self.bar.say(_("The check was stopped before its end."))
            return
        if check.done:
            self._end_check()
            self._say_result(check)
            return
        done = ngettext("{done} of {rows} entry", "{done} of {rows} entries", check.rows)
        words = done.format(done=f"{check.checked:,}", rows=f"{check.rows:,}")
        self._sheet.set_progress(check.checked, check.rows, words)
        tasks = self._context.tasks
        tasks.ask(self, audit_heads.go_on, check, then=self._checked, failed=self._not_checked)

    def _end_check(self) -> None:
        self.verify_button.setEnabled(True)
        if self._sheet is not None:
            self._sheet.finish()
            self._sheet = None
            self.verify_button.setFocus()

    def _not_checked(self, _error: BaseException) -> None:
        self._end_check()
        self.bar.say(_("The chain could not be read. Please tell the manager."), "error")

    def _say_result(self, check: Check) -> None:
        if check.faults:
            links = "; ".join(fault.sentence() for fault in check.faults)
            self.bar.say(
                _(
                    "The chain is broken: {links}. Something changed the files outside this "
                    "program. Please keep the computer as it is and call the manager."
                ).format(links=links),
                "error",
            )
            return
        self.bar.say(
            ngettext(
                "The chain holds: {count} entry is signed and in order.",
                "The chain holds: {count} entries are signed and in order.",
                check.rows,
            ).format(count=f"{check.rows:,}")
        )


def _columns() -> tuple[Column, ...]:
    return (
        Column("at", _("When"), 142, sortable=False),
        Column("who", _("Who"), 98, sortable=False),
        Column("action", _("What"), 164, sortable=False),
        Column("title", _("Record"), 116, sortable=False),
        Column("about", _("About"), 88, sortable=False),
        Column("fields", _("Fields or reason"), sortable=False),
    )


def given_ids(_work: Work, wanted: TableFilter) -> Sequence[int]:
    """Return the ids of the page that was asked for before."""
    return tuple(wanted.more.get("ids", ()))


def trail_rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    """Return entries as rows."""
    return [_row(line) for line in audit_trail.lines(work, ids)]


def _row(line: Line) -> Row:
    what = line.note or ", ".join(_(each) for each in line.fields)
    at = show_moment(line.at)
    if line.clock_back:
        at = _("{when} (clock was set back)").format(when=at)
    cells = (at, line.who, _(line.action), _(line.title), line.about, what)
    return Row(line.id, cells, {"action": "overdue"} if line.break_glass else {})
