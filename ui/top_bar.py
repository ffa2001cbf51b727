"""The line above the page: find anything, what the program is doing, lock, and + New."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QWidget

from shelter_app.i18n import _
from ui.kit import icons, theme
from ui.kit.button import button, label, open_menu
from ui.kit.pill import Pill
from ui.kit.row import RowButton
from ui.navigation import NewAction


class FindBox(QLineEdit):
    """Looks like a search box and opens the palette with whatever is typed into it."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("TopBar_find")
        self.setProperty("kind", "search")
        self.setPlaceholderText(_("Find a resident, case number, contact…"))
        self.setAccessibleName(_("Find a resident, case number, contact…"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        key = label("Ctrl K", "key", name="TopBar_find_key")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, theme.size(8), 0)
        line.addStretch(1)
        line.addWidget(key, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setTextMargins(0, 0, key.sizeHint().width() + theme.size(8), 0)
        self.setMinimumHeight(theme.size(34))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the palette."""
        self.wanted.emit("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the palette with what was typed; Tab goes on as everywhere."""
        text = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.wanted.emit("")
        elif text and text.isprintable():
            self.wanted.emit(text)
        else:
            event.ignore()


class TopBar(QFrame):
    """The frame above the page."""

    find_wanted = Signal(str)
    lock_wanted = Signal()
    backup_wanted = Signal()
    new_wanted = Signal(str)

    def __init__(self, actions: Sequence[NewAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("TopBar")
        self.setProperty("kind", "topbar")
        self.find_box = FindBox()
        self.find_box.setMaximumWidth(theme.size(380))
        self.status_label = label("", "secondary", name="TopBar_status")
        self.backup_pill = Pill("", "soon")
        self.backup_button = RowButton("")
        self.backup_button.setObjectName("TopBar_backup")
        self.backup_button.add(self.backup_pill)
        self.backup_button.hide()
        self.covering_label = label("", "secondary", name="TopBar_covering", role="soon")
        self.covering_label.hide()
        self.lock_button = button("", "TopBar_lock")
        self.lock_button.setAccessibleName(_("Lock"))
        self.lock_button.setToolTip(_("Cover the screen and lock (F12)"))
        self._key = label("F12", "key", name="TopBar_lock_key")
        self.new_button = button(_("New"), "TopBar_new", "primary", icon="add")
        self.menu = self._menu(actions)
        if not actions:
            self.new_button.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(20, 10, 20, 10)
        line.setSpacing(theme.size(12))
        line.addWidget(self.find_box, 3)
        line.addStretch(1)
        line.addWidget(self.covering_label)
        line.addWidget(self.status_label)
        line.addWidget(self.backup_button)
        line.addWidget(self.lock_button)
        line.addWidget(self.new_button)
        self._fit_lock_button()
        self.find_box.wanted.connect(self.find_wanted)
        self.lock_button.clicked.connect(self.lock_wanted)
        self.backup_button.clicked.connect(self.backup_wanted)

    def set_status(self, text: str) -> None:
        """Say quietly what the program is doing."""
        self.status_label.setText(text)

    def set_backup(self, text: str, role: str) -> None:
        """Say that the last backup is too old; '' says nothing. It leads to the backups."""
        if text:
            self.backup_pill.show_as(text, role)
        self.backup_button.setAccessibleName(text)
        self.backup_button.setToolTip(_("Open the page of the backups") if text else "")
        self.backup_button.setVisible(bool(text))

    def set_covering(self, text: str) -> None:
        """Say for whom the worker stands in today; '' says nothing."""
        self.covering_label.setText(text)
        self.covering_label.setToolTip(text)
        self.covering_label.setVisible(bool(text))

    def open_menu(self) -> None:
        """Open the + New menu under its button."""
        if self.new_button.isVisible():
            open_menu(self.new_button)

    def _menu(self, actions: Sequence[NewAction]) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("TopBar_menu")
        for each in actions:
            entry = menu.addAction(icons.icon(each.icon), _(each.label))
            entry.setObjectName(f"TopBar_new_{each.key}")
            entry.triggered.connect(lambda _on=False, key=each.key: self.new_wanted.emit(key))
        self.new_button.setMenu(menu)
        return menu

    def _fit_lock_button(self) -> None:
        """Put the word and the key's name into the button, as on the drawing."""
        word = label(_("Lock"), name="TopBar_lock_word")
        inside = QHBoxLayout(self.lock_button)
        inside.setContentsMargins(theme.size(13), 0, theme.size(10), 0)
        inside.setSpacing(theme.size(6))
        for each in (word, self._key):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        wide = inside.sizeHint().width()
        self.lock_button.setMinimumSize(wide, theme.size(34))
