"""Locking: cover the window at once, keep the draft, close the vault, begin again as a new process.

A process that is replaced takes everything it knew with it; the sign-in window comes back in less
than two seconds. Nothing on the way asks a question, so no dialog can keep the program open.

When nobody is there while a backup is being made, the windows go at once all the same, but the
vault is closed only when that is done: a slow stick would else never get one.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import Future, wait
from time import perf_counter
from typing import Final, Protocol, cast

from PySide6.QtCore import QEvent, QObject, QProcess, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from shelter_app import ending, logs
from shelter_app.services.desk import Desk
from ui.kit.clipboard import ClipboardKeeper
from ui.kit.cover import Cover
from ui.kit.idle import IdleWatch, Stopwatch
from ui.kit.input_filter import InputFilter
from ui.kit.lasting_work import LastingWork
from ui.kit.resting_window import RestingWindow

_TWICE_WITHIN: Final = 0.5
_LONGEST_CLOSING: Final = 8_000
_LOOK_EVERY: Final = 15
_LOOK_AT_WORK_EVERY: Final = 200
PATIENCE: Final = 180.0
"""Seconds without a sign from lasting work after which the lock waits for it no longer."""
AT_MOST: Final = 2 * 3_600.0
"""Seconds after which it does not wait in any case: keys do not stay in memory for a night."""


class _KeepsDraft(Protocol):
    def keep_now(self) -> None: ...


class LockKeys(InputFilter):
    """Hears F12, Ctrl+L and Esc pressed twice wherever the focus is, in dialogs and menus too."""

    pressed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._down: set[int] = set()
        self._last_escape = 0.0
        self.hear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at every key once, although Qt offers it to window, widget and parents."""
        if event.type() == QEvent.Type.WindowDeactivate:
            self._down.clear()
        elif event.type() == QEvent.Type.KeyRelease:
            self._down.discard(cast("QKeyEvent", event).key())
        elif event.type() == QEvent.Type.KeyPress and isinstance(watched, QWidget | QWindow):
            key_event = cast("QKeyEvent", event)
            if key_event.key() not in self._down and not key_event.isAutoRepeat():
                self._down.add(key_event.key())
                return self._hears(key_event)
        return False

    def _hears(self, event: QKeyEvent) -> bool:
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_F12 or (control and event.key() == Qt.Key.Key_L):
            self.pressed.emit()
            return True
        if event.key() == Qt.Key.Key_Escape:
            before, self._last_escape = self._last_escape, perf_counter()
            if self._last_escape - before < _TWICE_WITHIN:
                self.pressed.emit()
                return True
        else:
            self._last_escape = 0.0
        return False


