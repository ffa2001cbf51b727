"""The page of one resident: what each role sees, the reveal, the editors, the tabs of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app.domain.consent import Consent
from shelter_app.domain.oversight import BreakGlass
from shelter_app.domain.person import Person, PersonBackground, SealedIdentity
from shelter_app.domain.risk import RiskAssessment
from shelter_app.domain.sealed_details import ConsentGiver
from shelter_app.domain.stay import Placement
from shelter_app.services import drafts, identity, residents
from tests.builders import a_court_event, a_legal_case, a_person, a_stay, minimal
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features import resident as feature
from ui.features.resident.identity_dialog import IdentityDialog
from ui.features.resident.page import ResidentView
from ui.features.resident.timeline_tab import TimelineTab
from ui.kit.context import Context, ResidentTab
from ui.kit.dialog import ReasonDialog
from ui.kit.page import Card, Pill
from ui.kit.record_form import RecordForm

W = TypeVar("W", bound=QWidget)


class CourtTab(QLabel):
    """Stands for another feature's tab."""

    def __init__(self, person_id: int) -> None:
        super().__init__(f"court of {person_id}")
        self.shown: list[tuple[int, str]] = []

    def show_record(self, record_id: int, detail: str) -> None:
        self.shown.append((record_id, detail))


@dataclass
class Opened:
    """A page open on a house for one worker."""

    house: House
    context: Context
    page: ResidentView
    qtbot: QtBot
    gone: list[tuple[str, int, str]] = field(default_factory=list)

    def settle(self) -> None:
        self.qtbot.waitUntil(self.context.tasks.is_idle)

    def show(self, person_id: int, detail: str = "") -> None:
        self.page.show_record(person_id, detail)
        self.settle()

    def press(self, name: str) -> None:
        self.one(QPushButton, name).click()
        self.settle()

    def one(self, kind: type[W], name: str) -> W:
        found = [w for w in self.page.findChildren(kind, name) if not w.isHidden()]
        assert found, name
        return found[-1]

    def pills(self) -> list[str]:
        return [pill.text() for pill in self.page.header.findChildren(Pill) if pill.isVisible()]

    def cards(self) -> set[str]:
        found = self.page.overview.findChildren(Card)
        return {card.objectName().removeprefix("Overview_") for card in found if card.isVisible()}

    def form(self) -> RecordForm[Any]:
        self.settle()
        found = self.page.side_editor.form()
        assert found is not None
        return found


Opening = Callable[..., Opened]


@pytest.fixture
def open_page(house: House, qtbot: QtBot) -> Opening:
    def opened(role: str = "manager") -> Opened:
        gone: Gone = []
        tab = ResidentTab("court", "Court", lambda _c, person: CourtTab(person), lambda _a: True)
        context = a_context(house, role, gone, (tab,))
        page = feature.page(context)
        assert isinstance(page, ResidentView)
        qtbot.addWidget(page)
        page.resize(1165, 714)
        context.tasks.changed.connect(lambda changes, _who: page.refresh(changes))
        page.show()
        return Opened(house, context, page, qtbot, gone)

    return opened


def pendo(house: House) -> int:
    with house.work("manager") as work:
        form = residents.new_resident(work)
        person = residents.create(
            work,
            replace(form.person, display_alias="Pendo", allergy_alert="Penicillin"),
            background=PersonBackground(birth_date=date(work.today.year - 16, 1, 1)),
            sealed=SealedIdentity(true_first_name="Wanjiku"),
            looked_for="Pendo",
        )
        stay = a_stay(work, person, admitted_at=work.now - timedelta(days=83))
        basis: Any = minimal(Placement, work.now, person=person.id, stay=stay.id)
        work.save(replace(basis, order_expires_on=work.today + timedelta(days=7)))
        work.save(minimal(Consent, work.now, person=person.id, staff=work.actor.staff_id))
        risk: Any = minimal(RiskAssessment, work.now, person=person.id, staff=work.actor.staff_id)
        residents.save_risk(work, risk)
        case = a_legal_case(work, person, court_case_no="SO/E118/2026")
        a_court_event(work, case)
        return person.id


def test_the_header_says_what_everybody_must_know(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id)
    assert opened.page.header.name_label.text() == "“Pendo”"
    assert opened.page.header.code_label.text() == "R-0001"
    assert opened.pills() == [
        "In residence · day 84",
        "Do not photograph",
        "Allergy: Penicillin",
        "Risk: medium",
        "Order expires in 7 days",
    ]


def test_each_role_sees_its_cards_only(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id)
    assert opened.cards() == {
        "situation",
        "court",
        "latest",
        "risk_assessment",
        "consent",
        "identity_document",
        "alias",
    }
    opened = open_page("house_mother")
    opened.show(person_id)
    assert opened.cards() == {"situation", "latest"}
    assert opened.page.header.show_button.isHidden()
    assert "Order expires in 7 days" not in opened.pills()


