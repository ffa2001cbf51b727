"""The list of residents: who is here, who left, whose is whose; and the way to a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from shelter_app.domain import access, codelists
from shelter_app.domain.access import Action
from shelter_app.domain.person import IN_RESIDENCE, Person
from shelter_app.i18n import N_, _, ngettext
from shelter_app.services import residents
from shelter_app.services.changes import Changes
from shelter_app.services.residents import ListFilter, ListRow
from shelter_app.services.search import situation_label
from shelter_app.services.work import Work
from ui.features.residents.new_resident import NewResident
from ui.kit import day_text, theme
from ui.kit.button import button
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.filter_chips import Chip, FilterChips
from ui.kit.page import Page
from ui.kit.record_table import Column, RecordTable, Row, TableFilter

_CHIP_NAMES: Final = {
    "in_residence": N_("In residence"),
    "aftercare": N_("Aftercare"),
    "closed": N_("Closed"),
    "not_admitted": N_("Not admitted yet"),
    "mine": N_("Mine"),
    "all": N_("All"),
}
_NEEDS_ROOM: Final = {"since": 900, "worker": 800, "age": 660}
_SITUATION_ROLES: Final = {"in_residence": "good", "aftercare": "court"}
RISK_ROLES: Final = {"low": "neutral", "medium": "soon", "high": "overdue", "critical": "overdue"}
_TOUCHED_BY: Final = ("person", "stay", "absence", "risk_assessment", "alias")


def page(context: Context) -> QWidget:
    """Return the list of residents."""
    return ResidentsPage(context)


class ResidentsPage(Page):
    """Chips with counts, a search that forgives spelling, and the table."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Residents"), parent=context.place)
        self.setObjectName("ResidentsPage")
        self._context = context
        self._may_create = access.may(context.actor, Action.WRITE, Person)
        self.new_button = button(_("New resident"), "ResidentsPage_new", "primary", icon="add")
        if not self._may_create:
            self.new_button.hide()
        self.add_action(self.new_button)
        self.chips = FilterChips(
            [Chip(key, _(name), on=key == IN_RESIDENCE) for key, name in _CHIP_NAMES.items()],
            _("Name, code or alias"),
            exclusive=True,
        )
        self.table = RecordTable(_columns(), context.tasks, _ids, _rows)
        self.table.setObjectName("ResidentsPage_table")
        self.table.setAccessibleName(_("Residents"))
        self._empty = self.table.set_empty("")
        self.table.bind(self.chips)
        self.setFocusProxy(self.chips.search_box)
        card = Card()
        card.add(self.chips)
        card.add(self.table, 1)
        self.body.addWidget(card, 1)
        self._newcomer = NewResident(context, self)
        self._newcomer.recorded.connect(self.table.expect)
        self._counts: dict[str, int] = {}
        self.new_button.clicked.connect(self._newcomer.begin)
        self._empty.acted.connect(self._act_on_nothing)
        self.table.chosen.connect(lambda person_id: context.go("resident", person_id))
        self.table.loaded.connect(self._show_shown)
        self._ask_counts()
        self.table.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out columns where the room is narrow or the text large; name and risk stay."""
        super().resizeEvent(event)
        width = event.size().width()
        for section, column in enumerate(_columns()):
            least = _NEEDS_ROOM.get(column.key, 0)
            self.table.setColumnHidden(section, width < theme.size(least))

    def refresh(self, changes: Changes) -> None:
        """Ask again when somebody came, left or was renamed."""
        if changes.touch(*_TOUCHED_BY):
            self._ask_counts()
            self.table.reload()

    def show_record(self, record_id: int, detail: str) -> None:
        """Begin a new resident, or go on with the draft of one; show one chip by its key."""
        if detail == "new":
            self._newcomer.begin()
        elif detail == "draft":
            self._newcomer.go_on()
        elif detail in self._counts:
            self.chips.set_chosen([detail])
            self.chips.changed.emit()

    def _ask_counts(self) -> None:
        self._context.tasks.ask(self, residents.chip_counts, then=self._show_counts)

    def _show_counts(self, counts: dict[str, int]) -> None:
        self._counts = counts
        for key, name in _CHIP_NAMES.items():
            chip = self.chips.findChild(QPushButton, f"chip_{key}")
            if chip is not None:
                # The chip of people not admitted yet is only there when it holds somebody.
                chip.setVisible(key in counts and (key != "not_admitted" or counts[key] > 0))
                chip.setText(f"{_(name)} {counts.get(key, 0):,}")
        here = counts.get(IN_RESIDENCE, 0)
        sentence = ngettext("{count} person in residence", "{count} people in residence", here)
        self.set_context(sentence.format(count=here))
        self._show_shown(self.table.count())

    def _show_shown(self, shown: int) -> None:
        chosen = self.chips.chosen()
        self.chips.set_count(shown, self._counts.get(chosen[0] if chosen else "all", shown))
        if self._looks_too_narrowly():
            self._empty.set_sentence(
                _("Nobody found among those shown here."), _("Look among everybody")
            )
        elif self.chips.text():
            self._empty.set_sentence(_("Nobody found. Other spellings were tried too."))
        else:
            self._empty.set_sentence(
                _("Nobody here yet. People appear when they are recorded and admitted to a bed."),
                _("Record a new resident") if self._may_create else "",
            )

    def _looks_too_narrowly(self) -> bool:
        return bool(self.chips.text()) and residents.ALL in self._others()

    def _others(self) -> set[str]:
        return set(self._counts) - set(self.chips.chosen())

    def _act_on_nothing(self) -> None:
        if self._looks_too_narrowly():
            self.chips.set_chosen([residents.ALL])
            self.chips.changed.emit()
        else:
            self._newcomer.begin()


def _columns() -> Sequence[Column]:
    return (
        Column("name", _("Working name"), 0),
        Column("code", _("Code"), 110),
        Column("age", _("Age"), 110, sortable=False),
        Column("situation", _("Where she stands"), 170, sortable=False),
        Column("since", _("Since"), 130),
        Column("worker", _("Case worker"), 160, sortable=False),
        Column("risk", _("Risk"), 150, sortable=False),
    )


def _ids(work: Work, wanted: TableFilter) -> Sequence[int]:
    chip = wanted.chips[0] if wanted.chips else residents.ALL
    asked = ListFilter(chip, wanted.text, wanted.order, wanted.descending)
    return residents.resident_ids(work, asked)


def _rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    return [_row(row) for row in residents.resident_rows(work, ids)]


def _row(row: ListRow) -> Row:
    if row.away:
        situation = _("Away: {where}").format(where=codelists.label("absence_type", row.away))
        role = "soon"
    else:
        situation = situation_label(row.situation)
        role = _SITUATION_ROLES.get(row.situation, "neutral")
    risk = codelists.label("risk_level", row.risk_level) if row.risk_level else ""
    return Row(
        row.id,
        (
            row.alias,
            row.code,
            codelists.label("age_band", row.age_band) if row.age_band else "",
            situation,
            day_text.show_day(row.since) if row.since else "",
            row.case_worker,
            risk.partition(" - ")[0],
        ),
        {"name": "strong", "situation": role, "risk": RISK_ROLES.get(row.risk_level, "neutral")},
    )
