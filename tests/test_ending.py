"""The end of the process: at once, with its code, and with nothing taken apart before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_CHILD = """
import atexit, sys, threading, time
from shelter_app import ending

class Kept:
    def __del__(self):
        print("taken apart", flush=True)

kept = Kept()
atexit.register(print, "asked again", flush=True)
threading.Thread(target=time.sleep, args=(60,)).start()
ending.at_once(7)
"""


def test_a_process_ends_at_once_with_its_code_whatever_runs_in_it() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (7, "", "")
