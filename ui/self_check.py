"""`--self-check`: tries every part of this build without a screen and says by its exit code."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QFontDatabase, QImageReader
from PySide6.QtWidgets import QApplication, QWidget

from shelter_app import i18n
from shelter_app.domain import catalogue, codelists
from shelter_app.domain.fields import fields_of
from shelter_app.services import self_check, self_check_backup, self_check_papers
from shelter_app.services.desk import Desk
from shelter_app.services.self_check import CheckFailed
from ui.crash import place_of
from ui.kit import icons, theme
from ui.main_window import MainWindow

_LOOK_EVERY: Final = 20
_FAMILIES: Final = ("Inter", "Noto Sans Ethiopic", "Noto Sans Arabic")
_DOCUMENTS: Final = ("typst", "docx")
_PICTURES: Final = ("jpeg", "png", "tiff", "webp", "bmp")


def run(app: QApplication) -> int:
    """Try everything; 0 when all is well, else 1 with the name of what is not."""
    try:
        with tempfile.TemporaryDirectory(prefix="check-") as folder:
            for check in (_languages, _lists, _icons, _fonts, _libraries, _pictures):
                check()
                _say(check.__name__.strip("_"))
            _house(app, Path(folder) / "house")
    except CheckFailed as error:
        _say(f"failed: {error}")
        return 1
    except Exception as error:  # noqa: BLE001 - whatever it is, a check has to say where
        _say(f"failed: {type(error).__name__} {error} at {place_of(error.__traceback__)}")
        return 1
    _say("all is well")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"self-check: {line}\n")
    sys.stdout.flush()


def _need(condition: object, part: str) -> None:
    if not condition:
        raise CheckFailed(part)


def _languages() -> None:
    for code, _name in i18n.LANGUAGES:
        i18n.set_language(code)
        _need(i18n.language() == code, f"language {code}")
    _need(i18n._("Today") != "Today", "the Swahili catalogue")
    i18n.set_language("en")


def _lists() -> None:
    for kind in catalogue.RECORD_TYPES:
        for field in fields_of(kind):
            if field.codes:
                _need(codelists.offered(field.codes), f"code list {field.codes}")


def _icons() -> None:
    for name in icons.names():
        _need(not icons.icon(name).pixmap(16, 16).isNull(), f"icon {name}")


def _fonts() -> None:
    theme.load_fallback_fonts()
    loaded = QFontDatabase.families()
    for family in _FAMILIES:
        _need(family in loaded, f"font {family}")


def _libraries() -> None:
    for name in _DOCUMENTS:
        import_module(name)


def _pictures() -> None:
    there = {bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()}
    _need(there >= set(_PICTURES), f"pictures of the kinds {sorted(set(_PICTURES) - there)}")


def _house(app: QApplication, folder: Path) -> None:
    founded, desk = self_check.found_and_sign_in(folder)
    _say("house made, all migrations run")
    papers = desk.ask(self_check_papers.every_paper, founded.sheets[0]).result()
    _say(f"{papers} papers made")
    kinds = desk.do(self_check.every_record_type).result().value
    _say(f"{kinds} record types saved and read")
    rows = self_check_backup.round_trip(desk, folder.with_name("stick"))
    _say(f"backup verified and restored, {rows} entries checked")
    _windows(desk)
    desk.close().result()
    again = self_check.sign_in_again(folder)
    again.close().result()
    _say("closed, sealed and opened again")
    app.closeAllWindows()


def _windows(desk: Desk) -> None:
    bugs: list[str] = []
    sys.excepthook = lambda kind, _error, trace: bugs.append(f"{kind.__name__} {place_of(trace)}")
    window = MainWindow(desk)
    window.resize(1366, 768)
    window.show()
    _painted_as_designed(window)
    visit: Callable[[str], object] = window.go
    for key, place in window.places.items():
        if place.section is not None:
            visit(key)
            _come_to_rest(window)
            _need(not bugs, f"page {key}: {bugs}")
            _need(window.message_bar.isHidden(), f"page {key}")
            _need(not window.grab().isNull(), f"page {key}")
    _say(f"main window with {len(window.pages)} pages")
    window.hide()
    window.deleteLater()
    sys.excepthook = sys.__excepthook__


def _painted_as_designed(window: MainWindow) -> None:
    """See that the style sheet was read to its end, also from a folder with spaces in its name."""
    side = window.findChild(QWidget, "SideBar")
    assert side is not None
    shown = side.grab().toImage().pixelColor(2, side.height() // 2)
    _need(shown == theme.color("side"), "style sheet")


def _come_to_rest(window: MainWindow) -> None:
    """Let the page get its answers."""
    loop, look = QEventLoop(), QTimer()
    look.setInterval(_LOOK_EVERY)
    look.timeout.connect(lambda: loop.quit() if window.tasks.is_idle() else None)
    look.start()
    loop.exec()
