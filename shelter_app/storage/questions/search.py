"""What a few typed letters find in the search keys of one compartment, best first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from shelter_app.domain import name_folding as folding
from shelter_app.storage.search import CODE, ELSEWHERE, HERE, PHONE, SOUND, WORD, in_schema

EXACT: Final = 0
SOUNDS_ALIKE: Final = 1
NEARLY: Final = 2

_LAST: Final = "\U0010ffff"
_MOST_WORDS: Final = 6
_FEW_EXAMINED: Final = 600
_MOST_EXAMINED: Final = 2000
_MOST_NEAR_SCANNED: Final = 300
_MOST_NEAR: Final = 40
_FEW: Final = 12
"""Typing errors are guessed only when what was typed finds fewer than this."""

_BETWEEN: Final = "k.term >= :low AND k.term < :high"
_ONE_OF: Final = "k.term IN (SELECT value FROM json_each(:terms))"
_FIND: Final = (
    "SELECT k.record_type, k.record_id, k.person_id, k.term FROM {schema}.search_key k"
    " WHERE k.kind = :kind AND k.place = :place AND {condition}"
    " AND k.record_type IN (SELECT value FROM json_each(:types)) LIMIT :most"
)
_FITS: Final = (
    "SELECT DISTINCT k.record_id FROM json_each(:ids) wanted CROSS JOIN {schema}.search_key k"
    " WHERE k.record_id = wanted.value AND k.kind = :kind AND {condition}"
)
_NEAR: Final = (
    "SELECT DISTINCT word FROM {schema}.search_near WHERE near >= :low AND near < :high LIMIT :most"
)


class Hit(NamedTuple):
    """A record that was found: how well it fits, and whether its person has not left.

    A tuple, because a letter typed among a hundred thousand people finds thousands of them.
    """

    record_type: str
    record_id: int
    person_id: int
    rank: int
    here: bool
    term: str


@dataclass(frozen=True)
class _Range:
    """A stretch of keys from `low` up to and without `high`, or the exact `terms`."""

    rank: int
    kind: str
    low: str = ""
    high: str = ""
    terms: tuple[str, ...] = ()

    def statement(self, template: str) -> str:
        return template.replace("{condition}", _ONE_OF if self.terms else _BETWEEN)

    @property
    def values(self) -> dict[str, Any]:
        if self.terms:
            return {"kind": self.kind, "terms": json.dumps(self.terms)}
        return {"kind": self.kind, "low": self.low, "high": self.high}


_Word = tuple[_Range, ...]


@dataclass(frozen=True)
class Index:
    """The keys of one attached compartment, for these record types."""

    connection: sa.Connection
    compartment: str
    record_types: tuple[str, ...]
    here_only: bool = False

    def search(self, typed: str, limit: int = 50) -> list[Hit]:
        """Return what fits: exact before alike in sound before one error; who left last."""
        found: dict[tuple[str, int], Hit] = {}
        for reading in _readings(typed):
            for hit in self._all_words(reading, limit):
                known = found.get((hit.record_type, hit.record_id))
                if known is None or hit.rank < known.rank:
                    found[hit.record_type, hit.record_id] = hit
        return sorted(found.values(), key=_order)[:limit]

    def _all_words(self, reading: list[_Word], limit: int) -> list[Hit]:
        """Return the records that fit every word, starting from what the longest word finds."""
        longest, *others = sorted(reading, key=lambda word: -len(word[0].low))
        if not others:
            return self._one_word(longest, limit * 3, limit)
        found: list[Hit] = []
        few = (_FEW_EXAMINED,) if limit < _FEW_EXAMINED else ()
        for most in (*few, _MOST_EXAMINED):
            candidates = self._one_word(longest, most, most)
            found = self._fitting(candidates, others)
            if len(found) >= limit or len(candidates) < most:
                break
        return found

    def _fitting(self, found: list[Hit], words: list[_Word]) -> list[Hit]:
        for word in words:
            ranks = self._ranks(word, [hit.record_id for hit in found])
            found = [
                hit._replace(rank=max(hit.rank, ranks[hit.record_id]))
                for hit in found
                if hit.record_id in ranks
            ]
        return found

    def _one_word(self, word: _Word, most: int, enough: int) -> list[Hit]:
        """Return what fits one word; when what fits exactly is enough, the rest is not read."""
        found: dict[tuple[str, int], Hit] = {}
        for one in word:
            if one.rank != EXACT and len(found) >= enough:
                break
            for hit in self._in_range(one, most):
                found.setdefault((hit.record_type, hit.record_id), hit)
        if len(found) < _FEW:
            for one in self._near(word):
                for hit in self._in_range(one, most):
                    found.setdefault((hit.record_type, hit.record_id), hit)
        return list(found.values())

    def _in_range(self, one: _Range, most: int) -> list[Hit]:
        statement = in_schema(self.compartment, one.statement(_FIND))
        values = {**one.values, "types": json.dumps(self.record_types), "most": most}
        hits: list[Hit] = []
        for place in (HERE,) if self.here_only else (HERE, ELSEWHERE):
            rows = self.connection.execute(statement, {**values, "place": place}).all()
            hits += [Hit(r[0], r[1], r[2], one.rank, place == HERE, r[3]) for r in rows]
        return hits

    def _near(self, word: _Word) -> _Word:
        """Return the known words that differ from the typed one by one typing error."""
        near: dict[str, None] = {}
        statement = in_schema(self.compartment, _NEAR)
        for typed in (one.low for one in word if one.kind == SOUND):
            for start in sorted(folding.near_starts(typed), key=len, reverse=True):
                values = {"low": start, "high": start + _LAST, "most": _MOST_NEAR_SCANNED}
                for (known,) in self.connection.execute(statement, values).all():
                    if known not in near and folding.begins_nearly(known, typed):
                        near[known] = None
        terms = tuple(near)[:_MOST_NEAR]
        return (_Range(NEARLY, SOUND, terms=terms),) if terms else ()

    def _ranks(self, word: _Word, ids: list[int]) -> dict[int, int]:
        """Return how well each of the records fits one more word; those that do not are absent."""
        ranks: dict[int, int] = {}
        for one in (*word, *self._near(word)):
            left = [record_id for record_id in ids if record_id not in ranks]
            if not left:
                break
            statement = in_schema(self.compartment, one.statement(_FITS))
            values = {**one.values, "ids": json.dumps(left)}
            for (record_id,) in self.connection.execute(statement, values).all():
                ranks[record_id] = one.rank
        return ranks


def _starting(rank: int, kind: str, start: str) -> _Range:
    return _Range(rank, kind, start, start + _LAST)


def _readings(typed: str) -> list[list[_Word]]:
    """Return the ways to read what was typed: as words, as a phone number, as one code."""
    words = folding.words(typed)[:_MOST_WORDS]
    readings = [[_word(word) for word in words]] if words else []
    starts = folding.phone_starts(typed)
    if starts:
        readings.append([tuple(_starting(EXACT, PHONE, start) for start in sorted(starts))])
    code = folding.squashed(typed)
    if len(words) > 1 and any(letter.isdigit() for letter in code):
        readings.append([(_starting(EXACT, CODE, code),)])
    return readings


def _word(word: str) -> _Word:
    as_typed = (
        _starting(EXACT, WORD, word),
        _starting(EXACT, CODE, folding.squashed(word) or word),
    )
    if len(word) == 1 or any(letter.isdigit() for letter in word):
        return as_typed
    return (*as_typed, *(_starting(SOUNDS_ALIKE, SOUND, s) for s in folding.folded(word)))


def _order(hit: Hit) -> tuple[int, bool, str, int]:
    return hit.rank, not hit.here, hit.term, hit.record_id
