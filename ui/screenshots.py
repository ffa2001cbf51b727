"""`--screenshots DIR`: the README's pictures of the demo house, in both themes and languages."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from shelter_app import clock
from shelter_app.services import demo
from shelter_app.services.desk import Desk, ImmediateExecutor, sign_in
from shelter_app.services.doors import ways_in
from ui import safety_pictures
from ui.kit import theme
from ui.language import speak
from ui.main_window import MainWindow
from ui.sign_in import SignInWindow

_MORNING: Final = time(9, 10)
_SIZE: Final = (1366, 768)
_LOOK_EVERY: Final = 30
_LOOKS: Final = (("light", "en"), ("dark", "en"), ("light", "sw"), ("dark", "sw"))
_PLACES: Final = (
    *("today", "residents", "house", "counselling", "court", "aftercare", "documents"),
    *("backups", "staff", "rights", "audit"),
)


def run(app: QApplication, folder: Path) -> int:
    """Render every picture of a house of its own, on a Monday at ten past nine."""
    folder.mkdir(parents=True, exist_ok=True)
    monday = clock.today() - timedelta(days=clock.today().weekday())
    before = clock.set_source(lambda: datetime.combine(monday, _MORNING))
    try:
        with tempfile.TemporaryDirectory(prefix="pictures-") as scratch:
            house = Path(scratch) / "house"
            _render(app, folder, house, demo.ensure(house))
    finally:
        clock.set_source(before)
    return 0


def _render(app: QApplication, folder: Path, house: Path, made: demo.DemoVault) -> None:
    for scheme, language in _LOOKS:
        speak(language)
        theme.apply(app, "dark" if scheme == "dark" else "light")
        _door(folder, f"{scheme}-{language}", made.aliases)
        for alias, places in _visits(made.aliases).items():
            desk = _signed_in(house, alias, made.passphrase)
            _pages(desk, folder, f"{scheme}-{language}", places)
            desk.close().result()
        if scheme == "light":
            look = f"{scheme}-{language}"
            safety_pictures.take(house, made, partial(_keep_as, folder, look), _wait)
        sys.stdout.write(f"{scheme} {language}: done\n")


def _visits(aliases: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Say who shows which page: each page by somebody whose work it is."""
    counsellor = next((alias for alias in aliases if alias.startswith("G. ")), aliases[0])
    return {
        aliases[1]: ("today",),
        aliases[0]: tuple(p for p in _PLACES if p not in {"counselling", "today"}),
        counsellor: ("counselling",),
    }


def _signed_in(house: Path, alias: str, passphrase: str) -> Desk:
    slot_id = next(way.slot_id for way in ways_in(house) if way.alias == alias)
    return sign_in(house, slot_id, passphrase, ImmediateExecutor()).result()


def _door(folder: Path, look: str, aliases: tuple[str, ...]) -> None:
    window = SignInWindow()
    window.resize(*_SIZE)
    window.card.set_ways([(alias, alias) for alias in sorted(aliases)])
    window.show()
    _wait(lambda: True)
    _keep(window, folder / f"sign-in-{look}.png")
    window.deleteLater()


def _pages(desk: Desk, folder: Path, look: str, places: tuple[str, ...]) -> None:
    window = MainWindow(desk)
    window.resize(*_SIZE)
    window.show()
    for place in places:
        window.go(place)
        _wait(window.tasks.is_idle)
        _keep(window, folder / f"{place}-{look}.png")
    if "residents" in places:
        person_id = _somebody(desk)
        window.go("resident", person_id)
        _wait(window.tasks.is_idle)
        _keep(window, folder / f"resident-{look}.png")
    window.hide()
    window.deleteLater()


def _somebody(desk: Desk) -> int:
    """Return the person with the most to show: first in residence by the list's own order."""
    from shelter_app.services import residents

    ids = desk.ask(residents.resident_ids, residents.ListFilter("in_residence")).result()
    return ids[len(ids) // 2] if ids else 0


def _keep_as(folder: Path, look: str, window: QWidget, name: str) -> None:
    _keep(window, folder / f"{name}-{look}.png")


def _keep(window: QWidget, path: Path) -> None:
    window.grab().save(str(path))


def _wait(ready: Callable[[], bool]) -> None:
    """Let the window get its answers, and one more turn to show them."""
    loop, look = QEventLoop(), QTimer()
    seen: list[bool] = []

    def turn() -> None:
        seen.append(ready())
        if len(seen) > _TURNS and all(seen[-_TURNS:]):
            loop.quit()

    look.setInterval(_LOOK_EVERY)
    look.timeout.connect(turn)
    look.start()
    loop.exec()


_TURNS: Final = 6
