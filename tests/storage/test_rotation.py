"""A new key for a compartment: who may still opens it, nobody else does, and nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.errors import NotPossible, VaultReadOnly
from shelter_app.storage import audit, keyring_file, migrate, recovery, rotation, slots, vault
from tests.storage.small_vault import PHRASE, STEPS, Small, newest, write

ALL = frozenset(COMPARTMENTS)


def opens(path: Path, key: bytes) -> bool:
    """Say whether a key opens a file, with nothing of the program in between."""
    raw = sqlcipher.connect(str(path))
    try:
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute("PRAGMA cipher_log_level = NONE")
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlcipher.DatabaseError:
        return False
    finally:
        raw.close()
    return True


def test_everybody_who_may_still_opens_and_everything_is_there(small: Small) -> None:
    opened = small.open()
    write(opened, 7)
    before = {name: small.file(name) for name in COMPARTMENTS}
    opened.rotate(ALL)
    assert all(newest(opened, name) == 7 for name in COMPARTMENTS)
    write(opened, 8)
    opened.close()
    assert not any(path.exists() for path in before.values())
    assert {entry.generation for entry in small.ring().files.values()} == {2}
    simba = small.open("house mother")
    assert simba.compartments == {"office", "house"}
    assert newest(simba, "house") == 8
    assert simba.clean_before
    simba.close()
    for text in small.sheets:
        by_sheet = vault.open_by_sheet(small.folder, recovery.parse_code(text), steps=STEPS)
        assert by_sheet.compartments == slots.SHEETS[by_sheet.alias]
        by_sheet.close()


@pytest.mark.parametrize("compartment", COMPARTMENTS)
def test_one_compartment_alone_gets_a_new_key(small: Small, compartment: str) -> None:
    old = small.keys()
    opened = small.open()
    opened.rotate({compartment})
    opened.close()
    new = small.keys()
    assert {name for name in COMPARTMENTS if old[name] != new[name]} == {compartment}
    assert not opens(small.file(compartment), old[compartment])
    assert opens(small.file(compartment), new[compartment])


def test_triggers_indexes_numbers_and_the_audit_chain_survive(small: Small) -> None:
    opened = small.open()
    with opened.transaction() as connection:
        connection.exec_driver_sql("CREATE INDEX cases.ix_note ON note (tx)")
        connection.exec_driver_sql("CREATE VIRTUAL TABLE cases.words USING fts5(body)")
        connection.exec_driver_sql("INSERT INTO cases.words VALUES ('mvua na jua')")
        connection.exec_driver_sql("PRAGMA cases.application_id = 4711")
    write(opened, 1)
    question = "SELECT type, name, sql FROM cases.sqlite_schema ORDER BY type, name"
    with opened.reading() as connection:
        shape = connection.exec_driver_sql(question).all()
        head = audit.head(connection, "cases")
    opened.rotate({"cases"})
    with opened.reading() as connection:
        assert connection.exec_driver_sql(question).all() == shape
        assert connection.exec_driver_sql("PRAGMA cases.application_id").scalar_one() == 4711
        assert connection.exec_driver_sql("PRAGMA cases.user_version").scalar_one() == 1
        found = connection.exec_driver_sql("SELECT body FROM cases.words WHERE words MATCH 'jua'")
        assert found.scalar_one() == "mvua na jua"
        assert migrate.read_meta(connection, "cases")["key_gen"] == "2"
        assert audit.head(connection, "cases") == head
        assert audit.verify(connection, "cases", 1, opened.public_keys()) is None
    write(opened, 2)
    with opened.reading() as connection:
        assert audit.verify(connection, "cases", 1, opened.public_keys()) is None
    opened.close()


def test_nobody_gives_a_new_key_to_what_she_cannot_open(small: Small) -> None:
    simba = small.open("house mother")
    with pytest.raises(NotPossible):
        simba.rotate({"cases"})
    simba.close()
    assert small.ring().files["cases"].generation == 1


def test_a_removed_worker_opens_no_new_file_with_anything_she_has(small: Small) -> None:
    kept_keys = small.keys("house mother")
    old_ring = small.ring()
    opened = small.open()
    opened.disable_slot(small.slots["house mother"])
    assert opened.due == {"office", "house"}
    opened.rotate(opened.due)
    assert opened.due == frozenset()
    opened.close()
    ring = small.ring()
    slot = ring.slot(small.slots["house mother"])
    assert slot is not None
    assert slot.grants == ()
    for name in COMPARTMENTS:
        assert not any(opens(small.file(name), key) for key in kept_keys.values())
    assert old_ring.files["house"].file != ring.files["house"].file


def test_a_role_that_shrinks_makes_what_was_taken_due(small: Small) -> None:
    opened = small.open()
    opened.set_compartments(small.slots["house mother"], frozenset({"office"}))
    assert opened.due == {"house"}
    opened.close()
    again = small.open()
    assert again.due == {"house"}
    again.rotate(again.due)
    again.close()
    assert small.open_reach("house mother") == {"office"}


def test_what_is_due_waits_for_somebody_who_opens_it(small: Small) -> None:
    opened = small.open()
    slot = opened.add_slot("Nyota", PHRASE, frozenset({"counselling"}))
    opened.close()
    simba = small.open("house mother")
    simba.disable_slot(slot)
    assert simba.due == {"office", "counselling"}
    simba.rotate(simba.due & simba.compartments)
    assert simba.due == {"counselling"}
    simba.close()
    opened = small.open()
    opened.rotate(opened.due)
    opened.close()
    assert small.ring().due == frozenset()


def test_a_known_password_changes_the_keys_themselves(small: Small) -> None:
    old_slot = small.slot()
    opened = small.open()
    write(opened, 1)
    opened.change_passphrase(PHRASE, "mpya kabisa sana leo", old_slot.cost, known=True)
    assert opened.due == ALL
    opened.rotate(opened.due)
    write(opened, 2)
    with opened.reading() as connection:
        assert audit.verify(connection, "house", 1, opened.public_keys()) is None
    opened.close()
    fresh = small.slot()
    assert fresh.x25519 != old_slot.x25519
    assert fresh.former_ed25519 == (old_slot.ed25519,)
    again = small.open("manager", "mpya kabisa sana leo")
    assert again.compartments == ALL
    again.close()


def test_stopping_leaves_everything_as_it_was(small: Small) -> None:
    opened = small.open()
    write(opened, 3)
    with opened.transaction() as connection:
        for _ in range(400):
            connection.exec_driver_sql(
                "INSERT INTO cases.note (tx, body) VALUES (3, randomblob(900))"
            )
    ring, files = small.ring(), sorted(path.name for path in small.folder.glob("*.db"))
    asked = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 1

    with pytest.raises(NotPossible):
        opened.rotate(ALL, rotation.Watch(cancelled=stop))
    assert small.ring().files == ring.files
    assert sorted(path.name for path in small.folder.glob("*.db")) == files
    write(opened, 4)
    opened.close()


def test_progress_only_grows_and_ends_at_one(small: Small) -> None:
    opened = small.open()
    seen: list[float] = []
    opened.rotate(ALL, rotation.Watch(progress=seen.append))
    opened.close()
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


STEPS_OF_ROTATION = (
    *(f"exported {name}" for name in sorted(ALL)),
    "synced",
    "saved",
    "reopened",
    "removed",
)


@pytest.mark.parametrize("at", STEPS_OF_ROTATION)
def test_whatever_was_left_half_way_the_next_start_opens_and_clears_up(
    small: Small, at: str, tmp_path: Path
) -> None:
    opened = small.open()
    write(opened, 5)
    copy = tmp_path / "as it was"

    def freeze(step: str) -> None:
        if step == at:
            small.copy_to(copy)

    opened.rotate(ALL, rotation.Watch(step=freeze))
    opened.close()
    left = Small(copy, small.slots, small.sheets)
    again = left.open()
    assert all(newest(again, name) == 5 for name in COMPARTMENTS)
    assert rotation.leftovers(copy, left.ring()) == ()
    assert not (copy / "staging" / "old").exists()
    expected = 1 if at.startswith("exported") or at == "synced" else 2
    assert set(again.generations.values()) == {expected}
    again.close()
    simba = left.open("house mother")
    assert newest(simba, "house") == 5
    simba.close()


def test_a_left_over_file_waits_for_somebody_who_opens_its_compartment(small: Small) -> None:
    stray = small.folder / "cases-00000000.db"
    stray.write_bytes(b"x" * 100)
    simba = small.open("house mother")
    simba.close()
    aside = small.folder / "staging" / "old" / stray.name
    assert aside.exists()
    assert not stray.exists()
    small.open().close()
    assert not aside.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_keeps_the_old_keys(small: Small) -> None:
    opened = small.open()
    small.folder.chmod(0o500)
    try:
        with pytest.raises(VaultReadOnly):
            opened.rotate({"house"})
    finally:
        small.folder.chmod(0o700)
    write(opened, 1)
    opened.close()


def test_a_keyring_that_cannot_be_saved_keeps_the_old_files_in_use(
    small: Small,
) -> None:
    opened = small.open()

    def refuse(step: str) -> None:
        if step == "synced":
            for name in keyring_file.NAMES:
                (small.folder / f"{name}.part").mkdir()

    with pytest.raises(IsADirectoryError):
        opened.rotate(ALL, rotation.Watch(step=refuse))
    for name in keyring_file.NAMES:
        (small.folder / f"{name}.part").rmdir()
    assert rotation.leftovers(small.folder, small.ring()) == ()
    write(opened, 6)
    opened.close()
    again = small.open()
    assert newest(again, "identity") == 6
    assert set(again.generations.values()) == {1}
    again.close()
