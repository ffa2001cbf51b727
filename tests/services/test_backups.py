"""Backups as the house sees them: places, when one is due, keeping enough, the way back."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shelter_app.domain.backup import FOLDER, STICK, BackupPlace, BackupRun
from shelter_app.domain.catalogue import RECORD_TYPES
from shelter_app.domain.consent import Consent
from shelter_app.domain.counselling import CounsellingNote
from shelter_app.domain.day_words import long_moment
from shelter_app.domain.papers import ConsentPaper
from shelter_app.errors import (
    BackupTrouble,
    DocumentUnreadable,
    NotAllowed,
    NotAVault,
    WrongPassphrase,
)
from shelter_app.services import (
    audit_trail,
    backup_checks,
    backup_words,
    backups,
    doors,
    house_settings,
    papers,
    restoring,
)
from shelter_app.services.backup_checks import Facts
from shelter_app.services.backups import Overview, PlaceLine, Present
from shelter_app.services.progress import Progress
from shelter_app.services.residents import refresh_projections
from shelter_app.storage import backup_places, restored_mark
from tests.builders import a_person, minimal, saved_with_parents
from tests.fixtures import ALIASES, PHRASE, House
from tests.made_files import a_png
from ui.kit.wording import sentence_for

NOW = datetime(2026, 11, 22, 18, 30)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def known(house: House, stick: Path, role: str = "manager") -> PlaceLine:
    """Make a folder known as a place for backups."""
    line: PlaceLine = house.desk(role).run(backups.add_folder, stick).result().value
    return line


def made(house: House, place: PlaceLine, stick: Path, role: str = "manager") -> tuple[str, ...]:
    """Make a backup as the windows do; returns the names that became superfluous."""
    desk = house.desk(role)
    picture = desk.run(backups.begin, Progress()).result().value
    written = backups.finish(picture, stick, Progress())
    names: tuple[str, ...] = desk.do(backups.record, place.id, written).result().value
    return names


def overview(house: House, role: str = "manager") -> Overview:
    found: Overview = house.desk(role).ask(backups.overview).result()
    return found


def test_a_place_gets_the_next_letter_and_is_found_again_by_its_mark(
    house: House, tmp_path: Path
) -> None:
    lines = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        lines.append(known(house, tmp_path / name))
    assert [line.label for line in lines] == ["A", "B"]
    assert known(house, tmp_path / "one").id == lines[0].id
    found = backups.present(overview(house).places)
    assert found == tuple(
        Present(line.id, tmp_path / name, "folder")
        for line, name in zip(lines, ("one", "two"), strict=True)
    )
    shutil.rmtree(tmp_path / "two")
    assert [each.place_id for each in backups.present(overview(house).places)] == [lines[0].id]


@pytest.mark.parametrize("role", ["house_mother", "counsellor", "social_worker"])
def test_only_who_looks_after_the_sticks_adds_one(house: House, stick: Path, role: str) -> None:
    with pytest.raises(NotAllowed):
        known(house, stick, role)
    assert backup_places.read_mark(stick / backup_places.FOLDER) is None


@pytest.mark.parametrize("role", ["house_mother", "counsellor", "sysadmin", "clinical_supervisor"])
def test_whoever_is_signed_in_makes_a_backup_that_is_verified(
    house: House, stick: Path, role: str
) -> None:
    place = known(house, stick)
    made(house, place, stick, role)
    seen = overview(house, role)
    assert seen.last_verified is not None
    assert seen.runs[0].words
    assert not seen.changed
    assert seen.role == ""


def test_nothing_that_lies_open_on_a_stick_or_beside_the_records_names_the_program(
    house: House, stick: Path
) -> None:
    made(house, known(house, stick), stick)
    house.close()
    looked_at = 0
    for path in (*stick.rglob("*"), *house.folder.rglob("*")):
        assert "makao" not in path.name.lower()
        if path.is_file() and path.suffix == ".json":
            looked_at += 1
            assert b"makao" not in path.read_bytes().lower(), path.name
    assert looked_at >= 3


def test_a_change_asks_for_a_backup_and_days_without_one_are_counted(
    house: House, stick: Path, clock_at: Callable[[datetime], object]
) -> None:
    clock_at(NOW)
    place = known(house, stick)
    made(house, place, stick)
    clock_at(NOW + timedelta(days=9))
    assert overview(house).days == 0
    with house.work("manager") as work:
        a_person(work)
    roles = []
    for days in (2, 3, 6, 7):
        clock_at(NOW + timedelta(days=days))
        roles.append(overview(house).role)
    assert roles == ["", "soon", "soon", "overdue"]


def test_what_was_written_in_a_part_that_stays_closed_asks_for_a_backup_too(
    house: House, stick: Path
) -> None:
    place = known(house, stick)
    with house.work("counsellor") as work:
        note_id = saved_with_parents(work, "counselling_note")["counselling_note"]
    made(house, place, stick)
    assert not overview(house, "sysadmin").changed
    with house.work("counsellor") as work:
        note = work.rule_find(CounsellingNote, note_id)
        assert note is not None
        work.save(dataclasses.replace(note, content="She laughed today"), by_program=True)
    house.close()
    assert overview(house, "clinical_supervisor").changed
    assert overview(house, "house_mother").changed
    assert overview(house, "sysadmin").changed
    made(house, place, stick, "sysadmin")
    house.close()
    assert not overview(house, "counsellor").changed
    assert not overview(house, "house_mother").changed


def test_backups_in_folders_only_are_not_taken_for_safe(house: House, stick: Path) -> None:
    place = known(house, stick)
    assert not overview(house).only_here
    made(house, place, stick)
    assert overview(house).only_here
    with house.work("manager") as work:
        (kept,) = work.rule_matching(BackupPlace)
        work.save(dataclasses.replace(kept, kind=STICK), by_program=True)
    assert not overview(house).only_here


def test_a_backup_made_while_the_clock_was_ahead_does_not_silence_the_reminders(
    house: House, stick: Path, clock_at: Callable[[datetime], object]
) -> None:
    clock_at(NOW + timedelta(days=3650))
    place = known(house, stick)
    made(house, place, stick)
    clock_at(NOW)
    with house.work("manager") as work:
        a_person(work)
    assert overview(house).role == "soon"
    made(house, place, stick)
    seen = overview(house)
    assert seen.last_verified == NOW
    assert seen.places[0].verified_at == NOW
    assert seen.role == ""


def test_a_backup_made_while_the_clock_was_back_is_not_the_first_to_go(
    house: House, stick: Path, clock_at: Callable[[datetime], object]
) -> None:
    place = known(house, stick)
    for days in range(30):
        clock_at(NOW + timedelta(days=days))
        with house.work("manager") as work:
            a_person(work)
        names = made(house, place, stick)
        house.desk("manager").do(backups.record_pruned, place.id, names).result()
    clock_at(datetime(1970, 1, 1, 0, 5))
    with house.work("manager") as work:
        a_person(work)
    assert "office-1970-01-01-0005" not in made(house, place, stick)
    seen = overview(house)
    assert seen.last_verified == datetime(1970, 1, 1, 0, 5)
    assert not seen.changed


def test_looking_at_backups_is_no_change_that_needs_another(house: House, stick: Path) -> None:
    place = known(house, stick)
    made(house, place, stick)
    desk = house.desk("manager")
    run = overview(house).runs[0]
    desk.do(backup_checks.record_check, run.id, good=True).result()
    desk.do(refresh_projections).result()
    assert not overview(house).changed


def test_enough_generations_stay_and_the_rest_is_told_to_go(
    house: House, stick: Path, clock_at: Callable[[datetime], object]
) -> None:
    place = known(house, stick)
    desk = house.desk("manager")
    with house.work("manager") as work:
        for days in range(1, 40):
            run = BackupRun(
                place_id=place.id,
                name=f"office-2026-{days:02d}",
                made_at=NOW - timedelta(days=days),
                verified_at=NOW - timedelta(days=days),
            )
            work.save(run, by_program=True)
    clock_at(NOW)
    names = made(house, place, stick)
    assert 20 < len(names) < 33
    desk.do(backups.record_pruned, place.id, backups.prune(stick, names)).result()
    assert sum(1 for run in overview(house).runs if run.gone) == len(names)
    assert backup_places.backups_in(stick / backup_places.FOLDER)


def test_trouble_is_kept_in_the_history_in_words(house: House, stick: Path) -> None:
    place = known(house, stick)
    desk = house.desk("manager")
    desk.do(backups.record_trouble, place.id, "full").result()
    run = overview(house).runs[0]
    assert run.trouble == "full"
    assert run.verified_at is None
    assert "no room left" in backup_words.of_code(run.trouble)


def test_every_trouble_has_a_sentence_of_its_own() -> None:
    sentences = [backup_words.of_code(code) for code in backup_words.SENTENCES]
    assert len(set(sentences)) == len(sentences)
    for code in backup_words.SENTENCES:
        assert backup_words.making(BackupTrouble(code)) == backup_words.of_code(code)
    assert backup_words.making(RuntimeError()) == ""


def test_a_backup_that_changed_on_its_stick_is_not_counted_on_any_more(
    house: House, stick: Path
) -> None:
    place = known(house, stick)
    made(house, place, stick, "house_mother")
    desk = house.desk("house_mother")
    run = overview(house, "house_mother").runs[0]
    wanted = desk.ask(backup_checks.to_check, run.id).result()
    backup_checks.check(wanted, stick, Progress())
    content = stick / backup_places.FOLDER / run.name / "office.age"
    content.write_bytes(content.read_bytes()[:-1])
    with pytest.raises(BackupTrouble, match="changed"):
        backup_checks.check(wanted, stick, Progress())
    desk.do(backup_checks.record_check, run.id, good=False).result()
    seen = overview(house, "house_mother")
    assert seen.last_verified is None
    assert seen.runs[0].trouble == "changed"


def test_a_rehearsal_opens_everything_counts_and_wipes_its_scratch(
    house: House, stick: Path
) -> None:
    with house.work("manager") as work:
        a_person(work)
        a_person(work)
    place = known(house, stick)
    made(house, place, stick, "house_mother")
    desk = house.desk("manager")
    run = overview(house).runs[0]
    wanted = desk.ask(backup_checks.to_rehearse, run.id).result()
    facts = backup_checks.rehearse(wanted, stick, Progress())
    assert facts.residents == 2
    assert facts.closed == ("counselling",)
    assert facts.words == run.words
    assert facts.strays == 0
    assert "OK: 2 residents, newest entry" in backup_checks.headline(facts)
    assert not list((house.folder / "staging").glob("*"))
    desk.do(backup_checks.record_rehearsal, run.id, facts).result()
    assert overview(house).rehearsed_at is not None
    saved = desk.do(backup_checks.save_report, facts, run.name, stick).result().value
    assert saved.read_bytes().startswith(b"%PDF")
    with pytest.raises(NotAllowed):
        house.desk("dpo").ask(backup_checks.to_rehearse, run.id).result()


def test_the_report_of_a_rehearsal_fits_on_one_page(house: House) -> None:
    counts = tuple((kind.table, 1000) for kind in RECORD_TYPES)
    facts = Facts(
        made_at=NOW,
        newest_at=NOW,
        residents=220,
        counts=counts,
        words="egg violin limb student",
        digits="5172 3579",
        opened=("office",),
        closed=("counselling",),
        rows=22_616,
        strays=0,
        lost_papers=0,
    )
    with house.work("manager") as work:
        paper = backup_checks.report_pdf(work, facts, "office-2026-11-22-0821")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_a_rehearsal_is_due_every_three_months(
    house: House, stick: Path, clock_at: Callable[[datetime], object]
) -> None:
    clock_at(NOW)
    place = known(house, stick)
    made(house, place, stick)
    assert not overview(house).rehearsal_due
    clock_at(NOW + timedelta(days=92))
    assert overview(house).rehearsal_due


def test_a_trail_rewritten_after_a_backup_is_named(house: House, stick: Path) -> None:
    place = known(house, stick)
    made(house, place, stick)
    assert overview(house).parted == ()
    with house.work("manager") as work:
        run = work.rule_matching(BackupRun)[0]
        forged = run.heads.replace(run.heads[-20:-12], "00000000")
        work.save(dataclasses.replace(run, heads=forged), by_program=True)
    with house.work("counsellor"):
        pass
    parted = overview(house).parted + overview(house, "counsellor").parted
    assert parted


def test_where_a_stick_is_kept_is_for_those_who_look_after_it(house: House, stick: Path) -> None:
    place = known(house, stick)
    house.desk("manager").do(backups.describe_place, place.id, "Partner's safe").result()
    assert overview(house, "dpo").places[0].kept_where == "Partner's safe"
    assert overview(house, "house_mother").places[0].kept_where == ""
    house.desk("sysadmin").do(backups.retire_place, place.id).result()
    assert overview(house).places == ()
    with house.work("manager") as work:
        assert work.rule_matching(BackupPlace)[0].retired


def test_after_z_come_letters_with_a_number_and_none_is_given_twice(
    house: House, stick: Path
) -> None:
    with house.work("manager") as work:
        for letter in backups.LETTERS:
            place = BackupPlace(label=letter, kind=FOLDER, mark=letter, retired=True)
            work.save(place, by_program=True)
    assert known(house, stick).label == "A2"


# The way back


def test_a_new_computer_with_only_the_stick_gets_the_records_back(
    house: House, stick: Path, tmp_path: Path
) -> None:
    with house.work("manager") as work:
        person = a_person(work)
    place = known(house, stick)
    made(house, place, stick)
    house.close()
    shutil.rmtree(house.folder)
    choices = restoring.find(stick, house.folder)
    assert [choice.same_house for choice in choices] == [None]
    assert {way.alias for way in choices[0].ways} == {"Manager", "Second Manager"}
    opened = restoring.open_by_phrase(choices[0], house.slots["second_manager"], PHRASE)
    content, loss = restoring.compared(opened, house.folder)
    assert content.residents == 1
    assert not loss.there_is_a_house
    facts = restoring.bring(opened, house.folder, Progress())
    assert facts.words == content.words
    assert restoring.switch(house.folder) is None
    again = house.desk("social_worker")
    with house.work("manager") as work:
        assert work.rule_find(type(person), person.id) == person
    assert again is not None


def test_restored_records_name_the_backup_they_came_from_until_a_new_one_is_made(
    house: House, stick: Path, clock_at: Callable[[datetime], object]
) -> None:
    clock_at(NOW)
    place = known(house, stick)
    made(house, place, stick)
    came_from = NOW + timedelta(days=1)
    clock_at(came_from + timedelta(days=2))
    with house.work("manager") as work:
        restoring.write_down(work, came_from)
    found = overview(house)
    assert (found.last_verified, found.came_from) == (NOW, came_from)
    assert (found.newest, found.days) == (came_from, 2)
    made(house, place, stick)
    found = overview(house)
    assert (found.came_from, found.days) == (None, 0)
    assert found.newest == found.last_verified == came_from + timedelta(days=2)


def test_a_restore_whose_note_was_tampered_with_says_nothing_of_a_backup(house: House) -> None:
    with house.work("manager") as work:
        house_settings.log(work, "restore", "9" * 5_000)
    assert overview(house).came_from is None


def test_scanned_papers_come_back_and_a_damaged_one_names_the_backup_that_has_it(
    house: House, stick: Path
) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        asked = minimal(Consent, work.now, person=person.id, staff=work.actor.staff_id)
        consent = work.save(asked, by_program=True)
        line = papers.add(work, papers.start(work, Consent, consent.id), a_png(60, 60))
    place = known(house, stick)
    made(house, place, stick)
    for path in (house.folder / "att" / "cases").iterdir():
        path.unlink()
    with house.work("manager") as work, pytest.raises(DocumentUnreadable) as damaged:
        papers.open_paper(work, ConsentPaper, line.id)
    assert place.label in damaged.value.backup
    assert damaged.value.backup in sentence_for(damaged.value)
    house.close()
    shutil.rmtree(house.folder)
    opened = restoring.open_by_phrase(
        restoring.find(stick, house.folder)[0], house.slots["manager"], PHRASE
    )
    restoring.bring(opened, house.folder, Progress())
    restoring.switch(house.folder)
    with house.work("manager") as work:
        assert papers.open_paper(work, ConsentPaper, line.id).content == a_png(60, 60)


def test_what_no_key_at_hand_can_count_is_named(house: House, stick: Path) -> None:
    with house.work("counsellor") as work:
        note_id = saved_with_parents(work, "counselling_note")["counselling_note"]
    made(house, known(house, stick), stick)
    house.close()
    choice = restoring.find(stick, house.folder)[0]
    opened = restoring.open_by_phrase(choice, house.slots["manager"], PHRASE)
    assert restoring.compared(opened, house.folder)[1].closed == ()
    with house.work("counsellor") as work:
        note = work.get(CounsellingNote, note_id)
        work.save(dataclasses.replace(note, content="She slept."), by_program=True)
    house.close()
    _content, loss = restoring.compared(opened, house.folder)
    assert (loss.by_day, loss.closed) == ((), ("counselling",))


def test_the_door_says_which_backup_came_back_until_somebody_signed_in(
    house: House, stick: Path
) -> None:
    made(house, known(house, stick), stick)
    house.close()
    choice = restoring.find(stick, house.folder)[0]
    opened = restoring.open_by_phrase(choice, house.slots["manager"], PHRASE)
    restoring.bring(opened, house.folder, Progress())
    assert doors.restored_from(house.folder) is None
    restoring.switch(house.folder)
    assert doors.restored_from(house.folder) == choice.made_at
    with house.work("house_mother") as work:
        restoring.write_down(work, choice.made_at)
    with house.work("manager") as work:
        found = audit_trail.page(work, audit_trail.Filter())
        (line,) = (x for x in audit_trail.lines(work, found.ids) if x.action == "Records restored")
        assert line.who == ALIASES["house_mother"]
        assert line.note == f"from the backup of {long_moment(choice.made_at)}"
    restoring.tidy(house.folder)
    assert doors.restored_from(house.folder) is None


@pytest.mark.parametrize("said", [b"", b"[]", b'{"made_at": 3}', b'{"made_at": "x"}', b"\xff"])
def test_a_spoilt_word_at_the_door_is_not_said(house: House, said: bytes) -> None:
    (house.folder / restored_mark.NAME).write_bytes(said)
    assert doors.restored_from(house.folder) is None


def test_what_would_be_lost_is_shown_before_and_the_old_records_are_kept(
    house: House, stick: Path
) -> None:
    place = known(house, stick)
    made(house, place, stick)
    with house.work("manager") as work:
        later = a_person(work)
    house.close()
    opened = restoring.open_by_phrase(
        restoring.find(stick, house.folder)[0], house.slots["manager"], PHRASE
    )
    _content, loss = restoring.compared(opened, house.folder)
    assert [count for _day, count in loss.by_day] == [1]
    restoring.bring(opened, house.folder, Progress())
    aside = restoring.switch(house.folder)
    assert aside is not None
    assert aside.is_dir()
    with house.work("manager") as work:
        assert work.rule_find(type(later), later.id) is None
    house.close()
    kept = House(aside, house.slots)
    with kept.work("manager") as work:
        assert work.rule_find(type(later), later.id) is not None
    kept.close()


def test_a_wrong_folder_and_a_wrong_key_are_told_in_words(
    house: House, stick: Path, tmp_path: Path
) -> None:
    with pytest.raises(BackupTrouble, match="nothing_here"):
        restoring.find(stick, house.folder)
    with pytest.raises(BackupTrouble, match="gone"):
        restoring.find(tmp_path / "nowhere", house.folder)
    place = known(house, stick)
    made(house, place, stick)
    house.close()
    choice = restoring.find(stick, house.folder)[0]
    with pytest.raises(WrongPassphrase) as wrong:
        restoring.open_by_phrase(choice, house.slots["manager"], "another phrase")
    assert "does not open this backup" in backup_words.reading(wrong.value)
    (choice.folder / "restore.json").write_bytes(b"{}")
    with pytest.raises(Exception) as damaged:  # noqa: PT011 - its sentence is what is looked at
        restoring.find(stick, house.folder)
    assert "damaged" in backup_words.reading(damaged.value)


def test_phrases_are_not_tried_on_a_backup_faster_than_at_the_door(
    house: House, stick: Path
) -> None:
    place = known(house, stick)
    made(house, place, stick)
    house.close()
    choice = restoring.find(stick, house.folder)[0]
    for wait in (0, 0, 0, 2):
        with pytest.raises(WrongPassphrase) as wrong:
            restoring.open_by_phrase(choice, house.slots["manager"], "another phrase")
        assert wrong.value.wait_seconds == wait
    assert "2 seconds" in backup_words.reading(wrong.value)
    with pytest.raises(WrongPassphrase):
        house.desk("manager")
    shutil.rmtree(house.folder)
    elsewhere = restoring.find(stick, house.folder)[0]
    assert restoring.open_by_phrase(elsewhere, house.slots["manager"], PHRASE)


def brought(house: House, stick: Path) -> None:
    """Make a backup and bring its copy beside the records, without switching to it."""
    made(house, known(house, stick), stick)
    house.close()
    choice = restoring.find(stick, house.folder)[0]
    opened = restoring.open_by_phrase(choice, house.slots["manager"], PHRASE)
    restoring.bring(opened, house.folder, Progress())


def test_a_copy_nobody_switched_to_is_removed(house: House, stick: Path) -> None:
    brought(house, stick)
    restoring.drop(house.folder)
    with pytest.raises(NotAVault):
        restoring.switch(house.folder)
    assert [path.name for path in house.folder.parent.glob("house*")] == ["house"]


def test_a_copy_nobody_could_switch_to_goes_after_the_next_sign_in(
    house: House, stick: Path
) -> None:
    """The passwords of the day of the backup open it, also those of who left since."""
    brought(house, stick)  # and here the computer stops
    house.desk("manager")
    restoring.tidy(house.folder)
    assert [path.name for path in house.folder.parent.glob("house*")] == ["house"]
