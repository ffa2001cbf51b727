"""Reviewing and erasing files: two people, no hold, and nothing left behind."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain.appointment import Appointment
from shelter_app.domain.backup import BackupPlace, BackupRun
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.domain.court_attendance import CourtAttendance
from shelter_app.domain.document import Document
from shelter_app.domain.legal import Accompaniment, CourtEvent, LegalCase
from shelter_app.domain.person import Person
from shelter_app.domain.retention import FormerResident
from shelter_app.domain.rights import DataSubjectRequest
from shelter_app.errors import NotAllowed, NotPossible
from shelter_app.services import audit_heads, key_changes, purge, restoring, retention, search
from shelter_app.services.inside import Inside
from shelter_app.services.key_changes import Course
from shelter_app.services.progress import Progress
from shelter_app.storage import attachments, drafts, keyring_file, salvage
from shelter_app.storage.migrations import STEPS
from tests.builders import a_court_event, a_legal_case, a_person, a_stay, minimal
from tests.erased_person import (
    REASON,
    WORDS,
    closed_file,
    decided,
    erased,
    found_in,
    note_of_a_counsellor,
)
from tests.fixtures import PHRASE, House
from tests.pages import plain_bytes


def test_a_file_comes_to_the_review_when_its_time_is_over(house: House) -> None:
    with house.work("manager") as work:
        old = closed_file(work)
        closed_file(work, years=2)
        a_stay(work, a_person(work))
        found = retention.queue(work)
    assert [each.person_id for each in found.files] == [old.id]
    assert found.files[0].retention_class == "case_adult"
    assert found.files[0].hindrance == ""


def test_an_open_matter_a_hold_and_a_request_each_keep_a_file(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
        case = a_legal_case(work, person)
        assert "legal matter" in retention.queue(work).files[0].hindrance
        with pytest.raises(NotPossible, match="legal matter"):
            retention.propose(work, person.id, "purge", REASON)
        ended = dataclasses.replace(
            case, stage="16_concluded", concluded_on=work.today - timedelta(days=8 * 366)
        )
        work.save(dataclasses.replace(ended, opened_on=ended.concluded_on), by_program=True)
        hold = retention.propose(work, person.id, "hold", "Her advocate may appeal")
        with pytest.raises(NotPossible, match="hold"):
            retention.propose(work, person.id, "purge", REASON)
        retention.end(work, hold.id, "No appeal was filed")
        assert retention.propose(work, person.id, "purge", REASON).state == "proposed"


def test_keeping_longer_takes_a_day_and_takes_the_file_off_the_list(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
        until = work.today + timedelta(days=365)
        proposed = retention.propose(work, person.id, "keep", "Her pension is open", until)
    with house.work("dpo") as work:
        retention.approve(work, proposed.id)
    with house.work("manager") as work:
        assert retention.queue(work).files == ()


def test_nobody_approves_what_she_proposed(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
        proposed = retention.propose(work, person.id, "purge", REASON)
        with pytest.raises(NotPossible, match="second person"):
            retention.approve(work, proposed.id)
        with pytest.raises(NotPossible, match="second person"):
            purge._erase(work, proposed.id)
    for role in ("social_worker", "house_mother", "me_officer", "sysadmin"):
        with house.work(role) as work, pytest.raises(NotAllowed):
            retention.approve(work, proposed.id)


def test_an_erased_person_is_in_no_page_of_any_file_any_more(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
        other = a_person(work, display_alias="Neighbour")
        search.true_names(work, WORDS[1], "Looked for a duplicate of her")
        by_code = DataSubjectRequest(
            received_on=work.today,
            type="access",
            by="advocate",
            person_code=person.person_no,
            requester=f"Advocate of {WORDS[1]}",
            decision="refused",
            reason=f"Nobody knows {WORDS[3]}",
            answered_on=work.today,
        )
        work.save(by_code, by_program=True)
        for compartment, form in (("house", "person"), ("cases", "consent")):
            body = json.dumps({"person_id": person.id, "note": WORDS[2]})
            drafts.keep(work.connection, compartment, work.vault.slot_id, form, 0, body)
    house.close()
    assert {word for _file, word in found_in(house, "manager")} == set(WORDS)
    report = erased(house, decided(house, person))
    assert report.records >= 5
    assert report.drafts == 2
    house.close()
    assert found_in(house, "manager") == []
    with house.work("manager") as work:
        assert work.rule_find(Person, person.id) is None
        assert work.rule_find(Person, other.id) is not None
        assert search.people(work, WORDS[0]) == ()
        assert audit_heads.verify(work) == ()
        row = work.rule_matching(FormerResident)[0]
    assert (row.age_band, row.home_county, row.exit_type) == (
        "18-24",
        "001",
        "family_reintegration",
    )
    assert len(row.left_month) == len("2017-11")


def test_every_part_that_lost_rows_gets_a_new_key_after_a_backup_without_her(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
        other = a_person(work, display_alias="Neighbour")
    note_of_a_counsellor(house, person)
    old = keyring_file.load(house.folder).files
    erased(house, decided(house, person))
    held = ("house", "cases", "identity")
    assert keyring_file.load(house.folder).due == set(held)
    desk = house.desk("manager")
    inside = Inside(desk.vault, desk.actor, lambda: False)
    assert key_changes.give_due_keys(inside, Course()) == held
    house.close()
    ring = keyring_file.load(house.folder)
    assert ring.due == frozenset()
    assert {name for name in ring.files if ring.files[name] != old[name]} == set(held)
    assert not any((house.folder / old[name].file).exists() for name in held)
    assert found_in(house, "manager") == []

    (choice,) = restoring.find_everywhere(house.folder)
    backup = restoring.open_by_phrase(choice, house.slots["manager"], PHRASE)
    restoring.bring(backup, house.folder, Progress())
    assert restoring.switch(house.folder) is not None
    assert found_in(house, "manager") == []
    with house.work("manager") as work:
        assert work.rule_find(Person, person.id) is None
        assert work.rule_find(Person, other.id) is not None


def test_the_counselling_part_waits_for_its_new_key_until_it_is_erased(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
    note_of_a_counsellor(house, person)
    erased(house, decided(house, person))
    desk = house.desk("manager")
    key_changes.give_due_keys(Inside(desk.vault, desk.actor, lambda: False), Course())
    with house.work("manager") as work:
        assert not key_changes.due(work)
    house.close()
    old = keyring_file.load(house.folder).files["counselling"]
    desk = house.desk("counsellor")
    desk.run(purge.finish_counselling, person.id).result()
    assert desk.vault.due == {"counselling"}
    key_changes.give_due_keys(Inside(desk.vault, desk.actor, lambda: False), Course())
    house.close()
    assert keyring_file.load(house.folder).files["counselling"] != old
    assert found_in(house, "counsellor") == []


def test_an_erasure_that_is_refused_wants_no_new_keys(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
    decision = decided(house, person)
    with house.work("manager") as work:
        retention.propose(work, person.id, "hold", REASON)
    with pytest.raises(NotPossible):
        erased(house, decision)
    assert keyring_file.load(house.folder).due == frozenset()


def test_the_counselling_part_waits_for_a_counsellor_and_then_goes_too(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
    note_of_a_counsellor(house, person)
    report = erased(house, decided(house, person))
    assert report.counselling_waits
    house.close()
    assert ("counselling", WORDS[2]) in found_in(house, "counsellor")
    with house.work("manager") as work:
        (waiting,) = purge.waiting_for_counselling(work)
        assert not purge.may_finish(work)
    desk = house.desk("counsellor")
    desk.run(purge.finish_counselling, waiting.id).result()
    house.close()
    assert found_in(house, "counsellor") == []
    with house.work("manager") as work:
        assert purge.waiting_for_counselling(work) == ()
        (listed,) = purge.erasures(work)
    assert (listed.proposed_by, listed.approved_by) == ("Manager", "Dpo")


def test_a_case_about_others_too_passes_to_the_next_survivor(house: House) -> None:
    with house.work("manager") as work:
        person, friend = closed_file(work), a_person(work, display_alias="Friendofhers")
        day = work.today - timedelta(days=9 * 366)
        shared = a_legal_case(
            work, person, stage="16_concluded", opened_on=day, concluded_on=day, court_case_no="E1"
        )
        own = a_legal_case(work, person, stage="16_concluded", opened_on=day, concluded_on=day)
        event = a_court_event(work, shared, starts_at=work.now - timedelta(days=9 * 366))
        lone = a_court_event(work, own, starts_at=work.now - timedelta(days=9 * 366))
        work.save(
            CaseSurvivor(person_id=friend.id, legal_case_id=shared.id, joined_on=day),
            by_program=True,
        )
    erased(house, decided(house, person))
    with house.work("manager") as work:
        kept = work.rule_find(LegalCase, shared.id)
        kept_event = work.rule_find(CourtEvent, event.id)
        assert kept is not None
        assert kept_event is not None
        assert kept.person_id == kept_event.person_id == friend.id
        assert kept_event.starts_at == event.starts_at
        assert work.rule_matching(CaseSurvivor) == []
        assert work.rule_find(LegalCase, own.id) is None
        assert work.rule_find(CourtEvent, lone.id) is None
        assert audit_heads.verify(work) == ()


def test_who_was_there_herself_keeps_her_own_outing_and_company(house: House) -> None:
    with house.work("manager") as work:
        person, friend = closed_file(work), a_person(work, display_alias="Friendofhers")
        day = work.today - timedelta(days=9 * 366)
        moment = work.now - timedelta(days=9 * 366)
        case = a_legal_case(work, person, stage="16_concluded", opened_on=day, concluded_on=day)
        event = a_court_event(work, case, starts_at=moment)
        joined = CaseSurvivor(person_id=friend.id, legal_case_id=case.id, joined_on=day)
        work.save(joined, by_program=True)
        hers = work.save(
            CourtAttendance(
                person_id=friend.id,
                legal_case_id=case.id,
                court_event_id=event.id,
                starts_at=moment,
            ),
            by_program=True,
        )
        going = []
        for outing, whose in ((event.id, person), (hers.id, friend)):
            time = Appointment(id=outing, person_id=whose.id, kind="court", starts_at=moment)
            work.save(time, by_program=True)
            company = Accompaniment(court_event_id=outing, companion_name="Aunt", role="family")
            going.append(work.save(company, by_program=True))
    erased(house, decided(house, person))
    with house.work("manager") as work:
        (time,) = work.rule_matching(Appointment)
        assert (time.id, time.person_id) == (event.id, friend.id)
        (kept,) = work.rule_matching(Accompaniment)
        assert (kept.id, kept.court_event_id, kept.person_id) == (
            going[1].id,
            event.id,
            friend.id,
        )
        assert work.rule_matching(CourtAttendance) == []
        assert audit_heads.verify(work) == ()


def test_older_backups_that_still_hold_her_are_listed(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
        place = work.save(minimal(BackupPlace, work.now), by_program=True)
        run = minimal(BackupRun, work.now, backup_place=place.id)
        assert isinstance(run, BackupRun)
        earlier = dataclasses.replace(
            run, name="office-old", made_at=work.now - timedelta(days=3), trouble="", gone=False
        )
        work.save(earlier, by_program=True)
        later = dataclasses.replace(earlier, name="office-new", made_at=work.now.replace(year=2031))
        work.save(later, by_program=True)
        work.save(dataclasses.replace(earlier, name="office-gone", gone=True), by_program=True)
    erased(house, decided(house, person))
    with house.work("dpo") as work:
        (listed,) = purge.erasures(work)
    assert [words.split()[0] for words in listed.backups] == ["office-old"]


def test_her_papers_go_from_the_disk(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
        stored = attachments.store(work.vault.folder, "cases", b"paper" * 100)
        document = minimal(Document, work.now, person=person.id, staff=work.actor.staff_id)
        assert isinstance(document, Document)
        work.save(
            dataclasses.replace(
                document, file_name=stored.name, file_key=stored.key.hex(), file_size=stored.size
            ),
            by_program=True,
        )
    path = house.folder / "att" / "cases" / stored.name
    assert path.exists()
    assert erased(house, decided(house, person)).files == 1
    assert not path.exists()


def test_a_damaged_file_that_was_kept_goes_with_her(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
    house.close()
    path = house.folder / keyring_file.load(house.folder).files["house"].file
    raw = bytearray(path.read_bytes())
    raw[-300] ^= 1
    path.write_bytes(raw)
    slot = house.slots["manager"]
    salvage.salvage(house.folder, slot, PHRASE, "house", STEPS)
    kept = house.folder / salvage.ASIDE
    assert kept.is_dir()
    erased(house, decided(house, person))
    assert not kept.exists()


def test_a_new_hold_stops_an_erasure_that_was_approved(house: House) -> None:
    with house.work("manager") as work:
        person = closed_file(work)
    decision = decided(house, person)
    with house.work("manager") as work:
        retention.propose(work, person.id, "hold", "The court asked for the file")
    with pytest.raises(NotPossible, match="hold"):
        erased(house, decision)
    with house.work("manager") as work:
        assert work.rule_find(Person, person.id) is not None


def test_leaving_with_everything_needs_manager_and_data_lead(house: House) -> None:
    with house.work("manager") as work:
        proposed = retention.propose_leaving(work, "We move to another program")
    with house.work("second_manager") as work:
        assert [each.may_approve for each in retention.decisions(work)] == [False]
        with pytest.raises(NotPossible):
            retention.approve(work, proposed.id)
    with house.work("dpo") as work:
        assert retention.approve(work, proposed.id).state == "approved"


def test_the_reader_of_this_test_would_see_what_is_not_overwritten(tmp_path: Path) -> None:
    path, key = tmp_path / "plain.db", bytes(range(32))
    raw = sqlcipher.connect(str(path), isolation_level=None)
    raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    raw.execute("PRAGMA secure_delete = OFF")
    raw.execute("CREATE TABLE note (body TEXT)")
    raw.execute("INSERT INTO note VALUES (?)", (WORDS[2] * 900,))
    raw.execute("DELETE FROM note")
    raw.close()
    assert WORDS[2].encode() in plain_bytes(path, key)
