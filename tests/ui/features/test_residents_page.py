"""The list of residents and the way to a new one: real widgets over a real vault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from shelter_app.domain.person import Person, PersonBackground, SealedIdentity
from shelter_app.services import drafts
from tests.builders import a_person, a_stay
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features import residents as feature
from ui.features.residents.list_page import ResidentsPage
from ui.features.residents.look_first import LookFirst
from ui.features.residents.new_form import NewResidentEditor
from ui.kit.context import Context
from ui.kit.dialog import ReasonDialog
from ui.kit.page import RowButton


@dataclass
class Opened:
    """A page open on a house for one worker."""

    house: House
    context: Context
    page: ResidentsPage
    qtbot: QtBot
    gone: list[tuple[str, int, str]] = field(default_factory=list)

    def settle(self) -> None:
        self.qtbot.waitUntil(self.context.tasks.is_idle)

    def press(self, name: str) -> None:
        found = self.page.findChild(QPushButton, name)
        assert found is not None
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)
        self.settle()

    def chip(self, key: str) -> QPushButton:
        found = self.page.chips.findChild(QPushButton, f"chip_{key}")
        assert found is not None
        return found

    def names(self) -> list[str]:
        self.settle()
        model = self.page.table.model()
        for row in range(model.rowCount()):
            model.index(row, 0).data()
        self.settle()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def look(self) -> LookFirst:
        return self.page.findChildren(LookFirst)[-1]

    def look_for(self, text: str) -> None:
        look = self.look()
        look.search_box.setText(text)
        QTest.keyClick(look.search_box, Qt.Key.Key_Return)
        self.settle()

    def form(self) -> NewResidentEditor:
        self.qtbot.waitUntil(lambda: bool(self.page.findChildren(NewResidentEditor)))
        self.settle()
        return self.page.findChildren(NewResidentEditor)[-1]


Opening = Callable[..., Opened]


@pytest.fixture
def open_page(house: House, qtbot: QtBot) -> Opening:
    def opened(role: str = "social_worker") -> Opened:
        gone: Gone = []
        context = a_context(house, role, gone)
        page = feature.page(context)
        assert isinstance(page, ResidentsPage)
        qtbot.addWidget(page)
        page.resize(1165, 714)
        context.tasks.changed.connect(lambda changes, _who: page.refresh(changes))
        page.show()
        made = Opened(house, context, page, qtbot, gone)
        made.settle()
        return made

    return opened


def fill(house: House) -> None:
    with house.work("manager") as work:
        a_stay(work, a_person(work, display_alias="Zawadi"))
        a_stay(work, a_person(work, display_alias="Amani"))
        left = a_person(work, display_alias="Neema")
        a_stay(
            work,
            left,
            state="S55_aftercare",
            admitted_at=work.now - timedelta(days=90),
            exited_at=work.now - timedelta(days=9),
        )


def test_the_list_opens_on_those_in_residence_with_counts_on_the_chips(
    house: House, open_page: Opening
) -> None:
    fill(house)
    opened = open_page()
    assert opened.names() == ["Amani", "Zawadi"]
    assert opened.chip("in_residence").text().endswith(" 2")
    assert opened.chip("aftercare").text().endswith(" 1")
    assert opened.chip("not_admitted").isHidden()
    QTest.mouseClick(opened.chip("aftercare"), Qt.MouseButton.LeftButton)
    assert opened.names() == ["Neema"]


def test_typing_finds_in_spite_of_spelling(house: House, open_page: Opening) -> None:
    fill(house)
    opened = open_page()
    opened.page.chips.search_box.setText("sawdi")
    QTest.keyClick(opened.page.chips.search_box, Qt.Key.Key_Return)
    assert opened.names() == ["Zawadi"]


def test_a_search_that_looks_too_narrowly_offers_everybody(
    house: House, open_page: Opening
) -> None:
    fill(house)
    opened = open_page()
    opened.page.chips.search_box.setText("neema")
    QTest.keyClick(opened.page.chips.search_box, Qt.Key.Key_Return)
    assert opened.names() == []
    opened.press("empty_action")
    assert opened.names() == ["Neema"]
    assert opened.chip("all").isChecked()


def test_the_house_mother_has_no_chip_of_those_who_left(house: House, open_page: Opening) -> None:
    fill(house)
    opened = open_page("house_mother")
    assert opened.names() == ["Amani", "Zawadi"]
    for key in ("aftercare", "closed", "all"):
        assert opened.chip(key).isHidden()


def test_a_reader_finds_no_button_to_record_people(house: House, open_page: Opening) -> None:
    opened = open_page("counsellor")
    assert opened.page.new_button.isHidden()


def test_enter_opens_the_person(house: House, open_page: Opening) -> None:
    fill(house)
    opened = open_page()
    opened.names()
    opened.page.table.go_in()
    QTest.keyClick(opened.page.table, Qt.Key.Key_Return)
    (place, record_id, _detail) = opened.gone[-1]
    assert place == "resident"
    assert record_id == opened.page.table.current_id()


def test_nobody_is_recorded_before_somebody_looked(house: House, open_page: Opening) -> None:
    fill(house)
    opened = open_page()
    opened.press("ResidentsPage_new")
    assert not opened.look().none_button.isEnabled()
    opened.look_for("z")
    assert not opened.look().none_button.isEnabled()
    opened.look_for("sawadi")
    rows = opened.look().findChildren(RowButton)
    assert len(rows) == 1
    assert opened.look().none_button.isEnabled()
    QTest.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    opened.qtbot.waitUntil(lambda: bool(opened.gone))
    assert opened.gone[-1][0] == "resident"
    assert not opened.page.findChildren(NewResidentEditor)


def test_a_new_resident_is_saved_with_background_and_identity(
    house: House, open_page: Opening
) -> None:
    opened = open_page()
    opened.press("chip_all")
    opened.press("ResidentsPage_new")
    opened.look_for("Njoki")
    opened.press("LookFirst_none")
    form = opened.form()
    assert form.record().display_alias
    line = form.editor("display_alias")
    assert isinstance(line, QLineEdit)
    assert line.selectedText() == line.text()
    proposed = form.record().display_alias
    opened.press("NewResident_another")
    assert form.record().display_alias != proposed
    QTest.keyClicks(form.editor("allergy_alert"), "Nuts")
    for name, typed in (("birth_date", "4/3/2010"), ("true_first_name", "Wanjiku")):
        part = next(p for p in form._parts.values() if p.has_field(name))
        editor = part.editor(name)
        QTest.keyClicks(editor, typed)
    opened.press("editor_save")
    (place, person_id, _detail) = opened.gone[-1]
    assert place == "resident"
    assert opened.page.table.current_id() == person_id
    with house.work("social_worker") as work:
        person = work.get(Person, person_id)
        assert person.person_no == "R-0001"
        assert person.allergy_alert == "Nuts"
        kept = work.rule_find(SealedIdentity, person_id)
        assert kept is not None
        assert kept.true_first_name == "Wanjiku"
        assert work.get(PersonBackground, person_id).birth_date == date(2010, 3, 4)
        assert person.age_band
        assert drafts.mine(work) == ()


def test_what_was_typed_is_kept_in_the_most_closed_file_and_comes_back(
    house: House, open_page: Opening
) -> None:
    opened = open_page()
    opened.press("ResidentsPage_new")
    opened.look_for("Njoki")
    opened.press("LookFirst_none")
    sealed = opened.form()._parts["sealed"]
    QTest.keyClicks(sealed.editor("true_first_name"), "Wanjiku")
    opened.press("NewResident_another")
    proposed = opened.form().record().display_alias
    opened.press("editor_close")
    with house.work("social_worker") as work:
        (waiting,) = drafts.mine(work)
        assert waiting.place.table == "sealed_identity"
        for compartment in ("house", "cases"):
            count = work.connection.exec_driver_sql(f"SELECT count(*) FROM {compartment}.draft")
            assert count.scalar_one() == 0
    opened.page.show_record(0, "draft")
    opened.settle()
    identity = opened.form().sealed()
    assert identity is not None
    assert identity.true_first_name == "Wanjiku"
    assert opened.form().record().display_alias == proposed


def test_true_names_are_looked_at_with_a_reason_only(house: House, open_page: Opening) -> None:
    with house.work("manager") as work:
        person = a_person(work, display_alias="Pendo")
        work.save(
            SealedIdentity(id=person.id, person_id=person.id, true_first_name="Wanjiku"),
            by_program=True,
        )
    opened = open_page("social_worker")
    opened.press("ResidentsPage_new")
    opened.look_for("Wanjiku")
    assert not opened.look().findChildren(RowButton)
    opened.press("LookFirst_deeper")
    dialog = opened.page.findChild(ReasonDialog)
    assert dialog is not None
    assert not dialog.yes_button.isEnabled()
    dialog.reason_edit.setPlainText("Hospital asks who she is")
    QTest.mouseClick(dialog.yes_button, Qt.MouseButton.LeftButton)
    opened.settle()
    assert len(opened.look().findChildren(RowButton)) == 1


def test_the_house_mother_fills_in_what_the_house_knows_only(
    house: House, open_page: Opening
) -> None:
    opened = open_page("house_mother")
    opened.press("ResidentsPage_new")
    assert opened.look().deeper_button.isHidden()
    opened.look_for("Njoki")
    opened.press("LookFirst_none")
    assert opened.form().background() is None
    assert opened.form().sealed() is None
    opened.press("editor_save")
    assert opened.gone[-1][0] == "resident"
