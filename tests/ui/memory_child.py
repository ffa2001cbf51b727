"""The real program in a process of its own, told when to sign in and when to lock.

`python -m tests.ui.memory_child FOLDER ALIAS`: the password comes over standard input. It says
'ready' when its worker is signed in and has looked around, and after a line more it locks. Locking
replaces the process by the same command; the second life says 'locked' at its sign-in window.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer

from shelter_app.domain.counselling import CounsellingNote
from shelter_app.services.work import Work
from ui.app import application
from ui.program import Program
from ui.sign_in import SignInWindow

SECOND_LIFE = "MAKAO_TEST_SECOND_LIFE"
LONGEST = 60_000


def until(ready: Callable[[], Any]) -> None:
    loop, look = QEventLoop(), QTimer()
    look.timeout.connect(lambda: loop.exit(1) if ready() else None)
    look.start(10)
    QTimer.singleShot(LONGEST, loop.quit)
    if not loop.exec():
        raise TimeoutError


def say(word: str) -> None:
    os.write(1, f"{word}\n".encode())


def heard() -> str:
    return os.read(0, 1_000).decode().strip()


def notes(work: Work) -> list[CounsellingNote]:
    return work.matching(CounsellingNote)


def main(folder: Path, alias: str) -> None:
    app = application(sys.argv)
    program = Program(folder)
    program.start()
    assert isinstance(program.window, SignInWindow)
    card = program.window.card
    until(card.name_box.count)
    if os.environ.get(SECOND_LIFE):
        say("locked")
        heard()
        os._exit(0)
    card.name_box.setCurrentText(alias)
    card.phrase_edit.line_edit.setText(heard())
    card.unlock_button.click()
    until(lambda: program.main_window is not None and program.main_window.tasks.is_idle())
    assert program.main_window is not None
    read: list[Any] = []
    program.main_window.tasks.ask(program.main_window, notes, then=read.append)
    for place in ("residents", "house", "calendar", "counselling"):
        if place in program.main_window.places:
            program.main_window.go(place)
            until(program.main_window.tasks.is_idle)
    until(lambda: read)
    say("ready")
    heard()
    os.environ[SECOND_LIFE] = "yes"
    program.lock.lock()
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
