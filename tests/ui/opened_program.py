"""A running program for tests: real windows on a real vault, without replacing the process."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fixtures import PHRASE
from ui.kit import theme
from ui.main_window import MainWindow
from ui.program import Program
from ui.sign_in import SignInCard, SignInWindow
from ui.sweeper import Sweeper

LONG = 20_000


@dataclass
class Opened:
    """One program and how often it began again after a lock."""

    program: Program
    qtbot: QtBot
    locks: list[str] = field(default_factory=list)
    sweeper: Sweeper = field(default_factory=Sweeper)

    @property
    def card(self) -> SignInCard:
        assert isinstance(self.program.window, SignInWindow)
        return self.program.window.card

    @property
    def window(self) -> MainWindow:
        assert self.program.main_window is not None
        return self.program.main_window

    def wait_for_names(self) -> None:
        self.qtbot.waitUntil(lambda: self.card.name_box.count() > 0, timeout=LONG)

    def sign_in(self, alias: str = "Social Worker", phrase: str = PHRASE) -> None:
        self.wait_for_names()
        self.card.name_box.setCurrentText(alias)
        self.card.phrase_edit.line_edit.setText(phrase)
        self.card.unlock_button.click()

    def signed_in(self, alias: str = "Social Worker") -> MainWindow:
        self.sign_in(alias)
        self.qtbot.waitUntil(lambda: self.program.main_window is not None, timeout=LONG)
        self.settle()
        return self.window

    def settle(self) -> None:
        window = self.window
        self.qtbot.waitUntil(lambda: window.has_stood and window.tasks.is_idle(), timeout=LONG)

    def wait_for_lock(self) -> None:
        self.qtbot.waitUntil(lambda: bool(self.locks), timeout=LONG)

    def close(self) -> None:
        program = self.program
        if program.desk is not None and not program.desk.closed:
            program.desk.close().result()
        for window in (program.window, program.main_window):
            if window is not None:
                window.hide()
                window.deleteLater()
        program.window = program.main_window = None
        self.sweeper.stop()


def opened(folder: Path, qtbot: QtBot, app: QApplication) -> Opened:
    """Start a program on a folder; whoever asks for it closes it."""
    theme.apply(app, "light")
    program = Program(folder)
    made = Opened(program, qtbot)
    program.begin_again = lambda: made.locks.append("locked")
    program.start()
    return made
