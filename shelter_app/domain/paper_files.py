"""What a scanned file is, told by its content and never by its name, and whether it is clean.

Clean means that a picture holds nothing but the picture: no place, camera, time or words beside
it. The windows make such pictures; what is not clean is never kept, whoever hands it over.
"""

from __future__ import annotations

import struct
from enum import Enum
from typing import Final

LARGEST: Final = 20 << 20
"""Of a file that is added, and of one that is kept."""
_PDF_WITHIN: Final = 1024
"""A PDF may begin with some stray bytes; readers look this far."""
_JPEG_PARTS: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xE0})
"""Frame, Huffman and quantisation tables, restart interval, and JFIF's own size."""
_PNG_PARTS: Final = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD", b"IDAT"}
)
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_START, _SCAN, _END = 0xD8, 0xDA, 0xD9


class FileForm(Enum):
    """What a file is by its content; the value of the kept ones is their usual ending."""

    JPEG = "jpg"
    PNG = "png"
    PDF = "pdf"
    TIFF = "tiff"
    WEBP = "webp"
    BMP = "bmp"
    PHONE = "heic"
    """As newer telephones take photographs: not read here."""
    OFFICE = "office"
    """Word and other packed files."""
    EMPTY = "empty"
    OTHER = "other"


PICTURES: Final = (FileForm.JPEG, FileForm.PNG, FileForm.TIFF, FileForm.WEBP, FileForm.BMP)
KEPT: Final = (FileForm.JPEG, FileForm.PNG, FileForm.PDF)


def form_of(data: bytes) -> FileForm:
    """Return what a file is by its first bytes."""
    if not data:
        return FileForm.EMPTY
    for start, form in (
        (b"\xff\xd8\xff", FileForm.JPEG),
        (_PNG, FileForm.PNG),
        (b"II*\x00", FileForm.TIFF),
        (b"MM\x00*", FileForm.TIFF),
        (b"BM", FileForm.BMP),
        (b"PK\x03\x04", FileForm.OFFICE),
        (b"\xd0\xcf\x11\xe0", FileForm.OFFICE),
    ):
        if data.startswith(start):
            return form
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return FileForm.WEBP
    if data[4:8] == b"ftyp":
        return FileForm.PHONE
    return FileForm.PDF if b"%PDF-" in data[:_PDF_WITHIN] else FileForm.OTHER


def is_clean(data: bytes) -> bool:
    """Say whether a file is of a kind that is kept, and a picture nothing but a picture."""
    form = form_of(data)
    if form is FileForm.JPEG:
        return _is_bare_jpeg(data)
    if form is FileForm.PNG:
        return _is_bare_png(data)
    return form is FileForm.PDF


def is_whole(data: bytes) -> bool:
    """Say whether a file that was chosen goes on to its end, as far as it says where that is."""
    form = form_of(data)
    if form is FileForm.JPEG:
        return _end_of_jpeg(data) > 0
    if form is FileForm.PNG:
        return _end_of_png(data) > 0
    if form is FileForm.BMP:
        return len(data) >= 14 and int.from_bytes(data[2:6], "little") <= len(data)
    if form is FileForm.WEBP:
        return int.from_bytes(data[4:8], "little") + 8 <= len(data)
    return True


def _is_bare_jpeg(data: bytes) -> bool:
    return _end_of_jpeg(data, _JPEG_PARTS) == len(data)


def _end_of_jpeg(data: bytes, allowed: frozenset[int] = frozenset()) -> int:
    """Walk through every part and return where the end mark ends; 0 when it never comes.

    With `allowed` also 0 at the first part of another kind. Between parts stray bytes are passed
    over, as readers do, unless only some kinds are allowed.
    """
    at, scanned = 2, False
    while at + 4 <= len(data):
        part = data[at + 1]
        if data[at] != 0xFF or part in (0x00, 0xFF):
            if allowed:
                return 0
            at += 1
            continue
        length = struct.unpack_from(">H", data, at + 2)[0]
        if length < 2 or (allowed and part not in allowed and part != _SCAN):
            return 0
        at += 2 + length
        if part == _SCAN:
            scanned = True
            at = _end_of_scan(data, at)
        if data[at : at + 2] == bytes((0xFF, _END)):
            return at + 2 if scanned else 0
    return 0


def _end_of_scan(data: bytes, at: int) -> int:
    """Return where the next part begins: a mark that neither restarts nor stands for a byte."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        follows = data[at + 1]
        if follows and follows != 0xFF and not 0xD0 <= follows <= 0xD7:
            return at
        at += 1 if follows == 0xFF else 2


def _is_bare_png(data: bytes) -> bool:
    return _end_of_png(data, _PNG_PARTS) == len(data)


def _end_of_png(data: bytes, allowed: frozenset[bytes] = frozenset()) -> int:
    """Return where the last block ends; 0 when it never comes or a block is not allowed."""
    at, pixels = len(_PNG), False
    while at + 12 <= len(data):
        length, part = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        if part == b"IEND":
            return at if pixels and at <= len(data) else 0
        if allowed and part not in allowed:
            return 0
        pixels = pixels or part == b"IDAT"
    return 0
