"""Each kind of fault, a few times: `./dev faults` does the same in full and prints the figures.

One worker does them all, started as the full run starts its own: with the shim in front.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.faults import tracing
from tests.faults.cases import BAD
from tests.faults.running import pool, run_block

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known here"),
]
shimmed = pytest.mark.skipif(not tracing.available(), reason="no C compiler, or not Linux")


@pytest.fixture(scope="module")
def worker() -> Iterator[ProcessPoolExecutor]:
    with pool(1) as workers:
        yield workers


def counted(
    worker: ProcessPoolExecutor, where: Path, case: str, tries: int, block: int = 0
) -> Counter[str]:
    """Run one block of a case and return what it came to; nothing bad may be among it."""
    result: dict[str, Any] = worker.submit(run_block, case, block, tries, str(where)).result()
    counts = Counter(result["counts"])
    assert counts["tries"] >= tries
    if case not in ("kills-wal", "powercut-bare"):
        assert {kind: counts[kind] for kind in BAD if counts[kind]} == {}, result["examples"]
    return counts


def test_killed_while_saving_nothing_is_torn_and_nothing_confirmed_is_lost(
    worker: ProcessPoolExecutor, tmp_path: Path
) -> None:
    assert counted(worker, tmp_path, "kills", 15)["hot journals"] > 0, "no kill hit a transaction"


def test_the_control_in_wal_mode_is_torn(worker: ProcessPoolExecutor, tmp_path: Path) -> None:
    assert counted(worker, tmp_path, "kills-wal", 40)["torn"] > 0


def test_killed_and_moved_nothing_is_torn(worker: ProcessPoolExecutor, tmp_path: Path) -> None:
    assert counted(worker, tmp_path, "moved", 8)["hot journals"] > 0, "no kill hit a transaction"


@shimmed
@pytest.mark.parametrize("variant", [5, 6])
def test_a_power_cut_tears_and_loses_nothing(
    worker: ProcessPoolExecutor, tmp_path: Path, variant: int
) -> None:
    counts = counted(worker, tmp_path, "powercut", 15, variant)
    assert counts["super-journals"] > 0, "no cut fell into a commit over several files"


@shimmed
def test_the_control_without_the_repair_is_torn(
    worker: ProcessPoolExecutor, tmp_path: Path
) -> None:
    assert counted(worker, tmp_path, "powercut-bare", 40)["torn"] > 0


@pytest.mark.parametrize(
    ("case", "tries"),
    [
        ("kills-keyring", 8),
        ("kills-rotation", 6),
        ("kills-migration", 6),
        ("flips", 12),
        ("flips-keyring", 12),
        ("flips-drafts", 12),
        ("flips-documents", 40),
        ("flips-backups", 12),
        ("cut-off", 9),
        ("put-back", 12),
        ("malformed", 1_500),
        ("lives", 4),
        pytest.param("powercut-keyring", 20, marks=shimmed),
        pytest.param("disk-full", 16, marks=shimmed),
        pytest.param("read-only", 32, marks=shimmed),
        pytest.param("sticks", 6, marks=shimmed),
        pytest.param("slow-stick", 6, marks=shimmed),
        pytest.param("clock", 7, marks=shimmed),
    ],
)
def test_nothing_is_hurt_by(
    worker: ProcessPoolExecutor, tmp_path: Path, case: str, tries: int
) -> None:
    counted(worker, tmp_path, case, tries)
