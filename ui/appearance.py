"""The name and picture this installation was given: a glance says nothing about the house."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from shelter_app import paths

USUAL_TITLE: Final = "Register"
USUAL_PICTURE: Final = "register"
DESKTOP_FILE: Final = "org.daily_register.Register"
"""Under this name Linux desktops find the menu entry, and with it the picture of a window."""
FILE: Final = "appearance.txt"
"""Written by the installers beside the program: the name in its first line, then the picture."""
_LONGEST: Final = 40
_WIDE_MARK: Final = b"\xff\xfe"


@dataclass(frozen=True)
class Appearance:
    """What windows and the taskbar show."""

    title: str = USUAL_TITLE
    picture: str = USUAL_PICTURE

    def picture_file(self) -> Path:
        """Return the drawing of the picture."""
        return paths.resource("icons", f"{self.picture}.svg")


def read(folder: Path) -> Appearance:
    """Return what was chosen for the program in this folder; the usual where nothing was."""
    try:
        raw = (folder / FILE).read_bytes()[:400]
        text = raw.decode("utf-16" if raw.startswith(_WIDE_MARK) else "utf-8")
    except (OSError, UnicodeDecodeError):
        return Appearance()
    title, _newline, picture = text.strip().partition("\n")
    title, picture = title.strip(), picture.strip()
    if not (1 < len(title) <= _LONGEST and title.isprintable()):
        title = USUAL_TITLE
    if not (picture.isalnum() and paths.resource("icons", f"{picture}.svg").exists()):
        picture = USUAL_PICTURE
    return Appearance(title, picture)


def show_picture() -> None:
    """Give every window the chosen picture, after the first paint: drawing it takes a moment."""
    QApplication.setWindowIcon(QIcon(str(chosen().picture_file())))


def chosen() -> Appearance:
    """Return what was chosen at the installation of this program."""
    if getattr(sys, "frozen", False):
        return read(Path(sys.executable).parent)
    return Appearance()
