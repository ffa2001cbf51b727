"""Field declarations: kind, label, code list, level and place in lists, said once per field.

A record type is a frozen dataclass whose attributes are made by the functions below. Tables,
editors, list columns, validation, audit, search, export and permissions read `fields_of`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

_METADATA_KEY: Final = "declared"
LONGEST_TEXT: Final = 200
LONGEST_NOTE: Final = 20_000


class Kind(Enum):
    """How a value is kept, checked and edited."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    PHONE = "phone"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    MONEY = "money"
    FLAG = "flag"
    ANSWER = "answer"
    LINK = "link"
    JSON = "json"


@dataclass(frozen=True)
class Field:
    """One declared field. `level` '' means the record type's own level; `search` names an index."""

    name: str
    kind: Kind
    label: str
    default: Any
    required: bool = False
    level: str = ""
    in_list: bool = False
    search: str = ""
    codes: str = ""
    to: str = ""
    longest: int = LONGEST_TEXT
    least: int | None = None
    most: int | None = None
    future: bool = True
    long_ago: bool = False
    unit: str = ""
    help: str = ""
    kept_by_program: bool = False


def _declare(kind: Kind, label: str, default: Any, **said: Any) -> Any:
    template = Field(name="", kind=kind, label=label, default=default, **said)
    return dataclasses.field(default=default, metadata={_METADATA_KEY: template})


def text(label: str, **said: Any) -> Any:
    """Declare one line of text (str, default '')."""
    return _declare(Kind.TEXT, label, "", **said)


def long_text(label: str, **said: Any) -> Any:
    """Declare a note of several lines (str, default '')."""
    return _declare(Kind.LONG_TEXT, label, "", **{"longest": LONGEST_NOTE, **said})


def phone(label: str, **said: Any) -> Any:
    """Declare a telephone number as typed (str, default '')."""
    return _declare(Kind.PHONE, label, "", **{"longest": 40, **said})


def day(label: str, **said: Any) -> Any:
    """Declare a calendar day (date or None).

    `future=False` refuses days after today, `long_ago` takes one of a lifetime ago (a birth).
    """
    return _declare(Kind.DAY, label, None, **said)


def moment(label: str, **said: Any) -> Any:
    """Declare a local wall time (datetime without zone, or None)."""
    return _declare(Kind.MOMENT, label, None, **said)


def choice(label: str, codes: str, **said: Any) -> Any:
    """Declare one code of a code list (str, default '')."""
    return _declare(Kind.CHOICE, label, said.pop("default", ""), codes=codes, **said)


def choices(label: str, codes: str, **said: Any) -> Any:
    """Declare several codes of a code list (tuple of str, default ())."""
    return _declare(Kind.CHOICES, label, (), codes=codes, **said)


def number(label: str, **said: Any) -> Any:
    """Declare a whole number (int or None)."""
    return _declare(Kind.NUMBER, label, said.pop("default", None), **said)


def money(label: str, **said: Any) -> Any:
    """Declare an amount in whole Kenya shillings (int or None)."""
    return _declare(Kind.MONEY, label, None, **{"least": 0, "unit": "KES", **said})


def flag(label: str, **said: Any) -> Any:
    """Declare yes or no (bool, default False)."""
    return _declare(Kind.FLAG, label, said.pop("default", False), **said)


def answer(label: str, **said: Any) -> Any:
    """Declare yes, no or not asked yet (bool or None): nothing sensitive is mandatory (F-17)."""
    return _declare(Kind.ANSWER, label, None, **said)


def link(label: str, to: str, **said: Any) -> Any:
    """Declare a reference to another record by its id (int, 0 for none)."""
    return _declare(Kind.LINK, label, 0, to=to, **said)


def structure(label: str, **said: Any) -> Any:
    """Declare small structured data kept as JSON text (str, default '')."""
    return _declare(Kind.JSON, label, "", **{"longest": LONGEST_NOTE, **said})


_declared: dict[type[Any], tuple[Field, ...]] = {}


def fields_of(record_type: type[Any]) -> tuple[Field, ...]:
    """Return the declared fields of a record type in the order of declaration."""
    known = _declared.get(record_type)
    if known is None:
        known = _declared[record_type] = _read(record_type)
    return known


def _read(record_type: type[Any]) -> tuple[Field, ...]:
    found = []
    for attribute in dataclasses.fields(record_type):
        template = attribute.metadata.get(_METADATA_KEY)
        if template is not None:
            level = template.level or record_type.level
            found.append(dataclasses.replace(template, name=attribute.name, level=level))
    return tuple(found)


def field_of(record_type: type[Any], name: str) -> Field:
    """Return one declared field; KeyError when the type has none of that name."""
    for field in fields_of(record_type):
        if field.name == name:
            return field
    raise KeyError(name)
