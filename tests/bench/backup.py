"""Backup and new keys beside somebody who types: how long, how smooth, how soon it stops."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.bench import houses, starts

BACKUP: Final = {"office": 60, "house": 120, "cases": 180, "counselling": 90, "identity": 50}
"""500 MB, spread as a house spreads them."""
ROTATED: Final = "cases"
ROTATION: Final = {"cases": 100}
BACKUP_WITHIN: Final = 15.0
ROTATION_WITHIN: Final = 10.0
STALL: Final = 100.0


def measure() -> int:
    """Measure both and print what was found."""
    with _copy_of(houses.filled("filled-500", BACKUP)) as big:
        print(f"backup of {_megabytes(big):.0f} MB while somebody types ...", flush=True)
        _tell_backup(starts.child_json("child_backup", "backup", str(big), houses.MANAGER))
    with _copy_of(houses.filled("filled-100", ROTATION)) as one:
        print(f"\nnew keys for one part of {_part(one):.0f} MB ...", flush=True)
        _tell_rotation(
            starts.child_json("child_backup", "rotation", str(one), houses.MANAGER, ROTATED)
        )
    print(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 0


@contextmanager
def _copy_of(kept: Path) -> Iterator[Path]:
    """Give a copy to work on: each run would leave its stick and its new keys in the kept house."""
    scratch = kept.with_name(f"{kept.name}-now")
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(kept, scratch)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.glob("*.db")) / 1_000_000


def _part(folder: Path) -> float:
    (path,) = folder.glob(f"{ROTATED}-*.db")
    return path.stat().st_size / 1_000_000


def _tell_backup(told: dict[str, Any]) -> None:
    if not told:
        return
    made = told["verified backup"]
    _line("verified backup", made["took"], BACKUP_WITHIN, made)
    for name in ("typing alone", "verified backup"):
        _smooth(name, told[name])
    off = told["backup called off"]
    print(f"  called off: answered after {off['answered']:.2f} s ({off['how']})")


def _tell_rotation(told: dict[str, Any]) -> None:
    if not told:
        return
    before, keys = told["the backup before"], told["new keys"]
    print(f"  the backup before it: {before['took']:.1f} s (own work {before['cpu']:.1f} s)")
    _line("new keys", keys["took"], ROTATION_WITHIN, keys)
    whole = before["took"] + keys["took"]
    print(f"  both together: {whole:.1f} s, {_verdict(whole, ROTATION_WITHIN)}")
    _smooth("new keys", keys)


def _line(name: str, took: float, within: float, made: dict[str, Any]) -> None:
    print(
        f"  {name}: {took:.1f} s (at most {within:.0f}: {_verdict(took, within)}), own work"
        f" {made['cpu']:.1f} s, load {made['load']:.1f}"
    )


def _smooth(name: str, told: dict[str, Any]) -> None:
    gap, own, stood = told["worst"]
    key, key_own = told["key_worst"]
    print(
        f"  {name}: window away at most {gap:.0f} ms by the clock (own work {own:.0f}, in the"
        f" machine's queue {stood:.0f}), p99 {told['p99']:.0f}, over 50: {told['over_50']}, over"
        f" {STALL:.0f}: {told['over_100']}\n    without the machine's queue: at most"
        f" {told['less_queue']:.0f} ms ({_verdict(told['less_queue'], STALL)}), p99"
        f" {told['less_queue_p99']:.0f}; most own work {told['own_worst']:.0f} ms;"
        f" {told['keys']} keys, slowest {key:.0f} ms (own {key_own:.0f})"
    )


def _verdict(value: float, within: float) -> str:
    return "ok" if value <= within else "OVER"
