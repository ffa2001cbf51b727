"""The first start on a machine nobody prepared: what it refuses, what it warns of, that it fits.

A second start is in test_only_one, another account at the screen in test_hardening, a full disk in
tests/storage/test_disk_full, a read-only medium in tests/faults; what memory the open program needs
is measured by tests/bench.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from shelter_app.services import doors, folders
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
