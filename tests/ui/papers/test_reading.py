"""From a file on a stick to what is kept: bare pictures, whole PDFs, one sentence for the rest."""

from __future__ import annotations

import os
import stat
import struct
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from shelter_app.domain import paper_files
from shelter_app.domain.paper_files import FileForm
from shelter_app.errors import NotPossible
from shelter_app.services.rendering import pdf_pages
from shelter_app.services.rendering.pdf_of_pictures import pdf_of
from tests.made_files import PLACE, a_bomb, a_pdf, a_png, a_tiff, encoded, with_position
from ui.papers import reading


@pytest.fixture(autouse=True)
def _quiet(qtbot: QtBot) -> None:
    """What Qt's readers say of spoilt files goes to nobody."""
    QLoggingCategory.setFilterRules("qt.gui.imageio*=false\nqt.imageformats*=false")


def drawn(width: int = 320, height: int = 200) -> QImage:
    """A white sheet with a red corner at the upper left."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.fillRect(0, 0, width // 4, height // 4, QColor("red"))
    painter.end()
    return image


def is_red(image: QImage, x: int, y: int) -> bool:
    colour = image.pixelColor(x, y)
    return colour.red() > 200 and colour.green() < 80


@pytest.mark.parametrize("form", ["JPG", "PNG", "BMP", "TIFF", "WEBP"])
def test_every_sort_of_picture_becomes_a_bare_one(form: str) -> None:
    made = reading.prepared(encoded(drawn(), form))
    assert made.form in (FileForm.JPEG, FileForm.PNG)
    assert paper_files.is_clean(made.content)
    assert (made.preview.width(), made.preview.height(), made.pages) == (320, 200, 1)
    kept = QImage.fromData(made.content)
    assert is_red(kept, 10, 10)
    assert not is_red(kept, 300, 150)


def test_where_it_was_taken_is_gone_and_how_it_was_held_is_kept() -> None:
    plain = encoded(drawn(), "JPG")
    from_phone = with_position(plain, orientation=6)
    assert PLACE in from_phone
    assert not paper_files.is_clean(from_phone)
    made = reading.prepared(from_phone)
    assert PLACE not in made.content
    assert b"Exif" not in made.content
    kept = QImage.fromData(made.content)
    assert (kept.width(), kept.height()) == (200, 320), "turned upright"
    assert is_red(kept, 190, 10), "a quarter to the right"


def test_words_beside_a_picture_and_what_was_stuck_to_its_end_are_gone() -> None:
    said = a_png(40, 30, words=b"Kwa Amina, Kisauni")
    assert b"Kisauni" not in reading.prepared(said).content
    trailing = encoded(drawn(), "JPG") + b"and a film from the same telephone"
    assert b"film" not in reading.prepared(trailing).content


def test_a_large_scan_is_made_small_enough_and_print_on_white_is_kept_as_png() -> None:
    made = reading.prepared(encoded(drawn(4_800, 3_000), "JPG"))
    assert (made.preview.width(), made.preview.height()) == (3_000, 1_875)
    sheet = QImage(1_200, 1_700, QImage.Format.Format_Mono)
    sheet.fill(1)
    assert reading.prepared(encoded(sheet, "TIFF")).form is FileForm.PNG


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", reading.EMPTY),
        (b"\0\0\0\x18ftypheic" + bytes(40), reading.FROM_PHONE),
        (b"PK\x03\x04word/document.xml", reading.OFFICE),
        (b"<html>", reading.OTHER),
        (a_bomb(), reading.TOO_MANY_POINTS),
        (a_png(4, 4), reading.TOO_SMALL),
        (a_png(0, 0), reading.DAMAGED),
        (a_png(400, 300)[:-30], reading.DAMAGED),
        (b"%PDF-1.7 and nothing else", pdf_pages.DAMAGED),
        (a_pdf()[:300], pdf_pages.DAMAGED),
    ],
    ids=["empty", "phone", "word", "web", "bomb", "small", "nothing", "cut", "no pdf", "cut pdf"],
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(data: bytes, sentence: str) -> None:
    with pytest.raises(NotPossible) as refused:
        reading.prepared(data)
    assert refused.value.args[0] == sentence


@pytest.mark.parametrize("form", ["JPG", "PNG", "BMP", "TIFF", "WEBP"])
def test_a_picture_that_ends_too_early_is_never_kept_half(form: str) -> None:
    whole = encoded(drawn(), form)
    for share in (0.3, 0.7, 0.95):
        with pytest.raises(NotPossible):
            reading.prepared(whole[: int(len(whole) * share)])


def test_a_pdf_is_kept_as_it_is_and_its_first_page_shown() -> None:
    made = reading.prepared(a_pdf(3))
    assert (made.form, made.pages, made.content) == (FileForm.PDF, 3, a_pdf(3))
    assert made.preview.width() == 600
    assert not made.preview.allGray() or made.preview.pixelColor(5, 5) == QColor("white")


def test_a_locked_pdf_says_so(tmp_path: Path) -> None:
    import io

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    path = tmp_path / "locked.pdf"
    with path.open("wb") as file:
        writer.write(file)
    with pytest.raises(NotPossible) as refused:
        reading.read(path)
    assert refused.value.args[0] == pdf_pages.LOCKED


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    with path.open("wb") as file:
        file.truncate(paper_files.LARGEST + 1)
    with pytest.raises(NotPossible) as refused:
        reading.read(path)
    assert refused.value.args[0] == reading.TOO_LARGE


def test_what_is_no_file_or_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotPossible) as gone:
        reading.read(tmp_path / "pulled out.jpg")
    assert gone.value.args[0] == reading.GONE
    for strange in (tmp_path, Path(os.devnull)):
        assert not stat.S_ISREG(strange.stat().st_mode)
        with pytest.raises(NotPossible) as refused:
            reading.read(strange)
        assert refused.value.args[0] == reading.NO_FILE


def test_the_name_of_a_file_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(encoded(drawn(), "JPG"))
    assert reading.read(path).form is FileForm.JPEG


def test_the_file_on_the_stick_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    whole = with_position(encoded(drawn(), "JPG"))
    path.write_bytes(whole)
    reading.read(path)
    assert path.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [path]


def test_a_page_that_never_ends_is_given_up() -> None:
    endless = a_pdf(drawing=b"0 0 m 595 842 l S 10 10 500 700 re f " * 60_000)
    with pytest.raises(NotPossible) as refused:
        pdf_pages.draw(endless, 0, 900, longest=0.05)
    assert refused.value.args[0] == pdf_pages.TOO_SLOW
    assert pdf_pages.draw(a_pdf(), 0, 200).width == 200, "the next one is drawn as ever"


@pytest.mark.parametrize("box", ["0 0 0 0", "0 0 1e9 1e9", "0 0 1 900000", "0 0 -5 7", "a b"])
def test_a_page_of_an_impossible_size_takes_no_more_memory_than_another(box: str) -> None:
    try:
        made = pdf_pages.draw(a_pdf(box=box), 0, 900)
    except NotPossible:
        return
    assert made.width * made.height <= 25_000_000


def test_pages_are_drawn_in_any_thread_one_at_a_time() -> None:
    sizes: list[tuple[int, int]] = []

    def draw() -> None:
        for number in range(3):
            made = pdf_pages.draw(a_pdf(3), number, 300)
            sizes.append((made.width, len(made.points)))

    threads = [threading.Thread(target=draw) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sizes) == 9
    assert len(set(sizes)) == 1


@pytest.mark.parametrize("order", ["<", ">"])
def test_every_page_of_a_scan_is_drawn_anew_and_bound_into_a_pdf(order: str) -> None:
    made = reading.prepared(a_tiff(4, order=order))
    assert (made.form, made.pages) == (FileForm.PDF, 4)
    assert made.preview.width() == 60
    shades = [_middle(pdf_pages.draw(made.content, page, 60)) for page in range(4)]
    assert shades == [250, 210, 170, 130]
    assert pdf_pages.count(made.content) == 4
    assert b"Info" not in made.content, "nothing says when and by what it was made"


def test_colours_stay_and_grey_is_packed_in_the_smaller_form() -> None:
    packed = reading._packed(reading._bare(drawn()))
    assert (packed.is_jpeg, packed.grey) == (True, False)
    content = pdf_of([packed])
    image = reading.image_of(pdf_pages.draw(content, 0, 320))
    assert is_red(image, 10, 10)
    assert not is_red(image, 300, 150)
    sheet = QImage(301, 200, QImage.Format.Format_Grayscale8)
    sheet.fill(255)
    assert not reading._packed(sheet).is_jpeg
    white = reading.image_of(pdf_pages.draw(pdf_of([reading._packed(sheet)]), 0, 301))
    assert white.pixelColor(150, 100) == QColor("white")


def test_a_small_picture_of_another_page_is_not_kept() -> None:
    made = reading.prepared(a_tiff(3, small=(1,)))
    assert made.pages == 2
    assert _middle(pdf_pages.draw(made.content, 1, 60)) == 170
    alone = reading.prepared(a_tiff(2, small=(1,)))
    assert alone.form is not FileForm.PDF, "one page is kept as a picture as ever"


def test_a_scan_in_which_pages_are_missing_is_refused() -> None:
    one, whole = a_tiff(1), a_tiff(4)
    for length in range(9, len(one), 97):
        with pytest.raises(NotPossible):
            reading.prepared(one[:length])
    for length in range(9, len(whole), 97):
        with pytest.raises(NotPossible) as refused:
            reading.prepared(whole[:length])
        assert refused.value.args[0] == reading.NO_TIFF


def test_a_scan_packed_as_jpeg_is_told_what_to_do() -> None:
    packed = a_tiff(2).replace(
        struct.pack("<HHII", 259, 4, 1, 1), struct.pack("<HHII", 259, 4, 1, 7)
    )
    with pytest.raises(NotPossible) as refused:
        reading.prepared(packed)
    assert refused.value.args[0] == reading.NO_TIFF


def test_a_scan_that_goes_round_in_a_circle_or_has_no_end_is_refused() -> None:
    circle = bytearray(a_tiff(2))
    second = struct.unpack_from("<I", circle, 8 + 2 + 120)[0]
    struct.pack_into("<I", circle, second + 2 + 120, 8)
    with pytest.raises(NotPossible) as refused:
        reading.prepared(bytes(circle))
    assert refused.value.args[0] == reading.NO_TIFF
    with pytest.raises(NotPossible, match="50 at most"):
        reading.prepared(a_tiff(51, side=10))


def test_pages_that_are_too_large_together_are_refused_before_they_are_unpacked() -> None:
    began = time.perf_counter()
    with pytest.raises(NotPossible) as refused:
        reading.prepared(a_tiff(17, says=6_000))
    assert refused.value.args[0] == reading.PAGES_TOO_LARGE
    assert time.perf_counter() - began < 1.0
    with pytest.raises(NotPossible) as refused:
        reading.prepared(a_tiff(2, says=7_000))
    assert refused.value.args[0] == reading.TOO_MANY_POINTS


def _middle(page: pdf_pages.Picture) -> int:
    return page.points[(page.height // 2 * page.width + page.width // 2) * 4]


WHOLE = {
    "png": a_png(40, 30, words=b"x"),
    "pdf": a_pdf(),
    "bomb": a_bomb(3_000),
    "short": b"\xff\xd8\xff\xda\0\2\xff",
    "tiff": b"II*\0\x08\0\0\0" + bytes(30),
    "scan": a_tiff(3, side=16),
    "other scan": a_tiff(2, side=16, order=">"),
}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(WHOLE)),
    place=st.integers(0, 2_000),
    gone=st.integers(0, 40),
    put=st.binary(max_size=12),
)
def test_a_spoilt_file_is_kept_clean_or_refused(
    name: str, place: int, gone: int, put: bytes
) -> None:
    whole = WHOLE[name]
    place %= len(whole)
    spoilt = whole[:place] + put + whole[place + gone :]
    try:
        made = reading.prepared(spoilt)
    except NotPossible:
        return
    assert paper_files.is_clean(made.content)


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM"])
)
def test_looking_at_bytes_never_fails(data: bytes, start: bytes) -> None:
    assert paper_files.form_of(start + data) in FileForm
    assert paper_files.is_clean(start + data) in (True, False)
    assert paper_files.is_whole(start + data) in (True, False)
