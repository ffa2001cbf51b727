"""The first start on a machine nobody prepared: what it refuses, what it warns of, that it fits.

A second start is in test_only_one, another account at the screen in test_hardening, a full disk in
tests/storage/test_disk_full, read-only media in tests/faults; what memory a day's walk takes at
10,000 people is measured by tests/bench.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from shelter_app.services import demo, doors, folders
from shelter_app.services.recovery_sheets import Sheet
from tests.fixtures import House
from tests.ui.opened_program import opened
from ui.first_run.steps import FolderStep
from ui.first_run.window import FirstRunWindow
from ui.kit import theme
from ui.sheet_paper import SheetPaper

_ROOT = Path(__file__).resolve().parents[2]
_AT_200_PERCENT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from ui.app import application
from ui.first_run.window import FirstRunWindow
from ui.sign_in import SignInWindow
app = application(["register"])
for window in (SignInWindow(), FirstRunWindow(Path(sys.argv[1]))):
    window.resize(1280, 680)
    window.show()
    app.processEvents()
    shown = window.grab()
    least = window.minimumSizeHint()
    print(window.devicePixelRatio(), shown.width(), window.width(), least.width(), least.height())
"""
_NOT_MIGHTY = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
"""Takes from root what lets it write everywhere, so that a tester who is root sees it too."""
_SAID_FIRST = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from ui.app import application
from ui.program import Program
app = application(["register"])
program = Program(Path(sys.argv[1]))
program.start()
def look():
    said = program.window.card.problem_label.text()
    if said:
        print(said, flush=True)
        app.quit()
watch = QTimer()
watch.timeout.connect(look)
watch.start(50)
QTimer.singleShot(30_000, app.quit)
app.exec()
"""
_A_TENTH_OF_4_GB = 400
_PEOPLE = 60
_ROOM = (1280, 680)
"""What a screen of 2560 x 1440 leaves at 200 %, without a taskbar."""


def test_records_on_a_network_drive_are_refused_with_the_reason(
    house: House, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "file_system", lambda _folder: "cifs")
    made = opened(house.folder, qtbot, qapp)
    said = made.card.problem_label
    qtbot.waitUntil(lambda: "another computer in the network" in said.text())
    assert made.card.name_box.count() == 0
    made.close()


def test_a_folder_nobody_may_write_into_is_said_before_anybody_types(
    house: House, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "may_write", lambda _folder: False)
    made = opened(house.folder, qtbot, qapp)
    said = made.card.problem_label
    qtbot.waitUntil(lambda: "write into its folder" in said.text())
    made.close()


@pytest.fixture
def records_of_another_account(house: House) -> Iterator[Path]:
    """A house whose files may be read but not written, beside a home that may be written."""
    if sys.platform == "win32":
        pytest.skip("access rights work differently here")
    place = Path(tempfile.mkdtemp(prefix="makao-read-only-"))
    place.chmod(0o755)
    folder = place / "records"
    shutil.copytree(house.folder, folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    (place / "home").mkdir()
    (place / "home").chmod(0o777)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(place)


def test_a_really_read_only_folder_is_said_in_plain_words_and_left_alone(
    records_of_another_account: Path,
) -> None:
    folder = records_of_another_account
    before = {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}
    ran = subprocess.run(
        [
            *(_NOT_MIGHTY if os.geteuid() == 0 else ()),
            *(sys.executable, "-c", _SAID_FIRST, str(folder)),
        ],
        cwd=_ROOT,
        env=os.environ
        | {
            "HOME": str(folder.parent / "home"),
            "XDG_RUNTIME_DIR": str(folder.parent / "home"),
            "QT_QPA_PLATFORM": "offscreen",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert "does not let the program write into its folder" in ran.stdout
    assert {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))} == before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux counts of a process")
def test_the_main_job_leaves_a_computer_of_4_gb_nine_tenths_of_its_memory(tmp_path: Path) -> None:
    demo.ensure(tmp_path / "house", people=_PEOPLE)
    arguments = ["--demo", "--people", str(_PEOPLE), "--data", str(tmp_path / "house")]
    running = subprocess.Popen(
        [sys.executable, "main.py", *arguments, "--drive", str(tmp_path / "pictures")],
        cwd=_ROOT,
        env=os.environ | {"HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    most = 0
    while running.poll() is None:
        status = Path(f"/proc/{running.pid}/status").read_text("ascii")
        counted = re.search(r"VmHWM:\s+(\d+)", status)
        most = max(most, int(counted[1]) if counted else 0)
        with suppress(subprocess.TimeoutExpired):
            running.wait(0.2)
    assert running.returncode == 0
    assert 0 < most / 1024 <= _A_TENTH_OF_4_GB


@pytest.mark.parametrize(
    ("folder", "kind", "warning"),
    [
        ("/data/amina/Dropbox/records", "ext4", folders.CLOUD),
        ("/data/amina/OneDrive - Nyumba/records", "ext4", folders.CLOUD),
        ("/stick/STICK/records", "vfat", folders.FAT),
        ("/stick/STICK/records", "exfat", folders.FAT),
        ("/data/amina/records", "ext4", ""),
    ],
)
def test_the_assistant_warns_of_folders_that_travel(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
    kind: str,
    warning: str,
) -> None:
    monkeypatch.setattr(folders, "file_system", lambda _folder: kind)
    window = FirstRunWindow(tmp_path / "house")
    qtbot.addWidget(window)
    step = next(part for part in window.findChildren(FolderStep))
    step.path_edit.setText(folder)
    assert step.warning_label.text() == warning
    assert step.warning_label.isHidden() == (not warning)


def test_the_assistant_makes_no_house_on_a_network_drive(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "file_system", lambda _folder: "nfs4")
    window = FirstRunWindow(tmp_path / "house")
    qtbot.addWidget(window)
    assert not next(iter(window.findChildren(FolderStep))).accept()


def test_without_a_printer_the_sheet_says_what_to_do_instead(
    house: House, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtPrintSupport import QPrinterInfo

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    paper = SheetPaper(Sheet("R", house.sheets[0]), "Test")
    qtbot.addWidget(paper)
    page = paper.pages[0]
    page.print_button.click()
    assert "no printer" in page.said_label.text()


def test_at_200_percent_the_first_windows_are_drawn_finely_and_fit(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _AT_200_PERCENT, str(tmp_path / "house")],
        cwd=_ROOT,
        env=os.environ | {"QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    for line in ran.stdout.splitlines():
        ratio, drawn, shown, width, height = (float(part) for part in line.split())
        assert ratio == 2
        assert drawn == 2 * shown
        assert width <= _ROOM[0]
        assert height <= _ROOM[1]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_main_window_fits_a_screen_of_1366_by_768(
    house: House, qtbot: QtBot, qapp: QApplication, scale: float
) -> None:
    made = opened(house.folder, qtbot, qapp)
    theme.apply(qapp, "light", scale)
    try:
        window = made.signed_in("Manager")
        least = window.minimumSizeHint()
        assert least.width() <= 1366
        assert least.height() <= 768
        made.close()
    finally:
        theme.apply(qapp, "light")
