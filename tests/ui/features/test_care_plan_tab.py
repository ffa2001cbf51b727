"""The care plan on the resident's page: written, approved, ticked, reviewed, begun anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app.domain.care_plan import CarePlan, PlanAction, PlanGoal, PlanReview
from shelter_app.domain.person import Person
from shelter_app.services import plans
from tests import builders
from tests.busy_day import MORNING
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features import care_plan as feature
from ui.features.care_plan.goal_card import GoalCard
from ui.features.care_plan.plan_page import PlanPage
from ui.features.care_plan.plan_tab import PlanTabView
from ui.kit.context import Context
from ui.kit.dialog import Dialog, ReasonDialog

AREAS = ("safety", "mental", "legal", "physical")


@dataclass
class Opened:
    tab: PlanTabView
    context: Context
    qtbot: QtBot

    def settle(self) -> None:
        self.qtbot.waitUntil(self.context.tasks.is_idle)
        QApplication.sendPostedEvents()

    def words(self) -> str:
        labels = self.tab.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisibleTo(self.tab))

    def buttons(self, name: str) -> list[QPushButton]:
        found = self.tab.findChildren(QPushButton, name)
        return [button for button in found if button.isVisibleTo(self.tab)]

    def press(self, name: str, which: int = 0) -> None:
        self.buttons(name)[which].click()
        self.settle()

    def cards(self) -> list[GoalCard]:
        return [card for card in self.tab.findChildren(GoalCard) if card.isVisibleTo(self.tab)]

    def type_into(self, name: str, words: str) -> None:
        form = self.tab.editor.form()
        assert form is not None
        editor: QWidget = form.editor(name)
        QTest.keyClicks(editor, words)

    def save(self) -> None:
        self.tab.editor.save()
        self.settle()


@pytest.fixture
def resident(house: House, clock_at: Callable[..., None]) -> Person:
    clock_at(MORNING)
    worker = house.staff_id("social_worker")
    with house.work("manager") as work:
        person = builders.a_person(work, display_alias="Pendo", person_no="R-0207")
        builders.a_stay(work, person, state="S30_assessment", case_manager=worker)
    return person


def open_tab(house: House, qtbot: QtBot, person: Person, role: str = "social_worker") -> Opened:
    context = a_context(house, role)
    tab = feature.resident_tab(context, person.id)
    assert isinstance(tab, PlanTabView)
    qtbot.addWidget(tab)
    tab.resize(1120, 700)
    tab.show()
    opened = Opened(tab, context, qtbot)
    opened.settle()
    return opened


def written(house: House, person: Person) -> CarePlan:
    with house.work("social_worker") as work:
        plan = plans.start(work, person.id, "To sleep without fear")
        for area in AREAS:
            goal = plans.save_goal(work, builders.a_goal(plan, MORNING, domain=area))
            step = PlanAction(goal_id=goal.id, action="Call", due_on=MORNING.date())
            plans.save_action(work, step)
    return plan


def test_a_plan_begins_with_her_own_words(house: House, qtbot: QtBot, resident: Person) -> None:
    opened = open_tab(house, qtbot, resident)
    opened.press("empty_action")
    opened.type_into("survivor_views", "To finish school")
    opened.save()
    assert "“To finish school”" in opened.words()
    assert "No goal yet for:" in opened.words()
    assert not opened.tab.editor.is_open()


def test_a_goal_is_proposed_for_the_area_that_is_missing(
    house: House, qtbot: QtBot, resident: Person
) -> None:
    with house.work("social_worker") as work:
        plans.start(work, resident.id, "Peace")
    opened = open_tab(house, qtbot, resident)
    opened.press("PlanTab_new_goal")
    opened.type_into("goal_text", "Nobody follows me")
    opened.type_into("due_on", "+30d")
    opened.save()
    with house.work("social_worker") as work:
        (goal,) = work.matching(PlanGoal, person_id=resident.id)
    assert (goal.domain, goal.goal_text) == ("safety", "Nobody follows me")
    assert "Nobody follows me" in opened.words()


def test_the_manager_approves_what_the_case_worker_wrote(
    house: House, qtbot: QtBot, resident: Person
) -> None:
    plan = written(house, resident)
    opened = open_tab(house, qtbot, resident, "manager")
    opened.press("ReadinessCard_approve")
    dialog = opened.tab.findChild(Dialog)
    assert dialog is not None
    dialog.yes_button.click()
    opened.settle()
    with house.work("manager") as work:
        assert work.get(CarePlan, plan.id).status == "approved"
    assert opened.buttons("ReadinessCard_approve") == []
    assert opened.buttons("PlanTab_new_goal") == []
    assert "Approved" in opened.words()


def test_whoever_wrote_the_plan_is_told_that_somebody_else_approves(
    house: House, qtbot: QtBot, resident: Person
) -> None:
    written(house, resident)
    opened = open_tab(house, qtbot, resident)
    assert opened.buttons("ReadinessCard_approve") == []
    assert "Somebody else has to approve it" in opened.words()


def test_ticking_a_step_with_the_space_bar_moves_the_goal(
    house: House, qtbot: QtBot, resident: Person
) -> None:
    plan = written(house, resident)
    with house.work("manager") as work:
        plans.approve(work, plan.id)
    opened = open_tab(house, qtbot, resident)
    card = opened.cards()[0]
    assert card.pill.text() == "Not begun"
    box = card.findChild(QCheckBox)
    assert box is not None
    QTest.keyClick(box, Qt.Key.Key_Space)
    opened.settle()
    opened.settle()
    assert opened.cards()[0].pill.text() == "Steps done"
    with house.work("social_worker") as work:
        done = [a for a in work.matching(PlanAction, person_id=resident.id) if a.done_on]
    assert len(done) == 1


def test_an_approved_goal_offers_only_how_far_it_is(
    house: House, qtbot: QtBot, resident: Person
) -> None:
    plan = written(house, resident)
    with house.work("manager") as work:
        plans.approve(work, plan.id)
    opened = open_tab(house, qtbot, resident)
    opened.press("GoalCard_edit")
    form = opened.tab.editor.form()
    assert form is not None
    assert form.has_field("score_now")
    assert not form.has_field("goal_text")


def test_a_review_is_recorded_and_moves_the_next_one(
    house: House, qtbot: QtBot, resident: Person
) -> None:
    plan = written(house, resident)
    with house.work("manager") as work:
        plans.approve(work, plan.id)
    opened = open_tab(house, qtbot, resident)
    opened.press("ReviewsCard_new")
    opened.type_into("attendees", "Case worker, Pendo")
    opened.type_into("decisions", "Go on as agreed")
    opened.save()
    assert "Go on as agreed" in opened.words()
    with house.work("social_worker") as work:
        (review,) = work.matching(PlanReview, care_plan_id=plan.id)
        assert work.get(CarePlan, plan.id).next_review == review.next_on


def test_a_new_version_is_written_beside_the_one_in_force(
    house: House, qtbot: QtBot, resident: Person
) -> None:
    plan = written(house, resident)
    with house.work("manager") as work:
        plans.approve(work, plan.id)
    opened = open_tab(house, qtbot, resident)
    opened.press("PlanTab_new_version")
    opened.settle()
    assert "Version 2" in opened.words()
    assert len(opened.cards()) == len(AREAS)
    opened.tab.editor.close_editor()
    opened.press("VersionsCard_row")
    assert "Approved by" in opened.words()
    opened.press("PlanTab_new_version")
    opened.settle()
    assert "Version 2" in opened.words()
    with house.work("social_worker") as work:
        assert len(work.matching(CarePlan, person_id=resident.id)) == 2


def test_a_counsellor_reads_the_plan_and_changes_nothing(
    house: House, qtbot: QtBot, resident: Person
) -> None:
    written(house, resident)
    opened = open_tab(house, qtbot, resident, "counsellor")
    assert len(opened.cards()) == len(AREAS)
    for name in ("PlanTab_new_goal", "GoalCard_edit", "StepRow_edit", "WordsCard_edit"):
        assert opened.buttons(name) == []
    assert not any(box.isEnabled() for box in opened.tab.findChildren(QCheckBox))


def test_a_deep_link_opens_the_very_goal_or_step(
    house: House, qtbot: QtBot, resident: Person
) -> None:
    plan = written(house, resident)
    with house.work("social_worker") as work:
        goal = work.matching(PlanGoal, care_plan_id=plan.id)[0]
        (step,) = work.matching(PlanAction, goal_id=goal.id)
    opened = open_tab(house, qtbot, resident)
    for record_id, table in ((goal.id, "plan_goal"), (step.id, "plan_action")):
        opened.tab.show_record(record_id, table)
        opened.settle()
        form = opened.tab.editor.form()
        assert form is not None
        assert form.record().id == record_id
    opened.tab.show_record(0, "plan_goal")
    opened.settle()
    form = opened.tab.editor.form()
    assert form is not None
    assert form.record().id == 0


def test_the_plan_as_a_page_of_its_own_names_whose_it_is(
    house: House, qtbot: QtBot, resident: Person
) -> None:
    written(house, resident)
    gone: Gone = []
    context = a_context(house, "social_worker", gone)
    page = feature.page(context)
    assert isinstance(page, PlanPage)
    qtbot.addWidget(page)
    page.show()
    page.show_record(resident.id)
    qtbot.waitUntil(context.tasks.is_idle)
    assert page.context_label.text() == "“Pendo” R-0207"
    page.open_button.click()
    assert gone == [("resident", resident.id, "plan")]


def test_a_plan_goes_back_with_a_reason_and_is_handed_in_again(
    house: House, qtbot: QtBot, resident: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReasonDialog, "ask", lambda *_a, **_k: "Who pays the school?")
    plan = written(house, resident)
    opened = open_tab(house, qtbot, resident, "manager")
    opened.press("ReadinessCard_send_back")
    opened.qtbot.waitUntil(lambda: "Who pays the school?" in opened.words())
    assert opened.tab.window().focusWidget() is opened.tab
    assert opened.buttons("ReadinessCard_approve") == []
    with house.work("manager") as work:
        back = work.get(CarePlan, plan.id)
        assert (back.status, back.sent_back_reason) == ("draft", "Who pays the school?")
    opened.tab.hide()
    writer = open_tab(house, qtbot, resident)
    assert "Manager sent it back on" in writer.words()
    assert "Who pays the school?" in writer.words()
    writer.press("ReadinessCard_hand_in")
    writer.qtbot.waitUntil(lambda: "Somebody else has to approve it" in writer.words())
    writer.tab.hide()
    again = open_tab(house, qtbot, resident, "manager")
    assert again.buttons("ReadinessCard_approve")
