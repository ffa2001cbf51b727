"""The scan of a paper before it leaves: names, places, numbers and words that could harm.

Source: domain specification E.0 rule 5 and E.2. The scan points; removing or keeping a word is a
human decision with a reason. It works on folded words, so that 'ZAWÁDI', "Zawadi's" and 'kwa
Zawadi' are all found, and it never repeats a list of names: a finding is a place and a concern.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from shelter_app.i18n import N_


class Concern(Enum):
    """Why a word should not leave the house."""

    OTHER_RESIDENT = "other_resident"
    REAL_NAME = "real_name"
    STAFF = "staff"
    PLACE = "place"
    NUMBER = "number"
    HEALTH = "health"
    HISTORY = "history"
    BLAME = "blame"


REASONS: Final[dict[Concern, str]] = {
    Concern.OTHER_RESIDENT: "third_party",
    Concern.REAL_NAME: "safety",
    Concern.STAFF: "staff_identity",
    Concern.PLACE: "location",
    Concern.NUMBER: "safety",
    Concern.HEALTH: "health_hiv",
    Concern.HISTORY: "sexual_history",
    Concern.BLAME: "unrelated",
}
"""The code of the list redaction_reason proposed when a word is taken out."""


SENTENCES: Final[dict[Concern, str]] = {
    Concern.OTHER_RESIDENT: N_("name of another person"),
    Concern.REAL_NAME: N_("her own name"),
    Concern.STAFF: N_("name of somebody who works here"),
    Concern.PLACE: N_("may give the place away"),
    Concern.NUMBER: N_("phone, identity number or address"),
    Concern.HEALTH: N_("word about health"),
    Concern.HISTORY: N_("earlier sexual experience (Sexual Offences Act s.34)"),
    Concern.BLAME: N_("word that blames or doubts her"),
}


@dataclass(frozen=True)
class Words:
    """What the scan looks for; phrases as typed, folded once by `prepared`.

    `common` holds names that are also everyday words (Amani, Baraka): they are reported as
    uncertain. `expected` are strings that belong into the paper, such as its case number.
    """

    other_names: frozenset[str] = frozenset()
    own_names: frozenset[str] = frozenset()
    staff_names: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    health: frozenset[str] = frozenset()
    history: frozenset[str] = frozenset()
    blame: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    expected: frozenset[str] = frozenset()


@dataclass(frozen=True, order=True)
class Finding:
    """A stretch of the text somebody has to decide about; `certain` is False for everyday words."""

    start: int
    end: int
    concern: Concern = field(compare=False)
    certain: bool = field(default=True, compare=False)


@dataclass(frozen=True)
class Prepared:
    """Words ready for scanning: first folded word -> the phrases that begin with it."""

    phrases: dict[str, tuple[tuple[tuple[str, ...], Concern], ...]]
    stems: dict[str, Concern]
    common: frozenset[str]
    expected: tuple[str, ...]


_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DIGITS: Final = re.compile(r"(?:\+|\(\d{2,4}\)[ ]?)?\d(?:[ .\-/]?\d){6,}")
_YEAR_AND_COUNT: Final = re.compile(r"(?:19|20)\d\d \d{1,3}")
_UNHCR: Final = re.compile(r"\b\d{3}-\d{2}[A-Z]\d{5}\b")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
_BOX: Final = re.compile(r"\b(?:plot|house no\.?|lr no\.?|gps)\s*[\w./-]*\d[\w./-]*", re.IGNORECASE)
_DATE: Final = re.compile(
    r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})(?:[ T]\d{1,2}:\d{2})?\b"
)
_NUMBERS: Final = (_UNHCR, _MAIL, _BOX, _DIGITS)
_POSSESSIVE: Final = re.compile(r"['’]s$")
_STEM_MARK: Final = "*"
_SHORTEST_NAME: Final = 2


def fold(word: str) -> str:
    """Return a word without case, accents and a possessive s."""
    decomposed = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", word))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.casefold().replace("’", "'")


def prepared(words: Words) -> Prepared:
    """Return the words folded and arranged for `scan`; do it once for many texts.

    Where a phrase has several concerns the graver one, earlier in this list, is reported.
    """
    lists = (
        (words.own_names, Concern.REAL_NAME),
        (words.other_names, Concern.OTHER_RESIDENT),
        (words.staff_names, Concern.STAFF),
        (words.places, Concern.PLACE),
        (words.health, Concern.HEALTH),
        (words.history, Concern.HISTORY),
        (words.blame, Concern.BLAME),
    )
    phrases: dict[str, dict[tuple[str, ...], Concern]] = {}
    stems: dict[str, Concern] = {}
    for entries, concern in lists:
        for entry in entries:
            if entry.endswith(_STEM_MARK):
                stems.setdefault(fold(entry[:-1]), concern)
                continue
            key = tuple(fold(match.group()) for match in _WORD.finditer(entry))
            if key and len("".join(key)) >= _SHORTEST_NAME:
                phrases.setdefault(key[0], {}).setdefault(key, concern)
    arranged = {
        first: tuple(sorted(found.items(), key=lambda item: -len(item[0])))
        for first, found in phrases.items()
    }
    common = frozenset(fold(word) for word in words.common)
    expected = tuple(sorted((text for text in words.expected if text), key=len, reverse=True))
    return Prepared(arranged, stems, common, expected)


def scan(text: str, words: Prepared) -> tuple[Finding, ...]:
    """Return every stretch of the text that needs a decision, in the order of the text."""
    spared = _spans_of(text, words.expected)
    found = [*_numbers(text, spared), *_phrases(text, words)]
    return tuple(sorted(_without_overlaps(f for f in found if not _inside(f, spared))))


def _phrases(text: str, words: Prepared) -> Iterator[Finding]:
    tokens = [(fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]
    for place, (word, start, end) in enumerate(tokens):
        hit = _phrase_at(tokens, place, words)
        if hit is not None:
            length, concern = hit
            certain = length > 1 or word not in words.common or _reads_as_name(text, tokens, place)
            yield Finding(start, tokens[place + length - 1][2], concern, certain)
            continue
        for stem, concern in words.stems.items():
            if word.startswith(stem):
                yield Finding(start, end, concern)
                break


def _phrase_at(
    tokens: list[tuple[str, int, int]], place: int, words: Prepared
) -> tuple[int, Concern] | None:
    for phrase, concern in words.phrases.get(tokens[place][0], ()):
        following = tuple(token[0] for token in tokens[place : place + len(phrase)])
        if following == phrase:
            return len(phrase), concern
    return None


_CONNECTORS: Final = frozenset({"kwa", "wa", "ya", "na", "la", "cha", "za", "with", "and", "by"})


def _reads_as_name(text: str, tokens: list[tuple[str, int, int]], place: int) -> bool:
    """Say whether an everyday word is used as a name: a capital inside a sentence."""
    start = tokens[place][1]
    if not text[start].isupper():
        return False
    before = text[:start].rstrip(" \t\"“'(")
    begins_sentence = not before or before[-1] in ".!?:\n"
    after_connector = place > 0 and tokens[place - 1][0] in _CONNECTORS
    return after_connector or not begins_sentence


def _numbers(text: str, spared: list[tuple[int, int]]) -> Iterator[Finding]:
    dates = [match.span() for match in _DATE.finditer(text)]
    for pattern in _NUMBERS:
        for match in pattern.finditer(text):
            finding = Finding(match.start(), match.end(), Concern.NUMBER)
            counted = _YEAR_AND_COUNT.fullmatch(match.group())
            if not (counted or _inside(finding, dates) or _inside(finding, spared)):
                yield finding


def _spans_of(text: str, strings: Iterable[str]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for string in strings:
        start = text.find(string)
        while start >= 0:
            spans.append((start, start + len(string)))
            start = text.find(string, start + 1)
    return spans


def _inside(finding: Finding, spans: list[tuple[int, int]]) -> bool:
    return any(start <= finding.start and finding.end <= end for start, end in spans)


def _without_overlaps(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Keep the longest of findings that overlap, so that each word is decided once."""
    taken: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.start - f.end, f.start)):
        if all(finding.end <= other.start or other.end <= finding.start for other in taken):
            taken.append(finding)
            yield finding
