"""What a few typed letters find in the search keys of one compartment, best first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from shelter_app.domain import name_folding as folding
from shelter_app.domain.catalogue import record_type
from shelter_app.storage.connection import schema_of
from shelter_app.storage.search import CODE, ELSEWHERE, HERE, PHONE, SOUND, WORD, kinds_of

EXACT: Final = 0
SOUNDS_ALIKE: Final = 1
NEARLY: Final = 2

_LAST: Final = "\U0010ffff"
_MOST_WORDS: Final = 6
_MOST_EXAMINED: Final = 2000
_MOST_NEAR_SCANNED: Final = 1200
_MOST_NEAR: Final = 40
_FEW: Final = 12
"""Typing errors are guessed only when what was typed finds fewer than this."""
_FEW_PROBED: Final = 64
"""So many records are looked up one by one; for more, running over a word's keys is quicker."""

_BETWEEN: Final = "k.term >= :low AND k.term < :high"
_ONE_OF: Final = "k.term IN (SELECT value FROM json_each(:terms))"
_FIND: Final = (
    "SELECT k.term, k.record_id, k.person_id FROM {schema}.search_key k"
    " WHERE k.kind = :kind AND k.place = :place AND {condition} AND k.record_type = :type"
    " LIMIT :most"
)
_FITS_OF_FEW: Final = (
    "SELECT k.record_id FROM json_each(:ids) wanted CROSS JOIN {schema}.search_key k"
    " WHERE k.record_id = wanted.value AND k.kind = :kind AND {condition}"
    " AND k.record_type = :type"
)
_FITS_OF_MANY: Final = (
    "SELECT k.record_id FROM {schema}.search_key k"
    " WHERE k.kind = :kind AND k.place = :place AND {condition} AND k.record_type = :type"
    " AND +k.record_id IN (SELECT value FROM json_each(:ids))"
)
"""The plus keeps SQLite from looking the records up one by one after all."""
_NEAR: Final = (
    "SELECT DISTINCT n.word FROM json_each(:starts) start CROSS JOIN {schema}.search_near n"
    " WHERE n.near >= start.value AND n.near < start.value || char(1114111) LIMIT :most"
)


class Hit(NamedTuple):
    """A record that was found: how well it fits, and whether its person has not left."""

    record_type: str
    record_id: int
    person_id: int
    rank: int
    here: bool
    term: str


_Row = tuple[int, int, str, int, int]
"""(rank, place, term, record, person): rows sort as they are shown.

Plain tuples, because a letter typed among a hundred thousand people finds thousands of them.
"""


@dataclass(frozen=True)
class _Range:
    """A stretch of keys from `low` up to and without `high`, or the exact `terms`."""

    rank: int
    kind: str
    low: str = ""
    high: str = ""
    terms: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        return _ONE_OF if self.terms else _BETWEEN

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
        best: dict[tuple[str, int], tuple[_Row, str]] = {}
        for table in self.record_types:
            keys = _Keys(self.connection, self.compartment, table, self.here_only)
            for reading in _readings(typed, keys.kinds):
                for row in keys.all_words(reading, limit):
                    known = best.get((table, row[3]))
                    if known is None or row < known[0]:
                        best[table, row[3]] = (row, table)
                if sum(row[0] == EXACT for row, _table in best.values()) >= limit:
                    break
        return [
            Hit(table, record_id, person_id, rank, place == HERE, term)
            for (rank, place, term, record_id, person_id), table in sorted(best.values())[:limit]
        ]


