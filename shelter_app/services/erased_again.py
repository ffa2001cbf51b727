"""Erasing again what an older backup brings back: in the assistant, and as keys come by.

What the restorer's keys do not open waits, on the list beside the records, for the next sign-in of
somebody whose keys do. Two people decided it once; nobody decides it again. A number on the list
is that of a resident or of an accused; which of them, the records say.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.domain.legal import Suspect
from shelter_app.services.work import Work
from shelter_app.storage import erased_list
from shelter_app.storage.erased_list import Row

if TYPE_CHECKING:
    from shelter_app.services.inside import Inside

_NOTES: Final = "cases"
_PEOPLE: Final = "house"
_COUNSELLING: Final = "counselling"


@dataclass(frozen=True)
class Again:
    """How many files and entries of accused were erased again, and which parts wait for a key."""

    people: int = 0
    accused: int = 0
    waits: tuple[str, ...] = ()


def known(place: Path, current: Path, vault_id: str) -> tuple[Row, ...]:
    """Return who was erased, by the list on a stick and the one beside the records of today."""
    both = {**erased_list.read(place, vault_id), **erased_list.read(current, vault_id)}
    return tuple(both.values())


def begin(folder: Path, vault_id: str, rows: Iterable[Row]) -> None:
    """Put everybody who was erased on the list of restored records, with every part still to do."""
    every = frozenset(COMPARTMENTS)
    erased_list.settle(folder, vault_id, [Row(row.id, row.on, every) for row in rows])


def finish_erasing(inside: Inside) -> Again:
    """Erase again in the parts that are open here; the rest stays on the list."""
    folder, vault_id = inside.vault.folder, inside.vault.vault_id
    waiting = [row for row in erased_list.read(folder, vault_id).values() if row.left]
    if not waiting:
        return Again()
    people, accused, done = 0, 0, []
    for row in waiting:
        if _NOTES in row.left & inside.vault.compartments and _is_accused(inside, row.id):
            _erase_accused(inside, row)
            accused, left = accused + 1, frozenset[str]()
        else:
            came_back, left = _one(inside, row)
            people += came_back
        done.append(dataclasses.replace(row, left=left))
    erased_list.settle(folder, vault_id, done)
    waits = frozenset().union(*(row.left for row in done))
    return Again(people, accused, tuple(name for name in COMPARTMENTS if name in waits))


def _one(inside: Inside, row: Row) -> tuple[bool, frozenset[str]]:
    """Erase one person again; says whether she had come back, and where she may still be."""
    from shelter_app.services import purge  # most days nobody needs it at the door

    held = inside.vault.compartments
    todo = row.left & held
    if _NOTES not in held:
        todo -= {_COUNSELLING}
    if not todo:
        return False, row.left
    if _PEOPLE in todo and not inside.ask(purge.is_here, row.id):
        # Somebody accused is in the cases only: whoever opens those looks for him.
        return False, row.left & {_NOTES} - held
    if row.left == {_NOTES} and not inside.ask(purge.has_records, _NOTES, row.id):
        return False, frozenset()
    purge.erase_again(inside, row.id, row.on)
    return _PEOPLE in todo, row.left - todo


def _is_accused(inside: Inside, number: int) -> bool:
    return inside.ask(Work.rule_find, Suspect, number) is not None


def _erase_accused(inside: Inside, row: Row) -> None:
    from shelter_app.services import uncharged

    uncharged.erase_again(inside, row.id, row.on)
