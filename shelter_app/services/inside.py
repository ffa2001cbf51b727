"""Inside: a worker's access on the vault's own thread, for what makes its own transactions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from shelter_app.domain.access import Actor
from shelter_app.services.changes import Changes
from shelter_app.services.work import Work
from shelter_app.storage import vault as storage

P = ParamSpec("P")
T = TypeVar("T")


class Inside:
    """A signed-in worker's access on the vault thread itself, for what makes its own transactions.

    New keys and backups cannot run inside one transaction; they read and write through this and
    look at `leaving` to stop when the window is being locked.
    """

    def __init__(self, vault: storage.Vault, actor: Actor, leaving: Callable[[], bool]) -> None:
        self.vault = vault
        self.actor = actor
        self.leaving = leaving
        self._tables: frozenset[str] = frozenset()
        self._persons: frozenset[int] = frozenset()

    @property
    def changes(self) -> Changes:
        """Return what has been touched so far."""
        return Changes(self._tables, self._persons)

    def ask(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a reading service now."""
        with self.vault.reading():
            return function(Work(self.vault, self.actor), *args, **kwargs)

    def do(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a writing service now, in one transaction."""
        work = Work(self.vault, self.actor)
        with self.vault.transaction():
            value = function(work, *args, **kwargs)
        self._tables |= work.changes.tables
        self._persons |= work.changes.persons
        return value
