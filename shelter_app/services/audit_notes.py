"""What the notes of the audit trail say to people: they are written for the chain, in one language.

A note is part of what is signed, so it is kept as it was written and turned into words when read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from shelter_app.domain import codelists, day_words
from shelter_app.i18n import N_, _, ngettext

COMPARTMENT_NAMES: Final = {
    "office": N_("Office"),
    "house": N_("House"),
    "cases": N_("Casework"),
    "counselling": N_("Counselling"),
    "identity": N_("True identities"),
}
_KNOWN: Final = {
    "pass phrase": N_("Password"),
    "pass phrase, old one known": N_("Password; somebody may know the old one"),
    "safe contact number": N_("Number of a safe contact"),
    "check words": N_("Check words of the audit trail"),
    "rehearsal report": N_("Report of a rehearsal"),
    "notice": N_("Notice of a breach"),
    "day sheet": N_("Day sheet"),
    "outing list": N_("Outing list"),
    "program and records on a stick": N_("Program and records onto a stick"),
    "subject access": N_("What is kept about a person"),
}
_BEGUN: Final = "begun: "
_MOST_DIGITS: Final = 9


def in_words(action: str, note: str) -> str:
    """Return a note for people; what they typed themselves stays as it is."""
    if action in ("grant", "revoke"):
        return ", ".join(_key_or_role(each) for each in note.split(", "))
    if action == "rotate":
        parts = ", ".join(_new_key(each) for each in note.removeprefix(_BEGUN).split(", "))
        return _("begun: {parts}").format(parts=parts) if note.startswith(_BEGUN) else parts
    if action in ("replace", "prove") and note in ("R", "C"):
        return _("Sheet {letter}").format(letter=note)
    if action == "restore":
        return _restored(note)
    if action == "print" and note.isdecimal() and len(note) <= _MOST_DIGITS:
        return ngettext("{count} copy", "{count} copies", int(note)).format(count=note)
    return _(_KNOWN[note]) if note in _KNOWN else note


def _restored(note: str) -> str:
    """Return from which backup; a note that somebody tampered with is shown as it stands."""
    try:
        moment = day_words.long_moment(datetime.fromisoformat(note))
    except ValueError:
        return _("from a backup; which one cannot be read: {note}").format(note=note)
    return _("from the backup of {moment}").format(moment=moment)


def _key_or_role(said: str) -> str:
    if said in COMPARTMENT_NAMES:
        return _("key of: {part}").format(part=_(COMPARTMENT_NAMES[said]))
    return codelists.label("staff_role", said) if said else ""


def _new_key(said: str) -> str:
    name, _space, number = said.partition(" ")
    if name not in COMPARTMENT_NAMES or not number:
        return said
    return _("{part} (key {number})").format(part=_(COMPARTMENT_NAMES[name]), number=number)
