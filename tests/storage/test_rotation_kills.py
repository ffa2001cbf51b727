"""Killed while giving new keys: every worker still opens her part, and nothing confirmed is lost.

MAKAO_KILLS sets how often (12 in `./dev test`).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.storage import audit, recovery, rotation, slots, vault
from tests.storage.rotation_writer import KILL_AT
from tests.storage.small_vault import STEPS, Small, newest

KILLS = int(os.environ.get("MAKAO_KILLS", "12"))
ROOT = Path(__file__).resolve().parents[2]
LONGEST_LIFE = 0.5
NAMED = ("exported cases", "synced", "saved", "reopened", "removed")

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known here"),
    pytest.mark.slow,
    pytest.mark.timeout(120 + 8 * KILLS),
]


def killed(small: Small, chance: random.Random, at: str = "") -> int:
    """Run the writer until it kills itself or is killed; return the last number it confirmed."""
    command = [
        sys.executable,
        "-m",
        "tests.storage.rotation_writer",
        str(small.folder),
        small.slots["manager"],
    ]
    env = {**os.environ, KILL_AT: at}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if not at:
            until = time.perf_counter() + chance.random() * LONGEST_LIFE
            while time.perf_counter() < until:
                pass
            process.send_signal(signal.SIGKILL)
        lines = (first + process.stdout.read()).split(b"\n")
        process.wait()
        assert process.returncode == -signal.SIGKILL
    assert lines[0], "the writer did not start"
    return int([line for line in lines[:-1] if line][-1])


def check(small: Small, confirmed: int) -> None:
    simba = small.open("house mother")
    assert simba.compartments == {"office", "house"}
    assert newest(simba, "house") >= confirmed
    simba.close()
    opened = small.open()
    numbers = {newest(opened, name) for name in COMPARTMENTS}
    assert len(numbers) == 1, "torn"
    assert numbers.pop() >= confirmed, "lost"
    with opened.reading() as connection:
        for name in COMPARTMENTS:
            assert audit.verify(connection, name, 1, opened.public_keys()) is None
    opened.close()
    assert rotation.leftovers(small.folder, small.ring()) == ()
    assert not (small.folder / "staging" / "old").exists()


@pytest.mark.parametrize("at", NAMED)
def test_killed_at_each_step_the_vault_opens_with_what_was_confirmed(small: Small, at: str) -> None:
    check(small, killed(small, random.Random(1), at))


def test_killed_anywhere_the_vault_opens_with_what_was_confirmed(small: Small) -> None:
    chance = random.Random(8)
    for _ in range(max(2, KILLS // 3)):
        check(small, killed(small, chance))
    by_sheet = vault.open_by_sheet(small.folder, recovery.parse_code(small.sheets[0]), steps=STEPS)
    assert by_sheet.compartments == slots.SHEETS["R"]
    by_sheet.close()
