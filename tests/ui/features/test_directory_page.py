"""The directory of partners, as those who write it and those who only look something up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from shelter_app.domain.partner import Partner
from shelter_app.services import search
from shelter_app.services.changes import Changes
from tests.builders import minimal
from tests.contexts import a_context
from tests.fixtures import House
from ui.features.directory import DirectoryPage
from ui.navigation import places_for


@pytest.fixture
def opened(house: House, qtbot: QtBot) -> Callable[[str], DirectoryPage]:
    def make(role: str) -> DirectoryPage:
        context = a_context(house, role)
        page = DirectoryPage(context)
        qtbot.addWidget(page)
        page.resize(1150, 690)
        page.show()
        qtbot.waitUntil(context.tasks.is_idle)
        return page

    return make


def _partner(house: House) -> Partner:
    with house.work("manager") as work:
        made = minimal(Partner, work.now)
        assert isinstance(made, Partner)
        return work.save(
            Partner(
                name="Coast Clinic",
                type=made.type,
                phone="0712 000 111",
                contact_name="Asha",
                contact_phone="0712 000 222",
            )
        )


def _field(page: DirectoryPage, kind: type[Any], name: str) -> Any:
    form = page.side_editor.form()
    return (form or page.side_editor).findChild(kind, name)


def test_a_partner_is_written_down_and_found(
    house: House, opened: Callable[[str], DirectoryPage], qtbot: Any
) -> None:
    _partner(house)
    page = opened("social_worker")
    page.chips.search_box.setText("klinic")
    qtbot.waitUntil(lambda: page.table.count() == 1)
    qtbot.mouseClick(page.new_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.side_editor.form() is not None)
    qtbot.keyClicks(_field(page, QLineEdit, "name"), "Harbour School")
    kind = _field(page, QComboBox, "type")
    kind.setCurrentIndex(1)
    kind.activated.emit(1)
    page.side_editor.save()
    qtbot.waitUntil(lambda: not page.side_editor.is_open())
    page.refresh(Changes(frozenset({Partner.table}), frozenset()))
    qtbot.waitUntil(lambda: page.table.count() == 2)
    assert page.chips.text() == ""
    qtbot.waitUntil(lambda: page.table.currentIndex().siblingAtColumn(0).data() == "Harbour School")
    page.chips.search_box.setText("klinic")
    qtbot.waitUntil(lambda: page.table.count() == 1)


def test_a_house_mother_reads_the_phone_but_not_the_contact_of_casework(
    house: House, opened: Callable[[str], DirectoryPage], qtbot: Any
) -> None:
    partner = _partner(house)
    page = opened("house_mother")
    assert not page.new_button.isVisible()
    page.show_record(partner.id, "")
    qtbot.waitUntil(page.side_editor.is_open)
    assert page.side_editor.form() is None
    assert _field(page, QLineEdit, "phone").isReadOnly()
    assert _field(page, QLineEdit, "contact_name") is None


def test_a_case_worker_sees_whom_to_ask_for_and_her_phone(
    house: House, opened: Callable[[str], DirectoryPage], qtbot: Any
) -> None:
    partner = _partner(house)
    page = opened("social_worker")
    page.show_record(partner.id, "")
    qtbot.waitUntil(page.side_editor.is_open)
    assert _field(page, QLineEdit, "contact_name").text() == "Asha"
    assert _field(page, QLineEdit, "contact_phone").text() == "0712 000 222"


def test_the_palette_leads_to_a_partner(house: House) -> None:
    partner = _partner(house)
    with house.work("house_mother") as work:
        (group,) = search.everything(work, "coast")
    assert [(one.place, one.record_id) for one in group.lines] == [("directory", partner.id)]


@pytest.mark.parametrize("role", ["house_mother", "legal_officer", "manager"])
def test_everybody_has_the_directory_in_the_side_list(house: House, role: str) -> None:
    places = {place.key: place for place in places_for(house.desk(role).actor)}
    assert places["directory"].section is not None
