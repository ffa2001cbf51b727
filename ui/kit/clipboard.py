"""The clipboard: what is copied is marked as secret and gone after twenty seconds."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

CLEARED_AFTER: Final = 20_000
"""Milliseconds, as password keepers do it."""
_MARKS: Final = {
    "x-kde-passwordManagerHint": b"secret",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\0\0\0\0",
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': b"\0\0\0\0",
}
"""What clipboard histories look for before they keep something."""
_MARK: Final = "x-kde-passwordManagerHint"


class ClipboardKeeper(QObject):
    """Watches what this program puts on the clipboard, by whatever key or button."""

    def __init__(self, parent: QObject | None = None, wait: int = CLEARED_AFTER) -> None:
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(wait)
        self._timer.timeout.connect(self.clear)
        self._clipboard.dataChanged.connect(self._changed)

    def clear(self) -> None:
        """Empty the clipboard and the selection if what is there is ours."""
        self._timer.stop()
        if self._is_ours():
            self._clipboard.clear()
        if self._clipboard.supportsSelection() and self._clipboard.ownsSelection():
            self._clipboard.clear(QClipboard.Mode.Selection)

    def _is_ours(self) -> bool:
        return self._clipboard.ownsClipboard()

    def _changed(self) -> None:
        """Mark what was copied here as secret, and begin to count."""
        if not self._is_ours():
            self._timer.stop()
            return
        held = self._clipboard.mimeData()
        if held is None or not held.formats():
            return
        self._timer.start()
        if not held.hasFormat(_MARK):
            self._clipboard.setMimeData(marked(held))


def marked(held: QMimeData) -> QMimeData:
    """Return a copy of what is held that clipboard histories leave alone."""
    made = QMimeData()
    for name in held.formats():
        made.setData(name, held.data(name))
    for name, value in _MARKS.items():
        made.setData(name, value)
    return made
