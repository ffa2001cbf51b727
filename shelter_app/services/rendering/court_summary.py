"""The court-support summary as PDF, as page pictures, and as an editable Word document."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from shelter_app import i18n
from shelter_app.domain.court_summary import CourtSummary, as_data
from shelter_app.domain.day_words import long_day
from shelter_app.services.rendering import typesetting

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

TEMPLATE: Final = "court_summary.typ"
_FONT: Final = "Times New Roman"
"""The editable twin is opened on the computers of others, which have this serif or its equal."""
_TEXT_WIDTH: Final = 16.2
_CONTROL: Final = {code: None for code in range(32) if chr(code) not in "\n\t"}


def _data(summary: CourtSummary) -> dict[str, Any]:
    with i18n.speaking(summary.language):
        return as_data(summary) | {"day_text": long_day(summary.day)}


def pdf(summary: CourtSummary) -> bytes:
    """Return the paper as tagged PDF."""
    return typesetting.pdf(TEMPLATE, _data(summary))


def pages(summary: CourtSummary, *, width: int = 700) -> tuple[bytes, ...]:
    """Return each page as a PNG picture for the preview."""
    return typesetting.pages(TEMPLATE, _data(summary), width=width)


def word(summary: CourtSummary) -> bytes:
    """Return the same text as an editable DOCX with real headings, header and footer."""
    from docx import Document
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Cm, Pt

    document = Document()
    settle_styles(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.0)
    mark = "" if summary.issued else f" · {summary.draft_mark}"
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    _say(header, f"{summary.banner}\t{summary.number}{mark}", Pt(8))
    _say(footer, f"{summary.footer}\t", Pt(7.5))
    _page_number(footer, summary.page_words, Pt(7.5))
    for edge in (header, footer):
        edge.style = document.styles["Normal"]
        edge.paragraph_format.tab_stops.add_tab_stop(Cm(_TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    _body(document, summary)
    properties = document.core_properties
    properties.title, properties.author = f"{summary.title} {summary.number}", ""
    properties.language = summary.language
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _body(document: WordDocument, summary: CourtSummary) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for line in (*summary.letterhead, "", *summary.addressee):
        _say(document.add_paragraph(), line, Pt(10))
    with i18n.speaking(summary.language):
        day = document.add_paragraph(_clean(long_day(summary.day)))
    day.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_heading(_clean(summary.title), level=1)
    for label, value in summary.matter:
        _say(document.add_paragraph(), f"{label}: {value}", Pt(9.5))
    for number, section in enumerate(summary.sections, start=1):
        document.add_heading(_clean(f"{number}  {section.title}"), level=2)
        for entry in section.lines:
            document.add_paragraph(_clean(entry.text))
    document.add_paragraph()
    table = document.add_table(rows=0, cols=2)
    for start in range(0, len(summary.signatures), 2):
        cells = table.add_row().cells
        for cell, (label, value) in zip(cells, summary.signatures[start : start + 2], strict=False):
            line = cell.paragraphs[0]
            _say(line, f"\n\n____________________________\n{label}\n{value}", Pt(9))
            line.paragraph_format.keep_together = True
            line.paragraph_format.keep_with_next = True


def settle_styles(document: WordDocument) -> None:
    """Give an editable twin the sober look of its paper: one serif, black, little air."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in (("Normal", 10.5), ("Heading 1", 17), ("Heading 2", 11)):
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), _FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            if fonts.get(qn(theme)) is not None:
                del fonts.attrib[qn(theme)]
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(8)
    document.styles["Heading 2"].paragraph_format.space_before = Pt(8)


def _say(paragraph: Any, text: str, size: Any) -> None:
    paragraph.add_run(_clean(text)).font.size = size
    paragraph.paragraph_format.space_after = 0


def _page_number(paragraph: Any, words: tuple[str, str], size: Any) -> None:
    _say(paragraph, f"{words[0]} ", size)
    _field(paragraph, "PAGE", size)
    _say(paragraph, f" {words[1]} ", size)
    _field(paragraph, "NUMPAGES", size)


def _field(paragraph: Any, code: str, size: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", "1"), ("end", "")):
        run = paragraph.add_run(text if kind == "shown" else "")
        run.font.size = size
        if kind == "shown":
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001 - python-docx has no public way to add a field


def _clean(text: str) -> str:
    return text.translate(_CONTROL)
