"""Buttons and lines of text in the program's few faces, named for tests and screen readers."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from ui.kit import theme

ButtonRole = Literal["plain", "primary", "danger", "small", "quiet", "icon", "link"]
_ICON_ROLES = {"primary": "on_teal", "danger": "on_brick", "link": "teal"}


class EnterButton(QPushButton):
    """A push button that Enter presses too when it has the focus, as Space does everywhere."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press on Enter; Qt does so only in dialogs and only for buttons it may make default."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            if not event.isAutoRepeat():
                (open_menu if self.menu() is not None else QPushButton.click)(self)
            return
        super().keyPressEvent(event)


def open_menu(made: QPushButton) -> None:
    """Open a button's menu by a key: its first entry is chosen, so that Enter takes it."""
    choose_first_soon(made.menu())
    made.showMenu()


def choose_first_soon(menu: QMenu) -> None:
    """Choose the first entry of a menu that is about to come; call it before it is shown."""
    # Showing the menu returns when it closes, so the choice is made from its own loop; on X11 a
    # popup that has just come forgets it again.
    for later in (0, 60, 160):
        QTimer.singleShot(later, menu, lambda: _choose_first(menu))


def _choose_first(menu: QMenu) -> None:
    """Choose the first entry, also of a menu that is filled as it comes."""
    first = next((each for each in menu.actions() if each.isEnabled() and each.isVisible()), None)
    if first is not None and menu.isVisible() and menu.activeAction() is None:
        menu.setActiveAction(first)


def button(
    text: str,
    name: str,
    role: ButtonRole = "plain",
    *,
    icon: str = "",
    shortcut: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """Return a push button; `icon` is a name from ui.kit.icons, shown beside the text."""
    made = EnterButton(text.replace("&", "&&"), parent)
    made.setObjectName(name)
    made.setProperty("role", role)
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon:
        _give_icon(made, icon, _ICON_ROLES.get(role, "ink"))
    if shortcut:
        made.setShortcut(QKeySequence(shortcut))
    return made


def icon_button(icon: str, spoken: str, name: str, *, parent: QWidget | None = None) -> QPushButton:
    """Return a button that shows an icon only; `spoken` is its accessible name and tooltip."""
    made = button("", name, "icon", icon=icon, parent=parent)
    made.setAccessibleName(spoken)
    made.setToolTip(spoken)
    made.setMinimumSize(theme.size(28), theme.size(28))
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def _give_icon(made: QPushButton, icon: str, role: str) -> None:
    from ui.kit import icons

    made.setIcon(icons.icon(icon, role))
    made.setIconSize(QSize(theme.size(20 if made.text() else 16), theme.size(16)))


class _WideEnough(QPushButton):
    """A chip as wide as its words need when it is down, so that pressing it moves nothing.

    Qt remembers the size of the state in which it was first asked, and down the words are stronger.
    """

    def sizeHint(self) -> QSize:
        """Return the size for the stronger words, with or without the thicker line of the focus."""
        hint = super().sizeHint()
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        words = self.text()
        wider = QFontMetrics(strong).horizontalAdvance(words)
        wider -= self.fontMetrics().horizontalAdvance(words)
        return QSize(hint.width() + max(0, wider) + 2 * theme.size(1), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Never be squeezed below that."""
        return self.sizeHint()


class _Toggle(_WideEnough, EnterButton):
    """The chip that Enter presses too."""


def toggle(
    text: str, name: str, *, on: bool = False, enter: bool = True, parent: QWidget | None = None
) -> QPushButton:
    """Return a button that stays down, for filters and several choices.

    Without `enter` only Space presses it, and Enter goes on to whoever holds it.
    """
    kind = _Toggle if enter else _WideEnough
    made = kind(text.replace("&", "&&"), parent)
    made.setObjectName(name)
    made.setAccessibleName(text)
    made.setProperty("kind", "toggle")
    made.setCheckable(True)
    made.setChecked(on)
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def label(
    text: str,
    face: str = "",
    *,
    wrap: bool = False,
    name: str = "",
    role: str = "",
    selectable: bool = False,
) -> QLabel:
    """Return a line of plain text in a face of the style sheet; never rich text."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if face:
        made.setProperty("face", face)
    if role:
        made.setProperty("role", role)
    if name:
        made.setObjectName(name)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def rule() -> QFrame:
    """Return a thin line between things."""
    made = QFrame()
    made.setProperty("kind", "rule")
    made.setFixedHeight(1)
    return made
