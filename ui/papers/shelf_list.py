"""The papers beside a record, as they stand in its editor: look, copy, take back, add."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from shelter_app.domain.papers import BESIDE, SEALED, FacePhoto, Paper, SuspectPhoto
from shelter_app.domain.record import Record
from shelter_app.i18n import _
from shelter_app.services import papers
from shelter_app.services.papers import PaperLine, Shelf
from ui.kit.button import button, icon_button, label
from ui.kit.context import Context
from ui.kit.layouts import clear
from ui.kit.row import RowButton, TwoLines
from ui.papers import acts, words


def shelf_for(
    context: Context,
    host: QWidget,
    record: Record,
    add: Callable[[type[Record], int, Path | None], object],
) -> ShelfList | None:
    """Return the list for a record that was saved, None where papers of its kind are closed."""
    kind = BESIDE.get(type(record))
    if kind is None or not record.revision or not papers.may_see_kind(context.actor, kind):
        return None
    made = ShelfList(context, host, type(record), record.id)
    made.add_wanted.connect(lambda path: add(type(record), record.id, path))
    return made


class ShelfList(QFrame):
    """Asks for itself when it is made and whenever papers of its kind were touched."""

    add_wanted = Signal(object)
    """A file that was dropped here, or None: it is chosen in the form."""

    def __init__(self, context: Context, host: QWidget, of: type[Record], record_id: int) -> None:
        super().__init__()
        self.setObjectName("ShelfList")
        self._context = context
        self._host = host
        self._of = of
        self._record_id = record_id
        self._kind: type[Paper] = BESIDE[of]
        self._shelf: Shelf | None = None
        self.title_label = label(title_words(self._kind), "section", name="ShelfList_title")
        self.hint_label = label("", "secondary", wrap=True, name="ShelfList_hint")
        self.add_button = button(add_words(self._kind), "ShelfList_add", "link", icon="attachment")
        self.add_button.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 6, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(self.title_label)
        whole.addLayout(self._rows)
        whole.addWidget(self.hint_label)
        whole.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_button.clicked.connect(lambda: self.add_wanted.emit(None))
        context.tasks.changed.connect(self._look_again)
        self._ask()

    def lines(self) -> tuple[PaperLine, ...]:
        """Return what is listed."""
        return self._shelf.lines if self._shelf is not None else ()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files where one may be added."""
        if self._may_add() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Begin a paper with the file that was let go of here."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths and self._may_add():
            event.acceptProposedAction()
            # The form takes this list's place, which must not happen while Qt still drops on it.
            self._context.tasks.next_turn(partial(self.add_wanted.emit, paths[0]))

    def _may_add(self) -> bool:
        return self._shelf is not None and self._shelf.may_add and not self._shelf.refusal

    def _ask(self) -> None:
        self._context.tasks.ask(
            self,
            papers.shelf,
            self._of,
            self._record_id,
            then=self._show,
            failed=lambda _error: self.hide(),
        )

    def _look_again(self, changes: object, _owner: object) -> None:
        touch = getattr(changes, "touch", None)
        if touch is not None and touch(self._kind.table, "break_glass", "consent"):
            self._ask()

    def _show(self, shelf: Shelf) -> None:
        self._shelf = shelf
        clear(self._rows)
        last: QWidget = self.add_button
        for line in shelf.lines:
            holder, row, more = self._row(line, may_write=shelf.may_add)
            self._rows.addWidget(holder)
            # Where the button stood in the way of Tab: rows made later would come after the page.
            QWidget.setTabOrder(last, row)
            QWidget.setTabOrder(row, more)
            last = more
        QWidget.setTabOrder(last, self.add_button)
        self.add_button.setVisible(self._may_add())
        self.setAcceptDrops(self._may_add())
        hint = self._hint(shelf)
        self.hint_label.setText(hint)
        self.hint_label.setVisible(bool(hint))

    @staticmethod
    def _hint(shelf: Shelf) -> str:
        if shelf.refusal:
            return _(shelf.refusal)
        if shelf.closed:
            return _("What is here is sealed: it is shown where her true identity is opened.")
        return "" if shelf.lines else _("Nothing here yet.")

    def _row(self, line: PaperLine, *, may_write: bool) -> tuple[QWidget, QWidget, QWidget]:
        """Return a line with its two places for the keyboard: the row and what else to do."""
        headline, detail = words.headline(line), words.detail(line)
        row = RowButton(_("Look at: {what}").format(what=f"{headline}. {detail}"))
        row.setObjectName("ShelfList_row")
        row.add(TwoLines(headline, detail), 1)
        row.clicked.connect(lambda: acts.look(self._context, self._host, line))
        more = icon_button("more", _("More for: {what}").format(what=headline), "ShelfList_more")
        menu = QMenu(more)
        menu.setObjectName("ShelfList_menu")
        menu.addAction(_("Look at the paper")).triggered.connect(
            lambda: acts.look(self._context, self._host, line)
        )
        menu.addAction(_("Save a copy…")).triggered.connect(
            lambda: acts.save_copy(self._context, self._host, line)
        )
        if may_write:
            menu.addAction(_("Take it back…")).triggered.connect(
                lambda: acts.take_back(self._context, self._host, line)
            )
        more.setMenu(menu)
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(4)
        across.addWidget(row, 1)
        across.addWidget(more, 0, Qt.AlignmentFlag.AlignTop)
        return holder, row, more


def title_words(kind: type[Paper]) -> str:
    """Return what a list of these is called."""
    if kind is SuspectPhoto:
        return _("Picture, for the gate")
    if kind is FacePhoto:
        return _("Photograph of her face, sealed")
    return _("Copies of the paper, sealed") if kind in SEALED else _("Scanned paper")


def add_words(kind: type[Paper]) -> str:
    """Return what the button says that begins a new one."""
    if kind in (SuspectPhoto, FacePhoto):
        return _("Add a picture…")
    return _("Add a scanned paper…")
