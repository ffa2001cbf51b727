"""The screen's side of hardening: no screenshots where the system can, locking when it says so."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QCoreApplication,
    QEvent,
    QObject,
    QSettings,  # noqa: TID251 - only to make the one Qt keeps for itself go nowhere
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtWidgets import QApplication, QWidget

_AFTER_FIRST_PAGE: Final = 2_000
_SYSTEM_BUS: Final = Path("/run/dbus/system_bus_socket")
_EXCLUDED_FROM_CAPTURE: Final = 0x11
_POWER: Final = 0x0218
_SESSION: Final = 0x02B1
_SUSPENDS: Final = 0x0004
_AWAY: Final = frozenset({0x2, 0x4, 0x6, 0x7})
"""Windows: another console, a remote one, signed out, screen locked."""


def keep_no_traces(app: QApplication) -> None:
    """Let file dialogs of the system, which remember, stay closed, and ours remember nothing."""
    app.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    nowhere = os.devnull + "/none"
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, nowhere)


class ScreenShield(QObject):
    """Windows: keeps every window of the program out of screenshots and shared screens."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QCoreApplication.instance()
        if app is not None and sys.platform == "win32":
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shield a window when it is shown."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            windows: Any = getattr(ctypes, "windll", None)
            if windows is not None:
                windows.user32.SetWindowDisplayAffinity(
                    ctypes.c_void_p(int(watched.winId())), _EXCLUDED_FROM_CAPTURE
                )
        return False


class SystemWatch(QObject):
    """Says when the computer goes to sleep, its screen is locked or another person takes over."""

    away = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._filter: _WindowsMessages | None = None
        self._buses: list[Any] = []
        if sys.platform == "win32":
            self._listen_to_windows(window)
        elif sys.platform == "linux":
            QTimer.singleShot(_AFTER_FIRST_PAGE, self, self._listen_to_linux)

    def stop(self) -> None:
        """Listen no more."""
        app = QCoreApplication.instance()
        if self._filter is not None and app is not None:
            app.removeNativeEventFilter(self._filter)
            self._filter = None

    def _listen_to_windows(self, window: QWidget) -> None:
        app = QCoreApplication.instance()
        windows: Any = getattr(ctypes, "windll", None)
        if app is None or windows is None:
            return
        self._filter = _WindowsMessages(self)
        app.installNativeEventFilter(self._filter)
        windows.wtsapi32.WTSRegisterSessionNotification(ctypes.c_void_p(int(window.winId())), 0)

    def _listen_to_linux(self) -> None:
        try:
            from PySide6 import QtDBus
        except ImportError:  # a build without it: then only idleness locks
            return
        login = "org.freedesktop.login1"
        wanted: list[tuple[Any, str, str, str, Any]] = []
        if _SYSTEM_BUS.exists():
            system = QtDBus.QDBusConnection.systemBus()
            wanted += [
                (system, login, f"{login}.Manager", "PrepareForSleep", SLOT("slept(bool)")),
                (system, login, f"{login}.Session", "Lock", SLOT("locked()")),
            ]
        if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):  # asking without one would start one
            session = QtDBus.QDBusConnection.sessionBus()
            wanted += [
                (session, "", f"org.{desk}.ScreenSaver", "ActiveChanged", SLOT("slept(bool)"))
                for desk in ("freedesktop", "gnome")
            ]
        for bus, service, interface, name, slot in wanted:
            if bus.isConnected() and bus.connect(service, "", interface, name, self, slot):
                self._buses.append(bus)

    @Slot(bool)
    def slept(self, begins: bool) -> None:
        """Take the word of the system that it sleeps or that its screen is covered."""
        if begins:
            self.away.emit()

    @Slot()
    def locked(self) -> None:
        """Take the word of the system that the session was locked."""
        self.away.emit()


class _WindowsMessages(QAbstractNativeEventFilter):
    """Reads the two messages of Windows that matter here."""

    def __init__(self, watch: SystemWatch) -> None:
        super().__init__()
        self._watch = watch

    def nativeEventFilter(self, kind: Any, message: int) -> object:
        """Look at a message and let it pass."""
        if bytes(kind) == b"windows_generic_MSG":
            from ctypes import wintypes

            said = wintypes.MSG.from_address(int(message))
            if said_away(said.message, int(said.wParam)):
                self._watch.away.emit()
        return False, 0


def said_away(message: int, what: int) -> bool:
    """Say whether a message of Windows means that the worker is not at the screen any more."""
    if message == _POWER:
        return what == _SUSPENDS
    return message == _SESSION and what in _AWAY
