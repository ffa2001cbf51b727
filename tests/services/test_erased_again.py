"""An older backup still holds whoever was erased after it: restored, she is erased again first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shelter_app.domain.person import Person
from shelter_app.domain.retention import Erasure, FormerResident
from shelter_app.errors import NotAVault
from shelter_app.services import audit_heads, backup_checks, backups, purge, restoring
from shelter_app.services.backup_checks import Facts
from shelter_app.services.progress import Progress
from shelter_app.services.restoring import Opened
from shelter_app.storage import backup_places, erased_list, keyring_file
from tests.builders import a_person
from tests.erased_person import closed_file, decided, erased, found_in, note_of_a_counsellor
from tests.fixtures import PHRASE, House


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def backed_up(house: House, stick: Path) -> str:
    """Make a verified backup as the windows do; returns its name."""
    desk = house.desk("manager")
    place = desk.run(backups.add_folder, stick).result().value
    picture = desk.run(backups.begin, Progress()).result().value
    written = backups.finish(picture, stick, Progress())
    desk.do(backups.record, place.id, written).result()
    return written.name


def erased_after_a_backup(house: House, stick: Path) -> Person:
    """A person with words in every file, a real backup, and then her erasure."""
    with house.work("manager") as work:
        a_person(work, display_alias="Neighbour")
        person = closed_file(work)
    note_of_a_counsellor(house, person)
    backed_up(house, stick)
    erased(house, decided(house, person))
    house.close()
    return person


def opened_as(house: House, stick: Path, way: str = "manager") -> Opened:
    (choice,) = restoring.find(stick, house.folder)
    if way in house.slots:
        return restoring.open_by_phrase(choice, house.slots[way], PHRASE)
    return restoring.open_by_sheet(choice, house.sheets["RC".index(way)])


def restored(house: House, stick: Path, way: str = "manager") -> Facts:
    facts = restoring.bring(opened_as(house, stick, way), house.folder, Progress())
    restoring.switch(house.folder)
    return facts


@pytest.mark.parametrize("way", ["manager", "R"])
def test_a_backup_from_before_the_erasure_is_cleaned_before_anybody_works_with_it(
    house: House, stick: Path, way: str
) -> None:
    person = erased_after_a_backup(house, stick)
    _content, loss = restoring.compared(opened_as(house, stick), house.folder)
    assert loss.erased_since == 1
    facts = restored(house, stick, way)
    assert facts.erased == 1
    assert facts.residents == 1
    assert facts.erasing_waits == ("counselling",)
    assert found_in(house, "manager") == []
    assert found_in(house, "counsellor") != []
    with house.work("manager") as work:
        assert work.rule_find(Person, person.id) is None
        assert audit_heads.verify(work) == ()
        assert len(work.rule_matching(FormerResident)) == 1
        (note,) = work.rule_matching(Erasure)
        assert note.counselling_done_on is None
        assert purge.waiting_for_counselling(work) == (note,)
    house.desk("counsellor")
    house.close()
    assert found_in(house, "counsellor") == []
    with house.work("manager") as work:
        (note,) = work.rule_matching(Erasure)
        assert note.counselling_done_on == work.today
    rows = erased_list.read(house.folder, keyring_file.load(house.folder).vault_id.hex())
    assert rows[person.id].left == frozenset()


def test_sheet_c_leaves_the_rest_to_whoever_signs_in_first(house: House, stick: Path) -> None:
    person = erased_after_a_backup(house, stick)
    facts = restored(house, stick, "C")
    assert set(facts.erasing_waits) == {"office", "house", "cases", "identity", "counselling"} - {
        "office"
    }
    with house.work("house_mother") as work:
        assert work.rule_find(Person, person.id) is None
    house.desk("counsellor")
    house.desk("manager")
    house.close()
    assert found_in(house, "manager") == []
    assert found_in(house, "counsellor") == []


def test_on_a_new_computer_the_list_of_the_stick_is_enough(
    house: House, stick: Path, tmp_path: Path
) -> None:
    erased_after_a_backup(house, stick)
    older = next((stick / backup_places.FOLDER).glob("office-*")).name
    backed_up(house, stick)
    house.close()
    elsewhere = House(tmp_path / "new" / "records", house.slots, house.sheets)
    with pytest.raises(NotAVault):
        keyring_file.load(elsewhere.folder)
    choice = next(each for each in restoring.find(stick, elsewhere.folder) if each.name == older)
    opened = restoring.open_by_phrase(choice, house.slots["manager"], PHRASE)
    assert restoring.bring(opened, elsewhere.folder, Progress()).erased == 1
    restoring.switch(elsewhere.folder)
    assert found_in(elsewhere, "manager") == []
    elsewhere.close()


def test_a_backup_made_after_the_erasure_has_nothing_to_erase(house: House, stick: Path) -> None:
    person = erased_after_a_backup(house, stick)
    shutil.rmtree(stick / backup_places.FOLDER)
    backed_up(house, stick)
    house.close()
    facts = restored(house, stick)
    assert facts.erased == 0
    assert facts.erasing_waits == ()
    with house.work("manager") as work:
        (note,) = work.rule_matching(Erasure)
        assert note.id == person.id
        assert note.proposed_by
        assert note.counselling_done_on is None


def test_a_rehearsal_says_who_would_be_erased_again(house: House, stick: Path) -> None:
    erased_after_a_backup(house, stick)
    desk = house.desk("manager")
    (run,) = desk.ask(backups.overview).result().runs
    wanted = desk.ask(backup_checks.to_rehearse, run.id).result()
    facts = backup_checks.rehearse(wanted, stick, Progress())
    assert facts.erased == 1
    assert facts.residents == dict(facts.counts)["person"] - 1
    assert "erases her again" in backup_checks.erased_words(facts)
    with house.work("manager") as work:
        assert backup_checks.report_pdf(work, facts, run.name).startswith(b"%PDF")


def test_the_list_of_another_house_or_a_spoilt_one_erases_nobody(house: House, stick: Path) -> None:
    person = erased_after_a_backup(house, stick)
    vault_id = keyring_file.load(house.folder).vault_id.hex()
    path = house.folder / erased_list.NAME
    assert set(erased_list.read(house.folder, vault_id)) == {person.id}
    assert erased_list.read(house.folder, "0" * 32) == {}
    raw = path.read_bytes()
    for spoilt in (raw[:-3], raw.replace(str(person.id).encode(), b"12345"), b"[]", b""):
        path.write_bytes(spoilt)
        assert erased_list.read(house.folder, vault_id) == {}
    house.desk("manager").run(backups.begin, Progress()).result().value.drop()
    assert set(erased_list.read(house.folder, vault_id)) == {person.id}
