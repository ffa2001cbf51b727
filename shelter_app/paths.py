"""Where data, settings, logs and resources live, in a checkout and in a built program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NEUTRAL_FOLDER = "Register"
SETTINGS = "settings.toml"
_PORTABLE_MARK = "portable.txt"
"""Beside the built program: everything it writes then stays beside it, on the stick."""


def _root() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped resource."""
    return _root().joinpath("resources", *parts)


def for_technicians(name: str) -> Path:
    """Return the path of something shipped for a technician: it runs without this program."""
    return _root().joinpath("docs", "technician", name)


def private_folder(path: Path) -> Path:
    """Make a folder that only this account can read and return it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def portable_folder() -> Path | None:
    """Return the folder that holds everything when program and records travel on one stick."""
    if not getattr(sys, "frozen", False):
        return None
    program = Path(sys.executable).resolve().parent
    return program.parent / _NEUTRAL_FOLDER if (program / _PORTABLE_MARK).exists() else None


def stay_on_stick() -> None:
    """Keep temporary and cached files off a computer that only lends its screen."""
    folder = portable_folder()
    if folder is None:
        return
    scratch = str(private_folder(folder / "scratch"))
    for name in ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        os.environ[name] = scratch


def data_folder() -> Path:
    """Return the default place for vaults; the folder's name says nothing about the house."""
    stick = portable_folder()
    if stick is not None:
        return stick
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local")))
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share")))
    return base / _NEUTRAL_FOLDER


def settings_file() -> Path:
    """Return the file of machine-local, non-sensitive choices."""
    if sys.platform == "win32" or portable_folder() is not None:
        return data_folder() / SETTINGS
    base = Path(os.environ.get("XDG_CONFIG_HOME", str(Path.home() / ".config")))
    return base / _NEUTRAL_FOLDER / SETTINGS


def log_folder() -> Path:
    """Return the folder of the log, which holds codes and ids only."""
    return data_folder() / "log"
