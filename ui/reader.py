"""The small reader: opens a complete export with its phrase on any computer, without any vault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from shelter_app.i18n import _
from shelter_app.services import export_reader
from shelter_app.services.export_reader import Export, Table
from ui import hardening as screen
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.card import Card, KeyValueList
from ui.kit.clipboard import ClipboardKeeper
from ui.kit.day_text import show_moment
from ui.kit.filter_chips import FilterChips
from ui.kit.folders import choose_folder
from ui.kit.message_bar import MessageBar
from ui.kit.passphrase_edit import PassphraseEdit
from ui.kit.record_table import Column, RecordTable, Row, TableFilter
from ui.kit.tasks import Tasks
from ui.reader_words import BOOKKEEPING, Words, heading, says_something, title

_PAPERS: Final = "papers"
_COLUMNS: Final = 8
_LONGEST: Final = 120
_SAID: Final = 100
"""Milliseconds until a sentence is painted, also on a slow computer."""


class Shelf:
    """Stands where the desk stands: runs questions about the export on a thread of its own."""

    def __init__(self) -> None:
        self.export: Export | None = None
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")

    def ask(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function that takes the export first."""
        return self._pool.submit(function, self.export, *args, **kwargs)

    do = ask

    def close(self) -> None:
        """End the thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class ReaderWindow(QWidget):
    """A door with the phrase, then the tables at the left and one of them at the right."""

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self.setObjectName("ReaderWindow")
        self.setWindowTitle(_("Reader"))
        self.setProperty("kind", "page-body")
        self._folder = export_reader.folder_of(path) if path else None
        self.clipboard = ClipboardKeeper(self)
        screen.ScreenShield(self)
        self.shelf = Shelf()
        self.tasks = Tasks(self.shelf, self)
        self.bar = MessageBar()
        self.stack = QStackedWidget()
        self.door = self._door()
        self.stack.addWidget(self.door)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.addWidget(self.bar)
        whole.addWidget(self.stack, 1)
        self.resize(theme.size(1100), theme.size(680))
        self._say_folder()

    def _door(self) -> QWidget:
        card = Card(_("Open an export"))
        card.setFixedWidth(theme.size(460))
        self.folder_label = label("", "secondary", wrap=True, name="ReaderWindow_folder")
        self.choose_button = button(_("Choose the folder…"), "ReaderWindow_choose")
        self.phrase_edit = PassphraseEdit()
        self.phrase_edit.line_edit.setAccessibleName(_("The six words"))
        self.open_button = button(_("Open the export"), "ReaderWindow_open", "primary")
        card.add(self.folder_label)
        card.add(self.choose_button)
        card.add(label(_("The six words"), "field"))
        card.add(self.phrase_edit)
        card.add(self.open_button)
        made = QWidget()
        around = QVBoxLayout(made)
        around.addStretch(1)
        around.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        around.addStretch(2)
        self.choose_button.clicked.connect(self._choose_folder)
        self.open_button.clicked.connect(self.open_export)
        self.phrase_edit.line_edit.returnPressed.connect(self.open_export)
        return made

    def _say_folder(self) -> None:
        if self._folder is None:
            self.folder_label.setText(_("Choose the folder that holds everything.age."))
            return
        found = export_reader.looks_like_export(self._folder)
        self.folder_label.setText(
            str(self._folder) if found else _("There is no export in this folder.")
        )
        (self.phrase_edit if found else self.choose_button).setFocus()

    def _choose_folder(self) -> None:
        folder = choose_folder(self, _("Folder of the export"))
        if folder is not None:
            self._folder = folder
            self._say_folder()

    def open_export(self) -> None:
        """Open the export with the words typed."""
        if self._folder is None:
            self._say_folder()
            return
        self.open_button.setEnabled(False)
        self.bar.say(_("Opening and checking every file…"))
        # Trying the words keeps all of Python for some seconds: what is said has to stand before.
        QTimer.singleShot(_SAID, self, self._try_words)

    def _try_words(self) -> None:
        phrase = self.phrase_edit.line_edit.text()
        self.tasks.ask(
            self, _opened, self._folder, phrase, then=self._show, failed=self._not_opened
        )

    def _not_opened(self, error: BaseException) -> None:
        self.open_button.setEnabled(True)
        self.bar.explain(error)

    def _show(self, export: Export) -> None:
        self.shelf.export = export
        self.phrase_edit.line_edit.clear()
        self.bar.clear()
        self.view = ExportView(export, self.tasks, self.bar)
        self.stack.addWidget(self.view)
        self.stack.setCurrentWidget(self.view)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the thread with the window."""
        self.clipboard.clear()
        self.shelf.close()
        super().closeEvent(event)

    def tell_of_bug(self) -> None:
        """Say that something went wrong; the log has where, and nothing of what was read."""
        self.bar.explain(RuntimeError())


