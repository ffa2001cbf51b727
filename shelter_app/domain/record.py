"""What every record has: an id, a revision, who and when, and the checks its fields imply."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final, Self

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.domain.fields import Field, Kind, fields_of
from shelter_app.errors import Problem
from shelter_app.i18n import N_

EARLIEST: Final = date(1900, 1, 1)
_LONGEST_AGO: Final = timedelta(days=366 * 40)
"""Births are older; nothing else a house writes down is, so it is a year typed wrongly."""
_ROUNDED_UP: Final = timedelta(minutes=15)
"""At 21:52 somebody writes 22:00; that is not the future."""
_LARGEST: Final = 2_000_000_000
_LATEST_AHEAD: Final = timedelta(days=366 * 30)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_BIDI_CONTROLS: Final = re.compile(r"[\u202a-\u202e\u2066-\u2069]")

TOO_LONG: Final = N_("This is too long: {longest} characters at most.")
IMPOSSIBLE_DAY: Final = N_("This date cannot be right.")
IN_THE_FUTURE: Final = N_("This date is in the future.")
STILL_TO_COME: Final = N_("This time is still to come.")
NEEDED: Final = N_("Please fill this in.")
UNKNOWN_CODE: Final = N_("This choice is not in the list.")
OUT_OF_RANGE: Final = N_("This number is out of range.")
STRANGE_CHARACTERS: Final = N_("This text has characters that cannot be kept.")


def clean_text(value: str) -> str:
    """Return text as it is kept: composed accents, one kind of line end, no stray ends."""
    composed = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return composed.strip()


@dataclass(frozen=True, kw_only=True)
class Record:
    """One entry of one record type; frozen: a change is a new value with the same id."""

    table: ClassVar[str]
    compartment: ClassVar[str]
    level: ClassVar[str]
    title: ClassVar[str]
    """Singular name shown to people, marked with N_."""
    happened: ClassVar[str] = ""
    """Name of the DAY or MOMENT field that puts the record on a person's timeline, or ''."""
    parent: ClassVar[str] = ""
    """Name of the LINK field whose record gives this one its person_id, or ''."""
    guarded: ClassVar[bool] = False
    """Saved by its own services only, because a rule spans more than the record itself."""
    unique: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Groups of columns that no two living (not voided) records may share."""
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Groups of columns that questions look up."""

    id: int = 0
    revision: int = 0
    created_at: datetime | None = None
    created_by: int = 0
    updated_at: datetime | None = None
    updated_by: int = 0
    voided: bool = False
    void_reason: str = ""

    def headline(self) -> str:
        """Return one plain line for timelines and lists, in the language in use."""
        from shelter_app.i18n import _

        return _(self.title)

    def problems(self) -> list[Problem]:
        """Return what is wrong with the fields, in the order of declaration."""
        found: list[Problem] = []
        for field in fields_of(type(self)):
            sentence = _problem_of(field, getattr(self, field.name))
            if sentence:
                found.append(Problem(field.name, sentence))
        return found

    def cleaned(self) -> Self:
        """Return the record with its texts as they are kept."""
        values: dict[str, Any] = {
            field.name: clean_text(getattr(self, field.name))
            for field in fields_of(type(self))
            if field.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.PHONE)
        }
        return dataclasses.replace(self, **values)


def _problem_of(field: Field, value: Any) -> str:
    if value in (None, "", (), 0) and field.kind not in (Kind.NUMBER, Kind.MONEY):
        missing = field.required and field.kind is not Kind.FLAG
        return NEEDED if missing and not field.kept_by_program else ""
    if value is None:
        return NEEDED if field.required and not field.kept_by_program else ""
    check = _CHECKS.get(field.kind)
    return check(field, value) if check else ""


def _text_problem(field: Field, value: str) -> str:
    if len(value) > field.longest:
        return TOO_LONG
    if _CONTROL.search(value) or _BIDI_CONTROLS.search(value) or not _encodable(value):
        return STRANGE_CHARACTERS
    return ""


def _encodable(value: str) -> bool:
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in value)


def _day_problem(field: Field, value: date | datetime) -> str:
    day = value.date() if isinstance(value, datetime) else value
    today = clock.today()
    earliest = EARLIEST if field.long_ago else today - _LONGEST_AGO
    if not earliest <= day <= today + _LATEST_AHEAD:
        return IMPOSSIBLE_DAY
    if field.future:
        return ""
    if isinstance(value, datetime) and day == today:
        return STILL_TO_COME if value > clock.now() + _ROUNDED_UP else ""
    return IN_THE_FUTURE if day > today else ""


def _choice_problem(field: Field, value: str) -> str:
    return "" if codelists.known(field.codes, value) else UNKNOWN_CODE


def _choices_problem(field: Field, value: tuple[str, ...]) -> str:
    return "" if all(codelists.known(field.codes, code) for code in value) else UNKNOWN_CODE


def _number_problem(field: Field, value: int) -> str:
    least = field.least if field.least is not None else -_LARGEST
    most = field.most if field.most is not None else _LARGEST
    return "" if least <= value <= most else OUT_OF_RANGE


_CHECKS: Final[dict[Kind, Callable[[Field, Any], str]]] = {
    Kind.TEXT: _text_problem,
    Kind.LONG_TEXT: _text_problem,
    Kind.PHONE: _text_problem,
    Kind.JSON: _text_problem,
    Kind.DAY: _day_problem,
    Kind.MOMENT: _day_problem,
    Kind.CHOICE: _choice_problem,
    Kind.CHOICES: _choices_problem,
    Kind.NUMBER: _number_problem,
    Kind.MONEY: _number_problem,
}
