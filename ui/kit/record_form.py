"""A form over one record: rows written by hand, editors, labels and hints made from the fields."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from shelter_app.domain.fields import Field, Kind, field_of
from shelter_app.domain.record import NEEDED, Record
from shelter_app.errors import Problem
from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.button import label
from ui.kit.editors import (
    ChoiceEditor,
    Editor,
    FlagEditor,
    LinkEdit,
    LinkSource,
    MomentEditor,
    draft_of,
    editor_for,
    restore_draft,
)
from ui.kit.form_row import FieldHolder, FormRow
from ui.kit.placing import bring_soon
from ui.kit.tasks import Tasks

R = TypeVar("R", bound=Record)

_PAUSE: Final = 400
_ROOM: Final = {
    Kind.DAY: 152,
    Kind.MOMENT: 240,
    Kind.ANSWER: 210,
    Kind.CHOICES: 210,
    Kind.NUMBER: 96,
    Kind.MONEY: 108,
}
_USUAL_ROOM: Final = 132


@dataclass
class _Cell:
    """One field on the form: its label, its editor and the hint beside it."""

    field: Field
    editor: Editor
    holder: FieldHolder
    hint_label: QLabel
    name_label: QLabel | None = None
    touched: bool = False
    refused: bool = False
    noticed: bool = False
    """Whether the editor itself said something, such as that a text did not fit."""


class RecordForm(QWidget, Generic[R]):
    """Edits a frozen record; 'modified' means that `record()` differs from what was loaded."""

    edited = Signal()
    checked = Signal()
    """What was typed has been looked at, and what is wrong with it said."""

    def __init__(
        self,
        record_type: type[R],
        tasks: Tasks | None = None,
        parent: QWidget | None = None,
        *,
        readable: Collection[str] | None = None,
        links: Mapping[str, LinkSource] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{record_type.table}_form")
        self._type = record_type
        self._tasks = tasks
        self._readable = None if readable is None else frozenset(readable)
        self._links = dict(links or {})
        self._cells: dict[str, _Cell] = {}
        self._loaded: R = record_type()
        self._as_shown: dict[str, Any] = {}
        self._read_only = False
        self._needed: set[str] = set()
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(10)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._check)

    def section(self, title: str) -> QLabel:
        """Begin a part of the form with a title."""
        made = label(title, "section", name="form_section")
        self._whole.addWidget(made)
        return made

    def row(self, *names: str, tall: bool = False) -> None:
        """Add fields side by side; those the worker may not see are not built at all."""
        row = FormRow()
        for name in names:
            if self._readable is None or name in self._readable:
                field = field_of(self._type, name)
                row.add(self._cell(field, tall=tall), _ROOM.get(field.kind, _USUAL_ROOM))
        if not row.is_empty():
            self._whole.addWidget(row, 1 if tall else 0)

    def add(self, widget: QWidget) -> None:
        """Add something of your own between the rows."""
        self._whole.addWidget(widget)

    def finish(self) -> None:
        """Push the rows to the top."""
        self._whole.addStretch(1)

    def need(self, name: str, on: bool = True) -> None:
        """Ask for a field that the record type leaves open: here it has to be filled in."""
        cell = self._cells.get(name)
        if cell is None or (name in self._needed) == on:
            return
        self._needed ^= {name}
        words = self._label_words(cell.field)
        cell.editor.setAccessibleName(words)
        if cell.name_label is not None:
            cell.name_label.setText(words)

    def set_link_source(self, name: str, source: LinkSource) -> None:
        """Say where a link's choices come from."""
        self._links[name] = source
        cell = self._cells.get(name)
        if cell is not None and isinstance(cell.editor, LinkEdit):
            cell.editor.set_source(source)

    def editor(self, name: str) -> Editor:
        """Return a field's editor; KeyError when it is not on the form."""
        return self._cells[name].editor

    def has_field(self, name: str) -> bool:
        """Say whether a field was built."""
        return name in self._cells

    def set_record(self, record: R) -> None:
        """Show a record and take it as unmodified."""
        self._loaded = record
        for name, cell in self._cells.items():
            cell.editor.set_value(getattr(record, name))
            cell.touched = False
        self._as_shown = self._values()
        self._pause.stop()
        self.show_problems(())

    def record(self) -> R:
        """Return what was loaded with what people changed; untouched fields stay exact."""
        changes = {
            name: value for name, value in self._values().items() if value != self._shown(name)
        }
        return dataclasses.replace(self._loaded, **changes)

    def loaded(self) -> R:
        """Return the record as it was shown last."""
        return self._loaded

    def is_modified(self) -> bool:
        """Say whether something differs from what was loaded, half-typed dates included."""
        return self.record() != self._loaded or any(
            cell.touched and cell.editor.unreadable() for cell in self._cells.values()
        )

    def unreadable(self) -> list[Problem]:
        """Return the fields whose typed text cannot be read as their kind."""
        found = []
        for name, cell in self._cells.items():
            sentence = cell.editor.unreadable()
            if sentence:
                found.append(Problem(name, sentence))
        return found

    def all_problems(self) -> list[Problem]:
        """Return everything that stands in the way of saving, as the service would find it."""
        found = self.unreadable()
        record = self.record()
        missing = [
            Problem(name, NEEDED)
            for name in self._cells
            if name in self._needed and getattr(record, name) in (None, "", (), 0)
        ]
        for problem in (*missing, *record.problems()):
            if problem.field not in {known.field for known in found}:
                found.append(problem)
        return found

    def check(self) -> bool:
        """Show every problem, go to the first and say whether there is none."""
        problems = self.all_problems()
        self.show_problems(problems)
        self.go_to_refused()
        return not problems

    def go_to_refused(self) -> None:
        """Put the keyboard into the highest refused field, and bring field and words into view."""
        refused = self._refused()
        if not refused:
            return
        for cell in refused:
            cell.holder.show()
        first = min(refused, key=lambda cell: cell.holder.mapTo(self, QPoint()).y())
        first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        bring_soon(first.holder)

    def has_refused(self) -> bool:
        """Say whether a field still shows what is wrong with it."""
        return bool(self._refused())

    def _refused(self) -> list[_Cell]:
        return [
            cell
            for form in (self, *self.findChildren(RecordForm))
            for cell in form._cells.values()  # noqa: SLF001 - forms within this one
            if cell.refused
        ]

    def show_problems(self, problems: Collection[Problem]) -> list[Problem]:
        """Show sentences beside their fields; return those whose field is not on the form."""
        # What was typed just before Ctrl+S waits to be checked; that would take these away again.
        self._pause.stop()
        sentences: dict[str, str] = {}
        for problem in problems:
            sentences.setdefault(problem.field, problem.sentence)
        for name, cell in self._cells.items():
            self._say(cell, self._worded(cell.field, sentences.pop(name, "")), problem=True)
        return [problem for problem in problems if problem.field in sentences]

    def set_read_only(self, on: bool) -> None:
        """Turn the same form into one to read."""
        self._read_only = on
        for cell in self._cells.values():
            cell.editor.set_read_only(on)

    def set_fields_visible(self, names: Collection[str]) -> None:
        """Show these fields and hide the others."""
        for name, cell in self._cells.items():
            cell.holder.setVisible(name in names)

    def draft(self) -> str:
        """Return the form as typed, for the draft keeper."""
        states = {name: draft_of(cell.editor) for name, cell in self._cells.items() if cell.touched}
        return json.dumps(states, ensure_ascii=False)

    def restore(self, draft: str) -> None:
        """Put a draft back over the record that is shown."""
        for name, state in json.loads(draft).items():
            cell = self._cells.get(name)
            if cell is not None:
                restore_draft(cell.editor, state)
                cell.touched = True
        self._check()
        self.edited.emit()

    def _cell(self, field: Field, *, tall: bool) -> FieldHolder:
        editor = editor_for(field, self._tasks, tall=tall, source=self._links.get(field.name))
        hint_label = label("", "hint", wrap=True, name=f"{field.name}_hint")
        hint_label.hide()
        words = self._label_words(field)
        editor.setAccessibleName(words)
        name_label = None
        if not isinstance(editor, FlagEditor):
            name_label = label(words, "field", wrap=True, name=f"{field.name}_label")
            name_label.setBuddy(editor)
        holder = FieldHolder(name_label)
        holder.setObjectName(f"{field.name}_holder")
        holder.column.addWidget(editor, 1 if tall else 0)
        holder.column.addWidget(hint_label)
        if not tall:
            holder.column.addStretch(1)
            holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        cell = _Cell(field, editor, holder, hint_label, name_label)
        self._cells[field.name] = cell
        if field.help:
            editor.setToolTip(_(field.help))
            editor.setAccessibleDescription(_(field.help))
        editor.set_value(getattr(self._loaded, field.name))
        self._as_shown[field.name] = editor.value()
        editor.set_read_only(self._read_only)
        editor.edited.connect(lambda: self._touch(cell))
        editor.trouble.connect(lambda sentence: self._notice(cell, sentence))
        self._say(cell, "", problem=False)
        return holder

    def _label_words(self, field: Field) -> str:
        words = _(field.label)
        if field.unit:
            words = _("{label} ({unit})").format(label=words, unit=_(field.unit))
        if field.name in self._needed or (field.required and field.kind is not Kind.FLAG):
            return _("{label} *").format(label=words)
        return words

    def _values(self) -> dict[str, Any]:
        return {name: cell.editor.value() for name, cell in self._cells.items()}

    def _shown(self, name: str) -> Any:
        return self._as_shown.get(name)

    def _touch(self, cell: _Cell) -> None:
        cell.touched = True
        self._pause.start()
        self.edited.emit()

    def _check(self) -> None:
        """Say what is wrong with what was touched, once people pause."""
        problems = {problem.field: problem.sentence for problem in self.record().problems()}
        for name, cell in self._cells.items():
            focused = cell.editor.hasFocus() and cell.editor.unreadable()
            if cell.touched and not focused and not self._keeps_notice(cell):
                sentence = cell.editor.unreadable() or problems.get(name, "")
                self._say(cell, self._worded(cell.field, sentence), problem=True)
        self.checked.emit()

    def _keeps_notice(self, cell: _Cell) -> bool:
        """Leave a notice of text that did not fit in place until people type on."""
        return cell.noticed and cell.field.name not in {
            problem.field for problem in self.record().problems()
        }

    def _notice(self, cell: _Cell, sentence: str) -> None:
        self._say(cell, sentence, problem=True)
        cell.noticed = bool(sentence)

    def _worded(self, field: Field, sentence: str) -> str:
        least, most = field.least, field.most
        return _(sentence).format(longest=field.longest, least=least, most=most) if sentence else ""

    def _say(self, cell: _Cell, sentence: str, *, problem: bool) -> None:
        shown = sentence or (_(cell.field.help) if cell.field.help else "")
        cell.hint_label.setText(shown)
        cell.hint_label.setVisible(bool(shown))
        cell.refused = bool(sentence) and problem
        cell.noticed = False
        theme.set_state(cell.hint_label, problem=cell.refused)
        if isinstance(cell.editor, (ChoiceEditor, LinkEdit)) or hasattr(cell.editor, "setReadOnly"):
            theme.set_state(cell.editor, problem=cell.refused)
        elif isinstance(cell.editor, MomentEditor):
            cell.editor.set_refused(cell.refused)
