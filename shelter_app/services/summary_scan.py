"""The leak scan of a paper against the names, places and words of this house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shelter_app import paths
from shelter_app.domain import codelists, leak_scan
from shelter_app.domain.charges import statutory_titles
from shelter_app.domain.document import Document
from shelter_app.domain.leak_scan import Finding
from shelter_app.domain.legal import LegalCase
from shelter_app.domain.name_folding import words as name_words
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Placement, Room
from shelter_app.services import house_settings
from shelter_app.services.work import Work
from shelter_app.storage.questions import leak_words

_NAME_LIST: Final = "names_also_words.txt"
_NEVER_NAMES: Final = frozenset(
    {"a", "an", "and", "ask", "at", "baba", "before", "by", "dada", "for", "from", "her", "in"}
    | {"kaka", "kwa", "la", "mama", "mtoto", "mzee", "na", "of", "on", "or", "she", "the", "to"}
    | {"wa", "with", "ya", "yake", "za", "after", "court", "house"}
)
"""Small words that stand inside a typed name ('ask for the aunt') and name nobody."""


@dataclass(frozen=True)
class Settled:
    """A word the scan found and somebody decided to keep, or a line taken out, with the reason."""

    text: str
    concern: str
    reason: str


@dataclass(frozen=True)
class Point:
    """One finding of the scan as the window shows it: the word, its line, the concern."""

    finding: Finding
    word: str
    line: str
    settled: bool


def points(
    work: Work, document: Document, text: str, decided: tuple[Settled, ...]
) -> tuple[Point, ...]:
    """Return what the scan found in the text of a paper, settled or not."""
    scanned = leak_scan.prepared(_words(work, document, text))
    kept = {(entry.text, entry.concern) for entry in decided}
    found = []
    for finding in leak_scan.scan(text, scanned):
        word = text[finding.start : finding.end]
        line = _line_at(text, finding.start)
        settled = (key(word), finding.concern.value) in kept
        found.append(Point(finding, word, line, settled))
    return tuple(found)


def key(word: str) -> str:
    """Return the folded form under which a decision about a word is kept."""
    return " ".join(leak_scan.fold(part) for part in word.split())


def _line_at(text: str, place: int) -> str:
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return text[start : end if end >= 0 else len(text)]


def _words(work: Work, document: Document, text: str) -> leak_scan.Words:
    schemas = [name for name in ("house", "cases", "identity") if work.holds(name)]
    names = leak_words.names_among(
        work.connection, schemas, _possible_names(text), document.person_id
    )
    pseudonym = {leak_scan.fold(word) for word in document.pseudonym_used.split()}
    house = house_settings.current(work)
    places = {room.name for room in work.rule_matching(Room)}
    places |= {word.strip() for word in house.location_words.split(",")}
    places.add(house.house_name)
    places.discard("")
    case = work.get(LegalCase, document.legal_case_id)
    expected = {case.court_case_no, case.ob_number, document.recipient_name, document.doc_no}
    for placement in work.rule_matching(Placement, person_id=document.person_id):
        expected.add(placement.order_number)
    stations = codelists.code_list("court_stations_ke").rows
    expected |= {row.label for row in stations} | statutory_titles()
    return leak_scan.Words(
        other_names=names.others - pseudonym,
        own_names=names.own - pseudonym,
        staff_names=frozenset(staff.alias for staff in work.rule_matching(Staff)),
        places=frozenset(places),
        health=_list("leak_health.txt"),
        history=_list("leak_history.txt"),
        blame=_list("leak_blame.txt"),
        common=_list(_NAME_LIST),
        expected=frozenset(word for word in expected if word),
    )


def _possible_names(text: str) -> set[str]:
    return {word for word in name_words(text) if word not in _NEVER_NAMES}


def _list(name: str) -> frozenset[str]:
    text = paths.resource("wordlists", name).read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip())
