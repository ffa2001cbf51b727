"""The counselling pages as people use them: real widgets over a real vault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app.domain.appointment import Appointment
from shelter_app.domain.counselling import (
    CounsellingEnrolment,
    CounsellingNote,
    CounsellingResult,
    CounsellingSession,
)
from shelter_app.domain.person import Person
from shelter_app.services import companions, counselling, counselling_notes, court, drafts
from shelter_app.services.work import Work
from tests.builders import a_legal_case, a_person, a_stay
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features import counselling as feature
from ui.features.counselling.counselling_page import CounsellingPage
from ui.features.counselling.forms import (
    AddendumForm,
    AfterForm,
    AppointmentForm,
    PlanForm,
    ProgrammeForm,
)
from ui.features.counselling.session_form import AttendanceForm, SessionForm
from ui.features.counselling.supervision import SupervisionPage
from ui.kit.context import Context
from ui.kit.dialog import Dialog
from ui.kit.pill import Pill

MORNING = datetime(2026, 11, 23, 10, 30)
EARLIER = datetime(2026, 11, 23, 9, 0)
TOMORROW = datetime(2026, 11, 24, 9, 0)


@dataclass
class Opened:
    """A page or tab of counselling with the places it asked to go to."""

    page: Any
    context: Context
    qtbot: QtBot
    gone: list[tuple[str, int, str]] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

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

    def press(self, name: str) -> None:
        self.find(QPushButton, name).click()
        self.settle()

    def words(self, under: QWidget | None = None) -> str:
        shown = under or self.page
        labels = shown.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisibleTo(shown))

    def fill(self, name: str, value: Any, form: Any = None) -> None:
        editor = (form or self.form).editor(name)
        editor.set_value(value)
        editor.edited.emit()

    def save(self) -> None:
        self.page.editor.save()
        self.settle()

    @property
    def form(self) -> Any:
        return self.page.editor.form()


def opened(house: House, qtbot: QtBot, role: str = "counsellor", person_id: int = 0) -> Opened:
    gone: Gone = []
    context = a_context(house, role, gone)
    page = feature.resident_tab(context, person_id) if person_id else feature.page(context)
    qtbot.addWidget(page)
    page.resize(1166, 700)
    made = Opened(page, context, qtbot, gone)
    context.tasks.failed.connect(lambda error, _owner: made.failures.append(error))
    if hasattr(page, "refresh"):
        context.tasks.changed.connect(lambda changes, _by: page.refresh(changes))
    page.show()
    made.settle()
    return made


def a_session(work: Work, alias: str = "Pendo", at: datetime = EARLIER) -> CounsellingSession:
    person = a_person(work, display_alias=alias)
    a_stay(work, person)
    enrolment = counselling.enrol(
        work,
        CounsellingEnrolment(
            person_id=person.id,
            programme="six_session",
            counsellor=work.actor.staff_id,
            started_on=work.today,
        ),
    )
    return counselling.schedule(work, CounsellingSession(enrolment_id=enrolment.id, starts_at=at))


@pytest.fixture
def session(house: House, clock_at: Callable[[datetime], None]) -> CounsellingSession:
    clock_at(MORNING)
    with house.work("counsellor") as work:
        return a_session(work)


def kept(house: House, session_id: int, role: str = "counsellor") -> CounsellingSession:
    with house.work(role) as work:
        return work.get(CounsellingSession, session_id)


# The week


def test_the_week_shows_sessions_and_says_whose_week_it_is(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    entries = page.page.week.canvas.entries()
    assert [entry.title for entry in entries] == ["“Pendo” first"]
    assert page.page.context_label.text() == "Week of 23 Nov · Counsellor"
    assert page.page.mine_toggle.text() == "My caseload 1"


def test_enter_on_a_session_opens_its_card_and_escape_closes_it(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.page.week.select(session.id)
    QTest.keyClick(page.page.week.canvas, Qt.Key.Key_Return)
    page.settle()
    assert isinstance(page.form, SessionForm)
    assert page.page.editor.title_label.text() == "“Pendo” — session 1 of 6"
    assert page.page.editor.pill.text() == "Counsellors only"
    assert page.page.side.isVisible()
    QTest.keyClick(page.page.editor, Qt.Key.Key_Escape)
    page.settle()
    assert not page.page.side.isVisible()


def test_moving_by_keyboard_can_be_undone(
    house: House, qtbot: QtBot, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(MORNING)
    with house.work("counsellor") as work:
        session = a_session(work, at=TOMORROW)
    page = opened(house, qtbot)
    page.page.week.select(session.id)
    QTest.keyClick(page.page.week.canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    page.settle()
    assert kept(house, session.id).starts_at == TOMORROW + timedelta(minutes=15)
    page.find(QPushButton, "toast_undo").click()
    page.settle()
    assert kept(house, session.id).starts_at == TOMORROW
    assert page.page.week.canvas.by_id[session.id].starts_at == TOMORROW


def test_a_move_that_is_not_possible_puts_the_entry_back(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    with house.work("counsellor") as work:
        counselling.save_attendance(work, replace(session, status="dna"))
    page.page.week.moved.emit(session.id, TOMORROW)
    page.settle()
    assert len(page.failures) == 1
    assert kept(house, session.id).starts_at == EARLIER


def test_the_weeks_go_back_and_forth(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.press("CounsellingPage_later")
    assert page.page.week.canvas.entries() == []
    assert "Nothing of yours is planned" in page.words()
    assert "30 Nov" in page.page.context_label.text()
    page.press("CounsellingPage_earlier")
    assert len(page.page.week.canvas.entries()) == 1
    page.show(0, "2026-12-09")
    assert page.page.week.first_day().isoformat() == "2026-12-07"
    page.press("CounsellingPage_today")
    assert page.page.week.first_day().isoformat() == "2026-11-23"


def test_everybody_is_shown_when_my_caseload_is_off(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    other = house.staff_id("manager")
    with house.work("counsellor") as work:
        second = a_session(work, "Zawadi", EARLIER + timedelta(hours=5))
        counselling.save_attendance(work, replace(second, counsellor=other))
    page = opened(house, qtbot)
    assert len(page.page.week.canvas.entries()) == 1
    page.press("CounsellingPage_mine")
    assert len(page.page.week.canvas.entries()) == 2
    assert page.page.context_label.text() == "Week of 23 Nov · everybody"


# Planning


def test_enter_on_a_free_time_plans_a_session_there(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    with house.work("counsellor") as work:
        person = a_person(work, display_alias="Zawadi")
        a_stay(work, person)
    page = opened(house, qtbot)
    page.page.week.create_wanted.emit(TOMORROW)
    page.settle()
    assert isinstance(page.form, PlanForm)
    assert page.form.record().starts_at == TOMORROW
    page.fill("person_id", person.id)
    page.settle()
    assert page.form.programme.isVisible()
    assert page.form.record().starts_at == TOMORROW
    page.fill("programme", "pm_plus", page.form.programme)
    assert page.form.enrolment().target_sessions == 5
    page.save()
    assert page.form is None
    with house.work("counsellor") as work:
        begun = work.matching(CounsellingEnrolment, person_id=person.id)[0]
        planned = work.matching(CounsellingSession, person_id=person.id)[0]
    assert (begun.programme, begun.target_sessions) == ("pm_plus", 5)
    assert planned.starts_at == TOMORROW
    assert planned.id in page.page.week.canvas.by_id
    assert page.page.week.canvas.selected == planned.id
    assert page.page.clients.table.current_id() == begun.id


def test_what_cannot_be_read_of_the_programme_is_not_dropped_in_silence(
    house: House, qtbot: QtBot
) -> None:
    with house.work("counsellor") as work:
        person = a_person(work, display_alias="Zawadi")
        a_stay(work, person)
    page = opened(house, qtbot)
    page.page.week.create_wanted.emit(TOMORROW)
    page.settle()
    page.fill("person_id", person.id)
    page.settle()
    count = page.form.programme.editor("target_sessions")
    count.setText("21:00")
    count.edited.emit()
    page.save()
    assert page.form is not None
    assert page.form.programme.has_refused()
    with house.work("counsellor") as work:
        assert work.matching(CounsellingSession, person_id=person.id) == []


def test_a_draft_of_a_plan_keeps_the_programme_and_its_length(house: House, qtbot: QtBot) -> None:
    with house.work("counsellor") as work:
        person = a_person(work, display_alias="Zawadi")
        a_stay(work, person)
    page = opened(house, qtbot)
    page.page.week.create_wanted.emit(TOMORROW)
    page.settle()
    assert not page.form.is_modified()
    page.fill("person_id", person.id)
    page.settle()
    page.fill("programme", "pm_plus", page.form.programme)
    page.fill("target_sessions", 9, page.form.programme)
    draft = page.form.draft()
    page.page.week.create_wanted.emit(TOMORROW)
    page.settle()
    page.form.restore(draft)
    page.settle()
    begun = page.form.enrolment()
    assert (begun.programme, begun.target_sessions) == ("pm_plus", 9)


def test_planning_for_a_client_goes_on_with_her_programme_a_week_later(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.show(session.person_id, "new")
    assert not page.form.programme.isVisible()
    assert page.form.record().starts_at == EARLIER + timedelta(days=7)
    page.save()
    with house.work("counsellor") as work:
        found = work.matching(CounsellingSession, enrolment_id=session.enrolment_id)
        assert len(found) == 2
        assert len(work.matching(CounsellingEnrolment)) == 1
    later = next(one for one in found if one.id != session.id)
    assert page.page.week.canvas.selected == later.id


def test_after_planning_the_keyboard_goes_on_where_it_began(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.page.plan_button.setFocus()
    page.press("CounsellingPage_plan")
    page.fill("person_id", session.person_id)
    page.settle()
    page.save()
    assert page.form is None
    assert page.page.focusWidget() is page.page.plan_button


def test_the_form_says_who_is_wanted_elsewhere(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.show(session.person_id, "new")
    page.fill("starts_at", EARLIER + timedelta(minutes=20))
    line = page.form.clash_line.label
    qtbot.waitUntil(lambda: not line.isHidden())
    assert "counsellor" in line.text()
    assert "She is wanted elsewhere" in line.text()


def test_saving_without_a_person_asks_for_her(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.press("CounsellingPage_plan")
    page.save()
    assert page.form is not None
    hint = page.form.findChild(QLabel, "person_id_hint")
    assert hint.text()


def test_something_else_than_a_session_can_be_put_into_the_week(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.page.week.create_wanted.emit(TOMORROW)
    page.settle()
    page.press("PlanForm_other")
    assert isinstance(page.form, AppointmentForm)
    page.fill("kind", "supervision")
    page.save()
    with house.work("counsellor") as work:
        planned = work.matching(Appointment)[0]
    assert (planned.kind, planned.starts_at) == ("supervision", TOMORROW)
    page.page.week.chosen.emit(planned.id)
    page.settle()
    assert isinstance(page.form, AppointmentForm)


def test_another_time_may_leave_the_old_one_on_record(
    house: House, qtbot: QtBot, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(MORNING)
    with house.work("counsellor") as work:
        session = a_session(work, at=TOMORROW)
    page = opened(house, qtbot)
    page.show(session.id)
    page.press("session_move")
    page.fill("starts_at", TOMORROW + timedelta(days=1))
    page.press("MoveForm_keep")
    page.save()
    with house.work("counsellor") as work:
        both = work.matching(CounsellingSession, order=("starts_at",))
    assert [one.status for one in both] == ["rescheduled", "scheduled"]


# The note


def write_note(page: Opened) -> None:
    page.fill("status", "done", page.form.attendance)
    page.fill("approach", "tf_cbt")
    page.fill("content", "Practised grounding")
    page.fill("risk_noted", ("none",))


def test_a_session_is_written_down_in_one_go_and_stays_open(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.show(session.id)
    write_note(page)
    page.save()
    assert isinstance(page.form, SessionForm)
    assert page.page.editor.saved_label.text() == "Saved 0 s ago"
    assert not page.form.is_modified()
    with house.work("counsellor") as work:
        note = work.matching(CounsellingNote, session_id=session.id)[0]
    assert note.content == "Practised grounding"
    assert kept(house, session.id).status == "done"
    page.fill("plan_next", "Visit the court building")
    page.save()
    with house.work("counsellor") as work:
        assert work.matching(CounsellingNote)[0].plan_next == "Visit the court building"


def test_a_missed_session_takes_one_field(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.show(session.id)
    page.fill("status", "dna", page.form.attendance)
    page.save()
    assert kept(house, session.id).status == "dna"
    with house.work("counsellor") as work:
        assert work.matching(CounsellingNote) == []


def test_a_note_without_attendance_asks_beside_the_field(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.show(session.id)
    page.fill("content", "Practised grounding")
    page.save()
    assert page.find(QLabel, "status_hint").text() == "Please say whether she came."
    assert page.form.record().content == "Practised grounding"
    page.fill("status", "done", page.form.attendance)
    page.save()
    assert kept(house, session.id).status == "done"


def test_a_risk_offers_the_sign_for_case_workers(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.show(session.id)
    assert not page.form.flag_holder.isVisible()
    page.fill("risk_noted", ("self_harm",))
    assert page.form.flag_holder.isVisible()
    assert "Case workers see" in page.words(page.form)
    page.fill("status", "done", page.form.attendance)
    page.fill("safety_flag", True, page.form.attendance)
    page.save()
    assert kept(house, session.id).safety_flag


def test_a_signed_note_is_read_only_and_takes_additions(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.show(session.id)
    write_note(page)
    answered = []

    def agree() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Dialog)
        answered.append(dialog.sentence_label.text())
        dialog.accept()

    QTimer.singleShot(0, agree)
    page.press("session_sign")
    assert answered
    assert page.form.card.is_signed
    assert page.form.editor("content").isReadOnly()
    assert not page.form.sign_button.isVisible()
    page.press("session_addendum")
    page.fill("content", "She called afterwards")
    page.save()
    assert isinstance(page.form, SessionForm)
    added = page.find(QLabel, "session_addendum_text")
    assert "She called afterwards" in added.text()


def test_what_was_typed_is_kept_in_the_counselling_compartment_and_comes_back(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.show(session.id)
    write_note(page)
    page.page.editor.close_editor()
    page.settle()
    with house.work("counsellor") as work:
        waiting = drafts.mine(work)
    assert [draft.place.table for draft in waiting] == ["counselling_note"]
    page.show(waiting[0].place.record_id, "draft")
    assert page.form.record().content == "Practised grounding"
    assert page.form.attendance.record().status == "done"
    page.save()
    with house.work("counsellor") as work:
        assert drafts.mine(work) == ()


def test_the_sixth_session_leads_to_the_review(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    with house.work("counsellor") as work:
        for weeks in range(1, 6):
            earlier = replace(session, id=0, revision=0)
            past = counselling.schedule(
                work, replace(earlier, starts_at=EARLIER - timedelta(weeks=weeks))
            )
            counselling.save_attendance(work, replace(past, status="done"))
    page = opened(house, qtbot)
    page.show(session.id)
    assert not page.form.review_button.isVisible()
    page.fill("status", "done", page.form.attendance)
    page.save()
    assert page.form.review_button.isVisible()
    page.press("session_review")
    assert isinstance(page.form, ProgrammeForm)
    page.fill("behaviour_change", "reduced", page.form.change_form)
    page.fill("outcome", "completed", page.form.ending_form)
    page.save()
    with house.work("counsellor") as work:
        enrolment = work.get(CounsellingEnrolment, session.enrolment_id)
        result = work.get(CounsellingResult, session.enrolment_id)
    assert (result.behaviour_change, enrolment.completed_on) == ("reduced", MORNING.date())
    assert enrolment.reviewed


# Others


def test_a_manager_gets_attendance_without_the_note(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    with house.work("counsellor") as work:
        note = CounsellingNote(content="Closed words")
        counselling_notes.record_session(work, replace(session, status="done"), note)
    page = opened(house, qtbot, "manager")
    page.show(session.id)
    assert isinstance(page.form, AttendanceForm)
    assert not page.form.has_field("content")
    assert "Closed words" not in page.words()
    page.fill("duration_min", 40)
    page.save()
    assert kept(house, session.id).duration_min == 40


def test_a_court_officer_only_looks(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot, "legal_officer")
    assert not page.page.plan_button.isVisible()
    assert not page.page.tabs.isVisible()
    page.page.week.create_wanted.emit(TOMORROW)
    page.settle()
    assert page.form is None
    page.show(session.id)
    assert page.page.editor.is_open()
    assert page.form is None
    assert "“Pendo” — session 1 of 6" in page.words()


def test_a_supervisor_reads_notes_by_the_signs_of_the_client(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    with house.work("counsellor") as work:
        note = CounsellingNote(content="Practised grounding", themes=("coping",))
        done = replace(session, status="done")
        card = counselling_notes.record_session(work, done, note)
    page = opened(house, qtbot, "clinical_supervisor")
    assert isinstance(page.page, SupervisionPage)
    assert page.page.table.count() == 1
    page.page.table.go_in()
    QTest.keyClick(page.page.table, Qt.Key.Key_Return)
    page.settle()
    assert "Practised grounding" in page.words(page.page.editor)
    assert "Pendo" not in page.words()
    assert page.page.table.model().index(0, 1).data() == card.client_code


def test_a_court_date_leads_to_the_calendar_without_the_legal_level(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    with house.work("legal_officer") as work:
        person = work.get(Person, session.person_id)
        case = a_legal_case(work, person, court_station="MSA-SHANZU")
        event = replace(court.new_court_event(work, case.id), type="mention", starts_at=TOMORROW)
        event = court.add_court_event(work, event)
    page = opened(house, qtbot)
    # Blue means court to everybody who knows the calendar: it would give the content away.
    assert page.page.week.canvas.by_id[event.id].role == "neutral"
    page.page.week.chosen.emit(event.id)
    page.settle()
    assert page.gone == [("calendar", 0, "2026-11-24")]


# Clients and the tab


def test_clients_are_listed_and_narrowed_by_chips(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.page.tabs.set_current("clients")
    page.settle()
    table = page.page.clients.table
    assert table.count() == 1
    assert table.model().index(0, 0).data().startswith("“Pendo”")
    page.press("chip_review")
    assert table.count() == 0
    assert "No review of yours is due." in page.words(table)
    page.page.clients.reload(mine=False)
    page.settle()
    assert "No review is due." in page.words(table)
    page.press("chip_next")
    assert table.count() == 1
    table.go_in()
    QTest.keyClick(table, Qt.Key.Key_Return)
    page.settle()
    assert isinstance(page.form, ProgrammeForm)
    page.press("ProgrammeForm_plan")
    assert isinstance(page.form, PlanForm)
    assert page.form.record().person_id == session.person_id


def test_the_tab_shows_programme_and_attendance(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    with house.work("counsellor") as work:
        note = CounsellingNote(content="Closed words")
        done = replace(session, status="done", safety_flag=True)
        counselling_notes.record_session(work, done, note)
    tab = opened(house, qtbot, "manager", session.person_id)
    words = tab.words()
    assert "1 of 6 sessions held" in words
    assert "Closed words" not in words
    assert "Note" not in words
    pills = [pill.text() for pill in tab.page.findChildren(Pill)]
    assert "Safety check needed" in pills
    tab.press("CounsellingTab_session")
    tab.press("CounsellingTab_plan")
    tab.press("CounsellingTab_open_programme")
    assert tab.gone == [
        ("counselling", session.id, ""),
        ("counselling", session.person_id, "new"),
        ("counselling", session.enrolment_id, "programme"),
    ]


def test_the_tab_of_somebody_in_no_programme_offers_the_first_session(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    with house.work("counsellor") as work:
        person = a_person(work)
    tab = opened(house, qtbot, "counsellor", person.id)
    tab.press("empty_action")
    assert tab.gone == [("counselling", person.id, "new")]
    tab.page.show_record(0, "counselling_session")
    assert len(tab.gone) == 2


def test_the_tab_opens_what_the_timeline_points_at(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    with house.work("counsellor") as work:
        note = CounsellingNote(content="Practised grounding")
        card = counselling_notes.record_session(work, replace(session, status="done"), note)
        assert card.note is not None
    tab = opened(house, qtbot, "counsellor", session.person_id)
    tab.show(card.note.note.id, "counselling_note")
    tab.show(session.enrolment_id, "counselling_enrolment")
    assert tab.gone == [
        ("counselling", session.id, ""),
        ("counselling", session.enrolment_id, "programme"),
    ]


def test_a_court_officer_reads_a_programme_and_changes_nothing(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot, "legal_officer")
    page.show(session.enrolment_id, "programme")
    assert page.form is None
    assert not page.find(QPushButton, "ProgrammeForm_plan").isVisible()
    assert not page.find(QPushButton, "editor_save").isVisible()


def test_the_page_works_where_editor_and_week_have_no_room_side_by_side(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.page.resize(700, 600)
    page.show(session.id)
    assert isinstance(page.page, CounsellingPage)
    assert not page.page.stack.isVisible()
    assert page.page.editor.isVisible()
    page.page.editor.close_editor()
    assert page.page.stack.isVisible()


def test_taking_back_what_was_saved_shows_the_session_as_it_is_again(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.show(session.id)
    write_note(page)
    page.save()
    page.find(QPushButton, "toast_undo").click()
    page.settle()
    page.settle()
    assert kept(house, session.id).status == "scheduled"
    assert page.form.attendance.record().status == "scheduled"
    assert page.form.record().content == ""
    write_note(page)
    page.save()
    assert kept(house, session.id).status == "done"


def test_why_she_left_is_asked_of_her_counsellor_only(
    house: House, qtbot: QtBot, session: CounsellingSession
) -> None:
    page = opened(house, qtbot)
    page.show(session.enrolment_id, "programme")
    assert not page.form.leaving_form.isVisible()
    page.fill("outcome", "dropped", page.form.ending_form)
    assert page.form.leaving_form.isVisible()
    page.fill("drop_reason", "Wants quiet", page.form.leaving_form)
    page.page.editor.keep_now()
    page.settle()
    with house.work("counsellor") as work:
        assert [one.place.table for one in drafts.mine(work)] == ["counselling_leaving"]
    page.save()
    page.show(session.enrolment_id, "programme")
    assert page.form.leaving().drop_reason == "Wants quiet"
    page.page.editor.close_editor()
    manager = opened(house, qtbot, "manager")
    manager.show(session.enrolment_id, "programme")
    assert manager.form.leaving_form is None
    assert "Wants quiet" not in manager.words()


def test_her_counsellor_writes_down_how_going_to_court_was(
    house: House, qtbot: QtBot, session: CounsellingSession, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(EARLIER - timedelta(days=3))
    with house.work("manager") as work:
        case = a_legal_case(work, work.get(Person, session.person_id))
        event = court.new_court_event(work, case.id)
        event = court.add_court_event(
            work,
            replace(
                event,
                starts_at=EARLIER - timedelta(days=1),
                court_station="MSA-SHANZU",
                type="mention",
            ),
        )
        going = companions.new_accompaniment(work, event.id)
        companions.save_accompaniment(work, replace(going, companion_name="Zawadi"))
    clock_at(MORNING)
    tab = opened(house, qtbot, "counsellor", session.person_id)
    assert "with Zawadi" in tab.words()
    tab.press("CounsellingTab_outing")
    assert tab.gone == [("counselling", event.id, "after")]
    page = opened(house, qtbot)
    page.show(event.id, "after")
    assert isinstance(page.form, AfterForm)
    page.fill("survivor_how", "The screen helped")
    page.save()
    assert not page.page.editor.is_open()
    page.show(event.id, "after")
    assert page.form.record().survivor_how == "The screen helped"
    planner = opened(house, qtbot, "manager")
    planner.show(event.id, "after")
    assert isinstance(planner.form, PlanForm)


@pytest.mark.parametrize("form", ["programme", "addendum", "appointment", "plan"])
def test_each_draft_opens_the_form_it_was_written_in(
    house: House, qtbot: QtBot, session: CounsellingSession, form: str
) -> None:
    with house.work("counsellor") as work:
        visit = Appointment(kind="medical", starts_at=TOMORROW)
        planned = counselling.save_appointment(work, visit)
        card = counselling_notes.record_session(
            work, replace(session, status="done"), CounsellingNote(content="Practised grounding")
        )
        assert card.note is not None
        counselling_notes.sign(work, card.session, card.note.note)
    places = {
        "programme": ("counselling_enrolment", session.enrolment_id, ProgrammeForm),
        "addendum": ("counselling_note", session.id, AddendumForm),
        "appointment": ("appointment", planned.id, AppointmentForm),
        "plan": ("counselling_session", 0, PlanForm),
    }
    table, record_id, kind = places[form]
    with house.work("counsellor") as work:
        drafts.keep(work, drafts.Place(form, table, record_id), "{}")
    page = opened(house, qtbot)
    page.show(record_id, "draft")
    page.settle()
    assert isinstance(page.form, kind)
