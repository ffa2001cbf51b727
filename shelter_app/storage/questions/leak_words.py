"""Which words of a text are names somebody here carries, asked of the search keys by exact word.

The match runs where the names are kept and gives back words of the text itself, never a list of
names (domain specification E.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from shelter_app.storage.search import WORD

_PEOPLE: Final = ("person", "alias", "sealed_identity", "safe_contact_number")
_NAMES: Final = (
    "SELECT DISTINCT term, person_id FROM {schema}.search_key WHERE kind = :kind"
    " AND place IN (0, 1) AND term IN :terms AND record_type IN :types"
)


@dataclass(frozen=True)
class Names:
    """The words that are names: of the person herself, and of anybody else."""

    own: frozenset[str]
    others: frozenset[str]


def names_among(
    connection: sa.Connection, schemas: Iterable[str], words: Iterable[str], person_id: int
) -> Names:
    """Return which of the folded words are names in the open compartments."""
    wanted = sorted(set(words))
    own: set[str] = set()
    others: set[str] = set()
    if wanted:
        for schema in schemas:
            statement = sa.text(_NAMES.format(schema=schema)).bindparams(
                sa.bindparam("terms", expanding=True), sa.bindparam("types", expanding=True)
            )
            asked = {"kind": WORD, "terms": wanted, "types": list(_PEOPLE)}
            for term, owner in connection.execute(statement, asked):
                (own if owner == person_id else others).add(str(term))
    return Names(frozenset(own), frozenset(others - own))
