"""Pictures bound into one PDF: a page each, and nothing beside them.

Written here because a library would add its name, the time and a title; and the pictures are
packed already, so that nothing has to be drawn again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_LONGER_SIDE: Final = 842
"""Points of print: the longer side of an A4 sheet."""


@dataclass(frozen=True)
class PackedPicture:
    """One picture as a PDF takes it: a JPEG, or rows of points packed by zlib."""

    width: int
    height: int
    grey: bool
    is_jpeg: bool
    data: bytes = field(repr=False)


def pdf_of(pictures: Sequence[PackedPicture]) -> bytes:
    """Return a PDF with each picture filling a page of its own."""
    first = 3
    kids = " ".join(f"{first + 3 * number} 0 R" for number in range(len(pictures)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pictures)} >>".encode("ascii"),
    ]
    for number, picture in enumerate(pictures):
        objects += _page(picture, first + 3 * number)
    return _file(objects)


def _page(picture: PackedPicture, number: int) -> tuple[bytes, bytes, bytes]:
    scale = _LONGER_SIDE / max(picture.width, picture.height)
    wide, high = round(picture.width * scale, 2), round(picture.height * scale, 2)
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide} {high}] "
        f"/Resources << /XObject << /P {number + 2} 0 R >> >> /Contents {number + 1} 0 R >>"
    )
    colours = "DeviceGray" if picture.grey else "DeviceRGB"
    packed = "DCTDecode" if picture.is_jpeg else "FlateDecode"
    head = (
        f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} "
        f"/ColorSpace /{colours} /BitsPerComponent 8 /Filter /{packed}"
    )
    drawing = f"q {wide} 0 0 {high} 0 0 cm /P Do Q".encode("ascii")
    return page.encode("ascii"), _stream("", drawing), _stream(head, picture.data)


def _stream(head: str, data: bytes) -> bytes:
    return f"<< {head} /Length {len(data)} >>\nstream\n".encode("ascii") + data + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    made = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode("ascii") + content + b"\nendobj\n"
    table = len(made)
    size = len(objects) + 1
    made += f"xref\n0 {size}\n0000000000 65535 f \n".encode("ascii")
    made += b"".join(f"{place:010d} 00000 n \n".encode("ascii") for place in places)
    made += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode("ascii")
    return bytes(made)