def test_the_true_name_is_nowhere_on_the_page(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id)
    texts = [label.text() for label in opened.page.findChildren(QLabel)]
    assert not any("Wanjiku" in text for text in texts)


def test_the_identity_shows_for_two_minutes_after_a_reason(
    house: House, open_page: Opening
) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id)
    opened.page.header.show_button.click()
    opened.settle()
    reason = opened.page.findChild(ReasonDialog)
    assert reason is not None
    reason.reason_edit.setPlainText("short")
    assert not reason.yes_button.isEnabled()
    reason.reason_edit.setPlainText("The magistrate asked for her name")
    reason.yes_button.click()
    opened.settle()
    shown = opened.page.findChild(IdentityDialog)
    assert shown is not None
    assert shown.seconds_left() == 120
    name = shown.findChild(QLabel, "IdentityDialog_true_first_name")
    assert isinstance(name, QLabel)
    assert name.text() == "Wanjiku"
    selectable = Qt.TextInteractionFlag.TextSelectableByMouse
    assert not name.textInteractionFlags() & selectable
    with house.work("manager") as work:
        rows = work.connection.exec_driver_sql(
            "SELECT count(*) FROM cases.audit WHERE action = 'break-glass'"
        )
        assert rows.scalar_one() == 1
    for _second in range(119):
        shown.clock_label.tick()
    assert shown.isVisible()
    assert shown.clock_label.text().endswith("0:01")
    shown.clock_label.tick()
    assert not shown.isVisible()


def test_the_notice_of_a_photograph_leads_to_the_question_for_a_reason(
    house: House, open_page: Opening
) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.page.show_record(person_id, "overview:sealed_identity:4711")
    opened.settle()
    reason = opened.page.findChild(ReasonDialog)
    assert reason is not None
    assert reason.isVisible()
    reason.reject()
    with house.work("manager") as work:
        assert work.rule_matching(BreakGlass) == []


def test_an_identity_is_corrected_from_where_it_was_shown(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("legal_officer")
    opened.show(person_id)
    with house.work("legal_officer") as work:
        sealed = identity.reveal(work, person_id, "The magistrate asked for her").identity
    opened.page.edit_identity(sealed)
    QTest.keyClicks(opened.form().editor("true_other_names"), "Njeri")
    opened.page.side_editor.save()
    opened.settle()
    assert not opened.page.side_editor.is_open()
    with house.work("legal_officer") as work:
        assert identity.reveal(work, person_id).identity.true_other_names == "Njeri"


def test_an_identity_left_open_closes_and_keeps_what_was_typed(
    house: House, open_page: Opening
) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id)
    with house.work("manager") as work:
        sealed = identity.reveal(work, person_id, "The magistrate asked for her").identity
    opened.page.edit_identity(sealed)
    QTest.keyClicks(opened.form().editor("true_other_names"), "Njeri")
    opened.page._close_identity()
    opened.settle()
    assert not opened.page.side_editor.is_open()
    with house.work("manager") as work:
        assert [w.place.table for w in drafts.mine(work)] == ["sealed_identity"]


def test_a_risk_assessment_is_added_from_its_card(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id)
    opened.press("Overview_add_risk_assessment")
    form = opened.form()
    for name, value in (("domain", "self_harm"), ("risk_level", "high")):
        editor: Any = form.editor(name)
        editor.set_value(value)
    opened.page.side_editor.save()
    opened.settle()
    assert "Risk: high" in opened.pills()
    with house.work("house_mother") as work:
        assert work.get(Person, person_id).risk_level == "high"


def test_a_working_name_is_changed_by_the_house_form(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id)
    opened.press("Overview_edit_person")
    editor: Any = opened.form().editor("display_alias")
    editor.set_value("Zawadi")
    opened.page.side_editor.save()
    opened.settle()
    assert opened.page.header.name_label.text() == "“Zawadi”"


def test_what_may_be_read_but_not_written_is_shown_without_saving(
    house: House, open_page: Opening
) -> None:
    person_id = pendo(house)
    opened = open_page("legal_officer")
    opened.show(person_id)
    opened.one(QPushButton, "Overview_consent_row").click()
    opened.settle()
    assert opened.page.side_editor.is_open()
    assert opened.page.side_editor.save_button.isHidden()
    assert not opened.page.findChildren(QPushButton, "Overview_add_consent")


def test_the_draft_of_a_new_consent_is_taken_up_again(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id)
    opened.press("Overview_add_consent")
    QTest.keyClicks(opened.form().editor("limits"), "Not her uncle")
    opened.page.side_editor.close_editor()
    opened.settle()
    with house.work("manager") as work:
        (waiting,) = drafts.mine(work)
    again = open_page("manager")
    again.show(waiting.place.record_id, "draft")
    assert again.form().record().limits == "Not her uncle"


