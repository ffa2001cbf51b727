"""The guide: one text per language, shown in the program and typeset as a printed book.

Chapters are Markdown files under resources/guide; their pictures are the ones that
`./dev screenshots` makes, so the book shows the program as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from shelter_app import paths
from shelter_app.i18n import N_, _
from shelter_app.services import folders
from shelter_app.services.rendering import typesetting
from shelter_app.services.work import Work
from shelter_app.storage.safe_files import write_whole

TEMPLATE: Final = "guide.typ"
FIRST_HOUR: Final = "first_hour"
"""The chapter that is also printed alone, on two pages."""
LANGUAGES: Final = ("en", "sw")
TITLE: Final = N_("Guide")


@dataclass(frozen=True)
class Chapter:
    """One chapter: its key (the file's name without its number), title and Markdown text."""

    key: str
    title: str
    text: str


@cache
def chapters(language: str) -> tuple[Chapter, ...]:
    """Return the chapters of a language in their order; English where there is no such guide."""
    folder = paths.resource("guide", language if language in LANGUAGES else "en")
    return tuple(_chapter(path) for path in sorted(folder.glob("*.md")))


def html(text: str) -> str:
    """Return a chapter as HTML for the reader in the program."""
    return str(_reader().render(text))


def read(_work: Work, language: str) -> tuple[Chapter, ...]:
    """Return the chapters to somebody signed in; the guide is for everybody."""
    return chapters(language)


def found(language: str, wanted: str) -> tuple[Chapter, ...]:
    """Return the chapters that hold every word typed, in any order."""
    words = wanted.casefold().split()
    return tuple(
        chapter
        for chapter in chapters(language)
        if all(word in chapter.text.casefold() for word in words)
    )


def pdf(language: str, only: str = "") -> bytes:
    """Return the guide, or one chapter of it, as a tagged PDF."""
    chosen = [c for c in chapters(language) if only in ("", c.key)]
    data = {
        "title": chosen[0].title if only else _(TITLE),
        "language": language,
        "contents": "" if only else _("Contents"),
        "page": _("Page {number}"),
        "compact": bool(only),
        "blocks": [block for chapter in chosen for block in blocks(chapter.text)],
    }
    return typesetting.pdf(TEMPLATE, data)


def save(_work: Work, language: str, folder: Path, only: str = "") -> Path:
    """Write the guide as PDF into a folder; it holds nothing about anybody."""
    folders.require(folder)
    path = folder / file_name(language, only)
    write_whole(path, pdf(language, only))
    return path


def file_name(language: str, only: str = "") -> str:
    """Return what the guide, or one chapter of it, is called as a file."""
    return f"guide-{only.replace('_', '-') + '-' if only else ''}{language}.pdf"


def blocks(text: str) -> list[dict[str, Any]]:
    """Return the text's blocks as plain data for the template: kind, words, items, rows."""
    tokens = _reader().parse(text)
    made, place = [], 0
    while place < len(tokens):
        block, place = _block(tokens, place)
        made.append(block)
    return made


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _chapter(path: Path) -> Chapter:
    text = path.read_text("utf-8")
    title = text.split("\n", 1)[0].removeprefix("# ").strip()
    return Chapter(path.stem.split("-", 1)[1], title, text)


def _block(tokens: list[Token], start: int) -> tuple[dict[str, Any], int]:
    """Return one block and the place after it."""
    opening = tokens[start]
    end = _end(tokens, start)
    inside = tokens[start + 1 : end]
    after = end + 1
    if opening.type == "heading_open":
        words = _words(inside[0])
        return {"kind": "heading", "level": int(opening.tag[1:]), "words": words}, after
    if opening.type == "paragraph_open":
        picture = _picture(inside[0])
        if picture:
            return picture, after
        return {"kind": "paragraph", "words": _words(inside[0])}, after
    if opening.type in ("bullet_list_open", "ordered_list_open"):
        numbered = opening.type == "ordered_list_open"
        return {"kind": "list", "numbered": numbered, "items": _items(inside)}, after
    if opening.type == "blockquote_open":
        return {"kind": "notice", "words": [w for t in inside for w in _words(t)]}, after
    if opening.type == "table_open":
        return {"kind": "table", "rows": _rows(inside)}, after
    raise ValueError(f"the guide uses {opening.type}, which is not typeset")


def _end(tokens: list[Token], start: int) -> int:
    depth = 0
    for place in range(start, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place
    raise ValueError("a block that does not end")


def _items(tokens: list[Token]) -> list[list[dict[str, Any]]]:
    """Return the words of each item of a list; an item is one paragraph."""
    return [_words(token) for token in tokens if token.type == "inline"]


def _rows(tokens: list[Token]) -> list[list[list[dict[str, Any]]]]:
    rows: list[list[list[dict[str, Any]]]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_words(token))
    return rows


def _picture(inline: Token) -> dict[str, Any] | None:
    children = inline.children or []
    if len(children) != 1 or children[0].type != "image":
        return None
    picture = children[0]
    return {"kind": "picture", "path": f"/guide/{picture.attrs['src']}", "alt": picture.content}


def _words(token: Token) -> list[dict[str, Any]]:
    """Return runs of words with what marks them: strong, keys (typed as `code`)."""
    runs: list[dict[str, Any]] = []
    strong = False
    for child in token.children or []:
        if child.type in ("strong_open", "strong_close"):
            strong = child.type == "strong_open"
        elif child.type in ("text", "code_inline"):
            runs.append({"text": child.content, "strong": strong, "key": child.type != "text"})
        elif child.type in ("softbreak", "hardbreak"):
            runs.append({"text": " ", "strong": strong, "key": False})
    return [run for run in runs if run["text"]]
