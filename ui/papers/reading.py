"""From a file on a stick to what is kept: a bare picture, or a PDF that can be shown.

A picture is decoded and drawn anew, so that nothing of the file itself is kept: no place, no
camera, no words, no small picture of what was cut away. It runs beside the windows, never in them.
"""

from __future__ import annotations

import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageIOHandler, QImageReader, QPainter

from shelter_app.domain import paper_files, tiff_pages
from shelter_app.domain.paper_files import FileForm
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services.rendering import pdf_pages
from shelter_app.services.rendering.pdf_of_pictures import PackedPicture, pdf_of

LONGEST_SIDE: Final = 3_000
"""Points along the longer side: an A4 page at 250 to the inch, small print included."""
_QUALITY: Final = 85
_MOST: Final = {FileForm.JPEG: 120_000_000}
_MOST_ELSE: Final = 40_000_000
"""Points of a picture that is unpacked: an A4 page at 600 to the inch has 35 million."""
_MOST_PAGES: Final = 50
_MOST_OF_ALL: Final = 600_000_000
"""Points of all pages together: fifty A4 pages at 300 to the inch have 435 million."""
_LEAST_SIDE: Final = 8
_WHITE_PAPER: Final = 0xFFFFFFFF
_QT_NAMES: Final = {
    FileForm.JPEG: b"jpeg",
    FileForm.PNG: b"png",
    FileForm.TIFF: b"tiff",
    FileForm.WEBP: b"webp",
    FileForm.BMP: b"bmp",
}
GONE: Final = N_("This file cannot be read. Is the stick still in?")
NO_FILE: Final = N_("This is not a file that can be kept. Choose a picture or a PDF.")
EMPTY: Final = N_("This file is empty. Scan the paper again.")
TOO_LARGE: Final = N_(
    "This file is too large: 20 MB at most. Scan it in black and white or with fewer points."
)
FROM_PHONE: Final = N_(
    "This photograph is in the form newer telephones use (HEIC), which cannot be read here. Set"
    " the camera to “most compatible” (JPEG), or scan the paper."
)
OFFICE: Final = N_(
    "This is a Word or similar file, not a scanned paper. Save it as a PDF first, then add that."
)
OTHER: Final = N_("This file is neither a picture nor a PDF. Pictures are JPEG, PNG, TIFF, WebP.")
DAMAGED: Final = N_(
    "This picture is damaged or not complete. Copy it to the stick again, or scan the paper again."
)
NO_TIFF: Final = N_(
    "This TIFF is damaged, or packed in a way that cannot be read here (JPEG inside TIFF). Save it "
    "as a PDF, or scan the paper again."
)
TOO_MANY_POINTS: Final = N_(
    "This picture has far more points than a paper needs. Scan it with fewer points to the inch."
)
TOO_SMALL: Final = N_("This picture is too small to show a paper.")
SEVERAL: Final = N_(
    "This picture file has several pages, of which only the first would be kept. Save it as a PDF."
)
TOO_MANY_PAGES: Final = N_("This scan has too many pages: {most} at most. Scan it in parts.")
PAGES_TOO_LARGE: Final = N_(
    "The pages of this scan are too large together. Scan it in black and white, with fewer points "
    "to the inch, or in parts."
)


@dataclass(frozen=True)
class Prepared:
    """What will be kept of a file, with a picture of its first page to look at before saving."""

    form: FileForm
    pages: int
    content: bytes = field(repr=False)
    preview: QImage = field(repr=False)


def read(path: Path) -> Prepared:
    """Return what is kept of a file; NotPossible says in one sentence why it cannot be."""
    return prepared(_bytes_of(path))


