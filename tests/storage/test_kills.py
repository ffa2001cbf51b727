"""Killed in the middle of saving: nothing torn between the files, nothing confirmed lost.

MAKAO_KILLS sets how often the writing process is killed (25 in `./dev test`). The control run does
the same to files in WAL mode and must find torn ones, or this test could not see any.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.storage import audit, vault
from shelter_app.storage.connection import schema_of
from tests.faults import writer
from tests.storage.small_vault import Small

KILLS = int(os.environ.get("MAKAO_KILLS", "25"))
CONTROL_KILLS = 60
ROOT = Path(__file__).resolve().parents[2]
LONGEST_LIFE = 0.08

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known here")


def killed_at_random(mode: str, folder: Path, secret: str, chance: random.Random) -> int:
    """Start a writer, kill it soon after its first commit, return the last number it confirmed."""
    command = [sys.executable, "-m", "tests.faults.writer", mode, str(folder), secret]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        until = time.perf_counter() + chance.random() * LONGEST_LIFE
        while time.perf_counter() < until:
            pass
        process.send_signal(signal.SIGKILL)
        lines = (first + process.stdout.read()).split(b"\n")
    assert lines[0], "the writer did not start"
    return int([line for line in lines[:-1] if line][-1])


def state_of(run: Callable[[str], Any]) -> dict[str, tuple[int, ...]]:
    """Return per file the newest transaction, how many there are, and how many rows each wrote."""
    found = {}
    for name in COMPARTMENTS:
        found[name] = tuple(
            run(
                "SELECT coalesce(max(tx), 0), count(DISTINCT tx), count(*),"
                f" coalesce(sum(tx), 0) FROM {schema_of(name)}.note WHERE tx > 0"
            ).fetchone()
        )
    return found


@pytest.mark.slow
@pytest.mark.timeout(60 + 6 * KILLS)
def test_killed_while_saving_nothing_is_torn_and_nothing_confirmed_is_lost(small: Small) -> None:
    opened = small.open()
    with opened.transaction() as connection:
        writer.fill(connection.exec_driver_sql)
    opened.close()
    chance = random.Random(5)
    interrupted = 0
    for _ in range(KILLS):
        confirmed = killed_at_random("vault", small.folder, small.slots["manager"], chance)
        interrupted += any(journal_is_hot(path) for path in small.folder.glob("*-journal"))
        opened = small.open()
        assert not opened.clean_before
        check_whole(opened, confirmed)
        opened.close()
    assert interrupted > 0, "no kill fell into a transaction: the test saw nothing"
    assert list(small.folder.glob("*-mj*")) == []


def journal_is_hot(path: Path) -> bool:
    return path.stat().st_size > 0


def check_whole(opened: vault.Vault, confirmed: int) -> None:
    with opened.reading() as connection:
        states = state_of(connection.exec_driver_sql)
        assert len(set(states.values())) == 1, "torn"
        newest, distinct, _rows, _sum = states["office"]
        assert newest == distinct, "a hole"
        assert newest >= confirmed, "lost"
        for name in COMPARTMENTS:
            assert audit.head(connection, name).seq == newest
            assert audit.verify(connection, name, max(1, newest - 50), opened.public_keys()) is None
            schema = schema_of(name)
            faults = connection.exec_driver_sql(f"PRAGMA {schema}.cipher_integrity_check").all()
            assert faults == []
            checked = connection.exec_driver_sql(f"PRAGMA {schema}.integrity_check").scalar_one()
            assert checked == "ok"


@pytest.mark.slow
@pytest.mark.timeout(60 + 6 * KILLS)
def test_killed_while_saving_the_keyring_one_copy_is_always_whole(small: Small) -> None:
    chance = random.Random(6)
    for _ in range(max(5, KILLS // 2)):
        confirmed = killed_at_random("keyring", small.folder, small.slots["manager"], chance)
        assert int(small.slot().alias.partition(" ")[2]) >= confirmed
        opened = small.open()
        assert opened.compartments == set(COMPARTMENTS)
        opened.close()


@pytest.mark.slow
@pytest.mark.timeout(60 + 6 * CONTROL_KILLS)
def test_the_control_run_in_wal_mode_is_torn(tmp_path: Path) -> None:
    key = "11" * 32
    raw = writer.wal_files(tmp_path, key)
    for name in COMPARTMENTS:
        raw.execute(
            f"CREATE TABLE {schema_of(name)}.note (id INTEGER PRIMARY KEY, tx INTEGER, body BLOB)"
        )
    writer.fill(raw.execute)
    raw.close()
    chance = random.Random(5)
    for _ in range(CONTROL_KILLS):
        killed_at_random("wal", tmp_path, key, chance)
        raw = writer.wal_files(tmp_path, key)
        states = state_of(raw.execute)
        raw.close()
        if len(set(states.values())) > 1:
            return
    pytest.fail("WAL was never torn: the kills do not reach into transactions")
