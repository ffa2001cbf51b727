"""A process of its own that does the main job, so that a test can look at what it left behind."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QLoggingCategory

from tests.fixtures import ALIASES, PHRASE
from ui import app as makao
from ui import crash
from ui.driver import Driver, Hand
from ui.main_job import Cast, main_job
from ui.program import Program


def main(house: Path, papers: Path) -> int:
    """Do the main job in a house and say by the exit code whether it went to its end."""
    makao.harden()
    program_app = makao.application(["register"])
    QLoggingCategory.setFilterRules("default.warning=false")
    program = Program(house)
    program.begin_again = program.sign_in_anew
    crash.install(program.tell_of_bug)
    cast = Cast(
        manager=ALIASES["manager"],
        social_worker=ALIASES["social_worker"],
        counsellor=ALIASES["counsellor"],
        legal_officer=ALIASES["legal_officer"],
        phrase=PHRASE,
    )
    hand = Hand(program, papers, lambda _line: None)
    driver = Driver(hand, main_job(hand, cast))
    outcome: list[bool] = []
    driver.finished.connect(outcome.append)
    driver.finished.connect(lambda _well: program_app.exit(0))
    program_app.setQuitOnLastWindowClosed(False)
    program.start()
    driver.start()
    program_app.exec()
    if program.desk is not None:
        program.desk.close().result()
    if outcome != [True]:
        sys.stderr.write(f"{driver.trouble}\n")
    return 0 if outcome == [True] else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
