"""An editor that names another record: type a few letters, choose from what is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QListView, QWidget

from shelter_app.domain.fields import Field
from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.placing import place_under
from ui.kit.tasks import Tasks

_PAUSE: Final = 120
_ID_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True)
class LinkSource:
    """Where a link's choices come from.

    With Tasks, both are services run on the vault's thread: `choices(work, text)` gives
    (id, label) pairs and `label(work, id)` gives the words of one id. Without Tasks they are
    called at once, without `work`.
    """

    choices: Callable[..., Sequence[tuple[int, str]]]
    label: Callable[..., str] | None = None


class LinkEdit(QLineEdit):
    """One line that holds an id and shows its words."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(
        self,
        field: Field | None = None,
        tasks: Tasks | None = None,
        source: LinkSource | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._source = source
        self._id = 0
        self._words = ""
        self._asked = 0
        self._model = QStandardItemModel(self)
        self._list = _Choices(self)
        self._list.setModel(self._model)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self.setMaxLength(200)
        self.setPlaceholderText(_("Type to find…"))
        self._pause.timeout.connect(self._look_up)
        self.textEdited.connect(self._typed)
        self._list.clicked.connect(self._choose)

    def set_source(self, source: LinkSource) -> None:
        """Say where choices come from."""
        self._source = source
        if self._id and not self._words:
            self.set_value(self._id)

    def value(self) -> int:
        """Return the id, 0 for none."""
        return self._id

    def set_value(self, value: int, words: str = "") -> None:
        """Show a link; its words are asked for when they are not given."""
        self._id = value
        self._show_words(words)
        self._asked += 1
        label = self._source.label if self._source is not None else None
        if value and not words and label is not None:
            if self._tasks is None:
                self._show_words(label(value))
            else:
                asked = self._asked
                self._tasks.ask(self, label, value, then=lambda found: self._name(asked, found))

    def set_read_only(self, on: bool) -> None:
        """Let people read and copy, not change."""
        self.setReadOnly(on)
        theme.set_state(self, locked=on)

    def unreadable(self) -> str:
        """Return why what was typed names nothing, or ''."""
        typed = self.text().strip()
        if typed and (not self._id or typed != self._words):
            return _("Please choose one of the names found.")
        return ""

    def choices_shown(self) -> list[str]:
        """Return the words of the choices that are open."""
        if not self._list.isVisible():
            return []
        return [self._model.item(row).text() for row in range(self._model.rowCount())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list with the arrows, choose with Enter, close with Esc."""
        key = Qt.Key(event.key())
        if self._list.isVisible():
            if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
                self._list.step(1 if key == Qt.Key.Key_Down else -1)
                return
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._choose(self._list.currentIndex())
                return
            if key == Qt.Key.Key_Escape:
                self._list.hide()
                return
        elif key == Qt.Key.Key_Down and not self.isReadOnly():
            self._look_up()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the list and say when what was typed names nothing."""
        super().focusOutEvent(event)
        self._list.hide()
        if trouble := self.unreadable():  # silence would take back what a save has refused
            self.trouble.emit(trouble)

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for nothing once nobody sees it."""
        self._pause.stop()
        self._list.hide()
        super().hideEvent(event)

    def _typed(self, text: str) -> None:
        self.trouble.emit("")
        if self._id:
            self._id = 0
            self.edited.emit()
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._list.hide()
            self.edited.emit()

    def _look_up(self) -> None:
        if self._source is None:
            return
        self._asked += 1
        asked, text = self._asked, "" if self._id else self.text().strip()
        if self._tasks is None:
            self._offer(asked, self._source.choices(text))
        else:
            self._tasks.ask(
                self, self._source.choices, text, then=lambda found: self._offer(asked, found)
            )

    def _offer(self, asked: int, found: Sequence[tuple[int, str]]) -> None:
        if asked != self._asked or not self.hasFocus():
            return
        self._model.clear()
        for record_id, words in found[:30]:
            item = QStandardItem(words)
            item.setEditable(False)
            item.setData(record_id, _ID_ROLE)
            self._model.appendRow(item)
        if not found:
            item = QStandardItem(_("Nothing found"))
            item.setEnabled(False)
            self._model.appendRow(item)
        self._list.open_under(self)

    def _choose(self, index: QModelIndex | Any) -> None:
        record_id = index.data(_ID_ROLE)
        if not record_id:
            return
        self._list.hide()
        self._id = int(record_id)
        self._show_words(str(index.data()))
        self.trouble.emit("")
        self.edited.emit()

    def _name(self, asked: int, words: str) -> None:
        if asked == self._asked:
            self._show_words(words)

    def _show_words(self, words: str) -> None:
        self._words = words.strip()[:200]
        self.setText(self._words)
        self.setCursorPosition(0)
        if self.hasFocus():  # words that come after the focus are typed over, as any others
            self.setSelection(len(self._words), -len(self._words))


class _Choices(QListView):
    """The open list under a link; it never takes the focus from the line."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self.setWindowFlags(
            Qt.WindowType.ToolTip
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowDoesNotAcceptFocus
        )
        self.setObjectName("link_choices")
        self.setProperty("kind", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def open_under(self, line: QLineEdit) -> None:
        """Show under the line with the first choice marked."""
        rows = min(8, max(1, self.model().rowCount()))
        height = max(theme.size(30), self.sizeHintForRow(0)) * rows + 12
        self.setCurrentIndex(self.model().index(0, 0))
        self.resize(QSize(max(line.width(), theme.size(220)), height))
        place_under(self, line)
        self.show()

    def step(self, by: int) -> None:
        """Move the mark."""
        row = (self.currentIndex().row() + by) % max(1, self.model().rowCount())
        self.setCurrentIndex(self.model().index(row, 0))
