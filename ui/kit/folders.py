"""Asking for a folder or a file, in a dialog that keeps no memory.

The system's own dialog writes what was chosen into its list of recent files; Qt's own writes it
into settings that all Qt programs of the account share, on Windows into the registry.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import Shiboken

from shelter_app.i18n import _

_SHARED: Final = "QtProject"
_DIALOGS: Final = "FileDialog"


def choose_folder(asking: QWidget, title: str = "", start: Path | None = None) -> Path | None:
    """Return the folder chosen, None when it was called off."""
    dialog = QFileDialog(asking, title or _("Folder or stick"), str(start or Path.home()))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _chosen(dialog)


def choose_file(asking: QWidget, title: str, kinds: str) -> Path | None:
    """Return the file chosen, None when it was called off; `kinds` as Qt writes filters."""
    dialog = QFileDialog(asking, title, str(Path.home()), kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _chosen(dialog)


def choose_new_file(asking: QWidget, title: str, name: str) -> Path | None:
    """Return where a new file shall be written, None when it was called off."""
    dialog = QFileDialog(asking, title, str(Path.home()))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix)
    dialog.selectFile(name)
    return _chosen(dialog)


def named(path: Path) -> str:
    """Return a file's name and its folder's, so that whoever saved it finds it again."""
    folder = path.parent.name or str(path.parent)
    return _("{file} in the folder “{folder}”").format(file=path.name, folder=folder)


def _chosen(dialog: QFileDialog) -> Path | None:
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    with _unremembered(dialog):
        agreed = dialog.exec()
        files = dialog.selectedFiles()
    return Path(files[0]) if agreed and files else None


@contextmanager
def _unremembered(dialog: QFileDialog) -> Iterator[None]:
    """End the dialog at once and take back what it writes at its end.

    What it writes meanwhile names the root only: a power cut right then leaves no folder of ours.
    """
    before = _remembered()
    try:
        yield
    finally:
        if Shiboken.isValid(dialog):  # its window may have been locked away meanwhile
            dialog.setDirectory(Path.home().anchor)
            dialog.setHistory([])
            Shiboken.delete(dialog)
        _put_back(before)


def _remembered() -> dict[str, object]:
    shared = QSettings(QSettings.Scope.UserScope, _SHARED)
    shared.beginGroup(_DIALOGS)
    return {key: shared.value(key) for key in shared.allKeys()}


def _put_back(before: dict[str, object]) -> None:
    shared = QSettings(QSettings.Scope.UserScope, _SHARED)
    shared.remove(_DIALOGS)
    for key, value in before.items():
        shared.setValue(f"{_DIALOGS}/{key}", value)
    shared.sync()
    if sys.platform == "win32" and not shared.allKeys():
        software = QSettings(r"HKEY_CURRENT_USER\Software", QSettings.Format.NativeFormat)
        software.remove(_SHARED)