def _bytes_of(path: Path) -> bytes:
    try:
        told = path.stat()
        if not stat.S_ISREG(told.st_mode):
            raise NotPossible(NO_FILE)
        if told.st_size > paper_files.LARGEST:
            raise NotPossible(TOO_LARGE)
        with path.open("rb") as file:
            data = file.read(paper_files.LARGEST + 1)
    except (OSError, ValueError) as error:
        raise NotPossible(GONE) from error
    if len(data) > paper_files.LARGEST:
        raise NotPossible(TOO_LARGE)
    return data


def prepared(data: bytes) -> Prepared:
    """Return what is kept of a file's content, told by the content alone."""
    form = paper_files.form_of(data)
    if form is FileForm.PDF:
        pages = pdf_pages.count(data)
        return Prepared(form, pages, data, image_of(pdf_pages.draw(data, 0, 600)))
    if form not in paper_files.PICTURES:
        sentences = {
            FileForm.EMPTY: EMPTY,
            FileForm.PHONE: FROM_PHONE,
            FileForm.OFFICE: OFFICE,
        }
        raise NotPossible(sentences.get(form, OTHER))
    if not paper_files.is_whole(data):
        raise NotPossible(DAMAGED)
    if form is FileForm.TIFF:
        places = _pages_of(data)
        if len(places) > 1:
            return _bound(data, places)
        image = _bare(_decoded(data, form, places[0]))
    else:
        image = _bare(_decoded(data, form))
    content = _encoded(image)
    if not paper_files.is_clean(content) or len(content) > paper_files.LARGEST:
        raise NotPossible(DAMAGED)
    return Prepared(paper_files.form_of(content), 1, content, image)


def _pages_of(data: bytes) -> tuple[int, ...]:
    """Return which pictures of a TIFF are pages; a chain that breaks off is refused."""
    pages = tiff_pages.pages_of(data, _MOST_PAGES * 2)
    with _reader(data, FileForm.TIFF) as reader:
        readable = reader.imageCount()
    if not pages or pages[-1] >= readable:
        raise NotPossible(NO_TIFF)
    if len(pages) > _MOST_PAGES:
        raise NotPossible(_(TOO_MANY_PAGES).format(most=_MOST_PAGES))
    return pages


def _bound(data: bytes, pages: Sequence[int]) -> Prepared:
    """Draw every page anew and bind them into one PDF."""
    points = 0
    for number in pages:
        with _reader(data, FileForm.TIFF) as reader:
            reader.jumpToImage(number)
            size = reader.size()
        points += max(0, size.width()) * max(0, size.height())
    if points > _MOST_OF_ALL:
        raise NotPossible(PAGES_TOO_LARGE)
    preview: QImage | None = None
    packed: list[PackedPicture] = []
    for number in pages:
        image = _bare(_decoded(data, FileForm.TIFF, number))
        preview = image if preview is None else preview
        packed.append(_packed(image))
        if sum(len(each.data) for each in packed) > paper_files.LARGEST:
            raise NotPossible(PAGES_TOO_LARGE)
    content = pdf_of(packed)
    if preview is None or len(content) > paper_files.LARGEST:
        raise NotPossible(PAGES_TOO_LARGE)
    return Prepared(FileForm.PDF, pdf_pages.count(content), content, preview)


def _packed(image: QImage) -> PackedPicture:
    """Return a bare picture as a PDF takes it, in the smaller of two forms."""
    wide, high = image.width(), image.height()
    grey = image.format() is QImage.Format.Format_Grayscale8
    data, is_jpeg = _written(image, "JPG"), True
    if grey:
        line = image.bytesPerLine()
        points = bytes(image.constBits())
        rows = b"".join(points[at : at + wide] for at in range(0, line * high, line))
        flat = zlib.compress(rows)
        if len(flat) < len(data) or not data:
            data, is_jpeg = flat, False
    if not data:
        raise NotPossible(DAMAGED)
    return PackedPicture(wide, high, grey, is_jpeg, data)


