"""The two sheets: proved, made anew, split in three, and what each does when nobody can sign in."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from shelter_app import clock
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotAllowed, NotPossible, ValidationFailed, WrongPassphrase
from shelter_app.services import (
    accounts,
    house_setup,
    key_changes,
    recovery_door,
    recovery_sheets,
    sheet_care,
)
from shelter_app.services.desk import ImmediateExecutor, sign_in
from shelter_app.services.house_setup import Plan
from shelter_app.services.inside import Inside
from shelter_app.services.key_changes import Course
from shelter_app.storage import audit, keyring, keyring_file, recovery, recovery_parts, slots, vault
from tests.fixtures import COST, House

STRONG = "twiga anakula majani mapya"


def inside(house: House, role: str) -> Inside:
    desk = house.desk(role)
    return Inside(desk.vault, desk.actor, leaving=lambda: False)


def test_sheet_r_makes_a_manager_and_is_made_anew(house: House) -> None:
    sheet_r = house.sheets[0]
    assert recovery_door.look(house.folder, sheet_r) == recovery_door.Opened("R")
    before = keyring_file.load(house.folder).files
    anew = recovery_door.make_manager(house.folder, sheet_r, "Tembo", STRONG, Course())
    ring = keyring_file.load(house.folder)
    assert ring.due == frozenset()
    renewed = {name for name, entry in ring.files.items() if entry != before[name]}
    assert renewed == slots.SHEETS["R"]
    slot = next(slot for slot in ring.slots if slot.alias == "Tembo")
    assert slot.may_restore
    desk = sign_in(house.folder, slot.id, STRONG, ImmediateExecutor()).result()
    assert desk.actor.has_role("manager")
    assert desk.vault.compartments == slots.SHEETS["R"]
    with desk.vault.reading() as connection:
        assert audit.verify(connection, "office", 1, desk.vault.public_keys()) is None
    desk.close().result()
    with pytest.raises(NotPossible):
        recovery_door.look(house.folder, sheet_r)
    assert recovery_door.look(house.folder, anew.code).letter == "R"
    for role in ("house_mother", "clinical_supervisor"):
        assert house.desk(role).vault.compartments


def test_sheet_c_gives_the_counselling_key_and_nothing_else(house: House) -> None:
    with house.work("manager") as work:
        accounts.add_staff(work, "Nyota", frozenset({"counsellor"}), STRONG)
    house.close()
    opened = recovery_door.look(house.folder, house.sheets[1])
    assert opened.letter == "C"
    holding = {one.alias: one.holds_it for one in opened.counsellors}
    assert holding == {"Clinical Supervisor": True, "Counsellor": True, "Nyota": False}
    (chosen,) = (one for one in opened.counsellors if one.alias == "Nyota")
    with pytest.raises(NotPossible):
        recovery_door.make_manager(house.folder, house.sheets[1], "Tembo", STRONG, Course())
    anew = recovery_door.give_counselling(house.folder, house.sheets[1], chosen.staff_id, Course())
    slot = next(s for s in keyring_file.load(house.folder).slots if s.alias == "Nyota")
    desk = sign_in(house.folder, slot.id, STRONG, ImmediateExecutor()).result()
    assert desk.vault.compartments == {"office", "house", "cases", "counselling"}
    with desk.vault.reading() as connection:
        assert audit.verify(connection, "counselling", 1, desk.vault.public_keys()) is None
    desk.close().result()
    with pytest.raises(NotPossible):
        recovery_door.look(house.folder, house.sheets[1])
    assert recovery_door.look(house.folder, anew.code).letter == "C"


def test_sheet_c_goes_only_to_who_counsels(house: House) -> None:
    nurse = house.staff_id("nurse")
    house.close()
    with pytest.raises(NotPossible):
        recovery_door.give_counselling(house.folder, house.sheets[1], nurse, Course())
    assert keyring_file.load(house.folder).files["counselling"].generation == 2


@pytest.mark.parametrize(
    ("alias", "phrase", "field"),
    [("Manager", STRONG, "alias"), ("Tembo", "short", "passphrase"), (" ", STRONG, "alias")],
)
def test_the_new_managers_name_and_password_are_looked_at_first(
    house: House, alias: str, phrase: str, field: str
) -> None:
    with pytest.raises(ValidationFailed) as caught:
        recovery_door.make_manager(house.folder, house.sheets[0], alias, phrase, Course())
    assert field in {problem.field for problem in caught.value.problems}
    assert recovery_door.look(house.folder, house.sheets[0]).letter == "R"


def test_the_page_says_its_day_as_people_read_it(
    house: House, clock_at: Callable[[datetime], object]
) -> None:
    clock_at(datetime(2026, 8, 31, 10))
    page = recovery_sheets.as_pdf(recovery_sheets.Sheet("R", house.sheets[0]))
    assert "31 August 2026" in PdfReader(BytesIO(page)).pages[0].extract_text()


def test_two_of_three_parts_are_the_sheet_and_one_is_nothing(house: House) -> None:
    sheet = recovery_sheets.Sheet("R", house.sheets[0])
    first, second, third = sheet.parts()
    for pair in ((first, second), (third, first), (second, third)):
        typed = "\n".join(part.text for part in pair)
        assert recovery_sheets.trouble(typed) == ""
        assert recovery_parts.read(typed).text == sheet.code
    shortened = " ".join(word[:4].upper() for word in (*first.words, *third.words))
    assert recovery_door.prove(house.folder, shortened) == "R"
    assert "20 words" in recovery_sheets.trouble(first.text)
    assert "same one" in recovery_sheets.trouble(f"{first.text} {first.text}")
    other = recovery_sheets.Sheet("C", house.sheets[1]).parts()[1]
    assert "belong together" in recovery_sheets.trouble(f"{first.text} {other.text}")


def test_a_mistyped_word_is_named(house: House) -> None:
    first, second, _third = recovery_sheets.Sheet("R", house.sheets[0]).parts()
    words = [*first.words, *second.words]
    words[26] = "zzzz"
    assert "word 7 of the second part" in recovery_sheets.trouble(" ".join(words))
    words[26] = "academic" if second.words[6] != "academic" else "acid"
    assert "second part" in recovery_sheets.trouble(" ".join(words))
    assert recovery_sheets.part_not_as_printed(first, first.text) == ""
    assert "word 20" in recovery_sheets.part_not_as_printed(
        first, " ".join((*first.words[:19], second.words[3]))
    )
    assert "5 words" in recovery_sheets.part_not_as_printed(first, " ".join(first.words[:5]))


def test_the_lists_open_as_the_public_standard_says() -> None:
    first = (
        "shadow pistol academic always adequate wildlife fancy gross oasis cylinder mustang wrist "
        "rescue view short owner flip making coding armed"
    )
    second = (
        "shadow pistol academic acid actress prayer class unknown daughter sweater depict flip "
        "twice unkind craft early superior advocate guest smoking"
    )
    from shamir_mnemonic import combine_mnemonics

    assert combine_mnemonics([first, second], b"TREZOR").hex() == "b43ceb7e57a0ea8766221624d01b0864"


def test_every_six_months_somebody_is_asked_to_try_the_sheets(house: House, clock_at: Any) -> None:
    with house.work("manager") as work:
        assert sheet_care.to_look_after(work) == ()
    clock_at(clock.now() + timedelta(days=183))
    with house.work("manager") as work:
        late = sheet_care.to_look_after(work)
    assert {(line.letter, line.rehearsal_due, line.unproved) for line in late} == {
        ("R", True, False),
        ("C", True, False),
    }
    with house.work("house_mother") as work:
        assert sheet_care.to_look_after(work) == ()


@pytest.mark.parametrize("zone", ["Africa/Nairobi", "America/Los_Angeles", "Pacific/Auckland"])
@pytest.mark.parametrize("stamp", ["2026-11-29T04:19:00Z", "2026-11-28T22:30:00Z"])
def test_a_sheet_was_proved_on_the_day_of_the_house_not_on_that_of_greenwich(
    house: House, monkeypatch: pytest.MonkeyPatch, zone: str, stamp: str
) -> None:
    ring = keyring_file.load(house.folder)
    for sheet in slots.sheets(ring):
        ring = slots.proved(ring, sheet.id, stamp)
    house.desk("manager").vault._save(ring)
    day = datetime.fromisoformat(stamp).astimezone(ZoneInfo(zone)).date()
    try:
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("TZ", zone)
            time.tzset()
            with house.work("manager") as work:
                assert {line.proved for line in sheet_care.lines(work)} == {day}
    finally:
        time.tzset()


def test_proving_a_sheet_keeps_the_day_and_opens_nothing(house: House) -> None:
    ring = keyring_file.load(house.folder)
    for sheet in slots.sheets(ring):
        ring = slots.proved(ring, sheet.id, "2020-01-01T00:00:00Z")
    house.desk("manager").vault._save(ring)
    with house.work("manager") as work:
        assert sheet_care.prove(work, house.sheets[0]) == "R"
        (left,) = sheet_care.to_look_after(work)
        assert (left.letter, left.may_replace) == ("C", False)
    house.close()
    assert recovery_door.prove(house.folder, house.sheets[1]) == "C"
    with house.work("manager") as work:
        assert sheet_care.to_look_after(work) == ()


def test_a_paper_of_another_house_proves_nothing(house: House) -> None:
    with house.work("manager") as work, pytest.raises(NotPossible):
        sheet_care.prove(work, recovery.new_code().text)
    with house.work("house_mother") as work, pytest.raises(NotAllowed):
        sheet_care.prove(work, house.sheets[0])


def test_a_used_sheet_asks_to_be_made_anew_and_only_who_opens_it_can(house: House) -> None:
    with house.work("manager") as work:
        accounts.add_staff(work, "Nyota", frozenset({"counsellor"}), STRONG)
        (wish,) = accounts.wishes_for_keys(work)
        accounts.grant_by_sheet(work, wish, house.sheets[1])
        (line,) = sheet_care.to_look_after(work)
        assert (line.letter, line.unproved, line.may_replace) == ("C", True, False)
        assert key_changes.due(work).elsewhere == ("counselling",)
    with pytest.raises(NotPossible):
        sheet_care.replace(inside(house, "manager"), "C", Course())
    anew = sheet_care.replace(inside(house, "counsellor"), "C", Course())
    with house.work("counsellor") as work:
        assert not key_changes.due(work)
        assert [line.letter for line in sheet_care.to_look_after(work)] == ["C"]
        assert sheet_care.prove(work, anew.code) == "C"
        assert sheet_care.to_look_after(work) == ()


def test_where_the_envelopes_are_is_kept(house: House) -> None:
    with house.work("manager") as work:
        sheet_care.set_place(work, "R", " With the chair of the board ")
        places = {line.letter: line.place for line in sheet_care.lines(work)}
        assert places == {"R": "With the chair of the board", "C": ""}
    with house.work("house_mother") as work, pytest.raises(NotAllowed):
        sheet_care.lines(work)


def test_after_a_hundred_failures_a_name_is_shut_until_a_manager_helps(
    house: House,
) -> None:
    slot_id = house.slots["nurse"]
    ring = keyring_file.load(house.folder)
    stamp = (clock.utc_now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    keyring_file.save(house.folder, ring.with_tries(slot_id, keyring.Tries(99, stamp, stamp)))
    with pytest.raises(WrongPassphrase):
        vault.open_vault(house.folder, slot_id, "wrong")
    with pytest.raises(NotPossible):
        house.desk("nurse")
    nurse = house.staff_id("nurse")
    with house.work("manager") as work:
        accounts.reset_passphrase(work, nurse, STRONG)
    house.close()
    desk = sign_in(house.folder, slot_id, STRONG, ImmediateExecutor()).result()
    assert desk.actor.alias == "Nurse"
    desk.close().result()


def test_a_new_manager_is_on_the_staff_list(house: House) -> None:
    recovery_door.make_manager(house.folder, house.sheets[0], "Tembo", STRONG, Course())
    with house.work("manager") as work:
        found = work.rule_matching(Staff, alias="Tembo")
        assert found[0].roles == ("manager",)


def test_a_first_start_that_ended_before_the_sheets_can_be_mended(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "house", "Nyumba", "Zawadi", STRONG)
    house_setup.found_house(plan, COST)
    slot = keyring_file.load(plan.folder).slots[0]
    desk = sign_in(plan.folder, slot.id, STRONG, ImmediateExecutor()).result()
    here = Inside(desk.vault, desk.actor, leaving=lambda: False)
    waiting = here.ask(sheet_care.to_look_after)
    assert {(line.letter, line.unproved, line.may_replace) for line in waiting} == {
        ("R", True, True),
        ("C", True, True),
    }
    anew = {letter: sheet_care.replace(here, letter, Course()) for letter in ("R", "C")}
    for sheet in anew.values():
        here.do(sheet_care.prove, sheet.code)
    assert here.ask(sheet_care.to_look_after) == ()
    here.do(accounts.add_staff, "Nyota", frozenset({"counsellor"}), STRONG)
    desk.close().result()
    (nyota,) = recovery_door.look(plan.folder, anew["C"].code).counsellors
    assert not nyota.holds_it
    after = recovery_door.give_counselling(plan.folder, anew["C"].code, nyota.staff_id, Course())
    ring = keyring_file.load(plan.folder)
    slot = next(one for one in ring.slots if one.alias == "Nyota")
    desk = sign_in(plan.folder, slot.id, STRONG, ImmediateExecutor()).result()
    assert "counselling" in desk.vault.compartments
    desk.close().result()
    recovery_door.prove(plan.folder, after.code)


def test_counselling_notes_that_were_ever_opened_are_never_made_anew(house: House) -> None:
    for role in ("counsellor", "clinical_supervisor"):
        house.desk("manager").vault.disable_slot(house.slots[role])
    with house.work("manager") as work:
        assert {line.letter: line.may_replace for line in sheet_care.lines(work)} == {
            "R": True,
            "C": False,
        }
    with pytest.raises(NotPossible):
        sheet_care.replace(inside(house, "manager"), "C", Course())


@pytest.mark.parametrize("letter", ["R", "C"])
def test_a_sheet_whose_use_was_cut_short_is_asked_after(
    house: House, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counsellor = house.staff_id("counsellor")
    house.close()

    def power_goes(*_anything: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(recovery_door, "_anew", power_goes)
    folder, (code_r, code_c), course = house.folder, house.sheets, Course()
    uses: dict[str, Callable[[], object]] = {
        "R": lambda: recovery_door.make_manager(folder, code_r, "Tembo", STRONG, course),
        "C": lambda: recovery_door.give_counselling(folder, code_c, counsellor, course),
    }
    with pytest.raises(KeyboardInterrupt):
        uses[letter]()
    ring = keyring_file.load(house.folder)
    assert ring.due == slots.SHEETS[letter]
    assert [slot.proved for slot in slots.sheets(ring) if slot.alias == letter] == [""]
    with house.work("manager") as work:
        waiting = sheet_care.to_look_after(work)
        assert [(line.letter, line.unproved) for line in waiting] == [(letter, True)]
