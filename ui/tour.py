"""The main job on a copy of a house, in a window of the usual size: what `--drive DIR` does."""

from __future__ import annotations

import dataclasses
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QLoggingCategory
from PySide6.QtWidgets import QApplication

from shelter_app import i18n, settings
from ui.driver import Driver, Hand
from ui.main_job import Cast, main_job

_SIZE: Final = (1366, 768)


def run(app: QApplication, program: Any, folder: Path) -> int:
    """Do the main job on a copy of this program's house and return the exit code."""
    # Off screen, Qt remarks at every window that it cannot be raised or given size hints.
    QLoggingCategory.setFilterRules("default.warning=false")
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
    folder.mkdir(parents=True, exist_ok=True)
    hand = Hand(program, folder, _print)
    driver = Driver(hand, main_job(hand, Cast.of_demo()))
    outcome: list[bool] = []
    driver.finished.connect(outcome.append)
    driver.finished.connect(lambda _well: app.exit(0))
    program.begin_again = program.sign_in_anew
    before = settings.load()
    settings.save(dataclasses.replace(before, language="en", text_size=100))
    i18n.set_language("en")
    app.setQuitOnLastWindowClosed(False)
    _print(f"Pictures and documents: {folder.resolve()}")
    program.start()
    if program.window is not None:
        program.window.showNormal()
        program.window.resize(*_SIZE)
    driver.start()
    app.exec()
    if program.desk is not None:
        program.desk.close().result()
    settings.save(before)
    well = bool(outcome) and outcome[0]
    _print("The main job is done." if well else "The main job stopped before its end.")
    return 0 if well else 1


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
