"""The whole main job through the real windows, as `--drive` does it, on a fresh house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from shelter_app import clock
from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.care_plan import CarePlan, PlanReview
from shelter_app.domain.document import Document
from shelter_app.domain.legal import PoliceContact
from shelter_app.domain.stay import Stay
from tests.builders import a_room_with_beds
from tests.fixtures import ALIASES, PHRASE, House
from tests.journeys.keyboard_hand import KeyboardHand
from ui.driver import Driver, Hand
from ui.kit import theme
from ui.main_job import NAME, Cast, main_job
from ui.program import Program
from ui.sweeper import Sweeper

_CAST = Cast(
    manager=ALIASES["manager"],
    social_worker=ALIASES["social_worker"],
    counsellor=ALIASES["counsellor"],
    legal_officer=ALIASES["legal_officer"],
    phrase=PHRASE,
)
_FARTHEST: Final = 40
"""Presses of Tab and arrows from one thing to the next; Ctrl+S and Ctrl+K shorten most ways."""


@pytest.fixture
def clock_at_ten() -> Iterator[Callable[[], None]]:
    """Let the clock run from the next ten in the morning on: at night alerts keep quiet."""

    def run_on() -> None:
        now, begun = clock.now(), perf_counter()
        ten = now + (datetime.combine(now.date(), time(10)) - now) % timedelta(days=1)
        clock.set_source(lambda: ten + timedelta(seconds=perf_counter() - begun))

    yield run_on
    clock.set_source(None)


@pytest.mark.slow
@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
@pytest.mark.timeout(400)
@pytest.mark.parametrize("hands", [Hand, KeyboardHand], ids=["mouse", "keyboard"])
def test_the_main_job_from_the_door_to_a_sealed_paper_and_the_contacts_after_leaving(
    hands: type[Hand],
    house: House,
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    clock_at_ten: Callable[[], None],
) -> None:
    with house.work("manager") as work:
        a_room_with_beds(work)
    house.close()
    clock_at_ten()
    theme.apply(qapp, "light")
    sweeper = Sweeper()
    told: list[str] = []
    program = Program(house.folder)
    program.begin_again = program.sign_in_anew
    hand = hands(program, tmp_path, told.append)
    driver = Driver(hand, main_job(hand, _CAST))
    outcome: list[bool] = []
    driver.finished.connect(outcome.append)
    program.start()
    driver.start()
    qtbot.waitUntil(lambda: bool(outcome), timeout=380_000)
    assert program.desk is not None
    program.desk.close().result()
    assert program.main_window is not None
    program.main_window.hide()
    program.main_window.deleteLater()
    sweeper.stop()
    assert outcome == [True], (driver.trouble, told[-3:])
    if isinstance(hand, KeyboardHand):
        assert [step for step in hand.far if step[2] > _FARTHEST] == []
    _paper_is_right(tmp_path)
    _records_are_kept(house)


def _paper_is_right(folder: Path) -> None:
    papers = list(folder.glob("*.pdf"))
    assert len(papers) == 1
    assert list(folder.glob("*.docx"))
    text = "\n".join(page.extract_text() for page in PdfReader(papers[0]).pages)
    assert "Court-support summary" in text
    assert NAME not in text
    assert "0712" not in text
    assert "my aunt to know the day" in text
    assert "grounding exercise" not in text


def _records_are_kept(house: House) -> None:
    with house.work("manager") as work:
        stay = work.rule_matching(Stay)[0]
        assert stay.exited_at is not None
        assert work.rule_matching(CarePlan)[0].status == "approved"
        assert work.rule_matching(PoliceContact)[0].promise
        contacts = work.rule_matching(FollowupContact)
        assert len(contacts) >= 5
        made = [contact for contact in contacts if contact.done_on]
        assert [(contact.result, contact.attempts) for contact in made] == [("reached", 1)]
        assert work.rule_matching(PlanReview)[0].decisions
        document = work.rule_matching(Document)[0]
        assert document.status == "withdrawn" or document.recalled
