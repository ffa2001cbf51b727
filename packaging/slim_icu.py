"""Make Qt's library of language data (ICU) small: what this program can show, and no more.

The data are one table of named items inside one symbol. What is kept is copied item by item, byte
for byte, and linked anew as a library of the same name. Windows brings its own ICU; only Linux
carries these 32 MB.
"""

from __future__ import annotations

import re
import struct
import subprocess
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("root", "en", "sw", "fr", "so", "am", "ar")
"""The languages of the program, of the papers, and the next ones planned."""
_EVERYWHERE: Final = frozenset({"pool", "res_index"})
_TOP: Final = frozenset(
    {
        "cnvalias.icu",
        "ibm-5348_P100-1997.cnv",
        "nfkc.nrm",
        "nfkc_cf.nrm",
        "uts46.nrm",
        "uemoji.icu",
        "ulayout.icu",
        "currencyNumericCodes.res",
        "dayPeriods.res",
        "genderList.res",
        "grammaticalFeatures.res",
        "keyTypeData.res",
        "langInfo.res",
        "likelySubtags.res",
        "metaZones.res",
        "metadata.res",
        "numberingSystems.res",
        "pluralRanges.res",
        "plurals.res",
        "supplementalData.res",
        "timezoneTypes.res",
        "windowsZones.res",
        "zoneinfo64.res",
    }
)
_FOLDERS: Final = frozenset({"brkitr", "coll", "curr", "lang", "region", "unit", "zone"})
_ALIGNED: Final = 16
_HEAD: Final = struct.Struct("<HBB")
_PAIR: Final = struct.Struct("<II")
_MAGIC: Final = (0xDA, 0x27)
_SYMBOL: Final = re.compile(
    r"^([0-9a-f]+) \w+ +DO \.rodata\s+([0-9a-f]+) +.*?(icudt\d+_dat)$", re.MULTILINE
)


class NotIcu(ValueError):
    """The file is not the table of data that was expected."""


def wanted(name: str) -> bool:
    """Tell whether an item of the table stays."""
    _package, _slash, path = name.partition("/")
    folder, slash, last = path.rpartition("/")
    stem, _dot, kind = last.rpartition(".")
    if not slash:
        return last in _TOP or (kind == "res" and _is_ours(stem))
    if folder not in _FOLDERS or kind == "dict":
        return False
    return kind in ("icu", "brk") or _is_ours(stem)


def _is_ours(stem: str) -> bool:
    return stem in _EVERYWHERE or stem.partition("_")[0] in LANGUAGES


def slimmed(data: bytes) -> bytes:
    """Return the table with the wanted items only."""
    start, first, second = _HEAD.unpack_from(data)
    if (first, second) != _MAGIC or data[12:16] != b"CmnD":
        raise NotIcu("no ICU data package")
    kept = [(name, item) for name, item in _items(data, start) if wanted(name)]
    names, offsets = bytearray(), []
    names_start = 4 + _PAIR.size * len(kept)
    for name, _item in kept:
        offsets.append(names_start + len(names))
        names += name.encode() + b"\0"
    place = _aligned(names_start + len(names))
    body, pairs = bytearray(place - names_start - len(names)), bytearray()
    for (_name, item), name_offset in zip(kept, offsets, strict=True):
        pairs += _PAIR.pack(name_offset, place)
        padded = item + bytes(_aligned(len(item)) - len(item))
        body += padded
        place += len(padded)
    return data[:start] + struct.pack("<I", len(kept)) + bytes(pairs) + bytes(names) + bytes(body)


def _items(data: bytes, start: int) -> list[tuple[str, bytes]]:
    (count,) = struct.unpack_from("<I", data, start)
    pairs = [_PAIR.unpack_from(data, start + 4 + _PAIR.size * number) for number in range(count)]
    ends = [place for _name, place in pairs[1:]] + [len(data) - start]
    found = []
    for (name, place), end in zip(pairs, ends, strict=True):
        at = start + name
        found.append((data[at : data.index(b"\0", at)].decode(), data[start + place : start + end]))
    return found


def _aligned(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED


def table_in(library: Path) -> tuple[str, bytes]:
    """Return the name and the content of the one symbol in a library of ICU data."""
    told = subprocess.run(
        ["objdump", "-T", str(library)], capture_output=True, text=True, check=True
    ).stdout
    found = _SYMBOL.search(told)
    headers = subprocess.run(
        ["objdump", "-h", str(library)], capture_output=True, text=True, check=True
    ).stdout
    section = re.search(r"\.rodata +\w+ +([0-9a-f]+) +\w+ +([0-9a-f]+)", headers)
    if found is None or section is None:
        raise NotIcu(library.name)
    address, size = int(found[1], 16), int(found[2], 16)
    offset = address - int(section[1], 16) + int(section[2], 16)
    return found[3], library.read_bytes()[offset : offset + size]


def make_slim(library: Path, target: Path) -> None:
    """Write a library with the same name and symbol that holds the wanted items only."""
    symbol, table = table_in(library)
    target.parent.mkdir(parents=True, exist_ok=True)
    data, source, made = (target.with_suffix(end) for end in (".dat", ".s", ".o"))
    data.write_bytes(slimmed(table))
    source.write_text(
        f".section .rodata\n.balign 16\n.globl {symbol}\n.type {symbol},@object\n{symbol}:\n"
        f'.incbin "{data.name}"\n.size {symbol}, .-{symbol}\n'
        '.section .note.GNU-stack,"",@progbits\n',
        "ascii",
    )
    link = ["ld", "-shared", "-s", "--build-id=none", "-soname", library.name, "-o", target.name]
    for step in (["as", "-o", made.name, source.name], [*link, made.name]):
        subprocess.run(step, cwd=target.parent, check=True)
    for rest in (data, source, made):
        rest.unlink()
