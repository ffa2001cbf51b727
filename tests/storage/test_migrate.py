"""Migrations: a copy first, all files or none, newer ones untouched, absent keys later."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from shelter_app.errors import VaultTooNew
from shelter_app.storage import migrate, opening, vault
from tests.storage.small_vault import STEPS, Small, newest, step, write

ADDED = "ALTER TABLE {schema}.note ADD COLUMN place TEXT NOT NULL DEFAULT ''"
SECOND = (*STEPS, step(2, ADDED))
THIRD = (*SECOND, step(3, "CREATE INDEX {schema}.ix_note_tx ON note (tx)", only=("house",)))
BROKEN = (*STEPS, step(2, ADDED, "CREATE TABLE {schema}.note (id INTEGER)"))


def versions(opened: vault.Vault) -> dict[str, int]:
    with opened.reading() as connection:
        return {name: migrate.version_of(connection, name) for name in opened.compartments}


def filled(small: Small) -> None:
    opened = small.open()
    write(opened, 4)
    opened.close()


def copies(small: Small) -> list[str]:
    return sorted(path.name for path in (small.folder / opening.STAGING).glob("*"))


def test_every_file_is_brought_up_to_date_and_keeps_its_rows(small: Small) -> None:
    filled(small)
    opened = small.open(steps=THIRD)
    assert set(versions(opened).values()) == {3}
    assert {newest(opened, name) for name in opened.compartments} == {4}
    with opened.reading() as connection:
        meta = migrate.read_meta(connection, "cases")
        columns = connection.exec_driver_sql("PRAGMA cases.table_info(note)").all()
    assert meta["schema_version"] == "3"
    assert meta["format"] == migrate.FORMAT
    assert meta["compartment"] == "cases"
    assert [column[1] for column in columns] == ["id", "tx", "body", "place"]
    opened.close()


def test_a_copy_of_the_old_files_is_kept_until_the_next_good_start(small: Small) -> None:
    filled(small)
    before = {small.file(name).name: small.file(name).read_bytes() for name in small.ring().files}
    small.open(steps=SECOND).close()
    kept = {
        path.name.removeprefix("before-2-"): path.read_bytes()
        for path in (small.folder / opening.STAGING).iterdir()
    }
    assert kept == before
    small.open(steps=SECOND).close()
    assert copies(small) == []


def test_a_step_that_fails_changes_no_file(small: Small) -> None:
    filled(small)
    with pytest.raises(sa.exc.OperationalError):
        small.open(steps=BROKEN)
    opened = small.open()
    assert set(versions(opened).values()) == {1}
    assert newest(opened, "cases") == 4
    opened.close()


def test_a_compartment_waits_for_somebody_who_holds_its_key(small: Small) -> None:
    filled(small)
    small.open("house mother", steps=SECOND).close()
    opened = small.open(steps=SECOND)
    assert set(versions(opened).values()) == {2}
    assert newest(opened, "counselling") == 4
    opened.close()


def test_a_program_that_is_older_than_one_file_refuses_and_writes_nothing(small: Small) -> None:
    small.open("house mother", steps=SECOND).close()
    before = {name: small.file(name).read_bytes() for name in small.ring().files}
    for who in ("manager", "house mother"):
        with pytest.raises(VaultTooNew):
            small.open(who)
    assert {name: small.file(name).read_bytes() for name in small.ring().files} == before


def test_a_file_that_asks_for_a_newer_reader_is_refused(small: Small) -> None:
    opened = small.open()
    with opened.transaction() as connection:
        migrate.write_meta(connection, "cases", {"min_reader_version": "7"})
    opened.close()
    with pytest.raises(VaultTooNew):
        small.open()


def test_an_up_to_date_vault_is_not_copied(small: Small) -> None:
    small.open().close()
    assert copies(small) == []


def test_the_released_steps_make_a_vault(tmp_path: Any) -> None:
    from tests.storage.small_vault import BOTH, COST, PHRASE

    made = vault.create(
        tmp_path / "house", alias="Twiga", passphrase=PHRASE, roles=BOTH, cost=COST
    ).vault
    slot_id = made.slot_id
    made.close()
    opened = vault.open_vault(tmp_path / "house", slot_id, PHRASE)
    with opened.reading() as connection:
        assert {migrate.read_meta(connection, name)["vault_id"] for name in opened.compartments}
    opened.close()
