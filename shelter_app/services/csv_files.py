"""Comma-separated files that a spreadsheet may open without running anything in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK: Final = "\ufeff"
"""Tells a spreadsheet that the text is UTF-8; without it Swahili and names come out wrong."""


def escaped(value: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before it."""
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA_STARTS) else value


def text(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a whole file as text."""
    made = io.StringIO()
    writer = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([escaped(cell) for cell in row])
    return made.getvalue()


def content(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a whole file as bytes for saving."""
    return (_MARK + text(heads, rows)).encode()
