"""The end of the process, without taking apart what the system takes back anyway."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Final, NoReturn

_THIS_PROCESS: Final = -1
"""What Windows calls the process that asks."""


def at_once(code: int) -> NoReturn:
    """End this process with a code; whatever else still runs in it stops where it is.

    On Windows `os._exit` still lets each library take itself apart, when all other threads are gone
    already. Qt's do not always survive that, and a good end would count as a crash.
    """
    windows: Any = getattr(ctypes, "windll", None)
    if windows is not None:
        windows.kernel32.TerminateProcess(ctypes.c_void_p(_THIS_PROCESS), code)
    os._exit(code)
