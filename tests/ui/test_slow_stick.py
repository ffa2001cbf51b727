"""A stick that is slow, or stands still: how far it is, calling it off, working on, leaving."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from shelter_app.services import backups
from tests.faults import tracing
from tests.fixtures import ALIASES, PHRASE, House

ROOT = Path(__file__).resolve().parents[2]
WRITES, READS, HOLDS = 1_500_000, 3_000_000, 64 << 20
SMOOTH = 400
"""Milliseconds: far below what somebody notices as hanging, far above a busy machine's noise."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not tracing.available(), reason="no C compiler, or not Linux"),
]


def seen(house: House, place: Path, what: str) -> dict[str, Any]:
    """Run the program beside a slow place and return what the person saw."""
    place.mkdir()
    house.desk("manager").run(backups.add_folder, place).result()
    house.close()
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    env |= tracing.slow_from_the_start(place, WRITES, READS, HOLDS)
    arguments = [str(house.folder), ALIASES["manager"], str(place), what]
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.slow_stick_child", *arguments],
        cwd=ROOT,
        env=env,
        input=f"{PHRASE}\n",
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def seconds_in(text: str) -> int:
    found = re.search(r"About (\d+) seconds? left", text)
    return int(found[1]) if found else 0


def test_a_slow_stick_is_waited_for_called_off_and_left_without_harm(
    house: House, tmp_path: Path
) -> None:
    told = seen(house, tmp_path / "stick", "work")

    whole = told["whole"]
    assert "read back whole" in whole["said"]
    assert whole["halves"] == []
    assert len(whole["whole"]) == 1
    assert whole["gap"] < SMOOTH, "the window stood still"
    assert whole["saved"] < 1.0, "saving waited for the stick"
    shares = [done / total for _left, done, total, _step, _text in whole["rows"]]
    assert shares == sorted(shares), "the bar went back"
    assert len(set(shares)) > 8, "the bar did not move"
    told_left = [(left, seconds_in(text)) for left, _d, _t, _s, text in whole["rows"]]
    said = [(left, seconds) for left, seconds in told_left if seconds]
    assert said, "nobody said how long it takes"
    for left, seconds in said:
        assert abs(seconds - left) <= max(5.0, 0.6 * left), f"{seconds} s told, {left:.0f} s came"
    counts = [seconds for _left, seconds in said]
    ups = [later - before for before, later in pairwise(counts)]
    assert max(ups, default=0) <= 5, f"the time told jumps: {counts}"

    for name in ("writing", "second look"):
        assert told[name]["took"] < 2.0, told[name]
        assert told[name]["gap"] < SMOOTH, told[name]
        assert told[name]["stopping"] == "Stopping…"
        assert told[name]["halves"] == []
        assert told[name]["whole"] == whole["whole"], "an older backup was touched"

    stands = told["stands"]
    assert stands["let_go"] < 2.0
    assert stands["gap"] < SMOOTH
    assert "has not answered yet" in stands["said"]
    assert "still being stopped" in stands["again"]
    assert stands["halves"] == []
    assert stands["whole"] == whole["whole"]

    left = told["left"]
    assert left["words"] == "A backup is being made. The program closes after it."
    assert left["button"] == "Close without it"
    assert left["halves"] == []
    assert len(left["whole"]) == 2, "the backup under way was not waited for"


def test_whoever_does_not_wait_leaves_at_once_and_nothing_half_made_stays(
    house: House, tmp_path: Path
) -> None:
    left = seen(house, tmp_path / "stick", "leave")["left"]
    assert left["took"] < 3.5
    assert left["halves"] == []
    assert left["whole"] == []


def test_an_empty_chair_is_covered_at_once_and_the_backup_is_still_made(
    house: House, tmp_path: Path
) -> None:
    nobody = seen(house, tmp_path / "stick", "nobody")["nobody"]
    assert nobody["covered"] < 0.3
    assert nobody["words"] == "The records lock as soon as the backup is finished."
    assert nobody["locked"] > 3.0, "it did not wait for the stick"
    shares = [done for done, _text in nobody["rows"]]
    assert shares == sorted(shares), "the bar went back"
    assert len(set(shares)) > 8, "the bar did not move"
    assert any(seconds_in(text) for _done, text in nobody["rows"]), "nobody said how long"
    assert nobody["gap"] < SMOOTH
    assert nobody["halves"] == []
    assert len(nobody["whole"]) == 1
    found = house.desk("manager").ask(backups.overview).result()
    assert [run.verified_at is not None for run in found.runs] == [True], "nobody wrote it down"
