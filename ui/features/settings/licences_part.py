"""Settings: what the program is made of, so that anybody can see whose work it stands on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.i18n import _
from shelter_app.services import licences
from shelter_app.services.work import Work
from ui.kit import theme
from ui.kit.button import label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.filter_chips import FilterChips
from ui.kit.record_table import Column, RecordTable, Row, TableFilter


class LicencesPart(QWidget):
    """Version and parts of this program; nothing here can be changed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SettingsPage_licences")
        card = Card(_("About this program"))
        hint = _(
            "Version {version}. Free software under the GNU General Public License 3 or later. "
            "The full texts of all licences lie in the folder “licences” beside the program."
        )
        card.add(label(hint.format(version=licences.own_version()), "mute", wrap=True))
        self.chips = FilterChips([], _("Find a part"))
        self.table = RecordTable(
            (
                Column("name", _("Part"), sortable=False),
                Column("version", _("Version"), 90, sortable=False),
                Column("licence", _("Licence"), 240, sortable=False),
                Column("holder", _("Made by"), 240, sortable=False),
            ),
            context.tasks,
            part_ids,
            part_rows,
        )
        self.table.setObjectName("SettingsPage_parts")
        self.table.setAccessibleName(_("About this program"))
        self.table.setMinimumHeight(theme.size(420))
        card.add(self.chips)
        card.add(self.table, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card, 1)
        self.table.bind(self.chips)
        self.table.reload()


def part_ids(_work: Work, wanted: TableFilter) -> Sequence[int]:
    """Return the numbers of the parts that match what was typed."""
    return [part.id for part in licences.matching(wanted.text)]


def part_rows(_work: Work, ids: Sequence[int]) -> Sequence[Row]:
    """Return some parts as rows."""
    known = {part.id: part for part in licences.parts()}
    return [
        Row(
            part.id,
            (part.name, part.version, part.licence, part.holder),
            {"name": "strong"},
        )
        for part in (known[number] for number in ids)
    ]
