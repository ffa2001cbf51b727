"""Speaking another language: our own words, and the words Qt says by itself.

Qt's dialog of folders and its menus in text fields ask a translator of Qt's own sort. It is filled
from our catalogue, as data that Qt reads without us: it asks from threads of its own too, where
calling Python could make the window that ends them wait for ever.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QCoreApplication, QTranslator

from shelter_app import i18n
from shelter_app.i18n import N_, _

_FILES: Final = {
    "&Choose": N_("Choose"),
    "&Delete": N_("Delete"),
    "&Look in:": N_("Look in:"),
    "&New Folder": N_("New folder"),
    "&Open": N_("Open file"),
    "&Rename": N_("Rename"),
    "&Save": N_("Save"),
    "All Files (*)": N_("All files (*)"),
    "Back": N_("Back"),
    "Change to detail view mode": N_("Show as a list with details"),
    "Change to list view mode": N_("Show as a plain list"),
    "Create New Folder": N_("New folder"),
    "Create a New Folder": N_("New folder"),
    "Detail View": N_("List with details"),
    "Directories": N_("Folders"),
    "Directory:": N_("Folder:"),
    "File &name:": N_("File name:"),
    "Files of &type:": N_("Files shown:"),
    "Files": N_("Files"),
    "Forward": N_("Forward"),
    "Go back": N_("Back"),
    "Go forward": N_("Forward"),
    "Go to the parent directory": N_("To the folder above"),
    "List View": N_("Plain list"),
    "List of places and bookmarks": N_("Places"),
    "Parent Directory": N_("Folder above"),
    "Show &hidden files": N_("Show hidden files"),
    "Sidebar": N_("Places"),
    "%1\nDirectory not found.\nPlease verify the correct directory name was given.": N_(
        "%1\nThis folder is not there. Please look at its name again."
    ),
    "%1\nFile not found.\nPlease verify the correct file name was given.": N_(
        "%1\nThis file is not there. Please look at its name again."
    ),
    "%1 already exists.\nDo you want to replace it?": N_(
        "%1 is there already.\nShall it be replaced?"
    ),
}
_FIELDS: Final = {
    "&Undo": N_("Undo"),
    "&Redo": N_("Redo"),
    "Cu&t": N_("Cut"),
    "&Copy": N_("Copy"),
    "&Paste": N_("Paste"),
    "Delete": N_("Delete"),
    "Select All": N_("Select all"),
}
_WORDS: Final = {
    "QFileDialog": _FILES,
    "QFileSystemModel": {
        "Computer": N_("Computer"),
        "Date Modified": N_("Changed on"),
        "Name": N_("Name"),
        "Size": N_("Size"),
        "Type": N_("Kind"),
    },
    "QAbstractFileIconProvider": {"Drive": N_("Drive"), "Folder": N_("Folder")},
    "QLineEdit": _FIELDS,
    "QWidgetTextControl": _FIELDS,
    "QPlatformTheme": {
        "&No": N_("No"),
        "&Yes": N_("Yes"),
        "Cancel": N_("Cancel"),
        "OK": N_("OK"),
        "Open": N_("Open file"),
        "Save": N_("Save"),
    },
}
"""What Qt says, by the class that says it, and our words for the same."""

_MAGIC: Final = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
_HASHES, _MESSAGES = 0x42, 0x69
_END, _TRANSLATION, _SOURCE, _CONTEXT = 1, 3, 6, 7


class _QtWords(QTranslator):
    """Qt's words in the language of the program; Qt reads the data it keeps."""

    data = b""


_spoken: list[_QtWords] = []


def speak(code: str) -> None:
    """Switch the language of everything asked for from now on, Qt's own words too."""
    i18n.set_language(code)
    application = QCoreApplication.instance()
    if application is None:
        return
    while _spoken:
        application.removeTranslator(_spoken.pop())
    if code == "en":
        return
    words = _QtWords()
    words.data = _as_qm(
        (context, source, _(ours))
        for context, known in _WORDS.items()
        for source, ours in known.items()
    )
    words.load(words.data)
    application.installTranslator(words)
    _spoken.append(words)


def _as_qm(words: Iterator[tuple[str, str, str]]) -> bytes:
    """Return translations as Qt's tool would write them: a table of hashes, then the messages."""
    places: list[tuple[int, int]] = []
    messages = b""
    for context, source, ours in words:
        places.append((_hash(source.encode()), len(messages)))
        for tag, data in (
            (_TRANSLATION, ours.encode("utf-16-be")),
            (_SOURCE, source.encode()),
            (_CONTEXT, context.encode()),
        ):
            messages += struct.pack(">BI", tag, len(data)) + data
        messages += bytes([_END])
    table = b"".join(struct.pack(">II", *place) for place in sorted(places))
    sections = ((_HASHES, table), (_MESSAGES, messages))
    return _MAGIC + b"".join(struct.pack(">BI", tag, len(data)) + data for tag, data in sections)


def _hash(source: bytes) -> int:
    """Return the hash Qt looks a text up by, the one of ELF symbol tables."""
    made = 0
    for byte in source:
        made = (made << 4) + byte
        high = made & 0xF0000000
        made = (made ^ high >> 24) & ~high
    return made or 1
