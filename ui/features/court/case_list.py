"""The list of cases: chips for what people look for, a row per case, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from shelter_app.domain import access, legal_stage
from shelter_app.domain.access import Action
from shelter_app.domain.legal import LegalCase
from shelter_app.i18n import N_, _, ngettext
from shelter_app.services import court_pages
from shelter_app.services.changes import Changes
from shelter_app.services.court_pages import CaseRow
from shelter_app.services.work import Work
from ui.features.court.case_view import TABLES
from ui.kit import day_text, theme
from ui.kit.button import button
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.filter_chips import Chip, FilterChips
from ui.kit.page import Page
from ui.kit.record_table import Column, RecordTable, Row, TableFilter

CHIPS: Final = (
    ("open", N_("Open")),
    ("soon", N_("Next 14 days")),
    ("police", N_("Waiting for police")),
    ("concluded", N_("Concluded")),
    ("mine", N_("Mine")),
)
_NEEDS_ROOM: Final = {"lead": 980, "stage": 860, "waited": 720, "survivor": 520}
"""The width of the page from which a column is shown."""
_EMPTY: Final = {
    "open": N_("No open case. A case is opened when something is reported or planned for court."),
    "soon": N_("No court date in the next 14 days."),
    "police": N_("No case waits for the police."),
    "concluded": N_("No case has been concluded yet."),
    "mine": N_("No open case is in your hands."),
}


def wanted_ids(work: Work, wanted: TableFilter) -> Sequence[int]:
    """Return the cases of the chip that is on, narrowed by what was typed."""
    chip = wanted.chips[0] if wanted.chips else "open"
    return court_pages.case_ids(work, chip, wanted.text)


def shown_rows(work: Work, ids: Sequence[int]) -> list[Row]:
    """Return the lines of a page of the list as the table shows them."""
    return [_row(work, line) for line in court_pages.case_rows(work, ids)]


def _row(work: Work, line: CaseRow) -> Row:
    roles: dict[str, str] = {"case": "strong", "stage": "court"}
    date_words = companion = ""
    if line.next_date is not None:
        date_words = day_text.near_moment(line.next_date.starts_at, work.today)
        companion = line.companion
        if not companion and line.companion_needed:
            companion, roles["companion"] = _("Not assigned"), "overdue"
    elif line.concluded_on:
        day = day_text.near_day(line.concluded_on, work.today)
        date_words = _("concluded {day}").format(day=day)
        roles["stage"] = "neutral"
    waited, role = _waited(line)
    if role:
        roles["waited"] = role
    cells = (line.heading, line.survivor, line.stage, date_words, companion, waited, line.lead)
    return Row(line.id, cells, roles)


def _waited(line: CaseRow) -> tuple[str, str]:
    """Return how long a case has waited for an arrest, and the role of the clock."""
    days = line.reported_days
    waits = legal_stage.waits_for_arrest(line.stage_code, arrested=line.arrested)
    if days is None or line.concluded_on or not waits:
        return "", ""
    role = ""
    if days >= legal_stage.AMBER_AFTER:
        role = "overdue" if days >= legal_stage.ESCALATE_AFTER else "soon"
    return ngettext("{days} day", "{days} days", days).format(days=days), role


class CaseList(Page):
    """Cases by chip; Enter or a double click opens one."""

    case_chosen = Signal(object)
    new_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Court"),
            _("Police and court matters, the next date first. No true names here."),
            parent,
        )
        self.setObjectName("CaseList")
        self._context = context
        self.new_button = button(_("New case"), "CaseList_new", "primary", icon="add")
        self.add_action(self.new_button)
        self.new_button.setVisible(access.may(context.actor, Action.WRITE, LegalCase))
        self.chips = FilterChips(
            [Chip(key, _(text), on=key == "open") for key, text in CHIPS],
            _("Case number, OB number, working name, code"),
            exclusive=True,
        )
        self._columns = (
            Column("case", _("Case"), 0, sortable=False),
            Column("survivor", _("Survivor"), 150, sortable=False),
            Column("stage", _("Stage"), 190, sortable=False),
            Column("next", _("Next date"), 136, sortable=False),
            Column("companion", _("Companion"), 126, sortable=False),
            Column("waited", _("No arrest for"), 110, sortable=False),
            Column("lead", _("Court officer"), 140, sortable=False),
        )
        self.table = RecordTable(self._columns, context.tasks, wanted_ids, shown_rows)
        self.table.setObjectName("CaseList_table")
        self.table.setAccessibleName(_("Cases"))
        self._empty = self.table.set_empty(_(_EMPTY["open"]))
        card = Card()
        card.add(self.chips)
        card.add(self.table, 1)
        self.body.addWidget(card, 1)
        self.chips.changed.connect(self._explain)
        self.table.bind(self.chips)
        self.setFocusProxy(self.chips.search_box)
        self.table.chosen.connect(self.case_chosen)
        self.table.loaded.connect(self._count)
        self.new_button.clicked.connect(self.new_wanted)
        self._counts: dict[str, int] = {}
        self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out columns where the room is narrow or the text large; company always stays."""
        super().resizeEvent(event)
        width = event.size().width()
        for key, least in _NEEDS_ROOM.items():
            section = next(n for n, column in enumerate(self._columns) if column.key == key)
            self.table.setColumnHidden(section, width < theme.size(least))

    def reload(self) -> None:
        """Ask for the list and for the numbers on the chips again."""
        self.table.reload()
        self._context.tasks.ask(self, court_pages.case_counts, then=self._take_counts)

    def refresh(self, changes: Changes) -> None:
        """Ask again when something of a case was written."""
        if changes.touch(*TABLES):
            self.reload()

    def _chip(self) -> str:
        chosen = self.chips.chosen()
        return chosen[0] if chosen else "open"

    def _explain(self) -> None:
        if self.chips.text():
            self._empty.set_sentence(_("No case with this number or name under this chip."))
        else:
            self._empty.set_sentence(_(_EMPTY[self._chip()]))

    def _take_counts(self, counts: dict[str, int]) -> None:
        self._counts = counts
        for key, text in CHIPS:
            self.chips.say(key, f"{_(text)} {counts.get(key, 0):,}")
        self._count(self.table.count())

    def _count(self, shown: int) -> None:
        self.chips.set_count(shown, self._counts.get(self._chip(), shown))
