"""Before new keys a verified backup is made on this computer: it restores, or nothing begins."""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shelter_app import clock
from shelter_app.errors import DiskFull, NotPossible
from shelter_app.services import accounts, key_changes, recovery_door, restoring, sheet_care
from shelter_app.services.inside import Inside
from shelter_app.services.key_changes import NO_BACKUP, NO_ROOM, Course
from shelter_app.services.progress import Progress
from shelter_app.services.restoring import Choice
from shelter_app.storage import attachments, backup_places, keyring_file, local_backup, rotation
from tests.builders import a_person
from tests.fixtures import PHRASE, House
from ui.kit.wording import sentence_for

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("MAKAO_KILLS", "12"))
STRONG = "twiga anakula majani mapya"


def inside(house: House, role: str) -> Inside:
    desk = house.desk(role)
    return Inside(desk.vault, desk.actor, leaving=lambda: False)


def found(house: House) -> tuple[Choice, ...]:
    """Return what the restore assistant offers from this computer itself."""
    return restoring.find_everywhere(house.folder)


def close_house_mother(house: House) -> None:
    mother = house.staff_id("house_mother")
    with house.work("manager") as work:
        accounts.close_account(work, mother)


def test_a_verified_backup_is_there_before_the_keys_change_and_it_restores(
    house: House,
) -> None:
    with house.work("manager") as work:
        a_person(work)
    before = dict(keyring_file.load(house.folder).files)
    close_house_mother(house)
    course = Course()
    key_changes.give_due_keys(inside(house, "manager"), course)
    assert course.share == pytest.approx(1.0)
    (choice,) = found(house)
    assert choice.same_house
    assert {way.alias for way in choice.ways} == {"Manager", "Second Manager"}
    opened = restoring.open_by_phrase(choice, house.slots["manager"], PHRASE)
    assert {name: part.file for name, part in opened.manifest.parts.items()} == {
        name: entry.file for name, entry in before.items()
    }
    house.close()
    facts = restoring.bring(opened, house.folder, Progress())
    assert facts.residents == 1
    aside = restoring.switch(house.folder)
    assert aside is not None
    assert local_backup.root_in(aside).is_dir()
    with house.work("manager") as work:
        assert work.vault.ring.files == before


def test_a_manager_who_leaves_does_not_open_the_backup_made_before_her_keys_went(
    house: House,
) -> None:
    second = house.staff_id("second_manager")
    with house.work("manager") as work:
        accounts.close_account(work, second)
    key_changes.give_due_keys(inside(house, "manager"), Course())
    assert {way.alias for way in found(house)[0].ways} == {"Manager"}


def test_one_stays_and_the_older_goes(house: House) -> None:
    done = inside(house, "manager")
    key_changes.give_new_keys(done, Course())
    (first,) = found(house)
    key_changes.give_new_keys(done, Course())
    (second,) = found(house)
    assert first.name != second.name
    later = clock.now() + local_backup.KEPT_FOR + timedelta(days=1)
    local_backup.drop_old(house.folder, later)
    assert found(house) == ()


def test_sealed_documents_come_along_without_taking_their_room_twice(house: House) -> None:
    done = inside(house, "manager")
    stored = attachments.store(done.vault.folder, "cases", os.urandom(300_000))
    key_changes.give_new_keys(done, Course())
    place = backup_places.place_in(local_backup.root_in(house.folder))
    (linked,) = place.glob("att/*/*.bin")
    original = house.folder / "att" / "cases" / stored.name
    assert linked.read_bytes() == original.read_bytes()
    assert linked.stat().st_ino == original.stat().st_ino
    opened = restoring.open_by_phrase(found(house)[0], house.slots["manager"], PHRASE)
    house.close()
    assert restoring.bring(opened, house.folder, Progress()).lost_papers == 0


def test_calling_it_off_while_the_backup_is_made_changes_nothing(house: House) -> None:
    close_house_mother(house)
    before = keyring_file.load(house.folder).files

    class Impatient(Course):
        def reached(self, share: float) -> None:
            super().reached(share)
            if share > 0.1:
                self.stop()

    done = inside(house, "manager")
    course = Impatient()
    with pytest.raises(NotPossible, match="stopped"):
        key_changes.give_due_keys(done, course)
    assert 0.1 < course.share < 0.6
    assert keyring_file.load(house.folder).files == before
    assert done.ask(key_changes.due).here == ("office", "house")
    assert found(house) == ()
    assert list((house.folder / "staging").rglob("*.age")) == []
    key_changes.give_due_keys(done, Course())
    assert not done.ask(key_changes.due)


