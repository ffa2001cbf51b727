"""Draw the choosable icons in every size: PNG for the Linux menu, ICO for Windows.

Beside them goes `side.bmp`, the picture at the side of the first and the last page of setup.exe.

Usage: icons.py FOLDER. Runs off screen; the pictures are drawn from resources/icons/*.svg.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import Final

from layout import ROOT

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES: Final = (16, 24, 32, 48, 64, 128, 256)
_WHOLE_BYTE: Final = 256
_SIDE: Final = QRect(0, 0, 164, 314)
"""What the installer shows without stretching it."""
_ON_SIDE: Final = QRectF(34, 44, 96, 96)
_GROUND: Final = "#dfe9ec"


def drawn(source: Path, size: int) -> bytes:
    """Return one icon as PNG."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(held.data())


def side(source: Path) -> QImage:
    """Return the picture at the side of the installer's pages: the usual icon on a quiet ground."""
    image = QImage(_SIDE.size(), QImage.Format.Format_RGB888)
    image.fill(QColor(_GROUND))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(source)).render(painter, _ON_SIDE)
    painter.end()
    return image


def bundled(pictures: dict[int, bytes]) -> bytes:
    """Return pictures of several sizes as one .ico file."""
    place = 6 + 16 * len(pictures)
    head, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for size, picture in pictures.items():
        shown = size % _WHOLE_BYTE
        head += struct.pack("<BBBBHHII", shown, shown, 0, 0, 1, 32, len(picture), place + len(body))
        body += picture
    return head + body


def main(folder: Path) -> None:
    """Write every icon in every form."""
    _app = QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted((ROOT / "resources" / "icons").glob("*.svg")):
        pictures = {size: drawn(source, size) for size in SIZES}
        (folder / f"{source.stem}.ico").write_bytes(bundled(pictures))
        for size, picture in pictures.items():
            (folder / f"{source.stem}-{size}.png").write_bytes(picture)
    side(ROOT / "resources" / "icons" / "register.svg").save(str(folder / "side.bmp"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
