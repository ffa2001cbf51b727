"""What a Linux desktop needs to know of the program: menu entry, pictures, description, manual."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import layout
from layout import BUILD, DATA_NOTE, DESKTOP_ID, NAME, PACKAGING, ROOT, TITLE

_SIZES: Final = (16, 24, 32, 48, 64, 128, 256)
_UPSTREAM: Final = "The Daily Register authors <daily-register@localhost>"


def entry(command: str, title: str = TITLE, icon: str = DESKTOP_ID) -> str:
    """Return the menu entry."""
    return f"""[Desktop Entry]
Type=Application
Name={title}
GenericName=Register
GenericName[sw]=Daftari
Comment=Keeps the office register on this computer
Comment[sw]=Hutunza daftari la ofisi kwenye kompyuta hii
Exec={command}
Icon={icon}
Terminal=false
Categories=Office;Database;
Keywords=register;diary;daftari;
StartupWMClass={NAME}
StartupNotify=true
"""


def metainfo() -> str:
    """Return the description software centres show."""
    day = datetime.fromtimestamp(int(layout.last_change()), UTC).strftime("%Y-%m-%d")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>{DESKTOP_ID}</id>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>GPL-3.0-or-later</project_license>
  <name>{TITLE}</name>
  <name xml:lang="sw">Daftari la Kila Siku</name>
  <summary>Keeps an office register on one computer</summary>
  <summary xml:lang="sw">Hutunza daftari la ofisi kwenye kompyuta moja</summary>
  <description>
    <p>A register for an office that works without internet. Everything is kept locked on this
    computer and opens only with a pass phrase.</p>
    <p xml:lang="sw">Daftari la ofisi linalofanya kazi bila intaneti. Kila kitu hufungwa kwenye
    kompyuta hii na hufunguliwa kwa nenosiri tu.</p>
  </description>
  <developer_name>The Daily Register authors</developer_name>
  <categories><category>Office</category><category>Database</category></categories>
  <launchable type="desktop-id">{DESKTOP_ID}.desktop</launchable>
  <icon type="stock">{DESKTOP_ID}</icon>
  <content_rating type="oars-1.1"/>
  <supports><control>keyboard</control><control>pointing</control></supports>
  <requires><display_length compare="ge">1024</display_length></requires>
  <releases><release version="{layout.version()}" date="{day}"/></releases>
  <provides><binary>{NAME}</binary></provides>
</component>
"""


def manual() -> str:
    """Return the manual page."""
    day = datetime.fromtimestamp(int(layout.last_change()), UTC).strftime("%Y-%m-%d")
    plain = NAME.replace("-", "\\-")
    return f""".TH DAILY\\-REGISTER 1 "{day}" "{layout.version()}" "User commands"
.SH NAME
{plain} \\- keeps an office register on one computer
.SH SYNOPSIS
.B {plain}
[\\fB\\-\\-data\\fR \\fIFOLDER\\fR] [\\fB\\-\\-demo\\fR] [\\fB\\-\\-reader\\fR \\fIFOLDER\\fR]
.br
.B {plain}
\\fB\\-\\-self\\-check\\fR | \\fB\\-\\-version\\fR
.SH DESCRIPTION
Opens the register. It works without a network and keeps everything locked with a pass phrase.
.SH OPTIONS
.TP
\\fB\\-\\-data\\fR \\fIFOLDER\\fR
Use the records in this folder.
.TP
.B \\-\\-demo
Open an invented register to practise with.
.TP
\\fB\\-\\-reader\\fR \\fIFOLDER\\fR
Read a complete export that lies in this folder.
.TP
.B \\-\\-self\\-check
Try every part of the program without a window; the exit code is 0 when all is well.
.TP
.B \\-\\-version
Say the version.
.SH FILES
.TP
.I {DATA_NOTE}
The locked records. Removing the program never touches them.
.TP
.I ~/.config/Register/settings.toml
Language, text size and other choices; nothing about people.
"""


def copyright_text() -> str:
    """Return who made it and under which licences, as Debian wants it told."""
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: {TITLE}
Comment: The licences of everything inside are in /{layout.DEB_PLACE}/licences
 and listed in /{layout.DEB_PLACE}/sbom.cdx.json.

Files: *
Copyright: 2026 the Daily Register authors
License: GPL-3.0-or-later
 This program is free software: you can redistribute it and/or modify it under the terms of the
 GNU General Public License as published by the Free Software Foundation, either version 3 of
 the License, or (at your option) any later version.
 .
 On Debian systems the whole text is in /usr/share/common-licenses/GPL-3.

Files: {layout.DEB_PLACE}/_internal/PySide6/*
Copyright: The Qt Company and others
License: LGPL-3.0-only
 On Debian systems the whole text is in /usr/share/common-licenses/LGPL-3. The libraries lie as
 separate files and may be replaced by other builds of the same version.
"""


def changelog() -> str:
    """Return the changelog in Debian's form."""
    moment = datetime.fromtimestamp(int(layout.last_change()), UTC)
    stamp = moment.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"{NAME} ({layout.version()}) unstable; urgency=medium\n\n"
        f"  * Release {layout.version()}; see CHANGELOG.md of the source.\n\n"
        f" -- {_UPSTREAM}  {stamp}\n"
    )


def write_pictures(share: Path) -> None:
    """Put the usual picture into the theme that every desktop reads."""
    for size in _SIZES:
        place = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(BUILD / "icons" / f"register-{size}.png", place / f"{DESKTOP_ID}.png")
    place = share / "icons" / "hicolor" / "scalable" / "apps"
    place.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "resources" / "icons" / "register.svg", place / f"{DESKTOP_ID}.svg")


def packed(text: str) -> bytes:
    """Return a text as gzip without name and time, so that it is the same every time."""
    return gzip.compress(text.encode(), 9, mtime=0)


def write_share(root: Path) -> None:
    """Write everything that lies under usr/share in the package."""
    share = root / "usr" / "share"
    files = {
        f"applications/{DESKTOP_ID}.desktop": entry(NAME).encode(),
        f"metainfo/{DESKTOP_ID}.metainfo.xml": metainfo().encode(),
        f"man/man1/{NAME}.1.gz": packed(manual()),
        f"doc/{NAME}/copyright": copyright_text().encode(),
        f"doc/{NAME}/changelog.gz": packed(changelog()),
        f"lintian/overrides/{NAME}": (PACKAGING / "linux" / "lintian-overrides").read_bytes(),
    }
    for name, content in files.items():
        path = share / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    write_pictures(share)


def run_quietly(*command: str) -> None:
    """Run a tool of the system and stop with its words when it fails."""
    ran = subprocess.run(
        command,
        env=layout.fixed_surroundings(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
