"""Before anybody signed in: one thread for what takes time, reached through the usual bridge."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Future

    from shelter_app.services.desk import Executor


class Door:
    """Stands where the desk will stand; a question here is a function that gives a future."""

    def __init__(self) -> None:
        self._executor: Executor | None = None

    @property
    def executor(self) -> Executor:
        """Return the vault thread, made when first needed: its libraries load slowly."""
        if self._executor is None:
            from shelter_app.services.accounts import vault_thread

            self._executor = vault_thread()
        return self._executor

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function on the thread; made to be asked through Tasks."""
        return self.executor.submit(function, *args, **kwargs)

    def ask(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        """Call a function that starts something and gives its future."""
        future: Future[Any] = function(*args, **kwargs)
        return future

    do = ask
