"""The list of all cases, and the table of figures they end in."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app import clock
from tests.faults import (
    clocks,
    closed,
    damage,
    full,
    kills,
    lives,
    malformed,
    moved,
    powercut,
    sticks,
)
from tests.faults.cases import BAD, Case

CASES: Final = (
    Case("kills-wal", "control: SIGKILL in WAL mode", 500, 100, kills.wal, "torn", quick=60),
    Case(
        "powercut-bare",
        "control: power cut, moved, without the repair",
        1_000,
        250,
        powercut.unrepaired,
        "torn",
        quick=80,
    ),
    Case("put-back", "pages and files put back", 600, 100, damage.put_back, quick=12),
    Case("cut-off", "files cut short, five databases", 1_000, 250, damage.cut),
    Case("clock", "clock back, ahead, DST, 2038, at boot", 350, 35, clocks.wrong, quick=7),
    Case("read-only", "medium, folders, files, calls closed", 640, 64, closed.closed, quick=32),
    Case("sticks", "stick taken out while backing up", 600, 60, sticks.pulled, quick=9),
    Case("slow-stick", "slow stick, called off", 200, 20, sticks.slow, quick=6),
    Case("disk-full", "disk full, eight deeds", 1_000, 40, full.full, quick=32),
    Case("flips", "bit flips, five databases", 5_000, 250, damage.databases),
    Case("flips-keyring", "bit flips, keyring", 5_000, 500, damage.keyring),
    Case("flips-drafts", "bit flips, unfinished forms", 5_000, 250, damage.form_drafts),
    Case("flips-documents", "bit flips and cuts, documents", 5_000, 1_000, damage.documents),
    Case("flips-backups", "bit flips and cuts, backups", 5_000, 500, damage.backups),
    Case("moved", "SIGKILL, then moved or copied", 1_000, 50, moved.killed_then_moved, quick=12),
    Case("kills-rotation", "SIGKILL while giving new keys", 2_000, 50, kills.rotation, quick=20),
    Case("kills-migration", "SIGKILL while bringing up to date", 1_000, 50, kills.migration),
    Case("kills-keyring", "SIGKILL while saving the keyring", 5_000, 100, kills.keyring, quick=20),
    Case("malformed", "malformed inputs, seventeen readers", 1_000_000, 10_000, malformed.inputs),
    Case("lives", "random user life cycles", 10_000, 100, lives.lived, quick=20),
    Case("powercut-keyring", "power cut while saving the keyring", 10_000, 250, powercut.keyring),
    Case("kills", "SIGKILL while saving, five files", 10_000, 100, kills.saving, quick=40),
    Case(
        "powercut",
        "power cut, models A and B, moved, foreign first",
        50_000,
        250,
        powercut.saving,
        quick=320,
    ),
)
"""The cheap ones first, so that a mistake shows soon."""


@dataclass
class Row:
    """What a case came to."""

    case: Case
    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    seconds: float = 0.0
    loads: list[float] = field(default_factory=list)
    commits: set[str] = field(default_factory=set)

    def take(self, result: dict[str, Any]) -> None:
        """Add what a block came to."""
        self.loads.append(result.get("load", 0.0))
        self.commits.add(result.get("commit", ""))
        self.counts.update(result["counts"])
        self.examples += result["examples"]
        self.seconds += result["seconds"]

    def passed(self, wanted: int) -> bool:
        """Say whether all tries ran and came out as they must; a control must come out badly."""
        if self.counts["tries"] < wanted:
            return False
        if self.case.must_fail:
            return self.counts[self.case.must_fail] > 0
        return not any(self.counts[bad] for bad in BAD)

    def told(self, wanted: int) -> dict[str, Any]:
        """Return the row as the report keeps it."""
        return {
            "case": self.case.name,
            "title": self.case.title,
            "wanted": wanted,
            "counts": dict(self.counts),
            "control": bool(self.case.must_fail),
            "passed": self.passed(wanted),
            "seconds": round(self.seconds, 1),
            "load": round(sum(self.loads) / max(1, len(self.loads)), 1),
            "commits": sorted(self.commits),
            "examples": self.examples[:5],
        }


def printed(rows: Sequence[dict[str, Any]]) -> Iterable[str]:
    """Return the table as lines."""
    columns = ("case", "tries", *BAD, "target", "")
    lines = [columns]
    for row in rows:
        counts = row["counts"]
        target = "must be torn" if row["control"] else f"{row['wanted']:,} with 0"
        short = counts.get("tries", 0) < row["wanted"] and not any(counts.get(bad) for bad in BAD)
        verdict = "PASS" if row["passed"] else "not whole yet" if short else "FAIL"
        figures = [f"{counts.get(bad, 0):,}" for bad in BAD]
        lines.append((row["title"], f"{counts.get('tries', 0):,}", *figures, target, verdict))
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    for line in lines:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        yield "  ".join(cells).rstrip()


def facts_of_run() -> dict[str, str]:
    """Return when and on what machine this is."""
    processor = platform.processor() or platform.machine()
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
    return {
        "date": clock.now().isoformat(" ", "minutes"),
        "system": platform.platform(),
        "machine": f"{processor}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "engine": f"SQLite {sqlcipher.sqlite_version} in sqlcipher3",
    }


def as_page(rows: Sequence[dict[str, Any]], facts: Mapping[str, str]) -> Iterable[str]:
    """Return the figures as a table for the documentation."""
    yield from (f"* {name}: {said}" for name, said in facts.items())
    yield ""
    yield f"| case | tries | {' | '.join(BAD)} | what else was counted | commit | seconds | load |"
    yield f"|---|{'---:|' * (1 + len(BAD))}---|---|---:|---:|"
    for row in rows:
        counts = row["counts"]
        figures = " | ".join(f"{counts.get(bad, 0):,}" for bad in BAD)
        more = ", ".join(
            f"{name} {count:,}"
            for name, count in sorted(counts.items())
            if name not in BAD and name != "tries"
        )
        tries, commits = f"{counts.get('tries', 0):,}", " ".join(row["commits"])
        yield (
            f"| {row['title']} | {tries} | {figures} | {more} | {commits}"
            f" | {row['seconds']:,.0f} | {row['load']} |"
        )
