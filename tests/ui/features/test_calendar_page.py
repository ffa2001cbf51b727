"""The calendar: times for everybody, what a court date is for few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from shelter_app.domain.appointment import Appointment
from shelter_app.domain.legal import Accompaniment, CourtEvent, LegalCase
from shelter_app.services import court, hearing_calendar
from tests.builders import a_legal_case, a_person
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features import calendar as feature
from ui.features.calendar.calendar_page import CalendarPage
from ui.kit.tasks import Tasks

MORNING = datetime(2026, 11, 23, 8, 0)
HEARING = datetime(2026, 11, 24, 9, 0)


@pytest.fixture
def event(house: House, clock_at: Callable[[datetime], None]) -> CourtEvent:
    clock_at(MORNING)
    with house.work("legal_officer") as work:
        person = a_person(work, display_alias="Pendo")
        case: LegalCase = a_legal_case(
            work, person, court_station="MSA-SHANZU", court_case_no="SO/E118/2026"
        )
        planned = replace(
            court.new_court_event(work, case.id),
            type="testimony",
            starts_at=HEARING,
            leave_house_at=HEARING - timedelta(minutes=90),
        )
        return court.add_court_event(work, planned)


def open_calendar(
    house: House, qtbot: QtBot, role: str
) -> tuple[CalendarPage, Tasks, list[tuple[Any, ...]]]:
    gone: Gone = []
    context = a_context(house, role, gone)
    page = feature.page(context)
    assert isinstance(page, CalendarPage)
    qtbot.addWidget(page)
    page.resize(1160, 700)
    page.show()
    qtbot.waitUntil(context.tasks.is_idle)
    return page, context.tasks, gone


def first_row(page: CalendarPage) -> QPushButton:
    row = page.agenda.findChild(QPushButton, "agenda_row")
    assert row is not None
    return row


def words_of(page: CalendarPage) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisibleTo(page))


def test_a_house_mother_sees_an_external_appointment_and_nothing_of_court(
    house: House, qtbot: QtBot, event: CourtEvent
) -> None:
    page, _tasks, _gone = open_calendar(house, qtbot, "house_mother")
    words = words_of(page)
    assert "External appointment" in words
    assert "leaves 07:30" in words
    assert "back about 12:00" in words
    for secret in ("Shanzu", "testif", "E118", "Court"):
        assert secret not in words


def test_a_counsellor_sees_no_more_of_court_than_the_house_does(
    house: House, event: CourtEvent
) -> None:
    with house.work("counsellor") as work:
        items = hearing_calendar.calendar(work, date(2026, 11, 23), date(2026, 11, 29))
    assert [(item.title, item.detail, item.legal_case_id) for item in items] == [
        ("External appointment", "", 0)
    ]


def test_a_house_mother_names_who_goes_along_from_the_calendar(
    house: House, qtbot: QtBot, event: CourtEvent
) -> None:
    page, tasks, _gone = open_calendar(house, qtbot, "house_mother")
    first_row(page).click()
    qtbot.waitUntil(page.editor.is_open)
    form: Any = page.editor.form()
    form.editor("staff_id").set_value(house.desk("house_mother").actor.staff_id, "Me")
    form.editor("staff_id").edited.emit()
    qtbot.waitUntil(tasks.is_idle)
    page.editor.save()
    qtbot.waitUntil(tasks.is_idle)
    with house.work("house_mother") as work:
        going = work.matching(Accompaniment, court_event_id=event.id)
    assert [one.role for one in going] == ["house_mother"]


def test_a_link_to_an_appointment_opens_its_day_and_asks_who_goes_along(
    house: House, qtbot: QtBot, event: CourtEvent
) -> None:
    page, tasks, _gone = open_calendar(house, qtbot, "house_mother")
    page.show_record(event.id)
    qtbot.waitUntil(page.editor.is_open)
    qtbot.waitUntil(tasks.is_idle)
    assert page.grid.day() == HEARING.date()


def test_the_legal_officer_opens_the_case_from_the_agenda(
    house: House, qtbot: QtBot, event: CourtEvent
) -> None:
    page, _tasks, gone = open_calendar(house, qtbot, "legal_officer")
    first_row(page).click()
    assert gone == [("court", event.legal_case_id, str(event.id))]


def test_dragging_a_court_date_in_the_week_moves_it_in_the_case_too(
    house: House, qtbot: QtBot, event: CourtEvent
) -> None:
    page, tasks, _gone = open_calendar(house, qtbot, "legal_officer")
    page.week_toggle.click()
    qtbot.waitUntil(tasks.is_idle)
    page.week.moved.emit(event.id, HEARING + timedelta(days=1))
    qtbot.waitUntil(tasks.is_idle)
    with house.work("legal_officer") as work:
        moved = work.get(CourtEvent, event.id)
        appointment = work.get(Appointment, event.id)
    assert moved.starts_at == appointment.starts_at == HEARING + timedelta(days=1)


def test_the_arrows_walk_through_the_days_of_the_month(
    house: House, qtbot: QtBot, event: CourtEvent
) -> None:
    page, tasks, _gone = open_calendar(house, qtbot, "house_mother")
    QTest.keyClick(page.grid, Qt.Key.Key_Down)
    qtbot.waitUntil(tasks.is_idle)
    assert page.grid.day() == date(2026, 11, 30)
    QTest.keyClick(page.grid, Qt.Key.Key_Right)
    qtbot.waitUntil(tasks.is_idle)
    assert page.period_label.text() == "December 2026"
    assert page.agenda.title_label.text().startswith("0 ")


def test_only_appointments_outside_the_house_are_shown_on_request(
    house: House, qtbot: QtBot, event: CourtEvent
) -> None:
    with house.work("manager") as work:
        work.save(Appointment(kind="conference", starts_at=HEARING + timedelta(hours=5)))
    page, _tasks, _gone = open_calendar(house, qtbot, "legal_officer")
    qtbot.waitUntil(lambda: "Case conference" in words_of(page))
    page.court_toggle.click()
    qtbot.waitUntil(lambda: "Case conference" not in words_of(page))
