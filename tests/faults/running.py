"""Running blocks on both cores and writing down at once what each came to."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.faults import mounts, tracing
from tests.faults.cases import Block, Case
from tests.faults.table import CASES, Row

_MEMORY: Final = Path("/dev/shm")
_ROOM: Final = 1 << 30


@dataclass(frozen=True)
class Wish:
    """How to run: briefly or in full, from the start or on, on how many cores, noted where."""

    out: Path
    say: Callable[[str], None]
    quick: bool = False
    resume: bool = False
    jobs: int = 2


def run_block(case: str, number: int, size: int, where: str) -> dict[str, Any]:
    """Run one block in a folder of its own; this is what the worker processes do."""
    found = next(known for known in CASES if known.name == case)
    folder = Path(where) / f"{case}-{number}"
    folder.mkdir(parents=True)
    started = time.perf_counter()
    try:
        outcome = found.run(Block(case, number, size, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0,
        "case": case,
        "number": number,
        "size": size,
        "counts": dict(outcome.counts),
        "examples": outcome.examples,
        "seconds": round(time.perf_counter() - started, 2),
    }


def blocks_of(case: Case, *, quick: bool) -> Iterator[tuple[int, int]]:
    """Yield the blocks of a case as (number, size)."""
    left = case.size(quick=quick)
    block = max(1, min(case.block, left // 8)) if quick else case.block
    number = 0
    while left > 0:
        yield number, min(block, left)
        left -= block
        number += 1


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder in memory where there is room, for a disk would only be slower."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    with tempfile.TemporaryDirectory(
        prefix="makao-faults-", dir=_MEMORY if roomy else None, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


@contextmanager
def pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Give workers with the shim in front of their C library and mounts of their own."""
    spawned = multiprocessing.get_context("spawn")
    with (
        tracing.in_front(),
        ProcessPoolExecutor(jobs, mp_context=spawned, initializer=mounts.withdraw) as workers,
    ):
        yield workers


def known_results(path: Path, *, resume: bool) -> list[dict[str, Any]]:
    """Return what an unfinished run wrote down, or begin a new list."""
    if not resume:
        path.unlink(missing_ok=True)
        return []
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def noted(cases: Sequence[Case], asked: Wish) -> tuple[dict[str, Row], set[tuple[str, int, int]]]:
    """Return a row per case with what was written down so far, and which blocks that was."""
    rows = {case.name: Row(case) for case in cases}
    done = set()
    for result in known_results(_notebook(asked), resume=asked.resume):
        block = (result["case"], result["number"], result["size"])
        if result["case"] in rows and block not in done:
            done.add(block)
            rows[result["case"]].take(result)
    return rows, done


def _notebook(asked: Wish) -> Path:
    return asked.out / ("quick.jsonl" if asked.quick else "full.jsonl")


def so_far(cases: Sequence[Case], asked: Wish) -> list[dict[str, Any]]:
    """Return a row per case without running anything, also while it runs."""
    rows, _done = noted(cases, asked)
    return [rows[case.name].told(case.size(quick=asked.quick)) for case in cases]


def run(cases: Sequence[Case], asked: Wish) -> list[dict[str, Any]]:
    """Run all blocks that are not done yet and return a row per case."""
    asked.out.mkdir(parents=True, exist_ok=True)
    rows, done = noted(cases, asked)
    kept = _notebook(asked)
    with scratch() as folder, kept.open("a", encoding="utf-8") as notebook:
        for case in cases:
            wanted = [
                (number, size)
                for number, size in blocks_of(case, quick=asked.quick)
                if (case.name, number, size) not in done
            ]
            if wanted:
                with pool(asked.jobs) as workers:
                    todo = [
                        workers.submit(run_block, case.name, number, size, str(folder))
                        for number, size in wanted
                    ]
                    _collect(todo, rows[case.name], notebook, asked.say)
    return [rows[case.name].told(case.size(quick=asked.quick)) for case in cases]


def commit_here() -> str:
    """Return the commit of this folder, with a plus when something was changed since."""
    asked = ["git", "describe", "--always", "--abbrev=9", "--exclude=*", "--dirty=+"]
    with suppress(OSError):
        said = subprocess.run(asked, cwd=tracing.ROOT, check=False, capture_output=True, text=True)
        return said.stdout.strip()
    return ""


def _collect(
    todo: list[Future[dict[str, Any]]], row: Row, notebook: Any, say: Callable[[str], None]
) -> None:
    name, commit = row.case.name, commit_here()
    for future in as_completed(todo):
        try:
            result = future.result()
        except Exception as error:  # noqa: BLE001 - a block that fell over is a failed figure
            row.take({"counts": {"unhandled": 1}, "examples": [repr(error)[:400]], "seconds": 0.0})
            say(f"{name}: a block fell over: {error!r}"[:600])
            continue
        result["commit"] = commit
        row.take(result)
        notebook.write(json.dumps(result) + "\n")
        notebook.flush()
        for example in result["examples"] if not row.case.must_fail else ():
            say(f"{name} block {result['number']}: {example}")
    say(f"{name}: {row.counts['tries']:,} tries, {row.seconds:.0f} s of work")
