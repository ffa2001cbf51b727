"""The page for a technician: how a backup is opened when this program is no more.

It says nothing of the house and opens nothing by itself: a sheet or a manager's password does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from shelter_app import paths
from shelter_app.i18n import _
from shelter_app.services import folders
from shelter_app.services.rendering import plain_paper
from shelter_app.services.rendering.plain_paper import Line, Paper, Section
from shelter_app.services.work import Work
from shelter_app.storage.safe_files import write_whole

SCRIPT: Final = "open_backup.py"
_PAGE: Final = "open-a-backup.pdf"


def save(_work: Work, folder: Path) -> Path:
    """Write the page and the short program it speaks of into a folder; returns the page."""
    folders.require(folder)
    path = folder / _PAGE
    write_whole(path, plain_paper.pdf(_paper()))
    write_whole(folder / SCRIPT, paths.for_technicians(SCRIPT).read_bytes())
    return path


def _paper() -> Paper:
    return Paper(
        title=_("Opening a backup without the program"),
        letterhead=(),
        facts=(),
        sections=(
            Section(
                _("What this is for"),
                (
                    Line(
                        _(
                            "If the program can no longer be had, somebody who knows computers "
                            "opens a backup with this page. Everything used is public: the age "
                            "format, tar and SQLCipher."
                        )
                    ),
                    Line(
                        _(
                            "Stay beside the technician. Type the digits of the sheet yourself. "
                            "What comes out is not locked any more: take the computer off the "
                            "internet before the digits are typed, and wipe the folder afterwards."
                        )
                    ),
                ),
            ),
            Section(
                _("What is needed"),
                (
                    Line(_("The stick, with its folder office-backups")),
                    Line(_("Recovery sheet R (sheet C for counselling), or a manager's password")),
                    Line(_("Python 3.11 or newer with the packages cryptography and pyrage")),
                    Line(_("The file open_backup.py, saved together with this page")),
                    Line(_("Any tool for SQLCipher 4 databases")),
                ),
            ),
            Section(
                _("Steps"),
                (
                    Line("python -m pip install cryptography pyrage", "1"),
                    Line("python open_backup.py STICK/office-backups/office-… NEW_FOLDER", "2"),
                    Line(
                        _(
                            "It asks for the digits, writes the databases and the documents into "
                            "the new folder, and prints the key of each database."
                        ),
                        "3",
                    ),
                    Line(
                        _("Open each database in the tool with the line that was printed for it:"),
                        "4",
                    ),
                    Line("PRAGMA key = \"x'…'\";"),
                ),
            ),
        ),
        footer=_("No name and no secret is on this page. Keep it with the sheets."),
    )
