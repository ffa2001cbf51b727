"""Asking for a folder or a file, in a dialog that keeps no memory.

The system's own dialog writes what was chosen into its list of recent files; this one does not.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from shelter_app.i18n import _

_OURS = QFileDialog.Option.DontUseNativeDialog


def choose_folder(asking: QWidget, title: str = "", start: Path | None = None) -> Path | None:
    """Return the folder chosen, None when it was called off."""
    chosen = QFileDialog.getExistingDirectory(
        asking,
        title or _("Folder or stick"),
        str(start or Path.home()),
        _OURS | QFileDialog.Option.ShowDirsOnly,
    )
    return Path(chosen) if chosen else None


def choose_file(asking: QWidget, title: str, kinds: str) -> Path | None:
    """Return the file chosen, None when it was called off; `kinds` as Qt writes filters."""
    chosen, _kind = QFileDialog.getOpenFileName(
        asking, title, str(Path.home()), kinds, options=_OURS
    )
    return Path(chosen) if chosen else None