def test_locking_ends_it_too(house: House) -> None:
    close_house_mother(house)
    desk = house.desk("manager")
    with pytest.raises(NotPossible, match=rotation.STOPPED):
        key_changes.give_due_keys(Inside(desk.vault, desk.actor, lambda: True), Course())
    assert found(house) == ()


@pytest.fixture
def full_disk(house: House, tmp_path: Path) -> Iterator[House]:
    """The house on a disk of its own that has no room for a copy."""
    if sys.platform == "win32":
        pytest.skip("mounts work differently here")
    disk = tmp_path / "disk"
    disk.mkdir()
    size = sum(path.stat().st_size for path in house.folder.rglob("*") if path.is_file())
    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.mount(b"tmpfs", os.fsencode(disk), b"tmpfs", 0, b"size=%d" % int(size * 2.5))
    if made != 0:
        pytest.skip("mounting needs rights this account does not have")
    shutil.copytree(house.folder, disk / "house")
    moved = House(disk / "house", house.slots, house.sheets)
    yield moved
    moved.close()
    libc.umount2(os.fsencode(disk), 2)


def test_without_room_one_sentence_says_so_and_nothing_changes(full_disk: House) -> None:
    close_house_mother(full_disk)
    before = keyring_file.load(full_disk.folder)
    done = inside(full_disk, "manager")
    with pytest.raises(DiskFull) as said:
        key_changes.give_due_keys(done, Course())
    assert said.value.args == (NO_ROOM,)
    assert sentence_for(said.value) == NO_ROOM
    assert done.ask(key_changes.due).here == ("office", "house")
    full_disk.close()
    assert keyring_file.load(full_disk.folder).files == before.files
    with pytest.raises(DiskFull) as said:
        recovery_door.make_manager(full_disk.folder, full_disk.sheets[0], "Tembo", STRONG, Course())
    assert said.value.args == (NO_ROOM,)
    assert recovery_door.look(full_disk.folder, full_disk.sheets[0]).letter == "R"


def test_a_place_that_cannot_be_written_is_said_and_nothing_changes(house: House) -> None:
    close_house_mother(house)
    done = inside(house, "manager")
    root = local_backup.root_in(house.folder)
    root.parent.mkdir(exist_ok=True)
    root.write_bytes(b"in the way")
    with pytest.raises(NotPossible) as said:
        key_changes.give_due_keys(done, Course())
    assert said.value.args == (NO_BACKUP,)
    assert done.ask(key_changes.due).here == ("office", "house")


def test_a_sheet_is_made_anew_only_after_the_backup(house: House) -> None:
    done = inside(house, "manager")
    sheet = sheet_care.replace(done, "R", Course())
    assert len(found(house)) == 1
    assert not done.ask(key_changes.due)
    course = Course()
    course.stop()
    with pytest.raises(NotPossible, match="stopped"):
        sheet_care.replace(done, "R", course)
    house.close()
    assert recovery_door.look(house.folder, sheet.code).letter == "R"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known here")
@pytest.mark.timeout(120 + 8 * KILLS)
def test_killed_anywhere_everybody_still_opens_her_part_and_it_can_be_done_again(
    house: House,
) -> None:
    house.close()
    chance = random.Random(3)
    command = [sys.executable, "-m", "tests.services.new_keys_child"]
    command += [str(house.folder), house.slots["manager"]]
    for _ in range(max(3, KILLS // 3)):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"in\n"
            threading.Event().wait(chance.random() * 0.6)
            process.send_signal(signal.SIGKILL)
        for choice in found(house):
            restoring.open_by_phrase(choice, house.slots["manager"], PHRASE)
        assert house.desk("house_mother").vault.compartments == {"office", "house"}
        assert "counselling" in house.desk("counsellor").vault.compartments
        house.close()
    key_changes.give_new_keys(inside(house, "manager"), Course())
    house.close()
    assert len(found(house)) == 1
    assert sorted(path.name for path in (house.folder / "staging").iterdir()) == ["auto"]
