"""The court pages as people use them: real widgets over a real vault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app.domain import charges
from shelter_app.domain.legal import (
    Accompaniment,
    Charge,
    CourtEvent,
    LegalCase,
    PoliceContact,
    Suspect,
)
from shelter_app.services import case_survivors, court
from shelter_app.services.changes import Changes
from shelter_app.services.work import Work
from tests.builders import a_court_event, a_legal_case, a_person
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features import court as feature
from ui.features.court.charge_picker import ChargePicker
from ui.features.court.court_page import CourtPage
from ui.kit.context import Context
from ui.kit.pill import Pill
from ui.kit.side_editor import SideEditor

MORNING = datetime(2026, 11, 23, 8, 0)
HEARING = datetime(2026, 11, 24, 9, 0)


@dataclass
class Opened:
    """A court page with the places it asked to go to."""

    page: CourtPage
    context: Context
    qtbot: QtBot
    gone: list[tuple[str, int, str]] = field(default_factory=list)

    def settle(self) -> None:
        self.qtbot.waitUntil(self.context.tasks.is_idle)
        QApplication.sendPostedEvents()

    def show(self, record_id: int, detail: str = "") -> None:
        self.page.show_record(record_id, detail)
        self.settle()

    def find(self, kind: type[Any], name: str) -> Any:
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def words(self, under: QWidget | None = None) -> str:
        shown = under or self.page
        labels = shown.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisibleTo(shown))

    def pills(self) -> list[str]:
        view = self.page.view
        return [pill.text() for pill in view.findChildren(Pill) if pill.isVisibleTo(view)]

    def save(self) -> None:
        self.page.view.editing.editor.save()
        self.settle()

    @property
    def form(self) -> Any:
        return self.page.view.editing.editor.form()


def open_page(house: House, qtbot: QtBot, role: str = "legal_officer") -> Opened:
    gone: Gone = []
    context = a_context(house, role, gone)
    page = feature.page(context)
    assert isinstance(page, CourtPage)
    qtbot.addWidget(page)
    page.resize(1160, 700)
    opened = Opened(page, context, qtbot, gone)
    context.tasks.changed.connect(lambda changes, _by: page.refresh(changes))
    page.show()
    opened.settle()
    return opened


def a_case(work: Work, **changes: Any) -> LegalCase:
    person = a_person(work, display_alias="Pendo", person_no="R-0207")
    values = {"court_case_no": "SO/E118/2026", "court_station": "MSA-SHANZU"} | changes
    return a_legal_case(work, person, **values)


def a_hearing(work: Work, case: LegalCase) -> CourtEvent:
    event = replace(court.new_court_event(work, case.id), type="testimony", starts_at=HEARING)
    return court.add_court_event(work, event)


@pytest.fixture
def case(house: House, clock_at: Callable[[datetime], None]) -> LegalCase:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        return a_case(work)


def test_enter_on_a_row_opens_the_case(house: House, qtbot: QtBot, case: LegalCase) -> None:
    opened = open_page(house, qtbot)
    opened.page.list.table.go_in()
    QTest.keyClick(opened.page.list.table, Qt.Key.Key_Return)
    assert opened.gone == [("court", case.id, "")]


def test_a_hearing_without_companion_says_so_in_the_list_and_on_the_page(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    with house.work("legal_officer") as work:
        a_hearing(work, case)
    opened = open_page(house, qtbot)
    model = opened.page.list.table.model()
    cells = [model.index(0, column).data() for column in range(model.columnCount())]
    opened.show(case.id)
    assert "Not assigned" in cells
    assert "Companion: not assigned" in opened.pills()
    assert "no companion yet" in opened.words(opened.page.view.course_card)


def test_the_heading_counts_the_accused_and_names_nobody(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    with house.work("legal_officer") as work:
        court.save_suspect(
            work,
            Suspect(
                legal_case_id=case.id, relationship="neighbour", status="arrested", name="Kazungu"
            ),
        )
    opened = open_page(house, qtbot)
    opened.show(case.id)
    assert opened.page.view.title_label.text() == "SO/E118/2026 · Republic v. accused 1"
    assert "Kazungu" not in opened.words()


def test_a_police_contact_with_a_promise_is_logged_and_settled(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    opened = open_page(house, qtbot)
    opened.show(case.id)
    opened.page.view.contact_button.click()
    opened.form.editor("summary").setPlainText("Asked for the file")
    opened.form.editor("promise").setText("Call back")
    opened.save()
    assert opened.form is not None, "the day of the promise is missing"
    opened.form.editor("next_on").set_value(date(2026, 11, 27))
    opened.save()
    assert opened.form is None
    assert "Promised: Call back" in opened.words(opened.page.view.police_card)
    opened.find(QPushButton, "PoliceCard_settled").click()
    opened.settle()
    with house.work("legal_officer") as work:
        contact = work.matching(PoliceContact, legal_case_id=case.id)[0]
    assert not contact.is_waiting()


def test_the_outcome_of_a_past_date_is_recorded_with_the_next_date(
    house: House, qtbot: QtBot, case: LegalCase, clock_at: Callable[[datetime], None]
) -> None:
    with house.work("legal_officer") as work:
        event = a_hearing(work, case)
    clock_at(HEARING + timedelta(hours=4))
    opened = open_page(house, qtbot)
    opened.page.activateWindow()
    opened.show(case.id)
    opened.find(QPushButton, "HearingsCard_outcome").click()
    form = opened.form
    form.editor("outcome").set_value("adjourned")
    form.editor("outcome").edited.emit()
    assert not form.editor("adjourn_reason").parentWidget().isHidden()
    form.editor("adjourn_reason").set_value("prosecutor")
    form.editor("next_at").set_value(datetime(2026, 12, 8, 9, 0))
    form.next_type.set_value("mention")
    opened.save()
    with house.work("legal_officer") as work:
        events = work.matching(CourtEvent, legal_case_id=case.id, order=("starts_at",))
    assert [(e.type, e.outcome) for e in events] == [
        ("testimony", "adjourned"),
        ("mention", "unknown"),
    ]
    assert events[0].id == event.id
    assert "Adjourned 1 time" in opened.words(opened.page.view.course_card)
    # The next step is to name who goes along to the next date.
    qtbot.waitUntil(lambda: _focused(opened.page) == "HearingsCard_companion")


def test_a_draft_of_an_outcome_keeps_what_the_next_date_is_for(
    house: House, qtbot: QtBot, case: LegalCase, clock_at: Callable[[datetime], None]
) -> None:
    with house.work("legal_officer") as work:
        a_hearing(work, case)
    clock_at(HEARING + timedelta(hours=4))
    opened = open_page(house, qtbot)
    opened.show(case.id)
    opened.find(QPushButton, "HearingsCard_outcome").click()
    form = opened.form
    assert not form.is_modified()
    form.next_type.set_value("mention")
    form.next_type.edited.emit()
    assert form.is_modified()
    draft = form.draft()
    form.set_record(form.record())
    assert form.next_type.value() == "testimony"
    form.restore(draft)
    assert form.next_type.value() == "mention"


def test_a_recorded_date_opens_as_a_correction_with_a_reason(
    house: House, qtbot: QtBot, case: LegalCase, clock_at: Callable[[datetime], None]
) -> None:
    with house.work("legal_officer") as work:
        event = a_hearing(work, case)
    clock_at(HEARING + timedelta(hours=4))
    with house.work("legal_officer") as work:
        court.record_outcome(work, replace(event, outcome="proceeded"))
    opened = open_page(house, qtbot)
    opened.show(case.id, str(event.id))
    opened.form.editor("outcome").set_value("part_heard")
    opened.save()
    assert opened.form is not None, "a correction without a reason was taken"
    opened.form.editor("amendment_reason").setText("Read the court file again")
    opened.save()
    with house.work("legal_officer") as work:
        assert work.get(CourtEvent, event.id).superseded


def test_a_companion_is_named_from_the_page(house: House, qtbot: QtBot, case: LegalCase) -> None:
    with house.work("legal_officer") as work:
        event = a_hearing(work, case)
    opened = open_page(house, qtbot)
    opened.show(case.id)
    opened.find(QPushButton, "HearingsCard_companion").click()
    opened.form.editor("staff_id").set_value(opened.context.actor.staff_id, "Legal Officer")
    opened.form.editor("staff_id").edited.emit()
    opened.settle()
    assert opened.form.editor("role").value() == "legal_officer"
    opened.save()
    with house.work("legal_officer") as work:
        going = work.matching(Accompaniment, court_event_id=event.id)
    assert [one.staff_id for one in going] == [opened.context.actor.staff_id]
    assert "Companion: not assigned" not in opened.pills()


def test_the_stage_the_facts_speak_for_is_set_with_one_button(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    with house.work("legal_officer") as work:
        court.save_suspect(
            work,
            Suspect(
                legal_case_id=case.id,
                relationship="neighbour",
                status="in_custody",
                arrested_on=date(2026, 11, 20),
            ),
        )
    opened = open_page(house, qtbot)
    opened.show(case.id)
    bar = opened.find(QWidget, "CaseView_stage_bar")
    assert bar.isVisible()
    bar.act_button.click()
    opened.settle()
    with house.work("legal_officer") as work:
        assert work.get(LegalCase, case.id).stage == "07_arrested"
    assert not bar.isVisible()


def test_five_months_without_an_arrest_are_said_on_the_page(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    with house.work("legal_officer") as work:
        court.save_case(work, replace(case, ob_date=date(2026, 6, 1)))
    opened = open_page(house, qtbot)
    opened.show(case.id)
    bar = opened.find(QWidget, "CaseView_clock_bar")
    assert "175 days since the report" in bar.text_label.text()
    assert "Five months" in bar.text_label.text()


def test_who_only_reads_has_no_buttons_to_change_and_a_locked_form(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    opened = open_page(house, qtbot, "social_worker")
    opened.show(case.id)
    view = opened.page.view
    shown = (view.contact_button, view.event_button, view.charges_card.add_button)
    assert not any(one.isVisible() for one in shown)
    view.facts_card.edit_button.click()
    opened.settle()
    assert not view.editing.editor.save_button.isVisible()


def test_a_new_case_is_opened_for_a_person(house: House, qtbot: QtBot) -> None:
    with house.work("legal_officer") as work:
        person = a_person(work)
    opened = open_page(house, qtbot)
    opened.show(person.id, "new")
    editor = opened.page.findChildren(SideEditor)[0]
    assert person.display_alias in editor.title_label.text()
    form: Any = editor.form()
    form.editor("ob_number").setText("12/2/9/2026")
    editor.save()
    opened.settle()
    with house.work("legal_officer") as work:
        cases = work.matching(LegalCase, person_id=person.id)
    assert [(one.stage, one.ob_number) for one in cases] == [("02_reported", "12/2/9/2026")]
    assert opened.gone == [("court", cases[0].id, "")]
    assert opened.page.list.table.current_id() == cases[0].id


def test_the_charge_list_offers_no_repealed_section_and_marks_unconfirmed_ones(
    qtbot: QtBot,
) -> None:
    picker = ChargePicker()
    qtbot.addWidget(picker)
    offered: list[tuple[str, str]] = []
    for act in range(1, picker.act_combo.count()):
        picker.act_combo.setCurrentIndex(act)
        picker.act_combo.activated.emit(act)
        combo: QComboBox = picker.section_combo
        offered += [(combo.itemData(i), combo.itemText(i)) for i in range(1, combo.count())]
    assert not any(charges.is_repealed(code) for code, _words in offered)
    marked = [words for code, words in offered if charges.confirmation_note(code)]
    assert marked
    assert all("to be confirmed by counsel" in words for words in marked)


def test_the_page_of_a_case_stays_where_it_is_scrolled_to_when_something_is_recorded(
    house: House, qtbot: QtBot
) -> None:
    with house.work("legal_officer") as work:
        case = a_legal_case(work, a_person(work))
        for day in range(1, 15):
            a_court_event(work, case, starts_at=work.now - timedelta(days=day))
    opened = open_page(house, qtbot)
    opened.page.resize(1166, 500)
    opened.show(case.id)
    bar = opened.page.view.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 100)
    bar.setValue(100)
    opened.page.view.refresh(Changes(frozenset({"charge"}), frozenset()))
    opened.settle()
    qtbot.wait(30)
    assert bar.value() == 100


def at_a_new_charge(house: House, qtbot: QtBot, case: LegalCase) -> Opened:
    """Open the form of a charge against the one suspect of the case."""
    with house.work("legal_officer") as work:
        court.save_suspect(
            work, Suspect(legal_case_id=case.id, relationship="neighbour", status="arrested")
        )
    opened = open_page(house, qtbot)
    opened.show(case.id, "charge")
    return opened


def test_what_was_typed_for_a_charge_survives_choosing_from_the_list(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    opened = at_a_new_charge(house, qtbot, case)
    form = opened.form
    form.editor("charge_text").setPlainText("As typed from the sheet")
    form.picker.set_code("SOA-3")
    form.picker.section_combo.activated.emit(form.picker.section_combo.currentIndex())
    opened.save()
    with house.work("legal_officer") as work:
        kept = work.matching(Charge, legal_case_id=case.id)
    assert [(c.charge_code, c.charge_text) for c in kept] == [("SOA-3", "As typed from the sheet")]


def test_choosing_an_act_and_a_section_accuses_nobody_of_an_empty_charge(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    opened = at_a_new_charge(house, qtbot, case)
    form = opened.form
    picker, hint = form.picker, form.findChild(QLabel, "charge_text_hint")
    picker.act_combo.setCurrentIndex(1)
    picker.act_combo.activated.emit(1)
    qtbot.waitUntil(lambda: not form._pause.isActive())
    assert hint.property("problem") is not True
    picker.section_combo.setCurrentIndex(1)
    picker.section_combo.activated.emit(1)
    qtbot.waitUntil(lambda: not form._pause.isActive())
    assert form.editor("charge_text").value()
    assert hint.property("problem") is not True


def test_the_resident_tab_shows_stage_next_date_and_missing_companion(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    with house.work("legal_officer") as work:
        a_hearing(work, case)
    opened = open_page(house, qtbot)
    tab = feature.resident_tab(opened.context, case.person_id)
    qtbot.addWidget(tab)
    tab.show()
    opened.settle()
    words = opened.words(tab)
    assert "Survivor testifies" in words
    assert "Not assigned" in words
    button = tab.findChild(QPushButton, "CourtTab_open")
    assert isinstance(button, QPushButton)
    button.click()
    assert opened.gone == [("court", case.id, "")]


def test_a_further_survivor_is_added_on_the_page(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    with house.work("manager") as work:
        other = a_person(work, display_alias="Zawadi", person_no="R-0300")
    opened = open_page(house, qtbot)
    opened.show(case.id)
    opened.page.view.survivors_card.add_button.click()
    form = opened.page.view.editing.editor.form()
    assert form is not None
    form.editor("person_id").set_value(other.id, "R-0300")  # type: ignore[call-arg, arg-type]
    opened.page.view.editing.editor.save()
    opened.settle()
    qtbot.waitUntil(lambda: "R-0300 “Zawadi”" in opened.words(opened.page.view.survivors_card))


def _focused(page: QWidget) -> str:
    held = page.focusWidget()
    return held.objectName() if held is not None else ""


def test_who_else_has_to_be_there_is_asked_and_each_has_company_of_her_own(
    house: House, qtbot: QtBot, case: LegalCase
) -> None:
    with house.work("legal_officer") as work:
        event = a_hearing(work, case)
        others = [
            a_person(work, display_alias=name, person_no=number)
            for name, number in (("Zawadi", "R-0300"), ("Neema", "R-0301"))
        ]
        for other in others:
            entry = case_survivors.new(work, case.id)
            case_survivors.save(work, replace(entry, person_id=other.id))
    opened = open_page(house, qtbot)
    opened.show(case.id, f"event:{event.id}")
    form = opened.form
    assert "‘She’ is R-0207 “Pendo”." in opened.words(form.who_holder)
    toggles = [opened.find(QPushButton, f"EventForm_attends_{place}") for place in (0, 1)]
    toggles.sort(key=lambda made: str(made.text()))
    assert [one.isChecked() for one in toggles] == [True, True]
    assert not form.is_modified()
    draft = form.draft()
    toggles[1].click()
    assert form.is_modified()
    form.restore(draft)
    assert not form.is_modified()
    toggles[1].click()
    opened.save()
    lines = opened.words(opened.page.view.hearings_card)
    assert "R-0300 “Zawadi”" in lines
    assert "R-0301 “Neema”" not in lines
    assert opened.pills().count("Companion: not assigned") == 2
    buttons = opened.page.view.hearings_card.findChildren(QPushButton, "HearingsCard_companion")
    seen = [one for one in buttons if one.isVisible()]
    assert len(seen) == 2
    seen[1].click()
    assert "Zawadi" in opened.page.view.editing.editor.title_label.text()
    opened.form.editor("companion_name").setText("Her aunt")
    opened.form.editor("companion_name").edited.emit()
    opened.save()
    with house.work("legal_officer") as work:
        (going,) = work.matching(Accompaniment)
        assert going.person_id == others[0].id
    assert opened.pills().count("Companion: not assigned") == 1
