"""Who is where: the lists of residents, their numbers, and what a row of the list shows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from shelter_app.domain.person import IN_RESIDENCE, NOT_ADMITTED, SITUATIONS

BY_NAME: Final = "name"
BY_CODE: Final = "code"
BY_SINCE: Final = "since"

_PLACE: Final = {IN_RESIDENCE: 0, NOT_ADMITTED: 0}
_SORTED_HERE: Final = 3000
"""Up to so many people a list is sorted by joining; beyond, the index of all people is walked."""

_COUNT: Final = sa.text(
    "SELECT count(*) FROM house.search_key WHERE kind = 's' AND place = :place"
    " AND term >= :low AND term < :high"
)
_COUNT_MINE: Final = sa.text(
    "SELECT place, count(*) FROM house.search_key WHERE kind = 'm' AND place IN (0, 1)"
    " AND term = :worker GROUP BY place"
)
_STANDING: Final = sa.text(
    "SELECT record_id FROM house.search_key WHERE kind = 's' AND place = :place"
    " AND term >= :low AND term < :high ORDER BY term"
)
_MINE: Final = sa.text(
    "SELECT mine.record_id FROM house.search_key AS mine JOIN house.search_key AS standing"
    " ON standing.record_id = mine.record_id AND standing.kind = 's'"
    " WHERE mine.kind = 'm' AND mine.place IN (SELECT value FROM json_each(:places))"
    " AND mine.term = :worker ORDER BY standing.term"
)
_ALL_BY: Final = {
    BY_NAME: sa.text("SELECT id FROM house.person WHERE voided = 0 ORDER BY display_alias"),
    BY_CODE: sa.text("SELECT id FROM house.person WHERE voided = 0 ORDER BY serial"),
}
_SOME_BY: Final = {
    BY_NAME: sa.text(
        "SELECT id FROM house.person WHERE id IN (SELECT value FROM json_each(:ids))"
        " ORDER BY display_alias, serial"
    ),
    BY_CODE: sa.text(
        "SELECT id FROM house.person WHERE id IN (SELECT value FROM json_each(:ids))"
        " ORDER BY serial, person_no"
    ),
}
_STANDING_OF: Final = sa.text(
    "SELECT key.record_id, key.term FROM json_each(:ids) AS wanted"
    " CROSS JOIN house.search_key AS key"
    " WHERE key.record_id = wanted.value AND key.kind = 's' ORDER BY wanted.key"
)
_MINE_OF: Final = sa.text(
    "SELECT key.record_id FROM json_each(:ids) AS wanted CROSS JOIN house.search_key AS key"
    " WHERE key.record_id = wanted.value AND key.kind = 'm' AND key.term = :worker"
)
_ROWS: Final = sa.text(
    "SELECT person.id, person.display_alias, person.person_no, person.age_band,"
    " person.risk_level, stay.state, stay.admitted_at, stay.exited_at, stay.case_manager,"
    " (SELECT type FROM house.absence AS away WHERE away.stay_id = stay.id"
    "  AND away.returned_at IS NULL AND away.voided = 0 AND stay.exited_at IS NULL LIMIT 1)"
    " FROM json_each(:ids) AS wanted CROSS JOIN house.person AS person"
    " LEFT JOIN house.stay AS stay ON stay.id = (SELECT id FROM house.stay"
    "  WHERE person_id = person.id AND voided = 0"
    "  ORDER BY exited_at IS NULL DESC, admitted_at DESC LIMIT 1)"
    " WHERE person.id = wanted.value ORDER BY wanted.key"
).columns(
    id=sa.Integer,
    display_alias=sa.Text,
    person_no=sa.Text,
    age_band=sa.Text,
    risk_level=sa.Text,
    state=sa.Text,
    admitted_at=sa.DateTime,
    exited_at=sa.DateTime,
    case_manager=sa.Integer,
    away=sa.Text,
)
_LAST_SERIAL: Final = sa.text(
    "SELECT serial FROM house.person WHERE voided = 0 AND serial IS NOT NULL"
    " ORDER BY serial DESC LIMIT 1"
)
_NAME_IN_USE: Final = sa.text(
    "SELECT 1 FROM house.person AS person WHERE person.voided = 0"
    " AND person.display_alias = :name AND (person.created_at >= :since OR EXISTS ("
    "SELECT 1 FROM house.search_key AS key WHERE key.record_id = person.id AND key.kind = 's'"
    " AND (key.term LIKE 'in_residence%' OR key.term LIKE 'aftercare%'))) LIMIT 1"
)
_ALIKE: Final = sa.text(
    "SELECT DISTINCT person.display_alias FROM house.search_key AS word"
    " CROSS JOIN house.person AS person ON person.id = word.record_id"
    " WHERE word.kind = 'w' AND word.place IN (0, 1) AND word.term = :word"
    " AND person.voided = 0 AND (person.created_at >= :since OR EXISTS ("
    "SELECT 1 FROM house.search_key AS key WHERE key.record_id = person.id AND key.kind = 's'"
    " AND (key.term LIKE 'in_residence%' OR key.term LIKE 'aftercare%')))"
)
_WORDS: Final = sa.text(
    "SELECT 1 FROM identity.search_key WHERE kind IN ('w', 'f') AND place IN (0, 1)"
    " AND term IN (SELECT value FROM json_each(:terms)) LIMIT 1"
)
_BIRTHS: Final = sa.text(
    "SELECT person.id, person.age_band, background.birth_date FROM house.search_key AS key"
    " CROSS JOIN house.person AS person CROSS JOIN cases.person_background AS background"
    " WHERE key.kind = 's' AND key.place IN (0, 1)"
    " AND (key.term LIKE 'in_residence%' OR key.term LIKE 'aftercare%')"
    " AND person.id = key.record_id"
    " AND background.id = person.id AND background.voided = 0"
    " AND background.birth_date IS NOT NULL"
).columns(id=sa.Integer, age_band=sa.Text, birth_date=sa.Date)


@dataclass(frozen=True)
class RowFacts:
    """What the list knows of one person."""

    person_id: int
    alias: str
    code: str
    age_band: str
    risk_level: str
    state: str
    admitted_at: datetime | None
    exited_at: datetime | None
    case_manager: int
    away: str


@dataclass(frozen=True)
class BirthDay:
    """A resident's kept age band beside her date of birth."""

    person_id: int
    age_band: str
    birth_date: date


