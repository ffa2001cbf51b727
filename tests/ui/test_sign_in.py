"""The door: names, wrong pass phrases, and each trouble with words of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from shelter_app import errors, i18n, settings
from shelter_app.services.desk import ImmediateExecutor, sign_in
from tests.fixtures import House
from tests.ui.opened_program import LONG, Opened, opened
from ui.sign_in import SignInCard, SignInWindow


def _says_something(hint: Any) -> bool:
    return bool(hint.text())


@pytest.fixture
def door(house: House, qtbot: QtBot, qapp: QApplication) -> Iterator[Opened]:
    made = opened(house.folder, qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def card(qtbot: QtBot) -> SignInCard:
    made = SignInCard()
    qtbot.addWidget(made)
    made.set_ways([("1", "Twiga"), ("2", "Simba")])
    return made


def test_the_door_offers_everybody_with_an_open_account_by_name(door: Opened) -> None:
    door.wait_for_names()
    box = door.card.name_box
    names = [box.itemText(row) for row in range(box.count())]
    assert names == sorted(names, key=str.casefold)
    assert "Social Worker" in names


def test_the_door_shows_only_the_name_that_was_chosen_at_the_installation(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "appearance.txt").write_text("Office Diary\ncalendar\n", "utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "daily-register"))
    window = SignInWindow()
    qtbot.addWidget(window)
    words = {shown.text() for shown in window.findChildren(QLabel)}
    assert window.windowTitle() == "Office Diary"
    assert "Office Diary" in words
    assert "Makao" not in words


def test_a_wrong_pass_phrase_is_said_beside_the_field_and_selected_for_typing_over(
    door: Opened,
) -> None:
    door.sign_in(phrase="not the right words at all")
    hint = door.card.phrase_edit.hint_label
    door.qtbot.waitUntil(lambda: bool(hint.text()), timeout=LONG)
    assert "not the password" in hint.text()
    assert door.card.problem_label.isHidden()
    assert door.card.phrase_edit.line_edit.selectedText()
    assert door.card.unlock_button.isEnabled()
    assert door.program.main_window is None


def test_the_right_pass_phrase_opens_the_window_and_tells_of_failed_attempts(
    door: Opened,
) -> None:
    for _attempt in range(2):
        door.card.phrase_edit.hint_label.setText("")
        door.sign_in(phrase="not the right words at all")
        hint = door.card.phrase_edit.hint_label
        door.qtbot.waitUntil(partial(_says_something, hint), timeout=LONG)
    window = door.signed_in()
    assert "2 failed attempts" in window.message_bar.text_label.text()


def test_a_wait_is_counted_down_and_ends(card: SignInCard, qtbot: QtBot) -> None:
    card.show_failure(errors.WrongPassphrase(2))
    assert not card.unlock_button.isEnabled()
    assert "2 seconds" in card.phrase_edit.hint_label.text()
    qtbot.waitUntil(lambda: "1 second" in card.phrase_edit.hint_label.text(), timeout=LONG)
    qtbot.waitUntil(card.unlock_button.isEnabled, timeout=LONG)
    assert card.phrase_edit.hint_label.text() == ""


def test_another_name_does_not_wait_for_the_first_ones_failures(card: SignInCard) -> None:
    card.show_failure(errors.WrongPassphrase(300))
    card.name_box.setCurrentText("Simba")
    assert card.unlock_button.isEnabled()
    assert card.phrase_edit.text() == ""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.VaultDamaged("cases"), "case files is damaged. Nothing was changed."),
        (errors.VaultDamaged("keyring"), "key file of the records is damaged"),
        (errors.VaultInUse(), "open in another window"),
        (errors.VaultTooNew(), "newer version"),
        (errors.VaultReadOnly(), "write into its folder"),
        (errors.NotAVault(), "not where they were"),
        (errors.NotAllowed("account closed"), "account was closed"),
        (errors.UnsafeEngine(), "could not be opened"),
    ],
)
def test_each_trouble_has_its_own_sentence_and_is_never_called_a_wrong_password(
    card: SignInCard, error: Exception, words: str
) -> None:
    card.show_failure(error)
    assert words in card.problem_label.text()
    assert "password" not in card.problem_label.text()
    assert card.phrase_edit.hint_label.text() == ""


def test_a_damaged_file_is_not_taken_for_a_wrong_password(door: Opened, house: House) -> None:
    damaged = next(house.folder.glob("cases-*.db"))
    content = bytearray(damaged.read_bytes())
    content[5000] ^= 255
    damaged.write_bytes(content)
    door.sign_in()
    door.qtbot.waitUntil(lambda: bool(door.card.problem_label.text()), timeout=LONG)
    assert "case files is damaged" in door.card.problem_label.text()


def test_a_vault_that_is_open_elsewhere_says_so(door: Opened, house: House) -> None:
    house.desk("manager")
    door.sign_in()
    door.qtbot.waitUntil(lambda: bool(door.card.problem_label.text()), timeout=LONG)
    assert "another window" in door.card.problem_label.text()


def test_a_closed_account_is_told_kindly(door: Opened, house: House) -> None:
    from shelter_app.services import accounts

    staff_id = house.staff_id("social_worker")
    door.wait_for_names()
    house.desk("manager").do(accounts.close_account, staff_id).result()
    house.close()
    door.sign_in()
    door.qtbot.waitUntil(lambda: bool(door.card.problem_label.text()), timeout=LONG)
    assert door.program.main_window is None


def test_an_empty_pass_phrase_is_asked_for_without_trying(card: SignInCard) -> None:
    card.unlock_button.click()
    assert "type your password" in card.phrase_edit.hint_label.text()
    assert card.unlock_button.isEnabled()


def test_who_forgot_the_password_reads_who_can_help(card: SignInCard) -> None:
    card.forgot_button.click()
    assert "manager" in card.help_label.text()
    assert not card.help_label.isHidden()


def test_the_other_language_is_one_click_away_and_keeps_what_was_typed(door: Opened) -> None:
    door.wait_for_names()
    door.card.phrase_edit.line_edit.setText("half typed")
    door.card.language_button.click()
    assert i18n.language() == "sw"
    assert settings.load().language == "sw"
    assert door.card.phrase_edit.text() == "half typed"
    assert door.card.name_box.count() > 0
    door.card.language_button.click()
    assert i18n.language() == "en"


def test_the_pass_phrase_is_forgotten_when_the_window_goes(door: Opened) -> None:
    door.wait_for_names()
    card = door.card
    card.phrase_edit.line_edit.setText("half typed")
    assert door.program.window is not None
    door.program.window.hide()
    assert card.phrase_edit.text() == ""


def test_before_it_is_painted_the_door_loads_no_vault_library() -> None:
    heavy = "{'sqlalchemy', 'sqlcipher3', 'cryptography', 'qtawesome', 'typst', 'docx'}"
    script = f"import sys, ui.app; found = {heavy} & set(sys.modules); sys.exit(bool(found))"
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0


def test_signing_in_is_the_same_through_the_service(house: House) -> None:
    slot = house.slots["nurse"]
    desk = sign_in(house.folder, slot, "four quiet words here", ImmediateExecutor()).result()
    assert desk.actor.alias == "Nurse"
    desk.close().result()