class Lock(QObject):
    """Watches one signed-in window and locks it: by key, by button, by idleness."""

    locked = Signal(bool)
    """The vault is closed; whoever listens begins again, or (True) leaves."""
    warned = Signal(int, str)
    """(seconds left, what happens then if it does not lock): each second of the last twenty."""
    rests = Signal(QWidget)
    """This window takes the place of all others until lasting work is done."""

    def __init__(self, window: QWidget, desk: Desk, idle_minutes: int) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._closing: Future[None] | None = None
        self._began = 0.0
        self._leaving = False
        self.cover: Cover | None = None
        self.resting: RestingWindow | None = None
        self.patience = PATIENCE
        self._moved = 0
        self._waited, self._stood = Stopwatch(), Stopwatch()
        self._work_look = QTimer(self)
        self._work_look.setInterval(_LOOK_AT_WORK_EVERY)
        self._work_look.timeout.connect(self._see_to_work)
        self.keys = LockKeys(self)
        self.idle = IdleWatch(idle_minutes, self)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self.keys.pressed.connect(self.lock)
        self.idle.warned.connect(self._warn)
        self.idle.expired.connect(self._nobody_there)
        self._look.timeout.connect(self._see_whether_closed)
        self.idle.start()

    def seal_now(self) -> None:
        """Keep drafts and close the vault before this returns: the computer is shutting down."""
        if self._closing is None:
            self.lock()
        if self._closing is not None:
            wait([self._closing], timeout=_LONGEST_CLOSING / 1_000)

    def leave(self) -> None:
        """Lock, and end the program afterwards."""
        self._leaving = True
        self.lock()

    def lock(self) -> None:
        """Lock now; asking twice is harmless."""
        if self._closing is not None:
            return
        self._began = perf_counter()
        self._work_look.stop()
        self.cover = Cover.show_on(self.resting or self._window)
        self.keys.hear_no_more()
        self.idle.stop()
        logs.note("lock")
        self._put_away()
        self._closing = self._desk.close()
        self._look.start()

    # Nobody there

    def _nobody_there(self) -> None:
        """Lock; while lasting work goes on, cover everything and lock when it is done."""
        work = self._waited_for()
        if work is None:
            self.lock()
        elif self._closing is None and self.resting is None:
            self._rest(work)

    def _waited_for(self) -> LastingWork | None:
        """Return what an empty chair would have to wait for.

        A computer that slept through the time may have been carried away: that locks at once.
        """
        return None if self.idle.slept() else LastingWork.under_way(self._window)

    def _warn(self, seconds: int) -> None:
        work = self._waited_for()
        self.warned.emit(seconds, work.sentence if work else "")

    def _rest(self, work: LastingWork) -> None:
        self.cover = Cover.show_on(self._window)
        logs.note("rest")
        self._put_away()
        self.resting = RestingWindow(self._window.windowTitle())
        self.resting.lock_wanted.connect(self.lock)
        self.resting.leave_wanted.connect(self.leave)
        self.resting.tell(work)
        self.rests.emit(self.resting)
        self._moved = work.moved
        self._waited.start()
        self._stood.start()
        self._work_look.start()

    def _see_to_work(self) -> None:
        """Lock when the work is over or does not get on; else show how far it is."""
        work = LastingWork.under_way(self._window)
        if work is None or self.resting is None:
            self.lock()
            return
        if work.moved != self._moved:
            self._moved = work.moved
            self._stood.start()
        stands = self._stood.seconds() > self.patience
        if stands or self._waited.seconds() > AT_MOST:
            work.given_up.emit(stands)
            self.lock()
            return
        self._close_dialogs()
        self.resting.tell(work)

    # Putting away

    def _put_away(self) -> None:
        self._keep_drafts()
        self._close_dialogs()
        self._clear_clipboard()

    def _keep_drafts(self) -> None:
        """Hand what is half typed to the vault thread; it is written before the vault closes."""
        leave_page = getattr(self._window, "leave_page", None)
        if leave_page is not None:
            leave_page()
        for widget in self._window.findChildren(QWidget):
            keep = getattr(widget, "keep_now", None)
            if keep is not None:
                cast("_KeepsDraft", widget).keep_now()

    def _close_dialogs(self) -> None:
        for widget in QApplication.topLevelWidgets():
            if widget is self._window or not widget.isVisible():
                continue
            if isinstance(widget, QDialog):
                QDialog.done(widget, 0)
                widget.hide()
            elif isinstance(widget, QMenu) or widget.windowType() == Qt.WindowType.Popup:
                widget.hide()

    def _clear_clipboard(self) -> None:
        ClipboardKeeper(self).clear()

    def _see_whether_closed(self) -> None:
        closed = self._closing is not None and self._closing.done()
        late = (perf_counter() - self._began) * 1000 > _LONGEST_CLOSING
        if closed or late:
            self._look.stop()
            self.locked.emit(self._leaving)


def replace_process() -> None:
    """Become the same command anew: what this process knew is gone."""
    command = list(sys.orig_argv)
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    if sys.platform == "win32":
        QProcess.startDetached(sys.executable, command[1:])
        ending.at_once(0)
    os.execv(sys.executable, [sys.executable, *command[1:]])  # noqa: S606 - our own command
