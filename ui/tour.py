"""What `--drive DIR` does: the main job on a copy of a house, or updates offered to a real one."""

from __future__ import annotations

import dataclasses
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QLoggingCategory
from PySide6.QtWidgets import QApplication

from shelter_app import i18n, settings
from ui.driver import Driver, Hand, Steps
from ui.main_job import Cast, main_job
from ui.offered_updates import offered_updates

_SIZE: Final = (1366, 768)


def run(app: QApplication, program: Any, folder: Path, updates: Sequence[Path] = ()) -> int:
    """Do the main job on a copy of this program's house and return the exit code.

    With update files each is offered instead, on the house itself: the first that is taken ends
    this process, because it becomes the installer.
    """
    # Off screen, Qt remarks at every window that it cannot be raised or given size hints.
    QLoggingCategory.setFilterRules("default.warning=false")
    folder.mkdir(parents=True, exist_ok=True)
    if updates:
        return _offer_updates(app, program, folder, updates)
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


def _offer_updates(app: QApplication, program: Any, folder: Path, updates: Sequence[Path]) -> int:
    from shelter_app.services import demo

    if program.demo_people:
        demo.ensure(program.folder, people=program.demo_people)
        program.demo_people = 0
    hand = Hand(program, folder, _print)
    well = _drive(app, program, hand, offered_updates(hand, Cast.of_demo(), updates))
    _print("No update was taken." if well else "Offering the updates stopped before its end.")
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
