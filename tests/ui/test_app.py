"""The composition root: which window comes first, which folder, a hardened process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from shelter_app import paths, settings
from tests.fixtures import House
from tests.ui.opened_program import Opened, opened
from ui import app, self_check
from ui.first_run.window import FirstRunWindow
from ui.help_page import text_of
from ui.kit import theme
from ui.navigation import PLACES, place_of_draft
from ui.program import Program
from ui.sign_in import SignInWindow

_ROOT = Path(__file__).resolve().parents[2]


def test_a_folder_with_a_house_opens_on_the_sign_in_window(
    house: House, qtbot: QtBot, qapp: QApplication
) -> None:
    made = opened(house.folder, qtbot, qapp)
    assert isinstance(made.program.window, SignInWindow)
    assert made.program.window.windowTitle() == "Register"
    made.close()


def test_a_folder_without_a_house_opens_on_the_assistant(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    made: Opened = opened(tmp_path / "nothing", qtbot, qapp)
    assert isinstance(made.program.window, FirstRunWindow)
    assert not (tmp_path / "nothing").exists()
    made.close()


def test_the_folder_is_the_named_one_then_the_chosen_one_then_the_usual_one(tmp_path: Path) -> None:
    settings.save(settings.Settings(folder=str(tmp_path / "chosen")))
    named = app.parsed(["--data", str(tmp_path / "named")])
    assert app.folder_of(named) == tmp_path / "named"
    assert app.folder_of(app.parsed([])) == tmp_path / "chosen"
    assert app.folder_of(app.parsed(["--demo"])).parent == paths.data_folder()
    settings.save(settings.Settings())
    assert app.folder_of(app.parsed([])).parent == paths.data_folder()


def test_the_process_ends_after_its_threads_and_is_not_taken_apart(tmp_path: Path) -> None:
    script = (
        "import atexit, sys, time, pathlib, concurrent.futures as f, ui.app as a;"
        "from PySide6.QtWidgets import QApplication, QWidget;"
        "qt = QApplication([]); window = QWidget(); window.show();"
        "kept = pathlib.Path(sys.argv[1]);"
        "atexit.register(lambda: kept.write_text('taken apart'));"
        "thread = f.ThreadPoolExecutor(1);"
        "thread.submit(lambda: (time.sleep(0.3), kept.write_text('sealed')));"
        "print('said'); a.end(3)"
    )
    kept = tmp_path / "kept"
    ran = subprocess.run(
        [sys.executable, "-c", script, str(kept)],
        cwd=_ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, "said\n", "")
    assert kept.read_text() == "sealed"


def test_the_program_writes_no_core_and_its_files_are_private() -> None:
    script = (
        "import os, resource, ui.app as a; a.harden(); a.hardening.close_memory();"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0);"
        "assert os.umask(0) == 0o077;"
        "import ctypes; assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0"
    )
    if sys.platform != "linux":
        pytest.skip("Linux only")
    done = subprocess.run([sys.executable, "-c", script], cwd=_ROOT, check=False)
    assert done.returncode == 0


def test_every_place_has_help_and_every_draft_has_a_place_to_go_on() -> None:
    keys = {place.key for place in PLACES}
    usual = text_of("no such place")
    assert all(text_of(key) != usual or key == "today" for key in keys)
    assert place_of_draft("counselling_note") in keys
    assert place_of_draft("no_such_table") == ""


@pytest.mark.slow
def test_the_self_check_finds_this_build_whole(
    qapp: QApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    hook = sys.excepthook
    theme.apply(qapp, "light")
    try:
        assert self_check.run(qapp) == 0
    finally:
        sys.excepthook = hook
    assert "all is well" in capsys.readouterr().out


def test_the_process_is_replaced_by_the_same_command() -> None:
    script = (
        "import os, sys\n"
        "if os.environ.get('SECOND'): print('second', sys.argv[1]); raise SystemExit\n"
        "os.environ['SECOND'] = '1'\n"
        "from ui.lock import replace_process\n"
        "replace_process()\n"
    )
    file = Path(os.environ["HOME"]) / "again.py"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(file), "--demo"],
        cwd=_ROOT,
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "second --demo"


@pytest.mark.parametrize("there", [True, False])
def test_a_new_version_says_that_its_first_window_stands(
    house: House, qtbot: QtBot, qapp: QApplication, tmp_path: Path, there: bool
) -> None:
    house.close()
    program = Program(house.folder if there else tmp_path / "nothing")
    program.tell_started = tmp_path / "started"
    theme.apply(qapp, "light")
    program.start()
    qtbot.waitUntil(program.tell_started.exists)
    assert program.window is not None
    program.window.hide()
    program.window.deleteLater()


def test_a_version_that_was_taken_back_says_why(
    house: House, qtbot: QtBot, qapp: QApplication
) -> None:
    house.close()
    program = Program(house.folder)
    program.taken_back = True
    theme.apply(qapp, "light")
    program.start()
    window = program.window
    assert isinstance(window, SignInWindow)
    note = window.card.note_label
    qtbot.waitUntil(lambda: "went back to the " in note.text())
    window.card.language_button.click()
    qtbot.waitUntil(lambda: window.card.note_label is not note)
    said = window.card.note_label.text()
    assert said
    assert "went back" not in said
    window.hide()
    window.deleteLater()


def test_whoever_asks_the_program_what_it_is_is_told_nothing_of_the_house(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        app.parsed(["--help"])
    said = capsys.readouterr().out.lower()
    assert "usage: daily-register" in said
    for telling in ("makao", "safehouse", "shelter", "house", "resident", "survivor"):
        assert telling not in said
