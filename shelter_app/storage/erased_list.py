"""Who was erased, as random numbers beside the records and beside the backups on every stick.

An older backup still holds whoever was erased after it. The list lies outside of it, so that
whoever restores it, on this computer or a new one, has it applied again. The numbers lead nowhere
without the records themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from shelter_app.storage import keyring_file
from shelter_app.storage.backup_files import write_small
from shelter_app.storage.safe_files import open_plain

NAME: Final = "erased.json"
_FORMAT: Final = "register-erased"
_VERSION: Final = 1
_LARGEST: Final = 8 << 20
_LARGEST_ID: Final = 2**63


@dataclass(frozen=True)
class Row:
    """One erasure: since when, and in which parts of these records it is still to be done."""

    id: int
    on: date
    left: frozenset[str] = frozenset()


def read(folder: Path, vault_id: str) -> dict[int, Row]:
    """Return the list of a folder by id; empty when there is none of this house to be read."""
    try:
        with open_plain(folder / NAME) as file:
            block = json.loads(file.read(_LARGEST))
        said = block.pop("sha256")
        known = (block["format"], block["version"], block["vault_id"])
        if said != _sum(block) or known != (_FORMAT, _VERSION, vault_id):
            return {}
        rows = [_row(raw) for raw in block["rows"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return {row.id: row for row in rows}


def _row(raw: Any) -> Row:
    number, day, left = raw
    if type(number) is not int or not 0 < number < _LARGEST_ID:
        raise ValueError(number)
    if not isinstance(left, list) or not all(isinstance(name, str) for name in left):
        raise ValueError(left)
    return Row(number, date.fromisoformat(day), frozenset(left))


def add(folder: Path, vault_id: str, rows: Iterable[Row]) -> None:
    """Add who is not on the list yet; what is known of the others stays."""
    known = read(folder, vault_id)
    fresh = {row.id: row for row in rows if row.id not in known}
    if fresh:
        _write(folder, vault_id, {**known, **fresh})


def settle(folder: Path, vault_id: str, rows: Iterable[Row]) -> None:
    """Put these rows in the place of what the list said of them."""
    known = read(folder, vault_id)
    changed = {**known, **{row.id: row for row in rows}}
    if changed != known:
        _write(folder, vault_id, changed)


def carry(source: Path, target: Path, vault_id: str) -> None:
    """Add the list of one folder to that of another, where nothing is left to do."""
    add(target, vault_id, [Row(row.id, row.on) for row in read(source, vault_id).values()])


def _write(folder: Path, vault_id: str, rows: Mapping[int, Row]) -> None:
    block = {
        "format": _FORMAT,
        "version": _VERSION,
        "vault_id": vault_id,
        "rows": [[row.id, row.on.isoformat(), sorted(row.left)] for row in _sorted(rows)],
    }
    write_small(folder / NAME, keyring_file.canonical({**block, "sha256": _sum(block)}))


def _sorted(rows: Mapping[int, Row]) -> list[Row]:
    return [rows[number] for number in sorted(rows)]


def _sum(block: dict[str, Any]) -> str:
    return hashlib.sha256(keyring_file.canonical(block)).hexdigest()
