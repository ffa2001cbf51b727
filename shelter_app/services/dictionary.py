"""The data dictionary for the screen and as a file: the key to every complete export."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields
from pathlib import Path
from typing import Final

from shelter_app.domain.dictionary import Entry, entries
from shelter_app.domain.fields import Kind
from shelter_app.i18n import N_, _
from shelter_app.services import folders
from shelter_app.services.work import Work
from shelter_app.storage.safe_files import write_whole

FILE: Final = "data-dictionary.csv"
KINDS: Final = {
    Kind.TEXT: N_("a line of text"),
    Kind.LONG_TEXT: N_("longer text"),
    Kind.PHONE: N_("phone number"),
    Kind.DAY: N_("day"),
    Kind.MOMENT: N_("day and time"),
    Kind.CHOICE: N_("one choice"),
    Kind.CHOICES: N_("several choices"),
    Kind.NUMBER: N_("number"),
    Kind.MONEY: N_("amount of money"),
    Kind.FLAG: N_("yes or no"),
    Kind.ANSWER: N_("yes, no or not known"),
    Kind.LINK: N_("link to a record"),
    Kind.JSON: N_("kept by the program"),
}
FILES: Final = {
    "office": N_("office"),
    "house": N_("house"),
    "cases": N_("cases"),
    "counselling": N_("counselling"),
    "identity": N_("identity"),
}
"""What the screen says for the codes that the file keeps."""
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t")


def numbered(_work: Work, text: str = "") -> dict[int, Entry]:
    """Return the entries that contain the text, by number from 1."""
    wanted = text.casefold()
    return {
        number: entry
        for number, entry in enumerate(entries(), start=1)
        if wanted in f"{entry.title} {entry.label} {entry.field} {entry.record_type}".casefold()
    }


def kind_words(entry: Entry) -> str:
    """Return how a field is filled in, in words."""
    return _(KINDS[Kind(entry.kind)])


def file_words(entry: Entry) -> str:
    """Return the encrypted file a field lies in, in words."""
    return _(FILES[entry.compartment])


def as_csv() -> str:
    """Return the dictionary as CSV; nothing in it can be taken for a formula."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(field.name for field in fields(Entry))
    for entry in entries():
        writer.writerow(_harmless(value) for value in astuple(entry))
    return made.getvalue()


def save(_work: Work, folder: Path) -> Path:
    """Write the dictionary into a folder; it names no person and needs no reason."""
    folders.require(folder)
    path = folder / FILE
    write_whole(path, as_csv().encode("utf-8-sig"))
    return path


def _harmless(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
