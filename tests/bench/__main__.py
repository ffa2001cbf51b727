"""Measure, print one table, and end well whatever the figures are: they are for reading."""

from __future__ import annotations

import argparse
import os
import sys
from time import perf_counter

from tests.bench import backup, houses, questions, starts
from tests.bench.figures import Figure, growth, table

_SIZES = (300, 10_000, 100_000)
_QUICK = (300,)
_TIMES = 60
_QUICK_TIMES = 15


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", metavar="N", help="sizes of the houses")
    parser.add_argument("--quick", action="store_true", help="one small house, few repetitions")
    parser.add_argument("--backup", action="store_true", help="backup and new keys while typing")
    return parser.parse_args()


def main() -> int:
    """Measure everything and print it."""
    asked = parsed()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if asked.backup:
        return backup.measure()
    sizes = asked.people or (_QUICK if asked.quick else _SIZES)
    times = _QUICK_TIMES if asked.quick else _TIMES
    began = perf_counter()
    figures: list[Figure] = []
    stalls: list[str] = []
    for place, people in enumerate(sizes):
        folder = houses.house_of(people)
        if place == 0:
            print("starting fresh processes ...", flush=True)
            figures.append(starts.first_window(folder, 3 if asked.quick else 7))
        print(f"measuring {people:,} people ...", flush=True)
        figures += starts.unlock(folder, people, 3 if asked.quick else 5)
        figures += questions.figures(folder, people, times)
        walked, by_step = starts.journey(folder, people)
        figures += walked
        stalls.append(f"window thread away, by step, {people:,} people:\n{by_step}")
    _tell(figures, stalls, sizes)
    print(f"\nmeasured in {perf_counter() - began:.0f} s, load {os.getloadavg()[0]:.1f}")
    return 0


def _tell(figures: list[Figure], stalls: list[str], sizes: tuple[int, ...] | list[int]) -> None:
    print(f"\n{table(figures)}")
    if {10_000, 100_000} <= set(sizes):
        print("\n100,000 people beside 10,000 (at most 2 for one person or one day):")
        print(growth(figures, 10_000, 100_000, 2.0))
    for part in stalls:
        print(f"\n{part}")
    print(
        "\nbare: for the first window, a bare PySide6 window; for pages, the least plain SQL on the"
        "\nsame open files. In the larger houses all but 300 people left years ago and nothing of"
        "\ntheirs is due: the house is as busy as a house can be, and its archive is what grows."
        "\nUnlock is pressed four seconds after the first window stands, as by somebody who types a"
        "\nname and a phrase; the checks beside it read every sealed file anew."
    )


if __name__ == "__main__":
    sys.exit(main())
