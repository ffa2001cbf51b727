"""What the built program is called and where its pieces lie: said once, for every installer.

The names on the desktop say nothing about a shelter. The version lives in shelter_app/__init__.py.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
BUILD: Final = ROOT / "build"
DIST: Final = ROOT / "dist"
PACKAGING: Final = ROOT / "packaging"

TITLE: Final = "Daily Register"
"""What people see on the desktop and in menus."""
NAME: Final = "daily-register"
"""The program's file, its folder and the Debian package."""
DESKTOP_ID: Final = "org.daily_register.Register"
DATA_NOTE: Final = "~/.local/share/Register"

LINUX: Final = DIST / "linux" / NAME
WINDOWS: Final = DIST / "windows" / NAME
DEB_PLACE: Final = f"usr/lib/{NAME}"
"""Where the .deb puts the one folder; the .run puts it into ~/.local/lib."""
KEYS_IN_PROGRAM: Final = Path("_internal", "resources", "update_keys.toml")
"""Whose updates a built program believes."""

MOST_UNPACKED: Final = {"linux": 215, "windows": 160}
MOST_PACKED: Final = {"linux": 70, "windows": 50}
"""Megabytes the program, and its .deb or setup.exe, may have: an old PC and a small stick."""

_LONG_AGO: Final = "1767225600"


def version() -> str:
    """Return the version of the program, from the one place that knows it."""
    text = (ROOT / "shelter_app" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    if found is None:
        raise SystemExit("shelter_app/__init__.py names no version")
    return found[1]


def last_change() -> str:
    """Return the time of the last commit, so that two builds of it are alike."""
    git = shutil.which("git")
    if git is None:
        return _LONG_AGO
    told = subprocess.run(
        [git, "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or _LONG_AGO


def fixed_surroundings() -> dict[str, str]:
    """Return the environment in which two builds of one commit come out alike."""
    return os.environ | {
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or last_change(),
        "PYTHONHASHSEED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
    }


def cache() -> Path:
    """Return the folder for what is fetched once and used by many builds."""
    base = Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")))
    folder = base / "makao-release"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def files_under(folder: Path) -> list[Path]:
    """Return the real files below a folder, in a fixed order."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def megabytes(path: Path) -> float:
    """Return the size of a file, or of everything below a folder."""
    files = [path] if path.is_file() else files_under(path)
    return sum(file.stat().st_size for file in files) / 1e6
