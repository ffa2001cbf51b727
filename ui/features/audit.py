"""The audit trail: who did what and when, fields by name but never values, and its check."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from shelter_app.i18n import _, ngettext
from shelter_app.services import audit_trail
from shelter_app.services.audit_trail import Filter, Line, Verdict
from shelter_app.services.changes import Changes
from shelter_app.services.work import Work
from ui.kit.button import button
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_moment
from ui.kit.filter_chips import Chip, FilterChips
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page
from ui.kit.record_table import Column, RecordTable, Row, TableFilter


def page(context: Context) -> QWidget:
    """Return the audit page."""
    return AuditPage(context)


class AuditPage(Page):
    """A list with three ways to narrow it, and a button that checks the chain."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Audit trail"),
            _("Every entry is signed and chained to the one before; none can be changed."),
        )
        self.setObjectName("AuditPage")
        self._context = context
        self.verify_button = self.add_action(button(_("Check the chain"), "AuditPage_verify"))
        self.bar = MessageBar()
        self.chips = FilterChips(
            (
                Chip("today", _("Today")),
                Chip("week", _("Seven days")),
                Chip("break_glass", _("Identities shown")),
            ),
            searchable=False,
        )
        self.who_box = QComboBox()
        self.who_box.setObjectName("AuditPage_who")
        self.who_box.setAccessibleName(_("Whose entries"))
        self.who_box.addItem(_("Everybody"), 0)
        self.table = RecordTable(
            (
                Column("at", _("When"), 150, sortable=False),
                Column("who", _("Who"), 140, sortable=False),
                Column("action", _("What"), 160, sortable=False),
                Column("title", _("Record"), 190, sortable=False),
                Column("about", _("About"), 80, sortable=False),
                Column("fields", _("Fields or reason"), sortable=False),
            ),
            context.tasks,
            trail_ids,
            trail_rows,
        )
        self.table.setObjectName("AuditPage_table")
        self.table.set_empty(_("Nothing was recorded that fits. Try fewer filters."))
        line = QHBoxLayout()
        line.addWidget(self.who_box)
        line.addWidget(self.chips, 1)
        card = Card()
        card.body.addLayout(line)
        card.add(self.table, 1)
        self.body.addWidget(self.bar)
        self.body.addWidget(card, 1)
        self.verify_button.clicked.connect(self._verify)
        self.who_box.currentIndexChanged.connect(self._narrow)
        self.chips.changed.connect(self._narrow)
        self.table.loaded.connect(self._count)
        context.tasks.ask(self, audit_trail.people, then=self._offer_people)
        self._narrow()

    def refresh(self, changes: Changes) -> None:
        """Show what has just been added."""
        self.table.reload()

    def _offer_people(self, people: Sequence[tuple[int, str]]) -> None:
        for staff_id, alias in people:
            self.who_box.addItem(alias, staff_id)

    def _narrow(self) -> None:
        more = {"staff_id": int(self.who_box.currentData() or 0)}
        self.table.set_filter(TableFilter(chips=self.chips.chosen(), more=more))

    def _count(self, count: int) -> None:
        words = ngettext("{count} entry", "{count} entries", count)
        self.chips.count_label.setText(words.format(count=count))

    def _verify(self) -> None:
        self.verify_button.setEnabled(False)
        self._context.tasks.ask(
            self, audit_trail.verify, then=self._say_verdicts, failed=self._not_checked
        )

    def _not_checked(self, _error: BaseException) -> None:
        self.verify_button.setEnabled(True)
        self.bar.say(_("The chain could not be read. Please tell the manager."), "error")

    def _say_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        self.verify_button.setEnabled(True)
        broken = [verdict for verdict in verdicts if verdict.broken_at is not None]
        if broken:
            links = ", ".join(f"{v.compartment} {v.broken_at}" for v in broken)
            self.bar.say(
                _(
                    "The chain is broken at entry: {links}. Something changed the files outside "
                    "this program. Please keep the computer as it is and call the manager."
                ).format(links=links),
                "error",
            )
            return
        rows = sum(verdict.rows for verdict in verdicts)
        self.bar.say(
            ngettext(
                "The chain holds: {count} entry is signed and in order.",
                "The chain holds: {count} entries are signed and in order.",
                rows,
            ).format(count=rows)
        )


def trail_ids(work: Work, wanted: TableFilter) -> Sequence[int]:
    """Return the ids of the entries the page asks for."""
    days = 1 if "today" in wanted.chips else 7 if "week" in wanted.chips else 0
    asked = Filter(
        staff_id=int(wanted.more.get("staff_id", 0)),
        break_glass="break_glass" in wanted.chips,
        days=days,
    )
    return audit_trail.newest(work, asked)


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