class ExportView(QWidget):
    """Tables and papers of an opened export."""

    def __init__(
        self,
        export: Export,
        tasks: Tasks,
        bar: MessageBar,
    ) -> None:
        super().__init__()
        self.setObjectName("ExportView")
        self._export = export
        self._words = Words(export)
        self._tasks = tasks
        self._bar = bar
        self.list = QListWidget()
        self.list.setObjectName("ExportView_tables")
        self.list.setAccessibleName(_("Tables"))
        for place, table in enumerate(export.tables):
            words = _("{title} · {count}").format(title=title(table), count=f"{table.count:,}")
            self._offer(words, place, table.name)
        self._offer(_("Papers · {count}").format(count=len(export.papers)), _PAPERS)
        self.search = FilterChips((), _("Search in this table"))
        self.save_button = button(_("Save this table…"), "ExportView_save")
        self.holder = QVBoxLayout()
        self.facts = KeyValueList()
        self.table: RecordTable | None = None
        self._lay_out()
        self.list.currentRowChanged.connect(lambda _row: self.show_current())
        self.save_button.clicked.connect(self._save)
        self.list.setCurrentRow(0)

    def _offer(self, words: str, data: object, tip: str = "") -> None:
        item = QListWidgetItem(words)
        item.setToolTip(tip)
        item.setSizeHint(QSize(theme.size(120), theme.size(28)))
        item.setData(Qt.ItemDataRole.UserRole, data)
        self.list.addItem(item)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.search, 1)
        head.addWidget(self.save_button)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addLayout(self.holder, 3)
        row = QScrollArea()
        row.setWidgetResizable(True)
        row.setFrameShape(QScrollArea.Shape.NoFrame)
        row.setAccessibleName(_("The chosen row"))
        inner = QWidget()
        inner.setProperty("kind", "page-body")
        inside = QVBoxLayout(inner)
        inside.addWidget(self.facts)
        inside.addStretch(1)
        row.setWidget(inner)
        column.addWidget(row, 2)
        both = QSplitter()
        both.addWidget(self.list)
        both.addWidget(right)
        both.setStretchFactor(1, 4)
        both.setSizes([theme.size(270), theme.size(830)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(label(_("Made on {day}").format(day=_day_of(self._export.made_at)), "mute"))
        if self._export.closed:
            whole.addWidget(
                label(
                    export_reader.left_out(self._export.closed), wrap=True, name="ExportView_left"
                )
            )
        whole.addWidget(both, 1)

    def current(self) -> Table | None:
        """Return the table chosen, None for the papers."""
        item = self.list.currentItem()
        place = item.data(Qt.ItemDataRole.UserRole) if item else _PAPERS
        return self._export.tables[place] if isinstance(place, int) else None

    def show_current(self) -> None:
        """Show the table chosen at the left."""
        if self.table is not None:
            self.holder.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.facts.clear()
        table = self.current()
        columns = _first(table) if table else [_("Paper")]
        self.save_button.setText(_("Save this table…") if table else _("Save this paper…"))
        made = [
            Column(name, heading(table, name) if table else name, 0, sortable=False)
            for name in columns
        ]
        ways = _ids_of(table, self._words), _rows_of(table, self._words)
        asked = RecordTable(made, self._tasks, *ways)
        asked.setAccessibleName(title(table) if table else _("Papers"))
        asked.set_empty(_("Nothing here."))
        self.search.search_box.clear()
        asked.bind(self.search)
        asked.selected.connect(self._show_row)
        if table is not None:
            asked.loaded.connect(lambda _count: self._show_first(asked))
        self.table = asked
        self.holder.addWidget(asked)
        asked.reload()

    @staticmethod
    def _show_first(asked: RecordTable) -> None:
        """Show a row whole without being asked: nobody would guess what the empty place is for."""
        if asked.count() and not asked.current_id():
            asked.setCurrentIndex(asked.model().index(0, 0))

    def _show_row(self, number: int) -> None:
        self.facts.clear()
        table = self.current()
        if number and table is not None:
            row = self._words.rows(table)[number - 1]
            told = list(zip(table.columns, row, strict=True))
            for name, value in sorted(told, key=lambda each: each[0] in BOOKKEEPING):
                if value:
                    self.facts.add(heading(table, name), value)

    def _save(self) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.save_to(folder)

    def save_to(self, folder: Path) -> None:
        """Write the table or the chosen paper in plain into a folder."""
        table = self.current()
        number = self.table.current_id() if self.table else 0
        if table is None and not number:
            self._bar.say(_("Choose a paper first."))
            return
        if table is not None:
            self._tasks.ask(self, _save_table, table, folder, then=self._saved, failed=self._failed)
        else:
            name = self._export.papers[number - 1]
            self._tasks.ask(
                self, export_reader.save_paper, name, folder, then=self._saved, failed=self._failed
            )

    def _saved(self, path: Path) -> None:
        said = _("Saved as {file}. It is no longer locked: keep it safe.")
        self._bar.say(said.format(file=path.name), "warning")

    def _failed(self, error: BaseException) -> None:
        self._bar.explain(error)


def _day_of(written: str) -> str:
    """Return when an export was made as people read it; as it stands there when it is no day."""
    try:
        return show_moment(datetime.fromisoformat(written), weekday=True)
    except ValueError:
        return written


def _first(table: Table) -> list[str]:
    """Return the columns worth a place: whose it is and what it says, no numbers of records."""
    own = [
        name for name in table.columns if name not in BOOKKEEPING and says_something(table, name)
    ]
    whose = [name for name in ("person_id",) if name in table.columns]
    return (whose + own or list(table.columns))[:_COLUMNS]


def _opened(_nothing: Export | None, folder: Path, phrase: str) -> Export:
    return export_reader.open_export(folder, phrase)


def _save_table(_export: Export, table: Table, folder: Path) -> Path:
    return export_reader.save_table(table, folder)


def _ids_of(table: Table | None, words: Words) -> Callable[[Export, TableFilter], Sequence[int]]:
    def ids(export: Export, wanted: TableFilter) -> Sequence[int]:
        if table is not None:
            return [place + 1 for place in words.matching(table, wanted.text)]
        typed = wanted.text.casefold()
        return [n for n, name in enumerate(export.papers, start=1) if typed in name.casefold()]

    return ids


def _rows_of(table: Table | None, words: Words) -> Callable[[Export, Sequence[int]], Sequence[Row]]:
    def rows(export: Export, ids: Sequence[int]) -> Sequence[Row]:
        if table is None:
            return [Row(n, (export.papers[n - 1],), {}) for n in ids]
        places = [table.columns.index(name) for name in _first(table)]
        return [
            Row(n, tuple(words.rows(table)[n - 1][place][:_LONGEST] for place in places), {})
            for n in ids
        ]

    return rows