@dataclass(frozen=True)
class _Keys:
    """The keys of one record type."""

    connection: sa.Connection
    compartment: str
    table: str
    here_only: bool

    @property
    def kinds(self) -> frozenset[str]:
        """Return the kinds of keys this type has, so that nothing else is looked for."""
        return _kinds(self.table)

    @property
    def places(self) -> tuple[int, ...]:
        """Return where its keys stand: only people are told apart by whether they left."""
        return (HERE,) if self.here_only or self.table != "person" else (HERE, ELSEWHERE)

    def all_words(self, reading: list[_Word], limit: int) -> list[_Row]:
        """Return the records that fit every word, starting from what the longest word finds."""
        longest, *others = sorted(reading, key=lambda word: -max(len(one.low) for one in word))
        most = _MOST_EXAMINED if others else limit
        found = self._one_word(longest, most)
        ranks = [self._ranks(word, found) for word in others]
        fitting = _fitting(found, ranks)
        if others and found and len(fitting) < _FEW:
            for word, known in zip(others, ranks, strict=True):
                left = {key: row for key, row in found.items() if key not in known}
                known.update(self._ranks(self._near(word), left))
            fitting = _fitting(found, ranks)
        return sorted(fitting)[:limit]

    def _one_word(self, word: _Word, enough: int) -> dict[int, _Row]:
        """Return what fits one word; when what fits better is enough, the rest is not read."""
        found: dict[int, _Row] = {}
        for rank in (EXACT, SOUNDS_ALIKE):
            alike = [one for one in word if one.rank == rank]
            for place in self.places:
                if len(found) < enough:
                    self._collect(found, alike, place, enough)
        if len(found) < _FEW:
            for place in self.places:
                self._collect(found, self._near(word), place, enough)
        return found

    def _collect(
        self, found: dict[int, _Row], ranges: Iterable[_Range], place: int, enough: int
    ) -> None:
        """Add the records of some ranges of one rank, in the order of their terms.

        A record may stand in a range twice, with two of its words; hence twice as many rows.
        """
        rows: list[tuple[str, int, int, int]] = []
        for one in ranges:
            values = {**one.values, "place": place, "type": self.table, "most": 2 * enough}
            rows += [(*row, one.rank) for row in self._rows(_FIND, one.condition, values)]
        for term, record_id, person_id, rank in sorted(rows):
            if record_id not in found:
                found[record_id] = (rank, place, term, record_id, person_id)

    def _near(self, word: _Word) -> _Word:
        """Return the known words that differ from the typed one by one typing error."""
        near: dict[str, None] = {}
        for typed in (one.low for one in word if one.kind == SOUND):
            starts = sorted(folding.near_starts(typed), key=len, reverse=True)
            values = {"starts": json.dumps(starts), "most": _MOST_NEAR_SCANNED}
            for (known,) in self._rows(_NEAR, "", values) if starts else ():
                if known not in near and folding.begins_nearly(known, typed):
                    near[known] = None
        terms = tuple(near)[:_MOST_NEAR]
        return (_Range(NEARLY, SOUND, terms=terms),) if terms else ()

    def _ranks(self, word: _Word, among: Mapping[int, _Row]) -> dict[int, int]:
        """Return how well each of the records fits one more word; those that do not are absent."""
        ranks: dict[int, int] = {}
        for one in word:
            left = [record_id for record_id in among if record_id not in ranks]
            for (record_id,) in self._fits(one, left, {row[1] for row in among.values()}):
                ranks[record_id] = one.rank
        return ranks

    def _fits(self, one: _Range, ids: list[int], places: Iterable[int]) -> list[Any]:
        values = {**one.values, "type": self.table, "ids": json.dumps(ids)}
        if len(ids) <= _FEW_PROBED:
            return self._rows(_FITS_OF_FEW, one.condition, values) if ids else []
        found: list[Any] = []
        for place in places:
            found += self._rows(_FITS_OF_MANY, one.condition, {**values, "place": place})
        return found

    def _rows(self, statement: str, condition: str, values: dict[str, Any]) -> list[Any]:
        """Ask the driver itself: wrapping thousands of keys takes longer than reading them."""
        driver: Any = self.connection.connection.driver_connection
        text = _worded(self.compartment, statement, condition)
        return list(driver.execute(text, values).fetchall())


@cache
def _kinds(table: str) -> frozenset[str]:
    return kinds_of(record_type(table))


@cache
def _worded(compartment: str, statement: str, condition: str) -> str:
    filled = statement.replace("{schema}", schema_of(compartment))
    return filled.replace("{condition}", condition)


def _fitting(found: Mapping[int, _Row], ranks: Sequence[Mapping[int, int]]) -> list[_Row]:
    """Return the records that every further word fits, each as good as its worst word."""
    if not ranks:
        return list(found.values())
    keys = set(found).intersection(*ranks)
    return [(max(found[key][0], *(known[key] for known in ranks)), *found[key][1:]) for key in keys]


def _starting(rank: int, kind: str, start: str) -> _Range:
    return _Range(rank, kind, start, start + _LAST)


def _readings(typed: str, kinds: frozenset[str]) -> list[list[_Word]]:
    """Return the ways to read what was typed: as one code, as words, as a phone number."""
    words = folding.words(typed)[:_MOST_WORDS]
    readings: list[list[_Word]] = []
    code = folding.squashed(typed)
    if len(words) > 1 and any(letter.isdigit() for letter in code):
        readings.append([(_starting(EXACT, CODE, code),)])
    if words:
        readings.append([_word(word, alone=len(words) == 1) for word in words])
    starts = folding.phone_starts(typed)
    if starts:
        readings.append([tuple(_starting(EXACT, PHONE, start) for start in sorted(starts))])
    had = [[tuple(one for one in word if one.kind in kinds) for word in each] for each in readings]
    return [reading for reading in had if all(reading)]


def _word(word: str, *, alone: bool) -> _Word:
    """Return where a word may stand; beside others, one letter is no code: all begin with one."""
    as_typed: _Word = (_starting(EXACT, WORD, word),)
    if alone or len(word) > 1 or word.isdigit():
        as_typed += (_starting(EXACT, CODE, folding.squashed(word) or word),)
    if len(word) == 1 or any(letter.isdigit() for letter in word):
        return as_typed
    return (*as_typed, *(_starting(SOUNDS_ALIKE, SOUND, s) for s in folding.folded(word)))
