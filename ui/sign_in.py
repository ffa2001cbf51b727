"""The first window: choose your name, type your pass phrase. Light, because it must stand at once.

It loads nothing but Qt's widgets; the vault's libraries are loaded once it is painted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from shelter_app import i18n
from shelter_app.errors import (
    NotAllowed,
    NotAVault,
    NotPossible,
    VaultDamaged,
    VaultInUse,
    VaultReadOnly,
    VaultTooNew,
    WrongPassphrase,
)
from shelter_app.i18n import N_, _, ngettext
from ui import appearance
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.flow import FlowLayout
from ui.kit.passphrase_edit import PassphraseEdit
from ui.mark import Mark

if TYPE_CHECKING:
    from datetime import datetime

_SECOND: Final = 1_000
_PARTS: Final = {
    "keyring": N_("The key file of the records is damaged. Nothing was changed."),
    "office": N_("The part with settings, staff and partners is damaged. Nothing was changed."),
    "house": N_("The part with people, beds and stays is damaged. Nothing was changed."),
    "cases": N_("The part with the case files is damaged. Nothing was changed."),
    "counselling": N_("The part with the counselling notes is damaged. Nothing was changed."),
    "identity": N_("The part with the true names and addresses is damaged. Nothing was changed."),
}
_CALL_HELP: Final = N_("Please call the manager: a backup can bring the records back.")


class SignInCard(QFrame):
    """The card in the middle: name, pass phrase, what went wrong, and who can help."""

    submitted = Signal(str, str)
    language_wanted = Signal(str)
    sheet_wanted = Signal()
    restore_wanted = Signal()
    damage_wanted = Signal(str, str)
    """(part, slot): somebody wants to know what can be done about a damaged part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SignIn_card")
        self.setProperty("kind", "card")
        self.name_box = QComboBox()
        self.name_box.setObjectName("SignIn_name")
        self.phrase_edit = PassphraseEdit("SignIn_passphrase")
        self.unlock_button = button(_("Unlock"), "SignIn_unlock", "primary")
        self.unlock_button.setDefault(True)
        self.problem_label = label("", "hint", wrap=True, name="SignIn_problem")
        self.help_label = label("", "secondary", wrap=True, name="SignIn_help")
        self.restored_label = label("", "strong", wrap=True, name="SignIn_restored")
        self.restored_from: datetime | None = None
        self._expected = ""
        self.note: tuple[str, dict[str, str]] = ("", {})
        self.note_label = label("", "secondary", wrap=True, name="SignIn_note", selectable=True)
        self.busy_bar = QProgressBar()
        self.busy_bar.setObjectName("SignIn_busy")
        self.busy_bar.setRange(0, 0)
        self.busy_bar.setTextVisible(False)
        self.forgot_button = button(_("I forgot my password"), "SignIn_forgot", "link")
        self.sheet_button = button(_("Recovery sheet…"), "SignIn_sheet", "link")
        self.restore_button = button(_("Restore from a backup…"), "SignIn_restore", "link")
        self.damage_button = button(_("What can be done…"), "SignIn_damage")
        self.damage_button.hide()
        self._damaged = ""
        other = next(pair for pair in i18n.LANGUAGES if pair[0] != i18n.language())
        self.language_button = button(other[1], "SignIn_language", "link")
        self._language = other[0]
        self._wait = 0
        self._ticking = QTimer(self)
        self._ticking.setInterval(_SECOND)
        self._lay_out()
        for quiet in (self.restored_label, self.problem_label, self.help_label, self.note_label):
            quiet.hide()
        self.busy_bar.hide()
        self.unlock_button.clicked.connect(self._submit)
        self.phrase_edit.submitted.connect(self._submit)
        self.name_box.currentIndexChanged.connect(self._other_name)
        self.forgot_button.clicked.connect(self._explain)
        self.sheet_button.clicked.connect(self.sheet_wanted)
        self.restore_button.clicked.connect(self.restore_wanted)
        self.damage_button.clicked.connect(self._ask_about_damage)
        self.language_button.clicked.connect(lambda: self.language_wanted.emit(self._language))
        self._ticking.timeout.connect(self._tick)

    def _lay_out(self) -> None:
        name_label = label(_("Your name"), "field")
        name_label.setBuddy(self.name_box)
        self.name_box.setAccessibleName(name_label.text())
        phrase_label = label(_("Password"), "field")
        phrase_label.setBuddy(self.phrase_edit.line_edit)
        links = QHBoxLayout()
        links.addWidget(self.forgot_button)
        links.addStretch(1)
        links.addWidget(self.language_button)
        side = theme.size(32)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(side, min(theme.size(32), 40), side, min(theme.size(28), 36))
        whole.setSpacing(theme.size(6))
        whole.addLayout(_brand())
        whole.addSpacing(theme.size(12))
        whole.addWidget(label(_("Sign in"), "page-title", name="SignIn_title"))
        whole.addWidget(label(_("This computer keeps its records locked."), "mute", wrap=True))
        whole.addWidget(self.restored_label)
        whole.addSpacing(theme.size(14))
        whole.addWidget(name_label)
        whole.addWidget(self.name_box)
        whole.addSpacing(theme.size(8))
        whole.addWidget(phrase_label)
        whole.addWidget(self.phrase_edit)
        whole.addWidget(self.problem_label)
        whole.addWidget(self.damage_button)
        whole.addSpacing(theme.size(10))
        whole.addWidget(self.unlock_button)
        whole.addWidget(self.busy_bar)
        whole.addWidget(self.note_label)
        whole.addWidget(self.help_label)
        whole.addSpacing(theme.size(6))
        whole.addLayout(links)
        ways_back = FlowLayout(spacing=4)
        ways_back.addWidget(self.sheet_button)
        ways_back.addWidget(self.restore_button)
        whole.addLayout(ways_back)

    # What the program says

    def expect(self, alias: str) -> None:
        """Offer somebody first, who was let in by a recovery sheet a moment ago."""
        self._expected = alias

    def set_ways(self, ways: Sequence[tuple[str, str]]) -> None:
        """Offer the names that can sign in, as (slot, alias)."""
        self.name_box.clear()
        for slot_id, alias in ways:
            self.name_box.addItem(alias, slot_id)
        self.name_box.setCurrentIndex(max(0, self.name_box.findText(self._expected)))
        self.set_busy(False)
        self.phrase_edit.setFocus()

    def set_restored(self, made_at: datetime | None) -> None:
        """Say that the records come from a backup and from when; None says nothing."""
        self.restored_from = made_at
        if made_at is not None:
            from ui.kit.day_text import show_moment

            said = _("These records were restored from the backup of {moment}.")
            self.restored_label.setText(said.format(moment=show_moment(made_at, weekday=True)))
        self.restored_label.setVisible(made_at is not None)

    def set_note(self, text: str, **values: str) -> None:
        """Say something under the button that stays, such as the demo's pass phrase.

        It is given untranslated, so that the card of another language says the same.
        """
        self.note = (text, values)
        self.note_label.setText(_(text).format(**values) if text else "")
        self.note_label.setVisible(bool(text))

    def set_busy(self, busy: bool) -> None:
        """Show that the pass phrase is being tried; it takes a second on purpose."""
        self.busy_bar.setVisible(busy)
        self.unlock_button.setText(_("Unlocking…") if busy else _("Unlock"))
        ready = not busy and self.name_box.count() > 0 and not self._wait
        self.unlock_button.setEnabled(ready)
        self.phrase_edit.setEnabled(not busy)
        self.name_box.setEnabled(not busy)

    def show_failure(self, error: BaseException) -> None:
        """Say what went wrong, beside the field for a wrong pass phrase, and never mix the two."""
        self._wait = error.wait_seconds if isinstance(error, WrongPassphrase) else 0
        self.set_busy(False)
        if not isinstance(error, WrongPassphrase):
            self._say(_sentence(error))
            self._damaged = error.part if isinstance(error, VaultDamaged) else ""
            self.damage_button.setVisible(isinstance(error, VaultDamaged))
            return
        self.phrase_edit.set_problem(_wrong(error.wait_seconds))
        self.phrase_edit.setFocus()
        self.phrase_edit.line_edit.selectAll()
        if self._wait:
            self._ticking.start()

    def clear(self) -> None:
        """Forget what was typed."""
        self.phrase_edit.clear()

    # What the person does

    def _submit(self) -> None:
        slot_id = self.name_box.currentData()
        if not self.unlock_button.isEnabled() or not slot_id:
            return
        if not self.phrase_edit.text():
            self.phrase_edit.set_problem(_("Please type your password."))
            return
        self.phrase_edit.set_problem("")
        self._say("")
        self.set_busy(True)
        self.submitted.emit(str(slot_id), self.phrase_edit.text())

    def _other_name(self) -> None:
        self._wait = 0
        self._ticking.stop()
        self._say("")
        self.phrase_edit.set_problem("")
        self.phrase_edit.clear()
        self.set_busy(False)

    def _ask_about_damage(self) -> None:
        self.damage_wanted.emit(self._damaged, str(self.name_box.currentData() or ""))

    def _explain(self) -> None:
        self.help_label.setText(
            _(
                "Nobody can look up a password, not even the manager. A manager signs in on this "
                "computer and lets you type a new one. If no manager can sign in, the recovery "
                "sheet R in its sealed envelope makes a new manager; sheet C gives the key of the "
                "counselling notes: “Recovery sheet…”, below."
            )
        )
        self.help_label.setVisible(self.help_label.isHidden())

    def _tick(self) -> None:
        self._wait -= 1
        if self._wait > 0:
            self.phrase_edit.set_problem(_wrong(self._wait))
            return
        self._wait = 0
        self._ticking.stop()
        self.phrase_edit.set_problem("")
        self.set_busy(False)

    def _say(self, text: str) -> None:
        self.damage_button.hide()
        self.problem_label.setText(text)
        self.problem_label.setVisible(bool(text))
        theme.set_state(self.problem_label, problem=bool(text))


