"""Tells when the first window is painted, and leaves: for measuring the built program only."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from ui import app as makao
from ui.program import Program

FOLDER: Final = "REGISTER_FIRST_PAINT"
"""The variable that asks for it and names the folder of records to be opened."""


class Measured(Program):
    """The program, stopped when its first window stands."""

    def _behind_the_first_window(self) -> None:
        sys.stdout.write(f"{time.perf_counter()}\n")
        sys.stdout.flush()
        QApplication.exit(0)


def main(argv: Sequence[str], folder: str) -> int:
    """Start as people do and say the moment of the first painted window."""
    makao.harden()
    makao.parsed(())
    qt = makao.application(argv)
    program = Measured(Path(folder))
    program.start()
    return qt.exec()
