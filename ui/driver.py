"""Does the main job by itself through the real windows: `--drive DIR`.

Every step is a real key or click on a widget found by its name, and waits for what the window then
shows; each prints one line and leaves a picture. Nothing here reaches below the windows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QWidget,
)
from shiboken6 import isValid

from ui.kit.editors import LinkEdit

Ready = Callable[[], bool]
Steps = Iterator[Ready]


class Driven(Protocol):
    """What the hand needs of the program it drives: its windows."""

    @property
    def window(self) -> Any:
        """The window people look at, or None."""

    @property
    def main_window(self) -> Any:
        """The main window when somebody is signed in, or None."""


_LOOK_EVERY: Final = 20
_AGAIN_AFTER: Final = 50
_LONGEST_WAIT: Final = 60.0


class Stuck(Exception):
    """A step could not be done; the message names the step and the widget."""


class Hand(QObject):
    """Finds widgets by name, presses and types; acts outside the script, so dialogs may nest."""

    def __init__(self, program: Driven, folder: Path, say: Callable[[str], object]) -> None:
        super().__init__()
        self.program = program
        self.folder = folder
        self.pictures = 0
        self.missing = ""
        self.given_up = False
        self._say = say

    # Looking

    def all(self, name: str, kind: type[QWidget] = QWidget) -> list[QWidget]:
        """Return the visible widgets of a name, in all windows."""
        found: list[QWidget] = []
        for window in QApplication.topLevelWidgets():
            if window.isVisible():
                if window.objectName() == name and isinstance(window, kind):
                    found.append(window)
                found += [
                    w for w in window.findChildren(kind, name) if isValid(w) and w.isVisible()
                ]
        return found

    def there(self, name: str) -> Ready:
        """Return a condition: a widget of this name is visible and enabled."""
        return lambda: any(isValid(w) and w.isEnabled() for w in self.all(name))

    def gone(self, name: str) -> Ready:
        """Return a condition: no widget of this name is visible."""
        return lambda: not self.all(name)

    def find(self, name: str, text: str = "") -> QWidget:
        """Return the newest visible widget of a name, whose words contain a text."""
        for widget in reversed(self.all(name)):
            if (
                isValid(widget)
                and widget.isEnabled()
                and text.casefold() in words_of(widget).casefold()
            ):
                return widget
        raise Stuck(f"{name} {text}".strip())

    def quiet(self) -> bool:
        """Say whether every answer has been delivered and nothing more is under way."""
        window = self.program.main_window
        return window is None or window.tasks.is_idle()

    # Acting

    def click(self, name: str, text: str = "") -> Ready:
        """Click a widget; the condition is that the window came to rest."""
        return self._act(lambda: self.find(name, text), press_mouse)

    def tab(self, text: str) -> Ready:
        """Click a tab by its words."""

        def looking() -> tuple[QTabBar, QPoint]:
            window = self.program.window
            bars = window.findChildren(QTabBar) if window is not None else []
            for bar in [each for each in bars if each.isVisible()]:
                for index in range(bar.count()):
                    if bar.tabText(index).startswith(text):
                        return bar, bar.tabRect(index).center()
            raise Stuck(f"tab {text}")

        return self._act(looking, lambda found: press_mouse(found[0], at=found[1]))

    def choose(self, *words: str) -> Ready:
        """Choose the entry of the open menu that begins with one of these words."""

        def looking() -> tuple[QMenu, QPoint]:
            menu, entry = self.entry(words)
            return menu, menu.actionGeometry(entry).center()

        return self._act(looking, lambda found: press_mouse(found[0], at=found[1]))

    def entry(self, words: tuple[str, ...]) -> tuple[QMenu, QAction]:
        """Return the open menu and its entry that begins with one of these words."""
        menu = QApplication.activePopupWidget()
        for entry in menu.actions() if isinstance(menu, QMenu) else []:
            if isinstance(menu, QMenu) and entry.text().startswith(words):
                return menu, entry
        raise Stuck(f"menu {words[0]}")

    def key(self, name: str, key: Qt.Key, modifiers: int = 0) -> Ready:
        """Press a key in a widget, '' for whatever has the focus."""
        return self._act(lambda: self._target(name), lambda found: press_key(found, key, modifiers))

    def fill(self, name: str, value: str) -> Ready:
        """Type a value into a field, whatever kind of field it is."""

        def filling() -> None:
            widget = self.find(name)
            widget.window().activateWindow()
            fill(widget, value)

        return self._act(filling)

    def link(self, name: str, typed: str = "") -> Steps:
        """Type into a link, or open its list, and take the first that is found."""
        yield self.there(name)
        edit = self.find(name)
        if not isinstance(edit, LinkEdit):
            raise Stuck(name)
        edit.window().activateWindow()
        edit.setFocus(Qt.FocusReason.TabFocusReason)
        if typed:
            yield self._act(lambda: fill(edit, typed))
        else:
            yield self._act(lambda: press_key(edit, Qt.Key.Key_Down))
        yield lambda: bool(edit.choices_shown())
        yield self._act(lambda: press_key(edit, Qt.Key.Key_Return))

    def row(self, table: str, text: str) -> Ready:
        """Choose the row of a table whose first cells hold a text, with Enter."""

        def looking() -> QWidget:
            view = self.find(table)
            if not isinstance(view, QTableView):
                raise Stuck(table)
            model = view.model()
            for row in range(model.rowCount()):
                cells = [
                    str(model.index(row, column).data() or "")
                    for column in range(model.columnCount())
                ]
                if any(text in cell for cell in cells):
                    view.setCurrentIndex(model.index(row, 0))
                    return view
            raise Stuck(f"{table} {text}")

        return self._act(looking, lambda view: press_key(view, Qt.Key.Key_Return))

    def choose_folder(self, folder: Path) -> Ready:
        """Choose a folder in the open file dialog."""

        def looking() -> QFileDialog:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog):
                raise Stuck("file dialog")
            dialog.setDirectory(str(folder.resolve()))
            return dialog

        return self._act(looking, lambda dialog: press_key(dialog, Qt.Key.Key_Return))

    def choose_file(self, file: Path) -> Ready:
        """Choose a file in the open file dialog by its whole name."""

        def looking() -> QFileDialog:
            dialog = QApplication.activeModalWidget()
            line = dialog.findChild(QLineEdit) if isinstance(dialog, QFileDialog) else None
            if not isinstance(dialog, QFileDialog) or line is None:
                raise Stuck("file dialog")
            line.setText(str(file.resolve()))
            return dialog

        return self._act(looking, lambda dialog: press_key(dialog, Qt.Key.Key_Return))

    def do(self, act: Callable[[], object]) -> Ready:
        """Do something to a widget that was found otherwise."""
        return self._act(act)

    def _act(self, look: Callable[[], Any], press: Callable[[Any], object] | None = None) -> Ready:
        """Act from the event loop; what is not there yet is looked for again until it is."""
        done: list[bool] = []

        def acting() -> None:
            try:
                found = look()
            except Stuck as stuck:
                self.missing = str(stuck)
                if not self.given_up:
                    QTimer.singleShot(_AGAIN_AFTER, self, acting)
            else:
                done.append(True)
                if press is not None:
                    press(found)

        QTimer.singleShot(0, self, acting)
        return lambda: bool(done) and self.quiet()

    def _target(self, name: str) -> QWidget:
        if name:
            return self.find(name)
        focused = QApplication.focusWidget() or QApplication.activeWindow()
        if focused is None:
            raise Stuck("focus")
        return focused

    # Telling

    def tell(self, step: str, picture: str = "") -> None:
        """Print a step and keep a picture of the window as it is."""
        where = ""
        if picture:
            self.pictures += 1
            path = self.folder / f"{self.pictures:02d}-{picture}.png"
            window = QApplication.activeModalWidget() or self.program.window
            if self.program.window is not None:
                self.program.window.grab().save(str(path))
            if window is not None and window is not self.program.window:
                window.grab().save(str(path.with_name(f"{path.stem}-dialog.png")))
            where = f"  [{path.name}]"
        self._say(f"{step}{where}")


def close_dialogs() -> None:
    """Close what is still asking, so that the program can end."""
    for window in QApplication.topLevelWidgets():
        if isinstance(window, QDialog) and window.isVisible():
            window.reject()


def words_of(widget: QWidget) -> str:
    """Return what a widget says, to people or to a screen reader."""
    text = getattr(widget, "text", None)
    own = str(text()) if callable(text) else ""
    return f"{own} {widget.accessibleName()}"


def press_mouse(widget: QWidget, *, at: QPoint | None = None) -> None:
    """Press and release the left button in the middle of a widget, or at a point of it."""
    middle = at or QPoint(min(widget.width() // 2, widget.width() - 2), widget.height() // 2)
    if at is None and isinstance(widget, QAbstractButton):
        middle = QPoint(min(12, widget.width() // 2), widget.height() // 2)
    if not widget.hasFocus() and widget.focusPolicy() & Qt.FocusPolicy.ClickFocus:
        widget.setFocus(Qt.FocusReason.MouseFocusReason)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    press, release = QMouseEvent.Type.MouseButtonPress, QMouseEvent.Type.MouseButtonRelease
    where, on_screen = middle.toPointF(), widget.mapToGlobal(middle).toPointF()
    for kind, held in ((press, left), (release, none)):
        plain = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(widget, QMouseEvent(kind, where, on_screen, left, held, plain))


def press_key(widget: QWidget, key: Qt.Key, modifiers: int = 0, text: str = "") -> None:
    """Press and release one key in a widget."""
    held = Qt.KeyboardModifier(modifiers)
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, held, text))


def type_text(widget: QWidget, text: str) -> None:
    """Type a text, letter by letter."""
    for letter in text:
        if letter == "\n":
            press_key(widget, Qt.Key.Key_Return, text="\r")
        else:
            press_key(widget, Qt.Key.Key_unknown, text=letter)


def fill(widget: QWidget, value: str) -> None:
    """Type or choose a value in a field."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    if isinstance(widget, QComboBox):
        _choose(widget, value)
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        widget.selectAll()
        type_text(widget, value)
        if isinstance(widget, QLineEdit) and not isinstance(widget, LinkEdit):
            widget.editingFinished.emit()
    elif isinstance(widget, QAbstractButton):
        press_mouse(widget)
    else:
        _fill_inside(widget, value)