class SignInWindow(QWidget):
    """The whole first window; it says when it is painted, so that the rest may load."""

    painted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SignIn")
        self.setWindowTitle(appearance.chosen().title)
        self.setMinimumSize(480, 320)
        self._said_painted = False
        self.card = SignInCard()
        self.card.setFixedWidth(min(theme.size(420), 760))
        self._middle = QHBoxLayout()
        self._middle.addStretch(1)
        self._middle.addWidget(self.card)
        self._middle.addStretch(1)
        holder = QWidget()
        holder.setProperty("kind", "page-body")
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 8, 0, 8)
        inner.addStretch(1)
        inner.addLayout(self._middle)
        inner.addStretch(1)
        area = QScrollArea()  # large text on a small screen, with a sentence about a trouble
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def rebuild(self) -> SignInCard:
        """Make the card again in the language in use; what was typed is kept."""
        old = self.card
        fresh = SignInCard()
        fresh.setFixedWidth(min(theme.size(420), 760))
        self._middle.replaceWidget(old, fresh)
        fresh.set_ways(
            [
                (str(box.itemData(i)), box.itemText(i))
                for box in (old.name_box,)
                for i in range(box.count())
            ]
        )
        fresh.name_box.setCurrentIndex(old.name_box.currentIndex())
        fresh.phrase_edit.line_edit.setText(old.phrase_edit.text())
        fresh.set_restored(old.restored_from)
        text, values = old.note
        fresh.set_note(text, **values)
        old.hide()
        old.deleteLater()
        self.card = fresh
        return fresh

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the window with the quiet colour of the side list."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("side"))
        painter.end()
        if not self._said_painted:
            self._said_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget the pass phrase when the window goes."""
        self.card.clear()
        super().hideEvent(event)


def _brand() -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(theme.size(10))
    line.addWidget(Mark(26))
    line.addWidget(label(appearance.chosen().title, "card-title"), 1)
    return line


def _sentence(error: BaseException) -> str:
    """Return what to say at the door; each trouble has its own words."""
    if isinstance(error, VaultDamaged):
        part = _PARTS.get(
            error.part, N_("One part of the records is damaged. Nothing was changed.")
        )
        return f"{_(part)} {_(_CALL_HELP)}"
    if isinstance(error, NotPossible) and error.args:
        return _(str(error.args[0]))
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return _(sentence)
    return _("The records could not be opened. Nothing was changed. Please tell the manager.")


def _wrong(seconds: int) -> str:
    if not seconds:
        return _("That is not the password for this name. Nothing is lost; try again.")
    return ngettext(
        "That is not the password for this name. You can try again in {count} second.",
        "That is not the password for this name. You can try again in {count} seconds.",
        seconds,
    ).format(count=seconds)


_SENTENCES: Final = (
    (
        VaultInUse,
        N_(
            "The records are open in another window of this program. Close or lock that one, "
            "then try again."
        ),
    ),
    (
        VaultTooNew,
        N_(
            "These records were last used with a newer version of the program. Nothing was "
            "touched. Please install the newer version."
        ),
    ),
    (
        VaultReadOnly,
        N_(
            "The computer does not let the program write into its folder, so nobody can sign in. "
            "Nothing was changed. Please ask whoever looks after the computer."
        ),
    ),
    (NotAVault, N_("The records are not where they were. Nothing was changed.")),
    (NotAllowed, N_("This account was closed. A manager can open a new one.")),
)
