"""Keeps Python's None alive: PySide6 6.12.0 gives back one reference too many per event.

Each call from Qt into a method of ours that returns None (painting, a key, a cell of a table)
takes one reference to None away for good. Some 30,000 calls later Python 3.11 stops the whole
process with 'none_dealloc', in the middle of somebody's work. 6.11.3 does not do this, and from
Python 3.12 on None cannot be taken away.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_ENOUGH: Final = 1 << 40
"""A hundred events in a second for three hundred years."""


def keep_none() -> None:
    """Give None so many references that no loss matters; asking again changes nothing."""
    if sys.version_info >= (3, 12) or sys.getrefcount(None) > _ENOUGH // 2:
        return
    count = ctypes.c_ssize_t.from_address(id(None))
    count.value += _ENOUGH
