"""A fresh process: from pressing Unlock to a painted Today, and what deriving the key took of it.

As with a person at the keyboard, everything the program loads while she types has been loaded.
"""

import json
import sys
import time
from pathlib import Path
from statistics import median

from PySide6.QtCore import QTimer

from shelter_app.services import demo
from tests.bench import houses
from ui import app as makao

houses.set_day()
makao.harden()
qt = makao.application(sys.argv)
folder, alias = Path(sys.argv[1]), sys.argv[2]
program = makao.Program(folder)
began: list[float] = []
took: list[float] = []


def look() -> None:
    """Press Unlock when all is loaded; then wait for the page, paint it and leave."""
    window = program.main_window
    if not began:
        loading = program._loading
        if loading is not None and not loading.is_alive() and not program._to_load:
            began.append(time.perf_counter())
            program._sign_in(houses.slot_of(folder, alias), demo.PASSPHRASE)
    elif window is not None and window.isVisible() and window.pages and window.tasks.is_idle():
        window.repaint()
        took.append((time.perf_counter() - began[0]) * 1000)
        timer.stop()
        qt.exit(0)


def derivation() -> float:
    """Return the milliseconds the key derivation alone takes with this slot's cost."""
    from shelter_app.storage import keyring_file, keyring_keys

    slot = keyring_file.load(folder).slot(houses.slot_of(folder, alias))
    assert slot is not None
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        keyring_keys._derived(demo.PASSPHRASE, slot.cost, slot.salt)
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


timer = QTimer()
timer.timeout.connect(look)
program.start()
timer.start(1)
qt.exec()
assert program.desk is not None
program.desk.close().result()
print(json.dumps({"unlock": took[0], "derivation": derivation()}))
