"""Code lists: codes with labels in each language and the crosswalks to government lists.

A code that a later version dropped stays known for records that carry it (`known`), and is
shown by its code, but is no longer offered (`offered`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from shelter_app import i18n, paths

_ALONE: Final = ("none", "unknown")
"""Codes of lists of several choices that say there is none, or that nobody knows."""


@dataclass(frozen=True)
class Code:
    """One row of a code list; `more` keeps crosswalk codes, status, source and other columns."""

    code: str
    label: str
    label_sw: str
    more: MappingProxyType[str, Any]

    @property
    def retired(self) -> bool:
        """Whether the row is kept for old records only."""
        return bool(self.more.get("retired"))


@dataclass(frozen=True)
class CodeList:
    """One list, in the order in which people choose."""

    id: str
    title: str
    rows: tuple[Code, ...]

    def row(self, code: str) -> Code | None:
        """Return the row of a code, or None for a code this version does not have."""
        return _by_code(self.id).get(code)


def contradict(code: str, other: str) -> bool:
    """Say whether two choices of one list cannot stand together: 'none' stands alone."""
    return code != other and (code in _ALONE or other in _ALONE)


@cache
def code_list(list_id: str) -> CodeList:
    """Return a list by its id; KeyError when the program ships none of that name."""
    path = paths.resource("codelists", f"{list_id}.json")
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KeyError(list_id) from None
    rows = tuple(_row(entry) for entry in raw["values"])
    return CodeList(list_id, str(raw.get("title", list_id)), rows)


def _row(entry: dict[str, Any]) -> Code:
    label = str(entry.get("label", entry["code"]))
    more = {k: v for k, v in entry.items() if k not in {"code", "label", "label_sw"}}
    return Code(
        str(entry["code"]), label, str(entry.get("label_sw", label)), MappingProxyType(more)
    )


@cache
def _by_code(list_id: str) -> dict[str, Code]:
    return {row.code: row for row in code_list(list_id).rows}


def known(list_id: str, code: str) -> bool:
    """Say whether a code belongs to the list, retired ones included."""
    return code in _by_code(list_id)


def offered(list_id: str) -> tuple[Code, ...]:
    """Return the rows people may choose today."""
    return tuple(row for row in code_list(list_id).rows if not row.retired)


def label(list_id: str, code: str) -> str:
    """Return the label of a code in the language in use; an unknown code shows itself."""
    row = _by_code(list_id).get(code)
    if row is None:
        return code
    return row.label_sw if i18n.language() == "sw" else row.label


def labels(list_id: str, codes: tuple[str, ...]) -> str:
    """Return the labels of several codes, separated by commas."""
    return ", ".join(label(list_id, code) for code in codes)
