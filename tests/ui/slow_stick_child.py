"""The real program on a place for backups that is slow, with a heart that beats and a person.

`python -m tests.ui.slow_stick_child FOLDER ALIAS PLACE`, started with the shim of tests/faults in
front of its C library: the password comes over standard input, one line of JSON goes out.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from shelter_app.services import backups
from tests.faults import tracing
from tests.ui.memory_child import heard, until
from ui.app import application
from ui.backup_runner import BackupRunner
from ui.features.backups.backups_page import BackupsPage
from ui.kit.progress_sheet import ProgressSheet
from ui.main_window import MainWindow
from ui.program import Program
from ui.sign_in import SignInWindow

BEAT = 10
PAPER = 6 << 20


class Scene:
    """One signed-in program, and what was seen in it."""

    def __init__(self, window: MainWindow, place: Path) -> None:
        self.window = window
        self.place = place
        self.told: dict[str, Any] = {}
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._heart = QTimer()
        self._heart.setTimerType(Qt.TimerType.PreciseTimer)
        self._heart.timeout.connect(self._beat)
        self._heart.start(BEAT)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000 - BEAT)
        self._last = now

    @property
    def page(self) -> BackupsPage:
        return cast("BackupsPage", self.window.findChild(QWidget, "BackupsPage"))

    def sheet(self) -> ProgressSheet | None:
        found = self.window.findChildren(ProgressSheet)
        return next((each for each in found if each.isVisible()), None)

    def press(self, name: str) -> None:
        def there() -> bool:
            found = self.window.findChild(QPushButton, name)
            return found is not None and found.isVisible() and found.isEnabled()

        until(there)
        cast("QPushButton", self.window.findChild(QPushButton, name)).click()

    def said(self) -> str:
        return self.page.bar.text_label.text() if self.page.bar.isVisible() else ""

    def halves(self) -> list[str]:
        return sorted(path.name for path in self.place.rglob("*.part"))

    def whole(self) -> list[str]:
        return sorted(path.name for path in self.place.glob("office-backups/office-*"))

    def begin(self) -> None:
        """Press 'Back up now' with a document that is on no stick yet; wait until it writes."""
        papers = self.window.desk.vault.folder / "att" / "cases"
        papers.mkdir(parents=True, exist_ok=True)
        (papers / f"{secrets.token_hex(8)}.bin").write_bytes(os.urandom(PAPER))
        self.press("BackupsPage_now_A")
        until(lambda: self.runner.progress.step == "writing")

    @property
    def runner(self) -> BackupRunner:
        return self.page._runner

    def whole_backup(self) -> None:
        """Look at a backup from its beginning to its end, and save something in its middle."""
        rows: list[tuple[float, int, int, str, str]] = []
        saved: list[float] = []

        def look() -> None:
            sheet, progress = self.sheet(), self.runner.progress
            if sheet is not None:
                text = sheet.step_label.text()
                rows.append(
                    (time.perf_counter(), progress.done, progress.total, progress.step, text)
                )

        looking = QTimer()
        looking.timeout.connect(look)
        self.gaps.clear()
        self.begin()
        looking.start(200)
        until(lambda: len(rows) > 5)
        asked = time.perf_counter()
        place = self.page._overview.places[0].id  # type: ignore[union-attr]
        self.window.tasks.do(
            self.window,
            backups.describe_place,
            place,
            "Partner's safe",
            then=lambda _v: saved.append(time.perf_counter() - asked),
        )
        until(lambda: bool(self.said()))
        looking.stop()
        ended = time.perf_counter()
        self.told["whole"] = {
            "rows": [(ended - at, *rest) for at, *rest in rows],
            "saved": saved[0],
            "gap": max(self.gaps),
            "said": self.said(),
            "halves": self.halves(),
            "whole": self.whole(),
        }

    def called_off(self, name: str, begin: Callable[[], object]) -> None:
        """Cancel in the middle and wait for the word about it."""
        begin()
        until(lambda: self.sheet() is not None)
        wait(0.6)
        began = time.perf_counter()
        self.gaps.clear()
        cast("ProgressSheet", self.sheet()).cancel_button.click()
        stopping = cast("ProgressSheet", self.sheet()).step_label.text()
        until(lambda: "Stopped" in self.said())
        self.told[name] = {
            "took": time.perf_counter() - began,
            "gap": max(self.gaps, default=0.0),
            "stopping": stopping,
            "halves": self.halves(),
            "whole": self.whole(),
        }

    def stands(self) -> None:
        """Cancel while the place does not answer at all, go on working, let it answer."""
        self.begin()
        wait(1.2)
        hold = tracing.standing(self.place)
        hold.touch()
        wait(1.0)
        began = time.perf_counter()
        self.gaps.clear()
        cast("ProgressSheet", self.sheet()).cancel_button.click()
        until(lambda: self.sheet() is None)
        let_go, said = time.perf_counter() - began, self.said()
        self.press("BackupsPage_now_A")
        again = self.said()
        wait(0.5)
        gap = max(self.gaps)
        hold.unlink()
        until(lambda: "Stopped" in self.said())
        self.told["stands"] = {
            "let_go": let_go,
            "said": said,
            "again": again,
            "gap": gap,
            "halves": self.halves(),
            "whole": self.whole(),
        }

    def second_look(self) -> None:
        self.press("BackupsPage_check_A")
        until(lambda: self.runner.progress.step == "checking")

    def leave(self, program: Program, without: bool) -> None:
        """Close the window while a backup is under way; with or without waiting for it."""
        self.begin()
        wait(1.2)
        asked = time.perf_counter()
        self.window.close()
        until(lambda: len(self.window.findChildren(ProgressSheet)) > 1)
        top = self.window.findChildren(ProgressSheet)[-1]
        words, button = top.text_label.text(), top.cancel_button.text()
        left: list[bool] = []
        program.lock.locked.disconnect()
        program.lock.locked.connect(left.append)
        program.lock.locked.connect(program.backups.stop)
        if without:
            top.cancel_button.click()
        until(lambda: bool(left))
        self.told["left"] = {
            "took": time.perf_counter() - asked,
            "words": words,
            "button": button,
            "halves": self.halves(),
            "whole": self.whole(),
        }

    def nobody(self, program: Program) -> None:
        """Leave the chair empty in the middle of a backup, and see how long the cover stays."""
        locked: list[float] = []
        program.begin_again = lambda: locked.append(time.perf_counter())
        self.begin()
        wait(1.0)
        self.gaps.clear()
        began = time.perf_counter()
        program.lock.idle.set_minutes(0)
        program.lock.idle.check()
        covered = time.perf_counter() - began
        resting, rows = program.lock.resting, []
        looking = QTimer()
        looking.timeout.connect(
            lambda: rows.append((resting.bar.value(), resting.step_label.text()))
        )
        looking.start(200)
        until(lambda: bool(locked))
        looking.stop()
        self.told["nobody"] = {
            "covered": covered,
            "words": resting.sentence_label.text(),
            "rows": rows,
            "locked": locked[0] - began,
            "gap": max(self.gaps),
            "halves": self.halves(),
            "whole": self.whole(),
        }


def wait(seconds: float) -> None:
    ends = time.perf_counter() + seconds
    until(lambda: time.perf_counter() > ends)


def main(folder: Path, alias: str, place: Path, what: str) -> None:
    app = application(sys.argv)
    program = Program(folder)
    program.start()
    assert isinstance(program.window, SignInWindow)
    card = program.window.card
    until(card.name_box.count)
    card.name_box.setCurrentText(alias)
    card.phrase_edit.line_edit.setText(heard())
    card.unlock_button.click()
    until(lambda: program.main_window is not None and program.main_window.tasks.is_idle())
    assert program.main_window is not None
    until(lambda: program.main_window.has_stood)  # type: ignore[union-attr]
    scene = Scene(program.main_window, place)
    program.main_window.go("backups")
    until(lambda: scene.page is not None and scene.page._overview is not None)
    until(program.main_window.tasks.is_idle)
    if what == "work":
        scene.whole_backup()
        scene.called_off("writing", scene.begin)
        scene.called_off("second look", scene.second_look)
        scene.stands()
    if what == "nobody":
        scene.nobody(program)
    else:
        scene.leave(program, without=what != "work")
    app.quit()
    sys.stdout.write(f"{json.dumps(scene.told)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4])
