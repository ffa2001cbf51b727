"""The audit trail as people read it: who may, what it shows, and what breaks it."""

from __future__ import annotations

import csv
import dataclasses
import io
from datetime import timedelta
from pathlib import Path

import pytest

from shelter_app import i18n
from shelter_app.domain.alert import SEEN, AlertSnooze
from shelter_app.domain.legal import LegalCase
from shelter_app.domain.person import Person, PersonBackground, SealedIdentity
from shelter_app.errors import NotAllowed, NotPossible
from shelter_app.services import (
    accounts,
    audit_files,
    audit_heads,
    audit_notes,
    audit_trail,
    audit_values,
    csv_files,
    identity,
    records,
    recovery_door,
    salvage,
)
from shelter_app.services.audit_trail import Filter
from shelter_app.services.key_changes import Course
from shelter_app.storage import keyring_file
from shelter_app.storage.audit_check import Wrong
from shelter_app.storage.page_file import PAGE
from tests.builders import a_legal_case, a_person, a_stay
from tests.fixtures import PHRASE, House


def _lines(house: House, role: str, wanted: Filter) -> list[audit_trail.Line]:
    desk = house.desk(role)
    ids = desk.ask(audit_trail.newest, wanted).result()
    return list(desk.ask(audit_trail.lines, ids).result())


def _entry(house: House, role: str, table: str, action: str = "Made") -> audit_values.Entry:
    found = _lines(house, role, Filter(table=table))
    line = next(line for line in found if line.action == action)
    return house.desk(role).ask(audit_values.open_entry, line.id).result()


def _written(entry: audit_values.Entry) -> str:
    return " ".join(change.before + change.after for change in entry.changes)


def test_newest_entries_come_first_over_all_compartments(house: House) -> None:
    with house.work("social_worker") as work:
        a_person(work, display_alias="Pendo")
    found = _lines(house, "manager", Filter())
    assert found[0].at >= found[-1].at
    assert {line.compartment for line in found} >= {"office", "house"}


def test_a_list_line_names_fields_and_never_their_values(house: House) -> None:
    with house.work("social_worker") as work:
        a_person(work, display_alias="Pendo", house_notes="afraid of dogs")
    line = next(line for line in _lines(house, "manager", Filter()) if line.title == Person.title)
    shown = " ".join((line.who, line.action, *line.fields, line.note))
    assert line.fields
    assert "dogs" not in shown
    assert "Pendo" not in shown


def test_an_opened_entry_shows_before_and_after_in_words(house: House) -> None:
    with house.work("social_worker") as work:
        person = a_person(work, house_notes="afraid of dogs")
        work.save(dataclasses.replace(person, house_notes="likes the garden", language_main="eng"))
    entry = _entry(house, "manager", "person", "Changed")
    changes = {change.label: (change.before, change.after) for change in entry.changes}
    assert entry.compared
    assert changes["What the house does and does not do"] == ("afraid of dogs", "likes the garden")
    assert changes["Language"] == ("Kiswahili", "English")


