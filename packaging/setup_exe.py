"""Pack the Windows program into setup.exe, and write the facts Windows shows about the program."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path
from typing import Final

import layout
from layout import BUILD, NAME, PACKAGING, TITLE, WINDOWS

_SWAHILI_OF_KENYA: Final = "1089"
_ENGLISH: Final = Path(
    os.environ.get("NSIS_ENGLISH", "/usr/share/nsis/Contrib/Language files/English.nlf")
)
_FACTS: Final = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004,
                    fileType=1, subtype=0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('FileDescription', '{title}'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('ProductName', '{title}'),
      StringStruct('ProductVersion', '{version}'),
      StringStruct('OriginalFilename', '{name}.exe'),
      StringStruct('LegalCopyright', 'GPL-3.0-or-later')])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])])
  ]
)
"""


def place() -> Path:
    """Return where the installer is put."""
    return WINDOWS.parent / f"{NAME}-{layout.version()}-setup.exe"


def write_version_facts(path: Path) -> None:
    """Write what the file's properties in Windows say."""
    numbers = (*map(int, layout.version().split(".")), 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = _FACTS.format(numbers=numbers, title=TITLE, version=layout.version(), name=NAME)
    path.write_text(facts, "utf-8")


def make(
    *, quick: bool, folder: Path = WINDOWS, version: str = "", target: Path | None = None
) -> None:
    """Run the installer's compiler; another folder, version and target make one to try out."""
    languages = write_languages()
    said = subprocess.run(
        [
            "makensis",
            "-V2",
            "-INPUTCHARSET",
            "UTF8",
            "-DSTUB64",
            *(["-DQUICK"] if quick else []),
            f"-DSRC={folder}",
            f"-DICONS={BUILD / 'icons'}",
            f"-DLANGUAGES={languages}",
            f"-DVERSION={version or layout.version()}",
            f"-DOUT={target or place()}",
            str(PACKAGING / "windows" / "setup.nsi"),
        ],
        env=layout.fixed_surroundings(),
        check=False,
        capture_output=True,
        text=True,
    )
    print(said.stdout[-2000:], end="")
    if said.returncode:
        raise SystemExit(f"makensis failed:\n{said.stdout[-3000:]}{said.stderr[-2000:]}")


def write_languages() -> Path:
    """Write the words of the pages in Kiswahili and return their folder."""
    languages = BUILD / "nsis"
    languages.mkdir(parents=True, exist_ok=True)
    (languages / "Swahili.nlf").write_text(swahili(), "utf-8-sig")
    pages = (PACKAGING / "windows" / "Swahili.nsh").read_text("utf-8")
    (languages / "Swahili.nsh").write_text(pages, "utf-8-sig")
    return languages


def swahili() -> str:
    """Return the installer's short words in Kiswahili, English where one is missing."""
    words = tomllib.loads((PACKAGING / "windows" / "swahili.toml").read_text("utf-8"))
    lines = _ENGLISH.read_text("utf-8-sig").splitlines()
    for number, line in enumerate(lines):
        if line == "# Language ID":
            lines[number + 1] = _SWAHILI_OF_KENYA
        elif line.startswith("# ^") and line[3:] in words:
            lines[number + 1] = words[line[3:]]
    return "\n".join(lines) + "\n"
