"""Data protection as manager, data protection lead and counsellor use it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from shelter_app import clock
from shelter_app.domain.breach import Breach
from shelter_app.domain.legal import Suspect
from shelter_app.domain.retention import Erasure
from shelter_app.domain.rights import DataSubjectRequest
from shelter_app.services import breaches, court, retention, rights
from shelter_app.services.purge import Listed
from shelter_app.storage import keyring_file
from tests.builders import a_legal_case, a_person, a_stay
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features.rights.erasures_card import ErasuresCard
from ui.features.rights.keep_dialog import KeepDialog
from ui.features.rights.lines_card import Line
from ui.features.rights.requests_view import AnswerDialog
from ui.features.rights.rights_page import CounsellingParts, RightsPage, page
from ui.features.rights.writing_out import PhraseDialog
from ui.kit.card import EmptyState
from ui.kit.dialog import Dialog, ReasonDialog
from ui.kit.message_bar import MessageBar
from ui.navigation import places_for

LONG = 15_000


class Opened:
    def __init__(self, house: House, qtbot: QtBot, role: str) -> None:
        self.went: Gone = []
        context = a_context(house, role, self.went)
        self.tasks, self.qtbot = context.tasks, qtbot
        self.page: Any = page(context)
        qtbot.addWidget(self.page)
        self.page.resize(1150, 690)
        self.page.show()
        self.settle()

    def settle(self) -> None:
        """Wait for every answer; lines that were taken out go with the next turn of the loop."""
        self.qtbot.waitUntil(self.tasks.is_idle, timeout=LONG)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def offers(self, name: str) -> bool:
        found = self.page.findChildren(QPushButton, name)
        return any(each.isVisibleTo(each.parentWidget()) for each in found)

    def press(self, name: str) -> None:
        found = self.page.findChildren(QPushButton, name)
        assert found, name
        found[-1].click()
        self.settle()


Opening = Callable[[str], Opened]


@pytest.fixture
def opened(house: House, qtbot: QtBot) -> Opening:
    return lambda role: Opened(house, qtbot, role)


def _save(at: Opened, editor: Any) -> None:
    editor.save_button.click()
    at.settle()


def test_the_place_is_for_those_who_keep_the_registers(house: House) -> None:
    for role, there in (("manager", True), ("dpo", True), ("counsellor", True)):
        assert ("rights" in {p.key for p in places_for(house.desk(role).actor)}) is there
    for role in ("social_worker", "house_mother", "nurse", "me_officer", "sysadmin"):
        assert "rights" not in {p.key for p in places_for(house.desk(role).actor)}


def test_a_request_is_registered_with_its_day_and_refused_with_its_reason(
    house: House, opened: Opening
) -> None:
    at = opened("dpo")
    at.page.new_request_button.click()
    at.settle()
    form = at.page.requests.side_editor.form()
    form.editor("type").set_value("access")
    form.editor("by").set_value("guardian")
    form.editor("id_checked").set_value(True)
    form.editor("implicated").set_value(True)
    _save(at, at.page.requests.side_editor)
    assert at.page.requests.table.count() == 1
    at.page.requests.table.go_in()
    at.settle()
    assert "connected with the harm" in at.page.requests.detail.warning_label.text()
    with house.work("dpo") as work:
        found = rights.register(work)[0]
    dialog = AnswerDialog(at.page, found)
    at.qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.decision_combo is dialog.focusWidget()
    QTest.keyClick(dialog.decision_combo, Qt.Key.Key_Tab)
    assert dialog.reason_edit is dialog.focusWidget()
    QTest.keyClick(dialog.reason_edit, Qt.Key.Key_Tab)
    assert dialog.no_button is dialog.focusWidget()
    offered = [dialog.decision_combo.itemData(i) for i in range(dialog.decision_combo.count())]
    assert offered == ["refused", "withdrawn"]
    at.page.requests.answer(found.request.id, "refused", "He is named in the case")
    at.settle()
    with house.work("dpo") as work:
        assert rights.get(work, found.request.id).decision == "refused"


def test_her_paper_is_saved_from_the_page(house: House, opened: Opening, tmp_path: Path) -> None:
    with house.work("manager") as work:
        person = a_person(work, person_no="R-0207")
        rights.save(
            work,
            DataSubjectRequest(
                received_on=work.today,
                type="access",
                by="self",
                person_code="R-0207",
                id_checked=True,
                third_party_excluded=True,
            ),
        )
    at = opened("manager")
    at.page.requests.table.go_in()
    at.settle()
    assert "request_paper" in at.page.requests.detail.buttons
    at.press("request_file")
    assert at.went == [("resident", person.id, "")]
    at.page.requests.save_paper(at.page.requests.table.current_id(), tmp_path)
    at.settle()
    assert list(tmp_path.glob("request-*.pdf"))
    assert "Saved" in at.page.bar.text_label.text()
    at.page.tabs.set_current("breaches")
    at.page.tabs.chosen.emit("breaches")
    assert not at.page.bar.isVisibleTo(at.page)


def test_a_breach_runs_its_clock_until_the_commissioner_is_told(
    house: House, opened: Opening, tmp_path: Path
) -> None:
    at = opened("dpo")
    at.page.tabs.set_current("breaches")
    at.page.new_breach_button.click()
    at.settle()
    form = at.page.breaches.side_editor.form()
    form.editor("at").set_value(form.loaded().aware_at)
    form.editor("severity").set_value("high")
    form.editor("what").set_value("A stick was lost")
    form.editor("data_kinds").set_value("Rooms of five residents")
    form.editor("location_exposed").set_value(True)
    form.editor("action").set_value("Keys were changed")
    form.editor("advice").set_value("Sleep elsewhere tonight")
    _save(at, at.page.breaches.side_editor)
    assert at.page.breaches.table.count() == 1
    assert at.page.breaches.table.current_id()
    assert "left" in at.page.breaches.detail.warning_label.text()
    at.page.breaches.table.go_in()
    at.settle()
    assert "left" in at.page.breaches.detail.warning_label.text()
    shown = {label.text() for label in at.page.breaches.detail.findChildren(QLabel)}
    assert {"Rooms of five residents", "Sleep elsewhere tonight"} <= shown
    assert "The place of the house may be known" in shown
    number = at.page.breaches.table.current_id()
    at.page.breaches.save_notice(number, tmp_path)
    at.settle()
    assert f"in the folder “{tmp_path.name}”" in at.page.bar.text_label.text()
    at.page.breaches.tell(number)
    at.settle()
    assert {path.suffix for path in tmp_path.glob("notice-*")} == {".pdf", ".docx"}
    with house.work("dpo") as work:
        assert breaches.running(work) == ()
        assert work.rule_find(Breach, number).odpc_told_at  # type: ignore[union-attr]


def _old_file(house: House) -> int:
    with house.work("manager") as work:
        person = a_person(work, person_no="R-0007", age_band="25plus")
        left = work.now.replace(year=work.now.year - 9)
        a_stay(
            work,
            person,
            state="S60_closed",
            admitted_at=left.replace(year=left.year - 1),
            exited_at=left,
        )
        return person.id


def test_a_file_is_proposed_by_one_approved_by_the_other_and_erased(
    house: House, opened: Opening
) -> None:
    person_id = _old_file(house)
    at = opened("manager")
    at.page.tabs.set_current("retention")
    view = at.page.retention
    view.table.go_in()
    at.settle()
    assert "file_purge" in view.detail.buttons
    view.propose(person_id, "purge", "Her time is over by years")
    at.settle()
    assert not view.detail.buttons
    with house.work("manager") as work:
        decision = retention.decisions(work)[0].decision
    lead = opened("dpo")
    lead.press(f"approve_{decision.id}")
    at = opened("manager")
    assert at.offers(f"erase_{decision.id}")
    old = {name: file.generation for name, file in keyring_file.load(house.folder).files.items()}
    at.page.retention.erase(decision.id)
    at.settle()
    assert "Erased" in at.page.bar.text_label.text()
    ring = keyring_file.load(house.folder)
    assert ring.due == frozenset()
    renewed = {name for name, file in ring.files.items() if file.generation > old[name]}
    assert renewed == {"house", "cases"}
    counsellor = opened("counsellor")
    assert isinstance(counsellor.page, CounsellingParts)
    counsellor.press(f"finish_{person_id}")
    assert "erased too" in counsellor.page.bar.text_label.text()


def _uncharged(house: House) -> int:
    with house.work("manager") as work:
        person = a_person(work, person_no="R-0009")
        a_stay(work, person)
        day = work.today - timedelta(days=900)
        case = a_legal_case(work, person, stage="20_withdrawn", opened_on=day, concluded_on=day)
        accused = Suspect(
            legal_case_id=case.id, name="Kasimu Tupa", relationship="employer", status="identified"
        )
        made = court.save_suspect(work, accused)
        late = dataclasses.replace(made, retain_until=work.today - timedelta(days=3))
        return work.save(late, by_program=True).id


def test_an_accused_whose_time_is_over_is_kept_longer_from_the_page(
    house: House, opened: Opening
) -> None:
    number = _uncharged(house)
    at = opened("manager")
    at.page.tabs.set_current("retention")
    shown = " ".join(each.text() for each in at.page.retention.uncharged.findChildren(QLabel))
    assert "R-0009, accused 1" in shown
    assert "Kasimu" not in shown
    at.press(f"case_{number}")
    assert at.went[-1][0] == "court"
    at.press(f"keep_{number}")
    dialog = at.page.findChild(KeepDialog)
    assert dialog.day_edit.value() == clock.today() + timedelta(days=365)
    dialog.reason_edit.setPlainText("The police may still charge")
    dialog.yes_button.click()
    at.settle()
    assert "Kept until" in at.page.bar.text_label.text()
    assert not at.offers(f"keep_{number}")
    at.page.retention.uncharged.keep_longer(number, None, "No day was typed")
    assert "type the day" in at.page.bar.text_label.text()


def test_an_accused_is_proposed_by_one_approved_by_the_other_and_erased(
    house: House, opened: Opening
) -> None:
    number = _uncharged(house)
    at = opened("manager")
    at.page.tabs.set_current("retention")
    at.press(f"accused_{number}")
    dialog = at.page.findChild(ReasonDialog, "UnchargedCard_propose")
    assert "R-0009, accused 1" in dialog.sentence_label.text()
    dialog.reason_edit.setPlainText("Nobody was ever charged")
    dialog.yes_button.click()
    at.settle()
    assert not at.offers(f"accused_{number}")
    with house.work("manager") as work:
        decision = retention.decisions(work)[0].decision
    lead = opened("dpo")
    assert not lead.page.retention.uncharged.isVisible()
    lead.press(f"approve_{decision.id}")
    at = opened("manager")
    at.page.tabs.set_current("retention")
    old = {name: file.generation for name, file in keyring_file.load(house.folder).files.items()}
    at.press(f"erase_{decision.id}")
    sure = at.page.findChild(Dialog, "UnchargedCard_erase")
    assert "R-0009, accused 1" in sure.sentence_label.text()
    sure.yes_button.click()
    at.settle()
    assert "entry is erased" in at.page.bar.text_label.text()
    shown = " ".join(each.text() for each in at.page.retention.erasures.findChildren(QLabel))
    assert "Entry of an accused: erased on" in shown
    ring = keyring_file.load(house.folder)
    assert ring.due == frozenset()
    renewed = {name for name, file in ring.files.items() if file.generation > old[name]}
    assert renewed == {"cases"}
    with house.work("manager") as work:
        assert work.rule_find(Suspect, number) is None


def test_leaving_is_proposed_on_the_page_and_shown_to_the_other(
    house: House, opened: Opening
) -> None:
    at = opened("manager")
    at.page.leaving.propose("We move to another program")
    at.settle()
    with house.work("manager") as work:
        decision = retention.decisions(work)[0].decision
    assert not at.offers(f"approve_{decision.id}")
    lead = opened("dpo")
    assert isinstance(lead.page, RightsPage)
    lead.press(f"approve_{decision.id}")
    assert opened("manager").offers(f"leave_{decision.id}")


def test_empty_registers_say_what_belongs_there(opened: Opening) -> None:
    at = opened("manager")
    for view in (at.page.requests, at.page.breaches, at.page.retention):
        assert view.table.count() == 0
        assert view.table.findChildren(EmptyState)[0].sentence_label.text()


def test_a_stray_key_does_not_close_the_only_sight_of_the_six_words(qtbot: QtBot) -> None:
    dialog = PhraseDialog(None, "one two three four five six")  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space):
        QTest.keyClick(dialog.focusWidget() or dialog, key)
        assert dialog.isVisible()
    dialog.yes_button.click()
    assert not dialog.isVisible()


def test_a_hold_says_that_it_counts_at_once(house: House, opened: Opening) -> None:
    person_id = _old_file(house)
    at = opened("manager")
    at.page.tabs.set_current("retention")
    at.page.retention.propose(person_id, "hold", "Her advocate may still appeal")
    at.settle()
    assert "On hold from now on" in at.page.bar.text_label.text()


def test_what_was_erased_long_ago_is_still_reached(house: House, qtbot: QtBot) -> None:
    context = a_context(house, "manager")
    card = ErasuresCard(context, MessageBar())
    qtbot.addWidget(card)
    card.show()
    card.show_erasures(([Listed(Erasure(id=n), "Amina", "Wanjiru", "") for n in range(60)], False))
    qtbot.waitUntil(lambda: len(_shown_lines(card)) == 50)
    assert card.show_more.shown_label.text() == "50 of 60 are shown"
    QTest.keyClick(card.show_more.button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(_shown_lines(card)) == 60)
    assert not card.show_more.isVisible()


def _shown_lines(card: ErasuresCard) -> list[Line]:
    return [line for line in card.findChildren(Line) if line.isVisible()]
