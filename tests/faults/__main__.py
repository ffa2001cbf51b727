"""Run the faults and print the table: `./dev faults [--quick] [--only a,b] [--resume|--so-far]`.

What every block came to is written down at once, so `--resume` goes on with a run that was stopped,
and `--so-far` prints the table of one that is under way. The exit code is 1 when any figure misses
its target.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Final

from tests.faults import tracing
from tests.faults.running import Wish, run, so_far
from tests.faults.table import CASES, as_page, facts_of_run, printed

_WHERE: Final = tracing.ROOT / "build" / "faults"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def parsed(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="./dev faults", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--quick", action="store_true", help="about one hundredth of each case")
    parser.add_argument("--only", default="", metavar="CASES", help="names, with commas between")
    parser.add_argument("--resume", action="store_true", help="go on with the run that was stopped")
    parser.add_argument("--so-far", action="store_true", help="print what has run; run nothing")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--out", type=Path, default=_WHERE, help="folder of the report")
    parser.add_argument("--list", action="store_true", help="name the cases and leave")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run what was asked for; 1 when a figure misses its target."""
    asked = parsed(arguments)
    names = [name for name in asked.only.split(",") if name]
    cases = [case for case in CASES if not names or case.name in names]
    if asked.list or not cases:
        _say("\n".join(f"{case.name:<18} {case.total:>9,}  {case.title}" for case in CASES))
        return 0 if asked.list else 2
    started = time.perf_counter()
    wish = Wish(asked.out, _say, asked.quick, asked.resume or asked.so_far, asked.jobs)
    rows = so_far(cases, wish) if asked.so_far else run(cases, wish)
    facts = facts_of_run()
    report = {"quick": asked.quick, "facts": facts, "cases": rows}
    (asked.out / "report.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    (asked.out / "report.md").write_text("\n".join(as_page(rows, facts)) + "\n", "utf-8")
    _say("")
    for line in printed(rows):
        _say(line)
    failed = [row["case"] for row in rows if not row["passed"]]
    took = f"{time.perf_counter() - started:.0f} s"
    _say(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'PASSED'} ({took})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
