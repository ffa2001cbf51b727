"""What `--drive DIR` does: the main job on a copy of a house, or an errand in the house itself."""

from __future__ import annotations

import dataclasses
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QLoggingCategory
from PySide6.QtWidgets import QApplication

from shelter_app import i18n, settings
from ui.driver import Driver, Hand, Steps
from ui.main_job import Cast, main_job

Errand = Callable[[Hand, Cast], Steps]
_SIZE: Final = (1366, 768)


def run(app: QApplication, program: Any, folder: Path, errand: Errand | None = None) -> int:
    """Do the main job on a copy of this program's house and return the exit code.

    An errand is done in the house itself. One that installs an update ends this process.
    """
    # Off screen, Qt remarks at every window that it cannot be raised or given size hints.
    QLoggingCategory.setFilterRules("default.warning=false")
    folder.mkdir(parents=True, exist_ok=True)
    if errand is not None:
        return _do_errand(app, program, folder, errand)
    with tempfile.TemporaryDirectory(prefix="drive-", ignore_cleanup_errors=True) as scratch:
        _copy_house(program, Path(scratch) / "house")
        return _run(app, program, folder)


def _copy_house(program: Any, target: Path) -> None:
    """Work on a copy, so that the house is as before and the job can be done again."""
    if program.demo_people:
        from shelter_app.services import demo

        _print("Preparing the demo house…")
        demo.ensure(program.folder, people=program.demo_people)
        program.demo_people = 0
    shutil.copytree(program.folder, target)
    program.folder = target


def _run(app: QApplication, program: Any, folder: Path) -> int:
    hand = Hand(program, folder, _print)
    program.begin_again = program.sign_in_anew
    before = settings.load()
    settings.save(dataclasses.replace(before, language="en", text_size=100))
    i18n.set_language("en")
    _print(f"Pictures and documents: {folder.resolve()}")
    well = _drive(app, program, hand, main_job(hand, Cast.of_demo()))
    settings.save(before)
    _print("The main job is done." if well else "The main job stopped before its end.")
    return 0 if well else 1


def _do_errand(app: QApplication, program: Any, folder: Path, errand: Errand) -> int:
    from shelter_app.services import demo

    if program.demo_people:
        demo.ensure(program.folder, people=program.demo_people)
        program.demo_people = 0
    hand = Hand(program, folder, _print)
    well = _drive(app, program, hand, errand(hand, Cast.of_demo()))
    _print("The errand is done." if well else "The errand stopped before its end.")
    return 0 if well else 1


def _drive(app: QApplication, program: Any, hand: Hand, steps: Steps) -> bool:
    """Start the program, take every step, close the records; say whether all steps were taken."""
    driver = Driver(hand, steps)
    outcome: list[bool] = []
    driver.finished.connect(outcome.append)
    driver.finished.connect(lambda _well: app.exit(0))
    app.setQuitOnLastWindowClosed(False)
    program.start()
    if program.window is not None:
        program.window.showNormal()
        program.window.resize(*_SIZE)
    driver.start()
    app.exec()
    if program.desk is not None:
        program.desk.close().result()
    return bool(outcome) and outcome[0]


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
