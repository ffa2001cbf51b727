"""The pages of a PDF that came from outside, as pictures: nothing in it is run or followed.

PDFium draws them, from memory to memory: no file, no script, no link, no form. It is loaded with
the first PDF that is looked at. It is not made for several threads, so one page is drawn at a time.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any, Final

from shelter_app.errors import NotPossible
from shelter_app.i18n import N_, _

DAMAGED: Final = N_(
    "This PDF is damaged or not complete. Make it again with the scanner, or copy it to the stick"
    " again."
)
LOCKED: Final = N_(
    "This PDF is locked with a password. Save it without one first; here it is encrypted anyway."
)
TOO_SLOW: Final = N_("This page takes too long to draw, so it is not shown.")
MOST_PAGES: Final = 300
LONGEST: Final = 20.0
"""Seconds for one page; a page can be made so that it never ends."""
_MOST_PIXELS: Final = 24_000_000
_LONGEST_SIDE: Final = 16_000
_BYTES: Final = 4
_WHITE: Final = 0xFFFFFFFF

_one_at_a_time: Final = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A drawn page: four bytes a point (blue, green, red, nothing), line after line."""

    width: int
    height: int
    points: bytes


@cache
def _pdfium() -> Any:
    """Load the library, once, and only when there is something to draw."""
    import pypdfium2_raw

    config = pypdfium2_raw.FPDF_LIBRARY_CONFIG(2, None, None, 0)
    pypdfium2_raw.FPDF_InitLibraryWithConfig(config)
    return pypdfium2_raw


def count(data: bytes) -> int:
    """Return how many pages there are; NotPossible when it cannot be read and shown."""
    with _opened(data) as (library, document):
        pages = int(library.FPDF_GetPageCount(document))
        if pages < 1:
            raise NotPossible(DAMAGED)
        if pages > MOST_PAGES:
            said = _("This PDF has too many pages: {most} at most. Add it in parts.")
            raise NotPossible(said.format(most=MOST_PAGES))
        for number in range(pages):
            with _page(library, document, number):
                pass
        return pages


def draw(data: bytes, number: int, width: int, *, longest: float = LONGEST) -> Picture:
    """Return one page (counted from 0) drawn at a width in points of the screen."""
    with _opened(data) as (library, document), _page(library, document, number) as page:
        return _drawn(library, page, width, perf_counter() + longest)


@contextmanager
def _opened(data: bytes) -> Iterator[tuple[Any, Any]]:
    with _one_at_a_time:
        library = _pdfium()
        document = library.FPDF_LoadMemDocument64(data, len(data), None)
        if not document:
            locked = library.FPDF_GetLastError() in (
                library.FPDF_ERR_PASSWORD,
                library.FPDF_ERR_SECURITY,
            )
            raise NotPossible(LOCKED if locked else DAMAGED)
        try:
            yield library, document
        finally:
            library.FPDF_CloseDocument(document)


@contextmanager
def _page(library: Any, document: Any, number: int) -> Iterator[Any]:
    page = library.FPDF_LoadPage(document, number)
    if not page:
        raise NotPossible(DAMAGED)
    try:
        yield page
    finally:
        library.FPDF_ClosePage(page)


def _drawn(library: Any, page: Any, width: int, until: float) -> Picture:
    across, down = library.FPDF_GetPageWidthF(page), library.FPDF_GetPageHeightF(page)
    if not (math.isfinite(across) and math.isfinite(down) and across > 0 and down > 0):
        raise NotPossible(DAMAGED)
    most = math.sqrt(_MOST_PIXELS / (across * down))
    scale = min(max(width, 1) / across, most, _LONGEST_SIDE / max(across, down))
    wide, high = max(1, round(across * scale)), max(1, round(down * scale))
    points = (ctypes.c_ubyte * (wide * high * _BYTES))()
    bitmap = library.FPDFBitmap_CreateEx(wide, high, library.FPDFBitmap_BGRx, points, wide * _BYTES)
    if not bitmap:
        raise NotPossible(DAMAGED)
    try:
        library.FPDFBitmap_FillRect(bitmap, 0, 0, wide, high, _WHITE)
        _draw_until(library, page, bitmap, (wide, high), until)
    finally:
        library.FPDFBitmap_Destroy(bitmap)
    return Picture(wide, high, bytes(points))


def _draw_until(library: Any, page: Any, bitmap: Any, size: tuple[int, int], until: float) -> None:
    """Draw in steps that look at the clock, so that no page keeps the thread for ever."""
    pause = library.IFSDK_PAUSE()
    pause.version = 1
    asked = dict(library.IFSDK_PAUSE._fields_)["NeedToPauseNow"]
    late = asked(lambda _pause: int(perf_counter() > until))
    pause.NeedToPauseNow = late
    state = library.FPDF_RenderPageBitmap_Start(
        bitmap, page, 0, 0, *size, 0, library.FPDF_ANNOT, pause
    )
    library.FPDF_RenderPage_Close(page)
    if state == library.FPDF_RENDER_TOBECONTINUED:
        raise NotPossible(TOO_SLOW)
    if state != library.FPDF_RENDER_DONE:
        raise NotPossible(DAMAGED)
