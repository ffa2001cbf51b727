"""The windows of one run of the program, one at a time: the door, then the house."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from shelter_app import hardening, logs, settings
from ui import appearance, language
from ui import hardening as screen
from ui.door import Door
from ui.kit import theme
from ui.kit.clipboard import ClipboardKeeper
from ui.only_one import OnlyOne
from ui.preloading import Preloading
from ui.sign_in import SignInWindow

if TYPE_CHECKING:
    from shelter_app.services.demo import DemoVault
    from shelter_app.services.desk import Desk
    from shelter_app.services.updates import Ready
    from ui.kit.tasks import Tasks
    from ui.main_window import MainWindow

_BEGIN_WITH: Final = "REGISTER_BEGIN_WITH"
_RESTORE: Final = "restore"
_STANDS_AFTER: Final = 500
"""Milliseconds of the event loop after which a first window counts as standing."""


class Program(QObject):
    """The windows of one run, one at a time: assistant or sign-in, then the main window."""

    def __init__(
        self,
        folder: Path,
        *,
        demo_people: int = 0,
        begin_again: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self.folder = folder
        self.demo_people = demo_people
        self.begin_again = begin_again
        self.window: QWidget | None = None
        self._left: QWidget | None = None
        self.main_window: MainWindow | None = None
        self.desk: Desk | None = None
        self.lock: Any = None
        self.backups: Any = None
        self.only_one: OnlyOne | None = None
        self.tell_started: Path | None = None
        self.taken_back = False
        self._update: Ready | None = None
        self.clipboard = ClipboardKeeper(self)
        if not demo_people:  # the demo house may be shown to others, to teach
            screen.ScreenShield(self)
        self._door = Door()
        self._door_tasks: Tasks | None = None
        self._sign_in_begun = False
        self.preloading = Preloading(self)

    def start(self) -> None:
        """Show the first window this folder calls for."""
        from shelter_app.services import doors

        if doors.restore_was_cut(self.folder):
            from shelter_app.services import restoring

            restoring.finish_switch(self.folder)
        if os.environ.pop(_BEGIN_WITH, "") == _RESTORE:
            self.show_restore()
        elif self.demo_people or doors.at(self.folder) is doors.Door.HOUSE:
            self.show_sign_in()
        else:
            self.show_first_run()
        QTimer.singleShot(_STANDS_AFTER, self, self._end_update)

    # The door

    def show_sign_in(self) -> SignInWindow:
        """Show the sign-in window; everything heavy waits until it is painted."""
        window = SignInWindow()
        self._take_place(window)
        self._connect(window)
        window.painted.connect(self._behind_the_first_window)
        self._sign_in_begun = False
        window.card.set_busy(False)
        return window

    def show_first_run(self) -> None:
        """Show the assistant that makes a house."""
        from ui.first_run.window import FirstRunWindow

        window = FirstRunWindow(self.folder)
        window.finished.connect(self._house_made)
        window.restore_wanted.connect(self.show_restore)
        self._take_place(window)

    def show_recovery(self) -> None:
        """Show what a recovery sheet can do when nobody can sign in who should."""
        from ui.first_run.recovery_window import RecoveryWindow

        window = RecoveryWindow(self.folder, self._door)
        window.finished.connect(lambda: self.show_sign_in().card.expect(window.let_in))
        self._take_place(window)

    def show_restore(self) -> None:
        """Show the assistant that brings records back from a backup; nobody is signed in then."""
        from ui.restore.window import RestoreWindow

        window = RestoreWindow(self.folder)
        window.finished.connect(self.start)
        self._take_place(window)

    def show_damaged(self, part: str, slot_id: str) -> None:
        """Show what can be done about a damaged part; nobody is signed in then."""
        from shelter_app.errors import ShelterError
        from shelter_app.services import doors
        from ui.damaged.window import DamagedWindow

        try:
            ways = doors.ways_in(self.folder)
        except ShelterError:
            ways = ()
        window = DamagedWindow(self.folder, part, ways, slot_id)
        window.restore_wanted.connect(self.show_restore)
        window.finished.connect(lambda: self._after_damage(window.still_damaged, slot_id))
        self._take_place(window)

    def _after_damage(self, still_damaged: str, slot_id: str) -> None:
        if still_damaged:
            self.show_damaged(still_damaged, slot_id)
        else:
            self.start()

    def _house_made(self, folder: str) -> None:
        self.folder = Path(folder)
        self.show_sign_in()

    @property
    def _tasks(self) -> Tasks:
        """Return the bridge of the door, made when first needed: the first window is not kept."""
        if self._door_tasks is None:
            from ui.kit.tasks import Tasks

            self._door_tasks = Tasks(self._door, self)
        return self._door_tasks

    def _connect(self, window: SignInWindow) -> None:
        window.card.submitted.connect(self._sign_in)
        window.card.language_wanted.connect(self._switch_language)
        window.card.sheet_wanted.connect(self.show_recovery)
        window.card.restore_wanted.connect(self.show_restore)
        window.card.damage_wanted.connect(self.show_damaged)

    def _behind_the_first_window(self) -> None:
        hardening.close_memory()
        self.preloading.start()
        QTimer.singleShot(0, self, theme.load_fallback_fonts)
        QTimer.singleShot(0, self, appearance.show_picture)
        QTimer.singleShot(0, self, logs.start)
        if self.demo_people:
            self._prepare_demo()
        else:
            self._offer_names()

    def _end_update(self) -> None:
        """Say that this version stands, or why the one before it is here again."""
        if self.tell_started is not None:
            from ui.updating import tell_started

            tell_started(self.tell_started)
        else:
            from shelter_app.services.updates import forget_installer

            forget_installer()
        if self.taken_back and isinstance(self.window, SignInWindow):
            from shelter_app.services.updates import TAKEN_BACK

            self._sign_in_window().card.set_note(TAKEN_BACK)

    def _offer_names(self) -> None:
        from shelter_app.errors import ShelterError, VaultReadOnly
        from shelter_app.services import doors, folders

        window = self._sign_in_window()
        try:
            folders.require_own(self.folder)
            window.card.set_restored(doors.restored_from(self.folder))
            window.card.set_ways([(way.slot_id, way.alias) for way in doors.ways_in(self.folder)])
            if not doors.may_write(self.folder):
                raise VaultReadOnly
        except ShelterError as error:
            window.card.show_failure(error)
        else:
            self.preloading.do_first(self._read_ahead)

    def _read_ahead(self) -> None:
        """Let the files be read for the seal while she types, after what the window needs."""
        from shelter_app.services import doors

        if self._sign_in_begun:
            return
        threading.Thread(target=doors.reading_ahead(self.folder), daemon=True).start()

    def _prepare_demo(self) -> None:
        from shelter_app.i18n import N_
        from shelter_app.services import demo

        window = self._sign_in_window()
        if not demo.fits(self.folder, people=self.demo_people):
            window.card.set_note(N_("Making the demo house. This takes up to a minute."))
        window.card.set_busy(True)
        self._tasks.ask(
            window,
            self._door.run,
            demo.ensure,
            self.folder,
            people=self.demo_people,
            then=self._demo_ready,
            failed=self._not_opened,
        )

    def _demo_ready(self, made: DemoVault) -> None:
        from shelter_app.i18n import N_

        self._offer_names()
        note = N_("Demo house: nobody in it exists. Everybody's password here is: {phrase}")
        self._sign_in_window().card.set_note(note, phrase=made.passphrase)

    def _switch_language(self, code: str) -> None:
        import dataclasses

        language.speak(code)
        settings.save(dataclasses.replace(settings.load(), language=code))
        window = self._sign_in_window()
        window.rebuild()
        self._connect(window)

    def _sign_in(self, slot_id: str, passphrase: str) -> None:
        from shelter_app.services.desk import sign_in

        self._sign_in_begun = True
        window = self._sign_in_window()
        self._tasks.ask(
            window,
            sign_in,
            self.folder,
            slot_id,
            passphrase,
            self._door.executor,
            then=self._signed_in,
            failed=self._not_opened,
        )

    def _not_opened(self, error: BaseException) -> None:
        self._sign_in_window().card.show_failure(error)

    def _sign_in_window(self) -> SignInWindow:
        assert isinstance(self.window, SignInWindow)
        return self.window

    # The house

    def _signed_in(self, desk: Desk) -> None:
        from shelter_app.services import today
        from shelter_app.services.deadlines import AT_ONCE
        from ui.main_window import MainWindow

        self.preloading.slow_down()
        self.desk = desk
        first = desk.ask(today.page, True, AT_ONCE)  # answered while the window is built
        window = self.main_window = MainWindow(desk)
        window.tasks.hold(first, today.page, True, AT_ONCE)
        window.tasks.next_turn(self._enter)

    def _enter(self) -> None:
        """Let the main window take the door's place, watched by lock, backups and health."""
        from ui.arrival import say_again, welcome
        from ui.backup_keeper import BackupKeeper
        from ui.health import HealthWatch
        from ui.lock import Lock

        desk, window = self.desk, self.main_window
        assert desk is not None
        assert window is not None
        self.lock = Lock(window, desk, settings.load().idle_minutes)
        window.lock_wanted.connect(self.lock.lock)
        self.backups = BackupKeeper(window)
        HealthWatch(window)
        window.restore_wanted.connect(self._restore)
        window.update_wanted.connect(self._update_now)
        window.leave_wanted.connect(self._leave)
        self.lock.locked.connect(self.backups.stop)
        window.preferences_changed.connect(self._apply_idle)
        window.preferences_changed.connect(partial(say_again, window))
        self.lock.locked.connect(self._locked)
        self.lock.rests.connect(self._take_place)
        screen.SystemWatch(window).away.connect(self.lock.lock)
        self.lock.warned.connect(window.warn_idle)
        self.lock.idle.calmed.connect(window.calm)
        window.stands.connect(window.count_what_waits)
        window.stands.connect(partial(welcome, window))
        window.prepare()
        window.tasks.next_turn(partial(self._take_place, window))

    def _restore(self) -> None:
        """Lock, and begin again with the restore assistant instead of the door."""
        os.environ[_BEGIN_WITH] = _RESTORE
        self.lock.lock()

    def _leave(self) -> None:
        self.backups.before_leaving(self.lock.leave)

    def _apply_idle(self) -> None:
        self.lock.idle.set_minutes(settings.load().idle_minutes)

    def _locked(self, leaving: bool) -> None:
        if leaving:
            if self.only_one is not None:
                self.only_one.leave()  # a stick that does not answer may hold this process on
            QApplication.exit(0)
            return
        if self.begin_again is not None:
            self.begin_again()
            return
        from ui.lock import replace_process
        from ui.updating import become

        if self.only_one is not None:
            self.only_one.leave()
        if self._update is not None:
            become(self._update.command)
        replace_process()

    def _update_now(self, ready: Ready) -> None:
        """Lock, and become the installer instead of the door."""
        self._update = ready
        self.lock.lock()

    def sign_in_anew(self) -> None:
        """Show the door again in the same process: for the driver and tests, never for people."""
        old = self.main_window
        self.main_window = self.desk = self.lock = None
        self._door, self._door_tasks = Door(), None
        self.show_sign_in()
        if old is not None:
            old.deleteLater()

    def _take_place(self, window: QWidget) -> None:
        """Show a window where the one before stood."""
        old = self.window
        self.window = window
        if old is None:
            _fit_to_screen(window)
            window.showMaximized()
        elif old.isMaximized():
            window.setGeometry(old.geometry())
            window.showMaximized()
        else:
            window.setGeometry(old.geometry())
            window.show()
        window.activateWindow()
        if old is not None:
            old.hide()
            self._left = old
            QTimer.singleShot(0, self, self._let_go)

    def _let_go(self) -> None:
        """Drop the window before this one; not sooner, for its own signal may have ended it."""
        self._left = None

    def come_forward(self) -> None:
        """Show the window that is open already: somebody started the program again."""
        window = self.window
        if window is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()

    def session_ends(self, _session: object) -> None:
        """Seal before the computer shuts down or the account is logged out."""
        if self.lock is not None:
            self.lock.seal_now()

    def tell_of_bug(self) -> None:
        """Say in the window that something went wrong; the log has where."""
        if self.main_window is not None:
            from ui.kit.wording import sentence_for

            self.main_window.say(sentence_for(RuntimeError()), "error")


def _fit_to_screen(window: QWidget) -> None:
    room = window.screen().availableGeometry()
    window.resize(min(1366, room.width()), min(768, room.height()))