def test_the_data_lead_sees_that_something_changed_and_never_what(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        work.save(PersonBackground(id=person.id, person_id=person.id, alias_reason="canary-word"))
    entry = _entry(house, "dpo", "person_background")
    assert [change.label for change in entry.changes if change.closed]
    assert "canary-word" not in _written(entry)
    assert "canary-word" in _written(_entry(house, "manager", "person_background"))


def test_true_names_are_never_read_in_the_trail(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        kept = SealedIdentity(person_id=person.id, true_first_name="Canaryname")
        identity.save(work, kept)
    entry = _entry(house, "manager", "sealed_identity")
    assert entry.changes
    assert "Canaryname" not in _written(entry)


def test_entries_can_be_narrowed_to_one_worker(house: House) -> None:
    with house.work("social_worker") as work:
        a_person(work)
        me = work.actor.staff_id
    found = _lines(house, "manager", Filter(staff_id=me))
    assert found
    assert {line.who for line in found} == {"Social Worker"}


def test_entries_can_be_narrowed_to_one_person_by_code(house: House) -> None:
    with house.work("social_worker") as work:
        person = a_person(work, person_no="R-0207")
        a_person(work, person_no="R-0208")
        a_stay(work, person)
    for typed in ("R-0207", "r-207", "207"):
        found = _lines(house, "manager", Filter(code=typed))
        assert {line.person_id for line in found} == {person.id}
    assert _lines(house, "manager", Filter(code="R-9999")) == []


def test_entries_can_be_narrowed_by_day(house: House) -> None:
    with house.work("social_worker") as work:
        a_person(work)
        today = work.today
    assert _lines(house, "manager", Filter(since=today, until=today))
    assert _lines(house, "manager", Filter(until=today - timedelta(days=2))) == []
    assert _lines(house, "manager", Filter(since=today + timedelta(days=2))) == []


def test_pages_together_give_every_entry_once_and_the_count_is_honest(house: House) -> None:
    with house.work("social_worker") as work:
        for _number in range(9):
            a_stay(work, a_person(work))
    desk = house.desk("manager")
    wanted = Filter()
    total = desk.ask(audit_trail.count, wanted).result()
    seen: list[int] = []
    cursor: audit_trail.Cursor | None = audit_trail.Cursor()
    while cursor is not None:
        page = desk.ask(audit_trail.page, wanted, cursor, 5).result()
        seen += page.ids
        cursor = page.further
    assert len(seen) == len(set(seen)) == total
    assert seen == list(desk.ask(audit_trail.page, wanted, None, total).result().ids)


def test_a_reveal_of_a_true_identity_stands_out(house: House) -> None:
    with house.work("social_worker") as work:
        person = a_person(work)
        identity.reveal(work, person.id, "The magistrate asked for her name today")
    for group in ("identity", "seen"):
        found = _lines(house, "manager", Filter(group=group))
        assert found
        assert all(line.break_glass for line in found)
        assert "magistrate" in found[0].note


def test_counselling_entries_are_for_counselling_roles_only(house: House) -> None:
    assert "counselling" in _compartments(house, "counsellor")
    assert "counselling" not in _compartments(house, "manager")
    assert _compartments(house, "counsellor") == ("counselling",)


@pytest.mark.parametrize("role", ["social_worker", "house_mother", "nurse", "sysadmin"])
def test_other_roles_read_no_trail(house: House, role: str) -> None:
    desk = house.desk(role)
    with pytest.raises(NotAllowed):
        desk.ask(audit_trail.newest, Filter()).result()
    with pytest.raises(NotAllowed):
        desk.ask(audit_trail.count, Filter()).result()
    with pytest.raises(NotAllowed):
        desk.ask(audit_trail.tables).result()
    with pytest.raises(NotAllowed):
        desk.ask(audit_heads.heads).result()
    with pytest.raises(NotAllowed):
        desk.ask(audit_heads.verify).result()


def test_the_indicator_officer_reads_no_trail(house: House) -> None:
    with pytest.raises(NotAllowed):
        house.desk("me_officer").ask(audit_trail.newest, Filter()).result()


def test_a_whole_chain_holds_and_a_changed_row_is_named(house: House) -> None:
    with house.work("social_worker") as work:
        a_person(work)
    assert house.desk("manager").ask(audit_heads.verify).result() == ()
    with house.work("manager") as work:
        work.connection.exec_driver_sql("DROP TRIGGER house.audit_no_update")
        work.connection.exec_driver_sql("UPDATE house.audit SET action = 'open' WHERE seq = 1")
    (fault,) = house.desk("manager").ask(audit_heads.verify).result()
    assert (fault.compartment, fault.seq, fault.wrong) == ("house", 1, Wrong.CHANGED)
    assert fault.at is not None
    assert fault.sentence().startswith("House, entry 1 of ")


def test_a_check_goes_in_parts_and_may_be_left_at_any_time(house: House) -> None:
    with house.work("social_worker") as work:
        for _number in range(4):
            a_person(work)
    desk = house.desk("manager")
    check = desk.ask(audit_heads.begin_check).result()
    assert not check.done
    seen = [check.checked]
    while not check.done:
        check = desk.ask(audit_heads.go_on, check, 3).result()
        seen.append(check.checked)
    assert seen == sorted(seen)
    assert check.checked == check.rows
    assert check.faults == ()


def test_check_words_on_paper_are_found_again_later(house: House, tmp_path: Path) -> None:
    desk = house.desk("manager")
    paper = desk.ask(audit_heads.heads).result()
    path = desk.do(audit_heads.save_pdf, tmp_path).result().value
    assert path.read_bytes().startswith(b"%PDF")
    assert len({line.compartment for line in paper.lines}) == len(paper.lines)
    with house.work("manager") as work:
        a_person(work)
    for line in paper.lines:
        for typed in (line.code.text, " ".join(line.code.words).upper()):
            assert desk.ask(
                audit_heads.paper_is_contained, line.compartment, line.seq, typed
            ).result()
        assert not desk.ask(
            audit_heads.paper_is_contained, line.compartment, line.seq, "1234 5678"
        ).result()
    later = desk.ask(audit_heads.heads).result()
    assert later.over_all != paper.over_all


def test_a_head_of_a_closed_part_cannot_be_asked_for(house: House) -> None:
    with pytest.raises(NotPossible):
        house.desk("manager").ask(
            audit_heads.paper_is_contained, "counselling", 1, "1234 5678"
        ).result()


def test_the_exported_list_runs_nothing_in_a_spreadsheet(house: House, tmp_path: Path) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        identity.reveal(work, person.id, '=HYPERLINK("http://x","asked by the court")')
    path = (
        house.desk("manager")
        .do(audit_trail.export_csv, Filter(), tmp_path, "Board meeting")
        .result()
    )
    rows = list(csv.reader(io.StringIO(path.value.read_text("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert len(rows) - 1 + 1 == house.desk("manager").ask(audit_trail.count, Filter()).result()


@pytest.mark.parametrize("value", ["=1+1", "+254 7", "-1", "@SUM(A1)", "\t=1", "  =1"])
def test_what_looks_like_a_formula_becomes_text(value: str) -> None:
    assert csv_files.escaped(value) == f"'{value}"
    assert csv_files.escaped("R-0207") == "R-0207"


def _compartments(house: House, role: str) -> tuple[str, ...]:
    return house.desk(role).ask(audit_trail.readable_compartments).result()


def test_an_opened_record_is_noted_once_in_a_session_and_again_in_the_next(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        case = a_legal_case(work, person)
        records.log_opening(work, LegalCase, case.id)
        records.log_opening(work, LegalCase, case.id)
    wanted = Filter(group="seen", table="legal_case")
    assert len(_lines(house, "manager", wanted)) == 1
    house.close()
    with house.work("manager") as work:
        records.log_opening(work, LegalCase, case.id)
    assert len(_lines(house, "manager", wanted)) == 2


def test_what_a_sheet_did_names_the_sheet_and_what_happened_to_whom(house: House) -> None:
    strong = "twiga anakula majani mapya"
    nurse = house.staff_id("nurse")
    with house.work("manager") as work:
        accounts.reset_passphrase(work, nurse, strong)
    house.close()
    recovery_door.make_manager(house.folder, house.sheets[0], "Tembo", strong, Course())
    found = _lines(house, "manager", Filter(table="staff"))
    told = [(line.who, line.action, line.about, line.note) for line in found]
    assert ("Manager", "Changed", "Nurse", "Password") in told
    assert ("Recovery sheet", "Made", "Tembo", "") in told
    assert all(line.who for line in found)


def test_notes_are_words_for_people_in_the_language_in_use() -> None:
    assert audit_notes.in_words("grant", "counselling") == "key of: Counselling"
    assert "Nurse" in audit_notes.in_words("grant", "house_mother, nurse")
    assert audit_notes.in_words("rotate", "begun: office 4, house 2") == (
        "begun: Office (key 4), House (key 2)"
    )
    assert audit_notes.in_words("replace", "R") == "Sheet R"
    assert audit_notes.in_words("print", "2") == "2 copies"
    assert audit_notes.in_words("export", "asked by the court") == "asked by the court"
    i18n.set_language("sw")
    assert audit_notes.in_words("change", "pass phrase") == "Nenosiri"


@pytest.mark.parametrize(
    ("action", "note"),
    [
        ("restore", "yesterday, I think"),
        ("restore", "2026-13-45T99:00"),
        ("print", "9" * 5_000),
        ("print", "\u0667" * 5_000),
        ("grant", "office, , nobody"),
        ("rotate", "begun: "),
        ("rotate", "office"),
        ("replace", "Q"),
    ],
)
def test_a_note_that_somebody_tampered_with_is_shown_as_it_stands(action: str, note: str) -> None:
    shown = audit_notes.in_words(action, note)
    if action == "restore":
        assert shown == f"from a backup; which one cannot be read: {note}"
    elif action == "print":
        assert shown == note


def test_what_was_seen_and_its_rule_are_kept_as_codes_and_said_in_the_language_of_who_reads(
    house: House,
) -> None:
    with house.work("social_worker") as work:
        person = a_person(work)
        snooze = AlertSnooze(
            person_id=person.id, rule="plan_approved", subject_id=1, until=work.now, reason=SEEN
        )
        work.save(snooze, by_program=True)
    said = (
        ("en", "seen", "Care plan approved"),
        ("sw", "imeonwa", "Mpango wa huduma umeidhinishwa"),
    )
    for language, *words in said:
        i18n.set_language(language)
        try:
            entry = _entry(house, "manager", "alert_snooze", action="Made")
        finally:
            i18n.set_language("en")
        assert all(each in _written(entry) for each in words)
        assert "plan_approved" not in _written(entry)


@pytest.mark.parametrize("role", ["manager", "dpo"])
def test_what_saving_a_damaged_file_cost_is_read_in_the_trail(house: House, role: str) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        for _number in range(200):  # on many pages, so that some of them are hit
            a_legal_case(work, person, police_station="Nyali Police Station " * 4)
    house.close()
    file = house.folder / keyring_file.load(house.folder).files["cases"].file
    raw = bytearray(file.read_bytes())
    for page in range(8, len(raw) // PAGE - 4, 6):
        raw[page * PAGE + 200] ^= 4
    file.write_bytes(raw)
    told = salvage.save_what_opens(house.folder, house.slots["manager"], PHRASE, "cases")
    assert told.lost
    assert f"At least {told.lost:,} entries are lost." in salvage.summary(told)
    (line,) = [
        line
        for line in _lines(house, role, Filter(group="changed"))
        if line.action == "Damaged file saved"
    ]
    assert line.title == "Files of the records"
    assert f"{told.damaged_pages} of {told.pages} pages were damaged." in line.note
    assert told.kept_as in line.note
    assert "Lost, " in line.note
    entry = house.desk(role).ask(audit_values.open_entry, line.id).result()
    assert entry.line.note == line.note


def test_a_row_about_files_that_somebody_tampered_with_says_nothing() -> None:
    for said in ({}, {"found": [{"trouble": "odd"}]}, {"pages": 3}, {"found": 4}):
        assert audit_files.in_words("check", said) == ""
        assert audit_files.in_words("salvage", said) == ""
    found = {"part": "cases", "trouble": "pages", "table": "", "count": 2}
    assert "2 pages" in audit_files.in_words("check", {"found": [found]})
