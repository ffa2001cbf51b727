"""The composition root: harden the process, read the command, make the application, run it."""

from __future__ import annotations

import argparse
import atexit
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

from PySide6.QtWidgets import QApplication

from shelter_app import __version__, ending, hardening, paths, settings
from ui import appearance, crash, language
from ui import hardening as screen
from ui.kit import theme
from ui.only_one import OnlyOne
from ui.program import Program
from ui.sweeper import Sweeper

NEUTRAL: Final = "Register"
COMMAND: Final = "daily-register"
_SAYS: Final = "Keeps an office register on one computer, locked."
"""Whoever asks the program what it is, by --help too, is told nothing of the house."""


def harden() -> None:
    """Make files private, write no core dumps, take no advice from the environment."""
    hardening.at_start()
    paths.stay_on_stick()


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=_SAYS)
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument(
        "--demo", action="store_true", help="open an invented register to practise with"
    )
    parser.add_argument(
        "--people", type=int, default=220, help="how many people are in it when it is new"
    )
    parser.add_argument("--data", type=Path, help="folder of the records")
    parser.add_argument("--drive", type=Path, metavar="DIR", help="do the main job by itself")
    parser.add_argument("--updates", type=Path, nargs="+", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--onto-stick", type=Path, metavar="DIR", help=argparse.SUPPRESS)
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

        return tour.run(app, program, asked.drive, _errand(asked))
    one = OnlyOne(program.folder)
    if not one.first:
        return 0
    one.forward_wanted.connect(program.come_forward)
    program.only_one = one
    program.tell_started = asked.tell_started
    program.taken_back = asked.update_failed
    program.start()
    return app.exec()


def end(code: int) -> NoReturn:
    """End the process as soon as its threads have ended, without taking Python and Qt apart.

    All is closed and sealed by then. The taking apart would only give memory back that the system
    takes anyway, in an order in which Qt now and then meets what is gone already, and crashes.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    atexit.register(ending.at_once, code)  # run first of its kind, after the threads
    sys.exit(code)


def application(argv: Sequence[str]) -> QApplication:
    """Make the one QApplication in the language and look of this computer."""
    chosen = settings.load()
    app = QApplication(list(argv[:1]))
    language.speak(chosen.language)
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


def _errand(asked: argparse.Namespace) -> Callable[[Any, Any], Any] | None:
    from ui import errands

    if asked.updates:
        return partial(errands.offer_updates, files=asked.updates)
    if asked.onto_stick:
        return partial(errands.go_onto_stick, root=asked.onto_stick)
    return None


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

    hardening.close_memory()
    window = ReaderWindow(path)
    crash.install(window.tell_of_bug)
    window.show()
    return app.exec()
