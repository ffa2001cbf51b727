"""Making every kind of paper once, from nothing: a library or a font that is missing shows here."""

from __future__ import annotations

from datetime import date
from typing import Final

from shelter_app import paths
from shelter_app.domain.court_summary import CourtSummary, Line, Section
from shelter_app.services import (
    audit_heads,
    backup_checks,
    day_sheet,
    guide,
    outing_list,
    recovery_sheets,
)
from shelter_app.services.rendering import court_summary, pdf_pages, plain_paper
from shelter_app.services.self_check import CheckFailed
from shelter_app.services.work import Work

_PDF: Final = b"%PDF"
_WORD: Final = b"PK"
_MADE_HERE: Final = frozenset(
    {
        audit_heads.TEMPLATE,
        backup_checks.TEMPLATE,
        court_summary.TEMPLATE,
        day_sheet.TEMPLATE,
        guide.TEMPLATE,
        outing_list.TEMPLATE,
        plain_paper.TEMPLATE,
        "recovery_sheet.typ",
    }
)


def every_paper(work: Work, sheet: recovery_sheets.Sheet) -> int:
    """Make one paper of every template and return how many came out."""
    templates = {path.name for path in paths.resource("templates").glob("*.typ")}
    if templates - _MADE_HERE:
        raise CheckFailed(f"templates {sorted(templates - _MADE_HERE)} are in no check")
    facts = backup_checks.Facts(
        made_at=work.now,
        newest_at=None,
        residents=0,
        counts=(),
        words="",
        digits="",
        opened=(),
        closed=(),
        rows=0,
        strays=0,
        lost_papers=0,
    )
    plain, court = _plain(), _court(work.today)
    made = {
        "recovery sheet": (recovery_sheets.as_pdf(sheet), _PDF),
        "part of a sheet": (recovery_sheets.as_pdf(sheet, sheet.parts()[0]), _PDF),
        "audit head": (audit_heads.pdf(work), _PDF),
        "day sheet": (day_sheet.pdf(work), _PDF),
        "plain paper": (plain_paper.pdf(plain), _PDF),
        "plain paper to edit": (plain_paper.word(plain), _WORD),
        "court summary": (court_summary.pdf(court), _PDF),
        "court summary to edit": (court_summary.word(court), _WORD),
        "outing list": (outing_list.pdf(work, work.today, work.today), _PDF),
        "rehearsal": (backup_checks.report_pdf(work, facts, "check"), _PDF),
    }
    for language in guide.LANGUAGES:
        made[f"guide {language}"] = (guide.pdf(language), _PDF)
    for name, (paper, start) in made.items():
        if not paper.startswith(start):
            raise CheckFailed(f"paper {name}")
    _look_at(made["plain paper"][0])
    return len(made)


def _look_at(paper: bytes) -> None:
    """Draw a page as papers from outside are drawn, and see that something is on it."""
    pages = pdf_pages.count(paper)
    drawn = pdf_pages.draw(paper, pages - 1, 400)
    if drawn.width != 400 or len(set(drawn.points)) < 3:
        raise CheckFailed("drawing of papers")


def _plain() -> plain_paper.Paper:
    lines = (plain_paper.Line("Check", "Habari"), plain_paper.Line("ሰላም سلام"))
    section = plain_paper.Section("Check", lines)
    return plain_paper.Paper("Check", ("Check",), (("Check", "1"),), (section,), "Check")


def _court(day: date) -> CourtSummary:
    return CourtSummary(
        reference="CHECK",
        version=1,
        issued=False,
        language="en",
        day=day,
        banner="Check",
        title="Check",
        addressee=("Check",),
        matter=(("Check", "1"),),
        sections=(Section("check", "Check", (Line("Check"),)),),
        signatures=(("Check", "Check"),),
        letterhead=("Check",),
        footer="Check",
        draft_mark="Check",
        page_words=("Page", "of"),
    )