def _span(situation: str) -> dict[str, object]:
    return {
        "place": _PLACE.get(situation, 1),
        "low": f"{situation}|",
        "high": f"{situation}}}",
    }


def counts(connection: sa.Connection, worker: int) -> dict[str, int]:
    """Return how many people stand where; 'mine' and 'mine_here' are this worker's."""
    found = {
        situation: int(connection.execute(_COUNT, _span(situation)).scalar_one())
        for situation in SITUATIONS
    }
    mine = {row[0]: row[1] for row in connection.execute(_COUNT_MINE, {"worker": str(worker)})}
    return found | {"mine": sum(mine.values()), "mine_here": mine.get(0, 0)}


def standing(connection: sa.Connection, situation: str) -> list[int]:
    """Return the people who stand there, longest first."""
    return list(connection.execute(_STANDING, _span(situation)).scalars())


def mine(connection: sa.Connection, worker: int, *, here_only: bool) -> list[int]:
    """Return the worker's own people in residence and in aftercare."""
    values = {"worker": str(worker), "places": "[0]" if here_only else "[0,1]"}
    return list(connection.execute(_MINE, values).scalars())


def everybody(connection: sa.Connection, order: str) -> list[int]:
    """Return all people, by name, by code or by since when they stand where they stand."""
    if order in _ALL_BY:
        return list(connection.execute(_ALL_BY[order]).scalars())
    return [person for situation in SITUATIONS for person in standing(connection, situation)]


def in_order(connection: sa.Connection, ids: Sequence[int], order: str) -> list[int]:
    """Return the same people by name or by code."""
    if order not in _SOME_BY:
        return list(ids)
    if len(ids) > _SORTED_HERE:
        wanted = set(ids)
        return [person for person in everybody(connection, order) if person in wanted]
    return list(connection.execute(_SOME_BY[order], {"ids": json.dumps(list(ids))}).scalars())


def standing_of(connection: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
    """Return where each of these people stands, in the order given."""
    rows = connection.execute(_STANDING_OF, {"ids": json.dumps(list(ids))})
    return {row[0]: str(row[1]).partition("|")[0] for row in rows}


def mine_of(connection: sa.Connection, ids: Iterable[int], worker: int) -> set[int]:
    """Return those of these people who are the worker's own."""
    values = {"ids": json.dumps(list(ids)), "worker": str(worker)}
    return set(connection.execute(_MINE_OF, values).scalars())


def rows(connection: sa.Connection, ids: Iterable[int]) -> list[RowFacts]:
    """Return what the list shows of these people, in the order given."""
    found = connection.execute(_ROWS, {"ids": json.dumps(list(ids))})
    return [
        RowFacts(
            person_id=row[0],
            alias=row[1],
            code=row[2],
            age_band=row[3],
            risk_level=row[4],
            state=row[5] or "",
            admitted_at=row[6],
            exited_at=row[7],
            case_manager=row[8] or 0,
            away=row[9] or "",
        )
        for row in found
    ]


def last_serial(connection: sa.Connection) -> int:
    """Return the highest running number in use."""
    return int(connection.execute(_LAST_SERIAL).scalar() or 0)


def is_used_since(connection: sa.Connection, name: str, since: datetime) -> bool:
    """Say whether a working name was given to somebody since then."""
    values = {"name": name, "since": since.strftime("%Y-%m-%d %H:%M:%S.%f")}
    return connection.execute(_NAME_IN_USE, values).first() is not None


def names_used_since(connection: sa.Connection, word: str, since: datetime) -> list[str]:
    """Return the working names with this word that were given to somebody since then."""
    values = {"word": word, "since": since.strftime("%Y-%m-%d %H:%M:%S.%f")}
    return [str(row[0]) for row in connection.execute(_ALIKE, values)]


def is_a_true_name(connection: sa.Connection, terms: Collection[str]) -> bool:
    """Say only whether somebody's true name has one of these words or sounds like it."""
    return connection.execute(_WORDS, {"terms": json.dumps(list(terms))}).first() is not None


def births_in_care(connection: sa.Connection) -> list[BirthDay]:
    """Return the people in residence or aftercare whose date of birth is known."""
    return [BirthDay(row[0], row[1], row[2]) for row in connection.execute(_BIRTHS)]
