"""A measured figure and the table of them: medians, the slow ones, and how far from a bare read."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Final, TypeVar

T = TypeVar("T")

MEDIAN: Final = "median"
P95: Final = "p95"
MOST: Final = "most"


@dataclass(frozen=True)
class Figure:
    """One line of the table; `target` is compared with what `judged` names."""

    people: int
    name: str
    values: tuple[float, ...]
    target: float | None = None
    judged: str = MEDIAN
    raw: tuple[float, ...] = ()
    unit: str = "ms"
    note: str = ""

    def measured(self, which: str = "") -> float:
        """Return the median, the 95th percentile or the greatest value."""
        return summary(self.values, which or self.judged)

    def verdict(self) -> str:
        """Say whether the target holds; '' where nothing was promised."""
        if self.target is None:
            return ""
        return "ok" if self.measured() <= self.target else "OVER"


def summary(values: Sequence[float], which: str) -> float:
    """Return the median, the 95th percentile or the greatest of some values."""
    if not values:
        return float("nan")
    if which == MEDIAN:
        return median(values)
    ordered = sorted(values)
    return ordered[-1] if which == MOST else ordered[min(int(len(ordered) * 0.95), len(values) - 1)]


def timed(cases: Iterable[T], act: Callable[[T], object]) -> tuple[float, ...]:
    """Return the milliseconds an act takes for each case; the collector waits outside."""
    taken = []
    for case in cases:
        gc.collect(0)
        gc.disable()
        began = perf_counter()
        act(case)
        taken.append((perf_counter() - began) * 1000)
        gc.enable()
    return tuple(taken)


def side_by_side(
    cases: Sequence[T], act: Callable[[T], object], bare: Callable[[T], object]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Time the program and the bare read in turns, so that a busy machine is unfair to neither.

    A first pass over some cases warms both: nobody measures the first page after sign-in here.
    """
    for case in cases[:5]:
        act(case)
        bare(case)
    own: list[float] = []
    raw: list[float] = []
    for case in cases:
        raw += timed([case], bare)
        own += timed([case], act)
    return tuple(own), tuple(raw)


_HEAD: Final = ("people", "what", "n", "median", "p95", "most", "target", "", "bare", "x bare")
_LEFT: Final = (1, 7)


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table in plain text."""
    rows = [_HEAD, *(_row(figure) for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if place in _LEFT else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, ...]:
    bare = summary(figure.raw, MEDIAN) if figure.raw else 0.0
    own = figure.measured(MEDIAN)
    target = "" if figure.target is None else f"{_said(figure.target)} {figure.unit}"
    if target and figure.judged != MEDIAN:
        target = f"{figure.judged} {target}"
    return (
        f"{figure.people:,}" if figure.people else "",
        f"{figure.name}{f' ({figure.note})' if figure.note else ''}",
        str(len(figure.values)),
        f"{_said(own)} {figure.unit}",
        *(_said(figure.measured(which)) if len(figure.values) > 1 else "" for which in (P95, MOST)),
        target,
        figure.verdict(),
        f"{_said(bare)} ms" if figure.raw else "",
        f"{own / bare:.1f}" if bare else "",
    )


def _said(value: float) -> str:
    return f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"


def growth(figures: Iterable[Figure], small: int, large: int, at_most: float) -> str:
    """Return how much more each figure costs in the larger house."""
    by_size = {(figure.people, figure.name): figure for figure in figures}
    lines = []
    for (people, name), figure in by_size.items():
        bigger = by_size.get((large, name))
        if people == small and bigger is not None:
            ratio = bigger.measured(MEDIAN) / max(figure.measured(MEDIAN), 0.001)
            word = "ok" if ratio <= at_most else "OVER"
            lines.append(f"  {name:<44} x {ratio:4.1f}  {word}")
    return "\n".join(lines)