def _choose(box: QComboBox, value: str) -> None:
    wanted = value.casefold()
    texts = [box.itemText(row) for row in range(box.count())]
    exact = [row for row, text in enumerate(texts) if text.casefold() == wanted]
    row = next(iter(exact or [r for r, t in enumerate(texts) if wanted in t.casefold()]), -1)
    if row < 0:
        raise Stuck(f"{box.objectName()} {value}")
    line = box.lineEdit()
    if line is not None:
        line.selectAll()
        type_text(line, texts[row])
        for popup in _popups_of(box):
            popup.hide()
        press_key(line, Qt.Key.Key_Return)
        return
    way = Qt.Key.Key_Down if row > box.currentIndex() else Qt.Key.Key_Up
    for _step in range(abs(row - box.currentIndex())):
        press_key(box, way)


def _popups_of(box: QComboBox) -> list[QAbstractItemView]:
    """Return the list under a box that is typed into, when it has one."""
    completer = box.completer()
    popup = completer.popup() if completer is not None else None
    return [popup] if popup is not None else []


def _fill_inside(widget: QWidget, value: str) -> None:
    """Fill a field made of several widgets: pills by their words, else its first line."""
    for pill in widget.findChildren(QAbstractButton):
        if pill.isVisible() and pill.text().casefold().startswith(value.casefold()):
            press_mouse(pill)
            return
    box = widget.findChild(QComboBox)
    if box is not None and box.isVisible():
        _choose(box, value)
        return
    lines = [line for line in widget.findChildren(QLineEdit) if line.isVisible()]
    if not lines:
        raise Stuck(f"{widget.objectName()} {value}")
    for line, part in zip(lines, value.split("|"), strict=False):
        line.setFocus(Qt.FocusReason.TabFocusReason)
        line.selectAll()
        type_text(line, part)
        line.editingFinished.emit()


class Driver(QObject):
    """Takes one step after the other, each when the one before has shown its effect."""

    finished = Signal(bool)

    def __init__(self, hand: Hand, steps: Steps) -> None:
        super().__init__()
        self._hand = hand
        self._steps = steps
        self._ready: Ready = lambda: True
        self._since = perf_counter()
        self.trouble = ""
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self._look.timeout.connect(self._turn)

    def start(self) -> None:
        """Begin."""
        self._look.start()

    def _turn(self) -> None:
        try:
            if not self._ready():
                if perf_counter() - self._since > _LONGEST_WAIT:
                    raise Stuck(self._hand.missing or "waited too long")
                return
            self._hand.missing = ""
            self._ready = next(self._steps)
            self._since = perf_counter()
        except StopIteration:
            self._end(well=True)
        except Stuck as stuck:
            self._hand.given_up = True
            QTimer.singleShot(0, self, close_dialogs)
            self.trouble = str(stuck)
            self._hand.tell(f"stuck: {stuck}", "stuck")
            self._end(well=False)

    def _end(self, *, well: bool) -> None:
        self._look.stop()
        self.finished.emit(well)
