"""What screen, clipboard and the computer are asked to do for us."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt  # noqa: TID251 - to see that it keeps nothing
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from shelter_app import hardening
from ui import hardening as screen
from ui.kit.clipboard import ClipboardKeeper

_HARDENED = """
import os, sys, resource
from shelter_app import hardening
hardening.at_start()
hardening.close_memory()
import ctypes, faulthandler
print(resource.getrlimit(resource.RLIMIT_CORE))
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
print(oct(os.umask(0o077)))
print(open('/proc/self/comm').read().strip())
print([n for n in os.environ if n.startswith(('PYTHON', 'QT_PLUGIN', 'QT_QPA_PLATFORMTHEME'))])
print([(m.key, m.state) for m in hardening.measures(__import__('pathlib').Path('.'))])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own calls")
def test_the_process_writes_no_core_and_lets_nobody_look_into_it() -> None:
    told = os.environ | {"PYTHONINSPECT": "", "QT_PLUGIN_PATH": "/x", "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", _HARDENED]
    said = subprocess.run(command, env=told, capture_output=True, text=True, check=True).stdout
    core, dumpable, mask, name, left, measures = said.splitlines()
    assert core == "(0, 0)"
    assert dumpable == "0"
    assert mask == "0o77"
    assert name == "register"
    assert left == "[]"
    assert "('memory_closed', 'on')" in measures


def test_swap_counts_as_safe_only_in_memory_or_encrypted(tmp_path: Path) -> None:
    head = "Filename Type Size Used Priority\n"
    swaps = tmp_path / "swaps"
    swaps.write_text(head)
    assert hardening.swap_protected(swaps) == hardening.ON
    swaps.write_text(head + "/dev/zram0 partition 1 0 5\n")
    assert hardening.swap_protected(swaps) == hardening.ON
    swaps.write_text(head + "/swapfile file 1 0 -2\n")
    assert hardening.swap_protected(swaps) == hardening.OFF
    assert hardening.swap_protected(tmp_path / "none") == hardening.UNKNOWN


class OwnedKeeper(ClipboardKeeper):
    """Off screen nobody tells whose the clipboard is."""

    def _is_ours(self) -> bool:
        return True


def test_what_is_copied_is_marked_as_secret_and_soon_gone(qtbot: QtBot) -> None:
    keeper = OwnedKeeper(wait=300)
    edit = QLineEdit("R-0207")
    qtbot.addWidget(edit)
    edit.selectAll()
    edit.copy()
    clipboard = QGuiApplication.clipboard()
    held = clipboard.mimeData()
    assert held is not None
    assert held.text() == "R-0207"
    assert held.hasFormat("x-kde-passwordManagerHint")
    qtbot.waitUntil(lambda: clipboard.text() == "")
    keeper.deleteLater()


def test_file_dialogs_leave_no_list_of_places(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = QApplication.testAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    screen.keep_no_traces(app)
    assert QApplication.testAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    kept.setValue("FileDialog/history", ["/media/stick"])
    kept.sync()
    assert not Path(kept.fileName()).exists()
    app.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, before)


_ASKS_FOR_A_FOLDER = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from ui.kit import folders
app, window, chosen = QApplication([]), QWidget(), Path(sys.argv[2])
for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
    QSettings.setPath(kind, QSettings.Scope.UserScope, sys.argv[1])
shared = QSettings(QSettings.Scope.UserScope, "QtProject")
shared.setValue("FileDialog/history", ["file:///somebody/elses"])
shared.sync()
def answer(path):
    dialog = app.activeModalWidget()
    if path.suffix:
        dialog.selectFile(str(path))
    dialog.accept()
page = chosen / "page.pdf"
for asked, expected in (
    (lambda: folders.choose_folder(window, start=chosen), chosen),
    (lambda: folders.choose_new_file(window, "Save", "page.pdf"), page),
):
    QTimer.singleShot(50, lambda path=expected: answer(path))
    assert asked() == expected
"""


def test_a_file_dialog_leaves_the_shared_settings_as_they_were(tmp_path: Path) -> None:
    """On Windows these settings are the registry, and cannot be sent elsewhere."""
    chosen = tmp_path / "safehouse-stick"
    chosen.mkdir()
    told = [sys.executable, "-c", _ASKS_FOR_A_FOLDER, str(tmp_path / "settings"), str(chosen)]
    subprocess.run(told, check=True, timeout=60)
    written = "".join(file.read_text() for file in (tmp_path / "settings").iterdir())
    assert "safehouse" not in written
    assert "somebody/elses" in written
    assert "lastVisited" not in written


def test_sleep_a_locked_screen_and_another_person_lock_the_program(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    watch = screen.SystemWatch(window)
    with qtbot.waitSignal(watch.away):
        watch.slept(True)
    with qtbot.waitSignal(watch.away):
        watch.locked()
    with qtbot.assertNotEmitted(watch.away):
        watch.slept(False)
    watch.stop()


_ON_A_BUS = """
import subprocess, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from ui import hardening
app, said = QApplication([]), QTimer()
hardening._AFTER_FIRST_PAGE = 1
window = QWidget()
watch = hardening.SystemWatch(window)
watch.away.connect(lambda: app.exit(0))
name = "org.freedesktop.ScreenSaver"
send = ["dbus-send", "--session", "--type=signal", "/" + name.replace(".", "/")]
said.timeout.connect(lambda: subprocess.run([*send, name + ".ActiveChanged", "boolean:true"]))
said.start(200)
QTimer.singleShot(20_000, lambda: app.exit(1))
sys.exit(app.exec())
"""


@pytest.mark.skipif(not shutil.which("dbus-run-session"), reason="no bus on this machine")
def test_a_desktop_that_says_its_screen_is_locked_is_heard() -> None:
    told = os.environ | {"PYTHONPATH": str(Path.cwd())}
    command = ["dbus-run-session", "--", sys.executable, "-c", _ON_A_BUS]
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("message", "what", "away"),
    [(0x0218, 4, True), (0x0218, 7, False), (0x02B1, 7, True), (0x02B1, 8, False), (1, 7, False)],
)
def test_windows_says_when_the_worker_is_gone(message: int, what: int, away: bool) -> None:
    assert screen.said_away(message, what) is away
