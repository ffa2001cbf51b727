"""Measure the built program: how soon its sign-in window is painted, how large everything is.

Beside it stands a bare window, frozen the same way: what Qt and Python cost without us. Cold means
that the files of the program were dropped from the system's cache before the start.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Final

import debian
import layout
import make
import per_user
import setup_exe
from layout import BUILD, LINUX, NAME, PACKAGING, ROOT, WINDOWS

BARE: Final = BUILD / "bare" / "bare"
_TIMES: Final = 9
_TARGET: Final = 2.5
_ADVICE: Final = os.POSIX_FADV_DONTNEED


def main() -> int:
    """Build what is missing, measure, print the table of the README."""
    if not (LINUX / NAME).exists() and make.main(["linux", "--folder"]):
        return 1
    _build_bare()
    with tempfile.TemporaryDirectory(prefix="frozen-") as scratch:
        home = Path(scratch)
        folder = _small_house(home)
        rows = [_row(kind, home, folder) for kind in ("cold", "warm")]
    print("| | program | bare window | ratio (at most 2.5) |")
    print("|---|---|---|---|")
    for row in rows:
        print(row)
    print("\n| | size | at most |")
    print("|---|---|---|")
    for row in _sizes():
        print(row)
    print(f"\nload while measuring: {os.getloadavg()[0]:.1f}; medians of {_TIMES} starts in turns")
    return 0


def _build_bare() -> None:
    if (BARE / "bare").exists():
        return
    subprocess.run(
        [
            sys.executable,
            "-m",
            "PyInstaller",
            "--noconfirm",
            "--log-level=ERROR",
            f"--distpath={BARE.parent}",
            f"--workpath={BUILD / 'pyinstaller-bare'}",
            str(PACKAGING / "makao.spec"),
        ],
        check=True,
        cwd=ROOT,
        env=layout.fixed_surroundings() | {"MAKAO_BARE": "1"},
    )


def _small_house(home: Path) -> Path:
    """Make an invented house, so that the program shows its sign-in window."""
    sys.path.insert(0, str(ROOT))
    from shelter_app.services import demo

    folder = home / "house"
    demo.ensure(folder, people=40)
    return folder


def _row(kind: str, home: Path, folder: Path) -> str:
    own: list[float] = []
    bare: list[float] = []
    for _ in range(_TIMES):
        for program, taken in ((LINUX / NAME, own), (BARE / "bare", bare)):
            if kind == "cold":
                _forget(program.parent)
            taken.append(_start(program, home, folder))
    mine, least = statistics.median(own), statistics.median(bare)
    verdict = "" if mine <= _TARGET * least else " **missed**"
    return (
        f"| {kind} start to painted sign-in | {mine:,.0f} ms | {least:,.0f} ms"
        f" | {mine / least:.2f}{verdict} |"
    )


def _start(program: Path, home: Path, folder: Path) -> float:
    """Return the milliseconds from before the start until the window is painted."""
    surroundings = {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "REGISTER_FIRST_PAINT": str(folder),
    }
    began = perf_counter()
    ran = subprocess.run(
        [str(program)],
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return (float(ran.stdout.split()[-1]) - began) * 1000


def _forget(folder: Path) -> None:
    """Drop the files below a folder from the cache; nobody else's files are touched."""
    for path in layout.files_under(folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(handle, 0, 0, _ADVICE)
        finally:
            os.close(handle)


def _sizes() -> list[str]:
    wanted = (
        ("Linux program, unpacked", LINUX, layout.MOST_UNPACKED["linux"]),
        (".deb", debian.place(), layout.MOST_PACKED["linux"]),
        (".run for one account", per_user.place(), None),
        ("Windows program, unpacked", WINDOWS, layout.MOST_UNPACKED["windows"]),
        ("setup.exe", setup_exe.place(), layout.MOST_PACKED["windows"]),
    )
    rows = []
    for called, path, most in wanted:
        size = f"{layout.megabytes(path):.0f} MB" if path.exists() else "not built here"
        rows.append(f"| {called} | {size} | {f'{most} MB' if most else ''} |")
    return rows


if __name__ == "__main__":
    os.chdir(ROOT)
    if shutil.which("git") is None:
        print("git is missing: the build takes a fixed day as its time", file=sys.stderr)
    sys.exit(main())
