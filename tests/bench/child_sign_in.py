"""A fresh process: the program as main.py starts it, until its sign-in window is painted."""

import sys
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ui import app as makao
from ui.program import Program


class Measured(Program):
    """The program, stopped when its first window stands."""

    def _behind_the_first_window(self) -> None:
        print(time.perf_counter(), flush=True)
        QApplication.exit(0)


makao.harden()
makao.parsed(())
qt = makao.application(sys.argv)
program = Measured(Path(sys.argv[1]))
program.start()
makao.end(qt.exec())