def image_of(picture: pdf_pages.Picture) -> QImage:
    """Return a drawn page as Qt holds pictures."""
    made = QImage(
        picture.points,
        picture.width,
        picture.height,
        picture.width * 4,
        QImage.Format.Format_RGB32,
    )
    return made.copy()


@contextmanager
def _reader(data: bytes, form: FileForm) -> Iterator[QImageReader]:
    """Give a reader of one form and no other, for whoever asks it one thing.

    Its unpacker lets go of the data before that goes: some look at it once more when they end.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(_QT_NAMES[form]))
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    try:
        yield reader
    finally:
        reader.setDevice(None)  # type: ignore[arg-type]


def _decoded(data: bytes, form: FileForm, page: int | None = None) -> QImage:
    """Unpack a picture or one page of it, turned as it was held, no larger than it is kept."""
    spoilt = DAMAGED if page is None else NO_TIFF
    with _reader(data, form) as reader:
        if page is None and reader.imageCount() > 1:
            raise NotPossible(SEVERAL)
    with _reader(data, form) as reader:
        if page is not None:
            reader.jumpToImage(page)
        size = reader.size()
        if not size.isValid():
            raise NotPossible(spoilt)
        if size.width() * size.height() > _MOST.get(form, _MOST_ELSE):
            raise NotPossible(TOO_MANY_POINTS)
        if min(size.width(), size.height()) < _LEAST_SIDE:
            raise NotPossible(TOO_SMALL)
        if reader.supportsOption(QImageIOHandler.ImageOption.ScaledSize):
            reader.setScaledSize(_kept_size(size))
        image = reader.read()
    if image.isNull():
        raise NotPossible(spoilt)
    return image


def _kept_size(size: QSize) -> QSize:
    longest = max(size.width(), size.height())
    if longest <= LONGEST_SIDE:
        return size
    wide = max(1, round(size.width() * LONGEST_SIDE / longest))
    return QSize(wide, max(1, round(size.height() * LONGEST_SIDE / longest)))


def _bare(image: QImage) -> QImage:
    """Draw a picture onto white paper of its own: colours as on a screen, nothing beside them."""
    space = image.colorSpace()
    wanted = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if space.isValid() and space != wanted:
        converted = image.convertedToColorSpace(wanted)
        image = converted if not converted.isNull() else image
    size = _kept_size(image.size())
    if size != image.size():
        image = image.scaled(
            size,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    image.setDevicePixelRatio(1.0)
    bare = QImage(size, QImage.Format.Format_RGB32)
    if bare.isNull():
        raise NotPossible(TOO_MANY_POINTS)
    bare.fill(_WHITE_PAPER)
    painter = QPainter(bare)
    painter.drawImage(0, 0, image)
    painter.end()
    return bare.convertToFormat(QImage.Format.Format_Grayscale8) if bare.allGray() else bare


def _encoded(image: QImage) -> bytes:
    """Return a picture as JPEG, or as PNG where that is smaller: black print on white paper."""
    jpeg = _written(image, "JPG")
    if image.format() is not QImage.Format.Format_Grayscale8:
        return jpeg
    png = _written(image, "PNG")
    return min((part for part in (jpeg, png) if part), key=len, default=b"")


def _written(image: QImage, form: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, form, _QUALITY if form == "JPG" else -1)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def kept_words(prepared: Prepared) -> str:
    """Return in a few words what will be kept."""
    return size_words(prepared.form.value, prepared.pages, len(prepared.content))


def size_words(form: str, pages: int, size: int = 0) -> str:
    """Return 'PDF, 2 pages' or 'picture', with the size where it is known."""
    from shelter_app.i18n import ngettext

    parts = ["PDF" if form == FileForm.PDF.value else _("picture")]
    if form == FileForm.PDF.value:
        parts.append(ngettext("{count} page", "{count} pages", pages).format(count=pages))
    if size:
        parts.append(_("{size} KB").format(size=f"{max(1, round(size / 1024)):,}"))
    return " · ".join(parts)
