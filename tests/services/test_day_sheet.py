"""The day sheet: one page with times, codes and working names, and nothing that says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from shelter_app.domain.appointment import Appointment
from shelter_app.errors import NotAllowed
from shelter_app.services import day_sheet, outing_list
from tests import builders, busy_day
from tests.busy_day import MORNING, BusyDay
from tests.fixtures import House


@pytest.fixture
def day(house: House, clock_at: Callable[[datetime], None]) -> BusyDay:
    clock_at(MORNING)
    return busy_day.prepare(house)


def text_of(pdf: bytes) -> tuple[str, int]:
    pages = PdfReader(BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages), len(pages)


def test_the_sheet_names_times_and_working_names_and_no_reasons(house: House, day: BusyDay) -> None:
    with house.work("legal_officer") as work:
        words, pages = text_of(day_sheet.pdf(work))
    assert pages == 1
    assert "23 November 2026" in words
    assert "R-0204 “Salama”" in words
    assert "leaves 09:30" in words
    for secret in ("SO/E118", "Shanzu", "Mention", "Counselling", "Hospital", "court", "review"):
        assert secret not in words


def test_a_crowded_day_still_fits_on_one_page(house: House, day: BusyDay) -> None:
    with house.work("manager") as work:
        made = builders.minimal(Appointment, MORNING, person=day.people["Amani"].id)
        assert isinstance(made, Appointment)
        for place in range(60):
            at = MORNING.replace(hour=8, minute=0) + timedelta(minutes=10 * place)
            work.save(replace(made, id=0, starts_at=at))
        words, pages = text_of(day_sheet.pdf(work))
    assert pages == 1
    assert "later times are not shown" in words


def test_saving_writes_a_neutral_name_and_a_line_in_the_audit_trail(
    house: House, day: BusyDay, tmp_path: Path
) -> None:
    with house.work("house_mother") as work:
        path = day_sheet.save(work, tmp_path)
    assert path.name == "day-2026-11-23.pdf"
    assert path.read_bytes().startswith(b"%PDF")
    with house.work("manager") as work:
        told = work.connection.exec_driver_sql(
            "SELECT count(*) FROM audit WHERE action = 'export'"
        ).scalar_one()
    assert told == 1


def test_whoever_does_not_see_the_house_gets_no_sheet(house: House, day: BusyDay) -> None:
    with house.work("sysadmin") as work, pytest.raises(NotAllowed):
        day_sheet.lines(work)


def test_the_list_of_outside_dates_has_codes_and_company_and_no_name_or_reason(
    day: BusyDay, house: House, tmp_path: Path
) -> None:
    with house.work("manager") as work:
        first, last = work.today, work.today + timedelta(days=30)
        listed = outing_list.lines(work, first, last)
        path = outing_list.save(work, tmp_path, first, last)
    assert listed
    assert any(line["alone"] for line in listed)
    text, _pages = text_of(path.read_bytes())
    assert "nobody goes along yet" in text
    for secret in ("“", "Mention", "Shanzu", "SO/E118", "court", "Court"):
        assert secret not in text
    with house.work("sysadmin") as work, pytest.raises(NotAllowed):
        outing_list.pdf(work, first, last)
