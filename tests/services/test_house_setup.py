"""Making a house, its two sheets, and what is known of a folder before anybody signs in."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from shelter_app import i18n
from shelter_app.domain.staff import Setting, Staff
from shelter_app.errors import NotAVault, NotPossible, WorldProblem
from shelter_app.services import doors, house_settings, house_setup, recovery_sheets
from shelter_app.services.desk import Desk, ImmediateExecutor, sign_in
from shelter_app.services.doors import Door
from shelter_app.services.house_setup import Founded, Plan
from shelter_app.services.recovery_sheets import Sheet
from shelter_app.storage.keyring import KdfCost
from shelter_app.storage.recovery import new_code
from tests.fixtures import House

PHRASE = "kettle meadow lantern orbit"
COST = KdfCost(65_536, 1, 4)


def _found(folder: Path, *, counsels: bool = False) -> Founded:
    return house_setup.found_house(Plan(folder, "Amani", "Twiga", PHRASE, counsels), COST)


def _enter(folder: Path) -> Desk:
    way = doors.ways_in(folder)[0]
    return sign_in(folder, way.slot_id, PHRASE, ImmediateExecutor()).result()


def test_the_first_manager_signs_in_and_finds_the_house_as_she_named_it(tmp_path: Path) -> None:
    _found(tmp_path / "new")
    desk = _enter(tmp_path / "new")
    assert desk.actor.roles == {"manager"}
    assert "counselling" not in desk.actor.compartments
    assert desk.ask(house_settings.facts).result().name == "Amani"
    assert desk.actor.staff_id
    desk.close().result()


def test_a_manager_who_counsels_holds_the_counselling_key(tmp_path: Path) -> None:
    _found(tmp_path / "new", counsels=True)
    desk = _enter(tmp_path / "new")
    assert "counselling" in desk.actor.compartments
    desk.close().result()


def test_the_name_of_the_house_is_nowhere_outside(tmp_path: Path) -> None:
    _found(tmp_path / "new")
    for path in (tmp_path / "new").rglob("*"):
        assert "Amani" not in path.name
        if path.is_file():
            assert b"Amani" not in path.read_bytes()


def test_only_this_account_can_read_the_folder(tmp_path: Path) -> None:
    _found(tmp_path / "new")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_second_house_is_not_made_over_the_first(tmp_path: Path) -> None:
    _found(tmp_path / "new")
    assert house_setup.folder_problem(tmp_path / "new") == house_setup.ALREADY_A_HOUSE
    with pytest.raises(NotPossible):
        _found(tmp_path / "new")
    _enter(tmp_path / "new").close().result()


def test_a_folder_is_told_apart_before_anybody_signs_in(house: House, tmp_path: Path) -> None:
    assert doors.at(tmp_path / "nothing") is Door.NOTHING
    assert doors.at(house.folder) is Door.HOUSE
    names = [way.alias for way in doors.ways_in(house.folder)]
    assert names == sorted(names, key=str.casefold)
    with pytest.raises(NotAVault):
        doors.ways_in(tmp_path)


def test_a_file_or_a_relative_path_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert house_setup.folder_problem(tmp_path / "file") == house_setup.NOT_A_FOLDER
    assert house_setup.folder_problem(Path("records")) == house_setup.NOT_A_FOLDER
    assert house_setup.folder_problem(tmp_path / "fresh") == ""
    assert not (tmp_path / "fresh").exists()


def test_a_folder_that_cannot_be_made_is_known_before_the_house_is(tmp_path: Path) -> None:
    assert house_setup.folder_problem(tmp_path / ("x" * 300)) == house_setup.NOT_WRITABLE
    inside = tmp_path / "one" / "two"
    assert house_setup.folder_problem(inside) == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["en", "sw"])
def test_proposed_words_are_strong_enough_in_each_language(language: str) -> None:
    for _draw in range(5):
        proposed = house_setup.proposed(language, ("Amani", "Twiga"))
        assert len(proposed.split()) == 4
        assert house_setup.weakness(proposed, ("Amani", "Twiga")) == ""


def test_the_name_of_the_house_is_no_pass_phrase() -> None:
    assert house_setup.weakness("Amani House Amani House", ("Amani House",))


def test_a_sheet_is_an_a4_page_with_its_groups_and_no_name(tmp_path: Path) -> None:
    sheet = _found(tmp_path / "new").sheets[0]
    for language in ("en", "sw"):
        i18n.set_language(language)
        recovery_sheets.save_pdf(sheet, tmp_path / "sheet.pdf")
        page = PdfReader(tmp_path / "sheet.pdf").pages[0]
        text = page.extract_text()
        assert all(group in text for group in sheet.groups)
        assert all(word in text for word in sheet.check_words)
        assert "Amani" not in text
        assert "Makao" not in text
        assert round(float(page.mediabox.width)) == 595
    assert stat.S_IMODE((tmp_path / "sheet.pdf").stat().st_mode) == 0o600


def test_a_page_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    sheet = Sheet("R", new_code().text)
    with pytest.raises(WorldProblem):
        recovery_sheets.save_pdf(sheet, tmp_path / "missing" / "sheet.pdf")


def test_a_sheet_typed_back_rightly_is_accepted_with_or_without_spaces() -> None:
    sheet = Sheet("C", new_code().text)
    assert recovery_sheets.mistyped_group(sheet, sheet.code) is None
    assert recovery_sheets.mistyped_group(sheet, sheet.code.replace(" ", "")) is None
    assert recovery_sheets.mistyped_group(sheet, sheet.code.replace("0", "O")) is None


@given(place=st.integers(0, 8), digit=st.integers(0, 5), by=st.integers(1, 9))
def test_one_wrong_digit_is_named_by_its_group(place: int, digit: int, by: int) -> None:
    sheet = Sheet("R", new_code().text)
    groups = list(sheet.groups)
    wrong = str((int(groups[place][digit]) + by) % 10)
    groups[place] = groups[place][:digit] + wrong + groups[place][digit + 1 :]
    assert recovery_sheets.mistyped_group(sheet, " ".join(groups)) == place + 1


def test_the_other_sheet_is_not_taken_for_this_one() -> None:
    mine, other = Sheet("R", new_code().text), Sheet("C", new_code().text)
    assert recovery_sheets.mistyped_group(mine, other.code) in range(1, 10)
    assert recovery_sheets.mistyped_group(mine, "12 34") == 0


def test_the_founders_own_rows_carry_her_name(tmp_path: Path) -> None:
    from shelter_app.services import audit_trail

    _found(tmp_path / "new")
    desk = _enter(tmp_path / "new")
    ids = desk.ask(audit_trail.newest, audit_trail.Filter()).result()
    lines = desk.ask(audit_trail.lines, ids).result()
    assert {line.who for line in lines} == {"Twiga"}
    assert {line.title for line in lines} >= {Staff.title, Setting.title}
    desk.close().result()
