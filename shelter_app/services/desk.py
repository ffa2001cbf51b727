"""Desk: what the windows hold after sign-in; every question and act runs on the vault thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from shelter_app import clock
from shelter_app.domain.access import Actor
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotAllowed
from shelter_app.services.changes import Done
from shelter_app.services.erased_again import finish_erasing
from shelter_app.services.inside import Inside
from shelter_app.services.work import Work
from shelter_app.storage import records
from shelter_app.storage import vault as storage

P = ParamSpec("P")
T = TypeVar("T")


class Executor(Protocol):
    """The one thread that owns the vault, or in tests one that runs at once."""

    def submit(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> Future[T]:
        """Run a function there and give its future."""
        ...

    def close(self) -> None:
        """End the thread after what was handed to it."""
        ...


class ImmediateExecutor:
    """Runs everything in the caller's thread at once: for tests and scripts without windows."""

    def submit(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> Future[T]:
        """Run the function now and give its finished future."""
        future: Future[T] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - a future carries whatever was raised
            future.set_exception(error)
        return future

    def close(self) -> None:
        """Nothing runs elsewhere, so there is nothing to end."""


class Desk:
    """A signed-in worker's access to the services.

    `ask` runs a reading service under query_only, so that it cannot write; `do` runs a writing
    service in one transaction and gives its value, what it touched and how to undo it.
    """

    def __init__(self, vault: storage.Vault, actor: Actor, executor: Executor) -> None:
        self._vault = vault
        self._executor = executor
        self.actor = actor
        self._closing: Future[None] | None = None

    def ask(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Run a reading service and give its answer's future."""
        return self._executor.submit(self._ask, function, *args, **kwargs)

    def do(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[Done[T]]:
        """Run a writing service in one transaction and give the future of what was done."""
        return self._executor.submit(self._do, function, *args, **kwargs)

    def run(
        self, function: Callable[Concatenate[Inside, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[Done[T]]:
        """Run a service that makes its own transactions and give the future of what was done."""
        return self._executor.submit(self._run, function, *args, **kwargs)

    def close(self) -> Future[None]:
        """Seal and close the vault; the desk is of no use afterwards, asking twice is harmless."""
        if self._closing is None:
            self._closing = self._executor.submit(self._vault.close)
            self._closing.add_done_callback(lambda _future: self._executor.close())
        return self._closing

    @property
    def closed(self) -> bool:
        """Say whether closing was asked for."""
        return self._closing is not None

    @property
    def closed_cleanly(self) -> bool:
        """Say whether the files were closed and sealed in order before this desk opened them."""
        return self._vault.clean_before

    @property
    def vault(self) -> storage.Vault:
        """Return the open vault; for services that work on keys, on the vault thread only."""
        return self._vault

    def _ask(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        with self._vault.reading():
            return function(Work(self._vault, self.actor), *args, **kwargs)

    def _do(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> Done[T]:
        work = Work(self._vault, self.actor)
        with self._vault.transaction():
            value = function(work, *args, **kwargs)
        return Done(value, work.changes, tuple(work.steps))

    def _run(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> Done[T]:
        inside = Inside(self._vault, self.actor, lambda: self.closed)
        value = function(inside, *args, **kwargs)
        return Done(value, inside.changes, ())


def actor_of(vault: storage.Vault) -> Actor:
    """Return the worker behind the vault's slot, from the staff list inside."""
    with vault.reading():
        found = records.matching(vault.connection, Staff, slot_id=vault.slot_id)
    if not found or found[0].locked or found[0].has_left(clock.today()):
        raise NotAllowed("account closed")
    staff = found[0]
    return Actor(
        staff_id=staff.id,
        slot_id=vault.slot_id,
        alias=staff.alias,
        roles=frozenset(staff.roles),
        compartments=vault.compartments,
    )


def sign_in(folder: Path, slot_id: str, passphrase: str, executor: Executor) -> Future[Desk]:
    """Open the vault on its thread and give the desk's future.

    Whoever was erased and came back with an older backup goes before anybody works.
    """

    def opened() -> Desk:
        vault = storage.open_vault(folder, slot_id, passphrase)
        try:
            actor = actor_of(vault)
            finish_erasing(Inside(vault, actor, leaving=lambda: False))
            return Desk(vault, actor, executor)
        except BaseException:
            vault.close()
            raise

    return executor.submit(opened)
