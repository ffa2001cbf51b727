"""Killed at any moment: saving, the keyring, and the control in WAL mode that must be torn.

The one to be killed is a forked child, so that a kill costs milliseconds and not a start of Python.
Half of the kills count from the first confirmed transaction, half from the start of signing in.
"""

from __future__ import annotations

import os
import random
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.errors import ShelterError, VaultTooNew
from shelter_app.storage import keyring_file, migrate
from shelter_app.storage.connection import schema_of
from shelter_app.storage.keyring_fields import Malformed
from tests.faults import deeds, disk, vaults
from tests.faults.cases import Block, Outcome
from tests.faults.vaults import Site

_LONGEST_LIFE: Final = 0.03
_LONGEST_START: Final = 0.05
_LONGEST_UPDATE: Final = 0.2
_RENEW_AFTER: Final = 25
_GIVEN_UP: Final = 30.0

Confirm = Callable[[int], None]


def killed(work: Callable[[Confirm], None], chance: random.Random, *, early: bool = False) -> int:
    """Run work in a child, kill it at a random moment, return the last number it confirmed.

    `early`: it confirms nothing, so the moment always counts from its start.
    """
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        _live(work, here, there)
    os.close(there)
    started = time.perf_counter()
    said = b""
    if not early and chance.random() < 0.5:
        longest = _LONGEST_LIFE
        ready, _, _ = select.select([here], [], [], _GIVEN_UP)
        said = os.read(here, 1 << 16) if ready else b""
        started = time.perf_counter()
    else:
        longest = _LONGEST_UPDATE if early else _LONGEST_START
    left = started + chance.random() * longest - time.perf_counter()
    select.select([], [], [], max(0.0, left))
    os.kill(child, signal.SIGKILL)
    while part := os.read(here, 1 << 16):
        said += part
    os.close(here)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        raise RuntimeError(f"the writer ended by itself: {said.decode(errors='replace')[-300:]}")
    numbers = said.split(b"\n")[:-1]
    return int(numbers[-1]) if numbers else 0


def _live(work: Callable[[Confirm], None], here: int, there: int) -> None:
    """Work until killed; whatever ends it sooner is said on the pipe."""
    os.close(here)
    try:
        work(lambda number: _say(there, b"%d\n" % number))
    except BaseException as error:  # noqa: BLE001 - told to the parent, which counts it
        _say(there, repr(error).encode())
    os._exit(3)


def _say(there: int, text: bytes) -> None:
    os.write(there, text)


def saving(block: Block) -> Outcome:
    """Kill one who saves, over all compartments of a real vault."""
    outcome, chance = Outcome(), block.chance
    template = vaults.founded(block.folder / "template")
    site = template
    for place in range(block.size):
        if place % _RENEW_AFTER == 0:
            site = template.copy_to(block.folder / "vault")
        confirmed = killed(lambda confirm, site=site: save(site, confirm), chance)  # type: ignore[misc]
        outcome.counts["tries"] += 1
        journals = list(site.folder.glob("*-journal"))
        outcome.counts["hot journals"] += any(path.stat().st_size for path in journals)
        if not look(site, confirmed, outcome):
            site = template.copy_to(block.folder / "vault")
    return outcome


def save(site: Site, confirm: Confirm) -> None:
    opened = site.open()
    number = vaults.newest(opened)
    while True:
        number += 1
        vaults.transact(opened, number)
        confirm(number)


def look(site: Site, confirmed: int, outcome: Outcome) -> bool:
    """Judge the vault as it was left; say whether it can be gone on with."""
    before = sum(outcome.counts[bad] for bad in ("torn", "lost", "corrupt"))
    try:
        opened = site.open()
        vaults.judge(opened, confirmed, outcome)
        vaults.go(opened, outcome)
    except ShelterError as error:
        outcome.add("corrupt", repr(error))
    except sqlcipher.Error as error:
        outcome.add("unhandled", repr(error))
    if list(site.folder.glob("*-mj*")):
        outcome.add("corrupt", "a super-journal was left")
    return before == sum(outcome.counts[bad] for bad in ("torn", "lost", "corrupt"))


def keyring(block: Block) -> Outcome:
    """Kill one who saves the keyring: it must open, and hold what was confirmed."""
    outcome, chance = Outcome(), block.chance
    site = vaults.founded(block.folder / "vault")
    for _ in range(block.size):
        confirmed = killed(lambda confirm: _rename(site, confirm), chance)
        outcome.counts["tries"] += 1
        try:
            outcome.counts["one copy bad"] += _bad_copies(site.folder)
            opened = site.open()
            if int(opened.alias.partition(" ")[2] or 0) < confirmed:
                outcome.add("lost", opened.alias)
            if opened.compartments != set(COMPARTMENTS):
                outcome.add("corrupt", "a compartment is closed")
            vaults.go(opened, outcome)
        except ShelterError as error:
            outcome.add("corrupt", repr(error))
    return outcome


def rotation(block: Block) -> Outcome:
    """Kill one who gives compartments new keys: every state opens and holds every entry."""
    outcome, chance = Outcome(), block.chance
    site = vaults.founded(block.folder / "vault")
    opened = site.open()
    for number in range(1, 8):
        vaults.transact(opened, number)
    opened.close()
    for _ in range(block.size):
        killed(lambda confirm: _rotate(site, confirm), chance)
        outcome.counts["tries"] += 1
        look(site, 7, outcome)
    return outcome


