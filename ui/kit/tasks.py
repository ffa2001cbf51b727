"""The one bridge between the windows and the vault's thread.

A page asks or does something through `Tasks`; the work runs on the vault's thread and its answer
comes back through one queued signal, so it never re-enters the caller and is dropped when the
page that asked is gone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import cache, partial
from itertools import count
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, Protocol, cast
from weakref import ref

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from shelter_app.errors import ShelterError

BUSY_AFTER: Final = 300
"""Milliseconds of quiet before the window says that it is working."""


class Done(Protocol):
    """What a change gives back: its value, what it touched, and how to undo it."""

    @property
    def value(self) -> Any:
        """What the function returned."""
        ...

    @property
    def changes(self) -> Any:
        """Tables and ids that were touched."""
        ...

    @property
    def undo(self) -> Any:
        """What `records.undo` needs, or nothing."""
        ...


class Desk(Protocol):
    """What a signed-in worker's desk offers to the windows."""

    def ask(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        """Read something on the vault's thread."""
        ...

    def do(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        """Change something on the vault's thread; the Future gives a Done."""
        ...


_NEXT_TURN: Final = 1
"""Milliseconds: with none at all Qt goes on within the same turn, before any key."""


@dataclass(frozen=True)
class _Job:
    """One request on its way; it never leaves the windows' thread."""

    owner: QObject
    then: Callable[[Any], object] | None
    failed: Callable[[BaseException], object] | None
    writes: bool
    undo_label: str = ""


class LongDesk(Desk, Protocol):
    """A desk that also runs what makes its own transactions."""

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        """Run it on the vault's thread, outside of any transaction; the Future gives a Done."""
        ...


@dataclass(frozen=True)
class _Ahead:
    """A question that is under way for a page that does not stand yet."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    future: Future[Any]


class _Home(QObject):
    """Where answers come in: one for the whole program, and all that another thread ever holds.

    Were a window's question held over there, the vault's thread could be the last to let go of the
    window, and Qt would take it apart in that thread: it crashed at the next event.
    """

    came = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._numbers = count(1)
        self._asked: dict[int, ref[Tasks]] = {}
        self.came.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def expect(self, tasks: Tasks) -> int:
        """Give the next question its number and remember whose it is."""
        number = next(self._numbers)
        self._asked[number] = ref(tasks)
        return number

    def _deliver(self, number: int, future: Future[Any]) -> None:
        tasks = self._asked.pop(number)()
        if tasks is not None and shiboken6.isValid(tasks):
            tasks.deliver(number, future)


@cache
def _home() -> _Home:
    return _Home()


def _bring(home: _Home, number: int, future: Future[Any]) -> None:
    """Run on the vault's thread: post the answer and touch nothing else."""
    if shiboken6.isValid(home):
        home.came.emit(number, future)


class _Aside:
    """A thread for what takes long and touches no records, such as drawing a page of a scan.

    It is nobody's to wait for: what never ends keeps neither the vault nor the program.
    """

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        Thread(target=self._run, name="aside", daemon=True).start()

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Queue work and give its future."""
        future: Future[Any] = Future()
        self._waiting.put(partial(self._work, future, function, args))
        return future

    @staticmethod
    def _work(future: Future[Any], function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        try:
            future.set_result(function(*args))
        except BaseException as error:  # noqa: BLE001 - a future carries whatever was raised
            future.set_exception(error)

    def _run(self) -> None:
        while True:
            self._waiting.get()()


@cache
def _aside() -> _Aside:
    return _Aside()


class Tasks(QObject):
    """Sends work to the desk and brings answers home."""

    changed = Signal(object, object)
    """(changes, initiator): something was written."""
    failed = Signal(object, object)
    """(error, owner): an error that no `failed=` took."""
    busy = Signal(bool)
    settled = Signal()
    """Every answer that was waited for has come home."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._waiting: dict[int, _Job] = {}
        self._is_busy = False
        self._turns = 0
        self._ahead: _Ahead | None = None
        self._busy_timer = QTimer(self)
        self._busy_timer.setSingleShot(True)
        self._busy_timer.setInterval(BUSY_AFTER)
        self._busy_timer.timeout.connect(self._say_busy)

    def ask(
        self,
        owner: QObject,
        function: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        **kwargs: Any,
    ) -> None:
        """Read something; `then` gets the value while the owner lives."""
        job = _Job(owner, then, failed, writes=False)
        self._send(job, partial(self._begun, function, args, kwargs))

    def hold(self, future: Future[Any], function: Callable[..., Any], *args: Any) -> None:
        """Hold what was asked before its page stood: the first to ask the same gets that answer."""
        self._ahead = _Ahead(function, args, future)

    def do(
        self,
        owner: QObject,
        function: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        undo_label: str = "",
        **kwargs: Any,
    ) -> None:
        """Change something; `undo_label` is what the toast with Undo says."""
        job = _Job(owner, then, failed, writes=True, undo_label=undo_label)
        self._send(job, partial(self._desk.do, function, *args, **kwargs))

    def run(
        self,
        owner: QObject,
        function: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        **kwargs: Any,
    ) -> None:
        """Run what makes its own transactions and takes its time, such as giving new keys."""
        job = _Job(owner, then, failed, writes=True)
        self._send(job, partial(cast("LongDesk", self._desk).run, function, *args, **kwargs))

    def aside(
        self,
        owner: QObject,
        function: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Work something out beside windows and vault; it is given no records to look at."""
        job = _Job(owner, then, failed, writes=False)
        self._send(job, partial(_aside().submit, function, *args))

    def next_turn(self, act: Callable[[], object]) -> None:
        """Do something in the next turn of the event loop, so that keys come in before it."""
        self._turns += 1
        QTimer.singleShot(_NEXT_TURN, self, partial(self._take_turn, act))

    def _take_turn(self, act: Callable[[], object]) -> None:
        self._turns -= 1
        act()

    def is_idle(self) -> bool:
        """Say whether every answer has been delivered and nothing waits for its turn."""
        return not self._waiting and not self._turns

    def _begun(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Future[Any]:
        ahead = self._ahead
        if ahead is not None and not kwargs and (ahead.function, ahead.args) == (function, args):
            self._ahead = None
            return ahead.future
        return self._desk.ask(function, *args, **kwargs)

    def _send(self, job: _Job, begin: Callable[[], Future[Any]]) -> None:
        """Begin it, unless the desk was closed under the windows, which are about to go."""
        if getattr(self._desk, "closed", False):
            return
        future = begin()
        number = _home().expect(self)
        self._waiting[number] = job
        if not self._busy_timer.isActive() and not self._is_busy:
            self._busy_timer.start()
        future.add_done_callback(partial(_bring, _home(), number))

    def deliver(self, number: int, future: Future[Any]) -> None:
        """Give an answer that has come home to whoever asked, if she is still there."""
        job = self._waiting.pop(number)
        if not self._waiting:
            self._busy_timer.stop()
            self._say_idle()
        self._hand_over(job, future)
        if not self._waiting and shiboken6.isValid(self):
            self.settled.emit()

    def _hand_over(self, job: _Job, future: Future[Any]) -> None:
        alive = shiboken6.isValid(job.owner)
        try:
            answer = future.result()
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - windows come to rest whatever went wrong
            if not isinstance(error, ShelterError):
                sys.excepthook(type(error), error, error.__traceback__)
            if alive:
                self._fail(job, error)
            return
        if job.writes:
            self._written(job, answer, alive=alive)
        elif alive and job.then is not None:
            job.then(answer)

    def _written(self, job: _Job, done: Done, *, alive: bool) -> None:
        if alive and job.then is not None:
            job.then(done.value)
        self.changed.emit(done.changes, job.owner if alive else None)
        undo = done.undo
        if job.undo_label and undo and shiboken6.isValid(job.owner):
            self._offer_undo(job, undo)

    def _offer_undo(self, job: _Job, undo: Any) -> None:
        from shelter_app.services import records
        from ui.kit.toast import Toast

        if not isinstance(job.owner, QWidget):
            return
        window = job.owner.window()
        Toast.show_on(window, job.undo_label, undo=lambda: self.do(window, records.undo, undo))

    def _fail(self, job: _Job, error: BaseException) -> None:
        if job.failed is not None:
            job.failed(error)
        else:
            self.failed.emit(error, job.owner)

    def _say_busy(self) -> None:
        self._is_busy = True
        self.busy.emit(True)

    def _say_idle(self) -> None:
        if self._is_busy:
            self._is_busy = False
            self.busy.emit(False)
