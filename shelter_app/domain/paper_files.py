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


def _is_bare_jpeg(data: bytes) -> bool:
    """Walk through every part up to the end mark, with nothing after it."""
    at, scanned = 2, False
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return False
        part, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        if length < 2 or not (part in _JPEG_PARTS or part == _SCAN):
            return False
        at += 2 + length
        if part == _SCAN:
            scanned = True
            at = _end_of_scan(data, at)
        if data[at : at + 2] == bytes((0xFF, _END)):
            return scanned and at + 2 == len(data)
    return False


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
    at, pixels = len(_PNG), False
    while at + 12 <= len(data):
        length, part = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        if part == b"IEND":
            return pixels and length == 0 and at == len(data)
        if part not in _PNG_PARTS:
            return False
        pixels = pixels or part == b"IDAT"
    return False
