"""The row above the trail: who, what, which record, which person, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from shelter_app.i18n import N_, _
from shelter_app.services.audit_trail import Filter
from ui.kit import theme
from ui.kit.button import label
from ui.kit.day_editors import DayEditor
from ui.kit.flow import FlowLayout
from ui.kit.narrow_combo import NarrowCombo

_PAUSE: Final = 350
_GROUPS: Final = (
    ("", N_("Everything")),
    ("changed", N_("Made or changed")),
    ("seen", N_("Looked at")),
    ("identity", N_("True identities shown")),
    ("left", N_("Printed or taken out")),
    ("access", N_("Keys and roles")),
)


class TrailFilters(QWidget):
    """Six ways to narrow the trail; `changed` comes once the typing pauses."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, with_persons: bool) -> None:
        super().__init__(parent)
        self.setObjectName("TrailFilters")
        self.who_box = self._box("AuditPage_who")
        self.who_box.addItem(_("Everybody"), 0)
        self.what_box = self._box("AuditPage_what")
        for key, text in _GROUPS:
            self.what_box.addItem(_(text), key)
        self.record_box = self._box("AuditPage_record")
        self.record_box.addItem(_("All records"), "")
        self.code_edit = QLineEdit()
        self.code_edit.setObjectName("AuditPage_code")
        self.code_edit.setPlaceholderText("R-0207")
        self.code_edit.setFixedWidth(theme.size(96))
        self.since_edit = self._day("AuditPage_since")
        self.until_edit = self._day("AuditPage_until")
        flow = FlowLayout(spacing=10)
        flow.addWidget(_labelled(_("Who"), self.who_box))
        flow.addWidget(_labelled(_("What"), self.what_box))
        flow.addWidget(_labelled(_("Record"), self.record_box))
        if with_persons:
            flow.addWidget(_labelled(_("Person's code"), self.code_edit))
        flow.addWidget(_labelled(_("From"), self.since_edit))
        flow.addWidget(_labelled(_("Until"), self.until_edit))
        self.hint_label = label("", "hint", wrap=True, name="AuditPage_hint")
        theme.set_state(self.hint_label, problem=True)
        self.hint_label.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(flow)
        whole.addWidget(self.hint_label)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.changed)
        for box in (self.who_box, self.what_box, self.record_box):
            box.currentIndexChanged.connect(self.changed)
        self.code_edit.textEdited.connect(self._pause.start)
        for edit in (self.since_edit, self.until_edit):
            edit.edited.connect(self._pause.start)
            edit.trouble.connect(self._say)

    def _say(self, trouble: str) -> None:
        """Say that a day is none: the list under it would look as if it were narrowed."""
        said = trouble or self.since_edit.unreadable() or self.until_edit.unreadable()
        self.hint_label.setText(said)
        self.hint_label.setVisible(bool(said))

    def _box(self, name: str) -> NarrowCombo:
        box = NarrowCombo()
        box.setObjectName(name)
        box.setMinimumContentsLength(12)
        box.setMaxVisibleItems(16)
        return box

    def _day(self, name: str) -> DayEditor:
        edit = DayEditor()
        edit.setObjectName(name)
        edit.setFixedWidth(theme.size(172))
        return edit

    def offer_people(self, people: Sequence[tuple[int, str]]) -> None:
        """Fill the list of workers."""
        for staff_id, alias in people:
            self.who_box.addItem(alias, staff_id)

    def offer_tables(self, tables: Sequence[tuple[str, str]]) -> None:
        """Fill the list of record types."""
        for table, title in tables:
            self.record_box.addItem(title, table)

    def wanted(self) -> Filter:
        """Return what is asked for."""
        return Filter(
            staff_id=int(self.who_box.currentData() or 0),
            group=str(self.what_box.currentData() or ""),
            table=str(self.record_box.currentData() or ""),
            code=self.code_edit.text().strip(),
            since=self.since_edit.value(),
            until=self.until_edit.value(),
        )


def _labelled(text: str, editor: QWidget) -> QWidget:
    made = QWidget()
    over = QVBoxLayout(made)
    over.setContentsMargins(0, 0, 0, 0)
    over.setSpacing(2)
    name = label(text, "field")
    name.setBuddy(editor)
    editor.setAccessibleName(text)
    over.addWidget(name)
    over.addWidget(editor)
    return made
