"""Editors for words and numbers; a paste larger than the field keeps what fits and says so."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from shelter_app.domain.fields import Field
from shelter_app.i18n import _, ngettext
from ui.kit import theme

_STRAY_HALVES: Final = re.compile(r"[\ud800-\udfff]")
_NUMBER: Final = re.compile(r"[+-]?\d{1,12}")
_GAPS: Final = re.compile(r"[\s,'_]")


def too_long(longest: int) -> str:
    """Return what is said when something typed did not fit."""
    return ngettext(
        "This is too long: only the first {count} character was kept.",
        "This is too long: only the first {count} characters were kept.",
        longest,
    ).format(count=longest)


def _first_units(text: str, units: int) -> str:
    """Return the beginning that fits, counted as Qt counts and never half a character."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


class TextEditor(QLineEdit):
    """One line of text, as long as its field allows."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._longest = field.longest
        self._rejected = False
        self._length = 0
        self.setMaxLength(field.longest)
        self.textEdited.connect(self._tell)
        self.inputRejected.connect(self._reject)

    def value(self) -> str:
        """Return the text."""
        return _STRAY_HALVES.sub("", self.text())

    def set_value(self, value: str) -> None:
        """Show a stored text, whatever its length, from its beginning."""
        self.setMaxLength(max(self._longest, len(value) * 2))
        self.setText(value)
        self._length = len(self.text())
        self.setMaxLength(max(self._longest, self._length))
        self.setCursorPosition(0)

    def set_read_only(self, on: bool) -> None:
        """Let people read and copy, not change."""
        self.setReadOnly(on)
        theme.set_state(self, locked=on)

    def unreadable(self) -> str:
        """Return why what was typed cannot be kept; text always can."""
        return ""

    def _tell(self) -> None:
        # Qt leaves the last emoji out rather than split it, so a full field may seem to have room.
        length, before = len(self.text()), self._length
        cut = self._rejected and (length >= self.maxLength() or length > before)
        self._length = length
        self.trouble.emit(too_long(self._longest) if cut else "")
        self._rejected = False
        self.edited.emit()

    def _reject(self) -> None:
        self._rejected = True
        self.trouble.emit(too_long(self._longest))


class LongTextEditor(QPlainTextEdit):
    """A note of several lines; grows with the room it is given."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None, *, tall: bool = False) -> None:
        super().__init__(parent)
        self._longest = field.longest
        self._tall = tall
        self._showing = False
        self.setTabChangesFocus(True)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding,
            QSizePolicy.Policy.Expanding if tall else QSizePolicy.Policy.Preferred,
        )
        self.setMinimumHeight(self.minimumSizeHint().height())
        self.textChanged.connect(self._check)

    def value(self) -> str:
        """Return the text."""
        return _STRAY_HALVES.sub("", self.toPlainText())

    def set_value(self, value: str) -> None:
        """Show a stored text, whatever its length."""
        self._showing = True
        self.setPlainText(value)
        self._showing = False

    def set_read_only(self, on: bool) -> None:
        """Let people read and copy, not change."""
        self.setReadOnly(on)
        theme.set_state(self, locked=on)

    def unreadable(self) -> str:
        """Return why what was typed cannot be kept; text always can."""
        return ""

    def sizeHint(self) -> QSize:
        """Return room for some lines at this text size."""
        return QSize(theme.size(280), theme.size(200 if self._tall else 84))

    def minimumSizeHint(self) -> QSize:
        """Return room for the least number of lines."""
        return QSize(theme.size(120), theme.size(120 if self._tall else 64))

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take plain text only."""
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste what fits; the rest never reaches the document, so nothing freezes."""
        text = source.text()
        room = max(0, self._longest - self._length() + self._selected())
        fitting = _first_units(_STRAY_HALVES.sub("", text[:room]), room)
        self.textCursor().insertText(fitting)
        if len(text) > len(fitting):
            self.trouble.emit(too_long(self._longest))

    def _length(self) -> int:
        return self.document().characterCount() - 1

    def _selected(self) -> int:
        cursor = self.textCursor()
        return cursor.selectionEnd() - cursor.selectionStart()

    def _check(self) -> None:
        if self._showing:
            return
        over = self._length() - self._longest
        if over > 0:
            self._showing = True
            cursor = self.textCursor()
            start = max(0, cursor.position() - over)
            if start and "\udc00" <= self.document().characterAt(start) <= "\udfff":
                start -= 1
            cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            self._showing = False
            self.trouble.emit(too_long(self._longest))
        else:
            self.trouble.emit("")
        self.edited.emit()


class NumberEditor(QLineEdit):
    """A whole number or nothing; commas and spaces between thousands are understood."""

    edited = Signal()
    trouble = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(20)
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self._grouped = field.unit == "KES"
        self.textEdited.connect(self._tell)
        self.editingFinished.connect(self._say_unreadable)

    def value(self) -> int | None:
        """Return the number, None when empty or not readable."""
        typed = _GAPS.sub("", self.text())
        return int(typed) if _NUMBER.fullmatch(typed) else None

    def set_value(self, value: int | None) -> None:
        """Show a stored number."""
        shown = "" if value is None else f"{value:,}" if self._grouped else str(value)
        self.setText(shown)

    def set_read_only(self, on: bool) -> None:
        """Let people read and copy, not change."""
        self.setReadOnly(on)
        theme.set_state(self, locked=on)

    def unreadable(self) -> str:
        """Return why what was typed is no number, or ''."""
        if self.text().strip() and self.value() is None:
            return _("Please write a whole number, such as 45.")
        return ""

    def _tell(self) -> None:
        self.trouble.emit("")
        self.edited.emit()

    def _say_unreadable(self) -> None:
        self.trouble.emit(self.unreadable())
