"""Each kind of fault, a few times: `./dev faults` does the same in full and prints the figures."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import damage, kills, malformed, powercut, tracing
from tests.faults.cases import BAD, Block, Outcome

shimmed = pytest.mark.skipif(not tracing.available(), reason="no C compiler, or not Linux")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known here")


def nothing_bad(outcome: Outcome) -> None:
    assert {kind: outcome.counts[kind] for kind in BAD if outcome.counts[kind]} == {}, (
        outcome.examples
    )


@pytest.mark.slow
def test_killed_while_saving_nothing_is_torn_and_nothing_confirmed_is_lost(tmp_path: Path) -> None:
    outcome = kills.saving(Block("kills", 0, 15, tmp_path))
    nothing_bad(outcome)
    assert outcome.counts["hot journals"] > 0, "no kill fell into a transaction"


@pytest.mark.slow
def test_the_control_in_wal_mode_is_torn(tmp_path: Path) -> None:
    assert kills.wal(Block("kills-wal", 0, 40, tmp_path)).counts["torn"] > 0


@pytest.mark.slow
def test_killed_while_saving_the_keyring_one_copy_is_always_whole(tmp_path: Path) -> None:
    nothing_bad(kills.keyring(Block("kills-keyring", 0, 8, tmp_path)))


@shimmed
@pytest.mark.slow
@pytest.mark.parametrize("variant", [5, 6])
def test_a_power_cut_tears_and_loses_nothing(tmp_path: Path, variant: int) -> None:
    outcome = powercut.saving(Block("powercut", variant, 15, tmp_path))
    nothing_bad(outcome)
    assert outcome.counts["super-journals"] > 0, "no cut fell into a commit over several files"


@shimmed
@pytest.mark.slow
def test_the_control_without_the_repair_is_torn(tmp_path: Path) -> None:
    assert powercut.unrepaired(Block("powercut-bare", 0, 40, tmp_path)).counts["torn"] > 0


@shimmed
@pytest.mark.slow
def test_a_power_cut_leaves_one_whole_keyring(tmp_path: Path) -> None:
    nothing_bad(powercut.keyring(Block("powercut-keyring", 1, 20, tmp_path)))


@pytest.mark.slow
def test_killed_while_giving_new_keys_every_state_opens(tmp_path: Path) -> None:
    nothing_bad(kills.rotation(Block("kills-rotation", 0, 6, tmp_path)))


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    [damage.databases, damage.keyring, damage.form_drafts, damage.backups, damage.put_back],
)
def test_damage_is_found_and_named(tmp_path: Path, fault: Callable[[Block], Outcome]) -> None:
    nothing_bad(fault(Block("damage", 0, 12, tmp_path)))


def test_malformed_input_is_refused_and_never_fails(tmp_path: Path) -> None:
    nothing_bad(malformed.inputs(Block("malformed", 0, 1_200, tmp_path)))
