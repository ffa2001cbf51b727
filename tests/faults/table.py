"""The list of all cases, and the table of figures they end in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.faults import damage, kills, malformed, powercut
from tests.faults.cases import BAD, Case

CASES: Final = (
    Case("kills", "SIGKILL while saving, five files", 10_000, 100, kills.saving, quick=40),
    Case("kills-wal", "control: the same in WAL mode", 500, 100, kills.wal, "torn", quick=60),
    Case("kills-keyring", "SIGKILL while saving the keyring", 5_000, 100, kills.keyring, quick=20),
    Case("kills-rotation", "SIGKILL while giving new keys", 2_000, 100, kills.rotation, quick=20),
    Case(
        "powercut",
        "power cut, models A and B, moved, foreign first",
        50_000,
        250,
        powercut.saving,
        quick=320,
    ),
    Case(
        "powercut-bare",
        "control: moved, without the repair",
        1_000,
        250,
        powercut.unrepaired,
        "torn",
        quick=80,
    ),
    Case("powercut-keyring", "power cut while saving the keyring", 10_000, 250, powercut.keyring),
    Case("flips", "bit flips, five databases", 5_000, 500, damage.databases),
    Case("flips-keyring", "bit flips, keyring", 5_000, 500, damage.keyring),
    Case("flips-drafts", "bit flips, unfinished forms", 5_000, 500, damage.form_drafts),
    Case("flips-documents", "bit flips and cuts, documents", 5_000, 1_000, damage.documents),
    Case("flips-backups", "bit flips and cuts, backups", 5_000, 500, damage.backups),
    Case("cut-off", "files cut short, five databases", 1_000, 250, damage.cut),
    Case("put-back", "pages and files put back", 600, 100, damage.put_back),
    Case("malformed", "malformed inputs, twelve readers", 1_000_000, 20_000, malformed.inputs),
)


@dataclass
class Row:
    """What a case came to."""

    case: Case
    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def take(self, result: dict[str, Any]) -> None:
        """Add what a block came to."""
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
            "examples": self.examples[:5],
        }


def printed(rows: Sequence[dict[str, Any]]) -> Iterable[str]:
    """Return the table as lines."""
    columns = ("case", "tries", *BAD, "target", "")
    lines = [columns]
    for row in rows:
        counts = row["counts"]
        target = "must be torn" if row["control"] else f"{row['wanted']:,} with 0"
        verdict = "PASS" if row["passed"] else "FAIL"
        figures = [f"{counts.get(bad, 0):,}" for bad in BAD]
        lines.append((row["title"], f"{counts.get('tries', 0):,}", *figures, target, verdict))
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    for line in lines:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        yield "  ".join(cells).rstrip()
