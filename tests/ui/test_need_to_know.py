"""Covering, openings and closed tabs as people meet them in the real windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from shelter_app.domain.oversight import BreakGlassSeen, Covering
from shelter_app.domain.person import SealedIdentity
from shelter_app.domain.staff import Staff
from shelter_app.services import identity
from tests.builders import a_person, a_stay
from tests.fixtures import House
from ui import openings
from ui.features.resident.page import ResidentView
from ui.kit import theme
from ui.main_window import MainWindow
from ui.openings import OpeningsDialog, OpeningsNotice

Opening = Callable[[str], MainWindow]
REASON = "The magistrate asked for her name"


@pytest.fixture
def opening(house: House, qtbot: QtBot, qapp: QApplication) -> Iterator[Opening]:
    made: list[MainWindow] = []

    def open_for(role: str) -> MainWindow:
        theme.apply(qapp, "light")
        window = MainWindow(house.desk(role))
        window.resize(1366, 768)
        window.show()
        openings.tell(window)
        qtbot.waitUntil(window.tasks.is_idle)
        made.append(window)
        return window

    yield open_for
    for window in made:
        window.hide()
        window.deleteLater()


def button_in(window: MainWindow, name: str) -> QPushButton:
    found = window.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def of_a_colleague(house: House) -> tuple[int, int]:
    with house.work("manager") as work:
        colleague = work.save(
            Staff(alias="Amina", roles=("social_worker",), started_on=work.today), by_program=True
        )
        person = a_person(work, display_alias="Pendo")
        a_stay(work, person, case_manager=colleague.id)
        return person.id, colleague.id


def tabs_of(window: MainWindow) -> set[str]:
    page = window.findChild(ResidentView)
    assert page is not None
    bar = page.tabs
    return {str(bar.tabData(n)) for n in range(bar.count()) if bar.isTabVisible(n)}


def test_a_manager_is_told_until_she_has_acknowledged(
    house: House, opening: Opening, qtbot: QtBot
) -> None:
    with house.work("manager") as work:
        person = a_person(work, display_alias="Pendo")
        a_stay(work, person)
        sealed = SealedIdentity(id=person.id, person_id=person.id, true_first_name="Wanjiku")
        work.save(sealed, by_program=True)
    with house.work("legal_officer") as work:
        identity.reveal(work, person.id, REASON)
    window = opening("manager")
    qtbot.waitUntil(lambda: window.findChild(OpeningsNotice) is not None)
    button_in(window, "OpeningsNotice_show").click()
    dialog = window.findChild(OpeningsDialog)
    assert dialog is not None
    told = [each.text() for each in dialog.findChildren(QLabel)]
    assert REASON in told
    assert any("Legal Officer" in text and person.person_no in text for text in told)
    button_in(window, "OpeningsDialog_seen").click()
    qtbot.waitUntil(window.tasks.is_idle)
    dialog.accept()
    qtbot.waitUntil(lambda: window.findChild(OpeningsNotice) is None)
    with house.work("manager") as work:
        assert len(work.rule_matching(BreakGlassSeen)) == 1


def test_a_colleagues_resident_has_no_closed_tabs(
    house: House, opening: Opening, qtbot: QtBot
) -> None:
    person_id, _colleague = of_a_colleague(house)
    window = opening("social_worker")
    assert window.top_bar.covering_label.isHidden()
    window.go("resident", person_id)
    qtbot.waitUntil(window.tasks.is_idle)
    assert tabs_of(window) == {"overview", "stay", "court", "timeline"}


def test_covering_opens_them_and_stands_in_the_header(
    house: House, opening: Opening, qtbot: QtBot
) -> None:
    person_id, colleague = of_a_colleague(house)
    me = house.staff_id("social_worker")
    with house.work("manager") as work:
        work.save(
            Covering(
                staff_id=colleague,
                covered_by=me,
                from_on=work.today,
                until_on=work.today + timedelta(days=3),
                reason="On leave",
            ),
            by_program=True,
        )
    window = opening("social_worker")
    qtbot.waitUntil(lambda: "Amina" in window.top_bar.covering_label.text())
    window.go("resident", person_id)
    qtbot.waitUntil(window.tasks.is_idle)
    assert {"plan", "counselling", "aftercare", "documents"} <= tabs_of(window)


def test_a_house_mother_has_no_counselling_anywhere(
    house: House, opening: Opening, qtbot: QtBot
) -> None:
    person_id, _colleague = of_a_colleague(house)
    window = opening("house_mother")
    assert "counselling" not in window.places
    window.go("resident", person_id)
    qtbot.waitUntil(window.tasks.is_idle)
    assert tabs_of(window) == {"overview", "stay", "timeline"}
