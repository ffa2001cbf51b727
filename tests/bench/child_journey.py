"""A fresh process: a day's walk through the real windows, with a heart that beats every 10 ms."""

import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollBar, QTabBar, QTableView

from shelter_app.services import demo
from tests.bench import houses
from ui import app as makao
from ui.driver import Driver, Hand, Steps, press_key, type_text
from ui.main_job import go, sign_in
from ui.program import Program

_BEAT = 10
_TYPED = ("amin", "wanjiku m", "hodan", "zuh", "R-01")


class Heart:
    """Notes how long the window's thread was away, and in which step of the walk."""

    def __init__(self) -> None:
        self.step = "start"
        self.gaps: dict[str, tuple[float, float]] = {}
        self._last = self._worked = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to beat."""
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        """Beat no more."""
        self._timer.stop()

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        gap = (now - self._last) * 1000 - _BEAT
        own = min((worked - self._worked) * 1000, gap)
        self.gaps[self.step] = max(self.gaps.get(self.step, (0.0, 0.0)), (gap, own))
        self._last, self._worked = now, worked


class QuietHand(Hand):
    """A hand that neither tells of its steps nor stops to take pictures."""

    def tell(self, step: str, picture: str = "") -> None:
        """Say nothing."""


def rss() -> float:
    """Return the resident memory of this process in MB."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def walk(hand: Hand, heart: Heart, alias: str, memory: dict[str, float]) -> Steps:
    """Look at every page as a worker would in a day."""
    heart.step = "while she types her phrase"
    yield lambda: cast("Program", hand.program).preloading.ended
    heart.step = "signing in"
    yield from sign_in(hand, alias, demo.PASSPHRASE)
    heart.step = "Today"
    yield hand.quiet
    yield from _still(0.5)
    memory["Today"] = rss()
    heart.step = "residents, first"
    yield go(hand, "residents")
    yield from _still(0.3)
    yield hand.click("chip_all")
    yield from _still(0.3)
    yield from _scroll(hand, heart, "ResidentsPage_table")
    heart.step = "typing in the search"
    for text in _TYPED:
        yield from _type(hand, text)
    heart.step = "resident page, first"
    yield hand.key("ResidentsPage_table", Qt.Key.Key_Home)
    yield hand.key("ResidentsPage_table", Qt.Key.Key_Return)
    yield hand.there("ResidentHeader_name")
    yield from _still(0.3)
    yield from _tabs(hand, heart)
    for place in ("court", "house", "counselling", "calendar", "aftercare", "documents", "today"):
        if hand.all(f"SideBar_{place}"):
            heart.step = f"{place}, first"
            yield go(hand, place)
            yield from _still(0.4)
    for place in ("residents", "court", "house", "counselling", "calendar", "today"):
        heart.step = f"{place}, again"
        yield go(hand, place)
        yield from _still(0.2)
    memory["after the walk"] = rss()
    heart.stop()


def _still(seconds: float) -> Steps:
    """Let the window come to rest, with time for what follows from timers."""
    until = time.perf_counter() + seconds
    yield lambda: time.perf_counter() > until


def _scroll(hand: Hand, heart: Heart, name: str) -> Steps:
    heart.step = "scrolling the list"
    table = hand.find(name)
    assert isinstance(table, QTableView)
    bar = table.verticalScrollBar()
    for part in (1, 2, 3, 50, 51, 20, 90, 100, 70, 0):
        yield hand.do(partial(_scroll_to, bar, part))
        yield from _still(0.1)


def _scroll_to(bar: QScrollBar, part: int) -> None:
    bar.setValue(bar.maximum() * part // 100)


def _type(hand: Hand, text: str) -> Steps:
    box = hand.find("search_box")
    box.setFocus()
    for letter in text:
        yield hand.do(partial(type_text, box, letter))
        yield from _still(0.15)
    yield hand.quiet
    if text != _TYPED[-1]:
        yield hand.do(lambda: press_key(box, Qt.Key.Key_Escape))


def _tabs(hand: Hand, heart: Heart) -> Steps:
    window = hand.program.window
    assert window is not None
    bar = next(bar for bar in window.findChildren(QTabBar) if bar.isVisible() and bar.count() > 3)
    for index in range(1, bar.count()):
        heart.step = f"tab {bar.tabText(index)}"
        yield hand.do(partial(bar.setCurrentIndex, index))
        yield from _still(0.3)


def main() -> None:
    """Walk, then tell as one line of JSON."""
    houses.set_day()
    makao.harden()
    qt = makao.application(sys.argv)
    folder, alias = Path(sys.argv[1]), sys.argv[2]
    program = Program(folder)
    hand = QuietHand(program, folder, print)
    heart = Heart()
    memory: dict[str, float] = {}
    driver = Driver(hand, walk(hand, heart, alias, memory))
    ended: list[bool] = []
    driver.finished.connect(ended.append)
    driver.finished.connect(lambda _well: qt.exit(0))
    qt.setQuitOnLastWindowClosed(False)
    program.start()
    assert program.window is not None
    program.window.showNormal()
    program.window.resize(1366, 768)
    heart.start()
    driver.start()
    qt.exec()
    if program.desk is not None:
        program.desk.close().result()
    print(json.dumps({"gaps": heart.gaps, "rss": memory, "stuck": driver.trouble}))
    makao.end(0)


if __name__ == "__main__":
    main()
