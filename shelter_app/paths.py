"""Where data, settings, logs and resources live, in a checkout and in a built program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NEUTRAL_FOLDER = "Register"


def _root() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped resource."""
    return _root().joinpath("resources", *parts)


def private_folder(path: Path) -> Path:
    """Make a folder that only this account can read and return it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def data_folder() -> Path:
    """Return the default place for vaults; the folder's name says nothing about the house."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local")))
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share")))
    return base / _NEUTRAL_FOLDER


def settings_file() -> Path:
    """Return the file of machine-local, non-sensitive choices."""
    if sys.platform == "win32":
        return data_folder() / "settings.toml"
    base = Path(os.environ.get("XDG_CONFIG_HOME", str(Path.home() / ".config")))
    return base / _NEUTRAL_FOLDER / "settings.toml"


def log_folder() -> Path:
    """Return the folder of the log, which holds codes and ids only."""
    return data_folder() / "log"
