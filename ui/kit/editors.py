"""The editor of each kind of field, and how its state is written into a draft."""

from __future__ import annotations

from types import NoneType
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from shelter_app.domain.fields import Field, Kind
from ui.kit.choice_editors import AnswerEditor, ChoiceEditor, ChoicesEditor
from ui.kit.day_editors import DayEditor, MomentEditor, TimeEditor
from ui.kit.flag_editor import FlagEditor
from ui.kit.link_editor import LinkEdit, LinkSource
from ui.kit.tasks import Tasks
from ui.kit.text_editors import LongTextEditor, NumberEditor, TextEditor

__all__ = [
    "AnswerEditor",
    "ChoiceEditor",
    "ChoicesEditor",
    "DayEditor",
    "Editor",
    "FlagEditor",
    "LinkEdit",
    "LinkSource",
    "LongTextEditor",
    "MomentEditor",
    "NumberEditor",
    "TextEditor",
    "TimeEditor",
    "draft_of",
    "editor_for",
    "restore_draft",
]

Editor = (
    TextEditor
    | LongTextEditor
    | NumberEditor
    | DayEditor
    | MomentEditor
    | ChoiceEditor
    | ChoicesEditor
    | FlagEditor
    | AnswerEditor
    | LinkEdit
)

_MADE_BY: Final[dict[Kind, type[Any]]] = {
    Kind.TEXT: TextEditor,
    Kind.PHONE: TextEditor,
    Kind.DAY: DayEditor,
    Kind.MOMENT: MomentEditor,
    Kind.CHOICE: ChoiceEditor,
    Kind.CHOICES: ChoicesEditor,
    Kind.NUMBER: NumberEditor,
    Kind.MONEY: NumberEditor,
    Kind.FLAG: FlagEditor,
    Kind.ANSWER: AnswerEditor,
}


def editor_for(
    field: Field,
    tasks: Tasks | None = None,
    parent: QWidget | None = None,
    *,
    tall: bool = False,
    source: LinkSource | None = None,
) -> Editor:
    """Return the editor of a field's kind, named after the field."""
    made: Editor
    if field.kind is Kind.LINK:
        made = LinkEdit(field, tasks, source, parent)
    elif field.kind in {Kind.LONG_TEXT, Kind.JSON}:
        made = LongTextEditor(field, parent, tall=tall)
    else:
        made = _MADE_BY[field.kind](field, parent)
    made.setObjectName(field.name)
    return made


def draft_of(editor: Editor) -> dict[str, Any]:
    """Return an editor's state as JSON can hold it: as typed, so that half a date survives."""
    if isinstance(editor, LinkEdit):
        return {"id": editor.value(), "text": editor.text()}
    if isinstance(editor, (DayEditor, MomentEditor, NumberEditor)):
        return {"text": editor.text()}
    value = editor.value()
    return {"value": list(value) if isinstance(value, tuple) else value}


def restore_draft(editor: Editor, state: dict[str, Any]) -> None:
    """Put a draft's state back into an editor."""
    if isinstance(editor, LinkEdit):
        editor.set_value(int(state["id"]), str(state["text"]))
    elif isinstance(editor, (DayEditor, MomentEditor, NumberEditor)):
        editor.setText(str(state["text"]))
    else:
        value = state["value"]
        if not isinstance(value, (str, bool, list, NoneType)):
            raise TypeError("no editor here holds this")
        taker: Any = editor
        taker.set_value(tuple(value) if isinstance(value, list) else value)
