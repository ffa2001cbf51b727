"""Settings: what the program is made of, so that anybody can see whose work it stands on."""

from __future__ import annotations

from collections.abc import Sequence

from shelter_app.i18n import _
from shelter_app.services import licences
from shelter_app.services.work import Work
from ui.features.settings.table_part import TablePart
from ui.kit.context import Context
from ui.kit.record_table import Column, RecordTable, Row, TableFilter


class LicencesPart(TablePart):
    """Version and parts of this program; nothing here can be changed."""

    def __init__(self, context: Context) -> None:
        hint = _(
            "Version {version}. Free software under the GNU General Public License 3 or later. "
            "The full texts of all licences lie in the folder “licences” beside the program."
        ).format(version=licences.own_version())
        columns = (
            Column("name", _("Part"), sortable=False),
            Column("version", _("Version"), 90, sortable=False),
            Column("licence", _("Licence"), 240, sortable=False),
            Column("holder", _("Made by"), 240, sortable=False),
        )
        table = RecordTable(columns, context.tasks, part_ids, part_rows)
        title = _("About this program")
        super().__init__("SettingsPage_licences", title, hint, table, find=_("Find a part"))


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
