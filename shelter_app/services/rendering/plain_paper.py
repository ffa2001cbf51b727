"""A plain paper of headings and lines, as PDF and as its editable twin."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from shelter_app import i18n
from shelter_app.i18n import _
from shelter_app.services.rendering import court_summary, typesetting

TEMPLATE: Final = "plain_paper.typ"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

_NO_FONT: Final = ("So", "Cs", "Co", "Cn")
_LAST_PLANE: Final = 0xFFFF


@dataclass(frozen=True)
class Line:
    """One paragraph, with a quiet label before it or none."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Paper:
    """A whole paper; `facts` stand under the title."""

    title: str
    letterhead: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: str


def pdf(paper: Paper) -> bytes:
    """Return the paper as tagged PDF."""
    return typesetting.pdf(TEMPLATE, _data(paper))


def pictures(paper: Paper, *, width: int = 700) -> tuple[bytes, ...]:
    """Return the pages as pictures (PNG)."""
    return typesetting.pages(TEMPLATE, _data(paper), width=width)


def _data(paper: Paper) -> dict[str, Any]:
    return {
        "title": _printable(paper.title),
        "language": i18n.language(),
        "letterhead": [_printable(line) for line in paper.letterhead],
        "facts": [[_printable(each) for each in pair] for pair in paper.facts],
        "sections": [
            {
                "title": _printable(section.title),
                "lines": [
                    {"label": _printable(line.label), "text": _printable(line.text)}
                    for line in section.lines
                ],
            }
            for section in paper.sections
        ],
        "footer": _printable(paper.footer),
        "page": _("Page"),
    }


def _printable(text: str) -> str:
    """Return text without pictures and signs that no font of ours has; a paper must come out."""
    return "".join(
        "?" if unicodedata.category(sign) in _NO_FONT or ord(sign) > _LAST_PLANE else sign
        for sign in _clean(text)
    )


def word(paper: Paper) -> bytes:
    """Return the paper as a document that can be edited."""
    import docx
    from docx.shared import Cm

    document = docx.Document()
    court_summary.settle_styles(document)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin = page.bottom_margin = Cm(2.2)
    for line in paper.letterhead:
        document.add_paragraph(_clean(line))
    document.add_heading(_clean(paper.title), level=1)
    for label, value in paper.facts:
        document.add_paragraph(_clean(f"{label}: {value}"))
    for section in paper.sections:
        document.add_heading(_clean(section.title), level=2)
        for each in section.lines:
            shown = f"{each.label}: {each.text}" if each.label else each.text
            document.add_paragraph(_clean(shown))
    properties = document.core_properties
    properties.title, properties.author = _clean(paper.title), ""
    page.footer.paragraphs[0].text = _clean(paper.footer)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
