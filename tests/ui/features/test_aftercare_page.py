"""Aftercare as people use it: the list, the card first, and what recording a contact asks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app.domain.aftercare import FollowupContact, SafeContact, SafeContactNumber
from shelter_app.services import aftercare
from shelter_app.services.work import Work
from tests.builders import a_person, a_stay
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features import aftercare as feature
from ui.features.aftercare.contacts_page import AftercarePage
from ui.features.aftercare.forms import CardForm, ContactForm
from ui.features.aftercare.person_view import AftercareTab
from ui.features.aftercare.safe_card import SHOWN_FOR, SafeContactCard
from ui.kit.context import Context
from ui.kit.page import Page


@dataclass
class Opened:
    """A house with the page of aftercare open on it."""

    house: House
    context: Context
    qtbot: QtBot
    page: AftercarePage
    gone: list[tuple[str, int, str]] = field(default_factory=list)

    def settle(self) -> None:
        self.qtbot.waitUntil(self.context.tasks.is_idle)

    def open(self, person_id: int) -> None:
        self.page.show_record(person_id, "")
        self.settle()

    def press(self, name: str) -> None:
        found = self.page.findChildren(QPushButton, name)
        QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)
        self.settle()

    def card(self) -> SafeContactCard:
        return self.page.editor.findChildren(SafeContactCard)[-1]

    def ask(self, function: Callable[..., Any], *args: Any) -> Any:
        return self.context.desk.ask(function, *args).result()


def words(widget: QWidget) -> str:
    return " | ".join(found.text() for found in widget.findChildren(QLabel) if found.isVisible())


def somebody(house: House, *, card: bool = True, days: int = -10) -> FollowupContact:
    """Save somebody who left, with a contact owed, and return the contact."""
    with house.work("manager") as work:
        return _left(work, card=card, days=days)


def _left(work: Work, *, card: bool, days: int) -> FollowupContact:
    person = a_person(work, display_alias="Neema")
    a_stay(
        work,
        person,
        state="S55_aftercare",
        admitted_at=work.now - timedelta(days=90),
        exited_at=work.now - timedelta(days=40),
    )
    if card:
        made = SafeContact(
            person_id=person.id,
            through="aunt",
            channel="phone_call",
            hours="Evenings only",
            never_say="The name of the house",
            agreed_on=work.today,
        )
        number = SafeContactNumber(person_id=person.id, phone="0711 000 111")
        aftercare.save_card(work, made, number)
    return work.save(
        FollowupContact(
            person_id=person.id,
            milestone="m1",
            due_on=work.today + timedelta(days=days),
            type="call",
        )
    )


@pytest.fixture
def opened(house: House, qtbot: QtBot) -> Callable[..., Opened]:
    def make(role: str = "manager") -> Opened:
        gone: Gone = []
        context = a_context(house, role, gone)
        page = feature.page(context)
        assert isinstance(page, AftercarePage)
        qtbot.addWidget(page)
        page.resize(1165, 714)
        context.tasks.changed.connect(lambda changes, _who: page.refresh(changes))
        page.show()
        made = Opened(house, context, qtbot, page, gone)
        made.settle()
        return made

    return make


def test_each_chip_lists_its_contacts_with_their_number(
    house: House, opened: Callable[..., Opened]
) -> None:
    late, coming = somebody(house), somebody(house, days=60)
    here = opened()
    chip = here.page.findChild(QPushButton, "chip_late")
    assert chip is not None
    assert chip.text() == "Late 1"
    here.press("chip_late")
    assert here.page.table.select_id(late.id)
    assert not here.page.table.select_id(coming.id)
    here.press("chip_coming")
    assert here.page.table.select_id(coming.id)


def test_choosing_a_line_shows_the_card_first(house: House, opened: Callable[..., Opened]) -> None:
    late = somebody(house)
    here = opened()
    here.press("chip_late")
    here.page.table.select_id(late.id)
    QTest.keyClick(here.page.table, Qt.Key.Key_Return)
    here.settle()
    here.qtbot.waitUntil(lambda: "Evenings only" in words(here.card()))
    assert "The name of the house" in words(here.card())
    assert "0711" not in words(here.page)


def test_the_number_is_shown_on_request_and_goes_away_by_itself(
    house: House, opened: Callable[..., Opened]
) -> None:
    late = somebody(house)
    here = opened()
    here.open(late.person_id)
    here.press("SafeContactCard_number")
    card = here.card()
    here.qtbot.waitUntil(lambda: "0711 000 111" in words(card))
    for _second in range(SHOWN_FOR):
        card.countdown_label.tick()
    assert "0711 000 111" not in words(card)
    assert card.number_button.isVisible()


def test_a_legal_officer_reads_and_records_nothing(
    house: House, opened: Callable[..., Opened]
) -> None:
    late = somebody(house)
    here = opened("legal_officer")
    here.open(late.person_id)
    names = {found.objectName() for found in here.page.editor.findChildren(QPushButton)}
    assert "PersonView_record" not in names
    assert not here.card().change_button.isVisible()


def test_without_a_card_the_form_asks_to_make_one(
    house: House, opened: Callable[..., Opened]
) -> None:
    late = somebody(house, card=False)
    here = opened()
    here.open(late.person_id)
    names = {found.objectName() for found in here.page.editor.findChildren(QPushButton)}
    assert "PersonView_record" not in names
    here.press("empty_action")
    form = here.page.editor.form()
    assert isinstance(form, CardForm)
    assert form.number_form is not None
    form.editor("channel").set_value("phone_call")  # type: ignore[arg-type]
    form.editor("hours").setText("Mornings")  # type: ignore[union-attr]
    form.number_form.editor("phone").setText("0722 000 222")  # type: ignore[union-attr]
    here.page.editor.save()
    here.settle()
    here.settle()
    here.qtbot.waitUntil(lambda: "Mornings" in words(here.card()))
    with house.work("manager") as work:
        assert aftercare.reveal_number(work, late.person_id).phone == "0722 000 222"


def contact_form(here: Opened, contact: FollowupContact) -> ContactForm:
    here.page.show_record(contact.person_id, str(contact.id))
    here.settle()
    here.settle()
    form = here.page.editor.form()
    assert isinstance(form, ContactForm)
    return form


def test_nothing_is_asked_before_how_it_went(house: House, opened: Callable[..., Opened]) -> None:
    here = opened()
    form = contact_form(here, somebody(house))
    assert not form.editor("housing_ok").isVisible()
    here.page.editor.save()
    assert "Please say how it went." in words(here.page.editor)
    here.press("ContactForm_reached")
    assert form.editor("housing_ok").isVisible()


def test_unsafe_stops_and_hides_every_question(house: House, opened: Callable[..., Opened]) -> None:
    here = opened()
    late = somebody(house)
    form = contact_form(here, late)
    here.press("ContactForm_unsafe_to_talk")
    assert "Stop here" in words(form)
    assert not form.editor("action").isVisible()
    here.page.editor.save()
    here.settle()
    here.settle()
    kept = here.ask(Work.get, FollowupContact, late.id)
    assert (kept.attempts, kept.done_on, kept.safe_to_talk) == (1, None, False)
    here.qtbot.waitUntil(lambda: "1 of 5 attempts" in words(here.page.editor))


def test_signs_of_exploitation_lead_to_the_plan(
    house: House, opened: Callable[..., Opened]
) -> None:
    here = opened()
    late = somebody(house)
    form = contact_form(here, late)
    here.press("ContactForm_reached")
    form.editor("reexploitation").set_value("suspected")  # type: ignore[arg-type]
    here.page.editor.save()
    here.settle()
    here.settle()
    here.qtbot.waitUntil(lambda: "Signs of new exploitation" in words(here.page.editor))
    found = [b for b in here.page.editor.findChildren(QPushButton, "message_act") if b.isVisible()]
    found[0].click()
    assert here.gone == [("resident", late.person_id, "plan")]


def test_her_own_call_fulfils_what_is_late(house: House, opened: Callable[..., Opened]) -> None:
    here = opened()
    late = somebody(house)
    here.open(late.person_id)
    here.press("PersonView_hers")
    here.press("ContactForm_reached")
    here.page.editor.save()
    here.settle()
    kept = here.ask(Work.get, FollowupContact, late.id)
    assert (kept.type, kept.result) == ("survivor_initiated", "reached")


def test_a_draft_of_a_contact_keeps_how_it_went(
    house: House, opened: Callable[..., Opened]
) -> None:
    here = opened()
    late = somebody(house)
    form = contact_form(here, late)
    here.press("ContactForm_reached")
    form.editor("action").setText("Visit next week")  # type: ignore[union-attr]
    form.editor("action").edited.emit()
    draft = form.draft()
    again = contact_form(here, dataclasses.replace(late))
    again.restore(draft)
    assert again.record().result == "reached"
    assert again.record().action == "Visit next week"


def test_the_tab_shows_the_same_card_and_list(
    house: House, opened: Callable[..., Opened], qtbot: QtBot
) -> None:
    late = somebody(house)
    here = opened()
    page = Page("Neema")
    qtbot.addWidget(page)
    tab = feature.resident_tab(here.context, late.person_id)
    assert isinstance(tab, AftercareTab)
    page.body.addWidget(tab)
    page.resize(1165, 714)
    page.show()
    here.settle()
    here.qtbot.waitUntil(lambda: "Evenings only" in words(tab))
    assert tab.findChild(QPushButton, f"contact_{late.id}") is not None


def test_the_contact_pressed_in_the_list_is_the_one_offered(
    house: House, opened: Callable[..., Opened]
) -> None:
    late = somebody(house, days=-300)
    with house.work("manager") as work:
        again = dataclasses.replace(late, id=0, revision=0, milestone="m12", due_on=work.today)
        due = work.save(again)
    here = opened()
    assert here.page.table.select_id(due.id)
    QTest.keyClick(here.page.table, Qt.Key.Key_Return)
    here.settle()
    here.qtbot.waitUntil(lambda: here.page.editor.findChild(SafeContactCard) is not None)
    here.settle()
    here.press("PersonView_record")
    form = here.page.editor.form()
    assert form is not None
    assert form.loaded().id == due.id


def test_a_contact_beside_the_schedule_is_planned_with_a_day(
    house: House, opened: Callable[..., Opened]
) -> None:
    late = somebody(house, days=0)
    here = opened()
    assert here.page.table.select_id(late.id)
    QTest.keyClick(here.page.table, Qt.Key.Key_Return)
    here.settle()
    here.qtbot.waitUntil(lambda: here.page.editor.findChild(SafeContactCard) is not None)
    here.settle()
    here.press("PersonView_plan")
    form = here.page.editor.form()
    assert form is not None
    here.page.editor.save()
    assert form.editor("due_on").hasFocus()
    assert late.due_on is not None
    tomorrow = late.due_on + timedelta(days=1)
    form.editor("due_on").set_value(tomorrow)  # type: ignore[arg-type]
    here.page.editor.save()
    here.settle()
    with house.work("social_worker") as work:
        planned = work.rule_matching(FollowupContact, due_on=tomorrow)
        assert len(planned) == 1
    assert here.page.table.current_id() == planned[0].id
