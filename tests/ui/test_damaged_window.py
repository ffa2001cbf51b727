"""A damaged part from the door to the saved records, and the check after signing in."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from shelter_app.errors import VaultDamaged
from shelter_app.services import doors, integrity
from shelter_app.storage import keyring_file
from shelter_app.storage.page_file import PAGE
from tests.contexts import a_context
from tests.fixtures import PHRASE, House
from ui.damaged.steps import ToldStep
from ui.damaged.window import DamagedWindow
from ui.features.settings.health_part import HealthPart
from ui.health import DamageNotice, HealthWatch
from ui.main_window import MainWindow
from ui.sign_in import SignInCard


def spoil(house: House, part: str, page: int) -> Path:
    path = house.folder / keyring_file.load(house.folder).files[part].file
    raw = bytearray(path.read_bytes())
    page = page if page > 0 else len(raw) // PAGE + page
    raw[(page - 1) * PAGE + 100] ^= 2
    path.write_bytes(raw)
    return path


def window_for(house: House, part: str, qtbot: QtBot, role: str = "manager") -> DamagedWindow:
    made = DamagedWindow(house.folder, part, doors.ways_in(house.folder), house.slots[role])
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("part", ["office", "house", "cases", "counselling", "identity", "keyring"])
def test_the_door_says_which_part_in_words_and_offers_help(part: str, qtbot: QtBot) -> None:
    card = SignInCard()
    qtbot.addWidget(card)
    card.show()
    assert card.damage_button.isHidden()
    card.show_failure(VaultDamaged(part))
    said = card.problem_label.text()
    assert "damaged" in said
    assert "password" not in said
    with qtbot.waitSignal(card.damage_wanted) as asked:
        card.damage_button.click()
    assert asked.args is not None
    assert asked.args[0] == part


def test_what_can_be_read_is_saved_and_told(house: House, qtbot: QtBot) -> None:
    path = spoil(house, "cases", 9)
    window = window_for(house, "cases", qtbot)
    assert "case files" in window.way_step.lead_label.text()
    window.way_step.salvage_choice.click()
    window.next_button.click()
    QTest.keyClicks(window.who_step.phrase_edit.line_edit, PHRASE)
    QTest.keyClick(window.who_step.phrase_edit.line_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.current(), ToldStep), timeout=20_000)
    assert "saved" in window.current().lead_label.text()
    assert window.who_step.phrase_edit.text() == ""
    assert not path.exists()
    with qtbot.waitSignal(window.finished):
        window.next_button.click()
    with house.work("manager") as work:
        assert work.vault.compartments == {"office", "house", "cases", "identity"}


def test_who_does_not_open_the_part_cannot_save_it(house: House, qtbot: QtBot) -> None:
    path = spoil(house, "cases", 9)
    before = path.read_bytes()
    window = window_for(house, "cases", qtbot, "house_mother")
    window.way_step.salvage_choice.click()
    window.next_button.click()
    for phrase, words in (("not this one", "not the password"), (PHRASE, "does not open")):
        window.who_step.phrase_edit.line_edit.setText(phrase)
        window.next_button.click()
        qtbot.waitUntil(
            lambda words=words: words in window.who_step.problem_label.text(),  # type: ignore[misc]
            timeout=20_000,
        )
    assert path.read_bytes() == before


def test_the_backup_is_offered_first(house: House, qtbot: QtBot) -> None:
    window = window_for(house, "keyring", qtbot)
    assert window.way_step.wants_backup()
    assert window.way_step.salvage_choice.isHidden()
    with qtbot.waitSignal(window.restore_wanted):
        window.next_button.click()
    qtbot.waitUntil(lambda: "Looking" not in window.way_step.backup_label.text())


def test_a_check_that_finds_nothing_says_nothing(house: House, qtbot: QtBot) -> None:
    window = MainWindow(house.desk("manager"))
    qtbot.addWidget(window)
    watch = HealthWatch(window)
    watch.begin()
    qtbot.waitUntil(lambda: not watch.health.running, timeout=20_000)
    watch.look()
    qtbot.waitUntil(window.tasks.is_idle)
    assert watch.health.last is not None
    assert watch.health.last.all_well
    assert window.findChild(DamageNotice) is None


def test_after_a_crash_the_check_begins_at_once_and_says_that_it_ended(
    house: House, qtbot: QtBot
) -> None:
    house.desk("manager").vault._shut_connection()
    house.close()  # as a crash does: nothing is sealed any more
    window = MainWindow(house.desk("manager"))
    qtbot.addWidget(window)
    HealthWatch(window)
    said = window.message_bar.text_label
    qtbot.waitUntil(lambda: "what was saved is whole" in said.text(), timeout=20_000)


def test_damage_found_while_working_is_told_and_stops_the_next_start(
    house: House, qtbot: QtBot
) -> None:
    window = MainWindow(house.desk("manager"))
    qtbot.addWidget(window)
    watch = HealthWatch(window)
    spoil(house, "identity", 0)
    watch.begin()
    qtbot.waitUntil(lambda: not watch.health.running, timeout=20_000)
    watch.look()
    notice = window.findChild(DamageNotice)
    assert notice is not None
    assert "true names" in notice.text_label.text()
    with qtbot.waitSignal(window.lock_wanted):
        notice.lock_button.click()
    qtbot.waitUntil(window.tasks.is_idle)
    house.close()
    with pytest.raises(VaultDamaged) as said:
        house.desk("manager")
    assert said.value.part == "identity"


def test_settings_show_how_the_check_stands(house: House, qtbot: QtBot) -> None:
    context = a_context(house, "manager")
    part = HealthPart(context)
    qtbot.addWidget(part)
    part.show()
    assert "Not checked" in part.state_label.text()
    part.check_button.click()
    qtbot.waitUntil(lambda: not part.health.running, timeout=20_000)
    part.show_state()
    assert "all is well" in part.state_label.text()
    assert part.health is integrity.health_of(context.desk)
