"""What the kit's tests share: a dressed application, desks, a record with every kind of field."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.kit import theme
from ui.kit.tasks import Tasks


@dataclass(frozen=True)
class Result:
    """What a change gives back, as the services' Done does."""

    value: Any
    changes: Any = ("sample",)
    undo: Any = ()


class ThreadDesk:
    """Runs work on one other thread, as the vault does; `gate` holds it up until it is opened."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)
        self.gate = threading.Event()
        self.gate.set()

    def ask(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        return self._pool.submit(self._run, function, *args, **kwargs)

    def do(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        return self._pool.submit(lambda: Result(self._run(function, *args, **kwargs)))

    def close(self) -> None:
        self.gate.set()
        self._pool.shutdown()

    def _run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.gate.wait(10)
        return function("work", *args, **kwargs)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    """Every test sees the light theme at the usual text size."""
    if theme.scale() != 1.0 or theme.is_dark() or not qapp.styleSheet():
        theme.apply(qapp, "light")


@pytest.fixture
def desk() -> Iterator[ThreadDesk]:
    made = ThreadDesk()
    yield made
    made.close()


@pytest.fixture
def tasks(desk: ThreadDesk, qtbot: QtBot) -> Tasks:
    return Tasks(desk)
