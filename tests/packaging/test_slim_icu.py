"""Cutting Qt's language data: what stays is the same byte for byte, and is found again."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest

KEPT = {
    "icudt73l/root.res": b"root data",
    "icudt73l/sw_KE.res": b"kenya",
    "icudt73l/coll/ucadata.icu": b"order" * 9,
    "icudt73l/brkitr/char.brk": b"letters",
    "icudt73l/zoneinfo64.res": b"zones",
    "icudt73l/curr/res_index.res": b"index",
}
DROPPED = {
    "icudt73l/de.res": b"german",
    "icudt73l/brkitr/cjdict.dict": b"dictionary" * 50,
    "icudt73l/translit/root.res": b"rules",
    "icudt73l/unames.icu": b"names",
    "icudt73l/ibm-37_P100-1995.cnv": b"mainframe",
}


def table(items: dict[str, bytes]) -> bytes:
    head = struct.pack("<HBB", 32, 0xDA, 0x27) + bytes(8) + b"CmnD" + bytes(16)
    names, pairs, body = b"", b"", b""
    place = -(-(4 + 8 * len(items) + sum(len(name) + 1 for name in items)) // 16) * 16
    for name, item in sorted(items.items()):
        pairs += struct.pack("<II", 4 + 8 * len(items) + len(names), place + len(body))
        names += name.encode() + b"\0"
        body += item + bytes(-len(item) % 16)
    start = 4 + len(pairs) + len(names)
    return head + struct.pack("<I", len(items)) + pairs + names + bytes(place - start) + body


def read(data: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from("<I", data, 32)
    pairs = [struct.unpack_from("<II", data, 36 + 8 * number) for number in range(count)]
    ends = [place for _name, place in pairs[1:]] + [len(data) - 32]
    found = {}
    for (name, place), end in zip(pairs, ends, strict=True):
        text = data[32 + name : data.index(b"\0", 32 + name)].decode()
        found[text] = data[32 + place : 32 + end].rstrip(b"\0")
    return found


def test_only_our_languages_and_the_common_parts_stay(script: Callable[[str], Any]) -> None:
    cut = script("slim_icu").slimmed(table(KEPT | DROPPED))
    assert read(cut) == KEPT
    assert len(cut) < len(table(KEPT | DROPPED))
    assert all((place % 16) == 0 for _n, place in struct.iter_unpack("<II", cut[36 : 36 + 48]))


def test_something_else_is_refused(script: Callable[[str], Any]) -> None:
    slim_icu = script("slim_icu")
    with pytest.raises(slim_icu.NotIcu):
        slim_icu.slimmed(b"\x7fELF" + bytes(100))
