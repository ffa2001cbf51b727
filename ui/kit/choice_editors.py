"""Editors for codes: one of a list, several of a list; yes, no or not asked yet."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QPushButton,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from shelter_app.domain import codelists
from shelter_app.domain.fields import Field
from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.button import label, toggle
from ui.kit.flow import FlowLayout
from ui.kit.narrow_combo import NarrowCombo

TYPED_FROM: Final = 9
"""Lists of this length and longer can be filtered by typing."""
PILLS_UP_TO: Final = 14
"""Several choices of a list up to this length are all shown as pills."""


class ChoiceEditor(NarrowCombo):
    """One code; typing narrows a long list, and a code no longer offered keeps its place."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None, *, nothing: str = "") -> None:
        super().__init__(parent)
        self._codes = field.codes
        self._locked = False
        self._settled = ""
        self._nothing = nothing or (_("Choose…") if field.required else _("Not recorded"))
        self.setItemDelegate(QStyledItemDelegate(self))
        self.addItem(self._nothing, "")
        for row in codelists.offered(self._codes):
            self.addItem(codelists.label(self._codes, row.code), row.code)
        if self.count() > TYPED_FROM:
            self._let_people_type()
        self.activated.connect(self._choose)

    def value(self) -> str:
        """Return the code, '' when nothing is chosen."""
        return self._settled

    def set_value(self, value: str) -> None:
        """Show a code; one that is no longer offered is added with a mark."""
        index = self.findData(value)
        if index < 0:
            known = codelists.label(self._codes, value)
            self.addItem(_("{label} (no longer used)").format(label=known), value)
            index = self.count() - 1
        self._settled = value
        self.setCurrentIndex(index)
        line = self.lineEdit()
        if line is not None:
            line.setText("" if not value else self.itemText(index))
            line.setCursorPosition(0)

    def set_read_only(self, on: bool) -> None:
        """Show the choice without letting it change."""
        self._locked = on
        line = self.lineEdit()
        if line is not None:
            line.setReadOnly(on)
        theme.set_state(self, locked=on)

    def unreadable(self) -> str:
        """Return why what was typed is no choice, or ''."""
        line = self.lineEdit()
        typed = line.text().strip() if line is not None else ""
        if typed and typed != self._shown() and self._index_of(typed) < 0:
            return _("Please choose from the list.")
        return ""

    def showPopup(self) -> None:
        """Open the list unless the form is read-only."""
        if not self._locked:
            super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys alone in a read-only form."""
        if self._locked and event.key() not in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            event.ignore()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave clicks alone in a read-only form."""
        if not self._locked:
            super().mousePressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Settle what was typed."""
        super().focusOutEvent(event)
        self.settle()

    def _let_people_type(self) -> None:
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        line = self.lineEdit()
        assert line is not None
        line.setPlaceholderText(self._nothing)
        line.setText("")
        line.setMaxLength(200)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setMaxVisibleItems(12)
        popup = completer.popup()
        assert popup is not None
        popup.setProperty("kind", "popup")
        self.setCompleter(completer)
        completer.activated.connect(self._take_text)
        line.editingFinished.connect(self.settle)
        line.textEdited.connect(lambda: self.trouble.emit(""))

    def _take_text(self, text: str) -> None:
        index = self.findText(text, Qt.MatchFlag.MatchFixedString)
        if index >= 0:
            self._choose(index)

    def _choose(self, index: int) -> None:
        code = str(self.itemData(index) or "")
        changed = code != self._settled
        self.set_value(code)
        self.trouble.emit("")
        if changed:
            self.edited.emit()

    def settle(self) -> None:
        """Take what was typed for the choice it names; saving by key does not leave the field."""
        line = self.lineEdit()
        if line is None or self._locked:
            return
        completer = self.completer()
        popup = completer.popup() if completer is not None else None
        if popup is not None:
            popup.hide()
        typed = line.text().strip()
        if typed == self._shown():
            return
        index = self._index_of(typed) if typed else 0
        if index >= 0:
            self._choose(index)
        else:
            self.trouble.emit(self.unreadable())

    def _shown(self) -> str:
        return self.itemText(self.findData(self._settled)) if self._settled else ""

    def _index_of(self, typed: str) -> int:
        exact = self.findText(typed, Qt.MatchFlag.MatchFixedString)
        if exact >= 0:
            return exact
        wanted = typed.casefold()
        found = [i for i in range(1, self.count()) if wanted in self.itemText(i).casefold()]
        return found[0] if len(found) == 1 else -1


class ChoicesEditor(QWidget):
    """Several codes as pills; a long list shows the chosen ones and a field to add more."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._pills: dict[str, QPushButton] = {}
        self._locked = False
        rows = codelists.offered(field.codes)
        self._flow = FlowLayout(spacing=6)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        self.nothing_label = label(_("Not recorded"), "mute", name=f"{field.name}_nothing")
        self.nothing_label.hide()
        whole.addLayout(self._flow)
        whole.addWidget(self.nothing_label)
        self.add_edit: ChoiceEditor | None = None
        if len(rows) <= PILLS_UP_TO:
            for row in rows:
                self._add_pill(row.code, on=False)
        else:
            self.add_edit = ChoiceEditor(field, nothing=_("Add…"))
            self.add_edit.setObjectName(f"{field.name}_add")
            whole.addWidget(self.add_edit)
            self.setFocusProxy(self.add_edit)
            self.add_edit.edited.connect(self._add_chosen)
            self.add_edit.trouble.connect(self._pass_on)
        if self._pills:
            self.setFocusProxy(next(iter(self._pills.values())))

    def setAccessibleName(self, name: str) -> None:
        """Name the field that adds more after the whole."""
        super().setAccessibleName(name)
        if self.add_edit is not None:
            self.add_edit.setAccessibleName(_("Add: {field}").format(field=name))

    def value(self) -> tuple[str, ...]:
        """Return the codes that are on, in the order of the list."""
        return tuple(code for code, pill in self._pills.items() if pill.isChecked())

    def set_value(self, value: tuple[str, ...]) -> None:
        """Show which codes are on."""
        for code in list(self._pills):
            if self.add_edit is not None and code not in value:
                self._drop_pill(code)
            else:
                self._pills[code].setChecked(code in value)
        for code in value:
            if code not in self._pills:
                self._add_pill(code, on=True)
        self._show_pills()

    def set_read_only(self, on: bool) -> None:
        """Show the choices without letting them change."""
        self._locked = on
        self._show_pills()
        if self.add_edit is not None:
            self.add_edit.setVisible(not on)

    def unreadable(self) -> str:
        """Return why what was typed to be added is no choice, or ''."""
        return self.add_edit.unreadable() if self.add_edit is not None else ""

    def _show_pills(self) -> None:
        """Show what can be chosen, or in a form to read only what was."""
        for pill in self._pills.values():
            pill.setEnabled(not self._locked)
            pill.setVisible(pill.isChecked() or not self._locked)
        self.nothing_label.setVisible(self._locked and not self.value())

    def _add_pill(self, code: str, *, on: bool) -> None:
        text = codelists.label(self._field.codes, code)
        row = codelists.code_list(self._field.codes).row(code)
        if row is None or row.retired:
            text = _("{label} (no longer used)").format(label=text)
        pill = toggle(text, f"{self._field.name}_{code}", on=on)
        pill.setEnabled(not self._locked)
        pill.toggled.connect(self._toggle)
        pill.clicked.connect(partial(self._leave_alone, code))
        self._pills[code] = pill
        self._flow.addWidget(pill)
        self.updateGeometry()

    def _drop_pill(self, code: str) -> None:
        pill = self._pills.pop(code)
        self._flow.removeWidget(pill)
        pill.hide()
        pill.deleteLater()

    def _toggle(self) -> None:
        self.trouble.emit("")
        self.edited.emit()

    def _leave_alone(self, chosen: str) -> None:
        """Take back what contradicts a choice just made."""
        if self._pills[chosen].isChecked():
            for code, pill in self._pills.items():
                if codelists.contradict(code, chosen):
                    pill.setChecked(False)

    def _pass_on(self, sentence: str) -> None:
        self.trouble.emit(sentence)

    def _add_chosen(self) -> None:
        assert self.add_edit is not None
        code = self.add_edit.value()
        self.add_edit.set_value("")
        if code and code not in self._pills:
            self._add_pill(code, on=True)
            self.edited.emit()
        elif code:
            self._pills[code].setChecked(True)


