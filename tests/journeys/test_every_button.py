"""Every button, menu line, tab and first row of every page is pressed once: none ends in a bug.

Nobody checks here what a press does; other tests do. What Python raises inside of a slot fails the
test, and so does a warning of Qt for Python, such as a number that does not fit into a signal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QPushButton,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from shelter_app import i18n
from tests import busy_day
from tests.busy_day import MORNING
from tests.fixtures import House
from ui.kit import theme
from ui.kit.side_editor import SideEditor
from ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("does not support", "QFileDialog", extend=True)

Press = tuple[tuple[str, ...], Callable[[], object]]
_CLOSE_EVERY = 30
_MOST_ON_A_PAGE = 120
_LONG = 20_000


@dataclass
class Visitor:
    """Somebody who presses everything there is, once, and closes whatever opens."""

    window: MainWindow
    qtbot: QtBot
    pressed: set[tuple[str, ...]] = field(default_factory=set)

    def visit(self, spot: str, come: Callable[[], object]) -> None:
        """Come to a place and press what was not pressed there yet, until nothing is left."""
        for _ in range(_MOST_ON_A_PAGE):
            come()
            self.settle()
            left = [press for press in self.presses(spot) if press[0] not in self.pressed]
            if not left:
                return
            name, press = left[0]
            self.pressed.add(name)
            press()
            self.settle()
            self.save_and_close(name)

    def page(self) -> QWidget:
        page = self.window.stack.currentWidget()
        assert page is not None
        return page

    def presses(self, spot: str) -> Iterator[Press]:
        page = self.page()
        for one in (*page.findChildren(QAbstractButton), *page.findChildren(QAbstractItemView)):
            if one.isVisible() and one.isEnabled():
                yield from _presses_of(one, spot)

    def save_and_close(self, name: tuple[str, ...]) -> None:
        """Save what a press opened as it stands, which is mostly refused, and close it."""
        for editor in self.window.findChildren(SideEditor):
            if editor.is_open():
                if (*name, "saved") not in self.pressed:
                    self.pressed.add((*name, "saved"))
                    editor.save()
                    self.settle()
                editor.close_editor()
        for dialog in self.window.findChildren(QDialog):
            dialog.reject()
        self.settle()

    def settle(self) -> None:
        self.qtbot.wait(1)
        self.qtbot.waitUntil(self.window.tasks.is_idle, timeout=_LONG)
        self.qtbot.wait(1)

    def tabs(self) -> list[str]:
        bar = self._tab_bar()
        if bar is None:
            return []
        return [str(bar.tabData(n)) for n in range(bar.count()) if bar.isTabVisible(n)]

    def go_to_tab(self, place: str, key: str) -> None:
        self.window.go(place)
        self.settle()
        bar = self._tab_bar()
        if bar is not None:
            places = [n for n in range(bar.count()) if str(bar.tabData(n)) == key]
            bar.setCurrentIndex(places[0] if places else bar.currentIndex())

    def _tab_bar(self) -> QTabBar | None:
        bars = self.page().findChildren(QTabBar)
        return next((bar for bar in bars if bar.isVisible()), None)


def _presses_of(one: QWidget, spot: str) -> Iterator[Press]:
    name = one.objectName().rstrip("0123456789").rstrip("_")
    if isinstance(one, QAbstractItemView):
        if one.model() is not None and one.model().rowCount():
            yield (spot, name or "table"), lambda: _enter_first_row(one)
        return
    assert isinstance(one, QAbstractButton)
    menu = one.menu() if isinstance(one, QPushButton) else None
    if menu is None:
        yield (spot, name or one.text()), one.click
        return
    for line in menu.actions():
        if line.isEnabled() and line.text():
            yield (spot, name, line.text()), line.trigger


def _enter_first_row(table: QAbstractItemView) -> None:
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)


@pytest.fixture
def own_settings(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Keep what is chosen here, language and size of text among it, from every later test."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


@pytest.fixture
def closing() -> Iterator[None]:
    """Close menus and dialogs that wait for an answer, as soon as they stand."""

    def close() -> None:
        waiting = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if isinstance(waiting, QDialog):
            waiting.reject()
        elif waiting is not None:
            waiting.close()

    timer = QTimer()
    timer.setInterval(_CLOSE_EVERY)
    timer.timeout.connect(close)
    timer.start()
    yield
    timer.stop()


@dataclass(frozen=True)
class Round:
    """A window of somebody's, and the visitor who goes around in it."""

    window: MainWindow
    visitor: Visitor
    day: busy_day.BusyDay


Begin = Callable[[str, str], Round]


@pytest.fixture
def begin(
    house: House,
    qtbot: QtBot,
    clock_at: Callable[[datetime], None],
    own_settings: None,
    closing: None,
) -> Iterator[Begin]:
    """Return what opens the window of a role in a language on a busy day."""
    windows: list[MainWindow] = []

    def opened(role: str, language: str) -> Round:
        clock_at(MORNING)
        day = busy_day.prepare(house)
        i18n.set_language(language)
        window = MainWindow(house.desk(role))
        windows.append(window)
        window.resize(1366, 768)
        window.show()
        return Round(window, Visitor(window, qtbot), day)

    yield opened
    for window in windows:
        window.hide()
        window.deleteLater()


every_role = pytest.mark.parametrize(
    ("role", "language"),
    [
        ("manager", "en"),
        ("social_worker", "sw"),
        ("counsellor", "en"),
        ("legal_officer", "sw"),
        ("house_mother", "sw"),
        ("dpo", "en"),
    ],
)


@every_role
def test_no_press_on_any_page_ends_in_a_bug(begin: Begin, role: str, language: str) -> None:
    here = begin(role, language)
    window, visitor = here.window, here.visitor
    for place in [key for key, found in window.places.items() if found.section is not None]:
        visitor.visit(place, partial(window.go, place))
        for tab in visitor.tabs():
            visitor.visit(f"{place} {tab}", partial(visitor.go_to_tab, place, tab))
    assert len(visitor.pressed) > 40


@every_role
def test_no_press_on_a_page_of_hers_or_of_a_case_ends_in_a_bug(
    begin: Begin, role: str, language: str
) -> None:
    here = begin(role, language)
    window, visitor = here.window, here.visitor
    if "resident" in window.places:
        pendo = here.day.people["Pendo"].id
        window.go("resident", pendo)
        visitor.settle()
        for tab in visitor.tabs():
            visitor.visit(f"resident {tab}", partial(window.go, "resident", pendo, tab))
    if "court" in window.places:
        visitor.visit("case", partial(window.go, "court", here.day.case_id))
    assert len(visitor.pressed) > 10 or role == "dpo"
