"""What a write touched, so that pages refresh precisely and an action can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from shelter_app.domain.record import Record

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """One record before and after: `before` is None for a new record."""

    before: Record | None
    after: Record


@dataclass(frozen=True)
class Changes:
    """The tables, records and persons a piece of work touched."""

    tables: frozenset[str] = frozenset()
    persons: frozenset[int] = frozenset()

    def touch(self, *tables: str) -> bool:
        """Say whether one of the tables was touched."""
        return not self.tables.isdisjoint(tables)


@dataclass(frozen=True)
class Done(Generic[T]):
    """A finished write: its value, what it touched, and the steps that undo it."""

    value: T
    changes: Changes
    undo: tuple[Step, ...]
