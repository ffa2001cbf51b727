"""A fresh process: from pressing Unlock to a painted Today, and what deriving the key took of it.

As with a person at the keyboard, Unlock is pressed some seconds after the window stands: she has
chosen her name and typed four words. What the program loads and reads ahead meanwhile is there.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QTimer

from shelter_app.services import demo
from shelter_app.storage import keyring_keys
from tests.bench import houses
from ui import app as makao
from ui.program import Program

TYPING = 4.0
"""Seconds; the quickest typist needs more for a name and a phrase of twenty letters."""
LONGEST = 120_000
"""Milliseconds after which a page that will not come is given up."""

houses.set_day()
makao.harden()
qt = makao.application(sys.argv)
folder, alias = Path(sys.argv[1]), sys.argv[2]
slot_id = houses.slot_of(folder, alias)
program = Program(folder)
stood: list[float] = []
began: list[float] = []
took: list[float] = []
turns: list[int] = []
derivations: list[float] = []


def look() -> None:
    """Press Unlock when she has typed; then wait for the page, let it settle and paint it."""
    window = program.main_window
    if not began:
        if not stood and program.preloading.begun:
            stood.append(time.perf_counter())
        if stood and program.preloading.ended and time.perf_counter() - stood[0] > TYPING:
            keyring_keys._derived = timed(keyring_keys._derived)
            began.append(time.perf_counter())
            program._sign_in(slot_id, demo.PASSPHRASE)
    elif window is not None and getattr(window.pages.get("today"), "_shown", None) is not None:
        turns.append(1)
        if len(turns) < 2:
            return
        window.repaint()
        took.append((time.perf_counter() - began[0]) * 1000)
        timer.stop()
        QTimer.singleShot(0, leave)


def leave() -> None:
    """Leave when every answer has come home."""
    assert program.main_window is not None
    if program.main_window.tasks.is_idle():
        qt.exit(0)
    else:
        QTimer.singleShot(5, leave)


def timed(derived: Callable[..., bytes]) -> Callable[..., bytes]:
    """Return the key derivation, noting how long each took: the first one also fetches memory."""

    def taking_time(*given: Any) -> bytes:
        start = time.perf_counter()
        try:
            return derived(*given)
        finally:
            derivations.append((time.perf_counter() - start) * 1000)

    return taking_time


def checks() -> dict[str, float]:
    """Return what signing in takes with nothing read ahead, and the key's part of it."""
    from shelter_app.services.desk import ImmediateExecutor, sign_in
    from shelter_app.storage import file_sums

    derivations.clear()
    taken = []
    for _ in range(3):
        file_sums._kept.sums.clear()
        start = time.perf_counter()
        desk = sign_in(folder, slot_id, demo.PASSPHRASE, ImmediateExecutor()).result()
        taken.append((time.perf_counter() - start) * 1000)
        desk.close().result()
    return {"sign_in": median(taken), "its_derivation": median(derivations)}


timer = QTimer()
timer.timeout.connect(look)
program.start()
timer.start(1)
QTimer.singleShot(LONGEST, lambda: qt.exit(1))
qt.exec()
assert program.desk is not None
program.desk.close().result()
first = derivations[0]
told = {"unlock": took[0], "derivation": first, **checks()}
print(json.dumps(told))
makao.end(0)
