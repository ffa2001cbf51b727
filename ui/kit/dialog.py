"""Questions for what cannot be undone: a sentence, and verbs on the buttons."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from shelter_app.i18n import _, ngettext
from ui.kit import theme
from ui.kit.button import button, label

LEAST_REASON: Final = 10
LONGEST_REASON: Final = 2_000


class Dialog(QDialog):
    """A sentence that names what will happen, with two verbs; Esc is the safe answer."""

    def __init__(
        self, parent: QWidget | None, sentence: str, yes: str, no: str, *, dangerous: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dialog")
        self.setModal(True)
        self.setWindowTitle(" ")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        self.sentence_label = label(sentence, wrap=True, name="dialog_sentence")
        self.yes_button = button(yes, "dialog_yes", "danger" if dangerous else "primary")
        self.no_button = button(no, "dialog_no")
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.no_button)
        buttons.addWidget(self.yes_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 24, 24, 20)
        whole.setSpacing(16)
        whole.addWidget(self.sentence_label)
        whole.addLayout(self.body)
        whole.addLayout(buttons)
        self.setMinimumWidth(theme.size(380))
        self.setAccessibleName(sentence)
        self.yes_button.clicked.connect(self.accept)
        self.no_button.clicked.connect(self.reject)
        self._prefer(self.no_button if dangerous else self.yes_button)

    def showEvent(self, event: QShowEvent) -> None:
        """Be tall enough for what wraps: a window alone does not ask for it."""
        super().showEvent(event)
        self._be_tall_enough()

    def event(self, event: QEvent) -> bool:
        """Grow with an answer that comes while the question stands; nothing above is cut then."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._be_tall_enough()
        return done

    def _be_tall_enough(self) -> None:
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            wanted = layout.totalHeightForWidth(self.width())
            if wanted > self.height():
                self.resize(self.width(), wanted)

    def show_once(self) -> None:
        """Show without waiting for the answer; the dialog is gone once it was given."""
        self.finished.connect(self.deleteLater)
        self.open()

    def _prefer(self, first: QPushButton) -> None:
        first.setDefault(True)
        first.setFocus()

    @classmethod
    def ask(
        cls, parent: QWidget | None, sentence: str, yes: str, no: str, dangerous: bool = False
    ) -> bool:
        """Ask and return whether the answer was yes."""
        dialog = cls(parent, sentence, yes, no, dangerous=dangerous)
        answer = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return answer


class ReasonDialog(Dialog):
    """The same with a reason that is kept; yes waits until the reason says something."""

    def __init__(
        self,
        parent: QWidget | None,
        sentence: str,
        yes: str,
        no: str,
        *,
        dangerous: bool = False,
        prompt: str = "",
        least: int = LEAST_REASON,
    ) -> None:
        super().__init__(parent, sentence, yes, no, dangerous=dangerous)
        self._least = least
        self.prompt_label = label(prompt or _("Reason"), "field", name="reason_label")
        self.reason_edit = QPlainTextEdit()
        self.reason_edit.setObjectName("reason")
        self.reason_edit.setAccessibleName(self.prompt_label.text())
        self.reason_edit.setTabChangesFocus(True)
        self.reason_edit.setFixedHeight(theme.size(84))
        self.prompt_label.setBuddy(self.reason_edit)
        self.hint_label = label("", "hint", wrap=True, name="reason_hint")
        self.body.addWidget(self.prompt_label)
        self.body.addWidget(self.reason_edit)
        self.body.addWidget(self.hint_label)
        self.setTabOrder(self.reason_edit, self.no_button)
        self.setTabOrder(self.no_button, self.yes_button)
        self.reason_edit.textChanged.connect(self._check)
        self._check()
        self.reason_edit.setFocus()

    def reason(self) -> str:
        """Return the reason as typed, without stray ends."""
        return self.reason_edit.toPlainText().strip()[:LONGEST_REASON]

    def accept(self) -> None:
        """Close only with a reason."""
        if len(self.reason()) >= self._least:
            super().accept()

    @classmethod
    def ask(  # type: ignore[override]
        cls,
        parent: QWidget | None,
        sentence: str,
        yes: str = "",
        no: str = "",
        *,
        dangerous: bool = False,
        prompt: str = "",
        least: int = LEAST_REASON,
    ) -> str | None:
        """Ask and return the reason, or None when it was called off."""
        dialog = cls(
            parent,
            sentence,
            yes or _("Continue"),
            no or _("Go back"),
            dangerous=dangerous,
            prompt=prompt,
            least=least,
        )
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        reason = dialog.reason()
        dialog.deleteLater()
        return reason if agreed else None

    def _check(self) -> None:
        missing = self._least - len(self.reason())
        self.yes_button.setEnabled(missing <= 0)
        self.hint_label.setText(
            ngettext(
                "{count} more character, please: it will be read later.",
                "{count} more characters, please: it will be read later.",
                missing,
            ).format(count=missing)
            if missing > 0
            else _("This is kept with your name and the time.")
        )