def test_a_draft_without_a_record_goes_to_the_list(house: House, open_page: Opening) -> None:
    opened = open_page("manager")
    opened.show(0, "draft")
    assert opened.gone == [("residents", 0, "draft")]


def test_tabs_of_others_are_built_when_they_are_opened(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id)
    assert not opened.page.findChildren(CourtTab)
    opened.show(person_id, "court:legal_case:77")
    tab = opened.page.findChild(CourtTab)
    assert tab is not None
    assert tab.isVisible()
    assert tab.shown == [(77, "legal_case")]
    assert not opened.page.overview.isVisible()
    opened.page.tabs.set_current("overview")
    assert opened.page.overview.isVisible()
    assert not tab.isVisible()


def test_every_entry_of_the_timeline_opens_its_record(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id, "timeline")
    tab = opened.page.findChild(TimelineTab)
    assert tab is not None
    rows = tab.findChildren(QPushButton, "timeline_row")
    assert len(rows) >= 4
    for row in rows:
        row.click()
    assert len(opened.gone) == len(rows)
    assert {place for place, _id, _detail in opened.gone} <= {"resident", "court"}
    detail = next(d for p, _i, d in opened.gone if d.startswith("overview:consent"))
    opened.show(person_id, detail)
    assert isinstance(opened.form().loaded(), Consent)


def test_the_timeline_is_narrowed_by_kind(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id, "timeline")
    tab = opened.page.findChild(TimelineTab)
    assert tab is not None
    assert tab.chips is not None
    chip = tab.chips.findChild(QPushButton, "chip_court")
    assert isinstance(chip, QPushButton)
    chip.click()
    opened.settle()
    rows = [r for r in tab.findChildren(QPushButton, "timeline_row") if r.isVisible()]
    assert len(rows) == 1


def test_somebody_else_leaves_nothing_of_the_one_before(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    with house.work("manager") as work:
        other = a_person(work, display_alias="Zawadi")
    opened = open_page("manager")
    opened.show(person_id, "court")
    opened.show(other.id)
    assert opened.page.header.name_label.text() == "“Zawadi”"
    assert opened.cards() == {
        "situation",
        "latest",
        "risk_assessment",
        "consent",
        "identity_document",
        "alias",
    }
    assert opened.pills() == ["Not admitted yet", "Do not photograph"]


def test_a_file_closed_to_the_worker_says_so_plainly(house: House, open_page: Opening) -> None:
    with house.work("manager") as work:
        left = a_person(work)
        a_stay(
            work,
            left,
            state="S60_closed",
            admitted_at=work.now - timedelta(days=90),
            exited_at=work.now - timedelta(days=9),
        )
    opened = open_page("house_mother")
    opened.show(left.id)
    assert opened.page.closed.isVisible()
    assert opened.page.header.isHidden()
    assert opened.page.tabs.isHidden()


def test_the_menu_offers_what_the_worker_may_write(house: House, open_page: Opening) -> None:
    person_id = pendo(house)
    opened = open_page("manager")
    opened.show(person_id)
    tables = {table for _tab, table, _words in opened.page._menu_entries()}
    assert tables == {"risk_assessment", "consent", "identity_document", "alias", "legal_case"}
    opened = open_page("counsellor")
    opened.show(person_id)
    assert opened.page._menu_entries() == []
    assert opened.page.add_button.isHidden()


def test_admitting_is_offered_to_whom_it_concerns(house: House, open_page: Opening) -> None:
    pendo_id = pendo(house)
    with house.work("manager") as work:
        new = a_person(work, display_alias="Tunu")
    opened = open_page("house_mother")
    opened.show(new.id)
    assert opened.page._out_of_place() == "absence"
    opened.show(pendo_id)
    assert opened.page._out_of_place() == "stay"


def test_who_gave_a_consent_is_sealed_from_its_form_and_shown_with_the_identity(
    house: House, open_page: Opening
) -> None:
    person_id = pendo(house)
    with house.work("manager") as work:
        consent = work.matching(Consent, person_id=person_id)[0]
    opened = open_page("manager")
    opened.show(person_id, f"overview:consent:{consent.id}")
    opened.press("ResidentPage_sealed")
    form = opened.form()
    assert isinstance(form.loaded(), ConsentGiver)
    form.editor("giver_name").set_value("Her mother")  # type: ignore[arg-type]
    opened.page.side_editor.save()
    opened.settle()
    with house.work("manager") as work:
        kept = work.rule_find(ConsentGiver, consent.id)
        assert kept is not None
        assert kept.giver_name == "Her mother"
        shown = identity.reveal(work, person_id, "The court asked who agreed")
    dialog = IdentityDialog(shown, "Pendo", opened.page)
    words = "\n".join(one.text() for one in dialog.findChildren(QLabel))
    assert "Who gave it, by name" in words
    assert "Her mother" in words
    dialog.reject()
