"""A fresh process: a real window in which somebody types while a backup is made, then new keys.

The heart beats every 10 ms. Each gap is told by the clock and by what the window's own thread was
at work in it, and by how long that thread stood ready in the queue of the machine, without a core.
What is left is waiting for another thread of the program. The same typing without a backup comes
first, to set one against the other.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from shelter_app.services import backups, demo, key_changes
from shelter_app.services.backups import Present
from shelter_app.services.inside import Inside
from shelter_app.services.key_changes import Course
from tests.bench import houses
from tests.bench.child_journey import QuietHand
from ui import app as makao
from ui.backup_runner import Aside, BackupRunner
from ui.driver import Driver, Steps, press_key, type_text
from ui.main_job import go, sign_in
from ui.program import Program

_BEAT = 10
_KEY_EVERY = 90
"""Milliseconds between two keys: somebody who types fast."""
_CALM = 8.0
_TEXT = "wanjiku amina hodan zuhura "


def queued() -> float:
    """Return the seconds this thread stood ready in the system's queue; 0 where nobody counts."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text("ascii").split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


class Watched(QObject):
    """A heart and a typist on the window's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[tuple[float, float, float]] = []
        self.keys: list[tuple[float, float]] = []
        self.box: QWidget | None = None
        self._typed = 0
        self._last = self._worked = self._stood = 0.0
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(_BEAT)
        self._beat.timeout.connect(self._beats)
        self._key = QTimer(self)
        self._key.setInterval(_KEY_EVERY)
        self._key.timeout.connect(self._types)

    def start(self, box: QWidget | None) -> None:
        """Begin to beat and to type."""
        self.gaps, self.keys, self.box = [], [], box
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._stood = queued()
        self._beat.start()
        self._key.start()

    def stop(self) -> dict[str, Any]:
        """End it and tell."""
        self._beat.stop()
        self._key.stop()
        gaps = sorted(self.gaps, reverse=True)
        keys = sorted(self.keys, reverse=True)
        return {
            "beats": len(gaps),
            "keys": len(keys),
            "worst": gaps[0],
            "over_100": sum(1 for gap, _own, _stood in gaps if gap > 100),
            "over_50": sum(1 for gap, _own, _stood in gaps if gap > 50),
            "own_worst": max(own for _gap, own, _stood in gaps),
            "less_queue": max(gap - stood for gap, _own, stood in gaps),
            "less_queue_p99": sorted(gap - stood for gap, _own, stood in gaps)[-len(gaps) // 100],
            "p99": gaps[len(gaps) // 100][0],
            "key_worst": keys[0] if keys else (0.0, 0.0),
            "key_median": keys[len(keys) // 2][0] if keys else 0.0,
        }

    def _beats(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        gap, own = (now - self._last) * 1000 - _BEAT, (worked - self._worked) * 1000
        stood = queued()
        self.gaps.append((max(0.0, gap), own, (stood - self._stood) * 1000))
        self._last, self._worked, self._stood = now, worked, stood

    def _types(self) -> None:
        if self.box is None:
            return
        began, worked = time.perf_counter(), time.thread_time()
        letter = _TEXT[self._typed % len(_TEXT)]
        self._typed += 1
        if self._typed % len(_TEXT) == 0:
            press_key(self.box, Qt.Key.Key_Escape)
        else:
            type_text(self.box, letter)
        self.box.repaint()
        taken = (time.perf_counter() - began) * 1000
        self.keys.append((taken, (time.thread_time() - worked) * 1000))


class Measured(QObject):
    """What is measured, one after the other."""

    ended = Signal()

    def __init__(self, hand: QuietHand) -> None:
        super().__init__()
        self.hand = hand
        self.heart = Watched()
        self.told: dict[str, Any] = {"load": os.getloadavg()[0]}
        self.stick = tempfile.TemporaryDirectory(prefix="makao-bench-stick-", dir=houses.KEPT)
        self.aside = Aside(self)
        self.done = ""
        self.began = self.cpu = 0.0

    def walk(self, alias: str) -> Steps:
        """Sign in, type, back up while typing, call one off, give new keys."""
        hand = self.hand
        yield lambda: cast("Program", hand.program).preloading.ended
        yield from sign_in(hand, alias, demo.PASSPHRASE)
        yield hand.quiet
        yield go(hand, "residents")
        yield hand.quiet
        window = hand.program.main_window
        box = hand.find("search_box")
        assert isinstance(box, QLineEdit)
        box.setFocus()
        yield from _still(3)
        self.heart.start(box)
        yield from _still(_CALM)
        self.told["typing alone"] = self.heart.stop()
        window.tasks.run(window, backups.add_folder, Path(self.stick.name), then=self._known)
        yield lambda: self.done == "known"
        runner = BackupRunner(window.tasks, self.aside, self)
        runner.done.connect(partial(self._end, "done"))
        runner.failed.connect(lambda error: self._end(type(error).__name__))
        self._begin(box)
        runner.back_up(self.present)
        yield from _patiently(lambda: self.done != "")
        self._tell("verified backup")
        self._begin(box)
        runner.back_up(self.present)
        yield from _patiently(lambda: runner.progress.step == "writing" or self.done != "")
        yield from _still(0.5)
        stopped = time.perf_counter()
        runner.stop()
        yield from _patiently(lambda: self.done != "")
        self._tell("backup called off")
        self.told["backup called off"]["answered"] = time.perf_counter() - stopped

    def rotate(self, alias: str, compartment: str) -> Steps:
        """Sign in and give one part a new key while typing goes on in the window."""
        hand = self.hand
        yield lambda: cast("Program", hand.program).preloading.ended
        yield from sign_in(hand, alias, demo.PASSPHRASE)
        yield hand.quiet
        window = hand.program.main_window
        yield from _still(3)
        for name, act in (
            ("the backup before", _back_up),
            ("new keys", partial(_new_keys, compartment)),
        ):
            self._begin(None)
            window.tasks.run(window, act, then=lambda _v: self._end("done"))
            yield from _patiently(lambda: self.done != "")
            self._tell(name)

    def _known(self, line: Any) -> None:
        self.present = Present(line.id, Path(self.stick.name), line.kind)
        self.done = "known"

    def _begin(self, box: QWidget | None) -> None:
        self.done = ""
        self.heart.start(box)
        self.began, self.cpu = time.perf_counter(), time.process_time()

    def _end(self, how: str) -> None:
        self.took = time.perf_counter() - self.began
        self.took_cpu = time.process_time() - self.cpu
        self.done = how

    def _tell(self, name: str) -> None:
        self.told[name] = {
            **self.heart.stop(),
            "took": self.took,
            "cpu": self.took_cpu,
            "how": self.done,
            "load": os.getloadavg()[0],
        }


def _back_up(inside: Inside) -> None:
    key_changes.back_up_first(inside, Course())


def _new_keys(compartment: str, inside: Inside) -> None:
    inside.vault.rotate({compartment})


def _patiently(ready: Callable[[], bool]) -> Steps:
    """Wait for longer than the hand waits for one step: a busy machine is slow."""
    for _ in range(20):
        until = time.perf_counter() + 30
        yield partial(_ready_or_late, ready, until)
        if ready():
            return


def _ready_or_late(ready: Callable[[], bool], until: float) -> bool:
    return ready() or time.perf_counter() > until


def _still(seconds: float) -> Steps:
    until = time.perf_counter() + seconds
    yield lambda: time.perf_counter() > until


def main() -> None:
    """Measure one of the two, then tell as one line of JSON."""
    houses.set_day()
    makao.harden()
    qt = makao.application(sys.argv)
    what, folder, alias = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    program = Program(folder)
    hand = QuietHand(program, folder, print)
    measured = Measured(hand)
    walk = measured.walk(alias) if what == "backup" else measured.rotate(alias, sys.argv[4])
    driver = Driver(hand, walk)
    driver.finished.connect(lambda _well: qt.exit(0))
    qt.setQuitOnLastWindowClosed(False)
    program.start()
    assert program.window is not None
    program.window.showNormal()
    program.window.resize(1366, 768)
    driver.start()
    qt.exec()
    if program.desk is not None:
        program.desk.close().result()
    measured.stick.cleanup()
    print(json.dumps({**measured.told, "stuck": driver.trouble}))
    makao.end(0)


if __name__ == "__main__":
    main()
