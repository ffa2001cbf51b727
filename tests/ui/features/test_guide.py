"""The guide: the same chapters in both languages, in the program and on paper."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from pypdf import PdfReader
from pytestqt.qtbot import QtBot

from shelter_app import i18n, paths
from shelter_app.services import guide
from tests.fixtures import House
from ui import help_page
from ui.features.guide import GuidePage
from ui.main_window import MainWindow

BOLD = re.compile(r"\*\*(.+?)\*\*")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")


@pytest.fixture
def page(house: House, qtbot: QtBot) -> GuidePage:
    window = MainWindow(house.desk("house_mother"))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.go("guide")
    qtbot.waitUntil(window.tasks.is_idle)
    found = window.findChild(GuidePage)
    assert isinstance(found, GuidePage)
    return found


def titles(page: GuidePage) -> list[str]:
    return [page.chapter_list.item(row).text() for row in range(page.chapter_list.count())]


@pytest.mark.parametrize("language", guide.LANGUAGES)
def test_both_languages_have_the_same_chapters_and_every_picture_is_there(language: str) -> None:
    english, here = guide.chapters("en"), guide.chapters(language)
    assert [chapter.key for chapter in here] == [chapter.key for chapter in english]
    for chapter in here:
        for picture in PICTURE.findall(chapter.text):
            assert paths.resource("guide", picture).is_file(), picture
            assert picture.endswith(f"-{language}.png")


@pytest.mark.parametrize("language", guide.LANGUAGES)
def test_what_the_guide_prints_in_bold_is_what_the_program_shows(language: str) -> None:
    i18n.set_language(language)
    shown = {_plain(word) for word in _texts(language)}
    for chapter in guide.chapters(language):
        for word in BOLD.findall(chapter.text):
            assert _plain(word) in shown, f"{chapter.key}: {word}"


def _texts(language: str) -> set[str]:
    folder = paths.resource("locale")
    path = folder / "makao.pot" if language == "en" else folder / language / "LC_MESSAGES/makao.po"
    with path.open("rb") as file:
        found = [m for m in read_po(file) if m.id]
    texts = [m.id if language == "en" else m.string for m in found]
    return {text if isinstance(text, str) else (text or ("",))[0] for text in texts}


def _plain(words: str) -> str:
    return words.rstrip("…").strip().casefold()


@pytest.mark.parametrize("language", guide.LANGUAGES)
def test_install_and_first_hour_fits_on_two_printed_pages(language: str) -> None:
    pages = PdfReader(BytesIO(guide.pdf(language, guide.FIRST_HOUR))).pages
    assert len(pages) <= 2


@pytest.mark.parametrize("language", guide.LANGUAGES)
def test_the_printed_guide_holds_every_chapter_and_is_tagged(language: str) -> None:
    book = PdfReader(BytesIO(guide.pdf(language)))
    words = "\n".join(page.extract_text() for page in book.pages)
    for chapter in guide.chapters(language):
        assert words.count(chapter.title) >= 2, chapter.key
    assert "/StructTreeRoot" in book.root_object


@pytest.mark.parametrize("language", guide.LANGUAGES)
def test_the_contents_name_every_section_and_fit_on_the_first_page(language: str) -> None:
    pages = PdfReader(BytesIO(guide.pdf(language))).pages
    contents = " ".join(pages[0].extract_text().split())
    for chapter in guide.chapters(language):
        for heading in re.findall(r"^##? (.+)$", chapter.text, re.MULTILINE):
            assert heading in contents
    assert pages[1].extract_text().startswith(guide.chapters(language)[0].title)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "update stick"),
        ("en", "evacuation"),
        ("en", "uninstall"),
        ("sw", "sasisha flashi"),
        ("sw", "kuhama"),
        ("sw", "kuondoa programu"),
    ],
)
def test_updating_travelling_and_removing_are_found(language: str, words: str) -> None:
    assert guide.found(language, words)


def test_every_place_with_help_names_a_chapter_that_exists() -> None:
    keys = {chapter.key for chapter in guide.chapters("en")}
    assert {help_page.chapter_of(place) for place in help_page._TEXTS} <= keys


def test_looking_for_words_leaves_the_chapters_that_hold_them(page: GuidePage) -> None:
    assert len(titles(page)) == len(guide.chapters("en"))
    page.search_box.setText("sealed amendment")
    page.search_box.searched.emit("sealed amendment")
    assert titles(page) == ["Court"]
    page.search_box.searched.emit("zebra crossing")
    assert titles(page) == []
    assert page.nothing_label.isVisible()


def test_a_page_opens_its_own_chapter(page: GuidePage) -> None:
    page.show_record(0, "house")
    assert page.chapter_list.currentItem().text() == "House"
    assert "A bed cannot be given to two people." in page.view.toPlainText()


def test_the_first_hour_is_saved_under_a_name_that_says_nothing(
    page: GuidePage, qtbot: QtBot, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    page.save(stick, guide.FIRST_HOUR)
    qtbot.waitUntil(lambda: bool(list(stick.iterdir())))
    assert [path.name for path in stick.iterdir()] == ["guide-first-hour-en.pdf"]
