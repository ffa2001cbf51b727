"""Make the one-folder program and let it check itself where no Python can be found.

Usage: make.py [linux]. The Windows build and the installers are a later piece of work: they need
the route through a Windows Python that stands in no file of this project yet.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
PROGRAM = DIST / "makao"


def main(arguments: list[str]) -> int:
    """Build for this system, check the result, say how large it is."""
    wanted = arguments[0] if arguments else "linux"
    if wanted != "linux" or not sys.platform.startswith("linux"):
        print("Only the Linux program is built here so far.", file=sys.stderr)
        return 2
    started = time.monotonic()
    fixed = {"SOURCE_DATE_EPOCH": _last_change(), "PYTHONHASHSEED": "1", "TZ": "UTC"}
    subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "catalogue.py"), "compile"], check=True
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "PyInstaller",
            "--noconfirm",
            "--log-level=WARN",
            f"--distpath={DIST}",
            f"--workpath={ROOT / 'build' / 'pyinstaller'}",
            str(ROOT / "packaging" / "makao.spec"),
        ],
        check=True,
        cwd=ROOT,
        env=os.environ | fixed | {"LC_ALL": "C.UTF-8"},
    )
    print(f"built {PROGRAM.relative_to(ROOT)} in {time.monotonic() - started:.0f} s")
    _say_sizes()
    return _check_itself()


def _last_change() -> str:
    """Return the time of the last commit, so that two builds of it are alike."""
    git = shutil.which("git")
    if git is None:
        return "1767225600"
    told = subprocess.run(
        [git, "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "1767225600"


def _say_sizes() -> None:
    files = [path for path in PROGRAM.rglob("*") if path.is_file() and not path.is_symlink()]
    total = sum(path.stat().st_size for path in files)
    print(f"{total / 1e6:.0f} MB in {len(files)} files; the largest:")
    for path in sorted(files, key=lambda path: path.stat().st_size, reverse=True)[:8]:
        print(f"  {path.stat().st_size / 1e6:6.1f} MB  {path.relative_to(PROGRAM)}")


def _check_itself() -> int:
    """Run the built program's self-check with an empty PATH and a home of its own."""
    with tempfile.TemporaryDirectory(prefix="self-check-") as home:
        lean = {
            "HOME": home,
            "XDG_RUNTIME_DIR": home,
            "PATH": "",
            "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
        }
        checked = subprocess.run(
            [str(PROGRAM / "makao"), "--self-check"], env=lean, cwd=home, check=False, timeout=300
        )
    print("self-check passed" if checked.returncode == 0 else "self-check FAILED")
    return checked.returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
