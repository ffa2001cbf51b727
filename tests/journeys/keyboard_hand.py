"""A hand without a mouse: it reaches everything by Tab and arrow keys, and says how far it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QWidget,
)
from shiboken6 import isValid

from ui.driver import Hand, Ready, Steps, Stuck, words_of
from ui.kit.editors import LinkEdit
from ui.kit.side_editor import SideEditor

_MOST_STOPS: Final = 200
_ARROWS: Final = (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Right)


class KeyboardHand(Hand):
    """Does every step by keys alone; `far` lists from where, to what, in how many presses."""

    def __init__(self, program: object, folder: Path, say: Callable[[str], object]) -> None:
        super().__init__(program, folder, say)  # type: ignore[arg-type]
        self.far: list[tuple[str, str, int]] = []

    def click(self, name: str, text: str = "") -> Ready:
        """Go to a widget and press it: Space on a button, Enter on anything else."""

        def reaching() -> Qt.Key:
            wanted = self.find(name, text)
            self.reach(wanted)
            button = isValid(wanted) and isinstance(wanted, QAbstractButton)
            return Qt.Key.Key_Space if button else Qt.Key.Key_Return

        return self._act(reaching, _press)

    def double_click(self, name: str, text: str = "") -> Ready:
        """Open what a double click opens, with Enter."""

        def reaching() -> Qt.Key:
            self.reach(self.find(name, text))
            return Qt.Key.Key_Return

        return self._act(reaching, _press)

    def tab(self, text: str) -> Ready:
        """Go to the row of tabs and along it."""

        def choosing() -> None:
            bar, index = self._bar_with(text)
            self.reach(bar)
            way = Qt.Key.Key_Right if index > bar.currentIndex() else Qt.Key.Key_Left
            for _press_number in range(abs(index - bar.currentIndex())):
                _press(way)

        return self.do(choosing)

    def _bar_with(self, text: str) -> tuple[QTabBar, int]:
        window = self.program.window
        for bar in window.findChildren(QTabBar) if window is not None else []:
            for index in range(bar.count()) if bar.isVisible() else []:
                if bar.tabText(index).startswith(text):
                    return bar, index
        raise Stuck(f"tab {text}")

    def choose(self, *words: str) -> Ready:
        """Go down the open menu to an entry and take it."""

        def reaching() -> Qt.Key:
            menu, entry = self.entry(words)
            for _press_number in menu.actions():
                if menu.activeAction() is entry:
                    return Qt.Key.Key_Return
                QTest.keyClick(menu, Qt.Key.Key_Down)
            raise Stuck(f"menu {words[0]}: the arrow keys do not reach it")

        return self._act(reaching, _press)

    def fill(self, name: str, value: str) -> Ready:
        """Go to a field and type or choose."""
        return self.do(lambda: self._enter(self.find(name), value))

    def link(self, name: str, typed: str = "") -> Steps:
        """Type into a link, or open its list, and take the first that is found."""
        yield self.there(name)
        edit = self.find(name)
        if not isinstance(edit, LinkEdit):
            raise Stuck(name)
        yield self.do(lambda: self.reach(edit))
        yield self.do(lambda: _type(typed) if typed else _press(Qt.Key.Key_Down))
        yield lambda: bool(edit.choices_shown())
        yield self.do(lambda: _press(Qt.Key.Key_Return))

    def row(self, table: str, text: str) -> Ready:
        """Go to a table, down to the row with a text, and open it."""

        def reaching() -> Qt.Key:
            view = self.find(table)
            if not isinstance(view, QTableView):
                raise Stuck(table)
            model = view.model()
            rows = range(model.rowCount())
            cells = {
                row: " ".join(
                    str(model.index(row, column).data() or "")
                    for column in range(model.columnCount())
                )
                for row in rows
            }
            wanted = next((row for row in rows if text in cells[row]), -1)
            if wanted < 0:
                raise Stuck(f"{table} {text}")
            self.reach(view)
            while view.currentIndex().row() != wanted:
                before = view.currentIndex().row()
                _press(Qt.Key.Key_Down if before < wanted else Qt.Key.Key_Up)
                if view.currentIndex().row() == before:
                    raise Stuck(f"{table}: the arrow keys do not move")
            return Qt.Key.Key_Return

        return self._act(reaching, _press)

    def choose_folder(self, folder: Path) -> Ready:
        """Type a folder into the open file dialog."""

        def choosing() -> Qt.Key:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog):
                raise Stuck("file dialog")
            line = dialog.findChild(QLineEdit, "fileNameEdit")
            if line is None:
                raise Stuck("file name")
            self.reach(line)
            _type_over(str(folder.resolve()))
            return Qt.Key.Key_Return

        return self._act(choosing, _press)

    # Reaching

    def reach(self, wanted: QWidget) -> None:
        """Go from wherever the focus is to a widget; Stuck when Tab never comes by."""
        window = wanted.window()
        if not window.isActiveWindow():
            window.activateWindow()
            raise Stuck(f"{wanted.objectName()}: its window is not in front")
        begun_at = QApplication.focusWidget()
        begun, name = begun_at.objectName() if begun_at is not None else "", wanted.objectName()
        self._leave_editor(begun_at, wanted)
        for presses in range(_MOST_STOPS):
            focused = QApplication.focusWidget()
            if focused is not None and _holds(wanted, focused):
                self.far.append((begun, name, presses))
                return
            if focused is not None and self._along(focused, wanted):
                self.far.append((begun, name, presses + 1))
                return
            if presses > 1 and focused is begun_at:
                break
            _press(Qt.Key.Key_Tab)
        raise Stuck(f"{wanted.objectName()}: Tab never reaches it")

    def _leave_editor(self, held: QWidget | None, wanted: QWidget) -> None:
        """Close an editor that was left open with Esc, as Tab stays inside of it."""
        for editor in wanted.window().findChildren(SideEditor):
            inside = held is not None and editor.isAncestorOf(held)
            if editor.is_open() and inside and not editor.isAncestorOf(wanted):
                _press(Qt.Key.Key_Escape)

    def _along(self, focused: QWidget, wanted: QWidget) -> bool:
        """Go along a group by arrow keys, which is one stop for Tab."""
        if not isinstance(wanted, QAbstractButton) or not isinstance(focused, QAbstractButton):
            return False
        if focused.parentWidget() is not wanted.parentWidget():
            return False
        if wanted.focusPolicy() & Qt.FocusPolicy.TabFocus and not wanted.autoExclusive():
            return False
        for key in _ARROWS:
            before = None
            while before is not QApplication.focusWidget():
                before = QApplication.focusWidget()
                _press(key)
                if not isValid(wanted) or wanted.hasFocus():
                    return True
        return False

    # Filling

    def _enter(self, widget: QWidget, value: str) -> None:
        self.reach(widget)
        focused = QApplication.focusWidget()
        if isinstance(widget, QComboBox):
            _choose(widget, value)
        elif isinstance(widget, QLineEdit | QPlainTextEdit):
            _type_over(value)
        elif isinstance(widget, QAbstractButton):
            _press(Qt.Key.Key_Space)
        elif isinstance(focused, QComboBox):
            _choose(focused, value)
        elif isinstance(focused, QAbstractButton):
            self._press_pill(widget, value)
        else:
            for number, part in enumerate(value.split("|")):
                if number:
                    lines = [each for each in widget.findChildren(QLineEdit) if each.isVisible()]
                    self.reach(lines[number])
                _type_over(part)

    def _press_pill(self, widget: QWidget, value: str) -> None:
        for pill in widget.findChildren(QAbstractButton):
            if pill.isVisible() and words_of(pill).casefold().startswith(value.casefold()):
                self.reach(pill)
                if not pill.isChecked():
                    _press(Qt.Key.Key_Space)
                return
        raise Stuck(f"{widget.objectName()} {value}")


def _holds(wanted: QWidget, focused: QWidget) -> bool:
    """Say whether the focus is where keys reach a widget: on it, its proxy or inside it."""
    if focused is wanted or wanted.focusProxy() is focused:
        return True
    composite = not isinstance(wanted, QAbstractButton | QTabBar)
    return composite and wanted.isAncestorOf(focused)


def _focused() -> QWidget:
    focused = QApplication.focusWidget()
    if focused is None:
        raise Stuck("nothing has the focus")
    return focused


def _press(key: Qt.Key) -> None:
    """Press a key where the focus is, through the shortcuts of the window as on a real keyboard."""
    QTest.keyClick(QApplication.activePopupWidget() or _focused(), key)


def _type(text: str) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            _press(Qt.Key.Key_Return)
        QTest.keyClicks(_focused(), line)


def _type_over(text: str) -> None:
    QTest.keySequence(_focused(), "Ctrl+A")
    _type(text)


def _choose(box: QComboBox, value: str) -> None:
    """Type into a box that takes typing, else go along its entries."""
    wanted = value.casefold()
    texts = [box.itemText(row) for row in range(box.count())]
    exact = [row for row, text in enumerate(texts) if text.casefold() == wanted]
    row = next(iter(exact or [r for r, t in enumerate(texts) if wanted in t.casefold()]), -1)
    if row < 0:
        raise Stuck(f"{box.objectName()} {value}")
    if box.isEditable():
        _type_over(texts[row])
        _press(Qt.Key.Key_Return)
        return
    way = Qt.Key.Key_Down if row > box.currentIndex() else Qt.Key.Key_Up
    for _press_number in range(abs(row - box.currentIndex())):
        _press(way)
