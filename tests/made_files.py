"""Small files as scanners and telephones make them, written byte by byte."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

PLACE = b"1 17 0 36 49 0"
"""Stands in the position block of a photograph; it must be nowhere afterwards."""


def a_png(width: int = 8, height: int = 6, *, words: bytes = b"", shade: int = 200) -> bytes:
    """Return a grey picture, with a text block when there are words."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes([shade]) * width for _row in range(height))
    text = _chunk(b"tEXt", b"Comment\0" + words) if words else b""
    pixels = _chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + text + pixels + _chunk(b"IEND", b"")


def a_bomb(side: int = 40_000) -> bytes:
    """Return a picture of some kilobytes that says it is enormous."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = _chunk(b"IDAT", zlib.compress(bytes(200_000)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + pixels + _chunk(b"IEND", b"")


def a_tiff(
    pages: int, *, order: str = "<", small: Sequence[int] = (), side: int = 60, says: int = 0
) -> bytes:
    """Return a scan of some pages, each darker than the one before; `small` ones are thumbnails.

    `says` is the side it claims to have when that is not true.
    """
    made = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}HI", 42, 8)
    for page in range(pages):
        rows = bytes([max(0, 250 - 40 * page)]) * (side * side)
        entries = [
            (254, 4, int(page in small)),
            (256, 4, says or side),
            (257, 4, says or side),
            (258, 4, 8),
            (259, 4, 1),
            (262, 4, 1),
            (273, 4, len(made) + 2 + 10 * 12 + 4),
            (277, 4, 1),
            (278, 4, says or side),
            (279, 4, len(rows)),
        ]
        table = b"".join(struct.pack(f"{order}HHII", t, kind, 1, v) for t, kind, v in entries)
        end = len(made) + 2 + len(table) + 4 + len(rows)
        follows = 0 if page == pages - 1 else end
        made += struct.pack(f"{order}H", len(entries)) + table
        made += struct.pack(f"{order}I", follows) + rows
    return made


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def a_pdf(
    pages: int = 1, words: str = "Consent form", *, box: str = "0 0 595 842", drawing: bytes = b""
) -> bytes:
    """Return a PDF with a few words on each page, or with a drawing."""
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(pages))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page in range(pages):
        drawn = drawing or f"BT /F1 36 Tf 60 700 Td ({words}, page {page + 1}) Tj ET".encode()
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Resources << /Font "
            f"<< /F1 3 0 R >> >> /Contents {5 + 2 * page} 0 R >>".encode()
        )
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(made))
    )


def with_position(jpeg: bytes, orientation: int = 1) -> bytes:
    """Return a JPEG with the block a telephone writes: how it was held, and where it was."""
    return jpeg[:2] + _exif(orientation) + jpeg[2:]


def _exif(orientation: int) -> bytes:
    """Two entries in the first list (orientation, place of the GPS list), two in the second."""
    gps_at = 8 + 2 + 2 * 12 + 4
    first = struct.pack("<H", 2)
    first += struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    first += struct.pack("<HHII", 0x8825, 4, 1, gps_at) + struct.pack("<I", 0)
    words_at = gps_at + 2 + 2 * 12 + 4
    gps = struct.pack("<H", 2)
    gps += struct.pack("<HHI4s", 0x0001, 2, 2, b"S\0\0\0")
    gps += struct.pack("<HHII", 0x001D, 2, len(PLACE), words_at) + struct.pack("<I", 0)
    tiff = b"II*\0" + struct.pack("<I", 8) + first + gps + PLACE
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def encoded(image: QImage, form: str) -> bytes:
    """Return a picture as a file of one of Qt's forms."""
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
