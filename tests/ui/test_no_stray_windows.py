"""No part of a page is shown before it has its place: it would be a window for a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests import busy_day
from tests.busy_day import MORNING, BusyDay
from tests.fixtures import House
from ui.kit import theme
from ui.main_window import MainWindow


class Watch(QObject):
    """Remembers which widgets were shown as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and not isinstance(watched, MainWindow)
        ):
            self.shown.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


@pytest.fixture
def day(house: House, clock_at: Callable[[datetime], None]) -> BusyDay:
    clock_at(MORNING)
    return busy_day.prepare(house)


@pytest.fixture
def watch(qapp: QApplication) -> Iterator[Watch]:
    made = Watch()
    qapp.installEventFilter(made)
    yield made
    qapp.removeEventFilter(made)


@pytest.mark.parametrize("role", ["manager", "counsellor", "social_worker", "legal_officer"])
def test_no_page_shows_a_part_as_a_window(
    house: House, day: BusyDay, watch: Watch, qtbot: QtBot, qapp: QApplication, role: str
) -> None:
    theme.apply(qapp, "light")
    window = MainWindow(house.desk(role))
    window.resize(1366, 768)
    window.show()
    qtbot.waitUntil(window.tasks.is_idle)
    person = day.people["Pendo"]
    for place in window.places:
        window.go(place, person.id if place in ("resident", "plan") else 0)
        qtbot.waitUntil(window.tasks.is_idle)
    window.go("resident", person.id)
    qtbot.waitUntil(window.tasks.is_idle)
    for tab in ("stay", "plan", "counselling", "court", "aftercare", "documents", "timeline"):
        window.go("resident", person.id, tab)
        qtbot.waitUntil(window.tasks.is_idle)
    for detail in ("breaches", "retention", "requests", "register", "leaving"):
        if "rights" in window.places:
            window.go("rights", 0, detail)
            qtbot.waitUntil(window.tasks.is_idle)
    for detail in ("computer", "covering", "deadlines", "program", "dictionary", "licences"):
        window.go("settings", 0, detail)
        qtbot.waitUntil(window.tasks.is_idle)
    window.hide()
    window.deleteLater()
    assert watch.shown == []
