"""The vault as a whole: who gets in, what is found damaged, what is never said aloud."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app import clock
from shelter_app.errors import (
    DiskFull,
    NotAVault,
    NotFound,
    NotPossible,
    UnsafeEngine,
    VaultDamaged,
    VaultInUse,
    VaultReadOnly,
    VaultTooNew,
    WrongPassphrase,
)
from shelter_app.storage import connection as connections
from shelter_app.storage import keyring_file, keyring_keys, safe_files, throttle, vault
from tests.storage.small_vault import BOTH, COST, PHRASE, STEPS, Small, insert, newest, write

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65_534


# --- getting in


def test_the_first_manager_opens_the_compartments_of_her_roles(tmp_path: Path) -> None:
    made = vault.create(
        tmp_path / "house",
        alias="Twiga",
        passphrase=PHRASE,
        roles=frozenset({"manager"}),
        cost=COST,
        steps=STEPS,
    )
    assert made.vault.compartments == {"office", "house", "cases", "identity"}
    assert made.vault.alias == "Twiga"
    made.vault.close()


def test_what_is_written_is_there_at_the_next_sign_in(small: Small) -> None:
    opened = small.open()
    write(opened, 7)
    opened.close()
    again = small.open()
    assert {newest(again, name) for name in again.compartments} == {7}
    assert again.clean_before
    again.close()


def test_a_house_mother_reaches_only_office_and_house(small: Small) -> None:
    opened = small.open("house mother")
    assert opened.compartments == {"office", "house"}
    with pytest.raises(sa.exc.OperationalError), opened.transaction() as connection:
        insert(connection, "cases", 1, b"x")
    opened.close()


def test_the_sign_in_window_sees_aliases_without_any_pass_phrase(small: Small) -> None:
    assert [name.alias for name in vault.aliases(small.folder)] == ["Twiga", "Simba"]


def test_two_houses_cannot_be_founded_in_one_folder(small: Small) -> None:
    before = keyring_file.load(small.folder)
    with pytest.raises(NotPossible):
        vault.create(
            small.folder, alias="Fisi", passphrase=PHRASE, roles=BOTH, cost=COST, steps=STEPS
        )
    assert keyring_file.load(small.folder) == before
    small.open().close()


def test_a_founding_that_fails_leaves_no_vault_behind(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    with pytest.raises(NotPossible):
        vault.create(folder, alias=" ", passphrase=PHRASE, roles=BOTH, cost=COST, steps=STEPS)
    with pytest.raises(NotAVault):
        vault.aliases(folder)
    vault.create(
        folder, alias="Twiga", passphrase=PHRASE, roles=BOTH, cost=COST, steps=STEPS
    ).vault.close()


def test_an_unknown_slot_is_not_found(small: Small) -> None:
    with pytest.raises(NotFound):
        vault.open_vault(small.folder, "0" * 16, PHRASE, steps=STEPS)


def test_only_this_account_can_read_the_folder(small: Small) -> None:
    opened = small.open()
    write(opened, 1)
    opened.close()
    modes = {path.name: path.stat().st_mode & 0o077 for path in small.folder.iterdir()}
    assert set(modes.values()) == {0}


# --- wrong pass phrases and waiting


def test_failures_in_a_row_wait_longer_and_longer() -> None:
    waits = [throttle.wait_after(failures) for failures in range(1, 14)]
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert throttle.wait_after(10**9) == 300


def test_the_wait_survives_a_restart_and_ends_with_a_good_sign_in(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2026, 11, 22, 8, 0, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "utc_now", lambda: moment)
    waits = []
    for _ in range(5):
        moment += timedelta(hours=1)
        with pytest.raises(WrongPassphrase) as caught:
            small.open(phrase="wrong")
        waits.append(caught.value.wait_seconds)
    assert waits == [0, 0, 0, 2, 4]
    with pytest.raises(WrongPassphrase) as caught:
        small.open()
    assert caught.value.wait_seconds == 4
    moment += timedelta(seconds=4)
    opened = small.open()
    assert opened.failures_before == 5
    assert opened.failures_since == "2026-11-22T09:00:00Z"
    opened.close()
    assert small.open().failures_before == 0


def test_a_clock_set_back_never_locks_a_worker_out(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "utc_now", lambda: moment)
    for _ in range(4):
        with pytest.raises(WrongPassphrase):
            small.open(phrase="wrong")
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(WrongPassphrase):
        small.open(phrase="wrong")
    with pytest.raises(WrongPassphrase):
        small.open()  # she waits as always, by the clock there is now
    moment += timedelta(seconds=4)
    small.open().close()


def test_one_workers_failures_do_not_make_another_wait(small: Small) -> None:
    for _ in range(4):
        with pytest.raises(WrongPassphrase):
            small.open("house mother", phrase="wrong")
    small.open().close()


def test_a_wrong_pass_phrase_frees_the_lock_and_changes_no_data(small: Small) -> None:
    before = {name: small.file(name).read_bytes() for name in small.ring().files}
    with pytest.raises(WrongPassphrase):
        small.open(phrase="wrong")
    assert {name: small.file(name).read_bytes() for name in small.ring().files} == before
    small.open().close()


# --- damage


def flip(path: Path, place: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[place] ^= 0x40
    path.write_bytes(raw)


@pytest.mark.parametrize("compartment", ["office", "house", "cases", "counselling", "identity"])
def test_a_changed_byte_is_damage_and_names_its_compartment(small: Small, compartment: str) -> None:
    flip(small.file(compartment), 5_000)
    with pytest.raises(VaultDamaged) as caught:
        small.open()
    assert caught.value.part == compartment


@pytest.mark.parametrize("change", ["first page", "cut", "emptied", "gone", "plain"])
@pytest.mark.parametrize("clean", [True, False])
def test_damage_is_never_called_a_wrong_pass_phrase(small: Small, change: str, clean: bool) -> None:
    if not clean:
        leave_unclean(small)
    path = small.file("cases")
    if change == "first page":
        flip(path, 100)
    elif change == "cut":
        os.truncate(path, 2_000)
    elif change == "emptied":
        os.truncate(path, 0)
    elif change == "gone":
        path.unlink()
    else:
        path.write_bytes(b"SQLite format 3\x00" + bytes(8_176))
    with pytest.raises((VaultDamaged, UnsafeEngine)) as caught:
        small.open()
    if isinstance(caught.value, VaultDamaged):
        assert caught.value.part == "cases"


def leave_unclean(small: Small) -> None:
    """Stop as a crash does: the seal says 'open', the lock is freed, nothing is hot."""
    ring = keyring_file.load(small.folder)
    opened = small.open()
    opened._shut_connection()
    opened._lock.release()
    assert keyring_file.load(small.folder).seq > ring.seq


def read_through(small: Small) -> None:
    opened = small.open()
    try:
        with opened.reading() as connection:
            connection.exec_driver_sql("SELECT sum(length(body)) FROM house.note").all()
    finally:
        opened.close()


def test_damage_met_while_working_is_named_as_damage(small: Small) -> None:
    opened = small.open()
    for number in range(40):
        write(opened, number, os.urandom(3_000))
    opened.close()
    leave_unclean(small)
    raw = bytearray(small.file("house").read_bytes())
    for start in range(2 * 4096, len(raw), 4096):
        raw[start + 50] ^= 1
    small.file("house").write_bytes(raw)
    with pytest.raises(VaultDamaged) as caught:
        read_through(small)
    assert caught.value.part == "house"


def test_a_page_put_back_after_a_clean_close_is_found(small: Small) -> None:
    opened = small.open()
    for number in range(20):
        write(opened, number, b"first" * 300)
    opened.close()
    old = small.file("cases").read_bytes()
    opened = small.open()
    with opened.transaction() as connection:
        connection.exec_driver_sql("UPDATE cases.note SET body = zeroblob(1500)")
    opened.close()
    new = small.file("cases").read_bytes()
    changed = [n for n in range(0, len(old), 4096) if old[n : n + 4096] != new[n : n + 4096]]
    place = changed[len(changed) // 2]
    small.file("cases").write_bytes(new[:place] + old[place : place + 4096] + new[place + 4096 :])
    with pytest.raises(VaultDamaged) as caught:
        small.open()
    assert caught.value.part == "cases"


def test_a_file_put_back_is_found_after_a_clean_close_and_after_a_crash(small: Small) -> None:
    old = small.file("house").read_bytes()
    opened = small.open()
    write(opened, 1)
    opened.close()
    new = small.file("house").read_bytes()
    for clean in (True, False):
        if not clean:
            small.file("house").write_bytes(new)
            leave_unclean(small)
        small.file("house").write_bytes(old)
        with pytest.raises(VaultDamaged) as caught:
            small.open()
        assert caught.value.part == "house"


def test_a_journal_that_appears_beside_a_sealed_file_is_refused(small: Small) -> None:
    journal = small.file("cases").with_name(small.file("cases").name + "-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    with pytest.raises(VaultDamaged) as caught:
        small.open()
    assert caught.value.part == "cases"


def test_who_lacks_a_key_leaves_that_files_seal_as_it_was(small: Small) -> None:
    opened = small.open("house mother")
    write(opened, 1)
    opened.close()
    flip(small.file("counselling"), 5_000)
    small.open("house mother").close()
    with pytest.raises(VaultDamaged) as caught:
        small.open()
    assert caught.value.part == "counselling"


def test_a_crash_before_closing_is_told_and_nothing_is_lost(small: Small) -> None:
    opened = small.open()
    write(opened, 3)
    opened._shut_connection()
    opened._lock.release()
    again = small.open()
    assert not again.clean_before
    assert newest(again, "cases") == 3
    again.close()
    assert small.open().clean_before


def test_the_file_of_another_vault_is_refused(small: Small, tmp_path: Path) -> None:
    other = small.copy_to(tmp_path / "other")
    opened = other.open()
    with opened.transaction() as connection:
        connection.exec_driver_sql("UPDATE cases.meta SET value = 'ff' WHERE name = 'vault_id'")
    opened.close()
    with pytest.raises(VaultDamaged) as caught:
        other.open()
    assert caught.value.part == "cases"


def test_a_vault_of_a_newer_program_is_refused_and_not_touched(small: Small) -> None:
    opened = small.open()
    with opened.transaction() as connection:
        connection.exec_driver_sql("PRAGMA house.user_version = 99")
    opened.close()
    before = {name: small.file(name).read_bytes() for name in small.ring().files}
    with pytest.raises(VaultTooNew):
        small.open()
    assert {name: small.file(name).read_bytes() for name in small.ring().files} == before


# --- one program at a time, and folders that cannot be written


def test_a_second_program_is_told_that_the_vault_is_in_use(small: Small) -> None:
    opened = small.open()
    with pytest.raises(VaultInUse):
        small.open("house mother")
    assert other_program(small) == "VaultInUse"
    opened.close()
    assert other_program(small) == "opened"


def other_program(small: Small) -> str:
    code = (
        "import sys; from pathlib import Path\n"
        "from shelter_app.storage import vault; from shelter_app.errors import ShelterError\n"
        "from tests.storage.small_vault import PHRASE, STEPS\n"
        "try:\n"
        "    vault.open_vault(Path(sys.argv[1]), sys.argv[2], PHRASE, steps=STEPS).close()\n"
        "    print('opened')\n"
        "except ShelterError as error:\n"
        "    print(type(error).__name__)\n"
    )
    command = [sys.executable, "-c", code, str(small.folder), small.slots["manager"]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def folder_of_another_account(small: Small) -> Iterator[Path]:
    """A vault whose files this account may read but not write; root steps down to 'nobody'."""
    if sys.platform == "win32":
        pytest.skip("access rights work differently here")
    place = Path(tempfile.mkdtemp(prefix="makao-read-only-"))
    place.chmod(0o755)
    folder = place / "vault"
    shutil.copytree(small.folder, folder)
    for path in folder.rglob("*"):
        path.chmod(0o444)
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(place)


def test_a_read_only_folder_is_called_read_only(
    small: Small, folder_of_another_account: Path
) -> None:
    with pytest.raises(VaultReadOnly):
        vault.open_vault(folder_of_another_account, small.slots["manager"], PHRASE, steps=STEPS)
    with pytest.raises(VaultReadOnly):
        vault.create(
            folder_of_another_account / "new",
            alias="Fisi",
            passphrase=PHRASE,
            roles=BOTH,
            cost=COST,
            steps=STEPS,
        )


@pytest.mark.parametrize("name", ["Nyumba yetu ü", "家", "a'b\"c", "x" * 120, "percent%20;?#"])
def test_folders_with_odd_names_work(small: Small, tmp_path: Path, name: str) -> None:
    moved = small.copy_to(tmp_path / name / "vault")
    opened = moved.open()
    write(opened, 1)
    opened.close()
    moved.open().close()


# --- who can get in, changed


def test_a_new_worker_signs_in_with_what_the_manager_holds(small: Small) -> None:
    opened = small.open()
    slot = opened.add_slot("Chui", "another phrase of hers", frozenset({"house", "cases"}), COST)
    opened.close()
    hers = vault.open_vault(small.folder, slot, "another phrase of hers", steps=STEPS)
    assert hers.compartments == {"office", "house", "cases"}
    hers.close()


def test_a_key_the_manager_lacks_waits_for_somebody_who_holds_it(small: Small) -> None:
    opened = small.open("house mother")
    slot = opened.add_slot("Chui", PHRASE, frozenset({"house", "counselling"}), COST)
    assert [(wish.alias, wish.wish.compartment) for wish in opened.pending()] == [
        ("Chui", "counselling")
    ]
    with pytest.raises(NotFound):
        opened.approve(opened.pending()[0])
    opened.close()
    first = vault.open_vault(small.folder, slot, PHRASE, steps=STEPS)
    assert first.compartments == {"office", "house"}
    first.close()
    manager = small.open()
    wish = manager.pending()[0]
    assert wish.asked_by_alias == "Simba"
    assert len(wish.check_words) == 4
    manager.approve(wish)
    assert manager.pending() == ()
    manager.close()
    second = vault.open_vault(small.folder, slot, PHRASE, steps=STEPS)
    assert second.compartments == {"office", "house", "counselling"}
    second.close()


def test_a_refused_wish_is_gone(small: Small) -> None:
    opened = small.open("house mother")
    opened.add_slot("Chui", PHRASE, frozenset({"counselling"}), COST)
    opened.refuse(opened.pending()[0])
    assert opened.pending() == ()
    opened.close()
    assert small.ring().pending == ()


def test_only_the_new_pass_phrase_works_after_a_change(small: Small) -> None:
    opened = small.open()
    with pytest.raises(WrongPassphrase):
        opened.change_passphrase("not the old one", "something else entirely")
    opened.change_passphrase(PHRASE, "something else entirely", COST)
    opened.close()
    with pytest.raises(WrongPassphrase):
        small.open()
    small.open(phrase="something else entirely").close()


def test_compartments_are_taken_and_given(small: Small) -> None:
    opened = small.open()
    opened.set_compartments(small.slots["house mother"], frozenset({"cases"}))
    assert opened.reach_of(small.slots["house mother"]) == {"office", "cases"}
    opened.close()
    hers = small.open("house mother")
    assert hers.compartments == {"office", "cases"}
    hers.close()


def test_a_disabled_slot_opens_nothing_and_is_not_offered(small: Small) -> None:
    opened = small.open()
    opened.disable_slot(small.slots["house mother"])
    with pytest.raises(NotPossible):
        opened.disable_slot(small.slots["manager"])
    assert [name.alias for name in opened.slot_names()] == ["Twiga"]
    assert small.slots["house mother"] in opened.public_keys()
    opened.close()
    with pytest.raises(NotFound):
        small.open("house mother")
    assert small.slot("house mother").grants == ()


def test_two_workers_cannot_have_one_alias(small: Small) -> None:
    opened = small.open()
    for alias in ("Simba", " simba ", "", "x" * 41, "a\nb"):
        with pytest.raises(NotPossible):
            opened.add_slot(alias, PHRASE, frozenset({"house"}), COST)
    with pytest.raises(NotPossible):
        opened.rename(small.slots["house mother"], "TWIGA")
    opened.rename(small.slots["house mother"], "Chui")
    opened.close()
    assert [name.alias for name in vault.aliases(small.folder)] == ["Twiga", "Chui"]


# --- transactions and questions


def insert_all(connection: sa.Connection, compartments: tuple[str, ...]) -> None:
    for name in compartments:
        insert(connection, name, 2, b"x")


def test_a_failed_transaction_leaves_every_file_as_it_was(small: Small) -> None:
    opened = small.open()
    write(opened, 1)
    with pytest.raises(sa.exc.OperationalError), opened.transaction() as connection:
        insert_all(connection, ("office", "counselling", "nowhere"))
    assert {newest(opened, name) for name in opened.compartments} == {1}
    write(opened, 2)
    opened.close()


def test_a_question_cannot_write(small: Small) -> None:
    opened = small.open()
    with pytest.raises(AssertionError), opened.reading() as connection:
        insert(connection, "house", 1, b"x")
    assert newest(opened, "house") == 0
    write(opened, 1)
    assert newest(opened, "house") == 1
    opened.close()


def test_closing_undoes_what_was_not_committed_and_can_be_repeated(small: Small) -> None:
    opened = small.open()
    opened.connection.begin()
    insert(opened.connection, "house", 9, b"x")
    opened.close()
    opened.close()
    again = small.open()
    assert newest(again, "house") == 0
    assert again.clean_before
    again.close()


def test_closing_first_gives_back_the_pages_while_other_threads_can_work(small: Small) -> None:
    held = small.open()
    raw: Any = held.connection.connection.driver_connection
    said: list[str] = []
    raw.set_trace_callback(said.append)
    held.close()
    assert said[-1] == "PRAGMA shrink_memory"


def test_database_errors_never_carry_what_was_typed(small: Small) -> None:
    opened = small.open()
    with pytest.raises(sa.exc.DBAPIError) as caught, opened.transaction() as connection:
        insert(connection, "house", None, b"WANJIKU WAS HERE")  # type: ignore[arg-type]
    assert "WANJIKU" not in str(caught.value)
    opened.close()


def test_no_readable_text_is_ever_on_the_disk(small: Small) -> None:
    canary = b"ZZ-canary-Wanjiku-0712345678"
    opened = small.open()
    for number in range(1, 30):
        write(opened, number, canary * 50)
    with opened.transaction() as connection:
        insert(connection, "cases", 99, canary)
        connection.exec_driver_sql("UPDATE house.note SET body = body || ?", (canary,))
        assert not list(readable(small.folder, canary))
    with opened.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM house.note")
        connection.exec_driver_sql(
            "SELECT body, count(*) FROM cases.note GROUP BY body ORDER BY body"
        ).all()
    opened.close()
    assert not list(readable(small.folder, canary))
    assert not list(readable(small.folder, PHRASE.encode()))


def readable(folder: Path, text: bytes) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() and (text in path.read_bytes() or b"SQLite format" in path.read_bytes()):
            yield path.name


# --- the engine's promises


def driver(opened: vault.Vault) -> Any:
    return opened.connection.connection.driver_connection


def test_a_plain_sqlite_breaks_the_promises() -> None:
    plain = sqlite3.connect(":memory:")
    faults = connections.engine_faults(plain)
    plain.close()
    assert {"cipher_version", "cipher_provider", "temp_store"} <= set(faults)


@pytest.mark.parametrize(
    "setting",
    ["temp_store = FILE", "foreign_keys = 0", "trusted_schema = 1", "cell_size_check = 0"],
)
def test_each_loosened_setting_is_noticed(small: Small, setting: str) -> None:
    opened = small.open()
    raw = driver(opened)
    assert connections.engine_faults(raw) == []
    raw.execute(f"PRAGMA {setting}")
    assert connections.engine_faults(raw) == [setting.split(maxsplit=1)[0]]
    opened.close()


@pytest.mark.parametrize(
    "setting", ["journal_mode = PERSIST", "synchronous = NORMAL", "secure_delete = 0"]
)
def test_each_loosened_setting_of_a_file_is_noticed(small: Small, setting: str) -> None:
    opened = small.open()
    raw = driver(opened)
    assert connections.schema_faults(raw, "cases") == []
    raw.execute(f"PRAGMA cases.{setting}").fetchall()
    assert connections.schema_faults(raw, "cases") == [f"cases {setting.split(maxsplit=1)[0]}"]
    assert connections.schema_faults(raw, "house") == []
    opened.close()


def test_a_file_in_wal_mode_is_refused(small: Small) -> None:
    key = small.keys()["cases"]
    leave_unclean(small)
    raw = sqlcipher.connect(str(small.file("cases")), isolation_level=None)
    raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    assert raw.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    raw.close()
    with pytest.raises(UnsafeEngine):
        small.open()


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_key_of_another_length_is_never_taken_for_a_pass_phrase(
    small: Small, length: int
) -> None:
    files = {"office": small.file("office").name}
    with pytest.raises(UnsafeEngine):
        connections.open_connection(small.folder, files, {"office": b"k" * length})


def test_a_wrong_key_is_damage_not_a_wrong_pass_phrase(small: Small) -> None:
    files = {name: small.file(name).name for name in ("office", "house")}
    keys = {**small.keys(), "house": b"k" * 32}
    with pytest.raises(VaultDamaged) as caught:
        connections.open_connection(small.folder, files, keys)
    assert caught.value.part == "house"


# --- the vault's thread


def test_everything_on_the_vault_thread_runs_in_order_on_one_thread(small: Small) -> None:
    thread = vault.VaultThread()
    seen: list[int] = []

    def work(number: int) -> int:
        seen.append(number)
        return threading.get_ident()

    futures = [thread.submit(work, number) for number in range(50)]
    assert len({future.result() for future in futures}) == 1
    opened = thread.submit(small.open).result()
    thread.submit(write, opened, 5).result()
    with pytest.raises(sqlcipher.ProgrammingError):
        driver(opened).execute("SELECT 1")
    closing = thread.submit(opened.close)
    closing.add_done_callback(lambda _done: thread.close())
    closing.result()
    thread.close()
    assert seen == list(range(50))


def test_the_measured_cost_of_a_guess_is_one_a_keyring_may_carry(small: Small) -> None:
    opened = small.open()
    opened.change_passphrase(PHRASE, "something else entirely", keyring_keys.calibrated())
    opened.close()
    assert small.slot().cost.m_kib >= 65_536
    small.open(phrase="something else entirely").close()


def test_keys_are_wiped_at_closing(small: Small) -> None:
    opened = small.open()
    keys = dict(opened._keys)
    opened.close()
    assert {bytes(key) for key in keys.values()} == {bytes(32)}


def test_a_save_cut_short_wins_over_one_that_failed_before(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = "shelter_app.storage.keyring_file.write_whole"
    whole = safe_files.write_whole

    def only_one(path: Path, data: bytes) -> None:
        """Write one copy, then let the disk refuse."""
        monkeypatch.setattr(writes, refused)
        whole(path, data)

    def refused(path: Path, data: bytes) -> None:
        raise DiskFull

    opened = small.open()
    for name in ("Chui", "Duma"):
        monkeypatch.setattr(writes, only_one)
        with pytest.raises(DiskFull):
            opened.rename(small.slots["house mother"], name)
    assert small.slot("house mother").alias == "Duma"
    monkeypatch.setattr(writes, whole)
    opened.close()
    assert small.slot("house mother").alias == "Simba"
    small.open("house mother").close()
