"""What only a fresh process can show: the first window, the first page, memory and stalls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from tests.bench.figures import MOST, Figure
from tests.bench.houses import ROOT, SOCIAL_WORKER

_LONGEST: Final = 300


def _child(name: str, *arguments: str) -> str:
    """Run one of the child programs off screen, away from real settings; return what it said."""
    with tempfile.TemporaryDirectory(prefix="makao-bench-") as home:
        folders = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        places = dict.fromkeys(folders, home)
        ran = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{name}", *arguments],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **places},
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
    if ran.returncode:
        print(f"  {name} failed: {ran.stderr.strip()[-600:]}", flush=True)
        return ""
    return ran.stdout.strip().splitlines()[-1]


def child_json(name: str, *arguments: str) -> dict[str, Any]:
    """Run a child and return what it told, empty when it failed or was stuck."""
    said = _child(name, *arguments)
    told: dict[str, Any] = json.loads(said) if said else {}
    if told.get("stuck"):
        print(f"  {name} was stuck at: {told['stuck']}", flush=True)
        return {}
    return told


def first_window(folder: Path, times: int) -> Figure:
    """Return process start to painted sign-in window beside a bare window, in turns."""
    own: list[float] = []
    bare: list[float] = []
    for run in range(times + 1):
        for name, taken in (("child_bare", bare), ("child_sign_in", own)):
            began = perf_counter()
            said = _child(name, str(folder))
            if said and run:
                taken.append((float(said) - began) * 1000)
    target = 2.0 * sorted(bare)[len(bare) // 2] if bare else None
    name = "start to painted sign-in window (2 x bare)"
    return Figure(0, name, tuple(own), target, raw=tuple(bare))


def unlock(folder: Path, people: int, times: int) -> list[Figure]:
    """Return Unlock to painted Today without the key derivation, each in a fresh process.

    The checks beside it are the whole of signing in with nothing read ahead, less the key too.
    """
    taken: list[float] = []
    checks: list[float] = []
    for _ in range(times):
        said = _child("child_unlock", str(folder), SOCIAL_WORKER)
        if said:
            one = json.loads(said)
            taken.append(one["unlock"] - one["derivation"])
            checks.append(one["sign_in"] - one["its_derivation"])
    return [
        Figure(people, "Unlock to painted Today, less key derivation", tuple(taken), 400),
        Figure(people, "checks at start, nothing read ahead, less key", tuple(checks), 300),
    ]


def journey(folder: Path, people: int) -> tuple[list[Figure], str]:
    """Return memory and the longest stall of a walk through all pages, and the stalls by step."""
    said = _child("child_journey", str(folder), SOCIAL_WORKER)
    if not said:
        return [], ""
    told: dict[str, Any] = json.loads(said)
    if told["stuck"]:
        print(f"  the walk was stuck at: {told['stuck']}", flush=True)
    gaps = {step: (gap, own) for step, (gap, own) in told["gaps"].items()}
    memory = tuple(told["rss"].values())
    away = tuple(gap for gap, _own in gaps.values())
    own_work = tuple(own for _gap, own in gaps.values())
    figures = [
        Figure(people, "memory, most of the walk", memory, 300, MOST, unit="MB"),
        Figure(people, "window away, longest in each step", away, 100, MOST),
        Figure(people, "  of it the window's own work", own_work, 100, MOST),
    ]
    worst = sorted(gaps.items(), key=lambda item: -item[1][0])[:12]
    lines = [
        f"  {step:<28} {gap:6.0f} ms   of it at work {own:5.0f} ms" for step, (gap, own) in worst
    ]
    return figures, "\n".join(lines)
