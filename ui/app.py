"""The composition root: harden the process, read the command, show the door, then the house."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from shelter_app import hardening, i18n, logs, paths, settings
from ui import appearance, crash
from ui import hardening as screen
from ui.door import Door
from ui.kit import theme
from ui.kit.clipboard import ClipboardKeeper
from ui.only_one import OnlyOne
from ui.sign_in import SignInWindow
from ui.sweeper import Sweeper

if TYPE_CHECKING:
    from shelter_app.services.demo import DemoVault
    from shelter_app.services.desk import Desk
    from shelter_app.services.updates import Ready
    from ui.kit.tasks import Tasks
    from ui.main_window import MainWindow

NEUTRAL: Final = "Register"
_BEGIN_WITH: Final = "REGISTER_BEGIN_WITH"
_RESTORE: Final = "restore"
_LOOK_EVERY: Final = 20
_LOOK_SELDOM: Final = 120
"""Whoever signs in faster than all is loaded gets the rest in between, not in one piece."""
_STANDS_AFTER: Final = 500
"""Milliseconds of the event loop after which a first window counts as standing."""
_BEHIND_THE_DOOR: Final = (
    "sqlcipher3",
    "cryptography.hazmat.primitives.kdf.argon2",
    "cryptography.hazmat.primitives.hpke",
    "sqlalchemy",
    "shelter_app.storage.vault",
    "shelter_app.services.desk",
    "shelter_app.services.accounts",
    "shelter_app.storage.migrations",
    "shelter_app.services.today",
    "qtawesome",
    "shelter_app.services.residents",
    "shelter_app.services.drafts",
    "shelter_app.services.house",
    "shelter_app.services.counselling_week",
    "shelter_app.services.court_pages",
    "shelter_app.services.documents",
    "shelter_app.services.plans",
    "shelter_app.services.aftercare",
    "shelter_app.services.audit_trail",
    "shelter_app.services.backups",
    "shelter_app.services.restoring",
)
"""Loaded beside the first window, on a thread: nothing of it makes a widget."""
_WINDOWS: Final = (
    "ui.kit.icons",
    "ui.kit.page",
    "ui.kit.record_form",
    "ui.lock",
    "ui.main_window",
    "ui.arrival",
    "ui.backup_keeper",
    "ui.features.today",
    "ui.kit.record_table",
    "ui.features.residents",
    "ui.kit.side_editor",
    "ui.features.resident",
    "ui.features.house",
    "ui.kit.week_calendar",
    "ui.features.counselling",
    "ui.features.calendar",
    "ui.features.court",
    "ui.features.care_plan",
    "ui.features.aftercare",
    "ui.features.documents",
    "ui.features.staff",
    "ui.features.audit",
    "ui.features.rights",
    "ui.features.settings",
    "ui.features.backups",
    "ui.palette",
)
"""Loaded one at a time while the worker types her pass phrase, so that no page stalls later."""


def harden() -> None:
    """Make files private, write no core dumps, take no advice from the environment."""
    hardening.at_start()
    paths.stay_on_stick()


def close_memory() -> None:
    """Keep other programs of this account out of our memory; before anything secret is in it."""
    hardening.close_memory()


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="makao", description="Records of a safehouse, locked.")
    parser.add_argument("--demo", action="store_true", help="open the demo house")
    parser.add_argument("--people", type=int, default=220, help="people in a new demo house")
    parser.add_argument("--data", type=Path, help="folder of the records")
    parser.add_argument("--drive", type=Path, metavar="DIR", help="do the main job by itself")
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="render the pictures")
    parser.add_argument("--self-check", action="store_true", help="try every part, then leave")
    parser.add_argument("--reader", type=Path, metavar="DIR", help="open a complete export")
    parser.add_argument("--gallery", action="store_true", help="show every shape of the windows")
    parser.add_argument("--tell-started", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--update-failed", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(argv: Sequence[str]) -> int:
    """Run the program and return its exit code."""
    harden()
    asked = parsed(argv[1:])
    if asked.self_check or asked.screenshots or (asked.drive and not _has_screen()):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = application(argv)
    if asked.self_check:
        from ui import self_check

        return self_check.run(app)
    if asked.screenshots:
        from ui import screenshots

        return screenshots.run(app, asked.screenshots)
    if asked.gallery:
        return _gallery(app)
    if asked.reader:
        return _reader(app, asked.reader)
    program = Program(folder_of(asked), demo_people=asked.people if asked.demo else 0)
    crash.install(program.tell_of_bug)
    app.commitDataRequest.connect(program.session_ends)
    if asked.drive:
        from ui import tour

        return tour.run(app, program, asked.drive)
    one = OnlyOne(program.folder)
    if not one.first:
        return 0
    one.forward_wanted.connect(program.come_forward)
    program.only_one = one
    program.tell_started = asked.tell_started
    program.taken_back = asked.update_failed
    program.start()
    return app.exec()


def application(argv: Sequence[str]) -> QApplication:
    """Make the one QApplication in the language and look of this computer."""
    chosen = settings.load()
    i18n.set_language(chosen.language)
    app = QApplication(list(argv[:1]))
    app.setApplicationName(NEUTRAL)
    app.setDesktopFileName(appearance.DESKTOP_FILE)
    screen.keep_no_traces(app)
    Sweeper(app)
    theme.apply(app, chosen.theme, chosen.scale)  # type: ignore[arg-type]
    return app


def folder_of(asked: argparse.Namespace) -> Path:
    """Return the folder of the records this run is about."""
    if asked.data:
        return Path(asked.data)
    if asked.demo:
        return paths.data_folder() / "demo"
    chosen = settings.load().folder
    return Path(chosen) if chosen else paths.data_folder() / "records"


def _has_screen() -> bool:
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _gallery(app: QApplication) -> int:
    from ui.gallery import Gallery

    window = Gallery()
    window.resize(1366, 768)
    window.show()
    return app.exec()


def _reader(app: QApplication, path: Path) -> int:
    from ui.reader import ReaderWindow

    window = ReaderWindow(path)
    window.show()
    return app.exec()


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
        self._loading: threading.Thread | None = None
        self._to_load: list[Callable[[], object]] = [partial(import_module, n) for n in _WINDOWS]
        self._to_load += [self._plan_features, _draw_one_icon]
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self._look.timeout.connect(self._import_one)

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
        window.finished.connect(self.show_sign_in)
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
        close_memory()
        self._loading = threading.Thread(target=_load_libraries, daemon=True)
        self._loading.start()
        self._look.start()
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
        if self.taken_back and isinstance(self.window, SignInWindow):
            from shelter_app.i18n import _
            from shelter_app.services.updates import TAKEN_BACK

            self._sign_in_window().card.set_note(_(TAKEN_BACK))

    def _offer_names(self) -> None:
        from shelter_app.errors import ShelterError, VaultReadOnly
        from shelter_app.services import doors, folders

        window = self._sign_in_window()
        try:
            folders.require_own(self.folder)
            window.card.set_ways([(way.slot_id, way.alias) for way in doors.ways_in(self.folder)])
            if not doors.may_write(self.folder):
                raise VaultReadOnly
        except ShelterError as error:
            window.card.show_failure(error)
        else:
            self._to_load.insert(0, self._read_ahead)
            self._look.start()

    def _read_ahead(self) -> None:
        """Let the files be read for the seal while she types, after what the window needs."""
        from shelter_app.services import doors

        if self._sign_in_begun:
            return
        threading.Thread(target=doors.reading_ahead(self.folder), daemon=True).start()

    def _prepare_demo(self) -> None:
        from shelter_app.i18n import _
        from shelter_app.services import demo, doors

        window = self._sign_in_window()
        if doors.at(self.folder) is doors.Door.NOTHING:
            window.card.set_note(_("Making the demo house. This takes up to a minute."))
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
        from shelter_app.i18n import _

        self._offer_names()
        note = _("Demo house: nobody in it exists. Everybody's password here is: {phrase}")
        self._sign_in_window().card.set_note(note.format(phrase=made.passphrase))

    def _switch_language(self, code: str) -> None:
        import dataclasses

        i18n.set_language(code)
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
        from ui.arrival import welcome
        from ui.backup_keeper import BackupKeeper
        from ui.health import HealthWatch
        from ui.lock import Lock
        from ui.main_window import MainWindow

        self._look.setInterval(_LOOK_SELDOM)
        self.desk = desk
        first = desk.ask(today.page, True)  # answered while the window is built
        window = self.main_window = MainWindow(desk)
        window.tasks.hold(first, today.page, True)
        self.lock = Lock(window, desk, settings.load().idle_minutes)
        window.lock_wanted.connect(self.lock.lock)
        self.backups = BackupKeeper(window)
        HealthWatch(window)
        window.restore_wanted.connect(self._restore)
        window.update_wanted.connect(self._update_now)
        window.leave_wanted.connect(self._leave)
        self.lock.locked.connect(self.backups.stop)
        window.preferences_changed.connect(self._apply_idle)
        self.lock.locked.connect(self._locked)
        screen.SystemWatch(window).away.connect(self.lock.lock)
        self.lock.idle.warned.connect(window.warn_idle)
        self.lock.idle.calmed.connect(window.calm)
        self._take_place(window)
        welcome(window)

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

    def _import_one(self) -> None:
        """Load the windows' modules one at a time, between the worker's keys."""
        if self._loading is not None and self._loading.is_alive():
            return
        if not self._to_load:
            self._look.stop()
            return
        self._to_load.pop(0)()

    def everything_is_loaded(self) -> bool:
        """Say whether nothing is left to import while somebody types."""
        return self._loading is not None and not self._to_load

    def _plan_features(self) -> None:
        """Load the pages too: the first one then stands as soon as somebody signs in."""
        from ui.navigation import PLACES

        self._to_load += [*(place.feature for place in PLACES), Sweeper.settle]

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


def _load_libraries() -> None:
    for name in _BEHIND_THE_DOOR:
        import_module(name)


def _draw_one_icon() -> None:
    """Let the font of the icons be read before the first button needs it."""
    from ui.kit import icons

    icons.icon("lock").pixmap(16, 16)
