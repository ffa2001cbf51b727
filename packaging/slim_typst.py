"""Take the typesetter's own fonts out of its library: two copies of 9.7 MB that no paper uses.

Our papers are set in our fonts only, and the program forbids the others. The bytes go out of the
file, not out of memory: every address stays as it was, and where a font lay the system maps zeros
(an uninitialised section on Windows, memory beyond the file's part of a segment on Linux).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PAGE: Final = 4096
_NEAR: Final = 16
_LEAST: Final = 1 << 20
"""A hole smaller than this is not worth a section of its own."""

_FONT: Final = re.compile(rb"OTTO|\x00\x01\x00\x00")
_FONT_HEAD: Final = struct.Struct(">4sHHHH")
_FONT_TABLE: Final = struct.Struct(">4sIII")
_TABLES: Final = range(6, 40)

_ELF_HEAD: Final = struct.Struct("<16sHHIQQQIHHHHHH")
_SEGMENT: Final = struct.Struct("<IIQQQQQQ")
_SECTION_OF_ELF: Final = struct.Struct("<IIQQQQIIQQ")
_LOAD, _NOTE, _OWN_TABLE, _EMPTY_IN_FILE = 1, 4, 6, 8

_SECTION: Final = struct.Struct("<8sIIIIIIHHI")
_DEBUG_ENTRY: Final = struct.Struct("<IIHHIIII")
_UNINITIALISED: Final = 0x80
_READABLE: Final = 0x4000_0000


class NotSlimmed(ValueError):
    """The library is not built as expected; it must be looked at before a release."""


@dataclass(frozen=True)
class Hole:
    """A stretch of whole pages that leaves the file."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """Return how many bytes go."""
        return self.end - self.start


def slim(library: Path) -> None:
    """Take the fonts out of a library where it lies."""
    library.write_bytes(slimmed(library.read_bytes()))


def slimmed(data: bytes) -> bytes:
    """Return the library without its fonts."""
    if len(data) < _LEAST:
        raise NotSlimmed("no library")
    if data[:4] == b"\x7fELF":
        return _elf(data)
    if data[:2] == b"MZ":
        return _pe(data)
    raise NotSlimmed("neither a library of Linux nor of Windows")


def fonts(data: bytes) -> list[tuple[int, int]]:
    """Return where fonts lie: start and end of each."""
    found: list[tuple[int, int]] = []
    for match in _FONT.finditer(data):
        start = match.start()
        if found and start < found[-1][1]:
            continue
        size = _font_size(data, start)
        if size:
            found.append((start, start + size))
    return found


def _font_size(data: bytes, start: int) -> int:
    """Return the length of a font that starts here, 0 when none does."""
    if start + _FONT_HEAD.size > len(data):
        return 0
    _kind, count, reach, _selector, _shift = _FONT_HEAD.unpack_from(data, start)
    power = 1 << (count.bit_length() - 1) if count else 0
    if count not in _TABLES or reach != power * 16:
        return 0
    end, names = 0, set()
    for number in range(count):
        at = start + _FONT_HEAD.size + number * _FONT_TABLE.size
        if at + _FONT_TABLE.size > len(data):
            return 0
        name, _sum, offset, size = _FONT_TABLE.unpack_from(data, at)
        names.add(name)
        end = max(end, offset + size)
    return end if {b"cmap", b"head", b"name"} <= names and start + end <= len(data) else 0


def _holes(data: bytes, shift: int, low: int, high: int) -> list[Hole]:
    """Return the page-wise holes between two file offsets; address = offset + shift."""
    runs: list[list[int]] = []
    for start, end in fonts(data):
        if not low <= start < end <= high:
            raise NotSlimmed("a font lies outside of the read-only data")
        if runs and start - runs[-1][1] < _NEAR:
            runs[-1][1] = end
        else:
            runs.append([start, end])
    found = []
    for start, end in runs:
        first = -(-(start + shift) // _PAGE) * _PAGE - shift
        last = (end + shift) // _PAGE * _PAGE - shift
        if last - first >= _LEAST:
            found.append(Hole(first, last))
    if not found:
        raise NotSlimmed("no fonts were found")
    return found


def _without(data: bytes, holes: list[Hole]) -> bytes:
    parts, done = [], 0
    for hole in holes:
        parts.append(data[done : hole.start])
        done = hole.end
    return b"".join([*parts, data[done:]])


def _moved(offset: int, holes: list[Hole]) -> int:
    """Return where something of the old file lies in the new one."""
    return offset - sum(hole.size for hole in holes if hole.end <= offset)


# Linux


def _elf(data: bytes) -> bytes:
    head = list(_ELF_HEAD.unpack_from(data))
    table, sections, count, many = head[5], head[6], head[10], head[12]
    segments = [_SEGMENT.unpack_from(data, table + n * _SEGMENT.size) for n in range(count)]
    first = next(segment for segment in segments if segment[0] == _LOAD)
    if first[2] or first[3] or first[5] != first[6]:
        raise NotSlimmed("the first segment is of another kind")
    holes = _holes(data, 0, 0, first[5])
    made = []
    for kind, flags, offset, address, physical, in_file, in_memory, align in segments:
        if (kind, offset) == (_LOAD, 0):
            made += _split(first, holes)
        elif kind not in (_NOTE, _OWN_TABLE):  # their places are needed; nobody asks for them
            moved = _moved(offset, holes)
            made.append((kind, flags, moved, address, physical, in_file, in_memory, align))
    if len(made) > count:
        raise NotSlimmed("there is no room for another segment")
    head[10] = len(made)
    renewed = bytearray(_without(data, holes))
    head[6] = _moved(sections, holes)
    for number in range(many):
        at = sections + number * _SECTION_OF_ELF.size
        entry = list(_SECTION_OF_ELF.unpack_from(data, at))
        start, size = entry[4], entry[5]
        if entry[1] != _EMPTY_IN_FILE and start < holes[0].start < start + size:
            entry[5] = holes[0].start - start  # what tools show of it; the segments say all
        entry[4] = _moved(start, holes)
        _SECTION_OF_ELF.pack_into(renewed, _moved(at, holes), *entry)
    _ELF_HEAD.pack_into(renewed, 0, *head)
    for number in range(count):
        segment = made[number] if number < len(made) else (0,) * 8
        _SEGMENT.pack_into(renewed, table + number * _SEGMENT.size, *segment)
    return bytes(renewed)


def _split(segment: tuple[int, ...], holes: list[Hole]) -> list[tuple[int, ...]]:
    """Return one segment per piece that stays; each reaches in memory to where the next begins."""
    kind, flags, _offset, _address, _physical, size, _memory, align = segment
    starts = [0, *(hole.end for hole in holes)]
    ends = [*(hole.start for hole in holes), size]
    reach = [*starts[1:], size]
    return [
        (kind, flags, _moved(start, holes), start, start, end - start, until - start, align)
        for start, end, until in zip(starts, ends, reach, strict=True)
    ]


# Windows


def _pe(data: bytes) -> bytes:
    (at,) = struct.unpack_from("<I", data, 0x3C)
    count, optional = struct.unpack_from("<H12xH", data, at + 6)
    (headers,) = struct.unpack_from("<I", data, at + 24 + 60)
    (signed,) = struct.unpack_from("<I", data, at + 24 + 112 + 4 * 8)
    if data[at : at + 4] != b"PE\0\0" or signed:
        raise NotSlimmed("a program that is signed, or none")
    table = at + 24 + optional
    sections = [_SECTION.unpack_from(data, table + n * _SECTION.size) for n in range(count)]
    fixed = next(section for section in sections if section[0].rstrip(b"\0") == b".rdata")
    _name, _size, address, in_file, offset = fixed[:5]
    holes = _holes(data, address - offset, offset, offset + in_file)
    made: list[tuple[object, ...]] = []
    for section in sections:
        if section == fixed:
            made += _pieces(fixed, holes)
        else:
            name, size, place, raw, where, *rest = section
            made.append((name, size, place, raw, _moved(where, holes), *rest))
    if table + len(made) * _SECTION.size > headers:
        raise NotSlimmed("there is no room for another section")
    renewed = bytearray(_without(data, holes))
    struct.pack_into("<H", renewed, at + 6, len(made))
    struct.pack_into("<I", renewed, at + 24 + 64, 0)  # the sum, which libraries may leave out
    for number, entry in enumerate(made):
        _SECTION.pack_into(renewed, table + number * _SECTION.size, *entry)
    _move_debug_entries(data, renewed, at, sections, holes)
    return bytes(renewed)


def _pieces(section: tuple[int, ...], holes: list[Hole]) -> list[tuple[object, ...]]:
    """Return the sections that take the place of one: what stays, and zeros where fonts were."""
    _name, size, address, in_file, offset, *rest, flags = section
    shift, made, done = address - offset, [], offset
    for number, hole in enumerate(holes):
        kept = hole.start - done
        name = f".rdata{number or ''}".encode()
        made.append(
            (name, kept, done + shift, kept, _moved(done, holes), *rest, flags),
        )
        zeros = _UNINITIALISED | _READABLE
        made.append((f".zero{number}".encode(), hole.size, hole.start + shift, 0, 0, *rest, zeros))
        done = hole.end
    last = (offset + in_file - done, size - (done - offset))
    name = f".rdata{len(holes)}".encode()
    made.append((name, last[1], done + shift, last[0], _moved(done, holes), *rest, flags))
    return made


def _move_debug_entries(
    data: bytes, renewed: bytearray, at: int, sections: list[tuple[int, ...]], holes: list[Hole]
) -> None:
    """Say anew where in the file the debug entries point to."""
    place, size = struct.unpack_from("<II", data, at + 24 + 112 + 6 * 8)
    for _name, _size, address, in_file, offset, *_rest in sections:
        if not address <= place < address + in_file:
            continue
        for number in range(size // _DEBUG_ENTRY.size):
            entry_at = place - address + offset + number * _DEBUG_ENTRY.size
            entry = list(_DEBUG_ENTRY.unpack_from(data, entry_at))
            entry[7] = _moved(entry[7], holes)
            _DEBUG_ENTRY.pack_into(renewed, _moved(entry_at, holes), *entry)
