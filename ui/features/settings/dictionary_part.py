"""Settings: what is kept, field by field, to read here and to take along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shelter_app.i18n import _
from shelter_app.services import dictionary
from shelter_app.services.work import Work
from ui.features.settings.table_part import TablePart
from ui.kit.button import button
from ui.kit.context import Context
from ui.kit.folders import choose_folder, named
from ui.kit.message_bar import MessageBar
from ui.kit.record_table import Column, RecordTable, Row, TableFilter


class DictionaryPart(TablePart):
    """Every field the program keeps, read off the declarations; saved as a file for anybody."""

    def __init__(self, context: Context) -> None:
        hint = _(
            "Each field, who may see it and in which of the five files it lies. With it a complete "
            "export can be read without this program."
        )
        columns = (
            Column("title", _("Record"), 190, sortable=False),
            Column("label", _("Field"), sortable=False),
            Column("kind", _("Kind"), 160, sortable=False),
            Column("level", _("Seen by level"), 190, sortable=False),
            Column("file", _("File"), 110, sortable=False),
        )
        table = RecordTable(columns, context.tasks, entry_ids, entry_rows)
        title, find = _("What is kept"), _("Find a field")
        super().__init__("SettingsPage_dictionary", title, hint, table, find=find)
        self._context = context
        self.bar = MessageBar()
        self.save_button = button(_("Save as a file…"), "SettingsPage_save_dictionary")
        self.card.set_aside(self.save_button)
        self.card.body.insertWidget(1, self.bar)
        self.save_button.clicked.connect(self._choose)

    def _choose(self) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.save_to(folder)

    def save_to(self, folder: Path) -> None:
        """Write the dictionary into a folder."""
        self._context.tasks.ask(
            self,
            dictionary.save,
            folder,
            then=lambda path: self.bar.say(_("Saved as {file}.").format(file=named(path))),
            failed=self.bar.explain,
        )


def entry_ids(work: Work, wanted: TableFilter) -> Sequence[int]:
    """Return the numbers of the fields that match what was typed."""
    return list(dictionary.numbered(work, wanted.text))


def entry_rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    """Return some fields as rows."""
    known = dictionary.numbered(work)
    return [
        Row(
            number,
            (
                entry.title,
                entry.label,
                dictionary.kind_words(entry),
                entry.level,
                dictionary.file_words(entry),
            ),
            {"label": "strong"},
        )
        for number, entry in ((number, known[number]) for number in ids)
    ]
