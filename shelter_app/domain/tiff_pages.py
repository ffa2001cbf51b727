"""Which pages a TIFF has, by its own table of them: a chain in which nothing may be missing.

Readers stop without a word where the chain breaks; then only the first pages would be kept.
"""

from __future__ import annotations

import struct
from typing import Final

_ORDERS: Final = {b"II*\x00": "<", b"MM\x00*": ">"}
_KIND: Final = 254
_REDUCED: Final = 1
"""A small picture of another page, which may still show what was cut away from that."""
_ENTRY: Final = 12


def pages_of(data: bytes, most: int) -> tuple[int, ...]:
    """Return the places in the chain that hold pages; () when it breaks, loops or is too long."""
    order = _ORDERS.get(data[:4])
    if order is None:
        return ()
    pages: list[int] = []
    seen: set[int] = set()
    try:
        (at,) = struct.unpack_from(f"{order}I", data, 4)
        while at:
            if at in seen or len(seen) > most:
                return ()
            seen.add(at)
            (entries,) = struct.unpack_from(f"{order}H", data, at)
            if not _is_reduced(data, order, at + 2, entries):
                pages.append(len(seen) - 1)
            (at,) = struct.unpack_from(f"{order}I", data, at + 2 + entries * _ENTRY)
    except struct.error:
        return ()
    return tuple(pages)


def _is_reduced(data: bytes, order: str, at: int, entries: int) -> bool:
    for number in range(entries):
        tag, _type, _count, value = struct.unpack_from(f"{order}HHII", data, at + number * _ENTRY)
        if tag == _KIND:
            return bool(value & _REDUCED)
    return False
