"""A field for a password: hidden, never remembered, with a word about Caps Lock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from shelter_app.i18n import _
from ui.kit.button import button, label
from ui.kit.placing import bring_soon

_REFUSED = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
)


class _HiddenLine(QLineEdit):
    """A line that keeps no history and gives nothing away by drag, copy or menu."""

    caps_seen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(1024)
        self.setDragEnabled(False)
        self.setAcceptDrops(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Refuse copying and undoing; learn from letters whether Caps Lock is on."""
        if any(event.matches(key) for key in _REFUSED):
            event.accept()
            return
        text = event.text()
        if len(text) == 1 and text.isalpha() and text.lower() != text.upper():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_seen.emit(text.isupper() != shift)
        super().keyPressEvent(event)


class PassphraseEdit(QWidget):
    """The line, a button that shows what was typed, and a hint under it."""

    submitted = Signal()
    edited = Signal()

    def __init__(self, name: str = "passphrase", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_holder")
        self._caps = False
        self.line_edit = _HiddenLine()
        self.line_edit.setObjectName(name)
        self.line_edit.setAccessibleName(_("Password"))
        self.show_button = button(_("Show"), f"{name}_show", "quiet")
        self.show_button.setCheckable(True)
        self.show_button.setAccessibleName(_("Show the password"))
        self.hint_label = label("", "hint", wrap=True, name=f"{name}_hint")
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.line_edit, 1)
        line.addWidget(self.show_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(line)
        whole.addWidget(self.hint_label)
        self.setFocusProxy(self.line_edit)
        self.line_edit.installEventFilter(self)
        self.line_edit.returnPressed.connect(self.submitted)
        self.line_edit.textEdited.connect(self._tell)
        self.line_edit.caps_seen.connect(self._hint_caps)
        self.show_button.toggled.connect(self._show)

    def text(self) -> str:
        """Return what was typed."""
        return self.line_edit.text()

    def take(self) -> str:
        """Return what was typed and empty the field."""
        text = self.line_edit.text()
        self.clear()
        return text

    def clear(self) -> None:
        """Empty the field and hide again."""
        self.line_edit.clear()
        self.show_button.setChecked(False)

    def repeats(self, first: PassphraseEdit) -> bool:
        """Say whether this is what was typed first; if it is not, ask for it again."""
        if self.text() == first.text():
            return True
        self.set_problem(_("The two are not the same. Please type them again."))
        return False

    def set_problem(self, sentence: str) -> None:
        """Say what is wrong in place of the hint; '' takes it back."""
        from ui.kit import theme

        theme.set_state(self.hint_label, problem=bool(sentence))
        theme.set_state(self.line_edit, problem=bool(sentence))
        self.hint_label.setText(sentence or self._caps_words())

    def set_accessible_name(self, name: str) -> None:
        """Name the line, where a form has more than one."""
        self.line_edit.setAccessibleName(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the Caps Lock key itself; come into view when Enter led here or a problem did."""
        if isinstance(event, QFocusEvent) and event.gotFocus():
            if event.reason() == Qt.FocusReason.OtherFocusReason:
                bring_soon(self)
            return False
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_CapsLock
        ):
            self._hint_caps(not self._caps)
        return False

    def _tell(self) -> None:
        self.set_problem("")
        self.edited.emit()

    def _hint_caps(self, on: bool) -> None:
        self._caps = on
        self.hint_label.setText(self._caps_words())

    def _caps_words(self) -> str:
        return _("Caps Lock is on") if self._caps else ""

    def _show(self, on: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password
        self.line_edit.setEchoMode(mode)
        self.show_button.setText(_("Hide") if on else _("Show"))
