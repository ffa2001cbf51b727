"""The court-support summary as a value: what the court is told, each line from a dated record.

Outline: domain specification E.1.1; common rules for papers: E.0. Rendering, storage and screens
read this value and nothing else, so that a paper cannot say what is not here.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from shelter_app.domain.fields import choice, flag, text
from shelter_app.domain.record import Record
from shelter_app.i18n import N_

SECTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("person", N_("The survivor")),
    ("placement", N_("Placement and length of stay")),
    ("support", N_("Support received")),
    ("position", N_("The case")),
    ("attendance", N_("Attendance at court")),
    ("measures", N_("Measures and support asked for")),
    ("availability", N_("When she can come")),
    ("safety", N_("Safety")),
    ("papers", N_("Papers that exist, and who holds them")),
    ("wishes", N_("What the survivor wants")),
)
"""Key and title of each section in the order of the paper."""

NEVER_INCLUDED: Final[tuple[tuple[str, str], ...]] = (
    ("counselling", N_("Counselling notes and diagnoses")),
    ("location", N_("The place of the house, and staff phones")),
    ("third_party", N_("Other residents and other survivors")),
    ("health_hiv", N_("HIV, pregnancy and other health")),
    ("sexual_history", N_("Earlier sexual experience (Sexual Offences Act s.34)")),
    ("safety", N_("The family's address")),
    ("unrelated", N_("Donors, other cases, opinions about guilt")),
)
"""What no summary contains, with the code of the list redaction_reason."""


@dataclass(frozen=True, kw_only=True)
class SaidForPaper(Record):
    """The few sentences somebody types for a summary; kept inside the document, not as a row."""

    table: ClassVar[str] = "said_for_paper"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Sentences for the paper")

    language: str = choice(
        N_("Language of the paper"), codes="paper_language", default="en", required=True
    )
    wishes: str = text(
        N_("What the survivor wants, in her words"),
        longest=400,
        help=N_("One sentence, with her consent"),
    )
    welfare: str = text(
        N_("How she is, in one line"), longest=300, help=N_("School, training, general welfare")
    )
    availability: str = text(N_("Days she can or cannot come"), longest=300)
    safety: bool = flag(N_("She fears contact (details on a sealed sheet)"))


@dataclass(frozen=True)
class Line:
    """One sentence and the record it comes from; a typed sentence has no record."""

    text: str
    record_type: str = ""
    record_id: int = 0
    revision: int = 0


@dataclass(frozen=True)
class Section:
    """One numbered section that has something to say."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class CourtSummary:
    """Everything on the paper, in its language, ready to be typeset."""

    reference: str
    version: int
    issued: bool
    language: str
    day: date
    banner: str
    title: str
    addressee: tuple[str, ...]
    matter: tuple[tuple[str, str], ...]
    """Label and value: court, case number, kind of matter."""
    sections: tuple[Section, ...]
    signatures: tuple[tuple[str, str], ...]
    """Label (Prepared by …) and the role or name printed under the line."""
    letterhead: tuple[str, ...]
    footer: str
    draft_mark: str
    page_words: tuple[str, str]
    """'Page' and 'of' in the language of the paper."""

    @property
    def number(self) -> str:
        """Return reference and version as on each page and in the file name."""
        return f"{self.reference}-v{self.version}"

    def text(self) -> str:
        """Return all text of the paper as the leak scan reads it, one line after another."""
        parts = [*self.addressee, *(f"{label}: {value}" for label, value in self.matter)]
        for section in self.sections:
            parts.append(section.title)
            parts += [line.text for line in section.lines]
        return "\n".join(parts)


def as_data(summary: CourtSummary) -> dict[str, Any]:
    """Return the summary as plain values for JSON; the day as YYYY-MM-DD."""
    return dataclasses.asdict(summary) | {"day": summary.day.isoformat(), "number": summary.number}


def from_data(data: dict[str, Any]) -> CourtSummary:
    """Return the summary kept by `as_data`, equal to the one that was kept."""
    sections = tuple(
        Section(section["key"], section["title"], tuple(Line(**line) for line in section["lines"]))
        for section in data["sections"]
    )
    plain = {name: data[name] for name in ("reference", "version", "issued", "language")}
    texts = {name: data[name] for name in ("banner", "title", "footer", "draft_mark")}
    return CourtSummary(
        **plain,
        **texts,
        day=date.fromisoformat(data["day"]),
        addressee=tuple(data["addressee"]),
        matter=tuple((label, value) for label, value in data["matter"]),
        sections=sections,
        signatures=tuple((label, value) for label, value in data["signatures"]),
        letterhead=tuple(data["letterhead"]),
        page_words=(data["page_words"][0], data["page_words"][1]),
    )