def _rotate(site: Site, confirm: Confirm) -> None:
    opened = site.open()
    turns = 0
    while True:
        turns += 1
        opened.rotate({COMPARTMENTS[turns % len(COMPARTMENTS)]})
        confirm(turns)


def migration(block: Block) -> Outcome:
    """Kill one whose program brings the files up to date: all of them are, or none."""
    outcome, chance = Outcome(), block.chance
    site = vaults.founded(block.folder / "vault")
    opened = site.open()
    for number in range(1, 8):
        vaults.transact(opened, number)
    opened.close()
    before = vaults.bytes_in(site.folder)
    for _ in range(block.size):
        disk.laid_out(before, site.folder)
        killed(lambda _confirm: _bring_up_to_date(site), chance, early=True)
        outcome.counts["tries"] += 1
        versions = _versions_after(site, outcome)
        outcome.counts["up to date"] += versions == {migrate.newest(deeds.NEXT)}
        if len(versions) > 1:
            outcome.add("torn", f"versions {versions}")
    return outcome


def _bring_up_to_date(site: Site) -> None:
    site.open(steps=deeds.NEXT)
    signal.pause()


def _versions_after(site: Site, outcome: Outcome) -> set[int]:
    """Sign in with the old program or, when the files are new already, with the new one."""
    try:
        try:
            opened = site.open()
        except VaultTooNew:
            opened = site.open(steps=deeds.NEXT)
        with opened.reading() as connection:
            found = {migrate.version_of(connection, name) for name in opened.compartments}
        vaults.judge(opened, 7, outcome)
        opened.close()
        site.open(steps=deeds.NEXT).close()  # and the next start brings them there
    except ShelterError as error:
        outcome.add("corrupt", repr(error))
        return set()
    return found


def _bad_copies(folder: Path) -> int:
    bad = 0
    for name in keyring_file.NAMES:
        try:
            keyring_file.parse((folder / name).read_bytes())
        except (OSError, ValueError, Malformed):
            bad += 1
    return bad


def _rename(site: Site, confirm: Confirm) -> None:
    opened = site.open()
    number = int(opened.alias.partition(" ")[2] or 0)
    while True:
        number += 1
        opened.rename(opened.slot_id, f"Twiga {number}")
        confirm(number)


# The control: the same work in WAL mode

_KEY: Final = "11" * 32


def wal(block: Block) -> Outcome:
    """Kill one who saves to five files in WAL mode: torn, or the harness sees nothing."""
    outcome, chance = Outcome(), block.chance
    made = _wal_files(block.folder)
    for name in COMPARTMENTS:
        schema = schema_of(name)
        made.execute(f"CREATE TABLE {schema}.note (id INTEGER PRIMARY KEY, tx INTEGER, body BLOB)")
        for _ in range(100):
            made.execute(f"INSERT INTO {schema}.note (tx, body) VALUES (0, randomblob(900))")
    made.close()
    for _ in range(block.size):
        killed(lambda confirm: _save_in_wal(block.folder, confirm), chance)
        outcome.counts["tries"] += 1
        opened = _wal_files(block.folder)
        newest = {_newest_in(opened, name) for name in COMPARTMENTS}
        if len(newest) > 1:
            outcome.add("torn")
            for name in COMPARTMENTS:
                opened.execute(f"DELETE FROM {schema_of(name)}.note WHERE tx > 0")
        with suppress(sqlcipher.Error):
            opened.close()
    return outcome


def _newest_in(raw: Any, name: str) -> int:
    found = raw.execute(f"SELECT coalesce(max(tx), 0) FROM {schema_of(name)}.note").fetchone()
    return int(found[0])


def _wal_files(folder: Path) -> Any:
    raw = sqlcipher.connect(str(folder / "office.db"), isolation_level=None)
    raw.execute(f"PRAGMA key = \"x'{_KEY}'\"")
    raw.execute("PRAGMA cipher_log_level = NONE")
    raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    for name in COMPARTMENTS[1:]:
        raw.execute(f"ATTACH ? AS {name} KEY ?", (str(folder / f"{name}.db"), f"x'{_KEY}'"))
    for name in COMPARTMENTS:
        raw.execute(f"PRAGMA {schema_of(name)}.journal_mode = WAL").fetchone()
        raw.execute(f"PRAGMA {schema_of(name)}.synchronous = FULL")
    return raw


def _save_in_wal(folder: Path, confirm: Confirm) -> None:
    raw = _wal_files(folder)
    number = max(_newest_in(raw, name) for name in COMPARTMENTS)
    chance = random.Random(number)
    while True:
        number += 1
        raw.execute("BEGIN")
        for name in COMPARTMENTS:
            note = f"{schema_of(name)}.note"
            raw.execute(f"INSERT INTO {note} (tx, body) VALUES (?, randomblob(700))", (number,))
            for _ in range(chance.randrange(1, 6)):
                place = chance.randrange(1, 101)
                raw.execute(f"UPDATE {note} SET body = randomblob(900) WHERE id = ?", (place,))
        raw.execute("COMMIT")
        confirm(number)
