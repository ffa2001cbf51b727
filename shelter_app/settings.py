"""This computer's own choices: language, look, idle minutes, folder; never anything about people.

The file is read before anybody signs in, so a damaged or hand-edited one falls back value by value.
"""

from __future__ import annotations

import dataclasses
import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shelter_app import i18n, paths

THEMES: Final = ("system", "light", "dark")
TEXT_SIZES: Final = (100, 125, 150, 175, 200)
IDLE_MINUTES: Final = range(1, 16)


@dataclass(frozen=True)
class Settings:
    """The choices in force; `folder` '' means the usual place."""

    language: str = "en"
    theme: str = "system"
    text_size: int = 100
    idle_minutes: int = 5
    folder: str = ""

    @property
    def scale(self) -> float:
        """Return the text size as a factor."""
        return self.text_size / 100


def load(path: Path | None = None) -> Settings:
    """Return the choices kept on this computer; what cannot be read is as if never chosen."""
    try:
        raw = tomllib.loads((path or paths.settings_file()).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    return Settings(**{name: raw[name] for name in _CHECKS if _fits(name, raw)})


def save(settings: Settings, path: Path | None = None) -> None:
    """Keep the choices; a file that cannot be written only means choosing again next time."""
    target = path or paths.settings_file()
    lines = [f"{name} = {_toml(value)}\n" for name, value in dataclasses.asdict(settings).items()]
    fresh = target.with_suffix(".new")
    try:
        paths.private_folder(target.parent)
        with fresh.open("w", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())  # cut from power, an empty file would forget where the house is
        os.replace(fresh, target)  # noqa: PTH105 - the name says that it is one step
    except (OSError, UnicodeEncodeError):
        return


def _fits(name: str, raw: dict[str, Any]) -> bool:
    return name in raw and type(raw[name]) is _TYPES[name] and _CHECKS[name](raw[name])


def _toml(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


_TYPES: Final = {field.name: type(field.default) for field in dataclasses.fields(Settings)}
_CHECKS: Final[dict[str, Any]] = {
    "language": lambda value: value in dict(i18n.LANGUAGES),
    "theme": lambda value: value in THEMES,
    "text_size": lambda value: value in TEXT_SIZES,
    "idle_minutes": lambda value: value in IDLE_MINUTES,
    "folder": lambda value: "\0" not in value,
}
