"""What is loaded ahead: on a thread nothing of Qt, in the window's thread what a page needs."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

from ui import preloading

_QT = ("PySide6", "shiboken6", "qtpy")
_LOADS = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
print(*sorted({module.partition(".")[0] for module in sys.modules}))
"""


def test_what_is_loaded_on_a_thread_imports_nothing_of_qt() -> None:
    """On a thread its classes would be made while a window is painted, and nobody waits there."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADS, *preloading._LIBRARIES],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    loaded = done.stdout.split()
    assert "sqlcipher3" in loaded
    assert not set(_QT) & set(loaded)


def test_whatever_is_loaded_ahead_is_there() -> None:
    for name in (*preloading._LIBRARIES, *preloading._WINDOWS):
        assert import_module(name)