class AnswerEditor(QWidget):
    """Yes, no or not asked yet; nothing is pre-chosen for a person who was not asked."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[bool | None, ...] = (True, False, None)
        texts = (_("Yes"), _("No"), _("Not asked yet"))
        names = ("yes", "no", "not_asked")
        self._locked = False
        self._group = QButtonGroup(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        for number, (text, name) in enumerate(zip(texts, names, strict=True)):
            made = toggle(text, f"{field.name}_{name}")
            self._group.addButton(made, number)
            line.addWidget(made)
        line.addStretch(1)
        self._group.button(2).setChecked(True)
        self.setFocusProxy(self._group.button(0))
        self._group.idClicked.connect(self._tell)
        for pill in self._group.buttons():
            pill.installEventFilter(self)

    def setAccessibleName(self, name: str) -> None:
        """Name each answer after the question."""
        super().setAccessibleName(name)
        for pill in self._group.buttons():
            spoken = _("{question}: {answer}").format(question=name, answer=pill.text())
            pill.setAccessibleName(spoken)

    def value(self) -> bool | None:
        """Return the answer."""
        return self._values[max(0, self._group.checkedId())]

    def set_value(self, value: bool | None) -> None:
        """Show the answer."""
        self._group.button(self._values.index(value)).setChecked(True)
        self._show_answers()

    def set_read_only(self, on: bool) -> None:
        """Show the answer without letting it change."""
        self._locked = on
        self._show_answers()

    def unreadable(self) -> str:
        """Return '': three buttons cannot be misread."""
        return ""

    def _show_answers(self) -> None:
        for pill in self._group.buttons():
            pill.setEnabled(not self._locked)
            pill.setVisible(pill.isChecked() or not self._locked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move between the answers with the arrows."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
            if step:
                pills = self._group.buttons()
                place = next(i for i, pill in enumerate(pills) if pill is watched)
                pills[(place + step) % len(pills)].setFocus()
                return True
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        self.trouble.emit("")
        self.edited.emit()
