"""The frame of a register: its table, the chosen entry at the right, and the editor at the side."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_app.domain.record import Record
from ui.features.rights.detail_card import DetailCard
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.message_bar import MessageBar
from ui.kit.record_table import Column, RecordTable
from ui.kit.side_editor import SideEditor

R = TypeVar("R", bound=Record)
E = TypeVar("E")


@dataclass(frozen=True)
class Words:
    """What a register says of itself."""

    title: str
    empty: str
    begin: str
    choose: str


@dataclass(frozen=True)
class Services:
    """What a register asks for: its lines, one entry to show, one record to change, and saving."""

    ids: Callable[..., Sequence[int]]
    rows: Callable[..., Any]
    find: Callable[..., Any]
    new: Callable[..., Any]
    get: Callable[..., Any]
    save: Callable[..., Any]


class RegisterView(QWidget, Generic[R, E]):
    """Lists the entries of a register; whoever inherits shows one and edits its record."""

    def __init__(
        self,
        context: Context,
        host: QWidget,
        bar: MessageBar,
        words: Words,
        columns: Sequence[Column],
        services: Services,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        self.setObjectName(name)
        self._context = context
        self._bar = bar
        self._services = services
        self.side_editor = SideEditor(host)
        self.table = RecordTable(columns, context.tasks, services.ids, services.rows)
        self.table.setObjectName(f"{name}_table")
        self.table.setAccessibleName(words.title)
        empty = self.table.set_empty(words.empty, words.begin)
        self.detail = DetailCard(f"{name}_detail", words.choose)
        card = Card()
        card.add(self.table, 1)
        both = QHBoxLayout(self)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(16)
        both.addWidget(card, 5)
        both.addWidget(self.detail, 3)
        empty.acted.connect(self.start_new)
        self.table.selected.connect(self._select)
        self.table.chosen.connect(self._edit_id)
        self.table.reload()

    @abstractmethod
    def _show_entry(self, entry: E) -> None:
        """Show an entry in the card at the right."""

    @abstractmethod
    def _edit(self, record: R) -> None:
        """Open the editor with a record."""

    def reload(self) -> None:
        """Ask again."""
        self.table.reload()
        if self.table.current_id():
            self._select(self.table.current_id())

    def start_new(self) -> None:
        """Begin a new entry."""
        self._context.tasks.ask(self, self._services.new, then=self._edit)

    def _select(self, record_id: int) -> None:
        if not record_id:
            self.detail.clear()
            return
        self._context.tasks.ask(self, self._services.find, record_id, then=self._show)

    def _show(self, entry: E | None) -> None:
        if entry is None:
            self.detail.clear()
        else:
            self._show_entry(entry)

    def _edit_id(self, record_id: int) -> None:
        self._context.tasks.ask(self, self._services.get, record_id, then=self._edit)

    def _save(self, record: R) -> None:
        self._context.tasks.do(
            self.side_editor,
            self._services.save,
            record,
            then=self._saved,
            failed=self.side_editor.failed,
        )

    def _saved(self, record: R) -> None:
        self.side_editor.saved(record)
        self.side_editor.close_editor()
        self.table.expect(record.id)
        self._select(record.id)  # what to do next with it stands beside it
