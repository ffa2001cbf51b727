"""The clients in open programmes: how far, when last, when next, how long since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from shelter_app.domain import codelists
from shelter_app.i18n import N_, _
from shelter_app.services import counselling_week
from shelter_app.services.counselling_week import ProgrammeRow
from shelter_app.services.work import Work
from ui.features.counselling import wording
from ui.kit import day_text, theme
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.filter_chips import Chip, FilterChips
from ui.kit.record_table import Column, RecordTable, Row, TableFilter

_CHIPS: Final = (
    ("all", N_("All")),
    ("next", N_("No next session")),
    ("gap", N_("Not seen for two weeks")),
    ("review", N_("Review due")),
)
_NEEDS_ROOM: Final = {"counsellor": 960, "programme": 840, "last": 560, "held": 420}
"""The width of the list from which a column is shown."""
_NOTHING: Final = {
    "all": N_("Nobody is in a programme. Planning a first session begins one."),
    "next": N_("Everybody has a next session."),
    "gap": N_("Everybody was seen in the last two weeks."),
    "review": N_("No review is due."),
}
_NOTHING_OF_MINE: Final = {
    "all": N_("None of your clients is in a programme. Planning a first session begins one."),
    "next": N_("Every client of yours has a next session."),
    "gap": N_("Every client of yours was seen in the last two weeks."),
    "review": N_("No review of yours is due."),
}


class ClientList(Card):
    """Open programmes, the longest without a session first; Enter opens one."""

    programme_chosen = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("ClientList")
        self._mine = context.actor.has_role("counsellor")
        self.chips = FilterChips(
            [Chip(key, _(words), on=key == "all") for key, words in _CHIPS],
            exclusive=True,
            searchable=False,
        )
        self._columns = _columns()
        self.table = RecordTable(self._columns, context.tasks, _ids, _rows)
        self.table.setObjectName("ClientList_table")
        self.table.setAccessibleName(_("Clients"))
        self.add(self.chips)
        self.add(self.table, 1)
        self.chips.changed.connect(self._ask)
        self.table.chosen.connect(self.programme_chosen)

    def reload(self, *, mine: bool) -> None:
        """Ask again, for one's own clients or everybody's."""
        self._mine = mine
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out columns where the room is narrow or the text large."""
        super().resizeEvent(event)
        for section, column in enumerate(self._columns):
            least = _NEEDS_ROOM.get(column.key, 0)
            self.table.setColumnHidden(section, event.size().width() < theme.size(least))

    def _ask(self) -> None:
        chosen = self.chips.chosen() or ("all",)
        nothing = _NOTHING_OF_MINE if self._mine else _NOTHING
        self.table.set_empty(_(nothing[chosen[0]]))
        self.table.set_filter(TableFilter(chips=chosen, more={"mine": self._mine}))


def _columns() -> tuple[Column, ...]:
    return (
        Column("client", _("Client"), sortable=False),
        Column("held", _("Sessions"), 84, sortable=False),
        Column("last", _("Last"), 110, sortable=False),
        Column("next", _("Next"), 150, sortable=False),
        Column("gap", _("Not seen for"), 110, sortable=False),
        Column("programme", _("Programme"), sortable=False),
        Column("counsellor", _("Counsellor"), 120, sortable=False),
    )


def _ids(work: Work, wanted: TableFilter) -> Sequence[int]:
    chip = wanted.chips[0] if wanted.chips else "all"
    return counselling_week.programme_ids(work, chip, mine=bool(wanted.more.get("mine")))


def _rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    return [_row(found) for found in counselling_week.programme_rows(work, ids)]


def _row(found: ProgrammeRow) -> Row:
    line = found.line
    held = str(line.held)
    if line.planned:
        held = _("{held} of {planned}").format(held=line.held, planned=line.planned)
    roles = {"client": "strong"}
    if found.long_gap:
        roles["gap"] = "overdue"
    coming = day_text.show_moment(line.next_at, weekday=True, year=False)
    if found.review_due:
        coming, roles["next"] = _("Review due"), "soon"
    elif not coming:
        coming, roles["next"] = _("None planned"), "soon"
    cells = (
        _("“{name}” {code}").format(name=line.alias, code=line.person_no),
        held,
        day_text.show_day(line.last_held.date(), year=False) if line.last_held else _("not yet"),
        coming,
        wording.gap_words(found.gap_days) if line.last_held or found.gap_days else "",
        codelists.label("counselling_programme", line.programme),
        found.counsellor,
    )
    return Row(line.id, cells, roles)
