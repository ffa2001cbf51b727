"""Make the guide's pictures small: 256 colours of their own, which screens like ours hardly exceed.

Usage: pictures.py FROM TO. Runs off screen. Dark ones are for the README; the guide names none.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Final

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage

_COLOURS: Final = 256
_EXACT: Final = Qt.ImageConversionFlag.AvoidDither | Qt.ImageConversionFlag.ThresholdDither


def commonest(image: QImage) -> list[int]:
    """Return the colours most of a picture is made of; a screen has few, and their edges."""
    pixels = memoryview(image.constBits()).cast("B").cast("I")
    return [colour for colour, _count in Counter(pixels).most_common(_COLOURS)]


def main(source: Path, target: Path) -> None:
    """Write a small copy of each picture; one that would not be smaller is copied as it is."""
    _app = QGuiApplication([])
    for path in sorted(source.rglob("*-light-*.png")):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
        image = image.convertToFormat(QImage.Format.Format_Indexed8, commonest(image), _EXACT)
        image.save(str(place), "PNG", 0)  # type: ignore[call-overload]
        if place.stat().st_size >= path.stat().st_size:
            place.write_bytes(path.read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
